"""Numbers of the likelihood whose covariance S_exp + J J^T is decomposed together, at many points at once.

With fewer directions d of the theory inputs than numbers k, the small matrix M = 1 + J^T S_exp^-1 J is decomposed (Woodbury's
identity), otherwise the k x k covariance itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["CovarianceBlock", "quadratic_form_and_log_determinant"]

Real = NDArray[np.float64]
Index = NDArray[np.intp]
_Varying = Sequence[tuple[Index, Real]]

_CORNER = 1e10  # times 1 + v^T v: above v^T M^-1 v for every M whose smallest eigenvalue exceeds 1e-10


def quadratic_form_and_log_determinant(matrix: Real, vector: Real) -> tuple[Real, Real]:
    """v^T M^-1 v and log det M for positive definite M (N, n, n) and v (N, n); only the lower triangle of M is read.

    Its diagonal should be of order one, or larger.

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
    """Numbers whose covariance is decomposed together, everything in units of the experimental errors at the point.

    Parameters
    ----------
    rows : (k,) int
        Positions among all numbers.
    columns : (k,) int
        Columns of their observables in the derivatives.
    directions : (d,) int or None
        Which directions matter for them; None: all.
    correlation : (k, k) array
        Experimental correlations that do not depend on the point.
    varying : sequence of (int, (g,) int)
        Groups whose correlations do: position among those handed to `evaluate`, and rows among those of this block.
    """

    def __init__(
        self,
        rows: Index,
        columns: Index,
        directions: Index | None,
        correlation: Real,
        varying: Sequence[tuple[int, Index]] = (),
    ) -> None:
        self._rows = rows
        self._columns = columns
        self._directions = directions
        self._base = correlation
        self._varying = tuple(varying)
        self._correlated = _correlated_groups(correlation)

    def evaluate(self, pull: Real, jacobian: Real, errors: Real, correlations: Sequence[Real] = ()) -> tuple[Real, Real]:
        """Chi2 and log det of the covariance in units of the errors, each (N,).

        Parameters
        ----------
        pull : (N, n_numbers) array
            Residuals over errors.
        jacobian : (N, n_observables, n_directions) array
        errors : (N, n_numbers) array
        correlations : sequence of (N, g, g) arrays
            Of all groups whose correlations depend on the point.
        """
        if self._directions is None:
            taken = jacobian.take(self._columns, axis=1)
        else:
            taken = jacobian[:, self._columns[:, None], self._directions]
        # contiguous, or the matrix products would not be done by BLAS
        derivatives = np.ascontiguousarray(taken)
        derivatives /= errors[:, self._rows, None]
        vector = pull[:, self._rows]
        if len(self._rows) == 1:
            variance = np.einsum("nij,nij->n", derivatives, derivatives) + 1.0
            return vector[:, 0] ** 2 / variance, np.log(variance)
        varying = [(rows, correlations[number]) for number, rows in self._varying]
        if self._fewer_directions(derivatives.shape[2]):
            return self._by_directions(vector, derivatives, varying)
        return self._by_numbers(vector, derivatives, varying)

    def _fewer_directions(self, directions: int) -> bool:
        # operations: a product J^T J or J J^T and a Cholesky decomposition
        numbers = len(self._rows)
        return numbers * directions**2 + directions**3 / 3 < numbers**2 * directions + numbers**3 / 3

    def _by_numbers(self, vector: Real, derivatives: Real, varying: _Varying) -> tuple[Real, Real]:
        matrix = derivatives @ derivatives.transpose(0, 2, 1)
        matrix += self._base
        for rows, correlation in varying:
            matrix[:, rows[:, None], rows] += correlation - np.eye(len(rows))
        return quadratic_form_and_log_determinant(matrix, vector)

    def _by_directions(self, vector: Real, derivatives: Real, varying: _Varying) -> tuple[Real, Real]:
        volume: Real | float = 0.0
        for group in self._correlated:
            derivatives[:, group.rows] = group.whiten @ derivatives[:, group.rows]
            vector[:, group.rows] = vector[:, group.rows] @ group.whiten.T
            volume += group.log_determinant
        for rows, correlation in varying:
            lower = np.linalg.cholesky(correlation)
            derivatives[:, rows] = np.linalg.solve(lower, derivatives[:, rows])
            vector[:, rows] = np.linalg.solve(lower, vector[:, rows, None])[..., 0]
            volume = volume + 2.0 * np.log(np.einsum("nii->ni", lower)).sum(axis=1)
        matrix = _lower_products(derivatives)
        diagonal = np.arange(matrix.shape[1])
        matrix[:, diagonal, diagonal] += 1.0
        pull = np.einsum("nij,ni->nj", derivatives, vector)
        explained, log_determinant = quadratic_form_and_log_determinant(matrix, pull)
        return np.einsum("ni,ni->n", vector, vector) - explained, log_determinant + volume


def _lower_products(derivatives: Real) -> Real:
    """Lower triangles of A^T A for A (N, k, d): half the work of a product of matrices."""
    from scipy.linalg.blas import dsyrk

    count = derivatives.shape[2]
    products = np.empty((len(derivatives), count, count))
    for product, one in zip(products, derivatives, strict=True):
        # BLAS counts by columns: A is its transpose there, the upper triangle is the lower one here
        product[...] = dsyrk(1.0, one.T).T
    return products


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
