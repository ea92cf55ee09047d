"""Sets of Wilson coefficients from one WCxf basis to another."""

from __future__ import annotations

import math

import numpy as np

from fitlq_theory.bases.jms import from_flavio, to_flavio
from fitlq_theory.bases.normalisation import normalisation_of
from fitlq_theory.bases.warsaw import rotate_doublets
from fitlq_theory.ckm import ckm_matrix
from fitlq_theory.electromagnetic_coupling import alpha_electromagnetic
from fitlq_theory.errors import InputError
from fitlq_theory.inputs import Inputs, load_inputs
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.qcd import alpha_strong, running_mass
from fitlq_theory.wilson_coefficients import WilsonCoefficients, extension_names

__all__ = ["translate"]

_FLAVOURS = {"WET": 5, "WET-4": 4, "WET-3": 3}


def translate(coefficients: WilsonCoefficients, basis: str, inputs: Inputs | None = None) -> WilsonCoefficients:
    """The same physics in another basis, at the same scale.

    Parameters
    ----------
    coefficients : WilsonCoefficients
        One point, in one of ``Warsaw``, ``Warsaw up`` (SMEFT), ``JMS``, ``flavio`` (WET, WET-4, WET-3).
    basis : str
    inputs : Inputs, optional
        CKM matrix, G_F, and at the scale of the coefficients alpha_e, alpha_s and MSbar quark masses; the default set when None.

    Returns
    -------
    WilsonCoefficients
        What vanishes is left out. JMS <-> flavio is good to 1e-6.

    Raises
    ------
    InputError
        Arrays instead of single numbers, coefficients that the other basis cannot express or that extend "flavio", or an
        unknown basis.
    """
    empty = WilsonCoefficients(coefficients.eft, basis, coefficients.scale, {})
    if basis == coefficients.basis:
        return coefficients
    values = _numbers(coefficients)
    for name in values:
        if name in extension_names(coefficients.eft):
            msg = f"{name} is not in the WCxf basis 'flavio' but in fitlq's extension of it; it cannot be translated to {basis!r}"
            raise InputError(msg)
    point = (inputs or load_inputs()).point()
    if coefficients.eft == "SMEFT":
        ckm = ckm_matrix(point["Vus"], point["Vub"], point["Vcb"], point["gamma"])
        result = rotate_doublets(values, ckm, up=basis == "Warsaw up")
    else:
        change = to_flavio if basis == "flavio" else from_flavio
        result = change(coefficients.eft, values, lambda name: _factor(point, name, coefficients.scale, coefficients.eft))
    return WilsonCoefficients(empty.eft, empty.basis, empty.scale, result)


def _numbers(coefficients: WilsonCoefficients) -> dict[str, complex]:
    for name, value in coefficients.values.items():
        if np.ndim(value):
            msg = f"one point at a time can be translated; {name} has {np.size(value)}"
            raise InputError(msg)
    return {name: complex(value) for name, value in coefficients.values.items()}


def _factor(point: ParameterPoint, name: str, scale: float, eft: str) -> complex:
    """Normalisation of a coefficient of the basis "flavio" at `scale`."""

    def coupling(kind: str) -> float:
        alpha = alpha_electromagnetic(point, scale) if kind == "e" else alpha_strong(point, scale, _FLAVOURS[eft])
        return math.sqrt(4.0 * math.pi * alpha)

    def mass(fermion: str) -> float:
        if fermion in {"e", "mu", "tau"}:
            return point[f"m_{fermion}"]
        return running_mass(point, fermion, scale, _FLAVOURS[eft])  # type: ignore[arg-type]

    ckm = ckm_matrix(point["Vus"], point["Vub"], point["Vcb"], point["gamma"])
    return normalisation_of(name).value(ckm, point["GF"], coupling, mass)
