"""Likelihoods published on a grid in one or two observables, interpolated as -2 ln L.

One dimension: monotone cubic (PCHIP) interpolation; two: bilinear. Outside the grid -2 ln L continues linearly with its last
slope, so that a fit which starts there finds back. Points of vanishing likelihood are dropped in one dimension and raised to
the largest finite -2 ln L in two.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.errors import InputError

__all__ = ["GridTerm", "grid_term"]

Real = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class GridTerm:
    """One likelihood on a grid.

    Attributes
    ----------
    columns : (d,) int
        The observables of the axes.
    interpolate : callable
        (..., d) -> -2 ln L (...), 0 at the best grid point.
    best : (d,) array
        The best grid point.
    """

    id: str
    columns: NDArray[np.intp]
    interpolate: Callable[[Real], Real]
    best: Real


def grid_term(identifier: str, columns: list[int], axes: tuple[Real, ...], values: Real, meaning: str) -> GridTerm:
    """Build the interpolation.

    Parameters
    ----------
    axes : tuple of (n_k,) arrays
        Increasing.
    values : array of shape (n_0, ...)
    meaning : str
        ``likelihood...``, ``delta_chi2...`` or ``minus2logL...``.

    Raises
    ------
    InputError
        More than two axes, axes that do not increase, shapes that do not match, or no usable point.
    """
    table = _minus_two_log(np.asarray(values, dtype=np.float64), meaning)
    where = f"measurement {identifier!r}: likelihood grid"
    shape = tuple(len(axis) for axis in axes)
    if len(axes) > 2:
        msg = f"{where}: grids in {len(axes)} observables are not supported, only one or two"
        raise InputError(msg)
    if table.size != int(np.prod(shape)) or any(np.any(np.diff(axis) <= 0) for axis in axes):
        msg = f"{where}: {table.size} values for axes of lengths {shape}, which must increase"
        raise InputError(msg)
    table = table.reshape(shape)
    if np.isfinite(table).sum() < 3:
        msg = f"{where}: fewer than three points with a likelihood above zero"
        raise InputError(msg)
    table = table - table.min()
    position = np.unravel_index(int(np.argmin(table)), shape)
    best = np.array([axis[k] for axis, k in zip(axes, position, strict=True)])
    interpolate = _one_dimension(axes[0], table) if len(axes) == 1 else _two_dimensions(axes, table)
    return GridTerm(identifier, np.asarray(columns, dtype=np.intp), interpolate, best)


def _minus_two_log(values: Real, meaning: str) -> Real:
    if not meaning.startswith("likelihood"):
        return values
    with np.errstate(divide="ignore"):
        return np.where(values > 0, -2.0 * np.log(np.where(values > 0, values, 1.0)), np.inf)


def _one_dimension(axis: Real, table: Real) -> Callable[[Real], Real]:
    from scipy.interpolate import PchipInterpolator

    finite = np.isfinite(table)
    x, y = axis[finite], table[finite]
    inner = PchipInterpolator(x, y)
    first, last = (y[1] - y[0]) / (x[1] - x[0]), (y[-1] - y[-2]) / (x[-1] - x[-2])

    def interpolate(predictions: Real) -> Real:
        value = predictions[..., 0]
        inside = np.clip(value, x[0], x[-1])
        below, above = np.minimum(value - x[0], 0.0), np.maximum(value - x[-1], 0.0)
        return np.asarray(inner(inside) + min(first, 0.0) * below + max(last, 0.0) * above)

    return interpolate


def _two_dimensions(axes: tuple[Real, ...], table: Real) -> Callable[[Real], Real]:
    from scipy.interpolate import RegularGridInterpolator

    filled = np.where(np.isfinite(table), table, table[np.isfinite(table)].max())
    inner = RegularGridInterpolator(axes, filled, method="linear", bounds_error=False, fill_value=None)

    def interpolate(predictions: Real) -> Real:
        return np.asarray(inner(predictions), dtype=np.float64)

    return interpolate
