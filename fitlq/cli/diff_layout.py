"""The layout of ``fitlq diff``: by process, numbers that changed together on one line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from fitlq.cli.text_table import render_table
from fitlq.formatting import format_arguments, format_pull, format_with_error

__all__ = ["diff_text"]

_HEADERS = ("change", "observable", "old", "new", "shift", "old entries", "new entries")
_WRITTEN_OUT = 3  # sets up to this size are shown number by number
_LARGEST = 3


def diff_text(data: Mapping[str, Any], sets: Sequence[Any], titles: Mapping[str, str], *, each: bool) -> str:
    """All changes as text; with `each`, large sets number by number as well."""
    if not data["changes"]:
        return "nothing changed"
    lines = [_headline(data), *_largest(data["changes"])]
    processes: dict[str, list[Any]] = defaultdict(list)
    for one in sets:
        processes[one.changes[0].process].append(one)
    shortened = False
    for process, members in sorted(processes.items()):
        rows: list[list[str]] = []
        for one in members:
            short = len(one.changes) > _WRITTEN_OUT and not each
            shortened = shortened or short
            rows += [_set_row(one)] if short else _rows(one)
        title = f"  {titles[process]}" if process in titles else ""
        lines += ["", f"{process}{title}", *(f"  {line}" for line in render_table(_HEADERS, rows).splitlines())]
    return "\n".join([*lines, "", "sets in full: --all, or a PATTERN"] if shortened else lines)


def _headline(data: Mapping[str, Any]) -> str:
    counts = ", ".join(f"{count} {kind}" for kind, count in data["counts"].items() if count)
    total = len(data["changes"])
    sides = [f"{data['from']}{_places(data['data_from'])}", f"{data['to']}{_places(data['data_to'])}"]
    words = f"{total} {'quantity' if total == 1 else 'quantities'} changed: {counts}"
    return f"{' -> '.join(sides)}, policy {data['policy']}: {words}"


def _places(folders: Sequence[str]) -> str:
    return f" with {', '.join(folders)}" if folders else ""


def _largest(changes: Sequence[Mapping[str, Any]]) -> list[str]:
    moved = sorted((c for c in changes if c["pull"]), key=lambda c: -abs(c["pull"]))[:_LARGEST]
    if not moved:
        return []
    words = (f"{format_arguments(c['observable'], c['args'])} {format_pull(c['pull'])}" for c in moved)
    return [f"largest shifts in old errors: {', '.join(words)}"]


def _rows(one: Any) -> list[list[str]]:
    rows = [
        [
            change.kind,
            format_arguments(change.observable, change.args),
            _value(change.old_value, change.old_error, change.old_text, len(change.old_ids)),
            _value(change.new_value, change.new_error, change.new_text, len(change.new_ids)),
            _shift(change),
            _entries(change.old_ids),
            _entries(change.new_ids),
        ]
        for change in one.changes
    ]
    if one.chi2 is not None:
        rows.append(["", f"the {len(one.changes)} together", "", "", _chi2(one), "", ""])
    return rows


def _set_row(one: Any) -> list[str]:
    names = list(dict.fromkeys(change.observable for change in one.changes))
    shown = ", ".join(names[:2]) + (f" and {len(names) - 2} more" if len(names) > 2 else "")
    first = one.changes[0]
    numbers = f"{len(one.changes)} numbers"
    old, new = (numbers if first.old_ids else "–"), (numbers if first.new_ids else "–")
    return [first.kind, shown, old, new, _chi2(one), _entries(first.old_ids), _entries(first.new_ids)]


def _chi2(one: Any) -> str:
    if one.chi2 is not None:
        return f"chi2 {one.chi2:.1f}/{len(one.changes)}"
    pulls = [change.pull for change in one.changes if change.pull is not None]
    return f"up to {format_pull(max(pulls, key=abs))}" if pulls else "–"


def _shift(change: Any) -> str:
    if change.limit_ratio is not None:
        return f"× {change.limit_ratio:.2g}"
    return change.remark if change.remark and not change.pull else format_pull(change.pull)


def _value(value: float | None, error: float | None, text: str, count: int) -> str:
    if count > 1 and value is not None:
        return f"{format_with_error(value, error)} (mean of {count})" if error is not None else _limits(value, count)
    return text or "–"


def _limits(strongest: float, count: int) -> str:
    return f"{count} limits, the strongest < {strongest:.3g}"


def _entries(ids: Sequence[str]) -> str:
    return ", ".join(ids[:2]) + (f" and {len(ids) - 2} more" if len(ids) > 2 else "") if ids else "–"
