"""Evolution of a set of Wilson coefficients from one scale to another in one call."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fitlq_theory.contracts import Coefficient
from fitlq_theory.errors import InputError, UnknownNameError
from fitlq_theory.evolution import rgevolve_data
from fitlq_theory.evolution.charm_lepton_flavour import is_charm_lepton_flavour
from fitlq_theory.evolution.compilation import compile_evolution
from fitlq_theory.evolution.compiled_evolution import Evolution
from fitlq_theory.evolution.inputs import EvolutionInputs, default_inputs
from fitlq_theory.naming import unknown_name_message
from fitlq_theory.wilson_coefficients import (
    BASES,
    WilsonCoefficients,
    check_coefficient_name,
    coefficient_names,
    extension_names,
    known_names,
    real_coefficient_message,
)

__all__ = ["evolve"]

Complex = NDArray[np.complex128]
Evolved = dict[str, complex | Complex]


@overload
def evolve(
    values: WilsonCoefficients, *, to_scale: float, to_eft: str | None = None, inputs: EvolutionInputs | None = None
) -> WilsonCoefficients: ...
@overload
def evolve(
    values: Mapping[str, ArrayLike],
    *,
    scale: ArrayLike,
    to_scale: float,
    eft: str = "SMEFT",
    to_eft: str | None = None,
    inputs: EvolutionInputs | None = None,
) -> Evolved: ...
def evolve(
    values: Mapping[str, ArrayLike] | WilsonCoefficients,
    *,
    scale: ArrayLike | None = None,
    to_scale: float,
    eft: str = "SMEFT",
    to_eft: str | None = None,
    inputs: EvolutionInputs | None = None,
) -> Evolved | WilsonCoefficients:
    """Run Wilson coefficients down, matching at the thresholds on the way.

    Parameters
    ----------
    values : mapping of str to complex or (N,) array, or WilsonCoefficients
        New-physics coefficients by WCxf name: SMEFT "Warsaw up" in GeV^-2, WET "flavio" dimensionless or GeV powers as
        its basis file says. What is not listed is zero. `WilsonCoefficients` bring their own EFT and scale.
    scale : float or (N,) array
        Where they are given, in GeV; for SMEFT between 91.1876 and 1e6.
    to_scale : float
        Where they are wanted, in GeV.
    eft : str
        Theory of `values`.
    to_eft : str, optional
        Theory of the result; by default WET for scales from 4.2 GeV to M_Z, WET-4 from 1.3 GeV, WET-3 below, SMEFT above
        M_Z.
    inputs : EvolutionInputs, optional
        CKM matrix, G_F, couplings; by default the central values of the default theory inputs. With them, coefficients
        normalised to e^2 refer to alpha_e at `to_scale` (wilson and rgevolve: to alpha_e(M_Z) at every scale, so that
        their C9, C10, CL at 4.8 GeV are 3 % smaller).

    Returns
    -------
    dict of str to complex (or complex array (N,)), or WilsonCoefficients if such were given
        Every coefficient of the theory at `to_scale`, new physics only.

    Raises
    ------
    InputError, UnknownNameError
        Unknown name (with the nearest ones), a scale outside the range of the running, an imaginary part of a coefficient
        that is real by hermiticity.

    Notes
    -----
    Leading-logarithmic: one-loop running above the weak scale, tree-level matching. Charged currents, dineutrino,
    C9(p), C10(p) and Delta F = 2 coefficients are matched with the CKM matrix of `inputs`; for all others the rotation
    of quark fields in the matching is the one built into rgevolve (`fitlq_theory.evolution.matching`).
    """
    if isinstance(values, WilsonCoefficients):
        if scale is not None:
            msg = "scale is not needed: the Wilson coefficients carry their own"
            raise InputError(msg)
        if values.basis != BASES[values.eft]:
            msg = f"translate the coefficients from {values.basis!r} to {BASES[values.eft]!r} first (fitlq_theory.bases)"
            raise InputError(msg)
        target = _theory_at(to_scale, to_eft)
        result = _evolved(values.values, np.asarray(values.scale), values.eft, to_scale, target, inputs)
        return WilsonCoefficients(target, BASES[target], to_scale, result)
    if scale is None:
        msg = "scale is missing: the scale in GeV at which the Wilson coefficients are given"
        raise InputError(msg)
    return _evolved(values, np.asarray(scale, dtype=np.float64), eft, to_scale, _theory_at(to_scale, to_eft), inputs)


def _theory_at(scale: float, wanted: str | None) -> str:
    if wanted is not None:
        if wanted not in BASES:
            raise UnknownNameError(unknown_name_message("effective theory", wanted, BASES))
        return wanted
    if not scale > 0:
        msg = f"to_scale must be a positive number of GeV, found {scale!r}"
        raise InputError(msg)
    if scale > rgevolve_data.reference_scale("WET"):
        return "SMEFT"
    for theory, lower in (("WET", "WET-4"), ("WET-4", "WET-3")):
        if scale >= rgevolve_data.reference_scale(lower):
            return theory
    return "WET-3"


def _evolved(
    values: Mapping[str, ArrayLike],
    scale: NDArray[np.float64],
    eft: str,
    to_scale: float,
    to_eft: str,
    inputs: EvolutionInputs | None,
) -> Evolved:
    arrays = _checked(values, eft)
    try:
        shape = np.broadcast_shapes(scale.shape, *(array.shape for array in arrays.values()))
    except ValueError:
        shapes = {"scale": scale.shape} | {name: array.shape for name, array in arrays.items()}
        found = ", ".join(f"{name} {shape}" for name, shape in shapes.items() if shape)
        msg = f"the Wilson coefficients and the scale must be single numbers or arrays of one length, found {found}"
        raise InputError(msg) from None
    if not arrays or 0 in shape:
        return {name: _plain(np.zeros(shape, dtype=np.complex128)) for name in _results(to_eft)}
    scales = (float(scale.min()), float(scale.max()))
    evolution = _compiled(tuple(sorted(arrays)), eft, scales, to_scale, to_eft, inputs or default_inputs())
    points = np.stack([np.broadcast_to(arrays[name], shape) for name in evolution.sources], axis=-1)
    result = evolution.apply_array(points, np.broadcast_to(scale, shape) if scale.ndim else float(scale))
    return {target.name: _plain(result[..., k]) for k, target in enumerate(evolution.targets)}


def _checked(values: Mapping[str, ArrayLike], eft: str) -> dict[str, Complex]:
    names = known_names(eft)
    arrays: dict[str, Complex] = {}
    for name, value in values.items():
        check_coefficient_name(name, eft)
        try:
            array = np.asarray(value, dtype=np.complex128)
        except (TypeError, ValueError):
            msg = f"{name} must be a number or an array of numbers, found {value!r}"
            raise InputError(msg) from None
        if not np.isfinite(array).all():
            msg = f"{name} must be finite, found {value!r}"
            raise InputError(msg)
        if names[name] and (array.imag != 0).any():
            raise InputError(real_coefficient_message(name, value))
        arrays[name] = array
    return arrays


def _results(to_eft: str) -> tuple[str, ...]:
    """Names of the basis, and those of its extension that run."""
    return (*coefficient_names(to_eft), *(name for name in extension_names(to_eft) if is_charm_lepton_flavour(name)))


def _plain(value: Complex) -> complex | Complex:
    return complex(value) if value.ndim == 0 else value


@lru_cache(maxsize=8)
def _compiled(
    sources: tuple[str, ...],
    eft: str,
    scales: tuple[float, float],
    to_scale: float,
    to_eft: str,
    inputs: EvolutionInputs,
) -> Evolution:
    targets = tuple(Coefficient(name, to_eft, float(to_scale)) for name in _results(to_eft))
    return compile_evolution(sources, targets, inputs=inputs, scales=scales, eft=eft)
