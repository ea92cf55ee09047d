"""Measurements that are not Gaussian: each is averaged over the theory error of its prediction.

L(x, sigma) = integral of L(x + sigma u) N(u; 0, 1) du, by Gauss-Hermite quadrature with nine nodes. Approximation: the
theory error of such a term is taken as independent of the theory errors of all other terms. These are limits and counting
experiments, where the experimental width is far larger than the theory error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from fitlq.likelihood.grids import GridTerm

__all__ = ["IndependentTerms", "SeparateTerms"]

Real = NDArray[np.float64]

_NODES, _WEIGHTS = np.polynomial.hermite_e.hermegauss(9)
_WEIGHTS = _WEIGHTS / _WEIGHTS.sum()


class IndependentTerms(Protocol):
    """Terms with one observable each, evaluated together."""

    @property
    def columns(self) -> NDArray[np.intp]:
        """The observable of each term, (T,)."""
        ...

    def minus_two_log_likelihood(self, predictions: Real) -> Real:
        """-2 ln L (..., T) for predictions (..., T)."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class SeparateTerms:
    """All non-Gaussian terms of a likelihood."""

    independent: tuple[IndependentTerms, ...] = ()
    grids: tuple[GridTerm, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.grids) or any(len(terms.columns) for terms in self.independent)

    def chi2(self, values: Real, jacobian: Real | None) -> Real:
        """Sum of -2 ln L over all terms, (N,).

        Parameters
        ----------
        values : (N, n_observables) array
        jacobian : (N, n_observables, n_directions) or (n_observables, n_directions) array, or None
            None: no theory errors.
        """
        total = np.zeros(len(values))
        for terms in self.independent:
            if not len(terms.columns):
                continue
            total += self.each(terms, values, jacobian).sum(axis=1)
        for grid in self.grids:
            total += self.of_grid(grid, values, jacobian)
        return total

    @staticmethod
    def each(terms: IndependentTerms, values: Real, jacobian: Real | None) -> Real:
        """-2 ln L of each of the terms, (N, T)."""
        predictions = values[:, terms.columns]
        if jacobian is None:
            return terms.minus_two_log_likelihood(predictions)
        rows = jacobian[..., terms.columns, :]
        errors = np.sqrt(np.einsum("...ij,...ij->...i", rows, rows))
        shifted = predictions[:, None, :] + _NODES[:, None] * errors[..., None, :]
        return _averaged(terms.minus_two_log_likelihood(shifted), _WEIGHTS)

    @staticmethod
    def of_grid(grid: GridTerm, values: Real, jacobian: Real | None) -> Real:
        """-2 ln L of a grid, (N,)."""
        predictions = values[:, grid.columns]
        if jacobian is None:
            return grid.interpolate(predictions)
        rows = np.broadcast_to(jacobian[..., grid.columns, :], (len(values), len(grid.columns), jacobian.shape[-1]))
        nodes, weights = _tensor_nodes(len(grid.columns))
        shifted = predictions[:, None, :] + nodes @ _triangular(rows).transpose(0, 2, 1)
        return _averaged(grid.interpolate(shifted)[..., None], weights)[:, 0]


def _averaged(minus_two_log: Real, weights: Sequence[float] | Real) -> Real:
    """-2 ln of the weighted mean of exp(-x / 2) over the second axis of x (N, nodes, T)."""
    smallest = minus_two_log.min(axis=1)
    mean = np.einsum("k,nkt->nt", np.asarray(weights), np.exp(-0.5 * (minus_two_log - smallest[:, None, :])))
    return np.asarray(smallest - 2.0 * np.log(mean))


@cache
def _tensor_nodes(dimension: int) -> tuple[Real, Real]:
    if dimension == 1:
        return _NODES[:, None], _WEIGHTS
    first, second = np.meshgrid(_NODES, _NODES, indexing="ij")
    return np.stack([first.ravel(), second.ravel()], axis=1), np.outer(_WEIGHTS, _WEIGHTS).ravel()


def _triangular(rows: Real) -> Real:
    """Lower triangular factor of the covariance rows rows^T (N, d, d), d <= 2; singular ones are fine."""
    covariance = rows @ rows.transpose(0, 2, 1)
    factor = np.zeros_like(covariance)
    factor[:, 0, 0] = np.sqrt(covariance[:, 0, 0])
    if covariance.shape[-1] == 2:
        safe = np.where(factor[:, 0, 0] > 0, factor[:, 0, 0], 1.0)
        factor[:, 1, 0] = covariance[:, 1, 0] / safe
        factor[:, 1, 1] = np.sqrt(np.maximum(covariance[:, 1, 1] - factor[:, 1, 0] ** 2, 0.0))
    return factor
