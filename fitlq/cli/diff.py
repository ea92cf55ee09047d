"""``fitlq diff``: what changed in the data between two dates, or between two sets of folders."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Any

from fitlq.cli.answer import Answer
from fitlq.cli.parser import Parser, one_of, verb_parser
from fitlq.cli.problem_options import checked_folders, representations_from
from fitlq.errors import InputError, UnknownNameError
from fitlq_theory.naming import unknown_name_message

__all__ = ["change_data", "parser", "run"]


def parser() -> Parser:
    """The options of the verb."""
    verb = verb_parser(
        "diff",
        "What changed in the data between two dates, or by your own measurements: new, superseded, shifted (same paper,\n"
        "other number) and removed results. The shift is in units of the old error; for limits the ratio new/old is shown;\n"
        "chi2 is that of the joint shift of numbers that were replaced together.",
        "fitlq diff --from 2023-12 --to 2026-11\n"
        "fitlq diff 'R(D*)' --from 2021 --to 2023 --policy individual\n"
        "fitlq diff --data my-measurements/\n"
        "fitlq diff --data-from old-version/ --data new-version/ --json",
    )
    verb.add_argument(
        "pattern",
        nargs="?",
        default=None,
        metavar="PATTERN",
        help="only what matches (shell pattern of observable, process or measurement), every number on its own line",
    )
    _add_sides(verb)
    verb.add_argument("--all", action="store_true", help="every number on its own line")
    return verb


def _add_sides(verb: Parser) -> None:
    """What stands on the old and on the new side."""
    verb.add_argument("--from", dest="from_date", metavar="DATE", help="YYYY, YYYY-MM or YYYY-MM-DD")
    verb.add_argument("--to", dest="to_date", metavar="DATE", help="YYYY, YYYY-MM or YYYY-MM-DD (default: today)")
    verb.add_argument(
        "--policy",
        type=one_of(("average", "individual")),
        default="average",
        metavar="average|individual",
        help="compare published averages, or the single measurements (default: average)",
    )
    verb.add_argument(
        "--data",
        action="append",
        default=[],
        metavar="DIR",
        help="your measurements as well; without --from the shipped data are compared with shipped + yours; repeatable",
    )
    verb.add_argument(
        "--data-from",
        action="append",
        default=[],
        metavar="DIR",
        help="your measurements on the old side, in place of those of --data; repeatable",
    )
    verb.add_argument(
        "--include", action="append", default=[], metavar="ENTRY", help="as for fitlq measurements, on both sides; repeatable"
    )
    verb.add_argument(
        "--form", action="append", default=[], metavar="GROUP=NAME", help="as for fitlq measurements, on both sides; repeatable"
    )


def run(arguments: argparse.Namespace) -> Answer:
    """List the changes."""
    from fitlq.cli.diff_layout import diff_text
    from fitlq.measurements import load_processes
    from fitlq.measurements.difference_sets import change_sets
    from fitlq.measurements.differences import diff_datasets

    old, new = _datasets(arguments)
    changes = diff_datasets(old, new)
    if arguments.pattern is not None:
        meant = _meant(arguments.pattern, old, new)
        changes = tuple(change for change in changes if not meant.isdisjoint(_names(change, new)))
    sets = change_sets(changes, old, new)
    counts = {kind: sum(change.kind == kind for change in changes) for kind in ("new", "superseded", "shifted", "removed")}
    data = {
        "from": arguments.from_date or str(old.as_of),
        "to": arguments.to_date or str(new.as_of),
        "policy": arguments.policy,
        "data_from": list(_old_places(arguments)),
        "data_to": list(arguments.data),
        "counts": counts,
        "changes": [change_data(change) for change in changes],
        "sets": [
            {"changes": [changes.index(change) for change in one.changes], "chi2": one.chi2, "ndof": len(one.changes)}
            for one in sets
            if len(one.changes) > 1
        ],
    }
    titles = load_processes(tuple(arguments.data))
    each = arguments.all or arguments.pattern is not None
    return Answer(lambda: diff_text(data, sets, titles, each=each), data)


def _old_places(arguments: argparse.Namespace) -> Sequence[str]:
    """The folders of the old side: its own, or the same as on the new side if it is the dates that differ."""
    if arguments.data_from:
        return tuple(arguments.data_from)
    return tuple(arguments.data) if arguments.from_date else ()


def _datasets(arguments: argparse.Namespace) -> tuple[Any, Any]:
    """The data sets of the two sides.

    What is asked for by --include and --form need not exist on the old side.
    """
    from fitlq.measurements import MeasurementVocabulary, load_entries, load_measurements
    from fitlq.measurements.selection import KINDS_OFF_BY_DEFAULT
    from fitlq_theory.observables import load_registry

    _check_sides(arguments)
    forms = representations_from(arguments.form)
    vocabulary = MeasurementVocabulary(load_registry())
    checked_folders([*arguments.data, *arguments.data_from])
    new = load_measurements(
        as_of=arguments.to_date,
        policy=arguments.policy,
        directories=tuple(arguments.data),
        include=tuple(arguments.include),
        representations=forms,
        vocabulary=vocabulary,
    )
    places = _old_places(arguments)
    entries, _ = load_entries(places)
    known_forms = {(e.representation.group, e.representation.name) for e in entries.values() if e.representation}
    include = [p for p in arguments.include if p in KINDS_OFF_BY_DEFAULT or any(fnmatchcase(name, p) for name in entries)]
    old = load_measurements(
        as_of=arguments.from_date or new.as_of,
        policy=arguments.policy,
        directories=places,
        include=include,
        representations={group: name for group, name in forms.items() if (group, name) in known_forms},
        vocabulary=vocabulary,
    )
    return old, new


def _check_sides(arguments: argparse.Namespace) -> None:
    from fitlq.measurements.dates import resolve_date

    for option, text in (("--from", arguments.from_date), ("--to", arguments.to_date)):
        try:
            resolve_date(text if text is not None else "2000")
        except ValueError as error:
            msg = f"{option}: {error}"
            raise InputError(msg) from None
    if not (arguments.from_date or arguments.data or arguments.data_from):
        msg = "nothing to compare: give two dates (--from DATE --to DATE), or your measurements (--data DIR)"
        raise InputError(msg)


def _names(change: Any, dataset: Any) -> tuple[str, ...]:
    return (change.process, change.observable, dataset.canonical(change.observable), *change.old_ids, *change.new_ids)


def _meant(pattern: str, *datasets: Any) -> frozenset[str]:
    """The names of processes, observables and entries that a pattern means; an error if there are none."""
    from fitlq.measurements.choosing import matching_names

    new = datasets[-1]
    entries = [entry for dataset in datasets for entry in dataset.entries.values()]
    known = {name for entry in entries for name in (entry.id, entry.process)}
    known.update(name for entry in entries for one in entry.observables for name in (one.name, new.canonical(one.name)))
    meant = matching_names(pattern, known, new.canonical)[pattern]
    if not meant:
        raise UnknownNameError(unknown_name_message("measurement, process or observable", pattern, sorted(known)))
    return meant


def change_data(change: Any) -> Mapping[str, Any]:
    """A change of the data as plain data."""
    return {
        "kind": change.kind,
        "process": change.process,
        "observable": change.observable,
        "args": dict(change.args),
        "old_ids": list(change.old_ids),
        "new_ids": list(change.new_ids),
        "old": {"value": change.old_value, "error": change.old_error, "text": change.old_text},
        "new": {"value": change.new_value, "error": change.new_error, "text": change.new_text},
        "pull": change.pull,
        "limit_ratio": change.limit_ratio,
        "remark": change.remark,
    }
