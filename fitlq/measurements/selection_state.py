"""A selection while it is made: what is in play, and the reasons against all that is not."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from fitlq.measurements.entry import ObservableReference
from fitlq.measurements.family import Family, Quantity
from fitlq.measurements.reasons import Reason

__all__ = ["LeftOut", "Policy", "Remark", "Rules", "Selection"]

Policy = Literal["average", "individual"]


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One observable of one entry that is not used, and why.

    The reason is a `fitlq.measurements.reasons.Reason` unless it is a choice of the user.
    """

    entry_id: str
    reference: ObservableReference
    reason: str

    @property
    def observable(self) -> str:
        """Name of the observable as written in the entry."""
        return self.reference.name

    @property
    def args(self) -> dict[str, float | str]:
        """Arguments of the observable."""
        return self.reference.args


@dataclass(frozen=True, slots=True)
class Rules:
    """What to select by.

    Attributes
    ----------
    as_of : datetime.date
        Entries with a later date do not exist.
    policy : {"average", "individual"}
        Use averages and drop what is inside them, or the other way round.
    include : tuple of str
        Ids or wildcards of entries to use although they are off by default; ``unverified`` and ``projected`` mean all of
        that kind.
    representations : mapping
        Group -> name of the form to use instead of the default one.
    """

    as_of: datetime.date
    policy: Policy = "average"
    include: tuple[str, ...] = ()
    representations: Mapping[str, str] = field(default_factory=dict)


class Remark(NamedTuple):
    """A warning about a data set, and the entries it is about: of no interest to whoever uses none of them."""

    text: str
    entries: frozenset[str] = frozenset()


@dataclass(slots=True)
class Selection:
    """The pairs in play and the reasons against all others; filled step by step."""

    family: Family
    in_play: dict[str, list[int]] = field(default_factory=dict)
    reasons: dict[tuple[str, int], Reason] = field(default_factory=dict)
    warnings: list[Remark] = field(default_factory=list)
    _places: dict[Quantity, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for name, quantities in sorted(self.family.quantities.items()):
            for index, quantity in enumerate(quantities):
                self._places[quantity].append((name, index))

    def drop(self, name: str, index: int, reason: Reason) -> None:
        """Take one observable of an entry out of play."""
        self.in_play[name].remove(index)
        self.reasons[name, index] = reason

    def pairs(self, name: str) -> list[tuple[int, Quantity]]:
        """The observables of an entry in play: (index, quantity)."""
        return [(index, self.family.quantities[name][index]) for index in self.in_play.get(name, ())]

    def where(self, quantity: Quantity) -> list[tuple[str, int]]:
        """The pairs in play for one quantity."""
        return [(name, index) for name, index in self._places[quantity] if index in self.in_play.get(name, ())]

    def with_quantity(self) -> dict[Quantity, list[tuple[str, int]]]:
        """All pairs in play by quantity."""
        found: dict[Quantity, list[tuple[str, int]]] = defaultdict(list)
        for name in sorted(self.in_play):
            for index, quantity in self.pairs(name):
                found[quantity].append((name, index))
        return found

    def left_out(self) -> tuple[LeftOut, ...]:
        """Everything not in play, by entry id."""
        entries = self.family.everything
        return tuple(LeftOut(name, entries[name].observables[i], why) for (name, i), why in sorted(self.reasons.items()))
