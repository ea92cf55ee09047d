r"""Rates of B -> K(*), Bs -> phi and of Bs into a pair of light invisible particles.

.. math:: \frac{d\Gamma}{dq^2} = |C|^2 \frac{\sqrt\lambda\,\beta}{256\pi^3 m_B^3} \sum_h W_h(q^2)\, S_h(q^2, m), \qquad
          \beta = \sqrt{1 - 4m^2/q^2}

with W from `decays` and S from `dark_operators`. Phase space is a product of B -> M + (q2) and (q2) -> pair; without
observing the pair, dark tensors are isotropic in its rest frame and only the products W_h S_h remain. Mixing of the Bs is
not included. Functions broadcast over masses and coefficients.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fitlq_theory.constants import HBAR_GEV_PS
from fitlq_theory.errors import InputError, UnknownNameError
from fitlq_theory.invisible.dark_operators import DARK_OPERATORS, DarkOperator, statistics_factor
from fitlq_theory.invisible.decays import DECAYS, InvisibleDecay, hadronic_weights, quark_masses, triangle
from fitlq_theory.naming import unknown_name_message
from fitlq_theory.parameter_point import ParameterPoint

__all__ = ["branching_ratio", "bs_to_invisible", "spectrum"]

Real = NDArray[np.float64]

_QUARK_BILINEARS = {"density": ("S", "P"), "current": ("V", "A"), "tensor": ("T",)}
# with q2 = q2min + (q2max - q2min)(1 - cos theta)/2 the square roots at both ends are analytic: these nodes agree with 2000
# to 3e-8 for masses from 0.1 MeV on
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(96)


def find_operator(name: str) -> DarkOperator:
    """The operator called `name`; `UnknownNameError` with the nearest names otherwise."""
    if name not in DARK_OPERATORS:
        raise UnknownNameError(unknown_name_message("operator of invisible particles", name, DARK_OPERATORS))
    return DARK_OPERATORS[name]


def find_decay(name: str) -> InvisibleDecay:
    """The decay called `name` (``B+->Knunu``); `UnknownNameError` otherwise."""
    if name not in DECAYS:
        raise UnknownNameError(unknown_name_message("decay into invisible particles", name, DECAYS))
    return DECAYS[name]


def checked(operator: DarkOperator, quark: str, mass: ArrayLike) -> Real:
    """`mass` as an array; `InputError` if it or the quark bilinear is impossible."""
    if quark not in _QUARK_BILINEARS[operator.structure]:
        allowed = " or ".join(_QUARK_BILINEARS[operator.structure])
        msg = f"{operator.name} is contracted with the quark bilinear {allowed}, found {quark!r}"
        raise InputError(msg)
    masses = np.asarray(mass, dtype=np.float64)
    if not np.all(masses >= 0.0):
        msg = f"the mass of the invisible particle must not be negative, found {np.min(masses):g} GeV"
        raise InputError(msg)
    if operator.particle == "vector" and not np.all(masses > 0.0):
        msg = f"{operator.name}: the rate of massive vectors grows without bound for mass -> 0; the mass must be positive"
        raise InputError(msg)
    return masses


def _contraction(weights: dict[str, Real], operator: DarkOperator, quark: str, q2: Real, mass: Real) -> Real:
    """sum_h W_h S_h, of the shape of q2."""
    total = np.zeros_like(q2)
    for component, function in operator.functions(q2, mass).items():
        key = quark if component == "D" else f"{quark}{component}"
        if key in weights:
            total = total + weights[key] * function
    return total


def spectrum(
    point: ParameterPoint,
    decay: str,
    operator: str,
    quark: str,
    q2: ArrayLike,
    mass: ArrayLike,
    *,
    self_conjugate: bool = False,
    halved: bool = False,
) -> Real:
    r"""dBR/dq2 for unit \|C\|^2, in GeV^-2 times the unit of 1/\|C\|^2.

    Parameters
    ----------
    point : ParameterPoint
    decay : str
        A key of `DECAYS`: ``B+->Knunu``, ``B0->Knunu``, ``B+->K*nunu``, ``B0->K*nunu``, ``Bs->phinunu``.
    operator : str
        A key of `DARK_OPERATORS`.
    quark : {"S", "P", "V", "A", "T"}
        The quark bilinear: sbar b, sbar i gamma_5 b; sbar gamma_mu b, sbar gamma_mu gamma_5 b; sbar sigma_munu b.
    q2, mass : array_like
        GeV^2 and GeV, broadcast against each other; zero outside 4 m^2 < q2 < (m_B - m_M)^2.
    self_conjugate, halved : bool
        See `statistics_factor`.

    Raises
    ------
    UnknownNameError, InputError
        Unknown names, a quark bilinear that does not fit, an impossible mass.
    """
    mode, dark = find_decay(decay), find_operator(operator)
    masses = checked(dark, quark, mass)
    momentum, masses = np.broadcast_arrays(np.asarray(q2, dtype=np.float64), masses)
    inside = (momentum > 4.0 * masses**2) & (momentum > 0.0) & (momentum < mode.end_point(point))
    at = np.where(inside, momentum, mode.end_point(point))
    beta = np.sqrt(np.maximum(1.0 - 4.0 * masses**2 / at, 0.0))
    contracted = _contraction(hadronic_weights(point, mode, at), dark, quark, at, masses)
    factor = prefactor(point, mode) * statistics_factor(dark, self_conjugate=self_conjugate, halved=halved)
    return np.where(inside, factor * np.sqrt(triangle(point, mode, at)) * beta * contracted, 0.0)


def prefactor(point: ParameterPoint, decay: InvisibleDecay) -> float:
    """tau_B / (256 pi^3 m_B^3) in GeV^-4."""
    parent, _ = decay.masses(point)
    return point[f"tau_{decay.parent}"] / HBAR_GEV_PS / (256.0 * math.pi**3 * parent**3)


def branching_ratio(
    point: ParameterPoint,
    decay: str,
    operator: str,
    quark: str,
    mass: ArrayLike,
    *,
    weight: Callable[[Real], Real] = np.ones_like,
    self_conjugate: bool = False,
    halved: bool = False,
) -> Real:
    r"""Integral over q2 of ``weight(q2) dBR/dq2`` for unit \|C\|^2, of the shape of `mass`: the branching ratio by default.

    Zero for masses above threshold. See `spectrum`.
    """
    mode, dark = find_decay(decay), find_operator(operator)
    masses = checked(dark, quark, mass)[..., None]
    parent, meson = mode.masses(point)
    end, begin = mode.end_point(point), 4.0 * masses**2
    width = np.maximum(end - begin, 0.0)
    theta = 0.5 * np.pi * (_NODES + 1.0)
    q2 = np.where(width > 0.0, end - 0.5 * width * (1.0 + np.cos(theta)), end)
    beta = np.sqrt(0.5 * width * (1.0 - np.cos(theta)) / q2)
    root = np.sqrt(0.5 * width * (1.0 + np.cos(theta)) * ((parent + meson) ** 2 - q2))
    # above threshold the width, and with it the rate, is zero; any mass will do there
    masses = np.minimum(masses, 0.5 * math.sqrt(end))
    contracted = _contraction(hadronic_weights(point, mode, q2), dark, quark, q2, masses)
    measure = 0.25 * np.pi * _WEIGHTS * np.sin(theta) * width
    total = np.sum(measure * weight(q2) * root * beta * contracted, axis=-1)
    factor = prefactor(point, mode) * statistics_factor(dark, self_conjugate=self_conjugate, halved=halved)
    return np.asarray(factor * total)


def bs_to_invisible(
    point: ParameterPoint,
    operator: str,
    quark: str,
    mass: ArrayLike,
    *,
    self_conjugate: bool = False,
    halved: bool = False,
) -> Real:
    r"""BR(Bs -> pair) for unit \|C\|^2, of the shape of `mass`.

    .. math:: \Gamma = \frac{\beta}{16\pi m_{B_s}} f_{B_s}^2 \left\{
                \frac{m_{B_s}^4}{(m_b+m_s)^2} S_D \ (\text{P}), \quad m_{B_s}^2 S_L \ (\text{A}) \right\},\quad s = m_{B_s}^2

    Zero for S, V and T. The rate at time zero; the effective lifetime differs by at most 7 %.
    """
    dark = find_operator(operator)
    masses = checked(dark, quark, mass)
    parent = point["m_Bs"]
    s = np.full_like(masses, parent**2)
    below = np.minimum(masses, 0.5 * parent)
    beta = np.sqrt(1.0 - 4.0 * below**2 / s)
    functions = dark.functions(s, below)
    m_b, m_s = quark_masses(point)
    strength = np.zeros_like(masses)
    if quark == "P":
        strength = functions["D"] * parent**4 / (m_b + m_s) ** 2
    elif quark == "A" and "L" in functions:
        strength = functions["L"] * parent**2
    lifetime = point["tau_Bs"] / HBAR_GEV_PS
    factor = statistics_factor(dark, self_conjugate=self_conjugate, halved=halved)
    return np.asarray(factor * lifetime * point["f_Bs"] ** 2 * beta * strength / (16.0 * math.pi * parent))
