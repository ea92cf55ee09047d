"""``fitlq models``: the models that can be fitted."""

from __future__ import annotations

import argparse
from fnmatch import fnmatchcase
from typing import Any

from fitlq.cli.answer import Answer
from fitlq.cli.parser import Parser, verb_parser
from fitlq.errors import InputError, UnknownNameError
from fitlq_theory.naming import unknown_name_message

__all__ = ["describe_model", "model_data", "model_names", "parser", "run"]


def parser() -> Parser:
    """The options of the verb."""
    verb = verb_parser(
        "models",
        "The models: name, title, free parameters, source paper.",
        "fitlq models\nfitlq models 's1*' --json",
    )
    verb.add_argument("pattern", nargs="?", default="*", metavar="PATTERN", help="shell pattern of model names, e.g. 's1*'")
    return verb


def run(arguments: argparse.Namespace) -> Answer:
    """List the models whose name matches the pattern."""
    from fitlq_theory.models import load_model

    names = model_names()
    found = [name for name in names if fnmatchcase(name, arguments.pattern)]
    if not found:
        raise UnknownNameError(unknown_name_message("model", arguments.pattern, names))
    data, problems = [], []
    for name in found:
        try:
            data.append(model_data(load_model(name)))
        except InputError as error:  # a plug-in that is broken must not hide the other models
            problems.append(str(error))
    return Answer(lambda: "\n\n".join(_summary(model) for model in data), data, problems="\n".join(problems))


def model_names() -> list[str]:
    """Shipped models, then those of installed plug-ins."""
    from fitlq_theory.models import plugin_models, shipped_models

    return [*shipped_models(), *plugin_models()]


def model_data(model: Any) -> dict[str, Any]:
    """A model as plain data."""
    return {
        "name": model.name,
        "title": model.title,
        "reference": model.reference,
        "eft": model.eft,
        "basis": model.basis,
        "scale": model.scale,
        "free_parameters": [p.name for p in model.parameters if p.free],
        "parameters": [
            {
                "name": p.name,
                "meaning": p.meaning,
                "unit": p.unit,
                "minimum": p.minimum,
                "maximum": p.maximum,
                "default": p.default,
                "free": p.free,
                "prior": p.prior,
            }
            for p in model.parameters
        ],
    }


def _summary(model: dict[str, Any]) -> str:
    fixed = ", ".join(f"{p['name']} = {p['default']:g}{_unit(p)}" for p in model["parameters"] if not p["free"])
    if model["parameters"]:
        free = ", ".join(model["free_parameters"]) or "none"
    else:
        free = "the Wilson coefficients named by --free"
    lines = [
        f"{model['name']}: {model['title']}",
        f"  free:   {free}",
        *([f"  fixed:  {fixed}"] if fixed else []),
        f"  source: {model['reference']}",
    ]
    return "\n".join(lines)


def _unit(parameter: dict[str, Any]) -> str:
    return f" {parameter['unit']}" if parameter["unit"] else ""


def describe_model(model: Any) -> str:
    """Everything known about a model."""
    from fitlq.cli.text_table import render_table

    scale = {str: f"the parameter {model.scale}", float: f"{model.scale} GeV", int: f"{model.scale} GeV"}.get(
        type(model.scale), "that of each observable"
    )
    rows = [
        [
            p.name,
            f"{p.default:g}",
            p.unit or "–",
            f"{p.minimum:g} … {p.maximum:g}",
            p.prior,
            "free" if p.free else "fixed",
            p.meaning,
        ]
        for p in model.parameters
    ]
    table = render_table(["parameter", "default", "unit", "range", "prior", "in a fit", "meaning"], rows) if rows else ""
    return "\n".join(
        [
            f"model {model.name}: {model.title}",
            f"source: {model.reference}",
            f"Wilson coefficients: {model.eft}, basis {model.basis}, at {scale}",
            "",
            table or "parameters: the Wilson coefficients named on the command line (--free, PAR=VALUE)",
        ]
    )
