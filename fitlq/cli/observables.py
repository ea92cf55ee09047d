"""``fitlq observables``: what can be predicted."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from fitlq.cli.answer import Answer
from fitlq.cli.parser import Parser, verb_parser
from fitlq.cli.problem_options import add_choice_of_inputs, input_choices_from
from fitlq.cli.text_table import render_table
from fitlq.errors import UnknownNameError
from fitlq.formatting import format_arguments, format_with_error
from fitlq_theory.naming import unknown_name_message

if TYPE_CHECKING:
    from fitlq_theory.contracts import Observable
    from fitlq_theory.inputs import Inputs
    from fitlq_theory.observables import ObservableRegistry

__all__ = ["observable_data", "parser", "prediction_text", "run"]


def parser() -> Parser:
    """The options of the verb."""
    verb = verb_parser(
        "observables",
        "Observables by process: name, aliases, arguments, Wilson coefficients, Standard Model prediction ± theory error.\n"
        "One that takes arguments is shown for its whole range, or the middle of it; fitlq predict gives the others.",
        "fitlq observables\nfitlq observables '*nunu*' --json\nfitlq observables meson_mixing",
    )
    verb.add_argument(
        "pattern", nargs="?", default="*", metavar="PATTERN", help="shell pattern of names, aliases or processes, e.g. 'R(D*'"
    )
    add_choice_of_inputs(verb, "default")
    return verb


def run(arguments: argparse.Namespace) -> Answer:
    """List the observables whose name, alias or process matches the pattern."""
    from fitlq_theory.inputs import load_inputs
    from fitlq_theory.observables import load_registry

    inputs = load_inputs(arguments.inputs, input_choices_from(arguments.form_factors))
    registry = load_registry()
    groups = _by_process(registry, arguments.pattern)
    if not groups:
        known = (*registry.all_names, *registry.titles)
        raise UnknownNameError(unknown_name_message("observable", arguments.pattern, known))
    data = {process: observable_data(found, inputs, process) for process, found in groups.items()}
    flat = [one for found in data.values() for one in found]
    return Answer(lambda: _tables(data, registry.titles), flat)


def _by_process(registry: ObservableRegistry, pattern: str) -> dict[str, list[Observable]]:
    found = registry.find(pattern)
    if pattern not in registry.all_names:
        found = tuple(o for o in registry if o in found or fnmatchcase(registry.process_of(o.name), pattern))
    groups: dict[str, list[Observable]] = {}
    for observable in found:
        groups.setdefault(registry.process_of(observable.name), []).append(observable)
    return groups


def observable_data(observables: Sequence[Observable], inputs: Inputs, process: str) -> list[dict[str, Any]]:
    """Observables of a process as plain data, with their Standard Model predictions."""
    from fitlq_theory.standard_model import standard_model_predictions, typical_arguments

    at = {o.name: typical_arguments(o) for o in observables}
    possible = [(o, at[o.name] or {}) for o in observables if at[o.name] is not None]
    predictions = standard_model_predictions(possible, inputs)
    by_name = {o.name: one for (o, _), one in zip(possible, predictions, strict=True)}
    return [_as_data(o, process, at[o.name], by_name.get(o.name)) for o in observables]


def _as_data(observable: Observable, process: str, at: Mapping[str, float] | None, prediction: Any) -> dict[str, Any]:
    return {
        "name": observable.name,
        "process": process,
        "aliases": list(observable.aliases),
        "tex": observable.tex,
        "description": observable.description,
        "unit": observable.unit,
        "arguments": [
            {"name": a.name, "unit": a.unit, "minimum": a.minimum, "maximum": a.maximum, "meaning": a.meaning}
            for a in observable.arguments
        ],
        "wilson_coefficients": [{"name": c.name, "eft": c.eft, "scale": c.scale} for c in observable.coefficients],
        "standard_model": None
        if prediction is None or prediction.value is None
        else {"value": prediction.value, "error": prediction.error, "arguments": dict(at or {})},
        "reference": observable.reference,
    }


def prediction_text(data: Mapping[str, Any]) -> str:
    """The Standard Model prediction of an observable, and the arguments it is for."""
    prediction = data["standard_model"]
    if prediction is None:
        return f"depends on {', '.join(a['name'] for a in data['arguments'])}" if data["arguments"] else "none"
    unit = f" {data['unit']}" if data["unit"] else ""
    shown = {name: float(f"{value:.4g}") for name, value in prediction["arguments"].items()}
    where = format_arguments("", shown)
    return format_with_error(prediction["value"], prediction["error"]) + unit + where


def _shortened(words: Sequence[str], width: int = 60) -> str:
    text = ", ".join(words)
    if len(text) <= width:
        return text
    kept: list[str] = []
    while len(", ".join([*kept, words[len(kept)]])) < width - 12:
        kept.append(words[len(kept)])
    return ", ".join(kept) + f", … ({len(words)} in all)"


def _tables(data: Mapping[str, Sequence[Mapping[str, Any]]], titles: Mapping[str, str]) -> str:
    tables = []
    for process, found in data.items():
        rows = [
            [
                d["name"],
                ", ".join(d["aliases"]) or "–",
                ", ".join(a["name"] for a in d["arguments"]) or "–",
                prediction_text(d),
                _shortened([c["name"] for c in d["wilson_coefficients"]]),
            ]
            for d in found
        ]
        headings = ["observable", "aliases", "arguments", "Standard Model", "Wilson coefficients"]
        title = titles.get(process, "")
        tables.append(f"{process}{f': {title}' if title else ''}\n\n{render_table(headings, rows)}")
    count = sum(map(len, data.values()))
    end = f"{count} observables; fitlq show NAME gives definition, ranges of the arguments, shares of the error and source"
    return "\n\n".join([*tables, end])
