"""The last steps of every import: check each entry, compare it with the database, hold back what would count twice, write."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fitlq.importing.double_use import held_back
from fitlq.importing.known_results import compare, named_entries
from fitlq.importing.names import Names
from fitlq.importing.odd_numbers import odd_numbers, unusual_text
from fitlq.importing.pieces import Observable
from fitlq.importing.report import BlockReport, ImportReport
from fitlq.importing.writing import write_files
from fitlq.measurements.checks_of_names import name_problems
from fitlq.measurements.diagnostics import MeasurementError
from fitlq.measurements.entry import Entry
from fitlq.measurements.loading import load_entries
from fitlq.measurements.reading import read_entry
from fitlq.measurements.vocabulary import MeasurementVocabulary
from fitlq_theory.errors import InputError

__all__ = ["Database", "Draft", "finish", "finish_one"]

_ORDER = ("id", "kind", "process", "experiment", "date", "dataset", "refs", "observables", "data", "assumptions", "relations")
_KNOWN = "the database has this result:"
REPORT_FILE = "report.txt"


@dataclass(frozen=True, slots=True)
class Database:
    """What fitlq has already: its entries (shipped, and of the environment), and the names it knows."""

    entries: Mapping[str, Entry]
    names: Names

    @classmethod
    def load(cls) -> Database:
        """The shipped entries and those of the folders named in the environment."""
        from fitlq_theory.observables import load_registry

        vocabulary = MeasurementVocabulary(load_registry())
        entries, _ = load_entries((), vocabulary)
        return cls(entries, Names(vocabulary, entries.values()))

    @property
    def experiments(self) -> frozenset[str]:
        """All names of experiments."""
        return frozenset(name for entry in self.entries.values() for name in entry.experiment)


@dataclass(slots=True)
class Draft:
    """One block of the source on its way to entries; the lists become its line of the report."""

    name: str
    documents: list[dict[str, Any]] = field(default_factory=list)
    found: int = 0
    guessed: list[str] = field(default_factory=list)
    not_expressed: list[str] = field(default_factory=list)
    off_by_default: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)


def finish(
    source: str,
    folder: Path,
    drafts: Sequence[Draft],
    database: Database,
    general: Sequence[str],
    side_files: Mapping[str, bytes] | None = None,
) -> ImportReport:
    """Check, compare, hold back and write; the report is also written, as ``report.txt``.

    Entries that `fitlq check` would refuse are not written; their mistakes stand in the report. If none is left nothing is
    written, not even the report.
    """
    entries: dict[str, Entry] = {}
    for draft in drafts:
        for document in list(draft.documents):
            entry = _checked(document, draft, database.names, source)
            if entry is None:
                draft.documents.remove(document)
            else:
                entries[entry.id] = entry
    _mark_known(drafts, entries, database)
    _hold_back(drafts, entries, database)
    _name_odd_numbers(drafts, entries, database)
    documents = [_in_order(document) for draft in drafts for document in draft.documents]
    vocabulary = database.names.vocabulary_document(source)
    files = write_files(folder, documents, vocabulary, side_files or {}) if documents else ()
    report = ImportReport(
        source, str(folder), files, tuple(general), tuple(_line(draft) for draft in drafts), database.names.unknown
    )
    if documents:
        (folder / REPORT_FILE).write_text(f"{report.text}\n", encoding="utf-8")
    return report


def finish_one(
    path: Path,
    folder: Path,
    draft: Draft,
    database: Database,
    general: Sequence[str],
    side_files: Mapping[str, bytes] | None = None,
) -> ImportReport:
    """The same for a source that makes one entry; raises `InputError` if that cannot be written."""
    report = finish(path.name, folder, [draft], database, general, side_files)
    if not draft.documents:
        msg = f"{path}: {'; '.join(draft.not_expressed)}"
        raise InputError(msg)
    return report


def _checked(document: Mapping[str, Any], draft: Draft, names: Names, source: str) -> Entry | None:
    try:
        entry = read_entry(document, source)
    except MeasurementError as error:
        draft.not_expressed += [f"{one.key}: {one.message}" for one in error.diagnostics]
        return None
    problems = [message for _, _, message in name_problems(entry, names.tolerant)]
    draft.not_expressed += problems
    for observable in entry.observables if not problems else ():
        names.known(Observable(observable.name, observable.args))  # for the vocabulary
    return None if problems else entry


def _mark_known(drafts: Sequence[Draft], entries: Mapping[str, Entry], database: Database) -> None:
    for draft in drafts:
        for known in named_entries(database.entries, draft.name):
            for document in draft.documents:
                comparison = compare(entries[document["id"]], known, database.names.canonical)
                if comparison is not None:
                    draft.remarks.append(str(comparison))
                    reason = f"{_KNOWN} {known.id}"
                    document.setdefault("off_by_default", reason)
                    draft.off_by_default += [] if reason in draft.off_by_default else [reason]


def _hold_back(drafts: Sequence[Draft], entries: Mapping[str, Entry], database: Database) -> None:
    silent = {document["id"] for draft in drafts for document in draft.documents if "off_by_default" in document}
    reasons = held_back(entries, database.entries, database.names.tolerant, silent)
    for draft in drafts:
        for document in draft.documents:
            reason = reasons.get(document["id"])
            if reason:
                document["off_by_default"] = reason
                draft.off_by_default.append(f"{document['id']} {reason.partition(';')[0]}")


def _name_odd_numbers(drafts: Sequence[Draft], entries: Mapping[str, Entry], database: Database) -> None:
    found = odd_numbers(entries, database.entries, database.names.tolerant)
    for draft in drafts:
        for document in draft.documents:
            findings = found.get(document["id"])
            if findings:
                document["unusual"] = unusual_text(findings)
                # that a number of a known result stands in the database is no news
                known = str(document.get("off_by_default", "")).startswith(_KNOWN)
                news = [one for one in findings if not (known and one.endswith("entered twice?"))]
                draft.remarks += [f"LOOK: {unusual_text(news).removeprefix('taken as imported: ')}"] if news else []


def _in_order(document: Mapping[str, Any]) -> dict[str, Any]:
    """The keys in the order of the shipped files."""
    first = {key: document[key] for key in _ORDER if key in document}
    return first | {key: value for key, value in document.items() if key not in first}


def _line(draft: Draft) -> BlockReport:
    return BlockReport(
        draft.name,
        tuple(document["id"] for document in draft.documents),
        draft.found,
        sum(len(document["observables"]) for document in draft.documents),
        tuple(draft.guessed),
        tuple(draft.not_expressed),
        tuple(draft.off_by_default),
        tuple(draft.remarks),
    )
