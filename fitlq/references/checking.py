"""Check bibliographies against the measurements they stand beside."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from fitlq.measurements.diagnostics import Diagnostic
from fitlq.measurements.entry import Entry
from fitlq.measurements.locations import Folder, Places, existing, layers, listed, measurements_root
from fitlq.measurements.reading import read_layer
from fitlq.references.bibliography import BIBLIOGRAPHY_FILE, Bibliography, bibliography_file, read_bibliography
from fitlq.references.bibtex import Work
from fitlq.references.entry_references import NamedWork, named_works
from fitlq.references.identifiers import is_doi

__all__ = ["check_references"]

_ADVICE = {
    "inspire": "add the entry that INSPIRE gives for this key",
    "arxiv": "add an entry with eprint = {{{value}}} and archivePrefix = {{arXiv}}",
    "also_arxiv": "add an entry with eprint = {{{value}}} and archivePrefix = {{arXiv}}",
}


def check_references(paths: Places) -> tuple[Diagnostic, ...]:
    """Every mistake in the `references.bib` of folders, and between them and the entries there.

    A folder without a `references.bib` is not asked for one. In one that has it, every INSPIRE key and arXiv number in the `refs`
    of an entry must have its work there or in a layer below, an INSPIRE key and an arXiv number of one entry must mean the same
    work, a DOI must be one, and every work must be used by an entry of the folder. For a file or folder among the shipped
    measurements the shipped bibliography is used.

    Parameters
    ----------
    paths : str, Path or sequence of them

    Raises
    ------
    InputError
        A path does not exist.
    """
    below = [work for folder in layers() for work in _works(folder)]
    found: list[Diagnostic] = []
    for folder in map(existing, listed(paths)):
        own = None if folder.is_file() else bibliography_file(folder)
        bibliography = own or _bibliography_for(folder)
        if bibliography is None:
            continue
        name, file = bibliography
        works, mistakes = read_bibliography(name, file)
        entries = read_layer(folder).entries
        combined = Bibliography.of([*below, *works])
        if own is not None:  # part of a folder says nothing about the whole bibliography
            found += [*mistakes, *_unused(works, entries, combined)]
        found += _missing(entries, combined, name)
        found += [problem for entry in entries for problem in _of_entry(entry, combined)]
    return tuple(found)


def _works(folder: Folder) -> Sequence[Work]:
    found = bibliography_file(folder)
    return () if found is None else read_bibliography(*found)[0]


def _bibliography_for(folder: Folder) -> tuple[str, Folder] | None:
    """The bibliography beside a file, or that of the shipped measurements for what lies among them."""
    found = bibliography_file(folder)
    root = measurements_root()
    if found is None and isinstance(root, Path) and Path(str(folder)).resolve().is_relative_to(root.resolve()):
        found = bibliography_file(root)
    return found


def _missing(entries: Iterable[Entry], bibliography: Bibliography, name: str) -> Iterator[Diagnostic]:
    """Each missing work once, at the first entry that names it; a new paper of twelve entries is one thing to add."""
    users: dict[tuple[str, str], list[Entry]] = {}
    for entry in entries:
        named = list(named_works(entry.refs, bibliography))
        by_key = any(kind == "inspire" and work is None for kind, _, work in named)
        for kind, value, work in named:
            if work is None and not (kind == "arxiv" and by_key):  # the entry of the key brings the number along
                users.setdefault((kind, value), []).append(entry)
    for (kind, value), (first, *others) in users.items():
        number = first.refs.get("arxiv") if kind == "inspire" else None
        advice = _ADVICE[kind].format(value=value) + (f", eprint {number}" if number else "")
        also = f" (named by {len(others) + 1} entries)" if others else ""
        yield Diagnostic(first.file, first.line, first.id, f"refs.{kind}", f"{value!r} is not in {name}; {advice}{also}")


def _of_entry(entry: Entry, bibliography: Bibliography) -> Iterator[Diagnostic]:
    yield from _contradictions(entry, list(named_works(entry.refs, bibliography)))
    if "doi" in entry.refs and not is_doi(entry.refs["doi"]):
        message = f"expected a DOI such as 10.1103/PhysRevLett.132.052501, without address, found {entry.refs['doi']!r}"
        yield Diagnostic(entry.file, entry.line, entry.id, "refs.doi", message)


def _contradictions(entry: Entry, named: Iterable[NamedWork]) -> Iterator[Diagnostic]:
    own = {kind: (value, work) for kind, value, work in named if kind != "also_arxiv" and work is not None}
    if len(own) == 2 and own["inspire"][1] is not own["arxiv"][1]:
        (key, by_key), (number, by_number) = own["inspire"], own["arxiv"]
        message = (
            f"{number!r} is {by_number.key if by_number else ''!r} in {BIBLIOGRAPHY_FILE}, but inspire: {key!r} is another work"
            f" (eprint {by_key.fields.get('eprint', 'none') if by_key else 'none'})"
        )
        yield Diagnostic(entry.file, entry.line, entry.id, "refs.arxiv", message)


def _unused(works: Iterable[Work], entries: Iterable[Entry], bibliography: Bibliography) -> Iterator[Diagnostic]:
    used = {work.key for entry in entries for work in _used_by(entry, bibliography)}
    for work in works:
        if work.key not in used:
            message = "no entry names this work in its refs; name it there, or take it out"
            yield Diagnostic(work.file, work.line, work.key, None, message)


def _used_by(entry: Entry, bibliography: Bibliography) -> Iterator[Work]:
    found = [work for _, _, work in named_works(entry.refs, bibliography)]
    if "doi" in entry.refs:
        found.append(bibliography.by_doi(entry.refs["doi"]))
    yield from (work for work in found if work is not None)
