"""MINOS: the distances at which chi2 rises by one after minimising over all other parameters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from fitlq.fitting.minimisation import LocalMinimum
from fitlq.fitting.objective import Objective

__all__ = ["MinosErrors", "minos_errors"]

_NO_ROOM = 1e-3  # of the HESSE error: closer to the end of its range, the side needs no MINOS, it is cut


@dataclass(frozen=True, slots=True)
class MinosErrors:
    """(minus, plus) by parameter, both positive and inside the range; and what is to be said about them."""

    intervals: dict[str, tuple[float, float]] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Side:
    """One side of an interval as MINOS left it."""

    distance: float
    valid: bool
    at_the_end: bool
    out_of_calls: bool


def minos_errors(objective: Objective, best: LocalMinimum) -> MinosErrors:
    """Run MINOS for every parameter that changes something; where it gets lost, once more with Minuit's own gradient.

    Each side is judged alone: it ends at the end of the range at the latest, and where MINOS fails HESSE's error stands in.
    """
    if not best.minuit.valid:
        return MinosErrors(remarks=("MINOS needs a valid minimum and was left out",))
    intervals: dict[str, tuple[float, float]] = {}
    remarks: list[str] = []
    for k, name in enumerate(objective.names):
        if not objective.moving[k]:
            continue
        hesse = float(best.minuit.errors[name])
        rooms = (float(best.point[k] - objective.lower[k]), float(objective.upper[k] - best.point[k]))
        best.minuit.minos(name)
        sides = _sides(best.minuit.merrors[name])
        if any(not side.valid and room > _NO_ROOM * hesse for side, room in zip(sides, rooms, strict=True)):
            again = _sides(_again(objective, best, name))
            sides = (sides[0] if sides[0].valid else again[0], sides[1] if sides[1].valid else again[1])
        below, above = (_judged(side, room, hesse) for side, room in zip(sides, rooms, strict=True))
        intervals[name] = (below[0], above[0])
        remarks += _remarks(name, below[1], above[1])
    return MinosErrors(intervals, tuple(remarks))


def _sides(error: Any) -> tuple[_Side, _Side]:
    return (
        _Side(abs(error.lower), error.lower_valid, error.at_lower_limit, error.at_lower_max_fcn),
        _Side(abs(error.upper), error.upper_valid, error.at_upper_limit, error.at_upper_max_fcn),
    )


def _judged(side: _Side, room: float, hesse: float) -> tuple[float, str]:
    """The distance on one side, never beyond the end of the range, and in a word what happened."""
    if not side.valid and room > _NO_ROOM * hesse:
        return min(hesse if np.isfinite(hesse) else room, room), "failed"
    if not side.valid or side.at_the_end:
        return room, "cut"
    return min(side.distance, room), "calls" if side.out_of_calls else ""


def _remarks(name: str, below: str, above: str) -> list[str]:
    remarks = [
        f"MINOS failed {where} the best {name}: HESSE's error stands in its place"
        for where, state in (("below", below), ("above", above))
        if state == "failed"
    ]
    if "cut" in (below, above):
        remarks.append(f"MINOS reached the end of the range of {name}: its interval is cut there")
    if "calls" in (below, above):
        remarks.append(f"MINOS ran out of calls for {name}")
    return remarks


def _again(objective: Objective, best: LocalMinimum, name: str) -> Any:
    from iminuit import Minuit

    minuit: Any = Minuit(objective.value, best.point, name=objective.names)
    minuit.errordef = Minuit.LEAST_SQUARES
    minuit.limits = list(zip(objective.lower, objective.upper, strict=True))
    minuit.errors = best.errors
    minuit.fixed = list(~objective.moving)
    minuit.strategy = 1
    minuit.migrad()
    if minuit.valid:
        minuit.minos(name)
    return minuit.merrors[name] if name in minuit.merrors else best.minuit.merrors[name]
