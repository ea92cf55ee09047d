"""Numbers of the likelihood whose covariance S_exp + J J^T is decomposed together, at many points at once.

With fewer directions d of the theory inputs than numbers k, the small matrix M = 1 + J^T S_exp^-1 J is decomposed (Woodbury's
identity), otherwise the k x k covariance itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

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
    """Groups of equal size, one after the other, each with correlated experimental errors.

    Attributes
    ----------
    rows : slice
        Where they are among the numbers of the block.
    whiten : (n_groups, size, size)
        Inverse Cholesky factors.
    """

    rows: slice
    whiten: Real


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
        groups = _correlated_groups(correlation)
        order = _grouped(groups, len(rows))
        place = np.argsort(order)
        self._rows = rows[order]
        self._columns = columns[order]
        self._directions = directions
        self._base = correlation[np.ix_(order, order)]
        self._varying = tuple((number, place[members]) for number, members in varying)
        self._correlated, self._log_determinant = _whitening(groups, correlation)

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
        inverse = 1.0 / errors[:, self._rows]
        vector = pull[:, self._rows]
        scaled = self._derivatives_and(vector, jacobian, inverse)
        derivatives = scaled[..., :-1]
        if len(self._rows) == 1:
            variance = np.einsum("nij,nij->n", derivatives, derivatives) + 1.0
            return vector[:, 0] ** 2 / variance, np.log(variance)
        varying = [(rows, correlations[number]) for number, rows in self._varying]
        if self._fewer_directions(derivatives.shape[2]):
            return self._by_directions(scaled, varying)
        return self._by_numbers(vector, np.ascontiguousarray(derivatives), varying)

    def _derivatives_and(self, vector: Real, jacobian: Real, inverse: Real) -> Real:
        """Derivatives times `inverse`, (N, k, d + 1), with `vector` as the last column."""
        taken = jacobian.take(self._columns, axis=1)
        if self._directions is not None and len(self._directions) < jacobian.shape[2]:
            taken = taken.take(self._directions, axis=2)
        scaled = np.empty((*taken.shape[:2], taken.shape[2] + 1))
        np.multiply(taken, inverse[..., None], out=scaled[..., :-1])
        scaled[..., -1] = vector
        return scaled

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

    def _by_directions(self, scaled: Real, varying: _Varying) -> tuple[Real, Real]:
        volume: Real | float = self._log_determinant
        for groups in self._correlated:
            rows = scaled[:, groups.rows]
            each = rows.reshape(len(scaled), *groups.whiten.shape[:2], scaled.shape[2])
            each[...] = groups.whiten @ each
        for members, correlation in varying:
            lower = np.linalg.cholesky(correlation)
            scaled[:, members] = np.linalg.solve(lower, scaled[:, members])
            volume = volume + 2.0 * np.log(np.einsum("nii->ni", lower)).sum(axis=1)
        pivots = _pivots(scaled)
        return pivots[:, -1] ** 2 - 1.0, 2.0 * np.log(pivots[:, :-1]).sum(axis=1) + volume


def _pivots(scaled: Real) -> Real:
    """Diagonals (N, n) of the Cholesky factors of 1 + A^T A for A (N, k, n).

    With A = (J, r) the last one, squared, is 1 + r^T r - r^T J (1 + J^T J)^-1 J^T r = 1 + r^T (1 + J J^T)^-1 r.
    """
    from scipy.linalg.blas import dsyrk
    from scipy.linalg.lapack import dpotrf

    count = scaled.shape[2]
    pivots = np.empty((len(scaled), count))
    for pivot, one in zip(pivots, scaled, strict=True):
        # BLAS counts by columns: A is its transpose there; half the work of a product of matrices, and decomposed in place
        product = dsyrk(1.0, one.T)
        product.ravel(order="K")[:: count + 1] += 1.0
        factor, failed = dpotrf(product, overwrite_a=True, clean=False)
        if failed:
            msg = "a covariance matrix is not positive definite"
            raise np.linalg.LinAlgError(msg)
        pivot[:] = factor.diagonal()
    return pivots


def _correlated_groups(base: Real) -> list[Index]:
    """Rows of `base` (unit diagonal) that are correlated with each other, groups of at least two, by size."""
    from scipy.sparse.csgraph import connected_components

    labels = connected_components(base != 0, directed=False)[1] if len(base) else np.zeros(0, dtype=np.intp)
    groups = [np.flatnonzero(labels == label) for label in np.unique(labels)]
    return sorted((group for group in groups if len(group) > 1), key=len)


def _grouped(groups: Sequence[Index], count: int) -> Index:
    """All of `count` rows, those of the groups first: neighbours can be multiplied in place and many groups at once."""
    grouped = np.concatenate([np.zeros(0, dtype=np.intp), *groups])
    return np.concatenate([grouped, np.setdiff1d(np.arange(count), grouped)])


def _whitening(groups: Sequence[Index], base: Real) -> tuple[tuple[_Correlated, ...], float]:
    """What makes the numbers independent, for rows ordered by `_grouped`, and log det of their correlations."""
    found, log_determinant, start = [], 0.0, 0
    for size, same in groupby(groups, key=len):
        factors = np.array([np.linalg.cholesky(base[np.ix_(rows, rows)]) for rows in same])
        log_determinant += 2.0 * float(np.log(np.einsum("gii->gi", factors)).sum())
        stop = start + size * len(factors)
        found.append(_Correlated(slice(start, stop), np.linalg.inv(factors)))
        start = stop
    return tuple(found), log_determinant
