"""Direct predictions of models: theory inputs and their errors, functions of arguments."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from fitlq_theory.contracts import Parameter
from fitlq_theory.direct_predictions import call_predictions, takes_inputs
from fitlq_theory.errors import InputError, UnknownNameError
from fitlq_theory.inputs import load_inputs
from fitlq_theory.invisible import invisible_predictions
from fitlq_theory.linear_errors import value_and_jacobian
from fitlq_theory.models.checks import check_model
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.predictions import Predictions, direct_names

Columns = Mapping[str, Any]
INPUTS = load_inputs()
POINTS = np.array([[0.2, 1.0], [0.7, 0.3], [0.7, 1.5]])
REQUESTS: list[tuple[str, Mapping[str, float]]] = [("BR(B+->Knunu)", {}), ("BR(Bs->invisible)", {}), ("a_mu", {})]


class _Plain:
    """A light scalar pair in b -> s, with the inputs it happens to load itself."""

    name, title, reference, eft, basis, scale = "pair", "a light pair", "none", "WET", "flavio", None
    parameters = (Parameter("g", "g", "coupling", 0.0, 1.0, 0.5), Parameter("m", "m", "mass", 0.1, 2.0, 0.5))
    own_point = INPUTS.point()

    def coefficients(self, points: np.ndarray) -> Columns:
        return {"CL_bsnuenue": 0.1 * points[:, 0]}

    def predictions(self, points: np.ndarray) -> Columns:
        return self._at(points, self.own_point)

    def _at(self, points: np.ndarray, point: ParameterPoint) -> Columns:
        found = {}
        for quark, name in (("S", "BR(B+->Knunu)"), ("P", "BR(Bs->invisible)")):
            found[name] = invisible_predictions(point, "phiS", quark, 1e-8 * points[:, 0], points[:, 1], mode="total")[name]
        return found


class _WithInputs(_Plain):
    def predictions(self, points: np.ndarray, point: ParameterPoint) -> Columns:  # type: ignore[override]
        return self._at(points, point)


class _WithArguments(_Plain):
    def predictions(self, points: np.ndarray) -> Columns:
        return {"sigma_SI(chiN->chiN)": lambda m_chi: 1e-46 * points[:, 0] / m_chi}


class _ArrayForArguments(_Plain):
    def predictions(self, points: np.ndarray) -> Columns:
        return {"sigma_SI(chiN->chiN)": points[:, 0]}


class _Misspelt(_Plain):
    def predictions(self, points: np.ndarray) -> Columns:
        return {"BR(Bs->invisibel)": points[:, 0]}


def test_theory_inputs_are_given_to_models_that_ask_for_them() -> None:
    assert not takes_inputs(_Plain())
    assert takes_inputs(_WithInputs())
    for model in (_Plain(), _WithInputs()):
        assert check_model(model) == []
        assert direct_names(model) == ("BR(B+->Knunu)", "BR(Bs->invisible)")
    values = Predictions(_WithInputs(), REQUESTS).values(POINTS)
    assert np.array_equal(values, Predictions(_Plain(), REQUESTS).values(POINTS))


def test_chosen_inputs_reach_the_model() -> None:
    """Another set of form factors changes what is added, by what the function itself says."""
    other = load_inputs(choices={"B->K": "hpqcd2022"})
    found = Predictions(_WithInputs(), REQUESTS, other).values(POINTS)
    unaware = Predictions(_Plain(), REQUESTS, other).values(POINTS)
    direct = _WithInputs()._at(POINTS, other.point())["BR(B+->Knunu)"] - _Plain().predictions(POINTS)["BR(B+->Knunu)"]
    assert np.all(np.abs(direct) > 0)
    np.testing.assert_allclose(found[:, 0] - unaware[:, 0], direct, rtol=1e-8, atol=0)


def test_errors_of_the_inputs_reach_the_prediction() -> None:
    predictions = Predictions(_WithInputs(), REQUESTS)
    _, jacobian = predictions.values_and_jacobian(POINTS)
    assert jacobian.shape == (3, 3, len(predictions.directions))
    assert predictions.sm_jacobian.shape == (3, len(predictions.directions))

    # BR(Bs -> invisible) is nothing but the direct prediction
    def compute(point: ParameterPoint) -> np.ndarray:
        return np.asarray(_WithInputs()._at(POINTS, point)["BR(Bs->invisible)"])

    value, expected = value_and_jacobian(INPUTS, compute)
    error = np.sqrt(np.sum(expected**2, axis=-1))
    assert np.all(error > 0.01 * value)
    np.testing.assert_allclose(np.sqrt(np.sum(jacobian[:, 1] ** 2, axis=-1)), error, rtol=1e-5, atol=0)
    # a_mu has no direct prediction here
    _, plain = Predictions(_Plain(), REQUESTS).values_and_jacobian(POINTS)
    np.testing.assert_allclose(np.sum(jacobian[:, 2] ** 2, axis=-1), np.sum(plain[:, 2] ** 2, axis=-1), rtol=1e-12, atol=0)
    assert not np.any(plain[:, 1])


def test_both_parts_of_a_prediction_move_together() -> None:
    """B+ -> K nu nu through coefficients and through the light pair share the form factors: errors add linearly."""
    _, whole = Predictions(_WithInputs(), REQUESTS).values_and_jacobian(POINTS)
    _, neutrinos = Predictions(_Plain(), REQUESTS).values_and_jacobian(POINTS)

    def size(jacobian: np.ndarray) -> np.ndarray:
        return np.asarray(np.sqrt(np.sum(jacobian[:, 0] ** 2, axis=-1)))

    pair = value_and_jacobian(INPUTS, lambda point: _WithInputs()._at(POINTS, point)["BR(B+->Knunu)"])[1]
    alone = np.sqrt(np.sum(pair**2, axis=-1))
    assert np.all(size(whole) <= (1 + 1e-9) * (size(neutrinos) + alone))
    assert np.all(size(whole) > np.hypot(size(neutrinos), alone))


def test_monte_carlo() -> None:
    """The linear error of the sum against draws of the inputs."""
    predictions = Predictions(_WithInputs(), REQUESTS[:2])
    _, jacobian = predictions.values_and_jacobian(POINTS[2:])
    generator = np.random.default_rng(5)
    directions = INPUTS.directions()
    draws = []
    for _ in range(150):
        shifts: dict[str, float] = {}
        for direction, size in zip(directions, generator.standard_normal(len(directions)), strict=True):
            for name, shift in direction.shifts.items():
                shifts[name] = shifts.get(name, 0.0) + size * shift
        draws.append(_WithInputs()._at(POINTS[2:], INPUTS.point(shifts))["BR(Bs->invisible)"][0])
    # 150 draws: 6 % statistical error
    assert np.sqrt(np.sum(jacobian[0, 1] ** 2)) == pytest.approx(np.std(draws), rel=0.2, abs=0)


def test_functions_of_arguments() -> None:
    model = _WithArguments()
    assert check_model(model) == []
    requests: list[tuple[str, Mapping[str, float]]] = [("sigma_SI(chiN->chiN)", {"m_chi": mass}) for mass in (40.0, 80.0)]
    values = Predictions(model, requests).values(POINTS)
    np.testing.assert_allclose(values[:, 0], 1e-46 * POINTS[:, 0] / 40, rtol=1e-12, atol=0)
    np.testing.assert_allclose(values[:, 1], 0.5 * values[:, 0], rtol=1e-12, atol=0)


def test_messages() -> None:
    request: list[tuple[str, Mapping[str, float]]] = [("sigma_SI(chiN->chiN)", {"m_chi": 40.0})]
    with pytest.raises(InputError, match=r"must be a function of its arguments \(m_chi\), found an array"):
        Predictions(_ArrayForArguments(), request)
    with pytest.raises(UnknownNameError, match=r"BR\(Bs->invisible\)"):
        Predictions(_Misspelt(), request)


def test_merged_directions_leave_those_of_the_model_alone() -> None:
    """A likelihood merges directions; the two parts of B+ -> K nu nu must go on moving together."""
    jacobians = [
        Predictions(_WithInputs(), REQUESTS, compared_with=errors).values_and_jacobian(POINTS)[1]
        for errors in (None, np.zeros(len(REQUESTS)))
    ]
    one, other = (np.einsum("nid,njd->nij", jacobian, jacobian) for jacobian in jacobians)
    scale = np.sqrt(np.einsum("nii,njj->nij", one, one))
    assert np.max(np.abs(one - other) / scale) < 1e-4


def test_models_without_direct_predictions() -> None:
    assert call_predictions(object(), POINTS, INPUTS.point()) == {}  # type: ignore[arg-type]
