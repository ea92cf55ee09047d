"""The last guard against counting twice: what is in play must be independent, or said to be."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from fitlq.measurements.diagnostics import Diagnostic
from fitlq.measurements.entry import Entry
from fitlq.measurements.family import Family, Quantity, age
from fitlq.measurements.selection import Selection

__all__ = ["double_counts", "shared_data_warnings"]


def double_counts(selection: Selection) -> list[Diagnostic]:
    """Pairs of numbers in play for the same quantity that may contain the same data.

    Two numbers of one experiment, or an average and anything else, need `independent_of`, `supersedes` or `inputs` to
    say how they stand to each other. A measurement newer than an average needs nothing if the average holds no other
    result of its experiment, or if it is independent of each of those it holds.
    """
    found = []
    for quantity, pairs in sorted(selection.with_quantity().items(), key=repr):
        names = sorted({name for name, _ in pairs})
        for first, second in combinations(names, 2):
            older, newer = sorted((selection.family.everything[first], selection.family.everything[second]), key=age)
            reason = _overlap(selection.family, older, newer, quantity)
            if reason:
                name = newer.observables[selection.family.quantities[newer.id].index(quantity)].name
                message = (
                    f"{newer.id} and {older.id} both measure {name} and {reason}; say in `relations` of "
                    f"{newer.id} whether it supersedes {older.id}, has it among its inputs or is independent_of it"
                )
                found.append(Diagnostic(newer.file, newer.line, newer.id, "relations", message))
    return found


def _overlap(family: Family, older: Entry, newer: Entry, quantity: Quantity) -> str | None:
    if _declared_independent(older, newer):
        return None
    if older.id in newer.relations.shares_data_with or newer.id in older.relations.shares_data_with:
        return "share data"
    averages = [entry for entry in (older, newer) if entry.kind == "average"]
    if len(averages) == 2:
        return "are both averages"
    if averages and not (older.kind == "average" and _apart(family, older, newer, quantity)):
        return "one of them is an average"
    if not averages and set(older.experiment) & set(newer.experiment):
        return f"come from the same experiment ({', '.join(sorted(set(older.experiment) & set(newer.experiment)))})"
    return None


def _apart(family: Family, average: Entry, measurement: Entry, quantity: Quantity) -> bool:
    """Whether a measurement is newer than an average and independent of all the average holds of its experiment."""
    if not average.relations.inputs or measurement.date <= average.date:
        return False
    inside = [family.everything[name] for name in sorted(family.ancestors(average.id, quantity))]
    related = [one for one in inside if set(one.experiment) & set(measurement.experiment) and _measures(family, one, quantity)]
    return all(_declared_independent(one, measurement) or _is_replaced(family, one, quantity) for one in related)


def _measures(family: Family, entry: Entry, quantity: Quantity) -> bool:
    return quantity in family.quantities[entry.id]


def _is_replaced(family: Family, entry: Entry, quantity: Quantity) -> bool:
    """An ancestor replaced by another ancestor needs no word of its own: its successor is asked."""
    return (entry.id, quantity) in family.replaced_by


def _declared_independent(one: Entry, other: Entry) -> bool:
    return one.id in other.relations.independent_of or other.id in one.relations.independent_of


def shared_data_warnings(selection: Selection) -> Iterator[str]:
    """Entries in play that share data though they measure different quantities: allowed, but said."""
    used = {name for name, indices in selection.in_play.items() if indices}
    for name in sorted(used):
        for other in selection.family.everything[name].relations.shares_data_with:
            if other in used:
                yield f"{name} and {other} share data; they are used together without a correlation"
