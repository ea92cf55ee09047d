"""``fitlq refit``: the analysis of a result folder on other data."""

from __future__ import annotations

import argparse
from pathlib import Path

from fitlq.cli.answer import Answer
from fitlq.cli.data_messages import say_about_data
from fitlq.cli.destination import check_destination
from fitlq.cli.parser import Parser, verb_parser
from fitlq.cli.problem_options import checked_folders, representations_from
from fitlq.cli.progress import say
from fitlq.errors import InputError

__all__ = ["parser", "run"]


def parser() -> Parser:
    """The options of the verb."""
    verb = verb_parser(
        "refit",
        "The analysis of FOLDER on other data: what changed in the data, how every parameter moved, and which measurement\n"
        "moved it. FOLDER stays as it is; -o writes the new result elsewhere.",
        "fitlq refit my-fit --data my-measurements/ -o my-refit\n"
        "fitlq refit my-fit --as-of 2026-11 --json\n"
        "fitlq refit my-fit --data projections/ --include projected",
    )
    verb.add_argument("folder", metavar="FOLDER", help="result folder of a fit")
    verb.add_argument("--as-of", metavar="DATE", help="data as they were on that day (default: today)")
    verb.add_argument("--data", action="append", default=[], metavar="DIR", help="further measurements of yours; repeatable")
    verb.add_argument(
        "--include",
        action="append",
        default=[],
        metavar="ENTRY",
        help="use entries that are off by default: id, shell pattern, 'unverified' or 'projected'; repeatable",
    )
    verb.add_argument(
        "--form",
        action="append",
        default=[],
        metavar="GROUP=NAME",
        help="use another form of a data set (fitlq measurements --forms lists them); repeatable",
    )
    verb.add_argument("-o", "--output", metavar="FOLDER", help="result folder of the new fit")
    return verb


def run(arguments: argparse.Namespace) -> Answer:
    """Refit, and write the new result if asked."""
    from fitlq.refitting import refit, refit_analysis
    from fitlq.results import read_folder

    stored = read_folder(arguments.folder)
    if not (arguments.as_of or arguments.data or arguments.include or arguments.form):
        say("neither --as-of nor --data: all data known today")
    forms = representations_from(arguments.form)
    places = checked_folders(arguments.data)
    new_analysis = refit_analysis(stored.analysis, arguments.as_of, places, arguments.include, forms)
    folder = None
    if arguments.output:
        if Path(arguments.output).resolve() == Path(arguments.folder).resolve():
            msg = f"-o {arguments.output}: is the folder of the old result; choose another"
            raise InputError(msg)
        folder = check_destination(arguments.output, new_analysis)
    say("reading the data and preparing the predictions (the first time takes longer)")
    result = refit(stored, as_of=arguments.as_of, data=places, include=arguments.include, representations=forms)
    say_about_data(new_analysis, result.new.likelihood)
    if folder is not None:
        from fitlq.report.result_files import write_pictures_and_report
        from fitlq.results import write_fit

        write_fit(folder, new_analysis, result.new)
        write_pictures_and_report(folder, new_analysis, result.new)
        say(f"written: {folder}")
    return Answer(lambda: str(result), result.to_dict())
