"""Numbers of the likelihood whose covariance S_exp + J J^T is decomposed together, at many points at once.

With fewer directions d of the theory inputs than numbers k, the small matrix M = 1 + J^T S_exp^-1 J is decomposed (Woodbury's
identity), otherwise the k x k covariance itself. S_exp is constant except for the asymmetric numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["CovarianceBlock", "quadratic_form_and_log_determinant"]

Real = NDArray[np.float64]
Index = NDArray[np.intp]

_CORNER = 1e10  # times 1 + v^T v: above v^T M^-1 v for every M whose smallest eigenvalue exceeds 1e-10


def quadratic_form_and_log_determinant(matrix: Real, vector: Real) -> tuple[Real, Real]:
    """v^T M^-1 v and log det M for positive definite M (N, n, n) with a diagonal of order one and v (N, n).

    One Cholesky decomposition of M bordered by v does both: the last row of the factor is L^-1 v.
    """
    n = vector.shape[-1]
    bordered = np.empty((*vector.shape[:-1], n + 1, n + 1))
    bordered[..., :n, :n] = matrix
    bordered[..., n, :n] = vector
    bordered[..., :n, n] = vector
    # The corner only has to exceed v^T M^-1 v; it enters nothing but the last diagonal element, which is not used.
    bordered[..., n, n] = _CORNER * (1.0 + np.einsum("...i,...i->...", vector, vector))
    factor = np.linalg.cholesky(bordered)
    row = factor[..., n, :n]
    diagonal = np.einsum("...ii->...i", factor)[..., :n]
    return np.einsum("...i,...i->...", row, row), 2.0 * np.log(diagonal).sum(axis=-1)


@dataclass(frozen=True, slots=True, eq=False)
class _Correlated:
    """Numbers with correlated experimental errors: positions in the block and the inverse Cholesky factor."""

    rows: Index
    whiten: Real
    log_determinant: float


class CovarianceBlock:
    """Numbers whose covariance is decomposed together.

    Parameters
    ----------
    rows : (k,) int
        Positions among all numbers, symmetric ones first.
    columns : (k,) int
        Columns of their observables in the derivatives.
    directions : (d,) int or None
        Which directions matter for them; None: all.
    scale : (k,) array
        Errors by which everything is standardised.
    base : (k, k) array
        Standardised experimental covariance; zero for the asymmetric numbers, whose covariance depends on the point.
    asymmetric : (a,) int
        Positions among the asymmetric numbers, which are the last `a` rows.
    """

    def __init__(self, rows: Index, columns: Index, directions: Index | None, scale: Real, base: Real, asymmetric: Index) -> None:
        self._rows = rows
        self._columns = columns
        self._directions = directions
        self._inverse_scale = 1.0 / scale
        self._base = base
        self._asymmetric = asymmetric
        self._correlated = _correlated_groups(base[: len(rows) - len(asymmetric), : len(rows) - len(asymmetric)])

    def evaluate(self, standardised: Real, jacobian: Real, extra: Real | None) -> tuple[Real, Real]:
        """Chi2 and log det of the whole standardised covariance, each (N,).

        Parameters
        ----------
        standardised : (N, n_numbers) array
            Residuals over errors.
        jacobian : (N, n_observables, n_directions) array
        extra : (N, m) or (N, m, m) array or None
            Standardised variances or covariance of the asymmetric numbers.
        """
        if self._directions is None:
            taken = jacobian.take(self._columns, axis=1)
        else:
            taken = jacobian[:, self._columns[:, None], self._directions]
        # contiguous, or the matrix products would not be done by BLAS
        derivatives = np.ascontiguousarray(taken)
        derivatives *= self._inverse_scale[:, None]
        vector = standardised[:, self._rows]
        mine = None if extra is None or not len(self._asymmetric) else self._taken(extra)
        if len(self._rows) == 1:
            variance = np.einsum("nij,nij->n", derivatives, derivatives) + (self._base[0, 0] if mine is None else mine[:, 0])
            return vector[:, 0] ** 2 / variance, np.log(variance)
        if (mine is None or mine.ndim == 2) and self._fewer_directions(derivatives.shape[2]):
            return self._by_directions(vector, derivatives, mine)
        return self._by_numbers(vector, derivatives, mine)

    def _taken(self, extra: Real) -> Real:
        if extra.ndim == 3 and len(self._asymmetric) > 1:
            return np.asarray(extra[:, self._asymmetric[:, None], self._asymmetric])
        return np.asarray(extra[:, self._asymmetric, self._asymmetric] if extra.ndim == 3 else extra[:, self._asymmetric])

    def _fewer_directions(self, directions: int) -> bool:
        # operations: a product J^T J or J J^T and a Cholesky decomposition
        numbers = len(self._rows)
        return numbers * directions**2 + directions**3 / 3 < numbers**2 * directions + numbers**3 / 3

    def _by_numbers(self, vector: Real, derivatives: Real, extra: Real | None) -> tuple[Real, Real]:
        matrix = derivatives @ derivatives.transpose(0, 2, 1)
        matrix += self._base
        if extra is not None:
            last = np.arange(len(self._rows) - len(self._asymmetric), len(self._rows))
            if extra.ndim == 3:
                matrix[:, last[:, None], last] += extra
            else:
                matrix[:, last, last] += extra
        return quadratic_form_and_log_determinant(matrix, vector)

    def _by_directions(self, vector: Real, derivatives: Real, variance: Real | None) -> tuple[Real, Real]:
        volume: Real | float = 0.0
        for group in self._correlated:
            derivatives[:, group.rows] = group.whiten @ derivatives[:, group.rows]
            vector[:, group.rows] = vector[:, group.rows] @ group.whiten.T
            volume += group.log_determinant
        if variance is not None:
            error = np.sqrt(variance)
            derivatives[:, -error.shape[1] :] /= error[:, :, None]
            vector[:, -error.shape[1] :] /= error
            volume = volume + np.log(variance).sum(axis=1)
        transposed = derivatives.transpose(0, 2, 1)
        matrix = transposed @ derivatives
        diagonal = np.arange(matrix.shape[1])
        matrix[:, diagonal, diagonal] += 1.0
        pull = (transposed @ vector[..., None])[..., 0]
        explained, log_determinant = quadratic_form_and_log_determinant(matrix, pull)
        return np.einsum("ni,ni->n", vector, vector) - explained, log_determinant + volume


def _correlated_groups(base: Real) -> list[_Correlated]:
    """The groups of at least two rows of `base` (unit diagonal) that are correlated with each other."""
    from scipy.sparse.csgraph import connected_components

    labels = connected_components(base != 0, directed=False)[1] if len(base) else np.zeros(0, dtype=np.intp)
    groups = []
    for label in np.unique(labels):
        rows = np.flatnonzero(labels == label)
        if len(rows) > 1:
            lower = np.linalg.cholesky(base[np.ix_(rows, rows)])
            groups.append(_Correlated(rows, np.linalg.inv(lower), 2.0 * float(np.log(np.diag(lower)).sum())))
    return groups
