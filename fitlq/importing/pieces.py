"""What a single number of another format says, before it becomes part of an entry."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from fitlq_theory.errors import InputError

__all__ = ["Counts", "Curve", "Limit", "NotExpressible", "Number", "Observable", "Piece"]


class NotExpressible(InputError):
    """The measurement schema has no form for this; the message says why."""


@dataclass(frozen=True, slots=True)
class Number:
    """A central value with errors (upward, downward), each source apart, in the order of the source."""

    central: float
    errors: tuple[tuple[float, float], ...]
    labels: tuple[str, ...] = ()
    """``stat``, ``syst``, ``ext`` or ``total`` of each error; empty: not said."""


@dataclass(frozen=True, slots=True)
class Limit:
    """An upper limit at a confidence level."""

    upper: float
    cl: float


@dataclass(frozen=True, slots=True)
class Counts:
    """A counting experiment; its scale is the upper limit (at `cl`), or the value of the observable per event."""

    n_obs: float
    n_bkg: float | None = None
    n_sig: float | None = None
    bkg_err: float | None = None
    upper: float | None = None
    cl: float | None = None
    per_event: float | None = None


@dataclass(frozen=True, slots=True)
class Curve:
    """A likelihood in one observable, tabulated: points increasing, values not negative."""

    points: tuple[float, ...]
    values: tuple[float, ...]


Piece = Number | Limit | Counts | Curve


@dataclass(frozen=True, slots=True)
class Observable:
    """The name and the arguments of what was measured."""

    name: str
    args: Mapping[str, Any] = field(default_factory=dict)

    @property
    def document(self) -> dict[str, Any]:
        """As an item of `observables`."""
        return {"name": self.name, "args": dict(self.args)} if self.args else {"name": self.name}

    def __str__(self) -> str:
        inside = ", ".join(
            f"{key}={value:g}" if isinstance(value, float) else f"{key}={value}" for key, value in self.args.items()
        )
        return f"{self.name}[{inside}]" if inside else self.name
