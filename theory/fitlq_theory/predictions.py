"""Predictions of a model for a list of observables, vectorised over parameter points: what the statistics side sees."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.cache import code_hash, key_of, read_arrays, write_arrays
from fitlq_theory.compiled import CompiledObservable, Request, compile_derivatives, compile_forms, direction_names
from fitlq_theory.contracts import Coefficient, Model, Parameter
from fitlq_theory.direct_predictions import DirectPredictions, call_predictions
from fitlq_theory.inputs import Inputs, load_inputs
from fitlq_theory.low_energy import LowEnergyCoefficients, low_energy_coefficients
from fitlq_theory.merged_directions import merge_directions
from fitlq_theory.observables import ObservableRegistry, load_registry
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.predictor import BlockSource, Predictor
from fitlq_theory.quadratic_forms import real_vector

__all__ = ["Predictions", "direct_names"]

Real = NDArray[np.float64]

_SAMPLES = 96  # points of the model that decide which Wilson coefficients it moves
_SEED = 20240229  # fixed: the compiled arrays must be the same in every process


class Predictions:
    """What a model predicts.

    Parameters
    ----------
    model : Model
    requests : sequence of (name, arguments)
        Observables by name or alias.
    inputs : Inputs, optional
        The default set when None.
    registry : ObservableRegistry, optional
        The shipped observables when None.
    compared_with : (n_requests,) array, optional
        Errors of the measurements (0: unknown). If given, directions of the inputs are combined to as few as carry the
        covariance beside these errors: faster, but they no longer have names.

    Raises
    ------
    InputError
        Unknown observable, impossible arguments, or a model whose coefficients cannot be used.
    """

    def __init__(
        self,
        model: Model,
        requests: Sequence[tuple[str, Mapping[str, float]]],
        inputs: Inputs | None = None,
        registry: ObservableRegistry | None = None,
        compared_with: Real | None = None,
    ) -> None:
        registry, self._compared_with = registry or load_registry(), compared_with
        self.model = model
        self.inputs = inputs or load_inputs()
        self._requests = tuple(_request(registry, name, arguments) for name, arguments in requests)
        self._samples = sample_points(model.parameters)
        self._low_energy = low_energy_coefficients(model, _coefficients(self._requests), self.inputs, self._samples)
        self._central: ParameterPoint | None = self.inputs.point()  # for the derivatives: with what observables share there
        self._forms = self._compile_forms()
        self._blocks = _blocks(self._requests, self._forms, self._low_energy)
        self._predictor = Predictor([_source(block, self._forms) for block in self._blocks])
        self._differentiated: Predictor | None = None
        self._direct = DirectPredictions(model, self._requests, self.inputs, registry, self._samples)
        self.sm_values: Real = self._evaluate(np.zeros((1, self._low_energy.size)))[0]

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """Parameters of the model: the columns of `points`."""
        return self.model.parameters

    @property
    def observables(self) -> tuple[tuple[str, Mapping[str, float]], ...]:
        """Canonical name and arguments of each column."""
        return tuple((r.observable.name, r.arguments) for r in self._requests)

    @property
    def directions(self) -> tuple[str, ...]:
        """Names of the independent directions of the inputs that matter here, and of second-order parts (`curvature`).

        Merged ones are numbered.
        """
        names = dict(enumerate(direction_names(self.inputs)))
        return tuple(names.get(d, f"merged {d - len(names) + 1}") for d in self._all_directions)

    @property
    def sm_jacobian(self) -> Real:
        """Derivatives (n_observables, n_directions) in the Standard Model."""
        jacobian = self._evaluate_with_jacobian(np.zeros((1, self._low_energy.size)), None)[1][0]
        return self._along_all(jacobian, self._with_derivatives().directions)

    def values(self, points: Real) -> Real:
        """Predictions (N, n_observables) at `points` (N, n_parameters)."""
        values = self._evaluate(self._low_energy(points))
        return values if self._direct.empty else values + self._direct.values(points)

    def values_and_jacobian(self, points: Real) -> tuple[Real, Real]:
        """Predictions and their change for one standard deviation along each of `directions`: (N, n), (N, n, n_dir).

        The theory covariance at each point is ``jacobian @ jacobian.T``, at fixed parameters of the model: for a model in
        SMEFT the CKM matrix moves the low-energy coefficients, too. Direct predictions of the model carry an error if the
        model takes the theory inputs (`direct_predictions`).
        """
        values, jacobian = self._evaluate_with_jacobian(*self._low_energy.with_shifts(points))
        jacobian = self._along_all(jacobian, self._with_derivatives().directions)
        if not self._direct.empty:
            values = values + self._direct.values(points)
        if self._direct.directions:
            jacobian += self._along_all(self._direct.jacobian(points), self._direct.directions)
        return values, jacobian

    def low_energy_coefficients(self, points: Real) -> dict[Coefficient, NDArray[np.complex128]]:
        """The Wilson coefficients the observables read, each (N,) complex."""
        return self._low_energy.as_mapping(points)

    @property
    def untouched_parameters(self) -> tuple[str, ...]:
        """Parameters that change none of the predictions anywhere in their range."""
        base = self._samples[: len(self._samples) // 2]
        other = self._samples[len(self._samples) // 2 :]
        reference = self.values(base)
        idle = []
        for column, parameter in enumerate(self.parameters):
            moved = base.copy()
            moved[:, column] = other[: len(base), column]
            if np.allclose(self.values(moved), reference, rtol=1e-12, atol=0.0):
                idle.append(parameter.name)
        return tuple(idle)

    @property
    def content_hash(self) -> str:
        """Fingerprint of model, observables, inputs and code."""
        sample = self.values(self._samples[:8])
        content = [
            self.model.name,
            [self.model.eft, self.model.basis, self.model.scale],
            [f"{value:.9e}" for value in sample.ravel()],  # two models may share a name
            [(p.name, p.minimum, p.maximum, p.prior) for p in self.parameters],
            [(name, dict(arguments)) for name, arguments in self.observables],
            self.inputs.content_hash(),
            code_hash(),
        ]
        return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()

    def _compile_forms(self) -> tuple[CompiledObservable, ...]:
        samples = {
            r.observable.coefficients: real_vector(self._low_energy.vector(self._samples, r.observable.coefficients))
            for r in self._requests
        }
        return compile_forms(self._requests, self.inputs, samples, self._central)

    def _with_derivatives(self) -> Predictor:
        """The predictor with derivatives; compiled when first asked for, then kept on disk."""
        if self._differentiated is None:
            compiled = self._compile_derivatives()
            self._central = None
            self._differentiated = self._predictor_of(compiled)
            if self._compared_with is not None:
                self._differentiated = self._predictor_of(self._merged(compiled, self._differentiated, self._compared_with))
        return self._differentiated

    def _predictor_of(self, compiled: Sequence[CompiledObservable]) -> Predictor:
        return Predictor([_source(block, compiled) for block in self._blocks], self._low_energy.directions)

    def _merged(
        self, compiled: Sequence[CompiledObservable], predictor: Predictor, errors: Real
    ) -> tuple[CompiledObservable, ...]:
        components = np.concatenate([np.zeros((1, self._low_energy.size)), self._low_energy(self._samples)])
        jacobian = predictor.values_and_jacobian(_with_first(1.0, components))[1]
        last = len(direction_names(self.inputs)) - 1
        kept = {last, *self._low_energy.directions, *self._direct.directions}
        return merge_directions(compiled, jacobian, predictor.directions, kept, errors)

    def _compile_derivatives(self) -> tuple[CompiledObservable, ...]:
        if not all(_home(r.observable.forms).startswith("fitlq_theory.") for r in self._requests):
            # code outside this package can change without notice
            return compile_derivatives(self._requests, self.inputs, self._forms, self._central)
        requests = [(r.observable.name, dict(r.arguments)) for r in self._requests]
        central = hashlib.sha256()
        for o in self._forms:
            for array in (o.components, o.forms, o.powers):
                central.update(np.ascontiguousarray(array).tobytes())
        key = key_of([requests, central.hexdigest(), self.inputs.content_hash()])
        if (stored := read_arrays("forms", key)) is not None:
            return _from_arrays(stored, self._forms)
        compiled = compile_derivatives(self._requests, self.inputs, self._forms, self._central)
        write_arrays("forms", key, _to_arrays(compiled))
        return compiled

    @property
    def _all_directions(self) -> tuple[int, ...]:
        return tuple(sorted({*self._with_derivatives().directions, *self._direct.directions}))

    def _along_all(self, jacobian: Real, directions: tuple[int, ...]) -> Real:
        """Derivatives along `directions` as those along all directions that matter."""
        if directions == self._all_directions:
            return jacobian
        result = np.zeros((*jacobian.shape[:-1], len(self._all_directions)))
        result[..., np.searchsorted(self._all_directions, directions)] = jacobian
        return result

    def _evaluate(self, components: Real) -> Real:
        return self._predictor.values(_with_first(1.0, components))

    def _evaluate_with_jacobian(self, components: Real, shifts: Real | None) -> tuple[Real, Real]:
        changes = None if shifts is None else _with_first(0.0, shifts)
        return self._with_derivatives().values_and_jacobian(_with_first(1.0, components), changes)


def direct_names(model: Model) -> tuple[str, ...]:
    """Names of the observables to which a model adds directly (`Model.predictions`)."""
    return tuple(call_predictions(model, sample_points(model.parameters)[:1], load_inputs().point()))


def sample_points(parameters: Sequence[Parameter]) -> Real:
    """Points over the ranges of all parameters, those fixed by default included, and the defaults themselves; (96, n)."""
    generator = np.random.default_rng(_SEED)
    points = np.empty((_SAMPLES, len(parameters)))
    for k, parameter in enumerate(parameters):
        draw = generator.random(_SAMPLES)
        if parameter.prior == "log":
            points[:, k] = parameter.minimum * (parameter.maximum / parameter.minimum) ** draw
        else:
            points[:, k] = parameter.minimum + (parameter.maximum - parameter.minimum) * draw
    points[0] = [parameter.default for parameter in parameters]
    return points


def _request(registry: ObservableRegistry, name: str, arguments: Mapping[str, float]) -> Request:
    observable = registry.resolve(name)
    observable.check_arguments(arguments)
    return Request(observable, dict(arguments))


def _home(function: Any) -> str:
    """The module a function comes from, also when it is a `functools.partial`."""
    while isinstance(function, partial):
        function = function.func
    return str(getattr(function, "__module__", ""))


def _coefficients(requests: Sequence[Request]) -> tuple[Coefficient, ...]:
    return tuple(sorted({c for r in requests for c in r.observable.coefficients}))


def _with_first(number: float, components: Real) -> Real:
    x = np.empty((*components.shape[:-1], components.shape[-1] + 1))
    x[..., 0] = number
    x[..., 1:] = components
    return x


def _blocks(
    requests: Sequence[Request], compiled: Sequence[CompiledObservable], low_energy: LowEnergyCoefficients
) -> tuple[tuple[tuple[int, ...], dict[int, int]], ...]:
    """Columns that share a coefficient vector, and where its components are among the selected real components."""
    by_coefficients: dict[tuple[Coefficient, ...], list[int]] = {}
    for i, request in enumerate(requests):
        by_coefficients.setdefault(request.observable.coefficients, []).append(i)
    index: dict[tuple[Coefficient, int], int] = {}  # coefficient and 0 (real part) or 1 (imaginary part)
    blocks = []
    for coefficients, columns in by_coefficients.items():
        positions = {}
        for component in sorted({int(c) for i in columns for c in compiled[i].components} - {0}):
            part = (coefficients[(component - 1) // 2], (component - 1) % 2)
            positions[component] = index.setdefault(part, len(index)) + 1
        blocks.append((tuple(columns), positions))
    low_energy.select(tuple(index))
    return tuple(blocks)


def _source(block: tuple[tuple[int, ...], dict[int, int]], compiled: Sequence[CompiledObservable]) -> BlockSource:
    columns, positions = block
    return BlockSource(columns, tuple(compiled[i] for i in columns), positions)


_ARRAYS = tuple(name for name in CompiledObservable.__slots__ if name != "combination")


def _to_arrays(compiled: Sequence[CompiledObservable]) -> dict[str, NDArray[Any]]:
    return {f"{i}.{name}": getattr(o, name) for i, o in enumerate(compiled) for name in _ARRAYS}


def _from_arrays(arrays: Mapping[str, NDArray[Any]], central: Sequence[CompiledObservable]) -> tuple[CompiledObservable, ...]:
    return tuple(
        CompiledObservable(**{name: arrays[f"{i}.{name}"] for name in _ARRAYS}, combination=o.combination)
        for i, o in enumerate(central)
    )
