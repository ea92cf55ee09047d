"""The layout of ``fitlq measurements``: one line per entry, by process, with what is left out summarised or in full."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fitlq.cli.text_table import render_table
from fitlq.formatting import format_arguments

__all__ = ["count_of", "listing_text", "number_rows", "numbers_left_out", "numbers_selected"]

_NUMBERS_SHOWN = 2
_CAUSES_SHOWN = 4  # processes named for a reason in the summary

Row = Mapping[str, Any]


Number = tuple[str, int, str]
"""Id of an entry, position of one of its observables, and why it is not used (empty: it is)."""


def numbers_selected(dataset: Any, rows: Iterable[Any]) -> list[Number]:
    """Where the numbers that a likelihood reports (used or not) stand in their entries.

    Several numbers of an entry for one quantity are told apart by their order, which is that of the entry.
    """
    positions: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for item in dataset:
        for index in item.indices:
            reference = item.entry.observables[index]
            positions[item.entry.id, reference.name, str(sorted(reference.args.items()))].append(index)
    found = []
    for row in rows:
        index = positions[row.id, row.observable, str(sorted(row.args.items()))].pop(0)
        found.append((row.id, index, str(getattr(row, "reason", ""))))
    return found


def numbers_left_out(dataset: Any) -> list[Number]:
    """The same for what is not in the data set."""
    found = [
        (out.entry_id, dataset.entries[out.entry_id].observables.index(out.reference), out.reason) for out in dataset.left_out
    ]
    return sorted(found)


def number_rows(dataset: Any, numbers: Iterable[Number], meant: frozenset[str] | None) -> list[dict[str, Any]]:
    """Numbers as plain data with their values, those that a pattern means."""
    from fitlq.measurements import describe_value

    found = []
    for name, index, reason in numbers:
        entry = dataset.entries[name]
        reference = entry.observables[index]
        if meant is not None and meant.isdisjoint((name, entry.process, reference.name, dataset.canonical(reference.name))):
            continue
        row = {"id": name, "process": entry.process, "observable": reference.name, "args": reference.args}
        row |= {"label": reference.label, "value": describe_value(entry, index)}
        found.append({**row, "date": entry.date_text, "day": str(entry.date), "level": entry.provenance.level, "reason": reason})
    return found


def listing_text(
    data: Mapping[str, Any],
    used: Sequence[Row],
    unused: Sequence[Row],
    dropped: Sequence[Row],
    titles: Mapping[str, str],
    everything: bool,
    each: bool,
) -> str:
    """The whole list.

    `used` enters a fit, `unused` is in the data set and does not (no prediction), `dropped` is not in the data set; `everything`:
    the last two in full and not summarised; `each`: a line per number and not per entry.
    """
    entries = len({row["id"] for row in used})
    counts = f"{count_of(len(used), 'number')} of {count_of(entries, 'entry', 'entries')}"
    head = f"{counts} as of {data['as_of']}, policy {data['policy']}"
    parts = [head, *_by_process(used, titles, each)]
    if unused:
        reasons = {row["reason"] for row in unused}
        words = f"in the data set, but not in a fit: {count_of(len(unused), 'number')}"
        if everything and len(reasons) == 1:
            words += f", {reasons.pop()}"
            unused = [{**row, "reason": ""} for row in unused]
        parts += ["", words, *(_by_process(unused, titles, each) if everything else _summary(unused))]
    if dropped:
        parts += [
            "",
            f"left out: {count_of(len(dropped), 'number')}",
            *(_in_full(dropped, each) if everything else _summary(dropped)),
        ]
    if (unused or dropped) and not everything:
        parts += ["", "each with its reason: --all, or a PATTERN (an observable, a process, an entry)"]
    return "\n".join(parts)


def count_of(count: int, one: str, several: str = "") -> str:
    """``1 number``, ``2 numbers``."""
    return f"{count} {one if count == 1 else several or one + 's'}"


def _entry_and_level(row: Row) -> str:
    """The id, with the level of its provenance where it is not the best."""
    return str(row["id"]) if row["level"] == "primary" else f"{row['id']} [{row['level']}]"


def _by_process(rows: Sequence[Row], titles: Mapping[str, str], each: bool) -> list[str]:
    processes: dict[str, dict[tuple[str, int], list[Row]]] = defaultdict(dict)
    for number, row in enumerate(sorted(rows, key=lambda one: (one["process"], one["id"]))):
        processes[row["process"]].setdefault((row["id"], number if each else 0), []).append(row)
    lines: list[str] = []
    for process, entries in processes.items():
        numbers = sum(map(len, entries.values()))
        title = f"  {titles[process]}" if process in titles else ""
        lines += ["", f"{process}{title}: {count_of(numbers, 'number')}"]
        table = [[_numbers(ones), ones[0]["date"], _entry_and_level(ones[0]), _reason(ones)] for ones in entries.values()]
        headers = ["numbers", "date", "entry"]
        if any(row[3] for row in table):
            headers.append("reason")
        rendered = render_table(headers, [row[: len(headers)] for row in table])
        lines += [f"  {line}" for line in rendered.splitlines()]
    return lines


def _reason(rows: Sequence[Row]) -> str:
    return "; ".join(dict.fromkeys(row["reason"] for row in rows))


def _numbers(rows: Sequence[Row]) -> str:
    if len(rows) == 1:
        return f"{_quantity(rows[0])} {rows[0]['value']}"
    # of a limit only itself, not the counts behind it
    shown = "; ".join(f"{_quantity(row)} {row['value'].split(', ')[0]}" for row in rows[:_NUMBERS_SHOWN])
    return shown + (f"; and {len(rows) - _NUMBERS_SHOWN} more" if len(rows) > _NUMBERS_SHOWN else "")


def _quantity(row: Row) -> str:
    name = format_arguments(row["observable"], row["args"])
    return f"{name} ({row['label']})" if row["label"] else name


def _summary(rows: Sequence[Row]) -> list[str]:
    from fitlq.measurements.reasons import reason_group

    groups: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[reason_group(row["reason"])].append(row)
    ordered = sorted(groups.items(), key=lambda pair: (-len(pair[1]), pair[0]))
    width = len(str(len(ordered[0][1])))
    return [f"  {len(ones):>{width}}  {reason}: {_where(ones)}" for reason, ones in ordered]


def _where(rows: Sequence[Row]) -> str:
    counts = sorted(Counter(row["process"] for row in rows).items(), key=lambda one: (-one[1], one[0]))
    shown = ", ".join(
        f"{process} {count}" for process, count in sorted(counts[:_CAUSES_SHOWN], key=lambda one: (-one[1], one[0]))
    )
    rest = sum(count for _, count in counts[_CAUSES_SHOWN:])
    return f"{shown}, other processes {rest}" if rest else shown


def _in_full(rows: Sequence[Row], each: bool) -> list[str]:
    """One row for all numbers of an entry that were left out for the same reason (or for each number), newest first."""
    together: dict[tuple[str, str, int], list[Row]] = {}
    newest_first = sorted(rows, key=lambda one: (one["day"], one["id"]), reverse=True)
    for number, row in enumerate(newest_first):
        together.setdefault((row["id"], row["reason"], number if each else 0), []).append(row)
    table = [[_numbers(ones), ones[0]["date"], _entry_and_level(ones[0]), reason] for (_, reason, _), ones in together.items()]
    return [f"  {line}" for line in render_table(["numbers", "date", "entry", "reason"], table).splitlines()]
