"""Checks of one entry against the vocabulary: known names, possible arguments, no quantity twice, the right unit."""

from __future__ import annotations

from collections.abc import Iterator

from fitlq.measurements.checks_of_relations import RelationProblem
from fitlq.measurements.checks_of_systematics import shared_name_problems
from fitlq.measurements.entry import Entry
from fitlq.measurements.gaussian import GaussianData
from fitlq.measurements.overlapping_bins import overlapping_inside
from fitlq.measurements.units import unit_problem
from fitlq.measurements.vocabulary import ObservableVocabulary
from fitlq_theory.errors import InputError

__all__ = ["name_problems"]

# counts have no unit, an external likelihood brings its own, an exclusion bounds another quantity than its observable
_WITH_UNITS = ("gauss", "limit", "grid")


def name_problems(entry: Entry, vocabulary: ObservableVocabulary) -> Iterator[RelationProblem]:
    """Everything the vocabulary knows better about the observables of an entry and the systematic errors it shares."""
    seen: dict[tuple[object, ...], int] = {}
    for index, observable in enumerate(entry.observables):
        try:
            canonical = vocabulary.resolve(observable.name)
        except InputError as error:
            yield entry, ("observables", index, "name"), str(error)
            continue
        reason = vocabulary.check_arguments(observable.name, observable.args)
        if reason:
            yield entry, ("observables", index, "args"), reason
        first = seen.setdefault((canonical, observable.arguments, observable.label), index)
        if first != index:
            same = entry.observables[first].name
            message = f"{observable.name} is another name of {same}, which is already observable number {first + 1}"
            yield entry, ("observables", index, "name"), message
        problem = unit_problem(_unit(entry, index), vocabulary.unit(observable.name))
        if problem:
            yield entry, ("data", "unit"), f"{observable} {problem}"
    for one, other in overlapping_inside(entry):
        first_bin, second_bin = entry.observables[one], entry.observables[other]
        message = (
            f"the bins of {first_bin} and {second_bin} overlap and no correlation between them is given: events would count "
            "twice; give the correlation, or make two entries that are forms (`representation`) of one data set"
        )
        yield entry, ("observables", other, "args"), message
    if isinstance(entry.data, GaussianData):
        yield from ((entry, path, text) for path, text in shared_name_problems(entry.data, vocabulary.shared_systematics))


def _unit(entry: Entry, index: int) -> str | None:
    """The unit an entry gives its observable, None where it can give none."""
    header = entry.data_header
    if header["type"] not in _WITH_UNITS:
        return None
    unit = header.get("unit", "1")
    return str(unit if isinstance(unit, str) else unit[index])
