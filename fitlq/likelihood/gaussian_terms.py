"""Gaussian measurements as the likelihood uses them, and their exact combination in the space of observables.

Measurements with constant covariance that constrain the same observables are combined once by generalised least squares.
With measurements d = A o + noise of covariance S, information F = A^T S^-1 A and o_eff = F^-1 A^T S^-1 d,

    (d - A o)^T S^-1 (d - A o) = (o_eff - o)^T F (o_eff - o) + constant

holds for every o. As the theory error of a measurement comes through its observable only, the combination stays exact
with it. Nothing here knows where the numbers come from.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.errors import InputError

__all__ = ["CombinedGaussian", "GaussianTerm", "check_positive_definite", "combine", "joint_covariance"]

Real = NDArray[np.float64]
Index = NDArray[np.intp]

_SMALLEST_EIGENVALUE = 1e-10  # of a correlation matrix: below it the inverse has lost its digits


@dataclass(frozen=True, slots=True, eq=False)
class GaussianTerm:
    """One entry with Gaussian errors.

    Attributes
    ----------
    columns : (m,) int
        Which observable each number measures.
    central : (m,) array
    above, below : (m, m) array
        Covariance with the upward errors (predictions above the centre) and with the downward ones.
    mixed : (m, m) array
        Element [i, j] belongs to i above and j below; equal to both others if the errors are symmetric.
    """

    id: str
    columns: Index
    central: Real
    above: Real
    below: Real
    mixed: Real

    @property
    def symmetric(self) -> bool:
        """Whether the covariance is the same on both sides."""
        return bool(np.array_equal(self.above, self.below))

    @property
    def errors(self) -> Real:
        """Total errors, (m,): the roots of the mean of the two variances."""
        return np.asarray(np.sqrt(0.5 * (np.diag(self.above) + np.diag(self.below))))

    @classmethod
    def with_covariance(cls, identifier: str, columns: Sequence[int], central: Real, covariance: Real) -> GaussianTerm:
        """A term with symmetric errors."""
        where = np.asarray(columns, dtype=np.intp)
        return cls(identifier, where, np.asarray(central, dtype=np.float64), covariance, covariance, covariance)


@dataclass(frozen=True, slots=True, eq=False)
class CombinedGaussian:
    """All symmetric terms in the space of observables: chi2 = constant + (o - central)^T covariance^-1 (o - central).

    Attributes
    ----------
    columns : (n,) int
        The observables constrained, each once.
    """

    columns: Index
    central: Real
    covariance: Real
    constant: float


def combine(terms: Sequence[GaussianTerm], between: Mapping[tuple[str, str], Real] | None = None) -> CombinedGaussian:
    """Combine terms with symmetric errors by generalised least squares.

    Parameters
    ----------
    terms : sequence of GaussianTerm
    between : mapping of (id, id) to array, optional
        Covariance of the numbers of one term with those of another.

    Raises
    ------
    InputError
        A covariance matrix that is not positive definite; the message names the entry, or the entries correlated.
    """
    if not terms:
        empty = np.zeros(0)
        return CombinedGaussian(np.zeros(0, dtype=np.intp), empty, np.zeros((0, 0)), 0.0)
    for term in terms:
        check_positive_definite(term.above, f"measurement {term.id!r}")
    columns, positions = np.unique(np.concatenate([term.columns for term in terms]), return_inverse=True)
    central = np.concatenate([term.central for term in terms])
    covariance = joint_covariance(terms, between or {})
    scale = np.sqrt(np.diag(covariance))
    check_positive_definite(covariance, _correlated_entries(terms, between or {}))
    inverse = np.linalg.inv(covariance / np.outer(scale, scale)) / np.outer(scale, scale)
    design = np.zeros((len(central), len(columns)))
    design[np.arange(len(central)), positions] = 1.0
    information = design.T @ inverse @ design
    size = np.sqrt(np.diag(information))  # standardised before inversion: observables differ by many orders of magnitude
    combined = np.linalg.inv(information / np.outer(size, size)) / np.outer(size, size)
    combined = 0.5 * (combined + combined.T)
    best = combined @ (design.T @ (inverse @ central))
    rest = central - design @ best
    return CombinedGaussian(columns.astype(np.intp), best, combined, float(rest @ inverse @ rest))


def _correlated_entries(terms: Sequence[GaussianTerm], between: Mapping[tuple[str, str], Real]) -> str:
    """Who is to blame if the joint matrix is not positive definite: one pair if it is so alone, else all of them."""
    by_id = {term.id: term for term in terms}
    pairs = [pair for pair in between if pair[0] in by_id and pair[1] in by_id]
    for pair in pairs:
        matrix = joint_covariance([by_id[pair[0]], by_id[pair[1]]], {pair: between[pair]})
        scale = np.sqrt(np.diag(matrix))
        if float(np.linalg.eigvalsh(matrix / np.outer(scale, scale))[0]) < _SMALLEST_EIGENVALUE:
            pairs = [pair]
            break
    # many pairs are a list nobody reads: the entries are enough then
    each = [f"{first!r} with {second!r}" for first, second in pairs]
    named = each if len(pairs) <= 3 else sorted({repr(name) for pair in pairs for name in pair})
    return f"measurements correlated by shared systematics or by relations.correlated_with ({', '.join(named)})"


def joint_covariance(terms: Sequence[GaussianTerm], between: Mapping[tuple[str, str], Real]) -> Real:
    """Covariance of all numbers of `terms`, block by block, with the covariances between terms where given."""
    sizes = [len(term.central) for term in terms]
    starts = np.concatenate([[0], np.cumsum(sizes)])
    covariance = np.zeros((starts[-1], starts[-1]))
    where = {term.id: slice(starts[k], starts[k + 1]) for k, term in enumerate(terms)}
    for k, term in enumerate(terms):
        covariance[starts[k] : starts[k + 1], starts[k] : starts[k + 1]] = 0.5 * (term.above + term.below)
    for (first, second), block in between.items():
        if first in where and second in where:
            covariance[where[first], where[second]] = block
            covariance[where[second], where[first]] = block.T
    return covariance


def check_positive_definite(covariance: Real, what: str) -> None:
    """Raise `InputError` about `what` unless errors are positive and the correlation matrix has positive eigenvalues."""
    errors = np.sqrt(np.diag(covariance))
    if not np.all(np.isfinite(covariance)) or np.any(errors <= 0):
        msg = f"{what}: every error must be positive and finite"
        raise InputError(msg)
    smallest = float(np.linalg.eigvalsh(covariance / np.outer(errors, errors))[0])
    if smallest < _SMALLEST_EIGENVALUE:
        msg = f"{what}: the correlation matrix is not positive definite (smallest eigenvalue {smallest:.2g})"
        raise InputError(msg)
