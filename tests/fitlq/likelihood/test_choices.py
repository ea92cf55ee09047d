"""Parameters and measurements a user chooses, and what is said about wrong choices."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fitlq.likelihood import Likelihood
from fitlq_theory.errors import FitlqError, InputError, UnknownNameError
from tests.fitlq.likelihood.toy_problems import (
    ToyModel,
    ToyPredictions,
    data_set,
    entry,
    gaussian,
    likelihood,
    linear_predictions,
    parameter,
)

PARAMETERS = (
    parameter("yL2", -2, 2, 0.1),
    parameter("gZp", 1e-5, 1e-2, 1e-3, prior="log"),
    parameter("mass", 500, 3000, 1500, free=False),
    parameter("spare", -1, 1, 0.0, free=False),
)
SLOPE = [[1, 0, 1e-3, 0], [0, 100, 0, 0], [1, 1, 0, 0]]


def toy() -> ToyPredictions:
    return linear_predictions(PARAMETERS, ["R(D)", "R(D*)", "BR"], [0, 0, 0], SLOPE)


def make(**options: Any) -> Likelihood:
    data = [
        entry("both", ["R(D)", "R(D*)"], gaussian([1, 0.2], [0.1, 0.1])),
        entry("rate", ["BR"], gaussian([0.3], [0.1])),
    ]
    return likelihood(toy(), data, **options)


def test_free_and_fixed() -> None:
    like = make(fix={"yL2": 0.5}, free=["mass"])
    assert like.parameters == ("gZp", "mass")
    assert like.fixed == {"yL2": 0.5, "spare": 0.0}
    np.testing.assert_allclose(like.predict([1e-3, 1000]), [0.5 + 1.0, 0.1, 0.501], rtol=1e-12)
    narrowed = make(free={"yL2": (1.0, 1.5), "spare": None})
    assert narrowed.parameter_info[0].minimum == 1.0
    assert narrowed.start[0] == 1.25, "the default 0.1 lies outside the range asked for"
    logarithmic = make(free={"gZp": (1e-5, 1e-4)})
    assert logarithmic.start[1] == pytest.approx(10**-4.5, rel=1e-12, abs=0)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"fix": {"yL": 0.1}}, "unknown parameter 'yL'; did you mean 'yL2'"),
        ({"free": ["mas"]}, "unknown parameter 'mas'; did you mean 'mass'"),
        ({"fix": {"yL2": 3}}, "'yL2': 3 is outside its range \\[-2, 2\\]"),
        ({"fix": {"yL2": float("nan")}}, "'yL2': the value must be a finite number"),
        ({"free": {"yL2": (1, -1)}}, "'yL2': the lower end 1 of the range must be below the upper end -1"),
        ({"free": {"yL2": (-5, 1)}}, "'yL2': -5 is outside"),
        ({"free": {"yL2": 3}}, "'yL2': a range is two numbers"),
        ({"free": {"yL2": None}, "fix": {"yL2": 1}}, "'yL2' is both fixed \\(at 1\\) and free"),
        ({"theory_errors": "margnal"}, "unknown treatment of theory errors 'margnal'; did you mean 'marginal'"),
        ({"theory_errors": "free"}, "not available yet"),
        ({"limit_shape": "box"}, "unknown limit shape 'box'"),
        ({"observables": ["R(DD)"]}, "unknown entry, process or observable 'R\\(DD\\)'; did you mean 'R\\(D\\)'"),
        ({"exclude": "nothing*"}, "unknown entry, process or observable"),
        ({"exclude": "*"}, "no measurement is left"),
    ],
)
def test_wrong_choices(options: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        make(**options)


@pytest.mark.parametrize(
    ("options", "used"),
    [
        ({"observables": "R(D*)"}, ["R(D*)"]),
        ({"observables": ["R(*)"]}, ["R(D)", "R(D*)"]),
        ({"observables": "both", "exclude": "R(D)"}, ["R(D*)"]),
        ({"exclude": ["rate"]}, ["R(D)", "R(D*)"]),
        ({"observables": "toy"}, ["R(D)", "R(D*)", "BR"]),
    ],
)
def test_patterns(options: dict[str, Any], used: list[str]) -> None:
    like = make(**options)
    assert sorted(name for _, name, _ in like.used) == sorted(used)
    assert len(like.left_out) == 3 - len(used)
    assert [name for name, _ in like.observables] == used


def test_idle_parameter_is_named() -> None:
    like = make(free=["spare"])
    assert like.idle == ("spare",)
    assert like.warnings == ("the free parameter spare changes no term of the likelihood",)
    assert make().warnings == ()


def test_points_outside_the_ranges() -> None:
    like = make()
    values = like([[0.0, 1e-3], [5.0, 1e-3], [0.0, 1.0]])
    assert np.isfinite(values[0])
    assert values[1] == values[2] == -np.inf
    with pytest.raises(InputError, match="columns yL2, gZp"):
        like([[1.0, 2.0, 3.0]])


def test_prediction_that_is_not_a_number() -> None:
    bad = ToyPredictions(
        (parameter("x"),), ("a", "b"), lambda p: np.stack([p[:, 0], np.sqrt(p[:, 0])], 1), lambda p: np.zeros((len(p), 2, 1))
    )
    data = data_set([entry("one", ["a", "b"], gaussian([0, 0], [1, 1]))])
    with np.errstate(invalid="ignore"):
        for mode in ("none", "marginal"):
            like = Likelihood(ToyModel(bad.parameters), data, predictions=bad, theory_errors=mode)
            with pytest.raises(FitlqError, match="the prediction of b is not a number at x = -1"):
                like([-1.0])


def test_fingerprint_follows_the_problem() -> None:
    assert make().content_hash == make().content_hash
    others = [
        make(fix={"mass": 1000}),
        make(free={"yL2": (-1, 1)}),
        make(exclude="rate"),
        make(theory_errors="sm"),
        likelihood(toy(), [entry("both", ["R(D)", "R(D*)"], gaussian([1, 0.2001], [0.1, 0.1]))]),
    ]
    hashes = {make().content_hash, *(other.content_hash for other in others)}
    assert len(hashes) == 1 + len(others)


def test_unknown_names_are_input_errors() -> None:
    with pytest.raises(UnknownNameError):
        make(free=["x"])
