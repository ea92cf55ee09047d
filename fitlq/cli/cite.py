"""``fitlq cite``: BibTeX of everything behind a result or a data set."""

from __future__ import annotations

import argparse
import textwrap
from typing import Any

from fitlq.cli.answer import Answer
from fitlq.cli.measurements import load_data
from fitlq.cli.parser import Parser, verb_parser
from fitlq.cli.problem_options import (
    add_choice_of_inputs,
    add_data_options,
    add_selection_options,
    checked_folders,
    given_problem_options,
    input_choices_from,
)
from fitlq.errors import InputError

__all__ = ["parser", "run"]

_WIDTH = 110


def parser() -> Parser:
    """The options of the verb."""
    verb = verb_parser(
        "cite",
        "BibTeX of everything that entered the result in FOLDER: measurements, theory inputs, formulas, model, software with\n"
        "versions. Without FOLDER: of the data set stated by the options and of the predictions for it.",
        "fitlq cite my-fit > my-fit.bib\nfitlq cite --observables 'R(D*)' --as-of 2024 --with-inputs",
    )
    verb.add_argument("folder", nargs="?", metavar="FOLDER", help="result folder of a fit")
    verb.add_argument("--with-inputs", action="store_true", help="also the measurements inside averages")
    add_selection_options(verb)
    add_data_options(verb)
    add_choice_of_inputs(verb)
    return verb


def run(arguments: argparse.Namespace) -> Answer:
    """Collect the works and print them."""
    citations, title = _of_folder(arguments) if arguments.folder else _of_dataset(arguments)
    data = [_citation_data(citation) for citation in citations]
    data += [
        {"key": None, "section": one.section, "sections": [one.section], "used_by": one.used_by, "source": one.text}
        for one in citations.uncited
    ]
    return Answer(lambda: _text(citations, title), data)


def _of_folder(arguments: argparse.Namespace) -> tuple[Any, str]:
    from fitlq.references import cite_result
    from fitlq.results import read_folder

    given = given_problem_options(arguments)
    if given:
        msg = f"{given[0]}: FOLDER {arguments.folder} states the data and inputs; leave out the option or the folder"
        raise InputError(msg)
    result = read_folder(arguments.folder)
    model = result.analysis.model or result.analysis.model_file
    title = f"fit of {model} to data as of {result.fit_dict.get('as_of', result.analysis.as_of)}"
    return cite_result(result, with_inputs=arguments.with_inputs), title


def _of_dataset(arguments: argparse.Namespace) -> tuple[Any, str]:
    from fitlq.references import cite_dataset

    folders = checked_folders(arguments.data)
    choices = input_choices_from(arguments.form_factors)
    dataset = load_data(arguments)
    if arguments.observables:
        dataset = dataset.select(arguments.observables)
    if arguments.exclude:
        dataset = dataset.without(arguments.exclude)
    if not len(dataset):
        msg = "nothing is left of the data set; see fitlq measurements"
        raise InputError(msg)
    citations = cite_dataset(
        dataset,
        directories=folders,
        inputs=arguments.inputs or "default",
        input_choices=choices,
        with_inputs=arguments.with_inputs,
    )
    return citations, f"data set as of {dataset.as_of}, policy {dataset.policy}, and the predictions for it"


def _citation_data(citation: Any) -> dict[str, Any]:
    work = citation.work
    return {
        "key": citation.key,
        "section": citation.section,
        "sections": citation.sections,
        "used_by": citation.used_by,
        "type": work.type,
        "fields": {name: value for name, value in work.fields.items() if name not in {"ids", "named"}},
        "bibtex": citation.bibtex,
    }


def _text(citations: Any, title: str) -> str:
    lines = [*_comment(f"{title}: {len(citations)} works")]
    section = None
    for citation in citations:
        if citation.section != section:
            section = citation.section
            lines += ["", f"% ---- {section} ----"]
        also = [one for one in citation.sections if one != section]
        where = f" (also under {', '.join(also)})" if also else ""
        lines += ["", *_comment(f"used by{where}: {', '.join(citation.used_by)}"), citation.bibtex]
    if citations.uncited:
        lines += ["", "% ---- without a work that could be cited ----", ""]
        for one in citations.uncited:
            lines += _comment(f"{one.section}: {', '.join(one.used_by)}: {one.text}")
    return "\n".join(lines)


def _comment(text: str) -> list[str]:
    # BibTeX starts an entry at every @, wherever it stands
    plain = text.replace("@", "(at)")
    return textwrap.wrap(
        plain, _WIDTH, initial_indent="% ", subsequent_indent="%   ", break_long_words=False, break_on_hyphens=False
    )
