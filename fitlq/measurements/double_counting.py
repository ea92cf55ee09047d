"""The last guard against counting twice: what is in play must be independent, or said to be."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from fitlq.measurements.diagnostics import Diagnostic
from fitlq.measurements.entry import Entry
from fitlq.measurements.family import Family, Quantity, age, combines
from fitlq.measurements.locations import shipped_prefix
from fitlq.measurements.overlapping_bins import bins_overlap
from fitlq.measurements.selection import Remark, Selection

__all__ = ["Conflict", "conflict_diagnostics", "conflicts", "double_counts", "shared_data_warnings"]


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two numbers in play for one quantity that may contain the same data; `entry` is the one that should say more."""

    entry: Entry
    other: Entry
    observable: str
    reason: str


def double_counts(selection: Selection) -> list[Diagnostic]:
    """What may be counted twice in a selection, one finding per entry."""
    return conflict_diagnostics(conflicts(selection))


def conflicts(selection: Selection) -> Iterator[Conflict]:
    """Pairs of numbers in play for the same quantity that may contain the same data.

    Two numbers of one experiment, or an average and anything else, need `independent_of`, `supersedes` or `inputs` to
    say how they stand to each other. A measurement newer than an average needs nothing if the average holds no other
    result of its experiment, or if it is independent of each of those it holds.
    """
    family = selection.family
    shipped = shipped_prefix()
    for quantity, pairs in sorted(selection.with_quantity().items(), key=repr):
        names = sorted({name for name, _ in pairs})
        for first, second in combinations(names, 2):
            older, newer = sorted((family.everything[first], family.everything[second]), key=age)
            reason = _overlap(family, older, newer, quantity)
            if reason:
                # the shipped files cannot know the user's; among equals the newer one knows the older one
                foreign = newer.file.startswith(shipped) and not older.file.startswith(shipped)
                entry, other = (older, newer) if foreign else (newer, older)
                yield Conflict(entry, other, _written(family, entry, quantity), reason)
    yield from _overlapping(selection)


def _overlapping(selection: Selection) -> Iterator[Conflict]:
    """Pairs of numbers in play for overlapping bins of one observable that may contain the same events."""
    family = selection.family
    by_name: dict[str, list[tuple[Quantity, str]]] = defaultdict(list)
    for quantity, pairs in sorted(selection.with_quantity().items(), key=repr):
        by_name[quantity[0]].extend((quantity, name) for name in sorted({name for name, _ in pairs}))
    # who has data of whom is asked once for each pair of entries, not for each pair of their bins
    experiments = {name: {_plain(one) for one in family.everything[name].experiment} for name in selection.in_play}
    recasts = {name for name in selection.in_play if family.everything[name].kind == "reinterpretation"}
    for uses in by_name.values():
        for (one, first), (other, second) in combinations(uses, 2):
            if first == second or (experiments[first].isdisjoint(experiments[second]) and recasts.isdisjoint((first, second))):
                continue
            if not bins_overlap(one[1], other[1]):
                continue
            (older, _), (newer, quantity) = sorted(
                ((family.everything[first], one), (family.everything[second], other)), key=lambda pair: age(pair[0])
            )
            if _declared_independent(family, older, newer):
                continue
            shared = _shared_experiments(family, older, newer, quantity)
            if shared:
                yield Conflict(newer, older, _written(family, newer, quantity), f"have overlapping bins of {', '.join(shared)}")


def _written(family: Family, entry: Entry, quantity: Quantity) -> str:
    return entry.observables[family.quantities[entry.id].index(quantity)].name


def conflict_diagnostics(found: Iterable[Conflict]) -> list[Diagnostic]:
    """One finding per entry, with the remedy."""
    grouped: dict[str, list[Conflict]] = defaultdict(list)
    for one in found:
        grouped[one.entry.id].append(one)
    return [
        Diagnostic(ones[0].entry.file, ones[0].entry.line, name, "relations", f"{_complaint(name, ones)}; {_remedy(ones)}")
        for name, ones in sorted(grouped.items())
    ]


def _complaint(name: str, ones: Sequence[Conflict]) -> str:
    measured = {one.observable for one in ones}
    names = ", ".join(dict.fromkeys(o.name for o in ones[0].entry.observables if o.name in measured))
    if len({one.other.id for one in ones}) == 1:
        return f"{name} and {ones[0].other.id} both measure {names} and {ones[0].reason}"
    by_reason: dict[str, set[str]] = defaultdict(set)
    for one in ones:
        by_reason[one.reason].add(one.other.id)
    others = "; ".join(f"{reason}: {', '.join(sorted(ids))}" for reason, ids in sorted(by_reason.items()))
    return f"{name} and others measure {names} and may contain the same data ({others})"


def _remedy(ones: Sequence[Conflict]) -> str:
    entry = ones[0].entry
    others = {one.other.id: one.other for one in sorted(ones, key=lambda one: one.other.id)}
    older = [name for name, other in others.items() if other.date <= entry.date]
    newer = [name for name in others if name not in older]
    parts = []
    if len(older) == 1:
        parts.append(f"whether it supersedes {older[0]}, has it among its inputs or is independent_of it")
    elif older:
        parts.append("which of them it supersedes, has among its inputs or is independent_of")
    if newer:
        parts.append(f"whether it is independent_of {', '.join(newer)} (newer, so nothing else can be said here)")
    text = f"say in `relations` of {entry.id} {', and '.join(parts)}"
    inside = [name for name in older if not combines(others[name])]
    if entry.kind == "average" and len(older) > 1 and inside:
        text += f"; an average of them has `inputs: [{', '.join(inside)}]`"
    return text


def _overlap(family: Family, older: Entry, newer: Entry, quantity: Quantity) -> str | None:
    if _declared_independent(family, older, newer):
        return None
    if older.id in newer.relations.shares_data_with or newer.id in older.relations.shares_data_with:
        return "share data"
    averages = [entry for entry in (older, newer) if entry.kind == "average"]
    if len(averages) == 2:
        return "are both averages"
    if averages and not (older.kind == "average" and _apart(family, older, newer, quantity)):
        return "one of them is an average"
    shared = _shared_experiments(family, older, newer, quantity)
    if shared and not averages:
        return f"come from the same experiment ({', '.join(shared)})"
    common = sorted(family.content(older.id, quantity) & family.content(newer.id, quantity))
    return f"both contain or replace {', '.join(common)}" if common else None


def _shared_experiments(family: Family, older: Entry, newer: Entry, quantity: Quantity) -> list[str]:
    """The experiments of both entries, as the newer one writes them (`LHCB`, `Belle-II` are `LHCb`, `Belle II`)."""
    known = {_plain(name) for name in _experiments(family, older, quantity)}
    return sorted(name for name in _experiments(family, newer, quantity) if _plain(name) in known)


def _experiments(family: Family, entry: Entry, quantity: Quantity) -> set[str]:
    """Whose data an entry holds: a recast under the name of its authors has those of the experiments it takes."""
    inside = family.ancestors(entry.id, quantity) if entry.kind == "reinterpretation" else ()
    return set(entry.experiment).union(*(family.everything[name].experiment for name in inside))


def _plain(name: str) -> str:
    return re.sub(r"[\s_-]", "", name).casefold()


def _apart(family: Family, average: Entry, measurement: Entry, quantity: Quantity) -> bool:
    """Whether a measurement is newer than an average and independent of all the average holds of its experiment."""
    if not average.relations.inputs or measurement.date <= average.date:
        return False
    inside = [family.everything[name] for name in sorted(family.ancestors(average.id, quantity))]
    related = [
        one for one in inside if _shared_experiments(family, one, measurement, quantity) and _measures(family, one, quantity)
    ]
    return all(_declared_independent(family, one, measurement) or _is_replaced(family, one, quantity) for one in related)


def _measures(family: Family, entry: Entry, quantity: Quantity) -> bool:
    return quantity in family.quantities[entry.id]


def _is_replaced(family: Family, entry: Entry, quantity: Quantity) -> bool:
    """An ancestor replaced by another ancestor needs no word of its own: its successor is asked."""
    return (entry.id, quantity) in family.replaced_by


def _declared_independent(family: Family, one: Entry, other: Entry) -> bool:
    """Whether one entry says so, or one form of its data set about a form of the other data set."""
    forms, others = (set(family.siblings.get(entry.id, (entry.id,))) for entry in (one, other))
    if forms == others:
        forms, others = {one.id}, {other.id}
    return _names_one(family, forms, others) or _names_one(family, others, forms)


def _names_one(family: Family, forms: set[str], others: set[str]) -> bool:
    return any(not others.isdisjoint(family.everything[form].relations.independent_of) for form in forms)


def shared_data_warnings(selection: Selection) -> Iterator[Remark]:
    """Entries in play that share data though they measure different quantities: allowed, but said."""
    family = selection.family
    used = sorted(name for name, indices in selection.in_play.items() if indices)
    holders = {
        inside: name
        for name in used
        if combines(family.everything[name])
        for quantity in family.quantities[name]
        for inside in family.ancestors(name, quantity)
    }
    for name in used:
        for other in family.everything[name].relations.shares_data_with:
            if other in used:
                text = f"{name} and {other} share data; they are used together without a correlation"
                yield Remark(text, frozenset([name, other]))
            elif other in holders:
                average = holders[other]
                text = f"{name} and {other}, inside {average}, share data; they are used together without a correlation"
                yield Remark(text, frozenset([name, average]))
