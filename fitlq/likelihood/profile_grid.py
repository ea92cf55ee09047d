"""A profile likelihood in one or two parameters tabulated where it matters: as few minimisations as the accuracy allows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

__all__ = ["profile_table"]

Real = NDArray[np.float64]
Profile = Callable[[Sequence[float]], float]

_REACH = 36.0  # the table ends where -2 ln L is this far above its minimum (six standard deviations): beyond, a straight line
_ACCURACY = 2e-5  # of the interpolation, relative to 1 + the distance from the minimum
_FIRST_INTERVALS, _MOST_POINTS = 8, 200
_COARSE, _FINE = 25, 201  # points per axis in two dimensions: computed, and of the smooth surface through them
_STEPS = 60


def profile_table(
    profile: Profile, bounds: Sequence[tuple[float, float]], single: Sequence[Profile] = ()
) -> tuple[tuple[Real, ...], Real]:
    """Axes and -2 ln L (0 at the smallest), in one or two parameters.

    Parameters
    ----------
    profile : callable
        ``profile(values)`` is -2 ln L at given values of the parameters.
    bounds : sequence of (lower, upper)
        Ranges of the parameters. The lower ends are respected; the upper ones are passed where -2 ln L is not yet large, as
        predictions of new physics may lie there.
    single : sequence of callable
        For two parameters: the profile of each of them alone, the other one being at its best.
    """
    if len(bounds) == 1:
        alone = _of_one(profile)
        points, values = _adaptive(alone, *_ends(alone, *bounds[0]))
        return (points,), values - values.min()
    ends = [_ends(_of_one(along), *bound) for along, bound in zip(single, bounds, strict=True)]
    return _surface(profile, [np.linspace(first, last, _COARSE) for first, _, last in ends])


def _of_one(profile: Profile) -> Callable[[float], float]:
    return lambda x: profile([x])


def _ends(profile: Callable[[float], float], lower: float, upper: float) -> tuple[float, float, float]:
    """(first point, minimum, last point) of a table of a function of one parameter."""
    from scipy.optimize import minimize_scalar

    # seeds the bounded search, which alone can miss a minimum that is narrow beside the range
    trial = np.linspace(lower, upper, 9)
    values = np.array([profile(float(x)) for x in trial])
    k = int(np.argmin(values))
    around = trial[max(k - 1, 0)], trial[min(k + 1, len(trial) - 1)]
    found = minimize_scalar(profile, bounds=around, method="bounded", options={"xatol": 1e-3 * (upper - lower)})
    best, least = (float(found.x), float(found.fun)) if found.fun < values[k] else (float(trial[k]), float(values[k]))
    step = 0.02 * (upper - lower)
    last, distance = best, step
    for _ in range(_STEPS):
        last = best + distance
        if profile(last) - least > _REACH or distance > 10 * (upper - lower):
            break
        distance *= 1.5
    first, distance = best, step
    for _ in range(_STEPS):
        first = max(best - distance, lower)
        if first == lower or profile(first) - least > _REACH:
            break
        distance *= 1.5
    return first, best, last


def _adaptive(profile: Callable[[float], float], first: float, best: float, last: float) -> tuple[Real, Real]:
    """Points between which cubic interpolation is accurate: intervals are halved where it is not."""
    from scipy.interpolate import CubicSpline

    points = sorted({*np.linspace(first, last, _FIRST_INTERVALS + 1).tolist(), best})
    known = {x: profile(x) for x in points}
    waiting = list(pairwise(points))
    while waiting and len(known) < _MOST_POINTS:
        nodes = np.array(sorted(known))
        spline = CubicSpline(nodes, [known[x] for x in nodes])
        least = min(known.values())
        middles = [0.5 * (a + b) for a, b in waiting]
        guessed = [float(spline(x)) for x in middles]
        halves: list[tuple[float, float]] = []
        for (a, b), x, guess in zip(waiting, middles, guessed, strict=True):
            known[x] = profile(x)
            if abs(known[x] - guess) > _ACCURACY * (1.0 + known[x] - least):
                halves += [(a, x), (x, b)]
        waiting = halves
    nodes = np.array(sorted(known))
    return nodes, np.array([known[x] for x in nodes])


def _surface(profile: Profile, axes: Sequence[Real]) -> tuple[tuple[Real, ...], Real]:
    from scipy.interpolate import RectBivariateSpline

    table = np.empty((_COARSE, _COARSE))
    for i, x in enumerate(axes[0]):
        # back and forth: each minimisation starts at the minimum of a neighbour
        for j in range(_COARSE) if i % 2 == 0 else reversed(range(_COARSE)):
            table[i, j] = profile([float(x), float(axes[1][j])])
    smooth = RectBivariateSpline(axes[0], axes[1], table)
    first, second = (np.linspace(axis[0], axis[-1], _FINE) for axis in axes)
    values = np.asarray(smooth(first, second))
    return (first, second), values - values.min()
