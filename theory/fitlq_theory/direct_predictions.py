"""What a model adds to predictions by itself (`Model.predictions`), with its theory error: columns of the requests.

A model may take the theory inputs, ``predictions(points, point)``: then the inputs the user chose are used, and their errors
reach the result. The inputs are moved by one standard deviation up and down, as everywhere (`linear_errors`).
"""

from __future__ import annotations

import inspect
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.compiled import Request
from fitlq_theory.contracts import Model
from fitlq_theory.errors import InputError
from fitlq_theory.inputs import Inputs
from fitlq_theory.observables import ObservableRegistry
from fitlq_theory.parameter_point import ParameterPoint

__all__ = ["DirectPredictions", "call_predictions", "takes_inputs"]

Real = NDArray[np.float64]

_FEW = 8  # points of the model that decide which inputs matter
_NEGLIGIBLE = 1e-6  # relative change below which they do not: the masses of leptons


def takes_inputs(model: Model) -> bool:
    """Whether ``model.predictions`` has an argument ``point``, the theory inputs."""
    method = getattr(model, "predictions", None)
    return method is not None and "point" in inspect.signature(method).parameters


def call_predictions(model: Model, points: Real, point: ParameterPoint) -> Mapping[str, Any]:
    """``model.predictions`` with the theory inputs if it takes them; an empty mapping for a model without."""
    if not hasattr(model, "predictions"):
        return {}
    arguments = {"point": point} if takes_inputs(model) else {}
    found: Mapping[str, Any] = model.predictions(points, **arguments)
    return found


class DirectPredictions:
    """Direct predictions of a model in the columns of some requests.

    Parameters
    ----------
    model : Model
    requests : sequence of Request
    inputs : Inputs
    registry : ObservableRegistry
        Knows the names in ``model.predictions``.
    samples : ndarray, shape (M, n_parameters)
        Points of the model that decide which inputs matter.

    Raises
    ------
    UnknownNameError
        A name that is no observable.
    InputError
        An observable with arguments for which the model gives an array instead of a function of them.
    """

    def __init__(
        self, model: Model, requests: Sequence[Request], inputs: Inputs, registry: ObservableRegistry, samples: Real
    ) -> None:
        self._model = model
        self._arguments = ("point",) if takes_inputs(model) else ()  # found once: the hot path does not ask again
        self._inputs = inputs
        self._count = len(requests)
        self._samples = samples[:_FEW]
        self._point = inputs.point()
        self._shifted: dict[int, tuple[ParameterPoint, ParameterPoint]] = {}
        self._columns: dict[str, list[tuple[int, Mapping[str, float]]]] = {}
        for name, value in call_predictions(model, samples[:1], self._point).items():
            observable = registry.resolve(name)
            if observable.arguments and not callable(value):
                wanted = ", ".join(argument.name for argument in observable.arguments)
                msg = f"model {model.name}: predictions: {name} must be a function of its arguments ({wanted}), found an array"
                raise InputError(msg)
            self._columns[name] = [(i, r.arguments) for i, r in enumerate(requests) if r.observable.name == observable.name]

    @property
    def empty(self) -> bool:
        """Whether nothing is added to any of the requests."""
        return not any(self._columns.values())

    @cached_property
    def directions(self) -> tuple[int, ...]:
        """Directions of the inputs that move what is added."""
        if self.empty or not self._arguments:
            return ()
        values, reads = self._point.reads_of(lambda point: self._at(self._samples, point))
        threshold = _NEGLIGIBLE * np.abs(values).max(axis=0)
        found = []
        for k, direction in enumerate(self._inputs.directions()):
            shifts = {name: shift for name, shift in direction.shifts.items() if name in reads}
            if not shifts:
                continue
            down = {name: -shift for name, shift in shifts.items()}
            # what this direction does not move is taken over
            self._shifted[k] = (self._point.shifted(shifts), self._point.shifted(down))
            if np.any(np.abs(self._change(self._samples, k)).max(axis=0) > threshold):
                found.append(k)
            else:
                del self._shifted[k]
        return tuple(found)

    def values(self, points: Real) -> Real:
        """What the model adds, (N, n_requests)."""
        return self._at(points, self._point)

    def jacobian(self, points: Real) -> Real:
        """Its change for one standard deviation along each of `directions`, (N, n_requests, n_directions)."""
        if not self.directions:
            return np.zeros((len(points), self._count, 0))
        return np.stack([self._change(points, k) for k in self.directions], axis=-1)

    def _change(self, points: Real, direction: int) -> Real:
        up, down = self._shifted[direction]
        return np.asarray(0.5 * (self._at(points, up) - self._at(points, down)))

    def _at(self, points: Real, point: ParameterPoint) -> Real:
        added = np.zeros((len(points), self._count))
        if self.empty:
            return added
        found: Mapping[str, Any] = self._model.predictions(points, **dict.fromkeys(self._arguments, point))  # type: ignore[attr-defined]
        for name, value in found.items():
            for column, arguments in self._columns[name]:
                contribution = value(**arguments) if callable(value) else value
                added[:, column] += np.asarray(contribution, dtype=np.float64)
        return added
