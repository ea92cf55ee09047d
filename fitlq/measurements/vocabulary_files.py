"""The content of vocabulary files: quantities that are measured and may have no prediction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fitlq.measurements.diagnostics import Diagnostic, MeasurementError, unreadable_file
from fitlq.measurements.locations import Folder, vocabulary_files
from fitlq_theory.errors import InputError
from fitlq_theory.naming import unknown_name_message
from fitlq_theory.strict_yaml import load_yaml

__all__ = ["Document", "Term", "terms_of_documents", "vocabulary_documents"]

_SCHEMA = "fitlq-vocabulary/1"
_LISTS = ("terms", "systematics")
_PROCESSES = "processes"

Document = tuple[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Term:
    """A quantity that is measured and may have no prediction.

    Attributes
    ----------
    name, unit, meaning : str
    aliases : tuple of str
        Other names of it.
    arguments : mapping
        Keys that `args` may hold, and the range of their values (None: any), e.g. the phase space of a bin edge.
    """

    name: str
    unit: str
    meaning: str
    aliases: tuple[str, ...] = ()
    arguments: Mapping[str, tuple[float, float] | None] = field(default_factory=dict)

    def check_arguments(self, args: Mapping[str, Any]) -> str | None:
        """The reason why `args` cannot belong to it, or None."""
        unknown = [key for key in args if key not in self.arguments]
        if unknown:
            allowed = ", ".join(self.arguments) or "none"
            return f"{self.name} takes no argument {', '.join(map(repr, unknown))} (allowed: {allowed})"
        for key, value in args.items():
            ends = self.arguments[key]
            if ends is not None and not isinstance(value, str) and not ends[0] <= value <= ends[1]:
                return f"{self.name}: {key} = {value:g} is outside {ends[0]:g} to {ends[1]:g}"
        return None


def vocabulary_documents(folders: Sequence[Folder]) -> list[Document]:
    """The parsed vocabulary files of some folders, as (file, content).

    Raises
    ------
    MeasurementError
        A file is not UTF-8 text, not YAML or not a vocabulary.
    """
    return [(name, _document(name, _text(name, file))) for layer in folders for name, file in vocabulary_files(layer)]


def terms_of_documents(documents: Iterable[Document]) -> dict[str, Term]:
    """The terms of vocabulary files by name, a later one prevailing.

    Raises
    ------
    MeasurementError
        A term is malformed, or a name is given twice in a file.
    """
    return {term.name: term for name, document in documents for term in _terms_in(name, document)}


def _text(name: str, file: Folder) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise MeasurementError([Diagnostic(name, None, None, None, "is not UTF-8 text")]) from None


def _document(file: str, text: str) -> Mapping[str, Any]:
    try:
        document: Any = load_yaml(text, file)
    except InputError as error:
        raise MeasurementError([unreadable_file(file, error)]) from None
    lists_are_lists = isinstance(document, dict) and all(isinstance(document.get(key, []), list) for key in _LISTS)
    if (
        not isinstance(document, dict)
        or not lists_are_lists
        or document.get("schema") != _SCHEMA
        or not isinstance(document.get(_PROCESSES, {}), Mapping)
    ):
        lists = " or ".join(map(repr, _LISTS))
        message = f"must start with 'schema: {_SCHEMA}' and hold a list {lists}, or a mapping {_PROCESSES!r} (name: title)"
        raise MeasurementError([Diagnostic(file, None, None, None, message)])
    allowed = (*_LISTS, _PROCESSES)
    unknown = sorted(set(document) - {"schema", *allowed})
    if unknown or not any(key in document for key in allowed):
        message = unknown_name_message("key", unknown[0], allowed) if unknown else f"holds none of {', '.join(allowed)}"
        raise MeasurementError([Diagnostic(file, None, None, None, message)])
    return document


def _terms_in(file: str, document: Mapping[str, Any]) -> list[Term]:
    found: list[Term] = []
    problems: list[Diagnostic] = []
    for index, item in enumerate(document.get("terms", [])):
        problem = _problem(item)
        if problem is None:
            found.extend(_terms(item))
        else:
            problems.append(Diagnostic(file, None, None, f"terms[{index}]", f"{problem}; found {item!r}"))
    problems.extend(_repeated(file, found))
    if problems:
        raise MeasurementError(problems)
    return found


def _repeated(file: str, terms: Sequence[Term]) -> list[Diagnostic]:
    counts = Counter(name for term in terms for name in (term.name, *term.aliases))
    return [Diagnostic(file, None, None, "terms", f"the name {name!r} is given twice") for name, n in counts.items() if n > 1]


def _terms(item: Mapping[str, Any]) -> list[Term]:
    given = item.get("arguments", {})
    ranges = dict.fromkeys(given) if isinstance(given, list) else given
    arguments = {key: None if ends is None else (float(ends[0]), float(ends[1])) for key, ends in ranges.items()}
    names = [item["name"]] if "name" in item else item["names"]
    aliases = tuple(item.get("aliases", ()))
    return [Term(name, str(item["unit"]), item["meaning"], aliases, arguments) for name in names]


def _problem(item: Any) -> str | None:
    """Why an item of the list is not a term, or None."""
    if not isinstance(item, dict) or ("name" in item) == ("names" in item) or not {"unit", "meaning"} <= set(item):
        return "needs name (or a list names), unit, meaning"
    unknown = set(item) - {"name", "names", "unit", "meaning", "aliases", "arguments"}
    if unknown:
        return f"unknown key {sorted(unknown)[0]!r} (allowed: name, names, unit, meaning, aliases, arguments)"
    names, aliases = item.get("names", [item.get("name")]), item.get("aliases", [])
    texts = [*names, item["meaning"], *aliases] if isinstance(names, list) and isinstance(aliases, list) else [None]
    if not all(isinstance(text, str) and text for text in texts):
        return "name, names, aliases and meaning must be text"
    if aliases and len(names) > 1:
        return "aliases belong to one name, not to several"
    arguments = item.get("arguments", [])
    if isinstance(arguments, dict) and all(_is_range(ends) for ends in arguments.values()):
        return None
    if isinstance(arguments, list) and all(isinstance(name, str) for name in arguments):
        return None
    return "arguments must be a list of names, or a mapping of names to [lowest, highest]"


def _is_range(ends: Any) -> bool:
    if ends is None:
        return True
    numbers = isinstance(ends, list) and len(ends) == 2 and all(isinstance(end, (int, float)) for end in ends)
    return numbers and ends[0] < ends[1]
