"""The other forms a result can take: limits, counts, numerical likelihoods, external models, mass exclusions.

All are immutable, hold canonical units (GeV and powers) and can be restricted to some of their observables, except
an external model, which is read as a whole by its adapter.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fitlq.measurements.gaussian import ErrorComponent, GaussianData

__all__ = ["Bound", "CountingChannel", "CountingData", "Data", "ExclusionData", "ExternalData", "GridData", "LimitData"]

Real = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class LimitData:
    """Upper or lower limits at one confidence level; arrays are (n,), None where nothing was published.

    Attributes
    ----------
    cl : float
        Confidence level, 0 < cl < 1.
    upper, lower, expected : (n,) array or None
        The limit, and the median expected one.
    central, errors
        Best value and errors, when the paper gives them besides the limit.
    n_obs, n_bkg, bkg_err, ses : (n,) array or None
        Observed events, expected background and its error, single event sensitivity.
    ses_err : tuple of float
        Errors of the single event sensitivity, as published.
    model : str or None
        What the limit assumes.
    also : tuple of (float, (n,) array)
        The same upper limits at further confidence levels.
    """

    cl: float
    upper: Real | None = None
    lower: Real | None = None
    expected: Real | None = None
    central: Real | None = None
    errors: tuple[ErrorComponent, ...] = ()
    n_obs: Real | None = None
    n_bkg: Real | None = None
    bkg_err: Real | None = None
    ses: Real | None = None
    ses_err: tuple[float, ...] = ()
    model: str | None = None
    also: tuple[tuple[float, Real], ...] = ()

    def restricted(self, indices: Sequence[int]) -> LimitData:
        """The same for some of the observables."""
        chosen = list(indices)
        names = ("upper", "lower", "expected", "central", "n_obs", "n_bkg", "bkg_err", "ses")
        arrays: dict[str, Any] = {name: getattr(self, name)[chosen] for name in names if getattr(self, name) is not None}
        errors = tuple(component.restricted(chosen) for component in self.errors)
        return replace(self, **arrays, errors=errors, also=tuple((cl, upper[chosen]) for cl, upper in self.also))


@dataclass(frozen=True, slots=True)
class CountingChannel:
    """Counts behind one limit: observed events, background or signal estimate, error of the background.

    `ses` is the value of the observable that makes one expected event; without it the published limit `upper` fixes the scale
    between events and the observable.
    """

    n_obs: float
    n_bkg: float | None = None
    n_sig: float | None = None
    bkg_err: float | None = None
    upper: float | None = None
    ses: float | None = None


@dataclass(frozen=True, slots=True)
class CountingData:
    """One channel per observable, and the confidence level of the limits in them (None if there are none)."""

    cl: float | None
    channels: tuple[CountingChannel, ...]

    def restricted(self, indices: Sequence[int]) -> CountingData:
        """The same for some of the observables."""
        return CountingData(self.cl, tuple(self.channels[i] for i in indices))


@dataclass(frozen=True, slots=True, eq=False)
class GridData:
    """A likelihood on a grid: one axis per observable, values of shape (len(axis 0), len(axis 1), ...).

    `meaning` starts with ``likelihood``, ``delta_chi2`` or ``minus2logL``.
    """

    axes: tuple[Real, ...]
    values: Real
    meaning: str

    def restricted(self, indices: Sequence[int]) -> GridData:
        """The profile likelihood of some of the observables: the best value of the others at each point.

        For a Gaussian this is the same as leaving out their rows and columns of the covariance.
        """
        chosen = list(indices)
        if chosen == list(range(len(self.axes))):
            return self
        others = tuple(k for k in range(len(self.axes)) if k not in chosen)
        best = np.max if self.meaning.startswith("likelihood") else np.min
        profile = np.transpose(best(self.values, axis=others), np.argsort(np.argsort(chosen)))
        return GridData(tuple(self.axes[k] for k in chosen), profile, self.meaning)


@dataclass(frozen=True, slots=True)
class ExternalData:
    """A likelihood kept elsewhere (HistFactory model, HEPData table, EOS constraint), read by a named adapter.

    Attributes
    ----------
    format, ref, reads : str
        What it is, where it was published, what it holds; in words.
    file : str or None
        Path of the workspace (JSON, may be compressed: ``.gz``); None: there is nothing to read.
    sha256 : str or None
        Fingerprint of the file.
    measurement : str or None
        Which measurement of the workspace; None: its first.
    parameters : tuple of str
        The parameter of interest for each observable of the entry.
    per_unit : tuple of float
        Value of each observable where its parameter is 1; the observable is proportional to the parameter.
    """

    format: str
    ref: str
    reads: str | None = None
    file: str | None = None
    sha256: str | None = None
    measurement: str | None = None
    parameters: tuple[str, ...] = ()
    per_unit: tuple[float, ...] = ()

    def restricted(self, indices: Sequence[int]) -> ExternalData:
        """The same for some of the observables: the other parameters of interest are profiled like all others.

        Without a file the reference is to the whole model.
        """
        if self.file is None:
            return self
        chosen = list(indices)
        parameters = tuple(self.parameters[k] for k in chosen)
        return replace(self, parameters=parameters, per_unit=tuple(self.per_unit[k] for k in chosen))


@dataclass(frozen=True, slots=True)
class Bound:
    """One excluded range of a mass or coupling, and the conditions under which it is excluded.

    Attributes
    ----------
    quantity : str
    lower, upper : float or None
        The quantity must lie above `lower`, below `upper`.
    lower_range : (float, float) or None
        The lower bound goes from the first to the second number, depending on what the conditions leave open.
    upper_curve : mapping or None
        A bound that depends on a mass: name of the mass -> its values in GeV, `quantity` -> upper bound at each of them.
    conditions : mapping
        Spin, decay, branching ratio, coupling, model, ...: without them the bound means nothing.
    """

    quantity: str
    lower: float | None = None
    upper: float | None = None
    lower_range: tuple[float, float] | None = None
    upper_curve: Mapping[str, tuple[float, ...]] | None = None
    conditions: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ExclusionData:
    """Bounds on masses or couplings under conditions: cuts or steps, never Gaussians.

    Attributes
    ----------
    cl : float
    bounds : tuple of Bound
        The headline first, then the same search under other conditions.
    unit : str
        Unit of all bounds.
    """

    cl: float
    bounds: tuple[Bound, ...]
    unit: str = "1"

    def restricted(self, indices: Sequence[int]) -> ExclusionData:
        """An exclusion has one observable."""
        del indices
        return self


Data = GaussianData | LimitData | CountingData | GridData | ExternalData | ExclusionData
