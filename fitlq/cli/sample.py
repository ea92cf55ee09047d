"""``fitlq sample``: samples of the posterior, kept in a file that grows and can be resumed."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from fitlq.cli.answer import Answer
from fitlq.cli.destination import check_destination
from fitlq.cli.parser import Parser, verb_parser
from fitlq.cli.problem_options import add_problem_options, analysis_from, given_problem_options
from fitlq.cli.sampling_run import sample_into
from fitlq.cli.text_table import render_table
from fitlq.errors import InputError, UnknownNameError
from fitlq.report.posterior import posterior_data, posterior_lines, posterior_rows
from fitlq_theory.naming import unknown_name_message

if TYPE_CHECKING:
    from fitlq.analysis import Analysis
    from fitlq.sampling import Chain

__all__ = ["chain_text", "parser", "run"]


def parser() -> Parser:
    """The options of the verb."""
    verb = verb_parser(
        "sample",
        "Sample the posterior with emcee, starting from the best fit. A folder that holds a chain of the same problem is\n"
        "continued: --steps is the total number of steps. Without -o (and without FOLDER) nothing is kept.",
        "fitlq sample my-fit --steps 5000\n"
        "fitlq sample s1_lmu_ltau --until-converged -o my-fit\n"
        "fitlq sample s1_lmu_ltau --walkers 64 --steps 2000 --seed 1 -o other --json",
    )
    verb.add_argument("source", nargs="?", metavar="FOLDER|MODEL", help="a result folder, or a name from fitlq models")
    add_problem_options(verb)
    verb.add_argument(
        "--walkers", type=_positive, metavar="N", help="number of walkers (default: chosen by the number of parameters)"
    )
    length = verb.add_mutually_exclusive_group()
    length.add_argument("--steps", type=_positive, default=5000, metavar="N", help="total number of steps (default: 5000)")
    length.add_argument("--until-converged", action="store_true", help="go on until the chain is 50 autocorrelation times long")
    verb.add_argument("-o", "--output", metavar="FOLDER", help="result folder")
    return verb


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        msg = f"must be a whole number above 0, found {text!r}"
        raise argparse.ArgumentTypeError(msg)
    return int(text)


def run(arguments: argparse.Namespace) -> Answer:
    """Sample, or go on sampling."""
    analysis, folder = _problem(arguments)
    _, chain = sample_into(
        folder,
        analysis,
        walkers=arguments.walkers,
        steps=arguments.steps,
        until_converged=arguments.until_converged,
        seed=arguments.seed,
    )
    data = {"folder": str(folder) if folder else None, **posterior_data(chain)}
    return Answer(lambda: chain_text(chain), data)


def _problem(arguments: argparse.Namespace) -> tuple[Analysis, Path | None]:
    source = arguments.source
    is_folder = source is not None and (Path(source).is_dir() or "/" in source)
    if not is_folder and source is not None and not arguments.model_file:
        _check_model_name(source)
    if not is_folder:
        analysis = analysis_from(arguments, model=source or "")
        return analysis, None if arguments.output is None else check_destination(arguments.output, analysis)
    if given := given_problem_options(arguments):
        msg = f"{source} already states the problem, {given[0]} cannot change it; name a MODEL and a new -o FOLDER instead"
        raise InputError(msg)
    from fitlq.results import read_folder

    analysis = read_folder(source).analysis
    return analysis, check_destination(arguments.output or source, analysis)


def _check_model_name(source: str) -> None:
    from fitlq_theory.models import plugin_models, shipped_models

    names = [*shipped_models(), *plugin_models()]
    if source not in names:
        msg = f"there is no result folder {source!r}; {unknown_name_message('model', source, names)}"
        raise UnknownNameError(msg)


def chain_text(chain: Chain) -> str:
    """What the terminal shows of a chain."""
    headers, rows = posterior_rows(chain)
    return render_table(headers, rows) + "\n\n" + "\n".join(posterior_lines(chain))
