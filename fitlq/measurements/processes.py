"""Titles of the processes: what ``bctaunu`` or ``df2`` means, in words for headings and tables.

They stand under the key ``processes`` of the vocabulary files, as a mapping from the name to its title.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from fitlq.measurements.diagnostics import Diagnostic, MeasurementError
from fitlq.measurements.entry import Entry
from fitlq.measurements.locations import Folder, Places, layers, measurements_root
from fitlq.measurements.vocabulary_files import vocabulary_documents
from fitlq_theory.naming import nearest_names

__all__ = ["load_processes", "process_problems", "titles_of"]


def load_processes(directories: Places = ()) -> dict[str, str]:
    """The titles of the processes in the shipped and the user's vocabulary files, by name.

    Raises
    ------
    MeasurementError
        A file is malformed.
    """
    return titles_of(layers(directories))


def titles_of(folders: Sequence[Folder]) -> dict[str, str]:
    """The titles in the vocabulary files of some folders, a later one prevailing; errors as for `load_processes`."""
    return {process: title for name, document in vocabulary_documents(folders) for process, title in _titles(name, document)}


def _titles(file: str, document: Mapping[str, Any]) -> list[tuple[str, str]]:
    titles = document.get("processes", {})
    problems = [
        Diagnostic(file, None, None, f"processes.{process}", f"the title must be text, found {title!r}")
        for process, title in titles.items()
        if not isinstance(title, str) or not title.strip()
    ]
    if problems:
        raise MeasurementError(problems)
    return [(str(process), title) for process, title in titles.items()]


def process_problems(entries: Iterable[Entry], folders: Sequence[Folder]) -> Iterator[Diagnostic]:
    """Mistakes in the titles of some folders, and entries of the shipped folder whose process has none.

    The processes of a user's entries need no title.
    """
    try:
        titles = load_processes()
        titles_of(folders)
    except MeasurementError as error:
        yield from error.diagnostics
        return
    shipped = Path(str(measurements_root())).resolve()
    for entry in entries:
        if entry.process not in titles and Path(entry.file).resolve().is_relative_to(shipped):
            near = nearest_names(entry.process, titles, count=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            message = f"the process {entry.process!r} has no title{hint} (titles: vocabulary/processes.yaml, key processes)"
            yield Diagnostic(entry.file, entry.line, entry.id, "process", message)
