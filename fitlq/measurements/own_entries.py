"""What a user's own files did to the data: added, replaced by id, superseded, and what they put out of use."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from fitlq.measurements.entry import Entry
from fitlq.measurements.locations import shipped_prefix

if TYPE_CHECKING:
    from fitlq.measurements.dataset import Dataset

__all__ = ["own_entry_notes"]

_SHOWN = 12
_NAMED = 4


def own_entry_notes(dataset: Dataset, concerned: Collection[str] | None = None) -> tuple[str, ...]:
    """A line for each entry that is not shipped (a summary of the rest after the first twelve).

    Each says whether the entry is new or takes the place of the shipped one of the same id, what it supersedes, whether it is
    used, and what is left out because of it. `concerned`: ids of the entries to speak about; None: all.
    """
    prefix = shipped_prefix()
    own = [entry for _, entry in sorted(dataset.entries.items()) if not entry.file.startswith(prefix)]
    own = [entry for entry in own if concerned is None or entry.id in concerned]
    replacing = {text.split(":", 1)[0] for text in dataset.warnings if ": the entry of " in text and " replaces that of " in text}
    effects = _left_out_because_of(dataset, {entry.id for entry in own})
    notes = [_note(dataset, entry, entry.id in replacing, effects.get(entry.id, [])) for entry in own[:_SHOWN]]
    if len(own) > _SHOWN:
        rest = own[_SHOWN:]
        used = sum(len(item.indices) for item in dataset if item.entry in rest)
        notes.append(f"and {len(rest)} more entries of yours, of which {used} numbers are used")
    return tuple(notes)


def _note(dataset: Dataset, entry: Entry, replaces: bool, effects: list[str]) -> str:
    parts = ["takes the place of the entry of this id" if replaces else "added"]
    if entry.relations.supersedes:
        parts.append(f"supersedes {', '.join(one.id for one in entry.relations.supersedes)}")
    if entry.relations.inputs:
        parts.append(f"contains {', '.join(entry.relations.inputs)}")
    parts.append(_use(dataset, entry))
    named = {*(one.id for one in entry.relations.supersedes), *entry.relations.inputs}
    others = [name for name in effects if name not in named]
    if others:
        more = f" and {len(others) - _NAMED} more" if len(others) > _NAMED else ""
        parts.append(f"left out besides: {', '.join(others[:_NAMED])}{more}")
    return f"{entry.id} ({Path(entry.file).name}): {'; '.join(parts)}"


def _use(dataset: Dataset, entry: Entry) -> str:
    used = sum(len(item.indices) for item in dataset if item.entry.id == entry.id)
    reasons = list(dict.fromkeys(out.reason for out in dataset.left_out if out.entry_id == entry.id))
    total = len(entry.observables)
    if not reasons:
        return f"selected: {total} {'number' if total == 1 else 'numbers'}"
    if not used:
        return f"not selected: {'; '.join(reasons)}{_remedy(entry)}"
    return f"selected: {used} of {total} numbers; the others: {'; '.join(reasons)}"


def _remedy(entry: Entry) -> str:
    return f" (--include projected, or --include {entry.id})" if entry.projected else ""


def _left_out_because_of(dataset: Dataset, own: set[str]) -> Mapping[str, list[str]]:
    """For each own entry the other entries whose reason names it."""
    found: dict[str, list[str]] = {}
    for out in dataset.left_out:
        for name in own.intersection(re.findall(r"[a-z0-9][a-z0-9._+-]*", out.reason)) - {out.entry_id}:
            if out.entry_id not in found.setdefault(name, []):
                found[name].append(out.entry_id)
    return found
