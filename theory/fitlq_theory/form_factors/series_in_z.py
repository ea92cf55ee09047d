"""Form factors as series in z: Bharucha, Straub, Zwicky (BSZ) and Bourrely, Caprini, Lellouch (BCL)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.form_factors.z_expansion import conformal_z, optimal_t_zero, pole_factor, thresholds

__all__ = ["bcl", "bcl_normalised", "bsz"]

Real = NDArray[np.float64]
Coefficients = Mapping[str, float]

_LAST_POWER = 4  # K of arXiv:2102.07233


def bsz(parametrisation: Mapping[str, Any], coefficients: Coefficients, q2: Real) -> dict[str, Real]:
    """Form factors F(q2) = 1/(1 - q2/m_R^2) sum_k a_k (z(q2) - z(0))^k, arXiv:1503.05534 section 2.

    The a_0 that the relations at q2 = 0 fix (f_0 from f_+, T_2 from T_1, A_12 from A_0) are not parameters.

    Parameters
    ----------
    parametrisation : mapping
        ``m_in``, ``m_out`` and ``pole_masses`` in GeV.
    coefficients : mapping of str to float
        ``a0_f+``, ``a1_f+``, ...
    q2 : array
        GeV^2.

    Returns
    -------
    dict
        One array of the shape of `q2` for each entry of ``pole_masses``, dimensionless.
    """
    m_in, m_out = parametrisation["m_in"], parametrisation["m_out"]
    t_plus, t_minus = thresholds(m_in, m_out)
    t_zero = optimal_t_zero(t_plus, t_minus)
    step = conformal_z(q2, t_plus, t_zero) - conformal_z(np.zeros(()), t_plus, t_zero)
    form_factors = {}
    for name, pole_mass in parametrisation["pole_masses"].items():
        series = [_value_at_zero(name, coefficients, m_in, m_out), *_higher(name, coefficients)]
        form_factors[name] = np.polynomial.polynomial.polyval(step, series) * pole_factor(q2, pole_mass)
    return form_factors


def _value_at_zero(name: str, coefficients: Coefficients, m_in: float, m_out: float) -> float:
    if f"a0_{name}" in coefficients:
        return coefficients[f"a0_{name}"]
    if name == "f0":
        return coefficients["a0_f+"]
    if name == "T2":
        return coefficients["a0_T1"]
    # kinematic relation between A_12 and A_0 at q2 = 0, arXiv:1503.05534
    return coefficients["a0_A0"] * (m_in**2 - m_out**2) / (8 * m_in * m_out)


def _higher(name: str, coefficients: Coefficients) -> list[float]:
    found: list[float] = []
    while (key := f"a{len(found) + 1}_{name}") in coefficients:
        found.append(coefficients[key])
    return found


def bcl(parametrisation: Mapping[str, Any], coefficients: Coefficients, q2: Real) -> dict[str, Real]:
    """Form factors f+, fT, f0 as series of arXiv:0807.2722: f_+ obeys the threshold condition, f_0 meets f_+ at q2 = 0.

    f_+ and f_T are sum_{n<N} a_n [z^n - (-1)^(n-N) (n/N) z^N] times the pole factor (if there is a pole); f_0 is a plain
    series whose last coefficient follows from f_0(0) = f_+(0).

    Parameters
    ----------
    parametrisation : mapping
        ``m_in``, ``m_out`` in GeV, the numbers of terms ``N`` and ``N0``, and ``pole_masses`` in GeV or None.
    coefficients : mapping of str to float
    q2 : array
        GeV^2.

    Returns
    -------
    dict
        ``f+``, ``fT``, ``f0``, arrays of the shape of `q2`, dimensionless.
    """
    t_plus, t_minus = thresholds(parametrisation["m_in"], parametrisation["m_out"])
    t_zero = optimal_t_zero(t_plus, t_minus)
    poles = parametrisation["pole_masses"]
    origin = np.zeros(())
    z, z_origin = conformal_z(q2, t_plus, t_zero), conformal_z(origin, t_plus, t_zero)
    form_factors = {
        name: _with_threshold_condition(name, parametrisation["N"], coefficients, z) * pole_factor(q2, poles[name])
        for name in ("f+", "fT")
        if name in poles
    }
    at_origin = _with_threshold_condition("f+", parametrisation["N"], coefficients, z_origin)
    last = parametrisation["N0"] - 1
    series = [coefficients[f"a{n}_f0"] for n in range(last)]
    remainder = at_origin - np.polynomial.polynomial.polyval(z_origin, series)
    series.append(float(remainder / z_origin**last))
    form_factors["f0"] = np.polynomial.polynomial.polyval(z, series) * pole_factor(q2, poles["f0"])
    return form_factors


def _with_threshold_condition(name: str, count: int, coefficients: Coefficients, z: Real) -> Real:
    total = np.zeros_like(z)
    for n in range(count):
        correction = (-1.0) ** (n - count) * n / count * z**count
        total = total + coefficients[f"a{n}_{name}"] * (z**n - correction)
    return total


def bcl_normalised(parametrisation: Mapping[str, Any], coefficients: Coefficients, q2: Real) -> dict[str, Real]:
    """Form factors of arXiv:2102.07233: BCL series relative to the values at q2 = 0, which are parameters.

    f_+ and f_T are F(0) {1 + sum_{0<n<K} b_n [z^n - z_0^n - (-1)^(n-K) (n/K) (z^K - z_0^K)]} times the pole factor, with
    z_0 = z(0); f_0 = f_+(0) {1 + sum_{0<n<=K} b_n (z^n - z_0^n)}, with a pole above threshold as in that paper; K = 4.

    Parameters
    ----------
    parametrisation : mapping
        ``m_in``, ``m_out`` and ``pole_masses`` in GeV.
    coefficients : mapping of str to float
        ``F0_f+``, ``F0_fT``, ``b1_f+``, ...
    q2 : array
        GeV^2.

    Returns
    -------
    dict
        ``f+``, ``fT``, ``f0``, arrays of the shape of `q2`, dimensionless.
    """
    t_plus, t_minus = thresholds(parametrisation["m_in"], parametrisation["m_out"])
    t_zero = optimal_t_zero(t_plus, t_minus)
    z, origin = conformal_z(q2, t_plus, t_zero), conformal_z(np.zeros(()), t_plus, t_zero)
    steps = [z**n - origin**n for n in range(_LAST_POWER + 1)]
    poles = parametrisation["pole_masses"]
    form_factors = {}
    for name, value in (("f+", "F0_f+"), ("fT", "F0_fT"), ("f0", "F0_f+")):
        count = _LAST_POWER if name == "f0" else _LAST_POWER - 1
        total = np.ones_like(z)
        for n in range(1, count + 1):
            threshold = 0.0 if name == "f0" else (-1.0) ** (n - _LAST_POWER) * n / _LAST_POWER
            total = total + coefficients[f"b{n}_{name}"] * (steps[n] - threshold * steps[_LAST_POWER])
        form_factors[name] = coefficients[value] * total * pole_factor(q2, poles[name])
    return form_factors
