"""Rows of the prediction table: one per measurement, and one per observable that nobody measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from fitlq.cli.point import Point
from fitlq.cli.text_table import render_pairs, render_table
from fitlq.formatting import format_arguments, format_number, format_pull, format_with_error
from fitlq.report.measured_values import measured_value
from fitlq.report.problem_summary import choice_lines, theory_error_words

__all__ = ["measured_rows", "predictions_text", "unmeasured_rows"]

Row = dict[str, Any]


def measured_rows(point: Point, dataset: Any, options: Mapping[str, Any]) -> tuple[list[Row], dict[Any, complex]]:
    """Prediction, Standard Model and pull for every measurement of `dataset`, and the low-energy Wilson coefficients."""
    from fitlq.likelihood import Likelihood

    likelihood = Likelihood(point.model, dataset, fix=point.values, **options)
    standard = {(p.id, p.observable, str(dict(p.args))): p for p in likelihood.sm_pulls}
    rows = []
    for pull in likelihood.pulls(np.empty(0)):
        reference = standard[(pull.id, pull.observable, str(dict(pull.args)))]
        rows.append(
            {
                "observable": pull.observable,
                "args": dict(pull.args),
                "value": pull.predicted,
                "theory_error": pull.theory_error,
                "standard_model": {"value": reference.predicted, "error": reference.theory_error},
                "measurement": {
                    "id": pull.id,
                    "value": pull.measured,
                    "error": pull.error,
                    "text": measured_value(pull, dataset.entries),
                },
                "pull": pull.pull,
            }
        )
    return rows, _low_energy(likelihood.predictions, point)


def unmeasured_rows(
    point: Point, requests: Sequence[tuple[str, Mapping[str, float]]], inputs: Any
) -> tuple[list[Row], dict[Any, complex]]:
    """Predictions for observables without a measurement."""
    from fitlq_theory.predictions import Predictions

    predictions = Predictions(point.model, requests, inputs)
    values, jacobian = predictions.values_and_jacobian(_columns(point))
    errors = np.sqrt(np.sum(jacobian[0] ** 2, axis=1))
    sm_errors = np.sqrt(np.sum(predictions.sm_jacobian**2, axis=1))
    rows = [
        {
            "observable": name,
            "args": dict(arguments),
            "value": float(values[0, k]),
            "theory_error": float(errors[k]),
            "standard_model": {"value": float(predictions.sm_values[k]), "error": float(sm_errors[k])},
            "measurement": None,
            "pull": None,
        }
        for k, (name, arguments) in enumerate(predictions.observables)
    ]
    return rows, _low_energy(predictions, point)


def _columns(point: Point) -> np.ndarray[Any, np.dtype[np.float64]]:
    return np.array([[point.values[p.name] for p in point.model.parameters]], dtype=np.float64)


def _low_energy(predictions: Any, point: Point) -> dict[Any, complex]:
    found = predictions.low_energy_coefficients(_columns(point))
    return {coefficient: complex(value[0]) for coefficient, value in found.items()}


def predictions_text(data: Mapping[str, Any]) -> str:
    """The table for the terminal, with the choices it rests on."""
    parameters = ", ".join(f"{name} = {value:g}" for name, value in data["parameters"].items())
    lines = [f"model {data['model']}" + (f" at {parameters}" if parameters else "")]
    stated = [("theory errors", theory_error_words(data["theory_errors"])), ("theory inputs", data["inputs"])]
    stated += choice_lines(data["form_factors"])
    if data["as_of"]:
        stated.append(("data as of", data["as_of"]))
    lines.append(render_pairs(stated))
    rows = [_table_row(row) for row in data["predictions"]]
    headers = ["observable", "prediction", "Standard Model", "measured", "pull", "entry"]
    lines += ["", render_table(headers, rows, right=[4])]
    if "wilson_coefficients" in data:
        lines += ["", _wilson_table(data["wilson_coefficients"])]
    return "\n".join(lines)


def _table_row(row: Row) -> list[str]:
    measurement = row["measurement"]
    return [
        format_arguments(row["observable"], row["args"]),
        format_with_error(row["value"], row["theory_error"]),
        format_with_error(row["standard_model"]["value"], row["standard_model"]["error"]),
        measurement["text"] if measurement else "–",
        format_pull(row["pull"]),
        measurement["id"] if measurement else "–",
    ]


def _wilson_table(coefficients: Sequence[Mapping[str, Any]]) -> str:
    rows = [[c["name"], c["eft"], f"{c['scale']:g}", _complex_text(c["value"])] for c in coefficients]
    if not rows:
        return "Wilson coefficients of new physics: all zero"
    table = render_table(["coefficient", "EFT", "scale/GeV", "value (new physics only)"], rows, right=[2])
    return f"{table}\n(SMEFT: Warsaw up basis, GeV^-2; WET: WCxf flavio basis)"


def _complex_text(value: complex) -> str:
    if value.imag == 0:
        return format_number(value.real, 5)
    return f"{format_number(value.real, 5)} {'+' if value.imag > 0 else '−'} {format_number(abs(value.imag), 5)} i"
