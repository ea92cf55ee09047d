"""Which parameters of a model are free, in which range, and how points of the free ones become points of all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fitlq_theory.contracts import Parameter
from fitlq_theory.errors import InputError, UnknownNameError
from fitlq_theory.naming import unknown_name_message

__all__ = ["FreeChoice", "FreeParameters", "choose_free_parameters"]

Real = NDArray[np.float64]
Range = tuple[float, float]
FreeChoice = Iterable[str] | Mapping[str, Range | None]


@dataclass(frozen=True, slots=True, eq=False)
class FreeParameters:
    """The split of a model's parameters into free and fixed ones.

    Attributes
    ----------
    free : tuple of Parameter
        With the range in force; the order of the columns of points.
    fixed : mapping of str to float
        Values of all others.
    columns : (n,) int
        Where the free ones stand among all parameters of the model.
    base : (n_parameters,) array
        All parameters at their fixed or starting value.
    lower, upper : (n,) array
        Ranges of the free ones.
    """

    free: tuple[Parameter, ...]
    fixed: Mapping[str, float]
    columns: NDArray[np.intp]
    base: Real
    lower: Real
    upper: Real

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the free parameters."""
        return tuple(parameter.name for parameter in self.free)

    @property
    def start(self) -> Real:
        """Starting values of the free parameters, (n,)."""
        return self.base[self.columns]

    def as_points(self, points: ArrayLike) -> Real:
        """Check the shape: (n,) or (N, n) -> (N, n) float array."""
        try:
            array = np.asarray(points, dtype=np.float64)
        except (TypeError, ValueError):
            msg = f"points must be numbers in the columns {', '.join(self.names)}; found {points!r}"
            raise InputError(msg) from None
        if array.ndim == 1:
            array = array[None, :]
        if array.ndim != 2 or array.shape[1] != len(self.free):
            msg = (
                f"points must have the shape (N, {len(self.free)}) or ({len(self.free)},) with the columns "
                f"{', '.join(self.names)}; found shape {np.shape(points)}"
            )
            raise InputError(msg)
        return array

    def embed(self, points: Real) -> Real:
        """Free columns (N, n) -> all parameters (N, n_parameters)."""
        full = np.empty((len(points), len(self.base)))
        full[:] = self.base
        full[:, self.columns] = points
        return full

    def inside(self, points: Real) -> NDArray[np.bool_]:
        """Whether each of the points (N, n) lies inside all ranges, (N,)."""
        return np.asarray(((points >= self.lower) & (points <= self.upper)).all(axis=1))


def choose_free_parameters(
    parameters: Iterable[Parameter], fix: Mapping[str, float] | None = None, free: FreeChoice | None = None
) -> FreeParameters:
    """Apply the user's choices to a model's own.

    Parameters
    ----------
    parameters : iterable of Parameter
        All parameters of the model.
    fix : mapping of str to float
        Parameters to hold at a value.
    free : iterable of names, or mapping of name to (low, high) or None
        Parameters to vary besides those the model leaves free, or ranges narrower than the model's.

    Raises
    ------
    InputError
        Unknown name, a parameter both fixed and free, a value or range outside the allowed one, low >= high.
    """
    everything = tuple(parameters)
    known = {parameter.name: parameter for parameter in everything}
    fixed_values = {name: _number(name, value) for name, value in (fix or {}).items()}
    ranges = _ranges(free)
    for name in (*fixed_values, *ranges):
        if name not in known:
            raise UnknownNameError(unknown_name_message("parameter", name, known))
    for name, value in fixed_values.items():
        if name in ranges:
            msg = f"parameter {name!r} is both fixed (at {value:g}) and free; choose one"
            raise InputError(msg)
        _check_value(known[name], value)
    chosen = [
        _with_range(parameter, ranges.get(parameter.name))
        for parameter in everything
        if parameter.name in ranges or (parameter.free and parameter.name not in fixed_values)
    ]
    free_names = {parameter.name for parameter in chosen}
    starts = {parameter.name: parameter.default for parameter in chosen}
    fixed = {p.name: fixed_values.get(p.name, p.default) for p in everything if p.name not in free_names}
    return FreeParameters(
        free=tuple(chosen),
        fixed=fixed,
        columns=np.array([i for i, p in enumerate(everything) if p.name in free_names], dtype=np.intp),
        base=np.array([starts.get(p.name, fixed.get(p.name, p.default)) for p in everything], dtype=np.float64),
        lower=np.array([p.minimum for p in chosen], dtype=np.float64),
        upper=np.array([p.maximum for p in chosen], dtype=np.float64),
    )


def _ranges(free: FreeChoice | None) -> dict[str, Range | None]:
    if free is None:
        return {}
    if isinstance(free, str):
        return {free: None}
    if isinstance(free, Mapping):
        return dict(free)
    return dict.fromkeys(free)


def _number(name: str, value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float, np.integer, np.floating)) or not np.isfinite(value):
        msg = f"parameter {name!r}: the value must be a finite number, found {value!r}"
        raise InputError(msg)
    return float(value)


def _check_value(parameter: Parameter, value: float) -> None:
    if not parameter.minimum <= value <= parameter.maximum:
        msg = (
            f"parameter {parameter.name!r}: {value:.10g} is outside its range "
            f"[{parameter.minimum:g}, {parameter.maximum:g}] {parameter.unit}".rstrip()
        )
        raise InputError(msg)


def _with_range(parameter: Parameter, wanted: Range | None) -> Parameter:
    if wanted is None:
        return replace(parameter, free=True)
    if not isinstance(wanted, (tuple, list)) or len(wanted) != 2:
        msg = f"parameter {parameter.name!r}: a range is two numbers (low, high), found {wanted!r}"
        raise InputError(msg)
    low, high = (_number(parameter.name, edge) for edge in wanted)
    if low >= high:
        msg = f"parameter {parameter.name!r}: the lower end {low:g} of the range must be below the upper end {high:g}"
        raise InputError(msg)
    for edge in (low, high):
        _check_value(parameter, edge)
    start = parameter.default
    if not low <= start <= high:
        start = float(np.sqrt(low * high)) if parameter.prior == "log" else 0.5 * (low + high)
    return replace(parameter, free=True, minimum=low, maximum=high, default=start)
