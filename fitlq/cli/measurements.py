"""``fitlq measurements``: what a fit would use, and what it leaves out and why."""

from __future__ import annotations

import argparse
import re
from collections.abc import Mapping, Sequence
from typing import Any

from fitlq.cli.answer import Answer
from fitlq.cli.parser import Parser, verb_parser
from fitlq.cli.problem_options import add_data_options, representations_from
from fitlq.errors import InputError, UnknownNameError
from fitlq_theory.naming import unknown_name_message

__all__ = ["load_data", "not_in_fit", "parser", "run", "split_by_use"]


def parser() -> Parser:
    """The options of the verb."""
    verb = verb_parser(
        "measurements",
        "The measurements a fit would use, and those it leaves out, with the reason. For an observable: every number the\n"
        "database has for it, newest first, what is used and why the others are not.",
        "fitlq measurements\n"
        "fitlq measurements 'R(D*)' --as-of 2023-06 --policy individual\n"
        "fitlq measurements bctaunu\n"
        "fitlq measurements --stale\n"
        "fitlq measurements --forms 'belle2-*'",
    )
    verb.add_argument(
        "pattern",
        nargs="?",
        default=None,
        metavar="PATTERN",
        help="shell pattern of measurement, process or observable, e.g. bctaunu or 'R(D*)'",
    )
    add_data_options(verb)
    verb.add_argument("--all", action="store_true", help="every number on a line of its own, nothing summarised")
    verb.add_argument(
        "--stale",
        action="store_true",
        help="instead: averages older than a result they should contain, and forms of data left behind",
    )
    verb.add_argument("--forms", action="store_true", help="instead: data sets published in several forms, and how to choose one")
    return verb


def load_data(arguments: argparse.Namespace) -> Any:
    """The dataset stated by --as-of, --policy, --data, --include and --form; names of observables are checked."""
    from fitlq.measurements import MeasurementVocabulary, load_measurements
    from fitlq_theory.observables import load_registry

    return load_measurements(
        as_of=arguments.as_of,
        policy=arguments.policy or "average",
        directories=tuple(arguments.data),
        include=tuple(arguments.include),
        representations=representations_from(arguments.form),
        vocabulary=MeasurementVocabulary(load_registry()),
    )


def run(arguments: argparse.Namespace) -> Answer:
    """List what is used and what is left out; with --stale or --forms, that instead."""
    from fitlq.cli.measurement_views import forms_answer, stale_answer

    if arguments.stale and arguments.forms:
        msg = "--stale and --forms are two different views: choose one"
        raise InputError(msg)
    dataset = load_data(arguments)
    meant = None if arguments.pattern is None else _meant(dataset, arguments.pattern)
    if arguments.stale:
        return stale_answer(dataset, meant)
    if arguments.forms:
        return forms_answer(dataset, meant)
    return _listing(dataset, meant, arguments)


def _meant(dataset: Any, pattern: str) -> frozenset[str]:
    """The names of entries, processes and observables (as written and canonical) that a pattern means."""
    from fitlq.measurements.choosing import matching_names

    known = {*_ids_and_processes(dataset)}
    for entry in dataset.entries.values():
        known.update(name for reference in entry.observables for name in (reference.name, dataset.canonical(reference.name)))
    meant = matching_names(pattern, known, dataset.canonical)[pattern]
    if not meant:
        raise UnknownNameError(unknown_name_message("measurement, process or observable", pattern, sorted(known)))
    return meant


def _ids_and_processes(dataset: Any) -> frozenset[str]:
    return frozenset({*dataset.entries, *(entry.process for entry in dataset.entries.values())})


def _listing(dataset: Any, meant: frozenset[str] | None, arguments: argparse.Namespace) -> Answer:
    from fitlq.cli.measurement_listing import listing_text, number_rows, numbers_left_out, numbers_selected
    from fitlq.measurements import load_processes
    from fitlq.measurements.explanation import explain
    from fitlq.measurements.own_entries import own_entry_notes

    rows, not_used = split_by_use(dataset)
    used = number_rows(dataset, numbers_selected(dataset, rows), meant)
    unused = number_rows(dataset, numbers_selected(dataset, not_used), meant)
    dropped = number_rows(dataset, numbers_left_out(dataset), meant)
    concerned = {row["id"] for row in (*used, *unused, *dropped)}
    data = {
        "as_of": str(dataset.as_of),
        "policy": dataset.policy,
        "n_measurements": len(used),
        "used": _entries(dataset, used),
        "left_out": [*dropped, *unused],
        "warnings": list(dataset.warnings),
        "notes": list(own_entry_notes(dataset, concerned)),
    }
    if meant is not None and meant.isdisjoint(_ids_and_processes(dataset)):
        explanation = explain(dataset, arguments.pattern, not_in_fit=not_in_fit(not_used))
        data["explanation"] = explanation.to_dict()["quantities"]
        return Answer(lambda: "\n".join([explanation.text(each=arguments.all), *_remarks(data, dataset, concerned)]), data)
    titles = load_processes(tuple(arguments.data))
    everything = arguments.all or meant is not None

    def text() -> str:
        listing = listing_text(data, used, unused, dropped, titles, everything, arguments.all)
        return "\n".join([listing, *_remarks(data, dataset, concerned)])

    return Answer(text, data)


def _remarks(data: Mapping[str, Any], dataset: Any, concerned: set[str]) -> list[str]:
    """What to know about the entries listed: what the user's own did, and warnings, except those about other entries."""
    lines = [f"your data: {note}" for note in data["notes"]]
    for text in data["warnings"]:
        named = {word for word in re.findall(r"[a-z0-9][a-z0-9._+-]*", text) if word in dataset.entries}
        if not named or named & concerned:
            lines.append(f"note: {text}")
    return ["", *lines] if lines else []


def split_by_use(dataset: Any) -> tuple[Sequence[Any], Sequence[Any]]:
    """What becomes a term of a likelihood and what does not: the same code a fit uses."""
    from fitlq.likelihood.assembling import assemble
    from fitlq.likelihood.columns import ObservableColumns
    from fitlq_theory.observables import load_registry

    columns = ObservableColumns(load_registry(), None)
    assembly = assemble(list(dataset), columns.column, lambda _entry, _reference: None, "half-normal")
    return assembly.rows, assembly.not_used


def not_in_fit(not_used: Sequence[Any]) -> dict[tuple[str, str, str], str]:
    """Why a fit does not use numbers that the data set holds, by (id, observable, arguments as text).

    That there is no prediction is said once for the observable, not for each number.
    """
    from fitlq.likelihood.columns import NO_PREDICTION

    found = {(one.id, one.observable, str(sorted(one.args.items()))): one.reason for one in not_used}
    return {key: reason for key, reason in found.items() if reason != NO_PREDICTION}


def _entries(dataset: Any, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The used numbers by entry, for JSON."""
    found: dict[str, dict[str, Any]] = {}
    for row in sorted(rows, key=lambda one: str(one["id"])):
        entry = dataset.entries[row["id"]]
        one = found.setdefault(
            entry.id,
            {
                "id": entry.id,
                "process": entry.process,
                "experiment": list(entry.experiment),
                "date": entry.date_text,
                "kind": entry.kind,
                "level": entry.provenance.level,
                "observables": [],
                "file": entry.file,
                "line": entry.line,
            },
        )
        one["observables"].append({"name": row["observable"], "args": row["args"], "label": row["label"], "value": row["value"]})
    return list(found.values())
