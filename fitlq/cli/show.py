"""``fitlq show``: everything known about one name, whatever kind of thing it is."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from fitlq.cli.answer import Answer
from fitlq.cli.measurements import load_data
from fitlq.cli.models import describe_model, model_data, model_names
from fitlq.cli.parser import Parser, verb_parser
from fitlq.cli.problem_options import INPUTS_HELP, add_data_options, input_choices_from
from fitlq.cli.show_measurements import show_measurement, show_process, show_selection, show_term
from fitlq.cli.show_parameters import show_coefficient, show_input_parameter, show_model_parameter
from fitlq.cli.show_predicted import show_observable
from fitlq.errors import UnknownNameError
from fitlq_theory.naming import unknown_name_message

if TYPE_CHECKING:
    from fitlq_theory.inputs import Inputs

__all__ = ["parser", "run"]


def parser() -> Parser:
    """The options of the verb."""
    verb = verb_parser(
        "show",
        "Everything known about one model, observable, measurement (by id), process, parameter or Wilson coefficient. Of an\n"
        "observable also every number in the database: which are used, and why the others are not.",
        "fitlq show s1_lmu_ltau\nfitlq show 'R(D*)' --policy individual\nfitlq show belle2-bp2kpnunu-2023\n"
        "fitlq show bctaunu\nfitlq show Vcb\nfitlq show CVL_bctaunutau",
    )
    verb.add_argument("name", metavar="NAME", help="model, observable, measurement, process, parameter or Wilson coefficient")
    add_data_options(verb)
    verb.add_argument("--inputs", default="default", metavar="NAME", help=INPUTS_HELP)
    verb.add_argument(
        "--form-factors",
        action="append",
        default=[],
        metavar="KEY=OPTION",
        help="choose form factors, e.g. 'b->c=lattice'; repeatable",
    )
    return verb


def run(arguments: argparse.Namespace) -> Answer:
    """Look the name up everywhere; several kinds of thing may carry it."""
    from fitlq_theory.inputs import load_inputs

    inputs = load_inputs(arguments.inputs, input_choices_from(arguments.form_factors))
    stated = ", ".join([inputs.name, *arguments.form_factors])
    dataset = load_data(arguments)
    by_inputs: dict[str, Callable[[str, Inputs], tuple[list[str], str, Any]]] = {
        "model": _model,
        "parameter": show_input_parameter,
        "model_parameters": show_model_parameter,
        "wilson_coefficient": show_coefficient,
    }
    by_data: dict[str, Callable[[str, Any], tuple[list[str], str, Any]]] = {
        "observable": lambda name, data: show_observable(name, inputs, stated, data),
        "term": show_term,
        "selection": show_selection,
        "measurement": show_measurement,
        "process": show_process,
    }
    found = [(kind, *look_up(arguments.name, inputs)) for kind, look_up in by_inputs.items()]
    found[1:1] = [(kind, *look_up(arguments.name, dataset)) for kind, look_up in by_data.items()]
    shown = [(kind, text, data) for kind, _, text, data in found if text]
    if not shown:
        known = [name for _, names, _, _ in found for name in names]
        raise UnknownNameError(unknown_name_message("name", arguments.name, known))
    texts = [text for _, text, _ in shown]
    return Answer(lambda: "\n\n".join(texts), {"name": arguments.name, **{kind: data for kind, _, data in shown}})


def _model(name: str, _inputs: Inputs) -> tuple[list[str], str, Any]:
    from fitlq_theory.models import load_model

    names = model_names()
    if name not in names:
        return names, "", None
    model = load_model(name)
    return names, describe_model(model), model_data(model)
