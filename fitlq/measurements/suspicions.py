"""What is possible but looks like a slip of the pen: the same number twice, an average unlike its inputs, a wrong power of ten.

Each finding says what looks wrong; an entry that is right all the same says so in its key `unusual`, with the reason. What
is only worth a look (no reference, an odd date) is a note.
"""

from __future__ import annotations

import datetime
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np

from fitlq.measurements.checks_of_relations import RelationProblem
from fitlq.measurements.data_forms import LimitData
from fitlq.measurements.dates import first_day
from fitlq.measurements.entry import Entry
from fitlq.measurements.family import Quantity
from fitlq.measurements.gaussian import GaussianData
from fitlq.measurements.value_ranges import out_of_range

__all__ = ["notes_on_entries", "suspicious_numbers"]

_APART = 7.0
"""Standard deviations between two measurements of one quantity that no honest disagreement has reached."""
_PRECISE = 1e-11
"""Relative error below which nothing in particle physics was ever measured; a_e has 1e-10."""
_WIDER = 1.5
"""An average is not this much less precise than its best input, even with a scale factor."""
_OUTSIDE = 2.0
"""How many of its errors an average may lie outside of its inputs, which strong correlations allow."""
_DIGITS = 3
"""Numbers with fewer digits are equal by chance too often."""
_ARXIV = re.compile(r"^(\d{2})(\d{2})\.\d{4,5}$")
_EARLIER = datetime.timedelta(days=400)
"""How long before its paper a result may have been shown."""


@dataclass(frozen=True, slots=True)
class _Number:
    entry: Entry
    index: int
    value: float
    error: float


def suspicious_numbers(
    entries: Mapping[str, Entry], checked: Sequence[Entry], resolve: Callable[[str], str]
) -> Iterator[RelationProblem]:
    """Findings about the entries `checked`, all entries of the database being `entries`.

    `resolve` maps a name of an observable to its canonical form.
    """
    wanted = {entry.id for entry in checked if not entry.unusual}
    touched = {resolve(observable.name) for entry in checked for observable in entry.observables}
    entries = {name: one for name, one in entries.items() if any(resolve(o.name) in touched for o in one.observables)}
    numbers = _numbers(entries, resolve)
    groups = _groups(entries)
    reach = {name: _reach(name, entries, groups) for name in entries}
    for entry, path, problem in (
        *_one_by_one(entries),
        *_twice(numbers, reach),
        *_equal_limits(entries, reach, resolve),
        *_far_apart(numbers),
        *_unlike_inputs(entries, numbers, resolve),
    ):
        if entry.id in wanted:
            yield entry, path, f"{problem}; if it is right, say why in the key `unusual`"


def _numbers(entries: Mapping[str, Entry], resolve: Callable[[str], str]) -> dict[Quantity, list[_Number]]:
    found: dict[Quantity, list[_Number]] = defaultdict(list)
    for entry in entries.values():
        if not isinstance(entry.data, GaussianData) or entry.kind == "theory":
            continue
        errors = np.hypot(entry.data.plus, entry.data.minus) / np.sqrt(2.0)
        for index, observable in enumerate(entry.observables):
            quantity = (resolve(observable.name), observable.arguments)
            found[quantity].append(_Number(entry, index, float(entry.data.central[index]), float(errors[index])))
    return found


def _groups(entries: Mapping[str, Entry]) -> dict[str, list[str]]:
    groups: dict[str, list[str]] = defaultdict(list)
    for entry in entries.values():
        if entry.representation:
            groups[entry.representation.group].append(entry.id)
    return groups


def _reach(start: str, entries: Mapping[str, Entry], groups: Mapping[str, Sequence[str]]) -> set[str]:
    """The entries whose data an entry replaces, contains, shares or shows in another form."""
    reached, waiting = {start}, [start]
    while waiting:
        entry = entries.get(waiting.pop())
        if entry is None:
            continue
        relations = entry.relations
        tied = [*(one.id for one in relations.supersedes), *relations.inputs, *relations.shares_data_with]
        tied += groups[entry.representation.group] if entry.representation else []
        waiting += [name for name in tied if name not in reached]
        reached.update(tied)
    return reached


def _tied(one: Entry, other: Entry, reach: Mapping[str, set[str]]) -> bool:
    return one.id in reach[other.id] or other.id in reach[one.id]


def _newer(one: Entry, other: Entry) -> tuple[Entry, Entry]:
    first, second = sorted((one, other), key=lambda entry: (entry.date, entry.id))
    return second, first


def notes_on_entries(checked: Sequence[Entry]) -> Iterator[RelationProblem]:
    """What is worth a look in each of the entries by itself."""
    for entry in checked:
        if entry.unusual:
            continue
        yield from ((entry, path, message) for path, message in _dates(entry))
        if not set(entry.refs) - {"flavio", "eos"}:
            yield entry, ("refs",), "there is no reference (arxiv, inspire, doi, journal, hepdata, report or url)"


def _one_by_one(entries: Mapping[str, Entry]) -> Iterator[RelationProblem]:
    for entry in entries.values():
        yield from ((entry, path, message) for path, message in out_of_range(entry))
        if isinstance(entry.data, GaussianData):
            yield from ((entry, path, message) for path, message in _sizes(entry, entry.data))


def _dates(entry: Entry) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The first public day against the month in the arXiv number."""
    match = _ARXIV.match(str(entry.refs.get("arxiv", "")))
    # a recast may name the paper it starts from
    if match is None or not 1 <= int(match[2]) <= 12 or entry.kind == "reinterpretation":
        return
    month = datetime.date(2000 + int(match[1]), int(match[2]), 1)
    if first_day(entry.date_text) > month + datetime.timedelta(days=62):
        yield ("date",), f"{entry.date_text} is later than arXiv:{entry.refs['arxiv']}, the date is the first public day"
    elif entry.date < month - _EARLIER:
        yield ("date",), f"{entry.date_text} is long before arXiv:{entry.refs['arxiv']}"


def _sizes(entry: Entry, data: GaussianData) -> Iterator[tuple[tuple[str | int, ...], str]]:
    for index, observable in enumerate(entry.observables):
        value, error = abs(float(data.central[index])), float(max(data.plus[index], data.minus[index]))
        if 0 < error < _PRECISE * value:
            yield ("data", "errors"), f"{observable}: a relative error of {error / value:.1g} is a wrong power of ten"


def _twice(numbers: Mapping[Quantity, Sequence[_Number]], reach: Mapping[str, set[str]]) -> Iterator[RelationProblem]:
    """One number under two ids, or in two bins of one entry."""
    for ones in numbers.values():
        for one, other in combinations(ones, 2):
            if one.value == other.value and one.error == other.error and not _tied(one.entry, other.entry, reach):
                newer, older = _newer(one.entry, other.entry)
                where = newer.observables[(one if one.entry is newer else other).index]
                yield newer, ("data", "central"), f"{where} has the value and errors of {older.id}: entered twice?"
    inside: dict[tuple[str, str, float, float], list[_Number]] = defaultdict(list)
    for (name, _), ones in numbers.items():
        for one in ones:
            inside[one.entry.id, name, one.value, one.error].append(one)
    for same in inside.values():
        if len(same) > 1 and _digits(same[0].value) >= _DIGITS:
            first, second = (str(one.entry.observables[one.index]) for one in same[:2])
            path = ("data", "central", same[1].index)
            yield same[0].entry, path, f"{second} has the value and errors of {first}: a line copied twice?"


def _digits(value: float) -> int:
    return len(f"{abs(value):.8g}".split("e")[0].replace(".", "").strip("0"))


def _equal_limits(
    entries: Mapping[str, Entry], reach: Mapping[str, set[str]], resolve: Callable[[str], str]
) -> Iterator[RelationProblem]:
    """Limits of one experiment with the same number under two ids."""
    found: dict[tuple[object, ...], list[Entry]] = defaultdict(list)
    for entry in entries.values():
        if isinstance(entry.data, LimitData) and entry.data.upper is not None:
            for index, observable in enumerate(entry.observables):
                key = (resolve(observable.name), observable.arguments, float(entry.data.upper[index]), entry.data.cl)
                found[(*key, entry.experiment)].append(entry)
    for (name, *_), ones in found.items():
        for one, other in combinations(ones, 2):
            if one is not other and not _tied(one, other, reach):
                newer, older = _newer(one, other)
                yield newer, ("data", "upper"), f"{name} has the limit of {older.id}: entered twice?"


def _far_apart(numbers: Mapping[Quantity, Sequence[_Number]]) -> Iterator[RelationProblem]:
    """Measurements of one quantity further apart than results ever were: a wrong unit, power of ten or sign."""
    for ones in numbers.values():
        others: dict[tuple[str, int], list[tuple[float, _Number, _Number]]] = defaultdict(list)
        for one, other in combinations(ones, 2):
            error = float(np.hypot(one.error, other.error))
            distance = abs(one.value - other.value) / error if error > 0 else 0.0
            if distance > _APART:
                newer, older = sorted((one, other), key=lambda number: (number.entry.date, number.entry.id), reverse=True)
                others[newer.entry.id, newer.index].append((distance, newer, older))
        for found in others.values():
            distance, newer, older = max(found, key=lambda item: item[0])
            values = f"{newer.value:.4g} is {distance:.0f} standard deviations from the {older.value:.4g} of {older.entry.id}"
            more = f" (and far from {len(found) - 1} others)" if len(found) > 1 else ""
            yield newer.entry, ("data", "central", newer.index), f"{newer.entry.observables[newer.index]}: {values}{more}"


def _unlike_inputs(
    entries: Mapping[str, Entry], numbers: Mapping[Quantity, Sequence[_Number]], resolve: Callable[[str], str]
) -> Iterator[RelationProblem]:
    """Averages that lie outside of their inputs, or know less than the best of them."""
    for entry in entries.values():
        if entry.kind != "average" or not isinstance(entry.data, GaussianData):
            continue
        for index, observable in enumerate(entry.observables):
            ones = numbers[resolve(observable.name), observable.arguments]
            inputs = [one for one in ones if one.entry.id in entry.relations.inputs]
            average = next(one for one in ones if one.entry is entry and one.index == index)
            path = ("data", "central", index)
            if len(inputs) < 2:
                continue
            low, high = min(one.value for one in inputs), max(one.value for one in inputs)
            margin = _OUTSIDE * average.error
            if not low - margin <= average.value <= high + margin:
                span = f"({low:.4g} to {high:.4g})"
                yield entry, path, f"the average {average.value:.4g} of {observable} lies outside of its inputs {span}"
            best = min(inputs, key=lambda one: one.error)
            if average.error > _WIDER * best.error:
                ratio = f"{average.error / best.error:.2g}"
                yield entry, path, f"the error of the average of {observable} is {ratio} times that of its input {best.entry.id}"
