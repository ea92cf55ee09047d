"""Check measurement files without using them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from fitlq.measurements.checks_of_relations import relation_problems
from fitlq.measurements.diagnostics import Diagnostic, MeasurementError, sorted_diagnostics
from fitlq.measurements.double_counting import conflict_diagnostics, conflicts
from fitlq.measurements.entry import Entry
from fitlq.measurements.extended_vocabulary import with_terms_of
from fitlq.measurements.locations import (
    Folder,
    Places,
    existing,
    layers,
    listed,
    measurement_files,
    no_files_message,
    vocabulary_files,
)
from fitlq.measurements.processes import process_problems
from fitlq.measurements.reading import Layer, name_diagnostics, read_layer, relation_diagnostics, resolver, suspicion_diagnostics
from fitlq.measurements.selection import Policy, Rules, select
from fitlq.measurements.vocabulary import ObservableVocabulary

__all__ = ["check_paths"]


def check_paths(paths: Places, vocabulary: ObservableVocabulary | None = None) -> tuple[Diagnostic, ...]:
    """Every mistake in measurement files or folders of them.

    Relations may point to shipped entries and to entries of the other `paths`; an entry with the id of a shipped
    one replaces it, two with the same id among `paths` are a mistake. Files without mistakes are laid over the shipped
    ones to see whether a fit would count something twice, with either policy.

    Parameters
    ----------
    paths : str, Path or sequence of them
    vocabulary : ObservableVocabulary, optional
        Names that may be used; None: names are not checked.

    Returns
    -------
    tuple of Diagnostic
        Sorted by file and line; empty if all is well. Those with `note` are no mistakes.

    Raises
    ------
    InputError
        A path does not exist.
    """
    given = [existing(path) for path in listed(paths)]
    try:
        vocabulary = with_terms_of(vocabulary, paths)
    except MeasurementError as error:
        found = list(error.diagnostics)
    else:
        found = []
    checked = [Path(place).resolve() for place in listed(paths)]
    files = [file for path in checked for file in ([path] if path.is_file() else path.rglob("*"))]
    base = [read_layer(folder, skip=files) for folder in layers()]
    read = [read_layer(folder, afresh=True) for folder in given]
    merged = Layer()
    for layer in read:
        merged.extend(layer)
    known = {entry.id: entry for layer in [*base, merged] for entry in layer.entries}
    found += [*_nothing_to_read(given), *merged.diagnostics, *_double_ids(read)]
    found += relation_diagnostics(merged, known, vocabulary, merged.unreadable)
    if vocabulary is not None:
        found.extend(name_diagnostics(merged, vocabulary))
    found += process_problems(merged.entries, given)
    if not found:
        found += [*_counted_twice(known, vocabulary), *suspicion_diagnostics(merged, known, vocabulary)]
    return sorted_diagnostics(found)


def _nothing_to_read(folders: Iterable[Folder]) -> list[Diagnostic]:
    empty = (folder for folder in folders if not measurement_files(folder) and not vocabulary_files(folder))
    return [Diagnostic(str(folder), None, None, None, no_files_message(folder)) for folder in empty]


def _counted_twice(entries: Mapping[str, Entry], vocabulary: ObservableVocabulary | None) -> list[Diagnostic]:
    """What a fit with either policy would refuse, all entries being public."""
    resolve = resolver(vocabulary)
    if relation_problems(entries, list(entries.values()), resolve):
        return []  # files that were not asked about are inconsistent: nothing can be selected from them
    policies: tuple[Policy, ...] = ("average", "individual")
    selections = (select(entries, Rules(datetime.date.max, policy), resolve) for policy in policies)
    return conflict_diagnostics(conflict for selection in selections for conflict in conflicts(selection))


def _double_ids(layers: Sequence[Layer]) -> list[Diagnostic]:
    """Equal ids in two of several paths; those inside one path are found on reading it."""
    first: dict[str, Entry] = {}
    found = []
    for layer in layers:
        for entry in layer.entries:
            other = first.get(entry.id)
            if other is not None and other.file != entry.file:
                message = f"the id {entry.id!r} is already used in {other.file}"
                found.append(Diagnostic(entry.file, entry.line, entry.id, "id", message))
        first.update({entry.id: entry for entry in layer.entries})
    return found
