"""``fitlq quickstart``: a first result without any choice to make."""

from __future__ import annotations

import argparse

from fitlq.cli.answer import Answer
from fitlq.cli.destination import check_destination
from fitlq.cli.fit import fit_text
from fitlq.cli.parser import Parser, verb_parser
from fitlq.cli.sample import chain_text
from fitlq.cli.sampling_run import sample_into
from fitlq.cli.text_table import render_pairs
from fitlq.quickstart import FOLDER, STEPS, WALKERS, quickstart_analysis
from fitlq.report.posterior import posterior_data

__all__ = ["parser", "run"]

_NEXT = (
    (f"open {FOLDER}/report.html", "the whole result on one page"),
    (f"fitlq sample {FOLDER} --steps 10000", "go on sampling where this stopped"),
    ("fitlq measurements", "what was fitted, what was left out and why"),
    ("fitlq predict s1_lmu_ltau yL2=0.1 yR2=-0.6", "predictions next to the data at a point of your choice"),
    ("fitlq fit s1_lmu_ltau --as-of 2023-12 -o before", "the same fit on the data of that day"),
    (f"fitlq refit {FOLDER} --data MY-FOLDER -o after", "the same fit with your own measurements"),
)


def parser() -> Parser:
    """The options of the verb."""
    return verb_parser(
        "quickstart",
        f"Fit s1_lmu_ltau to all current measurements, sample the posterior and write {FOLDER}/ with tables,\n"
        "corner.png, pulls.png and report.html. Run again, it starts from what is there.",
        "fitlq quickstart",
    )


def run(_arguments: argparse.Namespace) -> Answer:
    """Fit, sample, write."""
    analysis = quickstart_analysis()
    folder = check_destination(FOLDER, analysis)
    fit, chain = sample_into(folder, analysis, walkers=WALKERS, steps=STEPS, until_converged=False, set_aside=True)
    data = {"folder": str(folder), "fit": fit.to_dict(), "posterior": posterior_data(chain)}
    return Answer(lambda: f"{fit_text(analysis, fit)}\n\n{chain_text(chain)}\n\n{_next()}", data)


def _next() -> str:
    return "what to try next\n" + render_pairs([(f"  {command}", meaning) for command, meaning in _NEXT])
