"""Checks between entries: ids that are given twice or do not exist, replacing what is newer, circles, defaults."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence

from fitlq.measurements.entry import Entry
from fitlq_theory.naming import nearest_names

__all__ = ["RelationProblem", "duplicate_problems", "relation_problems"]

RelationProblem = tuple[Entry, tuple[str | int, ...], str]
"""The entry, where in it, and what is wrong there."""


def duplicate_problems(entries: Sequence[Entry]) -> Iterator[RelationProblem]:
    """Ids that occur more than once among entries that are not laid over each other."""
    first: dict[str, Entry] = {}
    for entry in entries:
        if entry.id in first:
            other = first[entry.id]
            yield entry, ("id",), f"the id {entry.id!r} is already used in {other.file}, line {other.line}"
        first.setdefault(entry.id, entry)


def relation_problems(
    entries: Mapping[str, Entry],
    checked: Sequence[Entry],
    resolve: Callable[[str], str],
    unreadable: Collection[str] = (),
) -> list[RelationProblem]:
    """Mistakes in the relations of the entries `checked`, all entries of the database being `entries`.

    `resolve` maps a name of an observable to its canonical form; `unreadable` are ids of entries that exist but have
    mistakes of their own, so that nothing can be said about relations to them.
    """
    found: list[RelationProblem] = []
    for entry in checked:
        targets = _targets(entry, entries, unreadable)
        found.extend((entry, path, message) for path, message in targets)
        found.extend((entry, path, message) for path, message in _superseded_names(entry, entries, resolve))
    found.extend(_circles(entries, checked))
    found.extend(_defaults(entries, checked))
    return found


def _named(entry: Entry) -> Iterator[tuple[tuple[str | int, ...], str, bool]]:
    """(where, id, whether that entry must not be newer)."""
    relations = entry.relations
    for index, one in enumerate(relations.supersedes):
        yield ("relations", "supersedes", index), one.id, True
    for index, name in enumerate(relations.inputs):
        yield ("relations", "inputs", index), name, True
    for index, name in enumerate(relations.shares_data_with):
        yield ("relations", "shares_data_with", index), name, False
    for index, name in enumerate(relations.independent_of):
        yield ("relations", "independent_of", index), name, False
    for index, correlated in enumerate(relations.correlated_with):
        yield ("relations", "correlated_with", index), correlated.id, False


def _targets(
    entry: Entry, entries: Mapping[str, Entry], unreadable: Collection[str]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for path, name, must_be_older in _named(entry):
        if name in unreadable:
            continue
        other = entries.get(name)
        if other is None:
            near = nearest_names(name, entries, count=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            yield path, f"there is no entry {name!r}{hint}"
        elif name == entry.id:
            yield path, "an entry cannot relate to itself"
        elif must_be_older and other.date > entry.date:
            yield (
                path,
                f"{name} ({other.date_text}) is newer than this entry ({entry.date_text})",
            )
    if entry.relations.inputs and entry.kind not in ("average", "reinterpretation"):
        yield ("relations", "inputs"), f"only an average or a reinterpretation has inputs, this is a {entry.kind}"


def _superseded_names(
    entry: Entry, entries: Mapping[str, Entry], resolve: Callable[[str], str]
) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for index, one in enumerate(entry.relations.supersedes):
        if one.observables is None or one.id not in entries:
            continue
        measured = [observable.name for observable in entries[one.id].observables]
        known = {resolve(name) for name in measured}
        for name in one.observables:
            if resolve(name) not in known:
                path = ("relations", "supersedes", index, "observables")
                yield path, f"{one.id} has no observable {name!r} (it has {', '.join(dict.fromkeys(measured))})"


def _circles(entries: Mapping[str, Entry], checked: Sequence[Entry]) -> Iterator[RelationProblem]:
    older = {name: [*(one.id for one in entry.relations.supersedes), *entry.relations.inputs] for name, entry in entries.items()}
    for entry in checked:
        reached: set[str] = set()
        waiting = list(older[entry.id])
        while waiting:
            name = waiting.pop()
            if name in reached or name == entry.id or name not in older:
                continue
            reached.add(name)
            waiting.extend(older[name])
            if entry.id in older[name]:
                yield (
                    entry,
                    ("relations",),
                    f"a circle: this entry replaces or averages {name}, which replaces or averages it",
                )


def _defaults(entries: Mapping[str, Entry], checked: Sequence[Entry]) -> Iterator[RelationProblem]:
    names: dict[str, Counter[str]] = defaultdict(Counter)
    defaults: dict[str, set[str]] = defaultdict(set)
    for entry in entries.values():
        if entry.representation:
            names[entry.representation.group][entry.representation.name] += 1
            if entry.representation.default:
                defaults[entry.representation.group].add(entry.representation.name)
    for entry in checked:
        if entry.representation is None:
            continue
        group = entry.representation.group
        if len(defaults[group]) > 1:
            yield entry, ("representation",), f"group {group!r} has several defaults: {', '.join(sorted(defaults[group]))}"
        elif not defaults[group] and len(names[group]) > 1:
            yield entry, ("representation",), f"group {group!r} has no default among {', '.join(sorted(names[group]))}"
