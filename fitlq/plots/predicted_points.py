"""Predictions of some observables at a few named points: the Standard Model, Wilson coefficients, points of a model, fits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fitlq.errors import InputError, UnknownNameError
from fitlq_theory.naming import unknown_name_message

if TYPE_CHECKING:
    from fitlq_theory.contracts import Model
    from fitlq_theory.predictions import Predictions

__all__ = ["Prediction", "predictions_at"]

Real = NDArray[np.float64]
Parameters = Mapping[str, Any]
Request = tuple[str, Mapping[str, float]]
Prediction = tuple[Real, Real]
"""Values and theory errors, (n_requests,) each."""


def predictions_at(
    points: Mapping[str, Any], requests: Sequence[Request], *, model: Model | str | None = None, inputs: Any = None
) -> dict[str, Prediction]:
    """Values and theory errors of observables at points.

    Parameters
    ----------
    points : mapping
        By name: None is the Standard Model; a `Fit` its best fit, with its model and inputs; a mapping gives Wilson coefficients
        (WET, flavio, at the scale of each observable), or parameters of `model`, the others being at their defaults.
    requests : sequence of (name, arguments)
    model : Model or str, optional
        What mappings are parameters of.
    inputs : str or Inputs, optional
        For all points but fits; when left out those of the first fit, or the default set.

    Raises
    ------
    InputError
        Something else as a point, an unknown parameter, or what `fitlq.predict` refuses.
    """
    fits = {name: one for name, one in points.items() if hasattr(one, "likelihood")}
    for name, one in points.items():
        if one is not None and name not in fits and not isinstance(one, Mapping):
            msg = f"point {name!r}: expected None (Standard Model), a mapping or a Fit, found {one!r}"
            raise InputError(msg)
    found: dict[str, Prediction] = {}
    for name, fit in fits.items():
        predictions = _predictions(fit.likelihood.model, requests, fit.likelihood.inputs)
        found[name] = _values(predictions, _best_fit(fit))
        if inputs is None:
            inputs = fit.likelihood.inputs
            found |= {other: _standard_model(predictions) for other, one in points.items() if one is None}
    rest = {name: one for name, one in points.items() if name not in found}
    if rest:
        chosen = "default" if inputs is None else inputs
        found |= _at_coefficients(rest, requests, chosen) if model is None else _at_parameters(rest, requests, model, chosen)
    return {name: found[name] for name in points}


def _best_fit(fit: Any) -> Real:
    everything = {**fit.likelihood.fixed, **fit.values}
    return np.array([[everything[parameter.name] for parameter in fit.likelihood.model.parameters]])


def _at_coefficients(points: Mapping[str, Parameters | None], requests: Sequence[Request], inputs: Any) -> dict[str, Prediction]:
    from fitlq.predicting import predict

    names = list(dict.fromkeys(name for one in points.values() for name in one or ()))
    wilson = {name: np.array([(one or {}).get(name, 0.0) for one in points.values()]) for name in names}
    values, errors = predict(requests, wilson, inputs, errors=True)
    return (
        {name: (values[k], errors[k]) for k, name in enumerate(points)}
        if names
        else dict.fromkeys(points, (values[0], errors[0]))
    )


def _at_parameters(
    points: Mapping[str, Parameters | None], requests: Sequence[Request], model: Model | str, inputs: Any
) -> dict[str, Prediction]:
    if isinstance(model, str):
        from fitlq_theory.models import load_model

        model = load_model(model)
    predictions = _predictions(model, requests, inputs)
    defaults = {parameter.name: parameter.default for parameter in model.parameters}
    found = {}
    for name, one in points.items():
        for parameter in one or ():
            if parameter not in defaults:
                raise UnknownNameError(unknown_name_message("parameter", parameter, list(defaults)))
        row = None if one is None else np.array([[*{**defaults, **one}.values()]])
        found[name] = _standard_model(predictions) if row is None else _values(predictions, row)
    return found


def _predictions(model: Model, requests: Sequence[Request], inputs: Any) -> Predictions:
    from fitlq_theory.inputs import load_inputs
    from fitlq_theory.predictions import Predictions

    return Predictions(model, requests, load_inputs(inputs) if isinstance(inputs, str) else inputs)


def _values(predictions: Predictions, point: Real) -> Prediction:
    values, jacobian = predictions.values_and_jacobian(point)
    return values[0], np.sqrt(np.einsum("ij,ij->i", jacobian[0], jacobian[0]))


def _standard_model(predictions: Predictions) -> Prediction:
    jacobian = predictions.sm_jacobian
    return predictions.sm_values, np.sqrt(np.einsum("ij,ij->i", jacobian, jacobian))
