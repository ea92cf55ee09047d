"""Likelihoods published on a grid in one or two observables, interpolated as -2 ln L.

One dimension: monotone cubic (PCHIP) interpolation; two: bilinear. Outside the grid -2 ln L continues from the nearest point
of its edge linearly with the last outward slope along each axis, so that a fit which starts there finds back; where it falls
outwards it stays constant, as nothing is known about how far it would fall. Points of vanishing likelihood are dropped in
one dimension and raised to the largest finite -2 ln L in two.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.errors import InputError

__all__ = ["GridTerm", "grid_term"]

Real = NDArray[np.float64]

_CONTINUATION = "constant or rising outside"  # part of the fingerprint: another continuation is another likelihood


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
    content_hash : str
        Fingerprint of axes and values.
    """

    id: str
    columns: NDArray[np.intp]
    interpolate: Callable[[Real], Real]
    best: Real
    content_hash: str


def grid_term(
    identifier: str, columns: list[int], axes: tuple[Real, ...], values: Real, meaning: str, *, smooth: bool = False
) -> GridTerm:
    """Build the interpolation.

    Parameters
    ----------
    axes : tuple of (n_k,) arrays
        Increasing.
    values : array of shape (n_0, ...)
    meaning : str
        ``likelihood...``, ``delta_chi2...`` or ``minus2logL...``.
    smooth : bool
        The points were computed, not read off a figure: in one dimension a cubic spline goes through them.

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
    if np.isfinite(table).sum() < 3 or min(shape) < 2:
        msg = f"{where}: fewer than three points with a likelihood above zero, or an axis of one point"
        raise InputError(msg)
    table = table - table.min()
    position = np.unravel_index(int(np.argmin(table)), shape)
    best = np.array([axis[k] for axis, k in zip(axes, position, strict=True)])
    interpolate = _one_dimension(axes[0], table, smooth) if len(axes) == 1 else _two_dimensions(axes, table)
    content = b"".join(np.ascontiguousarray(array, dtype=np.float64).tobytes() for array in (*axes, table))
    fingerprint = hashlib.sha256(f"{_CONTINUATION} {shape} ".encode() + content).hexdigest()
    return GridTerm(identifier, np.asarray(columns, dtype=np.intp), interpolate, best, fingerprint)


def _minus_two_log(values: Real, meaning: str) -> Real:
    if not meaning.startswith("likelihood"):
        return values
    with np.errstate(divide="ignore"):
        return np.where(values > 0, -2.0 * np.log(np.where(values > 0, values, 1.0)), np.inf)


def _one_dimension(axis: Real, table: Real, smooth: bool) -> Callable[[Real], Real]:
    from scipy.interpolate import CubicSpline, PchipInterpolator

    finite = np.isfinite(table)
    x, y = axis[finite], table[finite]
    inner = CubicSpline(x, y) if smooth else PchipInterpolator(x, y)
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
    inner = RegularGridInterpolator(axes, filled, method="linear", bounds_error=False)

    def interpolate(predictions: Real) -> Real:
        nearest = np.stack([np.clip(predictions[..., k], axis[0], axis[-1]) for k, axis in enumerate(axes)], axis=-1)
        at_edge = value = np.asarray(inner(nearest), dtype=np.float64)
        for k, axis in enumerate(axes):
            for edge, neighbour in ((axis[0], axis[1]), (axis[-1], axis[-2])):
                distance = np.maximum((predictions[..., k] - edge) / np.sign(edge - neighbour), 0.0)
                if distance.any():
                    inward = nearest.copy()
                    inward[..., k] = np.where(distance > 0, neighbour, nearest[..., k])
                    slope = (at_edge - np.asarray(inner(inward))) / abs(edge - neighbour)
                    value = value + np.maximum(slope, 0.0) * distance
        return value

    return interpolate
