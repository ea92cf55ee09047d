"""Correlation matrices as other formats write them: full, upper triangle, or one number for all pairs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fitlq.importing.pieces import NotExpressible

__all__ = ["correlation_of_covariance", "full_correlation"]

Real = NDArray[np.float64]

_SYMMETRY = 1e-6  # published matrices are rounded; beyond this the two triangles contradict each other


def full_correlation(given: Any, count: int) -> Real:
    """The (count, count) matrix of a number, a full matrix, or one of which only the upper triangle is filled.

    Raises
    ------
    NotExpressible
        Shapes that do not fit, a diagonal that is not 1, two triangles that contradict each other.
    """
    if isinstance(given, (int, float)):
        return np.where(np.eye(count, dtype=bool), 1.0, float(given))
    if not isinstance(given, Sequence) or len(given) != count:
        msg = f"a correlation matrix of {len(given) if isinstance(given, Sequence) else 'unknown'} rows for {count} observables"
        raise NotExpressible(msg)
    matrix = np.zeros((count, count))
    for index, row in enumerate(given):
        if not isinstance(row, Sequence) or len(row) not in (count, count - index):
            msg = f"row {index + 1} of the correlation matrix does not fit {count} observables"
            raise NotExpressible(msg)
        matrix[index, count - len(row) :] = row
    if np.abs(np.diag(matrix) - 1).max(initial=0.0) > _SYMMETRY:
        msg = "a correlation matrix whose diagonal is not 1"
        raise NotExpressible(msg)
    np.fill_diagonal(matrix, 1.0)
    return _mirrored(matrix)


def correlation_of_covariance(given: Any) -> tuple[Real, Real]:
    """Standard deviations (n,) and correlations (n, n) of a covariance matrix (full, or upper triangle and zeros)."""
    covariance = _mirrored(np.array(given, dtype=np.float64))
    deviations = np.sqrt(np.diag(covariance))
    if not np.all(deviations > 0):
        msg = "a covariance matrix whose diagonal is not positive"
        raise NotExpressible(msg)
    correlation = covariance / np.outer(deviations, deviations)
    np.fill_diagonal(correlation, 1.0)
    return deviations, correlation


def _mirrored(matrix: Real) -> Real:
    """A symmetric matrix from a full one or from one triangle."""
    lower, upper = np.tril(matrix, -1), np.triu(matrix, 1)
    scale = np.abs(matrix).max(initial=1e-300)
    if not lower.any():
        lower = upper.T
    elif not upper.any():
        upper = lower.T
    elif np.abs(lower - upper.T).max(initial=0.0) > _SYMMETRY * scale:
        msg = "a matrix of which both triangles are filled, and differ"
        raise NotExpressible(msg)
    # exactly symmetric: the mean of two equal numbers is that number
    triangle = 0.5 * (upper + lower.T)
    result = triangle + triangle.T
    np.fill_diagonal(result, np.diag(matrix))
    return np.asarray(result)
