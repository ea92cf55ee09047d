"""Second-order theory errors: against exact variances of functions whose moments are known."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray

from fitlq_theory.compiled import direction_names
from fitlq_theory.curvature import second_order_changes
from fitlq_theory.inputs import Inputs, load_inputs
from fitlq_theory.models import wet_model
from fitlq_theory.observables import load_registry
from fitlq_theory.predictions import Predictions
from fitlq_theory.standard_model import error_shares, standard_model_predictions

Real = NDArray[np.float64]


def _exact_variance(r: Real, e: Real, powers: tuple[float, ...]) -> float:
    """Of prod_k (1 + r_k z + e_k z^2)^p_k for normal z, by Gauss-Hermite quadrature; relative to the square of the value at 0."""
    z, weight = np.polynomial.hermite_e.hermegauss(60)
    value = np.prod((1 + np.outer(z, r) + np.outer(z**2, e)) ** np.asarray(powers), axis=1)
    weight = weight / weight.sum()
    return float(weight @ value**2 - (weight @ value) ** 2)


def _variance(r: Real, e: Real, powers: tuple[float, ...]) -> tuple[float, float]:
    """Relative variance of the same from first order, and with what second order adds."""
    forms = np.array([[2.0, 0.3], [0.7, -0.1]])[: len(powers)]
    positions, changes = second_order_changes(forms, powers, (r[:, None] * forms)[None], (e[:, None] * forms)[None])
    first = float(r @ np.asarray(powers)) ** 2
    added = [float(change[:, 0] / forms[:, 0] @ np.asarray(powers)) ** 2 for change in changes]
    assert len(positions) == len(added)
    return first, first + sum(added)


@pytest.mark.parametrize(
    ("r", "e", "powers"),
    [
        ([0.02, 0.03], [0.012, 0.002], (1.0, -1.0)),
        ([0.01, 0.005], [0.0, 0.01], (1.0, -1.0)),
        ([0.05, 0.0], [0.04, 0.0], (1.0, 0.5)),
    ],
)
def test_variance_of_functions_that_bend(r: list[float], e: list[float], powers: tuple[float, ...]) -> None:
    first, both = _variance(np.array(r), np.array(e), powers)
    exact = _exact_variance(np.array(r), np.array(e), powers)
    # products of three and more changes are not there
    assert both == pytest.approx(exact, rel=0.15, abs=0)
    assert abs(first - exact) > 0.25 * exact


def test_straight_functions_folds_and_zeros_are_left_alone() -> None:
    powers = (1.0, -1.0)
    first, both = _variance(np.array([0.05, 0.0]), np.array([1e-3, 0.0]), powers)
    assert both == first
    first, both = _variance(np.array([0.9, 0.0]), np.array([0.4, 0.0]), powers)  # the form may change its sign
    assert both == first
    zero, change = np.array([[0.0, 1.0], [1.0, 1.0]]), np.ones((1, 2, 2))
    positions, changes = second_order_changes(zero, (1.0, -1.0), change, change)
    assert (positions.shape, changes.shape) == ((0,), (0, 2, 2))


@pytest.mark.parametrize(("mean", "bends"), [(0.5, True), (1.0, True), (10.0, False)])
def test_square_of_a_matrix_element_that_is_smaller_than_its_error(mean: float, bends: bool) -> None:
    """|C|^2 h^2 with h = mean +- 1 has the variance 4 mean^2 + 2; no Standard Model."""
    form, odd, even = np.array([[0.0, mean**2]]), np.array([[[0.0, 2 * mean]]]), np.array([[[0.0, 1.0]]])
    positions, changes = second_order_changes(form, (1.0,), odd, even)
    assert (len(positions) == 1) is bends
    variance = 4 * mean**2 + float(np.sum(changes**2))
    assert variance == pytest.approx(4 * mean**2 + 2, rel=1e-12 if bends else 0.01, abs=0)


def test_away_from_the_standard_model_the_change_is_that_of_the_form() -> None:
    """The part that is linear in the forms has the dependence on the coefficients of the inputs' second derivative."""
    forms = np.array([[1.0, 0.5]])
    odd, even = np.array([[[0.02, 0.01]]]), np.array([[[0.03, 0.08]]])
    _, changes = second_order_changes(forms, (1.0,), odd, even)
    assert changes == pytest.approx(np.sqrt(2.0) * even, rel=1e-12, abs=0)


@pytest.fixture(scope="module")
def hqet() -> Inputs:
    return load_inputs("default", {"b->c": "hqet"})


def _direct_error(predictions: Predictions, jacobian: Real) -> tuple[float, float]:
    second = np.array([name.endswith("^2") for name in predictions.directions])
    return float(np.sqrt(np.sum(jacobian[~second] ** 2))), float(np.sqrt(np.sum(jacobian**2)))


@pytest.mark.parametrize("coupling", [0.0, 0.4])
def test_error_of_r_d(coupling: float, hqet: Inputs) -> None:
    """The error of 0.0063(2) from draws of the inputs; CVL multiplies value and error."""
    predictions = Predictions(wet_model(("CVL_bctaunutau",), {"CVL_bctaunutau": (-1, 1)}), [("R(D)", {}), ("R(D*)", {})], hqet)
    _, jacobian = predictions.values_and_jacobian(np.array([[coupling]]))
    scale = (1 + coupling / 1.0071) ** 2
    first, both = _direct_error(predictions, jacobian[0, 0])
    assert first == pytest.approx(0.0048 * scale, rel=0.02, abs=0)
    assert both == pytest.approx(0.0057 * scale, rel=0.02, abs=0)
    assert set(predictions.directions) <= set(direction_names(hqet))
    # R(D*) does not bend: it has no additional direction
    first, both = _direct_error(predictions, jacobian[0, 1])
    assert first == both


def test_shares_contain_what_second_order_adds(hqet: Inputs) -> None:
    observable = load_registry().resolve("R(D)")
    observable = replace(observable, aliases=())
    (prediction,) = standard_model_predictions([(observable, {})], hqet)
    shares = error_shares(observable, {}, hqet)
    assert np.sqrt(sum(share.error**2 for share in shares)) == pytest.approx(prediction.error, rel=1e-12, abs=0)
    assert prediction.error == pytest.approx(0.0057, rel=0.02, abs=0)
