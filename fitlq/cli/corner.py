"""``fitlq corner``: the corner plot of one posterior, or several laid over each other."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from fitlq.cli.answer import Answer
from fitlq.cli.destination import check_picture_file
from fitlq.cli.parser import Parser, verb_parser
from fitlq.errors import InputError

__all__ = ["parser", "run"]


def parser() -> Parser:
    """The options of the verb."""
    verb = verb_parser(
        "corner",
        "Corner plot of the posteriors in result folders, best fits marked; several folders are laid over each other.",
        "fitlq corner my-fit\nfitlq corner fit-2024 fit-2026 --names 2024 2026 -o both.pdf",
        json_output=False,
    )
    verb.add_argument("folders", nargs="+", metavar="FOLDER", help="result folders with a chain (fitlq sample)")
    verb.add_argument("--parameters", action="append", default=[], metavar="PAR", help="draw only these; repeatable")
    verb.add_argument(
        "--names", action="append", nargs="+", default=[], metavar="NAME", help="names for the legend, one per folder"
    )
    verb.add_argument("-o", "--output", metavar="FILE", help="picture to write (.png, .pdf, .svg); default: corner.png in FOLDER")
    return verb


def run(arguments: argparse.Namespace) -> Answer:
    """Draw and write the picture."""
    from fitlq.plots import corner
    from fitlq.plots.figures import save_figure

    for folder in arguments.folders:
        if not Path(folder).is_dir():
            msg = f"{folder}: no such result folder"
            raise InputError(msg)
    target = check_picture_file(arguments.output or _default_output(arguments.folders))
    names = [name for words in arguments.names for name in words] or [Path(folder).name for folder in arguments.folders]
    if len(names) != len(arguments.folders):
        msg = f"--names: {len(arguments.folders)} folders need as many names, found {len(names)}"
        raise InputError(msg)
    chains, best_fits = [], []
    labels: dict[str, str] = {}
    for folder in arguments.folders:
        chain, best_fit, tex = _read(folder)
        chains.append(chain)
        best_fits.append(best_fit)
        labels |= tex
    figure = corner(
        chains,
        names=names if len(chains) > 1 or arguments.names else None,
        parameters=arguments.parameters or None,
        best_fit=best_fits,
        labels=labels,
    )
    save_figure(figure, target)
    return Answer(lambda: f"written: {target}")


def _default_output(folders: list[str]) -> Path:
    return Path(folders[0]) / "corner.png" if len(folders) == 1 else Path("corner.png")


def _read(folder: str) -> tuple[Any, dict[str, float], dict[str, str]]:
    from fitlq.report.result_files import tex_labels
    from fitlq.results import read_folder
    from fitlq.sampling import Chain

    result = read_folder(folder)
    if result.chain_path is None or not result.chain_path.exists():
        msg = f"{folder}: holds no chain; make one with: fitlq sample {folder}"
        raise InputError(msg)
    chain = Chain.load(result.chain_path)
    if chain.fingerprint != result.fit_dict.get("content_hash"):
        msg = f"{result.chain_path}: is not a chain of the fit beside it (other model, data, inputs or options); sample it anew"
        raise InputError(msg)
    best_fit = {name: p["value"] for name, p in result.fit_dict["parameters"].items() if not p["fixed"]}
    return chain, best_fit, tex_labels(result.analysis.load_model().parameters)
