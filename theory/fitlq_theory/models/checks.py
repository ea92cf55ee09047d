"""Whether an object fulfils the contract of a model: every problem as one sentence, found by calling it on a few points."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.contracts import Parameter
from fitlq_theory.direct_predictions import call_predictions
from fitlq_theory.errors import InputError
from fitlq_theory.inputs import load_inputs
from fitlq_theory.wilson_coefficients import BASES, check_coefficient_name, known_names

__all__ = ["check_model", "missing_members"]

Real = NDArray[np.float64]

_MEMBERS = ("name", "title", "reference", "parameters", "eft", "basis", "scale", "coefficients")
_POINTS = 3


def missing_members(model: object) -> list[str]:
    """Members of the model contract (`fitlq_theory.contracts.Model`) that `model` lacks."""
    return [member for member in _MEMBERS if not hasattr(model, member)]


def check_model(model: Any) -> list[str]:
    """All problems of a model, empty if it is fine.

    Members and their types; parameters (unique names, default within range, prior); EFT, basis and scale; the coefficients
    and direct predictions at three points inside the ranges: known names, shape (N,), finite, real where hermiticity wants
    it, and the same numbers point by point as for all points together.

    Parameters
    ----------
    model : object
        An instance, not a class.
    """
    problems = [f"{member!r} is missing" for member in missing_members(model)]
    if problems:
        return problems
    if not isinstance(model.parameters, tuple) or not all(isinstance(p, Parameter) for p in model.parameters):
        return [f"'parameters' must be a tuple of fitlq_theory.contracts.Parameter, found {model.parameters!r}"]
    problems += _text_problems(model)
    problems += _parameter_problems(model.parameters)
    problems += _theory_problems(model)
    if problems:  # the model cannot be called sensibly
        return problems
    points = _points(model.parameters)
    problems += _values_problems(model, "coefficients", points)
    if hasattr(model, "predictions"):
        problems += _values_problems(model, "predictions", points)
    return problems


def _text_problems(model: Any) -> Iterator[str]:
    for member in ("name", "title", "reference"):
        value = getattr(model, member)
        if not isinstance(value, str) or not value.strip():
            yield f"{member!r} must be text, found {value!r}"


def _parameter_problems(parameters: tuple[Parameter, ...]) -> Iterator[str]:
    names = [p.name for p in parameters]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield f"parameter {name!r} is given twice"
    for p in parameters:
        if not isinstance(p.name, str) or not p.name.isidentifier():
            yield f"parameter {p.name!r}: the name must be made of letters, digits and underscores"
        if not p.minimum < p.maximum:
            yield f"parameter {p.name}: minimum {p.minimum!r} must be below maximum {p.maximum!r}"
        elif not p.minimum <= p.default <= p.maximum:
            yield f"parameter {p.name}: default {p.default!r} is outside [{p.minimum!r}, {p.maximum!r}]"
        if p.prior not in ("flat", "log"):
            yield f"parameter {p.name}: prior must be 'flat' or 'log', found {p.prior!r}"
        elif p.prior == "log" and not p.minimum > 0:
            yield f"parameter {p.name}: a log prior needs a minimum above 0, found {p.minimum!r}"


def _theory_problems(model: Any) -> Iterator[str]:
    if model.eft not in ("SMEFT", "WET"):
        yield f"'eft' must be 'SMEFT' or 'WET', found {model.eft!r}"
        return
    if model.basis != BASES[model.eft]:
        yield f"'basis' of {model.eft} must be {BASES[model.eft]!r}, found {model.basis!r}"
    scale = model.scale
    if scale is None:
        if model.eft != "WET":
            yield "'scale' may be None only with eft = 'WET'; give GeV or the name of a parameter"
    elif model.eft == "WET":
        yield f"'scale' of a WET model must be None (coefficients at the scale of each observable), found {scale!r}"
    elif isinstance(scale, str):
        found = [p for p in model.parameters if p.name == scale]
        if not found:
            yield f"'scale' = {scale!r} is not the name of a parameter"
        elif not found[0].minimum > 0:
            yield f"'scale' is the parameter {scale}, whose minimum must be above 0, found {found[0].minimum!r}"
    elif isinstance(scale, bool) or not isinstance(scale, (int, float)) or not 0 < scale < np.inf:
        yield f"'scale' must be a positive number of GeV, the name of a parameter, or None; found {scale!r}"


def _points(parameters: tuple[Parameter, ...]) -> Real:
    """The default point and two others inside the ranges."""
    rows = [[p.default for p in parameters]]
    rows += [[p.minimum + f * (p.maximum - p.minimum) for p in parameters] for f in (0.3, 0.8)]
    return np.array(rows, dtype=np.float64).reshape(_POINTS, len(parameters))


def _call(model: Any, method: str, points: Real) -> Any:
    """What a method returns, or what it raises; of functions of arguments, their values at one choice of these."""
    try:
        if method == "coefficients":
            return model.coefficients(points)
        values = call_predictions(model, points, load_inputs().point())
        if not isinstance(values, Mapping):
            return values
        return {name: value(**_arguments(name)) if callable(value) else value for name, value in values.items()}
    except Exception as error:  # noqa: BLE001 - the user's code may raise anything; it becomes a problem in the list
        return error


def _arguments(name: str) -> dict[str, float]:
    """Some possible arguments of an observable: edges of bins in ascending order."""
    from fitlq_theory.observables import load_registry  # the registry is needed for such models only

    arguments = load_registry().resolve(name).arguments
    steps = {a.name: (k + 1) / (len(arguments) + 1) for k, a in enumerate(arguments)}
    return {a.name: a.minimum + steps[a.name] * (a.maximum - a.minimum) for a in arguments}


def _values_problems(model: Any, method: str, points: Real) -> list[str]:
    values = _call(model, method, points)
    if isinstance(values, Exception):
        return [f"{method}(points) raises {type(values).__name__}: {values}"]
    if not isinstance(values, Mapping):
        return [f"{method}(points) must return a mapping of name to array, found {type(values).__name__}"]
    problems = [problem for name, value in values.items() for problem in _value_problems(model.eft, method, name, value)]
    if method == "predictions" and set(values) != set(getattr(model, "touches", values)):
        problems.append(f"'touches' is {sorted(model.touches)}, but predictions(points) returns {sorted(values)}")
    return problems or _row_problems(model, method, points, values)


def _value_problems(eft: str, method: str, name: Any, value: Any) -> Iterator[str]:
    where = f"{method}(points)[{name!r}]"
    if method == "coefficients":
        try:
            check_coefficient_name(name, eft)
        except InputError as error:
            yield str(error)
            return
    array = np.asarray(value)
    if array.shape != (_POINTS,) or array.dtype.kind not in "fiuc":
        yield f"{where} must be an array of numbers of shape (N,) = ({_POINTS},), found {array.dtype} of shape {array.shape}"
    elif not np.isfinite(array).all():
        yield f"{where} is not finite inside the ranges of the parameters"
    elif np.iscomplexobj(array) and np.any(array.imag != 0):
        if method == "predictions":
            yield f"{where} must be real"
        elif known_names(eft)[name]:
            yield f"{where} is real by hermiticity, found an imaginary part"


def _row_problems(model: Any, method: str, points: Real, values: Mapping[str, Any]) -> list[str]:
    """Points must not influence each other."""
    for k in range(_POINTS):
        single = _call(model, method, points[k : k + 1])
        if isinstance(single, Exception) or not isinstance(single, Mapping) or set(single) != set(values):
            return [f"{method}(points) of one point differs in kind from that of {_POINTS} points: found {single!r}"]
        for name, value in values.items():
            if not np.allclose(np.ravel(single[name]), np.asarray(value)[k], rtol=1e-9, atol=0):
                return [f"{method}(points)[{name!r}]: the value of a point depends on the other points"]
    return []
