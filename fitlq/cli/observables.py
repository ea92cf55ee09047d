"""``fitlq observables``: what can be predicted."""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from fitlq.cli.answer import Answer
from fitlq.cli.parser import Parser, verb_parser
from fitlq.cli.problem_options import INPUTS_HELP, input_choices_from
from fitlq.cli.text_table import render_table, wrapped
from fitlq.errors import UnknownNameError
from fitlq.formatting import format_with_error
from fitlq_theory.naming import unknown_name_message

__all__ = ["describe_observable", "observable_data", "parser", "run", "standard_model_predictions"]


def parser() -> Parser:
    """The options of the verb."""
    verb = verb_parser(
        "observables",
        "Observables: name, aliases, arguments, Wilson coefficients, Standard Model prediction ± theory error.\n"
        "The prediction is shown for observables without arguments; fitlq predict gives the others.",
        "fitlq observables\nfitlq observables '*nunu*' --json",
    )
    verb.add_argument("pattern", nargs="?", default="*", metavar="PATTERN", help="shell pattern of names or aliases, e.g. 'R(D*'")
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
    """List the observables whose name or alias matches the pattern."""
    from fitlq_theory.inputs import load_inputs
    from fitlq_theory.observables import load_registry

    choices = input_choices_from(arguments.form_factors)
    load_inputs(arguments.inputs, choices)  # a wrong name is reported before anything else is done
    registry = load_registry()
    found = registry.find(arguments.pattern)
    if not found:
        raise UnknownNameError(unknown_name_message("observable", arguments.pattern, registry.all_names))
    predictions = standard_model_predictions(found, arguments.inputs, choices)
    data = [observable_data(o, predictions.get(o.name)) for o in found]
    return Answer(lambda: _table(data), data)


def standard_model_predictions(
    observables: Iterable[Any], inputs: str, choices: dict[str, str]
) -> dict[str, tuple[float, float]]:
    """Standard Model value and theory error of the observables without arguments, by name."""
    from fitlq_theory.inputs import load_inputs
    from fitlq_theory.models import wet_model
    from fitlq_theory.predictions import Predictions

    names = [o.name for o in observables if not o.arguments]
    if not names:
        return {}
    predictions = Predictions(wet_model(()), [(name, {}) for name in names], load_inputs(inputs, choices))
    errors = np.sqrt(np.sum(predictions.sm_jacobian**2, axis=1))
    return {name: (float(v), float(e)) for name, v, e in zip(names, predictions.sm_values, errors, strict=True)}


def observable_data(observable: Any, prediction: tuple[float, float] | None) -> dict[str, Any]:
    """An observable as plain data."""
    return {
        "name": observable.name,
        "aliases": list(observable.aliases),
        "description": observable.description,
        "unit": observable.unit,
        "arguments": [
            {"name": a.name, "unit": a.unit, "minimum": a.minimum, "maximum": a.maximum, "meaning": a.meaning}
            for a in observable.arguments
        ],
        "wilson_coefficients": [{"name": c.name, "eft": c.eft, "scale": c.scale} for c in observable.coefficients],
        "standard_model": None if prediction is None else {"value": prediction[0], "error": prediction[1]},
        "reference": observable.reference,
    }


def _prediction_text(data: dict[str, Any]) -> str:
    if data["standard_model"] is None:
        return "depends on " + ", ".join(a["name"] for a in data["arguments"])
    unit = f" {data['unit']}" if data["unit"] else ""
    return format_with_error(data["standard_model"]["value"], data["standard_model"]["error"]) + unit


def _shortened(words: Sequence[str], width: int = 60) -> str:
    text = ", ".join(words)
    if len(text) <= width:
        return text
    kept: list[str] = []
    while len(", ".join([*kept, words[len(kept)]])) < width - 12:
        kept.append(words[len(kept)])
    return ", ".join(kept) + f", … ({len(words)} in all)"


def _table(data: list[dict[str, Any]]) -> str:
    rows = [
        [
            d["name"],
            ", ".join(d["aliases"]) or "–",
            ", ".join(a["name"] for a in d["arguments"]) or "–",
            _prediction_text(d),
            _shortened([c["name"] for c in d["wilson_coefficients"]]),
        ]
        for d in data
    ]
    table = render_table(["observable", "aliases", "arguments", "Standard Model", "Wilson coefficients"], rows)
    return f"{table}\n\n{len(rows)} observables; fitlq show NAME gives definition, ranges of the arguments and source"


def describe_observable(data: dict[str, Any]) -> str:
    """Everything known about an observable, from `observable_data`."""
    lines = [f"observable {data['name']}: {data['description']}"]
    if data["aliases"]:
        lines.append(f"also called: {', '.join(data['aliases'])}")
    for a in data["arguments"]:
        unit = f" {a['unit']}" if a["unit"] else ""
        lines.append(f"argument {a['name']}: {a['meaning']}, {a['minimum']:g} … {a['maximum']:g}{unit}")
    lines.append(f"Standard Model: {_prediction_text(data)}")
    by_scale: dict[tuple[str, float], list[str]] = {}
    for c in data["wilson_coefficients"]:
        by_scale.setdefault((c["eft"], c["scale"]), []).append(c["name"])
    for (eft, scale), names in by_scale.items():
        lines += [f"Wilson coefficients ({eft}, basis flavio, at {scale:g} GeV):", wrapped(", ".join(names))]
    lines.append(f"source: {data['reference']}")
    return "\n".join(lines)
