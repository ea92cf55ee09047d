"""``fitlq diff``: what changed in the data between two dates."""

from __future__ import annotations

import argparse
from typing import Any

from fitlq.cli.answer import Answer
from fitlq.cli.parser import Parser, one_of, verb_parser
from fitlq.cli.text_table import render_table
from fitlq.errors import InputError
from fitlq.formatting import format_arguments, format_pull, format_with_error

__all__ = ["change_data", "changes_table", "parser", "run"]


def parser() -> Parser:
    """The options of the verb."""
    verb = verb_parser(
        "diff",
        "What changed in the data between two dates: new, superseded, removed and shifted results.",
        "fitlq diff --from 2023-12 --to 2026-11\nfitlq diff --from 2021 --to 2023 --policy individual --json",
    )
    verb.add_argument("--from", dest="from_date", required=True, metavar="DATE", help="YYYY, YYYY-MM or YYYY-MM-DD")
    verb.add_argument("--to", dest="to_date", required=True, metavar="DATE", help="YYYY, YYYY-MM or YYYY-MM-DD")
    verb.add_argument(
        "--policy",
        type=one_of(("average", "individual")),
        default="average",
        metavar="average|individual",
        help="compare published averages, or the single measurements (default: average)",
    )
    verb.add_argument("--data", action="append", default=[], metavar="DIR", help="your measurements as well; repeatable")
    return verb


def run(arguments: argparse.Namespace) -> Answer:
    """List the changes."""
    from fitlq.measurements import MeasurementVocabulary, diff_measurements
    from fitlq.measurements.dates import resolve_date
    from fitlq_theory.observables import load_registry

    for option, text in (("--from", arguments.from_date), ("--to", arguments.to_date)):
        try:
            resolve_date(text)
        except ValueError as error:
            msg = f"{option}: {error}"
            raise InputError(msg) from None
    changes = diff_measurements(
        arguments.from_date,
        arguments.to_date,
        policy=arguments.policy,
        directories=tuple(arguments.data),
        vocabulary=MeasurementVocabulary(load_registry()),
    )
    data = {"from": arguments.from_date, "to": arguments.to_date, "changes": [change_data(c) for c in changes]}
    return Answer(lambda: changes_table(data["changes"]), data)


def change_data(change: Any) -> dict[str, Any]:
    """A change of the data as plain data."""
    return {
        "kind": change.kind,
        "observable": change.observable,
        "args": dict(change.args),
        "old_ids": list(change.old_ids),
        "new_ids": list(change.new_ids),
        "old": {"value": change.old_value, "error": change.old_error, "text": change.old_text},
        "new": {"value": change.new_value, "error": change.new_error, "text": change.new_text},
        "pull": change.pull,
    }


def changes_table(changes: list[dict[str, Any]]) -> str:
    """The changes as text."""
    if not changes:
        return "nothing changed"
    rows = [
        [
            c["kind"],
            format_arguments(c["observable"], c["args"]),
            _value(c["old"], len(c["old_ids"])),
            _value(c["new"], len(c["new_ids"])),
            format_pull(c["pull"]),
            _entries(c["old_ids"]),
            _entries(c["new_ids"]),
        ]
        for c in changes
    ]
    return render_table(["change", "observable", "old", "new", "shift/σ", "old entries", "new entries"], rows, right=[4])


def _value(one: dict[str, Any], count: int) -> str:
    if count > 1 and one["error"] is not None:
        return f"{format_with_error(one['value'], one['error'])} (mean of {count})"
    if count > 1 and one["value"] is not None:
        return f"{count} limits, the strongest < {one['value']:.3g}"
    return str(one["text"]) or "–"


def _entries(ids: list[str]) -> str:
    return ", ".join(ids[:2]) + (f" and {len(ids) - 2} more" if len(ids) > 2 else "") if ids else "–"
