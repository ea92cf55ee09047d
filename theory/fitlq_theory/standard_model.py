"""Standard Model predictions with their errors, and the share of the error that each input carries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.cache import key_of, read_arrays, write_arrays
from fitlq_theory.compiled import second_order_name
from fitlq_theory.contracts import Observable
from fitlq_theory.errors import InputError
from fitlq_theory.inputs import Inputs
from fitlq_theory.observables import ObservableRegistry

__all__ = ["ErrorShare", "Prediction", "error_shares", "standard_model_predictions", "typical_arguments"]

Real = NDArray[np.float64]
Request = tuple[Observable, Mapping[str, float]]

# where in the range of an argument an observable is looked at if nobody says: whole ranges for bins, else the middle
_BINS = ((0.0, 1.0), (0.25, 0.75), (0.45, 0.55))
_POINTS = (0.5, 0.3, 0.7)
# the same where predictions are doubtful in between: usual bins below and above the charm resonances, in GeV^2
_BESIDE_RESONANCES: tuple[Mapping[str, float], ...] = (
    {"q2min": 1.1, "q2max": 6.0, "q2": 4.0},
    {"q2min": 15.0, "q2max": 17.0, "q2": 16.0},
)


@dataclass(frozen=True, slots=True)
class Prediction:
    """A value in the Standard Model and its theory error; the value is None where the observable has none there."""

    value: float | None
    error: float


@dataclass(frozen=True, slots=True)
class ErrorShare:
    """What one input, or one block of correlated inputs, contributes to the error of a prediction.

    Attributes
    ----------
    inputs : tuple of str
        The inputs of the block that the observable reads.
    label : str
        ``form factors B->K (B_to_K.bsz_grvdv2023)`` for coefficients of form factors, else the names.
    correlated : bool
        Several inputs whose contributions cannot be told apart.
    error : float
        Standard deviation of the prediction from this source alone.
    share : float
        Of the variance; the shares of a prediction add up to 1.
    """

    inputs: tuple[str, ...]
    label: str
    correlated: bool
    error: float
    share: float


def typical_arguments(observable: Observable) -> dict[str, float] | None:
    """Arguments to show a prediction for: the whole range of a bin, the middle of a range; None if none are possible.

    Where predictions are doubtful for some arguments, others are taken if there are any.
    """
    doubtful = None
    for arguments in _candidates(observable):
        try:
            observable.check_arguments(arguments)
        except InputError:
            continue
        if not (observable.doubtful and observable.doubtful(arguments)):
            return arguments
        doubtful = doubtful or arguments
    return doubtful


def _candidates(observable: Observable) -> Iterator[dict[str, float]]:
    if observable.doubtful:
        for usual in _BESIDE_RESONANCES:
            if all(one.name in usual for one in observable.arguments):
                yield {one.name: usual[one.name] for one in observable.arguments}
    for point, (lower, upper) in zip(_POINTS, _BINS, strict=True):
        arguments = {}
        for one in observable.arguments:
            fraction = lower if one.name.endswith("min") else upper if one.name.endswith("max") else point
            arguments[one.name] = one.minimum + fraction * (one.maximum - one.minimum)
        yield arguments


def standard_model_predictions(requests: Sequence[Request], inputs: Inputs) -> tuple[Prediction, ...]:
    """Standard Model values with errors; kept on disk when all formulas are of this package.

    Parameters
    ----------
    requests : sequence of (Observable, arguments)
    inputs : Inputs
    """
    if not requests:
        return ()
    key = None
    if all(_is_ours(observable) for observable, _ in requests):
        key = key_of([[(o.name, dict(a)) for o, a in requests], inputs.content_hash()])
        stored = read_arrays("standard-model", key)
        if stored is not None:
            return _predictions(stored["values"], stored["errors"])
    values, jacobian, _ = _evaluate(requests, inputs)
    errors = np.sqrt(np.sum(jacobian**2, axis=1))
    if key is not None:
        write_arrays("standard-model", key, {"values": values, "errors": errors})
    return _predictions(values, errors)


def error_shares(observable: Observable, arguments: Mapping[str, float], inputs: Inputs) -> tuple[ErrorShare, ...]:
    """The inputs an observable reads, with what each contributes to its error in the Standard Model; largest first.

    Inputs of one correlated block are taken together: their contributions interfere. The error is the linear one of
    `fitlq_theory.compiled`.
    """
    point = inputs.point()
    read = point.reads_of(lambda p: observable.forms(p, arguments))[1]
    _, jacobian, directions = _evaluate([(observable, arguments)], inputs)
    variance = dict(zip(directions, (jacobian[0] ** 2).tolist(), strict=True))
    blocks = {name: block.names for block in inputs.blocks for name in block.names}
    variances: dict[tuple[str, ...], float] = {}
    for direction in inputs.directions():
        first = next(iter(direction.shifts))
        members = tuple(name for name in blocks.get(first, (first,)) if name in read)
        if members:
            here = variance.get(direction.name, 0.0) + variance.get(second_order_name(direction.name), 0.0)
            variances[members] = variances.get(members, 0.0) + here
    for name in inputs.parameters:  # read, but without an error
        if name in read and not any(name in members for members in variances):
            variances[(name,)] = 0.0
    total = sum(variances.values())
    shares = [
        ErrorShare(members, _label(members, inputs), len(members) > 1, np.sqrt(one), one / total if total else 0.0)
        for members, one in variances.items()
    ]
    return tuple(sorted(shares, key=lambda share: -share.share))


def _label(members: tuple[str, ...], inputs: Inputs) -> str:
    transitions = [
        (transition, form_factors.name)
        for transition, form_factors in inputs.form_factor_sets.items()
        if not set(members).isdisjoint(form_factors.coefficient_names[transition].values())
    ]
    if not transitions:
        return ", ".join(members)
    names = ", ".join(dict.fromkeys(name for _, name in transitions))
    return f"form factors {', '.join(transition for transition, _ in transitions)} ({names})"


def _evaluate(requests: Sequence[Request], inputs: Inputs) -> tuple[Real, Real, tuple[str, ...]]:
    from fitlq_theory.models import wet_model
    from fitlq_theory.predictions import Predictions

    registry = ObservableRegistry(dict.fromkeys(observable for observable, _ in requests))
    with np.errstate(all="ignore"):  # what vanishes in the Standard Model may have no derivative there
        predictions = Predictions(wet_model(()), [(o.name, a) for o, a in requests], inputs, registry)
        jacobian = np.nan_to_num(predictions.sm_jacobian, nan=0.0, posinf=0.0, neginf=0.0)
    return predictions.sm_values, jacobian, predictions.directions


def _predictions(values: Real, errors: Real) -> tuple[Prediction, ...]:
    return tuple(
        Prediction(float(value) if np.isfinite(value) else None, float(error))
        for value, error in zip(values, errors, strict=True)
    )


def _is_ours(observable: Observable) -> bool:
    function: Any = observable.forms
    while isinstance(function, partial):
        function = function.func
    return str(getattr(function, "__module__", "")).startswith("fitlq_theory.")
