"""``fitlq import``: measurement files from other people's formats, with a report of what could not be expressed."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from fitlq.cli.answer import Answer
from fitlq.cli.parser import Parser, verb_parser
from fitlq.errors import InputError
from fitlq_theory.naming import unknown_name_message

if TYPE_CHECKING:
    from fitlq.importing import ImportReport

__all__ = ["parser", "run"]

_SUMMARY = (
    "Turn files of other formats into measurement files, with a report of what was guessed and what could not be expressed.\n"
    "  flavio   a file in flavio's format (measurements.yml)\n"
    "  hepdata  one column of a HEPData table (YAML)\n"
    "  pyhf     a HistFactory workspace (JSON), as a likelihood of one or two observables\n"
    "fitlq import FORMAT --help explains a format. Use the folder with --data DIR, check it with fitlq check DIR."
)
_EXAMPLES = (
    "fitlq import flavio my_measurements.yml -o my-data\n"
    "fitlq import hepdata table1.yaml --observable 'R(D)' --experiment LHCb --date 2026-03 -o my-data\n"
    "fitlq import pyhf workspace.json --observable 'BR(B+->Knunu)' --poi mu --observable-per-unit 5e-6 -o my-data"
)


class _ImportParser(Parser):
    """Hands the words over to the parser of the format named first."""

    def parse(self, argv: Sequence[str]) -> argparse.Namespace:
        if not argv or argv[0].startswith("-"):
            return super().parse(argv)
        if argv[0] not in _FORMATS:
            self.error(unknown_name_message("format", argv[0], _FORMATS))
        arguments = _FORMATS[argv[0]]().parse(argv[1:])
        arguments.format = argv[0]
        return arguments


def parser() -> Parser:
    """The options of the verb: those of a format are known to the parser of that format."""
    plain = verb_parser("import", _SUMMARY, _EXAMPLES)
    verb = _ImportParser(
        prog=plain.prog, description=plain.description, epilog=plain.epilog, formatter_class=plain.formatter_class
    )
    verb.add_argument("format", metavar="FORMAT", help="flavio, hepdata or pyhf; the file and the options follow")
    return verb


def run(arguments: argparse.Namespace) -> Answer:
    """Import and report."""
    folder = arguments.output or f"{Path(arguments.file).name.partition('.')[0]}-imported"
    report: ImportReport = _RUNNERS[arguments.format](arguments, folder)
    next_step = f"\n\nnext: fitlq check {folder}; then use it with --data {folder}"
    return Answer(lambda: f"{report.text}{next_step}", {**asdict(report), "summary": report.summary})


def _of_format(name: str, summary: str, example: str, file: str) -> Parser:
    verb = verb_parser(f"import {name}", summary, example)
    verb.add_argument("file", metavar="FILE", help=file)
    verb.add_argument("-o", "--output", metavar="DIR", help="new or empty folder for the files (default: NAME-imported)")
    return verb


def _flavio_parser() -> Parser:
    verb = _of_format(
        "flavio",
        "Import a file in flavio's format: one file per experiment, ids from the names of the blocks. Blocks that the database\n"
        "has already, or that may hold the same data as others, are written as off_by_default with the reason.",
        "fitlq import flavio my_measurements.yml -o my-data\nfitlq check my-data",
        "YAML file of blocks with inspire, experiment, values, correlation, ...",
    )
    verb.add_argument("--date", metavar="DATE", help="for blocks without a year in name or INSPIRE key; else they are left out")
    return verb


def _add_metadata(verb: Parser) -> None:
    verb.add_argument("--experiment", action="append", default=[], metavar="NAME", help="who measured it; repeatable")
    verb.add_argument("--date", metavar="DATE", help="when it became public: YYYY, YYYY-MM or YYYY-MM-DD (default: today)")
    verb.add_argument("--id", dest="identifier", metavar="ID", help="id of the entry (default: made of the above)")
    verb.add_argument("--arg", action="append", default=[], metavar="NAME=VALUE", help="argument of the observable; repeatable")


def _hepdata_parser() -> Parser:
    verb = _of_format(
        "hepdata",
        "Import one column of a HEPData table. Bins of the independent variable become arguments of the observable.",
        "fitlq import hepdata table1.yaml --observable 'R(D)' --experiment LHCb --date 2026-03 -o my-data\n"
        "fitlq import hepdata table2.yaml --observable '<P5p>(B0->K*mumu)' --bins q2 --column 2 \\\n"
        "    --correlation total=table3.yaml --submission submission.yaml --experiment LHCb --date 2026-03 -o my-data",
        "HEPData table (YAML or JSON)",
    )
    _add_metadata(verb)
    verb.add_argument("--observable", required=True, metavar="NAME", help="what the column is")
    verb.add_argument("--column", type=int, metavar="N", help="which dependent variable, from 1, if there are several")
    verb.add_argument("--variable", type=int, metavar="N", help="which independent variable has the bins, if there are several")
    verb.add_argument("--bins", metavar="NAME", help="what the bins are: q2 stands for the arguments q2min and q2max")
    verb.add_argument(
        "--correlation", action="append", default=[], metavar="[KIND=]FILE", help="matrix of the stat, syst or total errors"
    )
    verb.add_argument("--submission", metavar="FILE", help="submission.yaml of the record: description and references")
    verb.add_argument("--limit", type=float, metavar="CL", help="the values are upper limits at this level, e.g. 0.9")
    verb.add_argument("--scale", type=float, metavar="FACTOR", help="multiplies the column (default: from its units)")
    verb.add_argument("--unit", metavar="UNIT", help="unit of the column (default: from its header)")
    return verb


def _pyhf_parser() -> Parser:
    verb = _of_format(
        "pyhf",
        "Connect a HistFactory workspace with an observable that is proportional to its parameter of interest. A fit then uses\n"
        "the profile likelihood (needs pyhf: pip install 'fitlq[pyhf]'). Two observables need two of each option.",
        "fitlq import pyhf workspace.json --observable 'BR(B+->Knunu)' --poi mu --observable-per-unit 5e-6 -o my-data\n"
        "fitlq import pyhf workspace.json --entry belle2-bp2kpnunu-likelihood-2025 --observable-per-unit X --source 'section 3'",
        "workspace (JSON, may be compressed: .json.gz)",
    )
    _add_metadata(verb)
    verb.add_argument("--observable", action="append", default=[], metavar="NAME", help="what the workspace measures")
    verb.add_argument("--entry", metavar="ID", help="entry of the database that the workspace belongs to; it is replaced")
    verb.add_argument(
        "--poi", action="append", default=[], metavar="NAME", help="parameter of interest (default: the workspace's)"
    )
    verb.add_argument(
        "--observable-per-unit",
        dest="per_unit",
        type=float,
        action="append",
        required=True,
        metavar="VALUE",
        help="value of the observable where the parameter of interest is 1",
    )
    verb.add_argument("--source", metavar="TEXT", help="where that value stands")
    verb.add_argument("--measurement", metavar="NAME", help="which measurement of the workspace (default: the first)")
    verb.add_argument("--ref", metavar="TEXT", help="where the workspace was published, e.g. a DOI")
    return verb


def _import_flavio(arguments: argparse.Namespace, folder: str) -> ImportReport:
    from fitlq.importing import import_flavio

    return import_flavio(arguments.file, folder, arguments.date)


def _import_hepdata(arguments: argparse.Namespace, folder: str) -> ImportReport:
    from fitlq.importing import HepdataOptions, import_hepdata

    if arguments.limit is not None and not 0 < arguments.limit < 1:
        msg = f"--limit: a confidence level lies between 0 and 1, found {arguments.limit:g}"
        raise InputError(msg)
    options = HepdataOptions(
        observable=arguments.observable,
        experiment=tuple(arguments.experiment),
        date=arguments.date,
        args=_arguments(arguments.arg),
        bins=arguments.bins,
        column=arguments.column,
        variable=arguments.variable,
        correlations=_correlations(arguments.correlation),
        submission=arguments.submission,
        limit=arguments.limit,
        scale=arguments.scale,
        unit=arguments.unit,
        identifier=arguments.identifier,
    )
    return import_hepdata(arguments.file, folder, options)


def _import_pyhf(arguments: argparse.Namespace, folder: str) -> ImportReport:
    from fitlq.importing import WorkspaceOptions, import_workspace
    from fitlq.importing.pieces import Observable

    args = _arguments(arguments.arg)
    options = WorkspaceOptions(
        observables=tuple(Observable(name, args) for name in arguments.observable),
        parameters=tuple(arguments.poi),
        per_unit=tuple(arguments.per_unit),
        source=arguments.source,
        measurement=arguments.measurement,
        entry=arguments.entry,
        identifier=arguments.identifier,
        experiment=tuple(arguments.experiment),
        date=arguments.date,
        reference=arguments.ref,
    )
    return import_workspace(arguments.file, folder, options)


def _arguments(words: Sequence[str]) -> dict[str, float | str]:
    found: dict[str, float | str] = {}
    for word in words:
        name, equals, value = word.partition("=")
        if not equals or not name.strip():
            msg = f"--arg {word}: must be NAME=VALUE, e.g. --arg q2min=1.1"
            raise InputError(msg)
        try:
            found[name.strip()] = float(value)
        except ValueError:
            found[name.strip()] = value.strip()
    return found


def _correlations(words: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for word in words:
        kind, equals, file = word.partition("=")
        kind, file = (kind, file) if equals else ("total", word)
        if kind not in ("stat", "syst", "total"):
            msg = f"--correlation {word}: the kind of errors is stat, syst or total, found {kind!r}"
            raise InputError(msg)
        if kind in found:
            msg = f"--correlation: two matrices of the {kind} errors"
            raise InputError(msg)
        found[kind] = file
    return found


_FORMATS: Mapping[str, Callable[[], Parser]] = {"flavio": _flavio_parser, "hepdata": _hepdata_parser, "pyhf": _pyhf_parser}
_RUNNERS: Mapping[str, Callable[[argparse.Namespace, str], ImportReport]] = {
    "flavio": _import_flavio,
    "hepdata": _import_hepdata,
    "pyhf": _import_pyhf,
}
