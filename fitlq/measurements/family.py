"""Who replaces whom and who contains whom: the ties between entries, and which of them are usable on a day.

Everything here works on *quantities*: a pair of canonical observable name and arguments.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from fitlq.measurements.entry import Entry

__all__ = ["Family", "Quantity", "age", "combines", "order_of_quantity"]

Quantity = tuple[str, tuple[tuple[str, float | str], ...]]


def age(entry: Entry) -> tuple[datetime.date, str]:
    """Sort key: date, then id."""
    return (entry.date, entry.id)


def order_of_quantity(quantity: Quantity) -> tuple[str, tuple[tuple[str, Any], ...]]:
    """Sort key: by name, then by the lower edges of bins."""
    lower_first = sorted(quantity[1], key=lambda pair: (not pair[0].endswith("min"), pair[0]))
    return quantity[0], tuple((key, (isinstance(value, str), value)) for key, value in lower_first)


def combines(entry: Entry) -> bool:
    """Whether an entry holds results of others: every average, and whatever else names its `inputs`."""
    return entry.kind == "average" or bool(entry.relations.inputs)


@dataclass(frozen=True, slots=True)
class Family:
    """All entries, those usable on a day, and the ties between them.

    Attributes
    ----------
    everything : mapping
        All entries of the database by id.
    usable : mapping
        Those that may be used on the day, sorted by id.
    quantities : mapping
        Id -> quantity of each observable of the entry.
    siblings : mapping
        Id -> ids of all forms of the same data set (the representation group), itself included.
    replaced_by : mapping
        (id, quantity) -> ids of the usable entries that replace it directly, newest first.
    """

    everything: Mapping[str, Entry]
    usable: Mapping[str, Entry]
    quantities: Mapping[str, tuple[Quantity, ...]]
    siblings: Mapping[str, tuple[str, ...]]
    replaced_by: Mapping[tuple[str, Quantity], tuple[str, ...]]

    @classmethod
    def of(cls, entries: Mapping[str, Entry], usable: Callable[[Entry], bool], resolve: Callable[[str], str]) -> Family:
        """The ties between `entries`; `resolve` gives canonical names of observables."""
        kept = {name: entry for name, entry in sorted(entries.items()) if usable(entry)}
        quantities = {name: tuple((resolve(o.name), o.arguments) for o in entry.observables) for name, entry in entries.items()}
        siblings = _siblings(entries)
        replaced: dict[tuple[str, Quantity], list[str]] = defaultdict(list)
        for newer in sorted(kept.values(), key=age, reverse=True):
            for one in newer.relations.supersedes:
                names = None if one.observables is None else {resolve(name) for name in one.observables}
                for older in _forms_replaced(newer.id, one.id, siblings):
                    for quantity in dict.fromkeys(quantities[older]):
                        if names is None or quantity[0] in names:
                            replaced[older, quantity].append(newer.id)
        return cls(entries, kept, quantities, siblings, {key: tuple(names) for key, names in replaced.items()})

    def newer_forms(self, name: str, quantity: Quantity) -> set[str]:
        """Everything usable that replaces `name` for a quantity, directly or through others."""
        return _closure([name], lambda one: self.replaced_by.get((one, quantity), ())) - {name}

    def ancestors(self, average: str, quantity: Quantity) -> set[str]:
        """The entries inside an average for a quantity: inputs, what these replaced or contain, other forms of them."""

        def inside(name: str) -> Iterable[str]:
            entry = self.everything[name]
            yield from entry.relations.inputs
            if name == average:
                return
            yield from self.siblings.get(name, ())
            yield from self._replaced(entry, quantity)

        return _closure(self.everything[average].relations.inputs, inside) - {average}

    def content(self, name: str, quantity: Quantity) -> set[str]:
        """The entries that measure a quantity and that `name` stands for: itself, its inputs, what these replaced."""

        def inside(one: str) -> Iterable[str]:
            yield from self.everything[one].relations.inputs
            yield from self._replaced(self.everything[one], quantity)

        return {one for one in _closure([name], inside) if quantity in self.quantities[one]}

    def _replaced(self, entry: Entry, quantity: Quantity) -> Iterable[str]:
        for one in entry.relations.supersedes:
            if one.observables is None or quantity[0] in one.observables or self._names_it(one.id, one.observables, quantity):
                yield one.id

    def _names_it(self, name: str, observables: Iterable[str], quantity: Quantity) -> bool:
        """Whether written names of observables of an entry mean this quantity (they may be aliases)."""
        entry = self.everything[name]
        pairs = zip(entry.observables, self.quantities[name], strict=True)
        return any(q[0] == quantity[0] and o.name in observables for o, q in pairs)


def _closure(start: Iterable[str], step: Callable[[str], Iterable[str]]) -> set[str]:
    reached = set(start)
    waiting = list(reached)
    while waiting:
        for name in step(waiting.pop()):
            if name not in reached:
                reached.add(name)
                waiting.append(name)
    return reached


def _siblings(entries: Mapping[str, Entry]) -> dict[str, tuple[str, ...]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for name in sorted(entries):
        representation = entries[name].representation
        if representation:
            groups[representation.group].append(name)
    return {name: tuple(members) for members in groups.values() for name in members}


def _forms_replaced(newer: str, older: str, siblings: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """An entry from outside replaces all forms of a data set; a newer form of the same data only the one it names."""
    forms = siblings.get(older, (older,))
    return (older,) if newer in forms else forms
