"""Local and global minimisation with Minuit.

MIGRAD runs from several candidates; a candidate from which the straight way to a minimum already found only descends is
skipped. Minima joined by a way without a barrier are one minimum.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fitlq.fitting.objective import Objective

if TYPE_CHECKING:
    from iminuit import Minuit

__all__ = ["LocalMinimum", "distinct", "minimise", "search", "with_neighbours"]

Real = NDArray[np.float64]

_WAY = np.linspace(0.0, 1.0, 25)
_ALWAYS_FOLLOWED = 10
_NO_BARRIER = 0.02  # in chi2
_TIE = 2e-3  # minima this close in chi2 are equally good; the choice between them must not depend on the start
_ROUNDS = 4
_EXPLORED = 6
_NEARLY_BEST = 4.0
_CLOUD = 128  # points around each


@dataclass(frozen=True, slots=True, eq=False)
class LocalMinimum:
    """One minimum found by MIGRAD."""

    chi2: float
    point: Real
    errors: Real
    valid: bool
    minuit: Minuit


def minimise(objective: Objective, start: Real, *, fine: bool, scale: Real | None = None, errors: bool = False) -> LocalMinimum:
    """MIGRAD from one point.

    Parameters
    ----------
    fine : bool
        To 2e-6 in chi2 instead of 2e-4.
    scale : (n,) array, optional
        Distances over which chi2 changes by about one, if known; they set the steps.
    errors : bool
        Careful MIGRAD (strategy 1) and HESSE, for the covariance.
    """
    from iminuit import Minuit

    if scale is None or not np.all(np.isfinite(scale) & (scale > 0)):
        scale = objective.scale_at(start)
    # a start on the edge of a range is a stationary point of Minuit's inner variable
    margin = 1e-6 * (objective.upper - objective.lower)
    inner = np.clip(start, objective.lower + margin, objective.upper - margin)
    inner = np.where(objective.moving, inner, objective.start)
    minuit: Any = Minuit(objective.value, inner, grad=lambda x: objective.gradient(x, scale), name=objective.names)
    minuit.errordef = Minuit.LEAST_SQUARES
    minuit.limits = list(zip(objective.lower, objective.upper, strict=True))
    minuit.errors = scale
    minuit.fixed = list(~objective.moving)
    minuit.strategy = 1 if errors else 0
    minuit.tol = 1e-3 if fine else 0.1
    minuit.print_level = 0
    minuit.migrad()
    if errors:
        minuit.hesse()
    found = np.array(minuit.errors)
    usable = np.where(np.isfinite(found) & (found > 0), found, scale)  # a quick MIGRAD may end without errors
    return LocalMinimum(float(minuit.fval), np.array(minuit.values), usable, bool(minuit.valid), minuit)


def search(objective: Objective, starts: Real) -> list[LocalMinimum]:
    """Distinct local minima reached from `starts` (m, n), best first.

    The first few starts (2^n, at most 10) are always followed: a straight way that descends does not prove that MIGRAD would
    end where it leads, and in several dimensions valleys curve.
    """
    found: list[LocalMinimum] = []
    always = min(2 ** starts.shape[1], _ALWAYS_FOLLOWED)
    for k, start in enumerate(starts):
        if k >= always and any(_only_descends(objective, start, minimum.point) for minimum in found):
            continue
        found.append(minimise(objective, start, fine=False))
    return distinct(objective, found)


def with_neighbours(objective: Objective, minima: list[LocalMinimum], seed: int) -> list[LocalMinimum]:
    """Look around the low-lying minima for lower ones next to them (a double well the coarse search saw as one)."""
    generator = np.random.default_rng(seed)
    for _ in range(_ROUNDS):
        new: list[LocalMinimum] = []
        for minimum in [one for one in minima if one.chi2 < minima[0].chi2 + _NEARLY_BEST][:_EXPLORED]:
            width = np.where(objective.moving, np.minimum(3.0 * minimum.errors, objective.upper - objective.lower), 0.0)
            cloud = minimum.point + width * generator.normal(size=(_CLOUD, len(width)))
            cloud = np.clip(cloud, objective.lower, objective.upper)
            chi2 = objective.chi2(cloud)
            start = cloud[int(np.argmin(chi2))]
            known = [*minima, *new]
            if chi2.min() < minimum.chi2 - _NO_BARRIER and not any(_only_descends(objective, start, k.point) for k in known):
                new.append(minimise(objective, start, fine=True))
        if not new:
            break
        minima = distinct(objective, [*minima, *new])
    return minima


def distinct(objective: Objective, minima: list[LocalMinimum]) -> list[LocalMinimum]:
    """Drop minima that are joined to a better one without a barrier; best first, ties in a fixed order."""
    kept: list[LocalMinimum] = []
    for minimum in sorted(minima, key=lambda one: one.chi2):
        if not any(_joined(objective, minimum, other) for other in kept):
            kept.append(minimum)
    if not kept:
        return []
    span = objective.upper - objective.lower
    tied = [one for one in kept if one.chi2 <= kept[0].chi2 + _TIE]
    tied.sort(key=lambda one: _preference(one.point, objective.start, span))
    return [*tied, *kept[len(tied) :]]


def _preference(point: Real, start: Real, span: Real) -> tuple[float, ...]:
    """Among equally good minima: the one nearest to the model's defaults, then the one with the larger first parameter."""
    away = (point - start) / span
    return (round(float(np.linalg.norm(away)), 3), *(-np.round(away, 3)).tolist())


def _only_descends(objective: Objective, start: Real, minimum: Real) -> bool:
    chi2 = objective.chi2(start + _WAY[:, None] * (minimum - start))
    return bool(np.all(np.diff(chi2) <= _NO_BARRIER))


def _joined(objective: Objective, one: LocalMinimum, other: LocalMinimum) -> bool:
    chi2 = objective.chi2(one.point + _WAY[:, None] * (other.point - one.point))
    return bool(chi2.max() <= max(one.chi2, other.chi2) + _NO_BARRIER)
