"""The rule for the covariance, by hand, and restriction to some of the observables."""

from __future__ import annotations

import numpy as np
import pytest

from fitlq.measurements import ErrorComponent, GaussianData


def _component(label: str, plus: list[float], minus: list[float] | None = None) -> ErrorComponent:
    return ErrorComponent(label, np.array(plus), np.array(minus if minus is not None else plus))


def _matrix(rho: float) -> np.ndarray:
    return np.array([[1.0, rho], [rho, 1.0]])


CENTRAL = np.array([0.4, 0.3])
STAT = _component("stat", [0.3, 0.4])
SYST = _component("syst", [0.4, 0.3])


def test_total_matrix_applies_to_the_quadratic_sum_of_all_errors() -> None:
    data = GaussianData(CENTRAL, (STAT, SYST), {"stat": _matrix(-0.9), "total": _matrix(-0.2)})
    np.testing.assert_allclose(data.covariance(), [[0.25, -0.05], [-0.05, 0.25]], rtol=1e-14, atol=0)


def test_matrices_apply_to_their_own_errors_and_a_missing_one_means_none() -> None:
    data = GaussianData(CENTRAL, (STAT, SYST), {"stat": _matrix(-0.5)})
    np.testing.assert_allclose(data.covariance(), [[0.25, -0.06], [-0.06, 0.25]], rtol=1e-14, atol=0)
    both = GaussianData(CENTRAL, (STAT, SYST), {"stat": _matrix(-0.5), "syst": _matrix(0.25)})
    np.testing.assert_allclose(both.covariance(), [[0.25, -0.03], [-0.03, 0.25]], rtol=1e-13, atol=0)


def test_external_errors_are_uncorrelated() -> None:
    data = GaussianData(CENTRAL, (STAT, _component("ext", [0.1, 0.2])), {"stat": _matrix(1.0)})
    np.testing.assert_allclose(data.covariance(), [[0.10, 0.12], [0.12, 0.20]], rtol=1e-14, atol=0)


def test_the_side_is_chosen_per_observable() -> None:
    data = GaussianData(CENTRAL, (_component("total", [0.2, 0.4], [0.1, 0.3]),), {"total": _matrix(0.5)})
    np.testing.assert_allclose(data.covariance([1, 1]), [[0.04, 0.04], [0.04, 0.16]], rtol=1e-14, atol=0)
    np.testing.assert_allclose(data.covariance([1, -1]), [[0.04, 0.03], [0.03, 0.09]], rtol=1e-14, atol=0)
    np.testing.assert_allclose(data.covariance([-1, -1]), [[0.01, 0.015], [0.015, 0.09]], rtol=1e-14, atol=0)
    assert not data.symmetric
    np.testing.assert_allclose(data.plus, [0.2, 0.4], rtol=1e-15, atol=0)
    np.testing.assert_allclose(data.minus, [0.1, 0.3], rtol=1e-15, atol=0)


def test_without_side_the_mean_of_both_errors_is_taken_component_by_component() -> None:
    data = GaussianData(CENTRAL, (_component("stat", [0.2, 0.4], [0.4, 0.4]), _component("syst", [0.4, 0.0])))
    np.testing.assert_allclose(data.covariance(), [[0.25, 0.0], [0.0, 0.16]], rtol=1e-14, atol=0)


@pytest.mark.parametrize("label", ["stat", "total"])
def test_many_points_at_once_equal_a_loop(label: str) -> None:
    errors = (_component("stat", [0.2, 0.4], [0.1, 0.3]), _component("syst", [0.1, 0.2], [0.2, 0.1]))
    data = GaussianData(CENTRAL, errors, {label: _matrix(-0.4)})
    sides = np.array([[[1.0, 1.0], [1.0, -1.0]], [[-1.0, 1.0], [-1.0, -1.0]]])
    together = data.covariance(sides)
    assert together.shape == (2, 2, 2, 2)
    for i in range(2):
        for j in range(2):
            np.testing.assert_array_equal(together[i, j], data.covariance(sides[i, j]))


def test_restriction_is_the_marginal_distribution() -> None:
    matrix = np.array([[1.0, 0.1, 0.2], [0.1, 1.0, 0.3], [0.2, 0.3, 1.0]])
    data = GaussianData(np.array([1.0, 2.0, 3.0]), (_component("total", [0.1, 0.2, 0.3]),), {"total": matrix})
    part = data.restricted([2, 0])
    np.testing.assert_array_equal(part.central, [3.0, 1.0])
    np.testing.assert_allclose(part.covariance(), data.covariance()[np.ix_([2, 0], [2, 0])], rtol=1e-15, atol=0)
