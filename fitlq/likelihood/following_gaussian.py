"""The joint Gaussian part of the likelihood with theory errors that follow the point: r^T (S_exp + J J^T)^-1 r.

r is prediction minus measurement and J the derivative of the predictions along independent unit-variance directions of the
theory inputs at the same point. With it comes log det(S_exp + J J^T) - log det(S_exp), the volume the theory errors add.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fitlq.likelihood.asymmetric import AsymmetricGaussian
from fitlq.likelihood.covariance_block import CovarianceBlock
from fitlq.likelihood.gaussian_terms import CombinedGaussian

__all__ = ["FollowingGaussian"]

Real = NDArray[np.float64]


class FollowingGaussian:
    """Theory covariance at the point itself.

    Parameters
    ----------
    symmetric : CombinedGaussian
    asymmetric : AsymmetricGaussian
    pattern : (n_observables, n_directions) bool, optional
        Where derivatives can differ from zero. Numbers that share neither a direction nor an experimental correlation form
        separate blocks, which are decomposed one by one.
    """

    def __init__(
        self, symmetric: CombinedGaussian, asymmetric: AsymmetricGaussian, pattern: NDArray[np.bool_] | None = None
    ) -> None:
        self._asymmetric = asymmetric
        self._constant = symmetric.constant
        self._columns = np.concatenate([symmetric.columns, asymmetric.columns])
        self._central = np.concatenate([symmetric.central, asymmetric.central])
        errors = np.sqrt(np.diag(symmetric.covariance))
        n, m = len(errors), len(asymmetric.central)
        self._n_symmetric = n
        scale = np.concatenate([errors, asymmetric.mean_error])
        base = np.zeros((n + m, n + m))
        base[:n, :n] = symmetric.covariance / np.outer(errors, errors)
        linked = base != 0
        linked[n:, n:] |= asymmetric.correlated
        self._scale = scale
        self._blocks = [
            _block(rows, directions, self._columns, scale, base, n) for rows, directions in _split(linked, pattern, self._columns)
        ]
        self._experimental = _log_determinant(base[:n, :n])

    def __call__(self, values: Real, jacobian: Real) -> tuple[Real, Real]:
        """Chi2 and logarithm of the determinant, each (N,).

        Parameters
        ----------
        values : (N, n_observables) array
        jacobian : (N, n_observables, n_directions) array
        """
        residual = values[:, self._columns] - self._central
        standardised = residual / self._scale
        extra, experimental = self._asymmetric_part(residual[:, self._n_symmetric :])
        chi2 = np.full(len(values), self._constant)
        log_determinant = -(self._experimental + experimental)
        for block in self._blocks:
            part, volume = block.evaluate(standardised, jacobian, extra)
            chi2 += part
            log_determinant = log_determinant + volume
        return chi2, log_determinant

    def _asymmetric_part(self, residual: Real) -> tuple[Real | None, Real]:
        """Standardised covariance of the asymmetric numbers (its diagonal if they are uncorrelated) and its log det."""
        if not residual.shape[1]:
            return None, np.zeros(len(residual))
        error = self._asymmetric.mean_error
        if self._asymmetric.correlated:
            covariance = self._asymmetric.covariance(residual) / np.outer(error, error)
            return covariance, np.asarray(np.linalg.slogdet(covariance)[1])
        variance = self._asymmetric.variances(residual) / error**2
        return variance, np.asarray(np.log(variance).sum(axis=1))


def _block(
    rows: NDArray[np.intp],
    directions: NDArray[np.intp] | None,
    columns: NDArray[np.intp],
    scale: Real,
    base: Real,
    n_symmetric: int,
) -> CovarianceBlock:
    asymmetric = rows[rows >= n_symmetric] - n_symmetric
    return CovarianceBlock(rows, columns[rows], directions, scale[rows], base[np.ix_(rows, rows)], asymmetric)


def _split(
    linked: NDArray[np.bool_], pattern: NDArray[np.bool_] | None, columns: NDArray[np.intp]
) -> list[tuple[NDArray[np.intp], NDArray[np.intp] | None]]:
    """Rows and directions of each block; one block with all directions (None) if no pattern is known."""
    everything = np.arange(len(columns))
    if pattern is None:
        return [(everything, None)] if len(columns) else []
    uses = pattern[columns]
    linked = linked | (uses.astype(np.int64) @ uses.T.astype(np.int64) > 0)
    blocks: list[tuple[NDArray[np.intp], NDArray[np.intp] | None]] = []
    left = np.ones(len(columns), dtype=bool)
    while left.any():
        member = np.zeros(len(columns), dtype=bool)
        member[np.flatnonzero(left)[0]] = True
        while True:
            grown = member | linked[member].any(axis=0)
            if np.array_equal(grown, member):
                break
            member = grown
        left &= ~member
        blocks.append((everything[member], np.flatnonzero(uses[member].any(axis=0))))
    return blocks


def _log_determinant(matrix: Real) -> float:
    return float(np.linalg.slogdet(matrix)[1]) if len(matrix) else 0.0
