"""Predictions for given Wilson coefficients."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fitlq.likelihood import Likelihood
from fitlq.measurements import load_measurements
from fitlq.predicting import predict
from fitlq_theory.errors import InputError
from fitlq_theory.models import wet_model

RATIOS = ["R(D)", "R(D*)"]


def test_shapes_and_standard_model() -> None:
    standard_model = predict(RATIOS)
    assert standard_model.shape == (1, 2)
    values, errors = predict(RATIOS, wilson={"CVL_bctaunutau": [0.0, 0.1, 0.1j]}, errors=True)
    assert values.shape == errors.shape == (3, 2)
    np.testing.assert_allclose(values[0], standard_model[0], rtol=1e-12)
    assert np.all(errors > 0)
    assert np.all(values[1] > values[2])
    assert np.all(values[2] > values[0])


def test_scalars_are_broadcast_and_agree_with_a_model() -> None:
    points = np.array([-0.2, 0.3])
    values = predict(RATIOS, wilson={"CVL_bctaunutau": points, "CSL_bctaunutau": 0.1})
    like = Likelihood(wet_model(["CVL_bctaunutau", "CSL_bctaunutau"]), load_measurements(as_of="2025-06"), observables=RATIOS)
    assert [name for name, _ in like.observables] == ["Rtaul(B->Dlnu)", "Rtaul(B->D*lnu)"]
    np.testing.assert_allclose(values, like.predict(np.stack([points, [0.1, 0.1]], axis=1)), rtol=1e-9)


def test_values_beyond_the_default_range() -> None:
    inside = predict(["R(D)"], wilson={"CVL_bctaunutau": [-0.5, 0.5, 2.0]})[:, 0]
    beyond = predict(["R(D)"], wilson={"CVL_bctaunutau": [-0.5, 0.5, 50.0]})[:, 0]
    np.testing.assert_allclose(inside[:2], beyond[:2], rtol=1e-6)  # negligible parts are dropped below 1e-6
    x = np.array([-0.5, 0.5, 2.0])
    parabola = np.polyfit(x, inside, 2)  # a rate is quadratic in the coefficient
    assert beyond[2] == pytest.approx(np.polyval(parabola, 50.0), rel=1e-5, abs=0)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"observables": ["R(D"]}, r"unknown observable 'R\(D'; did you mean 'R\(D\)'"),
        ({"observables": []}, "no observable is asked for"),
        ({"observables": [("R(D)", 1)]}, "a name or a pair"),
        ({"observables": [("R(D)", {"q2min": 1})]}, "takes the arguments"),
        ({"observables": RATIOS, "wilson": {"CVL_bctaunu": 0.1}}, "did you mean 'CVL_bctaunue'"),
        ({"observables": RATIOS, "wilson": {"CVL_bctaunutau": "a"}}, "expected a finite number"),
        ({"observables": RATIOS, "wilson": {"CVL_bctaunutau": float("nan")}}, "expected a finite number"),
        (
            {"observables": RATIOS, "wilson": {"CVL_bctaunutau": [1, 2], "CSL_bctaunutau": [1, 2, 3]}},
            "different lengths: 2, 3",
        ),
        ({"observables": RATIOS, "inputs": "flavio"}, "did you mean 'flavio-2.7.1'"),
    ],
)
def test_wrong_requests(arguments: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        predict(**arguments)
