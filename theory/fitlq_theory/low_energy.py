"""From the parameters of a model to the Wilson coefficients that observables read, as real components, vectorised.

Two ways: a model in WET gives them directly, each at the scale of the observable that reads it; a model in SMEFT gives
coefficients at a high scale, which run and match down (`evolution`).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.cache import key_of, read_arrays, write_arrays
from fitlq_theory.contracts import Coefficient, Model
from fitlq_theory.errors import InputError, UnknownNameError
from fitlq_theory.evolution.compilation import compile_evolution
from fitlq_theory.evolution.compiled_evolution import Evolution
from fitlq_theory.evolution.inputs import EvolutionInputs
from fitlq_theory.evolution.rgevolve_data import data_versions
from fitlq_theory.evolution.scale_grid import interpolation_weights
from fitlq_theory.inputs import Inputs
from fitlq_theory.naming import unknown_name_message

__all__ = ["LowEnergyCoefficients", "low_energy_coefficients"]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]
Part = tuple[Coefficient, int]  # 0: real part, 1: imaginary part

_STRONG_POINTS = ((91.1876, 5), (2.0, 4), (1000.0, 6))  # the strong coupling there identifies it (GeV, flavours)
_CHARM_MASS_POINTS = (91.1876, 2.0)
_CKM_INPUTS = frozenset({"Vus", "Vub", "Vcb", "gamma"})


class LowEnergyCoefficients(Protocol):
    """Coefficients of a model at the scales of the observables."""

    size: int
    directions: tuple[int, ...]

    def with_shifts(self, points: Real) -> tuple[Real, Real]:
        """The selected components, and their change for one standard deviation along each of `directions`.

        Shapes (N, size) and (n_directions, N, size).

        `directions` are those principal directions of the inputs that move the coefficients at fixed parameters of the
        model: the CKM matrix enters the matching and the normalisation of low-energy coefficients.
        """
        ...

    def vector(self, points: Real, coefficients: Sequence[Coefficient]) -> Complex:
        """All of `coefficients`, (N, n) complex; those the model does not touch are zero."""
        ...

    def select(self, parts: Sequence[Part]) -> None:
        """Choose which real components ``__call__`` returns, and in which order."""
        ...

    def __call__(self, points: Real) -> Real:
        """The selected real components, (N, size)."""
        ...

    def as_mapping(self, points: Real) -> dict[Coefficient, Complex]:
        """Every coefficient the model touches, by coefficient, (N,) each."""
        ...


def low_energy_coefficients(
    model: Model, coefficients: Sequence[Coefficient], inputs: Inputs, samples: Real
) -> LowEnergyCoefficients:
    """How `model` reaches `coefficients`.

    Raises
    ------
    InputError
        The model speaks an EFT or basis that is not supported, or its coefficients have the wrong shape.
    UnknownNameError
        A name that is no coefficient of the model's EFT.
    """
    found = _checked(model, samples[:2])
    if model.eft == "WET" and model.basis == "flavio" and model.scale is None:
        return _Direct(model, coefficients, tuple(found))
    if model.eft == "SMEFT" and model.basis == "Warsaw up" and model.scale is not None:
        return _Evolved(model, coefficients, tuple(found), inputs, samples)
    msg = (
        f"model {model.name}: coefficients in ({model.eft}, {model.basis}) at scale {model.scale!r} cannot be used; "
        "allowed: ('SMEFT', 'Warsaw up') at a scale or a mass parameter, ('WET', 'flavio') with scale None"
    )
    raise InputError(msg)


def _checked(model: Model, points: Real) -> Mapping[str, Any]:
    found = model.coefficients(points)
    for name, value in found.items():
        if np.shape(value) != (len(points),):
            msg = f"model {model.name}: coefficients(points) must give arrays of shape (N,); {name} has {np.shape(value)}"
            raise InputError(msg)
        if not np.all(np.isfinite(value)):
            msg = f"model {model.name}: the coefficient {name} is not finite inside the range of the parameters"
            raise InputError(msg)
    return found


class _Direct:
    """Coefficients given at the scale of the observable."""

    def __init__(self, model: Model, coefficients: Sequence[Coefficient], names: tuple[str, ...]) -> None:
        self._model = model
        self._all = tuple(c for c in coefficients if c.name in names)
        self._selected: list[tuple[str, int, int]] = []
        self.size = 0
        self.directions: tuple[int, ...] = ()

    def vector(self, points: Real, coefficients: Sequence[Coefficient]) -> Complex:
        values = self._model.coefficients(points)
        result = np.zeros((len(points), len(coefficients)), dtype=np.complex128)
        for k, coefficient in enumerate(coefficients):
            if coefficient.name in values:
                result[:, k] = values[coefficient.name]
        return result

    def with_shifts(self, points: Real) -> tuple[Real, Real]:
        return self(points), np.zeros((0, len(points), self.size))  # no input enters between model and observables

    def select(self, parts: Sequence[Part]) -> None:
        self._selected = [(c.name, k, part) for k, (c, part) in enumerate(parts)]
        self.size = len(parts)

    def __call__(self, points: Real) -> Real:
        values = self._model.coefficients(points)
        result = np.empty((len(points), self.size))
        for name, k, part in self._selected:
            result[:, k] = np.imag(values[name]) if part else np.real(values[name])
        return result

    def as_mapping(self, points: Real) -> dict[Coefficient, Complex]:
        values = self._model.coefficients(points)
        return {c: np.asarray(values[c.name], dtype=np.complex128) for c in self._all}


class _Evolved:
    """Coefficients that run and match down from a high scale."""

    def __init__(
        self,
        model: Model,
        coefficients: Sequence[Coefficient],
        names: tuple[str, ...],
        inputs: Inputs,
        samples: Real,
    ) -> None:
        self._model = model
        self._names = names
        self._inputs = inputs
        self._column, self._range = _scale(model)
        matching = EvolutionInputs.from_point(inputs.point())
        self._evolution = _cached_evolution(names, coefficients, matching, self._range)
        low = self._evolution.apply_array(self._high(samples, names), self._scales(samples))
        touched = [k for k in range(low.shape[1]) if np.any(low[:, k] != 0)]
        self._targets = {c: k for k, c in enumerate(self._evolution.targets) if k in set(touched)}
        self._nodes = self._evolution.nodes
        self._parts: tuple[Part, ...] = ()
        self._used = names  # sources that reach the selected components
        self._matrices = self._evolution.matrices[:, :0]
        self._columns = np.arange(2 * len(names))
        self._with_changes: Real | None = None
        self._blended: dict[tuple[int, ...], tuple[float, Real]] = {}
        self._what = f"the scale of model {model.name}"
        self.size = 0
        self.directions = tuple(k for k, d in enumerate(inputs.directions()) if not _CKM_INPUTS.isdisjoint(d.shifts))

    def _high(self, points: Real, names: Sequence[str]) -> Complex:
        values = self._model.coefficients(points)
        high = np.empty((len(points), len(names)), dtype=np.complex128)
        for k, name in enumerate(names):
            high[:, k] = values[name]
        return high

    def _scales(self, points: Real) -> Real | None:
        return None if self._column is None else points[:, self._column]

    def vector(self, points: Real, coefficients: Sequence[Coefficient]) -> Complex:
        low = self._evolution.apply_array(self._high(points, self._names), self._scales(points))
        result = np.zeros((len(points), len(coefficients)), dtype=np.complex128)
        for k, coefficient in enumerate(coefficients):
            if coefficient in self._targets:
                result[:, k] = low[:, self._targets[coefficient]]
        return result

    def select(self, parts: Sequence[Part]) -> None:
        self._parts = tuple(parts)
        rows = self._evolution.matrices[:, [2 * self._targets[c] + part for c, part in parts]]
        reaching = np.any(rows != 0, axis=(0, 1)).reshape(-1, 2).any(axis=1)
        self._used = tuple(name for name, reaches in zip(self._names, reaching, strict=True) if reaches)
        self._columns = np.flatnonzero(np.repeat(reaching, 2))
        self._matrices = rows[..., self._columns]
        self._with_changes = None
        self._blended.clear()
        self.size = len(self._parts)

    def __call__(self, points: Real) -> Real:
        return self._apply(self._matrices, points)

    def with_shifts(self, points: Real) -> tuple[Real, Real]:
        if self._with_changes is None:
            changes = [self._change_of_matrices(k) for k in self.directions]
            self._with_changes = np.concatenate([self._matrices, *changes], axis=1)
        both = self._apply(self._with_changes, points).reshape(len(points), len(self.directions) + 1, self.size)
        return both[:, 0], both[:, 1:].transpose(1, 0, 2)

    def _apply(self, matrices: Real, points: Real) -> Real:
        real = self._high(points, self._used).view(np.float64)
        scales = self._scales(points)
        if scales is None or len(self._nodes) == 1:
            return np.asarray(real @ matrices[0].T)
        if len(scales) and scales.min() == scales.max():
            return np.asarray(real @ self._at(matrices, float(scales[0])).T)
        weights = interpolation_weights(self._nodes, scales, self._what)
        result = np.zeros((len(points), matrices.shape[1]))
        for k in np.flatnonzero(weights.any(axis=0)):
            result += (weights[:, k, None] * real) @ matrices[k].T
        return result

    def _at(self, matrices: Real, scale: float) -> Real:
        """The matrix at one scale, kept for the next call: the mass of a mediator is fixed in most fits."""
        known = self._blended.get(matrices.shape)
        if known is None or known[0] != scale:
            weights = interpolation_weights(self._nodes, np.asarray(scale), self._what)
            known = scale, np.tensordot(weights, matrices, axes=1)
            self._blended[matrices.shape] = known
        return known[1]

    def _change_of_matrices(self, direction: int) -> Real:
        shifts = self._inputs.directions()[direction].shifts
        targets = tuple(dict.fromkeys(c for c, _ in self._parts))
        rows = [2 * targets.index(c) + part for c, part in self._parts]
        up, down = (
            _cached_evolution(
                self._names,
                targets,
                EvolutionInputs.from_point(self._inputs.point({name: sign * shift for name, shift in shifts.items()})),
                self._range,
            )
            for sign in (1.0, -1.0)
        )
        return np.asarray(0.5 * (up.matrices[:, rows] - down.matrices[:, rows])[..., self._columns])

    def as_mapping(self, points: Real) -> dict[Coefficient, Complex]:
        low = self._evolution.apply_array(self._high(points, self._names), self._scales(points))
        return {c: low[:, k] for c, k in self._targets.items()}


def _scale(model: Model) -> tuple[int | None, tuple[float, float]]:
    """Column of the parameter that is the scale (None for a fixed scale), and its range in GeV."""
    if not isinstance(model.scale, str):
        value = float(model.scale or 0.0)
        return None, (value, value)
    names = [p.name for p in model.parameters]
    if model.scale not in names:
        raise UnknownNameError(unknown_name_message(f"scale parameter of model {model.name}", model.scale, names))
    column = names.index(model.scale)
    parameter = model.parameters[column]
    return column, (parameter.minimum, parameter.maximum)


def _cached_evolution(
    names: tuple[str, ...], coefficients: Sequence[Coefficient], inputs: EvolutionInputs, scales: tuple[float, float]
) -> Evolution:
    digest = hashlib.sha256(np.ascontiguousarray(inputs.ckm).tobytes()).hexdigest()
    couplings = [inputs.alpha_e(scale) for scale in sorted({c.scale for c in coefficients})]
    strong = None if inputs.alpha_s is None else [inputs.alpha_s(scale, flavours) for scale, flavours in _STRONG_POINTS]
    masses = [inputs.charm_mass(scale) for scale in _CHARM_MASS_POINTS]
    targets = [(c.name, c.eft, c.scale) for c in coefficients]
    numbers = [inputs.fermi_constant, inputs.sin2_weak, couplings, strong, masses]
    key = key_of([names, targets, digest, *numbers, scales, data_versions()])
    if (stored := read_arrays("evolution", key)) is not None:
        return Evolution.from_arrays(json.loads(str(stored.pop("header"))), stored)
    evolution = compile_evolution(names, coefficients, inputs=inputs, scales=scales)
    if scales[0] == scales[1]:
        evolution = evolution.at(scales[0])
    header, arrays = evolution.to_arrays()
    write_arrays("evolution", key, {"header": np.asarray(json.dumps(header)), **arrays})
    return evolution
