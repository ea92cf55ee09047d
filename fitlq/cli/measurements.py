"""``fitlq measurements``: what a fit would use, and what it leaves out and why."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from fnmatch import fnmatchcase
from typing import Any

from fitlq.cli.answer import Answer
from fitlq.cli.parser import Parser, verb_parser
from fitlq.cli.problem_options import add_data_options, representations_from
from fitlq.cli.text_table import render_table
from fitlq.errors import UnknownNameError
from fitlq.formatting import format_arguments
from fitlq_theory.naming import unknown_name_message

__all__ = ["load_data", "parser", "run"]


def parser() -> Parser:
    """The options of the verb."""
    verb = verb_parser(
        "measurements",
        "The measurements a fit would use, and those it leaves out, with the reason.",
        "fitlq measurements\nfitlq measurements 'R(D*' --as-of 2023-06 --policy individual",
    )
    verb.add_argument(
        "pattern",
        nargs="?",
        default=None,
        metavar="PATTERN",
        help="shell pattern of measurement, process or observable, e.g. bctaunu or 'R(D*)'",
    )
    add_data_options(verb)
    return verb


def load_data(arguments: argparse.Namespace) -> Any:
    """The dataset stated by --as-of, --policy and --data; names of observables are checked."""
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
    """List what is used and what is left out."""
    dataset = load_data(arguments)
    pattern = arguments.pattern
    used, not_used = _split(dataset)
    left_out = [(o.entry_id, o.observable, o.args, o.reason) for o in dataset.left_out]
    left_out += [(o.id, o.observable, o.args, o.reason) for o in not_used]
    if pattern is not None:
        used = [row for row in used if _matches(row.id, row.observable, pattern, dataset)]
        left_out = [out for out in left_out if _matches(out[0], out[1], pattern, dataset)]
        if not used and not left_out:
            raise UnknownNameError(unknown_name_message("measurement, process or observable", pattern, _all_names(dataset)))
    data = {
        "as_of": str(dataset.as_of),
        "policy": dataset.policy,
        "n_measurements": len(used),
        "used": _entries(dataset, used),
        "left_out": [{"id": i, "observable": o, "args": dict(a), "reason": reason} for i, o, a, reason in left_out],
        "warnings": list(dataset.warnings),
    }
    return Answer(lambda: _text(data), data)


def _split(dataset: Any) -> tuple[Sequence[Any], Sequence[Any]]:
    """What becomes a term of a likelihood and what does not: the same code a fit uses."""
    from fitlq.likelihood.assembling import assemble
    from fitlq.likelihood.columns import ObservableColumns
    from fitlq_theory.observables import load_registry

    columns = ObservableColumns(load_registry(), None)
    assembly = assemble(list(dataset), columns.column, lambda _entry, _reference: None, "half-normal")
    return assembly.rows, assembly.not_used


def _matches(entry_id: str, observable: str, pattern: str, dataset: Any) -> bool:
    names = (entry_id, dataset.entries[entry_id].process, observable, dataset.canonical(observable))
    return pattern in names or (pattern not in _exact(dataset) and any(fnmatchcase(name, pattern) for name in names))


def _exact(dataset: Any) -> frozenset[str]:
    # R(D*) is a name, not a wildcard that also means R(D)
    return frozenset(reference.name for entry in dataset.entries.values() for reference in entry.observables)


def _all_names(dataset: Any) -> list[str]:
    processes = {entry.process for entry in dataset.entries.values()}
    return [*sorted(_exact(dataset)), *sorted(processes), *sorted(dataset.entries)]


def _entries(dataset: Any, rows: Sequence[Any]) -> list[dict[str, Any]]:
    from fitlq.measurements import describe_value

    found = []
    for entry_id in sorted({row.id for row in rows}):
        entry = dataset.entries[entry_id]
        wanted = {(row.observable, str(sorted(row.args.items()))) for row in rows if row.id == entry_id}
        indices = [
            index
            for index, reference in enumerate(entry.observables)
            if (reference.name, str(sorted(reference.args.items()))) in wanted
        ]
        found.append(
            {
                "id": entry_id,
                "process": entry.process,
                "experiment": list(entry.experiment),
                "date": entry.date_text,
                "kind": entry.kind,
                "observables": [
                    {
                        "name": entry.observables[index].name,
                        "args": entry.observables[index].args,
                        "value": describe_value(entry, index),
                    }
                    for index in indices
                ],
                "file": entry.file,
                "line": entry.line,
            }
        )
    return found


def _text(data: dict[str, Any]) -> str:
    lines = [f"{data['n_measurements']} measurements as of {data['as_of']}, policy {data['policy']}", ""]
    rows = [
        [entry["process"], format_arguments(o["name"], o["args"]), o["value"], entry["date"], entry["id"]]
        for entry in sorted(data["used"], key=lambda e: (e["process"], e["id"]))
        for o in entry["observables"]
    ]
    if rows:
        lines.append(render_table(["process", "observable", "value", "date", "entry"], rows))
    if data["left_out"]:
        rows = _grouped(data["left_out"])
        lines += ["", f"left out: {len(data['left_out'])}", "", render_table(["entry", "observables", "reason"], rows)]
    lines += ["", *(f"note: {warning}" for warning in data["warnings"])] if data["warnings"] else []
    return "\n".join(lines)


def _grouped(left_out: Sequence[dict[str, Any]]) -> list[list[str]]:
    """One row for all observables of an entry that were left out for the same reason."""
    together: dict[tuple[str, str], list[str]] = {}
    for out in left_out:
        together.setdefault((out["id"], out["reason"]), []).append(format_arguments(out["observable"], out["args"]))
    return [[entry, _listed(observables), reason] for (entry, reason), observables in together.items()]


def _listed(observables: Sequence[str]) -> str:
    shown = ", ".join(observables[:3])
    return f"{shown} and {len(observables) - 3} more" if len(observables) > 3 else shown
