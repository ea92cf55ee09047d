"""The joint Gaussian part of the likelihood with theory errors that follow the point: r^T (S_exp + J J^T)^-1 r.

r is prediction minus measurement and J the derivative of the predictions along independent unit-variance directions of the
theory inputs at the same point. With it comes log det(S_exp + J J^T) - log det(S_exp), the volume the theory errors add.
"""

from __future__ import annotations

from collections.abc import Sequence

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
        columns = np.concatenate([symmetric.columns, asymmetric.columns])
        self._columns = columns
        self._central = np.concatenate([symmetric.central, asymmetric.central])
        self._errors = np.sqrt(np.diag(symmetric.covariance))
        n, m = len(self._errors), len(asymmetric.central)
        correlation = np.zeros((n + m, n + m))
        correlation[:n, :n] = symmetric.covariance / np.outer(self._errors, self._errors)
        correlation[n:, n:] = asymmetric.correlation
        linked = correlation != 0
        for group in asymmetric.varying:
            linked[np.ix_(n + group, n + group)] = True
        self._blocks = [
            CovarianceBlock(
                rows, columns[rows], directions, correlation[np.ix_(rows, rows)], _varying_rows(rows - n, asymmetric.varying)
            )
            for rows, directions in _split(linked, pattern, columns)
        ]
        self._experimental = _log_determinant(correlation)

    def __call__(self, values: Real, jacobian: Real) -> tuple[Real, Real]:
        """Chi2 and logarithm of the determinant, each (N,).

        Parameters
        ----------
        values : (N, n_observables) array
        jacobian : (N, n_observables, n_directions) array
        """
        residual = values[:, self._columns] - self._central
        n = len(self._errors)
        errors = np.empty_like(residual)
        errors[:, :n] = self._errors
        errors[:, n:] = np.sqrt(self._asymmetric.variances(residual[:, n:]))
        pull = residual / errors
        varying = self._asymmetric.varying_correlations(residual[:, n:])
        chi2 = np.full(len(values), self._constant)
        log_determinant = np.full(len(values), -self._experimental)
        for correlation in varying:
            log_determinant -= np.linalg.slogdet(correlation)[1]
        for block in self._blocks:
            part, volume = block.evaluate(pull, jacobian, errors, varying)
            chi2 += part
            log_determinant += volume
        return chi2, log_determinant


def _varying_rows(positions: NDArray[np.intp], groups: Sequence[NDArray[np.intp]]) -> list[tuple[int, NDArray[np.intp]]]:
    """Which groups lie in a block, given the positions of its rows among the asymmetric numbers, and where in the block."""
    where = {int(position): k for k, position in enumerate(positions)}
    return [
        (number, np.asarray([where[int(one)] for one in group], dtype=np.intp))
        for number, group in enumerate(groups)
        if int(group[0]) in where
    ]


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
