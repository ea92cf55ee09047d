"""The model and the parameter point that words on the command line state."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fitlq.cli.problem_options import fixed_values
from fitlq.cli.wcxf_model import wcxf_model
from fitlq.errors import InputError, UnknownNameError
from fitlq_theory.naming import unknown_name_message

if TYPE_CHECKING:
    from fitlq_theory.contracts import Model, Parameter
    from fitlq_theory.inputs import Inputs
    from fitlq_theory.wilson_coefficients import WilsonCoefficients

__all__ = ["Point", "model_and_point"]


@dataclass(frozen=True, slots=True)
class Point:
    """A model with a value for every parameter; `file_coefficients` if the model is a WCxf file."""

    model: Model
    values: dict[str, float]
    file_coefficients: WilsonCoefficients | None = None


def model_and_point(arguments: argparse.Namespace, inputs: Inputs) -> Point:
    """From ``MODEL PAR=VALUE…``, ``--model-file`` or ``--wcxf``, whose file may have to be translated with `inputs`.

    Raises
    ------
    InputError
        Not exactly one model, an unknown parameter, or a value outside its range.
    """
    words = list(arguments.words)
    name = words.pop(0) if words and "=" not in words[0] else None
    given = [source for source in (name or arguments.model_file, arguments.wcxf) if source]
    if len(given) != 1:
        msg = "give exactly one of: a model name (or --model-file FILE.py), --wcxf FILE; fitlq models lists the names"
        raise InputError(msg)
    values = fixed_values(words, "")
    if arguments.wcxf:
        if values:
            msg = f"{next(iter(values))}: a WCxf file has no parameters to set"
            raise InputError(msg)
        model, coefficients = wcxf_model(arguments.wcxf, inputs)
        return Point(model, {}, coefficients)
    model = _load(name, arguments.model_file, values)
    known = {p.name: p for p in model.parameters}
    for parameter, value in values.items():
        if parameter not in known:
            raise UnknownNameError(unknown_name_message(f"parameter of {model.name}", parameter, known))
        _check_range(known[parameter], value)
    return Point(model, {p.name: values.get(p.name, p.default) for p in model.parameters})


def _load(name: str | None, model_file: str | None, values: dict[str, float]) -> Any:
    from fitlq_theory.models import load_model, load_model_file, wet_model

    if model_file:
        return load_model_file(model_file, name)
    if name == "wet":
        if not values:
            msg = "wet: name at least one Wilson coefficient, for example CVL_bctaunutau=0.1"
            raise InputError(msg)
        return wet_model(tuple(values))
    return load_model(str(name))


def _check_range(parameter: Parameter, value: float) -> None:
    if not parameter.minimum <= value <= parameter.maximum:
        unit = f" {parameter.unit}" if parameter.unit else ""
        msg = f"{parameter.name} = {value:.10g} is outside its range [{parameter.minimum:g}, {parameter.maximum:g}]{unit}"
        raise InputError(msg)
