"""Predictions for given Wilson coefficients, without a model and without data."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Literal, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fitlq_theory.errors import InputError

__all__ = ["predict"]

Real = NDArray[np.float64]
ObservableChoice = str | tuple[str, Mapping[str, float]]
Wilson = Mapping[str, ArrayLike]


@overload
def predict(
    observables: Iterable[ObservableChoice] | str,
    wilson: Wilson | None = ...,
    inputs: Any = ...,
    errors: Literal[False] = ...,
    input_choices: Mapping[str, str] | None = ...,
) -> Real: ...
@overload
def predict(
    observables: Iterable[ObservableChoice] | str,
    wilson: Wilson | None = ...,
    inputs: Any = ...,
    *,
    errors: Literal[True],
    input_choices: Mapping[str, str] | None = ...,
) -> tuple[Real, Real]: ...
def predict(
    observables: Iterable[ObservableChoice] | str,
    wilson: Wilson | None = None,
    inputs: Any = "default",
    errors: bool = False,
    input_choices: Mapping[str, str] | None = None,
) -> Real | tuple[Real, Real]:
    """Predict observables.

    Parameters
    ----------
    observables : iterable of str or (str, mapping)
        Names or aliases; with arguments (bin edges) as a pair.
    wilson : mapping of str to complex or (N,) array
        New-physics contributions to coefficients of WET in the basis "flavio", each at the scale of the observable that
        reads it. Empty: the Standard Model.
    inputs : str or Inputs
        Set of theory inputs.
    errors : bool
        Also the theory errors.
    input_choices : mapping of str to str, optional
        Named options of the inputs (form factors, ...).

    Returns
    -------
    (N, n_obs) array, or two of them
        N = 1 if all coefficients are scalars.

    Raises
    ------
    InputError
        Unknown observable or coefficient, impossible arguments, arrays of different lengths, values that are not finite.
    """
    from fitlq_theory.inputs import load_inputs
    from fitlq_theory.predictions import Predictions

    requests = [_request(one) for one in ([observables] if isinstance(observables, str) else observables)]
    if not requests:
        msg = "no observable is asked for"
        raise InputError(msg)
    names, points = _parameters(wilson or {})
    model = _model(names, points)
    chosen = load_inputs(inputs, input_choices or None) if isinstance(inputs, str) else inputs
    predictions = Predictions(model, requests, chosen)
    if not errors:
        return predictions.values(points)
    values, jacobian = predictions.values_and_jacobian(points)
    return values, np.sqrt(np.einsum("nij,nij->ni", jacobian, jacobian))


def _request(one: ObservableChoice) -> tuple[str, Mapping[str, float]]:
    if isinstance(one, str):
        return one, {}
    if len(one) == 2 and isinstance(one[0], str) and isinstance(one[1], Mapping):
        return one[0], one[1]
    msg = f"an observable is a name or a pair (name, arguments), found {one!r}"
    raise InputError(msg)


def _parameters(wilson: Wilson) -> tuple[list[str], Real]:
    """Names of real parameters and their values (N, n): imaginary parts only where there are any."""
    names: list[str] = []
    columns: list[Real] = []
    for name, value in wilson.items():
        array = np.atleast_1d(np.asarray(value))
        if array.ndim != 1 or array.dtype.kind not in "iufc" or not np.isfinite(array).all():
            msg = f"coefficient {name!r}: expected a finite number or a list of them, found {value!r}"
            raise InputError(msg)
        imaginary = array.dtype.kind == "c" and bool(np.any(array.imag != 0))
        names.append(f"Re_{name}" if imaginary else name)
        columns.append(array.real.astype(np.float64))
        if imaginary:
            names.append(f"Im_{name}")
            columns.append(array.imag.astype(np.float64))
    lengths = {len(column) for column in columns} - {1}
    if len(lengths) > 1:
        msg = f"the arrays of Wilson coefficients have different lengths: {', '.join(map(str, sorted(lengths)))}"
        raise InputError(msg)
    count = lengths.pop() if lengths else 1
    points = np.empty((count, len(columns)))
    for k, column in enumerate(columns):
        points[:, k] = column
    return names, points


def _model(names: list[str], points: Real) -> Any:
    """A model whose ranges hold the points; the default ranges if they do, so that prepared predictions are found again."""
    from fitlq_theory.models import wet_model

    model = wet_model(names)
    wider: dict[str, tuple[float, float]] = {}
    for parameter, column in zip(model.parameters, points.T, strict=True):
        largest = float(np.abs(column).max(initial=0.0))
        if largest > parameter.maximum:
            edge = 10.0 ** np.ceil(np.log10(largest))
            wider[parameter.name] = (-edge, edge)
    return wet_model(names, wider) if wider else model
