"""Asymmetric errors: a two-sided Gaussian whose two halves are joined smoothly around the centre.

The error that faces the prediction applies: the upward one where the prediction lies above the measurement. With
t = (prediction - measurement) / mean error, the weight of the upward side is 0 for t < -0.2, 1 for t > 0.2, and rises in
between as the quintic step 6 u^5 - 15 u^4 + 10 u^3, u = (t + 0.2) / 0.4, so that chi2 has two continuous derivatives
also when the number is correlated with others. Variances are interpolated linearly in the weight. Correlations do not depend
on the point, except where upward and downward errors of a group of numbers are correlated differently (systematic errors by
source): there covariances are interpolated bilinearly in the two weights. Either keeps the matrix positive definite. Outside
|t| < 0.2 the form is the two-sided Gaussian, exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fitlq.likelihood.gaussian_terms import GaussianTerm, check_positive_definite

__all__ = ["BLENDING_WIDTH", "AsymmetricGaussian", "join_asymmetric"]

Real = NDArray[np.float64]

BLENDING_WIDTH = 0.2  # in mean errors, on either side of the centre
_SAME_CORRELATION = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class AsymmetricGaussian:
    """All numbers with asymmetric errors, and those correlated with them.

    Attributes
    ----------
    columns : (m,) int
        Observable of each number.
    central, mean_error : (m,) array
    above, below, mixed : (m, m) array
        As in `GaussianTerm`, for all entries together.
    correlation : (m, m) array
        That of all numbers but those in `varying`, which have 1 on the diagonal only.
    varying : tuple of (g,) int
        Groups of numbers whose correlations depend on the sides their errors are taken from.
    """

    columns: NDArray[np.intp]
    central: Real
    mean_error: Real
    above: Real
    below: Real
    mixed: Real
    correlation: Real
    varying: tuple[NDArray[np.intp], ...]

    def upward_weight(self, residual: Real) -> Real:
        """Weight of the upward error for prediction - measurement (..., m)."""
        u = np.clip(residual / (2.0 * BLENDING_WIDTH * self.mean_error) + 0.5, 0.0, 1.0)
        return np.asarray(u * u * u * (10.0 + u * (6.0 * u - 15.0)))

    def variances(self, residual: Real) -> Real:
        """Variances (..., m) for prediction - measurement (..., m)."""
        weight = self.upward_weight(residual)
        below, above = np.diag(self.below), np.diag(self.above)
        return np.asarray(below + weight * (above - below))

    def covariance(self, residual: Real) -> Real:
        """Covariance matrices (..., m, m) for prediction - measurement (..., m)."""
        error = np.sqrt(self.variances(residual))
        return np.asarray(self.correlations(residual) * error[..., :, None] * error[..., None, :])

    def correlations(self, residual: Real) -> Real:
        """Correlation matrices (..., m, m) for prediction - measurement (..., m)."""
        correlation = np.broadcast_to(self.correlation, (*residual.shape, residual.shape[-1])).copy()
        for rows, varying in zip(self.varying, self.varying_correlations(residual), strict=True):
            correlation[..., rows[:, None], rows] = varying
        return correlation

    def varying_correlations(self, residual: Real) -> tuple[Real, ...]:
        """Correlation matrices (..., g, g) of each group in `varying`."""
        if not self.varying:
            return ()
        up, error = self.upward_weight(residual), np.sqrt(self.variances(residual))
        return tuple(self._interpolated(rows, up[..., rows], error[..., rows]) for rows in self.varying)

    def _interpolated(self, rows: NDArray[np.intp], up: Real, error: Real) -> Real:
        square = np.ix_(rows, rows)
        down = 1.0 - up
        result = (
            (up[..., :, None] * up[..., None, :]) * self.above[square]
            + (down[..., :, None] * down[..., None, :]) * self.below[square]
            + (up[..., :, None] * down[..., None, :]) * self.mixed[square]
            + (down[..., :, None] * up[..., None, :]) * self.mixed[square].T
        )
        result /= error[..., :, None] * error[..., None, :]
        diagonal = np.arange(len(rows))
        result[..., diagonal, diagonal] = 1.0
        return np.asarray(result)


def join_asymmetric(terms: Sequence[GaussianTerm]) -> AsymmetricGaussian:
    """Put several entries with asymmetric errors into one block matrix.

    Raises
    ------
    InputError
        An error that is zero on one side, or correlations that are not positive definite; the message names the entry.
    """
    for term in terms:
        check_positive_definite(term.above, f"measurement {term.id!r}, upward errors")
        check_positive_definite(term.below, f"measurement {term.id!r}, downward errors")
    sizes = [len(term.central) for term in terms]
    starts = np.concatenate([[0], np.cumsum(sizes)]).astype(int)
    total = int(starts[-1])
    above, below, mixed = np.zeros((total, total)), np.zeros((total, total)), np.zeros((total, total))
    for k, term in enumerate(terms):
        block = slice(starts[k], starts[k + 1])
        above[block, block], below[block, block], mixed[block, block] = term.above, term.below, term.mixed
    central = np.concatenate([term.central for term in terms]) if terms else np.zeros(0)
    columns = np.concatenate([term.columns for term in terms]) if terms else np.zeros(0, dtype=np.intp)
    correlation, varying = _correlations(above, below, mixed)
    return AsymmetricGaussian(
        columns=columns.astype(np.intp),
        central=central,
        mean_error=0.5 * (np.sqrt(np.diag(above)) + np.sqrt(np.diag(below))),
        above=above,
        below=below,
        mixed=mixed,
        correlation=correlation,
        varying=varying,
    )


def _correlations(above: Real, below: Real, mixed: Real) -> tuple[Real, tuple[NDArray[np.intp], ...]]:
    """The correlations that are the same on all sides, and the groups of numbers for which they are not."""
    from scipy.sparse.csgraph import connected_components

    if not len(above):
        return np.zeros((0, 0)), ()
    up, down = np.sqrt(np.diag(above)), np.sqrt(np.diag(below))
    correlation = above / np.outer(up, up)
    np.fill_diagonal(correlation, 1.0)
    off_diagonal = ~np.eye(len(up), dtype=bool)
    same = [
        np.isclose(matrix / np.outer(*errors), correlation, rtol=0.0, atol=_SAME_CORRELATION)
        for matrix, errors in ((below, (down, down)), (mixed, (up, down)))
    ]
    different = off_diagonal & ~(same[0] & same[1])
    linked = (above != 0) | (below != 0) | (mixed != 0) | (mixed.T != 0)
    labels = connected_components(linked, directed=False)[1]
    groups = [np.flatnonzero(labels == label) for label in np.unique(labels[different.any(axis=1)])]
    for rows in groups:
        correlation[np.ix_(rows, rows)] = np.eye(len(rows))
    return correlation, tuple(groups)
