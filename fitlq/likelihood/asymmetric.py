"""Asymmetric errors: a two-sided Gaussian whose two halves are joined smoothly around the centre.

The error that faces the prediction applies: the upward one where the prediction lies above the measurement. With
t = (prediction - measurement) / mean error, the weight of the upward side is 0 for t < -0.2, 1 for t > 0.2, and rises in
between as the quintic step 6 u^5 - 15 u^4 + 10 u^3, u = (t + 0.2) / 0.4, so that chi2 has two continuous derivatives
also when the number is correlated with others. Variances are interpolated linearly in the weight, covariances bilinearly
in the two weights, which keeps the matrix positive definite. Outside |t| < 0.2 the form is the two-sided Gaussian, exactly.
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
    correlated : bool
        Whether any two numbers are correlated.
    """

    columns: NDArray[np.intp]
    central: Real
    mean_error: Real
    above: Real
    below: Real
    mixed: Real
    correlated: bool

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
        up = self.upward_weight(residual)
        down = 1.0 - up
        result = (
            (up[..., :, None] * up[..., None, :]) * self.above
            + (down[..., :, None] * down[..., None, :]) * self.below
            + (up[..., :, None] * down[..., None, :]) * self.mixed
            + (down[..., :, None] * up[..., None, :]) * self.mixed.T
        )
        diagonal = np.arange(len(self.central))
        result[..., diagonal, diagonal] = self.variances(residual)
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
    off_diagonal = above - np.diag(np.diag(above))
    return AsymmetricGaussian(
        columns=columns.astype(np.intp),
        central=central,
        mean_error=0.5 * (np.sqrt(np.diag(above)) + np.sqrt(np.diag(below))),
        above=above,
        below=below,
        mixed=mixed,
        correlated=bool(np.any(off_diagonal)),
    )
