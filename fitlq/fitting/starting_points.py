"""Where to start: chi2 (with frozen theory errors) at many quasi-random points, and the best of them that lie apart."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fitlq.fitting.objective import Objective

__all__ = ["candidates", "quasi_random_points"]

Real = NDArray[np.float64]

_APART = 0.08  # distance between candidates in the unit cube of ranges, per square root of dimensions


def quasi_random_points(objective: Objective, count: int, seed: int) -> Real:
    """Scrambled Sobol points over the ranges, (count, n); parameters with a log prior are spread in their logarithm."""
    from scipy.stats import qmc

    n = len(objective.names)
    generator = np.random.default_rng(seed)
    exponent = max(int(np.ceil(np.log2(max(count, 2)))), 1)
    unit = qmc.Sobol(n, scramble=True, seed=generator).random_base2(exponent)[:count]
    return from_unit_cube(objective, unit)


def from_unit_cube(objective: Objective, unit: Real) -> Real:
    """Unit cube -> ranges."""
    low, high, log = _coordinates(objective)
    inner = low + (high - low) * unit
    return np.clip(np.where(log, np.exp(np.where(log, inner, 0.0)), inner), objective.lower, objective.upper)


def to_unit_cube(objective: Objective, points: Real) -> Real:
    """Ranges -> unit cube."""
    low, high, log = _coordinates(objective)
    inner = np.where(log, np.log(np.where(log, points, 1.0)), points)
    return np.asarray((inner - low) / (high - low))


def candidates(objective: Objective, points: Real, count: int) -> Real:
    """The best `count` of the points, none of them close to a better one, best first; (m, n) with m <= count."""
    chi2 = objective.rough_chi2(points)
    order = np.argsort(np.where(np.isfinite(chi2), chi2, np.inf), kind="stable")[: int(np.isfinite(chi2).sum())]
    unit = to_unit_cube(objective, points[order])
    limit = _APART * np.sqrt(points.shape[1])
    apart = np.ones(len(order), dtype=bool)
    chosen: list[int] = []
    while len(chosen) < count and apart.any():
        first = int(np.argmax(apart))
        chosen.append(int(order[first]))
        apart &= np.linalg.norm(unit - unit[first], axis=1) > limit
    return points[chosen]


def _coordinates(objective: Objective) -> tuple[Real, Real, NDArray[np.bool_]]:
    log = objective.logarithmic
    low = np.where(log, np.log(np.where(log, objective.lower, 1.0)), objective.lower)
    high = np.where(log, np.log(np.where(log, objective.upper, 1.0)), objective.upper)
    return low, high, log
