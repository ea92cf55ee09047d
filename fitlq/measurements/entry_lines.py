"""The line of a measurement file on which each entry starts."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

__all__ = ["id_lines"]

_ID_LINE = re.compile(r"""^\s*(?:-\s+)?id:\s+["']?([^\s"']+)["']?\s*(?:#.*)?$""")
_TREE_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def id_lines(text: str, entries: Sequence[Any]) -> list[int | None]:
    """Line (from 1) of the id of each entry."""
    found: dict[str, list[int]] = defaultdict(list)
    for number, line in enumerate(text.splitlines(), start=1):
        match = _ID_LINE.match(line)
        if match:
            found[match[1]].append(number)
    lines = [found.get(raw["id"], []) if isinstance(raw, Mapping) and isinstance(raw.get("id"), str) else [] for raw in entries]
    return [one[0] for one in lines] if all(len(one) == 1 for one in lines) else _from_tree(text)


def _from_tree(text: str) -> list[int | None]:
    """The same where ids are written in other ways, or also stand on a line of their own inside relations."""
    root: Any = yaml.compose(text, Loader=_TREE_LOADER)
    entries = next((value for key, value in root.value if key.value == "entries"), None)
    found: list[int | None] = []
    for entry in entries.value if entries is not None else ():
        pairs = entry.value if isinstance(entry, yaml.MappingNode) else ()
        marks = [key.start_mark for key, _ in pairs if key.value == "id"]
        found.append(marks[0].line + 1 if marks else None)
    return found
