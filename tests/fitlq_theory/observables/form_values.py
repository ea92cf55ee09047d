"""Values of observables from their forms, without compiling: helpers of several test files."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from fitlq_theory.compiled import combine, evaluate_forms
from fitlq_theory.contracts import Observable
from fitlq_theory.inputs import Inputs
from fitlq_theory.models import wet_model
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.predictions import Predictions
from fitlq_theory.quadratic_forms import real_vector

Coefficients = Mapping[str, complex]


def reference(name: str) -> dict[str, Any]:
    """The stored numbers of another code."""
    data: dict[str, Any] = json.loads((Path(__file__).parent / "data" / f"{name}.json").read_text(encoding="utf-8"))
    return data


def value(
    observable: Observable,
    point: ParameterPoint,
    coefficients: Coefficients | None = None,
    arguments: Mapping[str, float] | None = None,
) -> float:
    """Prediction of `observable` for coefficients by name; those it does not read are ignored."""
    numbers = [(coefficients or {}).get(c.name, 0.0) for c in observable.coefficients]
    return value_of_numbers(observable, point, numbers, arguments)


def value_of_numbers(
    observable: Observable, point: ParameterPoint, numbers: ArrayLike, arguments: Mapping[str, float] | None = None
) -> float:
    """The same for coefficients in the order in which the observable names them."""
    forms = observable.forms(point, arguments or {})
    x = real_vector(np.array([numbers], dtype=np.complex128))
    return float(combine(evaluate_forms(forms.quadratic, x), forms.powers, forms.combination)[0])


def worst_deviation(observable: Observable, point: ParameterPoint, entries: list[dict[str, Any]]) -> float:
    """Largest difference from the reference, relative to the larger of value and Standard Model value."""
    standard_model = next(e["value"] for e in entries if not e["coefficients"])
    worst = 0.0
    for entry in entries:
        found = value(observable, point, {k: complex(*v) for k, v in entry["coefficients"].items()})
        scale = max(abs(entry["value"]), abs(standard_model))
        if scale == 0:
            assert found == 0
            continue
        worst = max(worst, abs(found - entry["value"]) / scale)
    return worst


def linear_error(observable: Observable, inputs: Inputs, coefficients: Coefficients | None = None) -> float:
    """Theory error: symmetric differences over one standard deviation along every direction of the inputs."""
    names = observable_reads(observable, inputs)
    variance = 0.0
    for direction in inputs.directions():
        if names.isdisjoint(direction.shifts):
            continue
        up, down = (
            value(observable, inputs.point({name: sign * shift for name, shift in direction.shifts.items()}), coefficients)
            for sign in (1, -1)
        )
        variance += (0.5 * (up - down)) ** 2
    return math.sqrt(variance)


def observable_reads(observable: Observable, inputs: Inputs) -> frozenset[str]:
    """Names of the inputs it reads."""
    _, names = inputs.point().reads_of(lambda p: observable.forms(p, {}))
    return names


def drawn_error(observable: Observable, inputs: Inputs, coefficients: Coefficients | None = None, draws: int = 400) -> float:
    """Standard deviation of the prediction when the inputs it reads are drawn."""
    generator = np.random.default_rng(5)
    names = observable_reads(observable, inputs)
    directions = [d for d in inputs.directions() if not names.isdisjoint(d.shifts)]
    found = []
    for sizes in generator.normal(size=(draws, len(directions))):
        shifts: dict[str, float] = {}
        for direction, size in zip(directions, sizes, strict=True):
            for name, shift in direction.shifts.items():
                shifts[name] = shifts.get(name, 0.0) + size * shift
        found.append(value(observable, inputs.point(shifts), coefficients))
    return float(np.std(found))


def random_coefficients(observable: Observable, seed: int, size: float = 1.0) -> dict[str, complex]:
    """Complex Gaussian values of all coefficients an observable reads."""
    draw = np.random.default_rng(seed).normal(size=(2, len(observable.coefficients))) * size
    return {c.name: complex(re, im) for c, re, im in zip(observable.coefficients, *draw, strict=True)}


def compiled_value(observable: Observable, inputs: Inputs, coefficients: Coefficients) -> float:
    """The prediction through compiled arrays; the observable must be registered."""
    parts = {f"{part}_{name}": number for name, c in coefficients.items() for part, number in (("Re", c.real), ("Im", c.imag))}
    model = wet_model(tuple(parts), {name: (-2 * abs(x) - 1e-30, 2 * abs(x) + 1e-30) for name, x in parts.items()})
    found = Predictions(model, [(observable.name, {})], inputs).values(np.array([list(parts.values())]))
    return float(np.ravel(found)[0])
