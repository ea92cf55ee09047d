"""``fitlq predict``: predictions of a model at one point, next to the data."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fitlq.cli.answer import Answer
from fitlq.cli.measurements import load_data
from fitlq.cli.parser import Parser, verb_parser
from fitlq.cli.point import Point, model_and_point
from fitlq.cli.prediction_rows import measured_rows, predictions_text, unmeasured_rows
from fitlq.cli.problem_options import (
    add_data_options,
    add_input_options,
    add_selection_options,
    fixed_values,
    input_choices_from,
)
from fitlq.cli.progress import say
from fitlq.cli.wcxf_model import check_low_scale
from fitlq.cli.wcxf_output import check_output, write_point
from fitlq.errors import InputError, UnknownNameError

if TYPE_CHECKING:
    from fitlq_theory.contracts import Observable

__all__ = ["parser", "run"]

Requested = tuple[str, Mapping[str, float]]


def parser() -> Parser:
    """The options of the verb."""
    verb = verb_parser(
        "predict",
        "Predictions with theory errors next to the data, with pulls, at one point of a model. Parameters that are not\n"
        "given have their default value (fitlq show MODEL). Without --observables: everything that is measured.",
        "fitlq predict s1_lmu_ltau yL2=0.1 yR2=-0.6 --observables 'R(D)' --observables 'R(D*)'\n"
        "fitlq predict wet CVL_bctaunutau=0.1 --observables 'R(D*)' --json\n"
        "fitlq predict --wcxf coefficients.json --wilson",
    )
    verb.epilog = f"{verb.epilog}\n  fitlq predict s1_lmu_ltau --observables '<BR>(B0->Dtaunu) q2min=4 q2max=6'"
    verb.add_argument("words", nargs="*", metavar="MODEL PAR=VALUE", help="a name from fitlq models, then parameter values")
    verb.add_argument("--model-file", metavar="FILE.py", help="a model of your own instead of MODEL")
    verb.add_argument("--wcxf", metavar="FILE", help="Wilson coefficients from a WCxf file (JSON or YAML) instead of MODEL")
    verb.add_argument("--wilson", action="store_true", help="also print the Wilson coefficients")
    verb.add_argument(
        "--write-wcxf",
        metavar="FILE",
        help="also write the Wilson coefficients at the scale of the model or file (JSON, or .yaml)",
    )
    verb.add_argument("--basis", metavar="NAME", help="WCxf basis of that file (default: that of the model or file)")
    add_selection_options(verb)
    add_data_options(verb)
    add_input_options(verb)
    return verb


def run(arguments: argparse.Namespace) -> Answer:
    """Predict what is measured, and what else the patterns name."""
    from fitlq_theory.inputs import load_inputs

    inputs = load_inputs(arguments.inputs or "default", input_choices_from(arguments.form_factors))
    point = model_and_point(arguments, inputs)
    check_output(arguments.write_wcxf, arguments.basis)
    if arguments.write_wcxf:
        write_point(arguments.write_wcxf, arguments.basis, point, inputs)
    say("reading the data and preparing the predictions (the first time takes longer)")
    dataset, unmeasured = _selection(arguments)
    options = {
        "theory_errors": arguments.theory_errors or "marginal",
        "limit_shape": arguments.limit_shape or "half-normal",
        "min_effect": arguments.min_effect or 0.0,
        "inputs": arguments.inputs or "default",
        "input_choices": input_choices_from(arguments.form_factors),
    }
    rows, low_energy = measured_rows(point, dataset, options) if dataset is not None else ([], {})
    more, more_low_energy = unmeasured_rows(point, unmeasured, inputs) if unmeasured else ([], {})
    low_energy = {**low_energy, **more_low_energy}
    if point.file_coefficients is not None:
        check_low_scale(str(arguments.wcxf), point.file_coefficients, low_energy)
    data: dict[str, Any] = {
        "model": point.model.name,
        "parameters": point.values,
        "theory_errors": options["theory_errors"],
        "inputs": inputs.name,
        "form_factors": dict(inputs.choices),
        "as_of": str(dataset.as_of) if dataset is not None else None,
        "predictions": [*rows, *more],
    }
    if arguments.wilson:
        data["wilson_coefficients"] = _wilson(point, low_energy)
    return Answer(lambda: predictions_text(data), data)


def _selection(arguments: argparse.Namespace) -> tuple[Any, list[Requested]]:
    """The measurements that match (None if none), and the matching observables nobody measured."""
    from fitlq_theory.observables import load_registry

    registry = load_registry()
    dataset = load_data(arguments)
    if not arguments.observables:
        return (dataset.without(arguments.exclude) if arguments.exclude else dataset), []
    measured, with_arguments = [], []
    for pattern in arguments.observables:
        if (request := _with_arguments(pattern)) is not None:
            registry.check(*request)
            with_arguments.append(request)
            continue
        try:
            dataset.select(pattern)
        except UnknownNameError:
            if not registry.find(pattern):
                raise
        else:
            measured.append(pattern)
    chosen = dataset.select(measured) if measured else None
    if chosen is not None and arguments.exclude:
        chosen = chosen.without(arguments.exclude)
    seen = {dataset.canonical(name) for item in chosen or () for name, _ in item.observables}
    found = {o.name: o for pattern in arguments.observables for o in registry.find(pattern) if o.name not in seen}
    unmeasured: list[Requested] = [(name, {}) for name, o in found.items() if not o.arguments]
    _report_missing_arguments([o for o in found.values() if o.arguments], anything=bool(chosen or unmeasured or with_arguments))
    return chosen, [*unmeasured, *with_arguments]


def _with_arguments(pattern: str) -> Requested | None:
    """``NAME q2min=4 q2max=6`` as a request; None for a pattern without arguments."""
    name, *words = pattern.split()
    if not words:
        return None
    return name, fixed_values(words, f"--observables {name}")


def _report_missing_arguments(observables: Sequence[Observable], *, anything: bool) -> None:
    if not observables:
        return
    example = observables[0]
    words = " ".join(f"{argument.name}=…" for argument in example.arguments)
    names = ", ".join(o.name for o in observables[:4]) + (", …" if len(observables) > 4 else "")
    msg = f"{names}: need arguments, for example --observables '{example.name} {words}'"
    if not anything:
        raise InputError(msg)
    say(f"left out: {msg}")


def _wilson(point: Point, low_energy: Mapping[Any, complex]) -> list[dict[str, Any]]:
    import numpy as np

    columns = np.array([[point.values[p.name] for p in point.model.parameters]], dtype=np.float64)
    high = {name: complex(np.asarray(value).ravel()[0]) for name, value in point.model.coefficients(columns).items()}
    scale = point.model.scale
    at = point.values[scale] if isinstance(scale, str) else scale
    rows = []
    if at is not None:
        rows = [_row(name, point.model.eft, at, value) for name, value in high.items() if value != 0]
    rows += [_row(c.name, c.eft, c.scale, value) for c, value in sorted(low_energy.items()) if value != 0]
    return rows


def _row(name: str, eft: str, scale: float, value: complex) -> dict[str, Any]:
    return {"name": name, "eft": eft, "scale": scale, "value": value}
