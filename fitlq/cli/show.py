"""``fitlq show``: everything known about one name, whatever kind of thing it is."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from fitlq.cli.answer import Answer
from fitlq.cli.models import describe_model, model_data, model_names
from fitlq.cli.observables import describe_observable, observable_data, standard_model_predictions
from fitlq.cli.parser import Parser, verb_parser
from fitlq.cli.show_parameters import show_coefficient, show_input_parameter, show_model_parameter
from fitlq.errors import UnknownNameError
from fitlq_theory.naming import unknown_name_message

__all__ = ["parser", "run"]


def parser() -> Parser:
    """The options of the verb."""
    verb = verb_parser(
        "show",
        "Everything known about one model, observable, measurement (by id), parameter or Wilson coefficient.",
        "fitlq show s1_lmu_ltau\nfitlq show 'R(D*)'\nfitlq show belle2-bp2kpnunu-2023\nfitlq show Vcb\nfitlq show CVL_bctaunutau",
    )
    verb.add_argument("name", metavar="NAME", help="model, observable, measurement, parameter or Wilson coefficient")
    verb.add_argument("--inputs", default="default", metavar="NAME", help="named set of theory inputs (default: default)")
    return verb


def run(arguments: argparse.Namespace) -> Answer:
    """Look the name up everywhere; several kinds of thing may carry it."""
    kinds: dict[str, Callable[[str, str], tuple[list[str], str, Any]]] = {
        "model": _model,
        "observable": _observable,
        "measurement": _measurement,
        "parameter": show_input_parameter,
        "model_parameters": show_model_parameter,
        "wilson_coefficient": show_coefficient,
    }
    known: list[str] = []
    texts: list[str] = []
    data: dict[str, Any] = {"name": arguments.name}
    for kind, look_up in kinds.items():
        names, text, found = look_up(arguments.name, arguments.inputs)
        known += names
        if text:
            texts.append(text)
            data[kind] = found
    if not texts:
        raise UnknownNameError(unknown_name_message("name", arguments.name, known))
    return Answer(lambda: "\n\n".join(texts), data)


def _model(name: str, _inputs: str) -> tuple[list[str], str, Any]:
    from fitlq_theory.models import load_model

    names = model_names()
    if name not in names:
        return names, "", None
    model = load_model(name)
    return names, describe_model(model), model_data(model)


def _observable(name: str, inputs: str) -> tuple[list[str], str, Any]:
    from fitlq_theory.observables import load_registry

    registry = load_registry()
    names = list(registry.all_names)
    if name not in registry:
        return names, "", None
    observable = registry.resolve(name)
    prediction = standard_model_predictions([observable], inputs, {}).get(observable.name)
    data = observable_data(observable, prediction)
    data["measured_by"] = measured_by = _measured_by(registry, observable.name)
    where = f"\nmeasured by (in use today): {', '.join(measured_by) or 'nothing'}"
    return names, describe_observable(data) + where, data


def _measured_by(registry: Any, canonical: str) -> list[str]:
    from fitlq.measurements import load_measurements

    found = []
    for item in load_measurements():
        names = {registry.resolve(name).name for name, _ in item.observables if name in registry}
        if canonical in names:
            found.append(item.entry.id)
    return found


def _measurement(name: str, _inputs: str) -> tuple[list[str], str, Any]:
    from fitlq.measurements import describe_entry, load_entries

    entries, _ = load_entries()
    if name not in entries:
        return list(entries), "", None
    entry = entries[name]
    return list(entries), f"measurement {describe_entry(entry)}", {"file": entry.file, "line": entry.line, **entry.document}
