"""Frozen theory errors where the correlations of asymmetric errors depend on the sides the errors are taken from."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fitlq.likelihood.asymmetric import join_asymmetric
from fitlq.likelihood.following_gaussian import FollowingGaussian
from fitlq.likelihood.frozen_gaussian import FrozenGaussian
from fitlq.likelihood.gaussian_terms import GaussianTerm, combine

UP, DOWN, COMMON = np.array([1.0, 0.5, 2.0]), np.array([0.7, 0.8, 1.5]), np.array([0.4, 0.3, 0.9])
CENTRAL, STANDARD_MODEL = np.array([1.0, 2.0, 3.0]), np.array([5.0, -3.0, 9.0])
JACOBIAN = np.array([[0.5, 0.1], [-0.3, 0.2], [0.4, 0.7]])


def covariance(first: Any, second: Any) -> Any:
    """Statistical errors that differ between the sides, and a common systematic one that does not."""
    return np.diag(first * second) + np.outer(COMMON, COMMON)


ASYMMETRIC = join_asymmetric(
    [GaussianTerm("e", np.arange(3), CENTRAL, covariance(UP, UP), covariance(DOWN, DOWN), covariance(UP, DOWN))]
)
# above, below and above the measurements: outside the region where the sides are joined
POINTS = np.array([[4.0, 4.0, 9.0], [-3.0, -1.0, -2.0], [4.0, -1.0, 8.0]])


def total(point: Any) -> tuple[Any, Any]:
    """Errors and correlations on the sides that face a point."""
    error = np.where(point > CENTRAL, UP, DOWN)
    matrix = np.diag(error**2) + np.outer(COMMON, COMMON)
    scale = np.sqrt(np.diag(matrix))
    return scale, matrix / np.outer(scale, scale)


def test_correlations_depend_on_the_sides_here() -> None:
    assert [group.tolist() for group in ASYMMETRIC.varying] == [[0, 1, 2]]


def test_frozen_in_units_of_the_errors_as_seen_from_the_standard_model() -> None:
    frozen = FrozenGaussian(combine([]), ASYMMETRIC, STANDARD_MODEL, JACOBIAN)
    scale, correlation = total(STANDARD_MODEL)
    derivatives = JACOBIAN / scale[:, None]
    chi2, _ = frozen(POINTS)
    for point, found in zip(POINTS, chi2, strict=True):
        t = (point - CENTRAL) / total(point)[0]
        assert found == pytest.approx(t @ np.linalg.solve(correlation + derivatives @ derivatives.T, t), rel=1e-12, abs=0)
    exact, volume = FollowingGaussian(combine([]), ASYMMETRIC)(STANDARD_MODEL[None], JACOBIAN[None])
    at_home, frozen_volume = frozen(STANDARD_MODEL[None])
    assert at_home == pytest.approx(exact, rel=1e-12, abs=0)
    assert frozen_volume == pytest.approx(volume[0], rel=1e-12, abs=0)


def test_without_theory_errors_the_correlations_follow() -> None:
    chi2, volume = FrozenGaussian(combine([]), ASYMMETRIC, STANDARD_MODEL, 0.0 * JACOBIAN)(POINTS)
    for point, found in zip(POINTS, chi2, strict=True):
        scale, correlation = total(point)
        t = (point - CENTRAL) / scale
        assert found == pytest.approx(t @ np.linalg.solve(correlation, t), rel=1e-12, abs=0)
    assert volume == pytest.approx(np.zeros(3), abs=1e-12)
