"""Read measurement files: every mistake of every file at once, or the entries."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import yaml

from fitlq.measurements.checks_of_names import name_problems
from fitlq.measurements.checks_of_numbers import numerical_problems
from fitlq.measurements.checks_of_relations import RelationProblem, duplicate_problems, relation_problems
from fitlq.measurements.diagnostics import Diagnostic, MeasurementError, unreadable_file
from fitlq.measurements.entry import Entry
from fitlq.measurements.entry_building import build_entry
from fitlq.measurements.histfactory_files import with_fingerprint
from fitlq.measurements.locations import Folder, measurement_files, no_files_message, vocabulary_files
from fitlq.measurements.reading_cache import ReadingCache, digest_of
from fitlq.measurements.structure import Problem, structural_problems
from fitlq.measurements.suspicions import notes_on_entries, suspicious_numbers
from fitlq.measurements.vocabulary import ObservableVocabulary
from fitlq_theory.errors import InputError
from fitlq_theory.strict_yaml import YamlDocument, load_yaml_document

_ID_LINE = re.compile(r"""^\s*(?:-\s+)?id:\s+["']?([^\s"']+)["']?\s*(?:#.*)?$""")
_TREE_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

__all__ = [
    "Layer",
    "combine_layers",
    "name_diagnostics",
    "read_entry",
    "read_layer",
    "relation_diagnostics",
    "resolver",
    "suspicion_diagnostics",
]


@dataclass(slots=True)
class Layer:
    """The content of one folder (or file): entries in file order, findings, and the documents for line numbers."""

    entries: list[Entry] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    files: dict[str, Folder] = field(default_factory=dict)
    documents: dict[str, YamlDocument] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)
    """Ids of entries left out of `entries` because of their mistakes."""
    remarks: list[str] = field(default_factory=list)

    def extend(self, other: Layer) -> None:
        """Add the content of another layer."""
        self.entries.extend(other.entries)
        self.diagnostics.extend(other.diagnostics)
        self.files.update(other.files)
        self.documents.update(other.documents)
        self.unreadable.update(other.unreadable)
        self.remarks.extend(other.remarks)

    def document(self, name: str) -> YamlDocument | None:
        """The file an entry stands in, to look up lines; of a file known from the cache it is parsed only now."""
        if name not in self.documents and name in self.files:
            self.documents[name] = load_yaml_document(self.files[name].read_text(encoding="utf-8"), name)
        return self.documents.get(name)


def read_layer(folder: Folder, skip: Iterable[Path] = (), *, afresh: bool = False) -> Layer:
    """All measurement files below `folder` (or the file itself), except those in `skip`.

    Files that were read before and found right come from the cache, unless they are wanted `afresh`.
    """
    layer = Layer()
    cache = None if afresh else ReadingCache(str(folder))
    skipped = {str(path) for path in skip}
    found = measurement_files(folder)
    if not found and not vocabulary_files(folder):
        layer.remarks.append(no_files_message(folder))
    for name, file in found:
        if skipped and str(Path(name).resolve()) in skipped:
            continue
        _read_file(layer, name, file, cache)
    if cache is not None:
        cache.save()
    layer.diagnostics.extend(_locate(layer, duplicate_problems(layer.entries)))
    return layer


def _read_file(layer: Layer, name: str, file: Folder, cache: ReadingCache | None) -> None:
    content = file.read_bytes()
    digest = digest_of(content)
    layer.files[name] = file
    known = cache.find(name, digest) if cache is not None else None
    if known is not None:
        layer.entries.extend(build_entry(document, name, line) for line, document in known.entries)
        return
    side_files = _parse_file(layer, name, content)
    if cache is not None and side_files is not None:
        cache.keep(name, digest, side_files, [(one.line, one.document) for one in layer.entries if one.file == name])


def _parse_file(layer: Layer, name: str, content: bytes) -> dict[str, str] | None:
    """Read and check one file; the digests of its side files, or None if it has mistakes."""
    before = len(layer.diagnostics)
    try:
        # as a file opened as text would read it
        text = content.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n")
        document = load_yaml_document(text, name)
    except InputError as error:
        layer.diagnostics.append(unreadable_file(name, error))
        return None
    except UnicodeDecodeError:
        layer.diagnostics.append(Diagnostic(name, None, None, None, "is not UTF-8 text"))
        return None
    layer.documents[name] = document
    faulty = _report(layer, document, structural_problems(document.data))
    if not isinstance(document.data, Mapping) or not isinstance(document.data.get("entries"), list):
        return None
    lines = _id_lines(text, document.data["entries"])
    side_files: dict[str, str] = {}
    for index, raw in enumerate(document.data["entries"]):
        if index in faulty:
            layer.unreadable.add(_entry_name(document.data, index))
            continue
        item, problems = _with_side_file(raw, Path(name).parent, side_files)
        problems = problems or numerical_problems(item)
        _report(layer, document, [(("entries", index, *path), message) for path, message in problems])
        if problems:
            layer.unreadable.add(item["id"])
        else:
            layer.entries.append(build_entry(item, name, lines[index]))
    return side_files if len(layer.diagnostics) == before else None


def _id_lines(text: str, entries: Sequence[Any]) -> list[int | None]:
    """Line (from 1) of the id of each entry."""
    found: dict[str, list[int]] = defaultdict(list)
    for number, line in enumerate(text.splitlines(), start=1):
        match = _ID_LINE.match(line)
        if match:
            found[match[1]].append(number)
    lines = [found.get(raw["id"], []) if isinstance(raw, Mapping) and isinstance(raw.get("id"), str) else [] for raw in entries]
    return [one[0] for one in lines] if all(len(one) == 1 for one in lines) else _id_lines_from_tree(text)


def _id_lines_from_tree(text: str) -> list[int | None]:
    """The same where ids are written in other ways, or also stand on a line of their own inside relations."""
    root: Any = yaml.compose(text, Loader=_TREE_LOADER)
    entries = next((value for key, value in root.value if key.value == "entries"), None)
    found: list[int | None] = []
    for entry in entries.value if entries is not None else ():
        pairs = entry.value if isinstance(entry, yaml.MappingNode) else ()
        marks = [key.start_mark for key, _ in pairs if key.value == "id"]
        found.append(marks[0].line + 1 if marks else None)
    return found


def _with_side_file(item: Mapping[str, Any], folder: Path, digests: dict[str, str]) -> tuple[Mapping[str, Any], list[Problem]]:
    """Long grids live in a file of their own, `values_file`, next to the entry, and so do workspaces (`file`)."""
    if item["data"]["type"] == "external":
        data, problems = with_fingerprint(item["data"], folder, digests)
        return {**item, "data": data}, problems
    side_file = item["data"].get("values_file")
    if side_file is None:
        return item, []
    try:
        content = (folder / side_file).read_bytes()
        rows = csv.reader(content.decode("utf-8").splitlines())
        values = [float(cell) for row in rows for cell in row if cell.strip()]
        digests[side_file] = digest_of(content)
    except (OSError, ValueError) as error:
        return item, [(("data", "values_file"), f"cannot be read as numbers: {error}")]
    data = {key: value for key, value in item["data"].items() if key != "values_file"}
    return {**item, "data": {**data, "values": values}}, []


def _report(layer: Layer, document: YamlDocument, problems: Sequence[Problem]) -> set[int]:
    """Add the problems as diagnostics; the indices of the entries they concern."""
    faulty: set[int] = set()
    for path, message in problems:
        entry, inside = None, path
        if len(path) >= 2 and path[0] == "entries" and isinstance(path[1], int):
            faulty.add(path[1])
            entry, inside = _entry_name(document.data, path[1]), path[2:]
        line = document.line_of(*path)
        layer.diagnostics.append(Diagnostic(document.source_name, line, entry, _dotted(inside), message))
    return faulty


def _entry_name(data: Any, index: int) -> str:
    raw = data["entries"][index]
    name = raw.get("id") if isinstance(raw, Mapping) else None
    return name if isinstance(name, str) else f"#{index + 1}"


def _dotted(path: Sequence[str | int]) -> str | None:
    text = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path)
    return text.lstrip(".") or None


def _locate(layer: Layer, problems: Iterable[RelationProblem]) -> list[Diagnostic]:
    found = []
    for entry, path, message in problems:
        document = layer.document(entry.file)
        line = entry.line
        if document is not None:
            ids = [raw.get("id") for raw in document.data["entries"]]
            # the last one, because of two equal ids it is the second that is reported
            index = len(ids) - 1 - ids[::-1].index(entry.id)
            line = document.line_of("entries", index, *path)
        found.append(Diagnostic(entry.file, line, entry.id, _dotted(path), message))
    return found


def read_entry(document: Mapping[str, Any], source_name: str = "entry") -> Entry:
    """An entry from a mapping with the keys of a measurement file, checked like one.

    Parameters
    ----------
    document : mapping
        One item of a file's `entries` list.
    source_name : str
        Stands for the file in messages.

    Raises
    ------
    MeasurementError
        With every mistake. Relations to other entries are checked when the entry joins a data set.
    """
    whole = {"schema": "fitlq-measurements/1", "source": source_name, "entries": [dict(document)]}
    problems = [(path[2:], message) for path, message in structural_problems(whole)] or numerical_problems(document)
    if problems:
        name = str(document.get("id", "#1"))
        raise MeasurementError(Diagnostic(source_name, None, name, _dotted(path), message) for path, message in problems)
    return build_entry(document, source_name)


def resolver(vocabulary: ObservableVocabulary | None) -> Callable[[str], str]:
    """Maps names to canonical ones; names the vocabulary does not know (reported elsewhere) stay as they are."""
    known: dict[str, str] = {}

    def resolve(name: str) -> str:
        if vocabulary is None:
            return name
        if name not in known:
            try:
                known[name] = vocabulary.resolve(name)
            except InputError:
                # remembered too: an unknown name is compared with all known ones, which takes long
                known[name] = name
        return known[name]

    return resolve


def relation_diagnostics(
    layer: Layer,
    entries: Mapping[str, Entry],
    vocabulary: ObservableVocabulary | None,
    unreadable: Collection[str] = (),
) -> list[Diagnostic]:
    """Mistakes in the relations of a layer's entries, all entries of the database being `entries`."""
    checked = [entry for entry in layer.entries if entries.get(entry.id) is entry]
    return _locate(layer, relation_problems(entries, checked, resolver(vocabulary), unreadable))


def name_diagnostics(layer: Layer, vocabulary: ObservableVocabulary) -> list[Diagnostic]:
    """Names of observables, and what goes with them: arguments outside phase space, repetitions, wrong units."""
    return _locate(layer, (problem for entry in layer.entries for problem in name_problems(entry, vocabulary)))


def suspicion_diagnostics(
    layer: Layer, entries: Mapping[str, Entry], vocabulary: ObservableVocabulary | None
) -> list[Diagnostic]:
    """What looks like a slip in a layer's entries, all entries of the database being `entries`, and notes on them."""
    checked = [entry for entry in layer.entries if entries.get(entry.id) is entry]
    slips = _locate(layer, suspicious_numbers(entries, checked, resolver(vocabulary)))
    return [*slips, *(replace(note, note=True) for note in _locate(layer, notes_on_entries(checked)))]


def combine_layers(stack: Sequence[Layer], vocabulary: ObservableVocabulary | None = None) -> tuple[dict[str, Entry], list[str]]:
    """The database made of layers, a later one replacing entries of the same id.

    Returns
    -------
    entries, remarks
        Entries by id, sorted by id; one remark per replaced entry.

    Raises
    ------
    MeasurementError
        With every mistake of every layer.
    """
    entries: dict[str, Entry] = {}
    remarks = [remark for layer in stack for remark in layer.remarks]
    for layer in stack:
        for entry in layer.entries:
            if entry.id in entries and entries[entry.id] not in layer.entries:
                remarks.append(f"{entry.id}: the entry of {entry.file} replaces that of {entries[entry.id].file}")
            entries[entry.id] = entry
    found = [diagnostic for layer in stack for diagnostic in layer.diagnostics]
    unreadable = {name for layer in stack for name in layer.unreadable}
    for layer in stack:
        found.extend(relation_diagnostics(layer, entries, vocabulary, unreadable))
        found.extend(name_diagnostics(layer, vocabulary) if vocabulary is not None else [])
    if found:
        raise MeasurementError(found)
    remarks.extend(_unusual_processes(stack))
    return dict(sorted(entries.items())), sorted(remarks)


def _unusual_processes(stack: Sequence[Layer]) -> Iterator[str]:
    """A word for each process of a user's layer that looks like a misspelt one of the first layer (a new one is fine)."""
    known = {entry.process for entry in stack[0].entries}
    for layer in stack[1:]:
        for entry in layer.entries:
            near = get_close_matches(entry.process, known, n=1, cutoff=0.8)
            if near and entry.process not in known:
                yield f"{entry.id}: the process {entry.process!r} is new; did you mean {near[0]!r}?"
