"""Gaussian data: central values, errors kept apart by kind and side, correlations kept apart by kind.

Scale and unit of the file are already applied. Nothing is symmetrised here: a likelihood asks for the covariance
matrix of the side it needs.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["ErrorComponent", "GaussianData", "SystematicSource", "combined_sources"]

Real = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class ErrorComponent:
    """One kind of error (``stat``, ``syst``, ``ext`` or ``total``): upward and downward, each (n,), not negative."""

    label: str
    plus: Real
    minus: Real

    def on_side(self, side: Real) -> Real:
        """The error of each observable on its side, (..., n): `plus` where `side` > 0, else `minus`."""
        return np.where(side > 0, self.plus, self.minus)

    def restricted(self, indices: Sequence[int]) -> ErrorComponent:
        """The same for some of the observables."""
        chosen = list(indices)
        return ErrorComponent(self.label, self.plus[chosen], self.minus[chosen])


@dataclass(frozen=True, slots=True, eq=False)
class SystematicSource:
    """What one source of systematic errors does to the numbers of an entry.

    Attributes
    ----------
    name : str
    errors : (n,) array
        Shift of each number when the source moves by one standard deviation; the sign is the direction.
    correlation : (n, n) array
        Between the shifts, before their signs: all 1 if the source is one quantity.
    shared : bool
        Whether the source of this name is the same in all entries that name it so.
    """

    name: str
    errors: Real
    correlation: Real
    shared: bool = False

    @property
    def covariance(self) -> Real:
        """(n, n): correlation times the errors with their signs."""
        return _scaled(self.correlation, self.errors)

    def restricted(self, indices: Sequence[int]) -> SystematicSource:
        """The same for some of the observables."""
        chosen = list(indices)
        return SystematicSource(self.name, self.errors[chosen], self.correlation[np.ix_(chosen, chosen)], self.shared)


def combined_sources(sources: Sequence[SystematicSource]) -> tuple[Real, Real]:
    """Quadratic sum of the errors (n,), and the correlation matrix (n, n) of the sum of all sources.

    A number that no source moves is uncorrelated with the others.
    """
    covariance = np.sum([source.covariance for source in sources], axis=0)
    errors = np.sqrt(np.diag(covariance))
    scale = np.where(errors > 0, errors, 1.0)
    correlation = covariance / np.outer(scale, scale)
    np.fill_diagonal(correlation, 1.0)
    return errors, correlation


@dataclass(frozen=True, slots=True, eq=False)
class GaussianData:
    """Central values with errors and correlations.

    Attributes
    ----------
    central : (n,) array
        Canonical units (GeV and powers).
    errors : tuple of ErrorComponent
    correlations : mapping
        ``stat``, ``syst``, ``ext``, ``total`` -> (n, n) matrix; those that were published, or that follow from the sources.
    sources : tuple of SystematicSource
        What the systematic errors come from, where that is known.
    """

    central: Real
    errors: tuple[ErrorComponent, ...]
    correlations: Mapping[str, Real] = field(default_factory=dict)
    sources: tuple[SystematicSource, ...] = ()

    @property
    def plus(self) -> Real:
        """Upward total error, (n,): quadratic sum of the components."""
        return self._total(np.ones_like(self.central))

    @property
    def minus(self) -> Real:
        """Downward total error, (n,), positive."""
        return self._total(-np.ones_like(self.central))

    @property
    def symmetric(self) -> bool:
        """Whether upward and downward errors agree for every component."""
        return all(bool(np.array_equal(component.plus, component.minus)) for component in self.errors)

    def covariance(self, side: ArrayLike | None = None) -> Real:
        """Covariance matrix for given sides of the errors.

        If a ``total`` correlation matrix is given it applies to the quadratic sum of all errors; otherwise the
        matrices apply to the errors they are named after, and an error without a matrix is uncorrelated.

        Parameters
        ----------
        side : (..., n) array of +-1, optional
            Which error of each observable to take: +1 the upward one, -1 the downward one. Where a prediction lies
            above the central value the upward error applies. None: the mean of both, component by component.

        Returns
        -------
        (..., n, n) array
        """
        total = self.correlations.get("total")
        if total is not None:
            return _scaled(total, self._total(side))
        shape = np.shape(side) if side is not None else self.central.shape
        result = np.zeros((*shape, self.central.size))
        identity = np.eye(self.central.size)
        for component in self.errors:
            result = result + _scaled(self.correlations.get(component.label, identity), _sided(component, side))
        return result

    def restricted(self, indices: Sequence[int]) -> GaussianData:
        """The same data for some of the observables, in the order of `indices` (marginal distribution)."""
        chosen = list(indices)
        return GaussianData(
            self.central[chosen],
            tuple(component.restricted(chosen) for component in self.errors),
            {label: matrix[np.ix_(chosen, chosen)] for label, matrix in self.correlations.items()},
            tuple(source.restricted(chosen) for source in self.sources),
        )

    def _total(self, side: ArrayLike | None) -> Real:
        squares = [_sided(component, side) ** 2 for component in self.errors]
        return np.asarray(np.sqrt(np.sum(squares, axis=0)), dtype=np.float64)


def _sided(component: ErrorComponent, side: ArrayLike | None) -> Real:
    if side is None:
        return 0.5 * (component.plus + component.minus)
    return component.on_side(np.asarray(side, dtype=np.float64))


def _scaled(correlation: Real, errors: Real) -> Real:
    return correlation * errors[..., :, None] * errors[..., None, :]
