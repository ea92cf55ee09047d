"""MINOS: the distances at which chi2 rises by one after minimising over all other parameters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from fitlq.fitting.minimisation import LocalMinimum
from fitlq.fitting.objective import Objective

__all__ = ["MinosErrors", "minos_errors"]


@dataclass(frozen=True, slots=True)
class MinosErrors:
    """(minus, plus) by parameter, both positive; and what is to be said about them."""

    intervals: dict[str, tuple[float, float]] = field(default_factory=dict)
    remarks: tuple[str, ...] = ()


def minos_errors(objective: Objective, best: LocalMinimum) -> MinosErrors:
    """Run MINOS for every parameter that changes something; where it gets lost, once more with Minuit's own gradient."""
    if not best.minuit.valid:
        return MinosErrors(remarks=("MINOS needs a valid minimum and was left out",))
    intervals: dict[str, tuple[float, float]] = {}
    remarks: list[str] = []
    for name, moves in zip(objective.names, objective.moving, strict=True):
        if not moves:
            continue
        best.minuit.minos(name)
        error = best.minuit.merrors[name]
        if not error.is_valid:
            error = _again(objective, best, name)
        intervals[name] = (abs(error.lower), abs(error.upper))
        if not error.is_valid:
            remarks.append(f"MINOS failed for {name}: HESSE's error stands in its place")
        elif error.at_lower_limit or error.at_upper_limit:
            remarks.append(f"MINOS reached the end of the range of {name}: its interval is cut there")
        elif error.at_lower_max_fcn or error.at_upper_max_fcn:
            remarks.append(f"MINOS ran out of calls for {name}")
    return MinosErrors(intervals, tuple(remarks))


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
