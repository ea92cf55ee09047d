"""Sources of systematic errors that several entries share: their names and meanings, from the vocabulary files.

A vocabulary file may hold a list `systematics` of items with `name` and `meaning`. Only these names mean the same source in
every entry that lists them with `shared: true`, so that a misspelt name is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fitlq.measurements.diagnostics import Diagnostic, MeasurementError

__all__ = ["plain_name", "systematics_of_documents"]


def plain_name(name: str) -> str:
    """The name without case, spaces, `-`, `_` and `.`: names equal in this form would be mistaken for each other."""
    return re.sub(r"[\s._-]", "", name).casefold()


def systematics_of_documents(
    documents: Iterable[tuple[str, Mapping[str, Any]]], known: Mapping[str, str] | None = None
) -> dict[str, str]:
    """Name -> meaning of the shared sources in parsed vocabulary files, given as (file, document), and of those `known` before.

    Raises
    ------
    MeasurementError
        An item that is malformed, or a name that differs from another one only by case or punctuation.
    """
    found = dict(known or {})
    first = {plain_name(name): (name, "another folder") for name in found}
    problems: list[Diagnostic] = []
    for file, document in documents:
        for index, item in enumerate(_items(document)):
            problem = _problem(item) or _clash(item["name"], file, first)
            if problem:
                problems.append(Diagnostic(file, None, None, f"systematics[{index}]", f"{problem}; found {item!r}"))
            else:
                first[plain_name(item["name"])] = (item["name"], file)
                found[item["name"]] = item["meaning"]
    if problems:
        raise MeasurementError(problems)
    return found


def _items(document: Mapping[str, Any]) -> Iterator[Any]:
    given = document.get("systematics", [])
    yield from given if isinstance(given, list) else [given]


def _problem(item: Any) -> str | None:
    if not isinstance(item, Mapping) or set(item) != {"name", "meaning"}:
        return "needs name and meaning, and nothing else"
    if not all(isinstance(text, str) and text for text in item.values()):
        return "name and meaning must be text"
    return None


def _clash(name: str, file: str, first: Mapping[str, tuple[str, str]]) -> str | None:
    """Why a name cannot be used; a later folder may explain a name of an earlier one anew."""
    known, where = first.get(plain_name(name), (None, ""))
    if known is None or (known == name and where != file):
        return None
    return "the name is given twice" if known == name else f"the name is too similar to {known!r} of {where}"
