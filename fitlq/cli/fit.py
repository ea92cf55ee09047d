"""``fitlq fit``: the best fit of a model."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any

from fitlq.cli.answer import Answer
from fitlq.cli.data_messages import say_about_data
from fitlq.cli.destination import check_destination
from fitlq.cli.parser import Parser, verb_parser
from fitlq.cli.problem_options import add_problem_options, analysis_from
from fitlq.cli.progress import say
from fitlq.cli.stored_chain import set_aside_foreign_chain
from fitlq.cli.text_table import render_pairs

if TYPE_CHECKING:
    from fitlq.analysis import Analysis
    from fitlq.fitting import Fit

__all__ = ["build", "fit_text", "parser", "run"]


def parser() -> Parser:
    """The options of the verb."""
    verb = verb_parser(
        "fit",
        "Best fit of a model: errors (HESSE; MINOS with --minos), chi2, degrees of freedom, p-value, improvement over\n"
        "the Standard Model, pulls.",
        "fitlq fit s1_lmu_ltau -o my-fit\n"
        "fitlq fit wet --free CVL_bctaunutau --free CSL_bctaunutau --observables 'R(D)' --observables 'R(D*)'\n"
        "fitlq fit s1_lmu_ltau --set yL2=0 --as-of 2024-12 --theory-errors sm --json",
    )
    verb.add_argument("model", nargs="?", metavar="MODEL", help="a name from fitlq models (or use --model-file)")
    add_problem_options(verb)
    verb.add_argument("--minos", action="store_true", help="also asymmetric errors from MINOS")
    verb.add_argument("-o", "--output", metavar="FOLDER", help="write a result folder")
    return verb


def run(arguments: argparse.Namespace) -> Answer:
    """Fit, write the result folder if asked, and answer with the fit."""
    analysis = analysis_from(arguments)
    folder = None if arguments.output is None else check_destination(arguments.output, analysis)
    likelihood = build(analysis)
    fit = _fit(likelihood, analysis.seed, minos=arguments.minos)
    if folder is not None:
        set_aside_foreign_chain(folder, likelihood)
        from fitlq.report.result_files import write_pictures_and_report
        from fitlq.results import write_fit

        write_fit(folder, analysis, fit)
        write_pictures_and_report(folder, analysis, fit)
        say(f"written: {folder}")
    problems = "" if fit.valid else f"fitlq fit: the minimisation is not valid: {fit.message}"
    return Answer(lambda: fit_text(analysis, fit), fit.to_dict(), problems=problems)


def build(analysis: Analysis) -> Any:
    """The likelihood of an analysis; its warnings go to standard error."""
    say("reading the data and preparing the predictions (the first time takes longer)")
    likelihood = analysis.build()
    say_about_data(analysis, likelihood)
    return likelihood


def _fit(likelihood: Any, seed: int, *, minos: bool) -> Fit:
    from fitlq.fitting import fit

    return fit(likelihood, seed=seed, minos=minos, progress=True)


def fit_text(analysis: Analysis, fit: Fit) -> str:
    """What the terminal shows of a fit: the problem, then the result."""
    from fitlq.report.problem_summary import problem_lines

    return f"{render_pairs(problem_lines(analysis, fit.likelihood))}\n\n{fit}"
