"""B -> D and B -> D* form factors in the heavy-quark expansion to alpha_s, 1/m_b and 1/m_c^2 (the 3/2/1 model)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.form_factors.heavy_quark_radiative import RadiativeCorrections, radiative_corrections
from fitlq_theory.form_factors.z_expansion import conformal_z, thresholds

__all__ = ["hqet"]

Real = NDArray[np.float64]
Coefficients = Mapping[str, float]

# (w - 1)^n as a series in z(t_0 = t_-): w - 1 = 8z/(1-z)^2 = 8z + 16z^2 + 24z^3 + ..., as arXiv:1908.09398
_RECOIL_POWERS = {1: (0.0, 8.0, 16.0, 24.0), 2: (0.0, 0.0, 64.0, 256.0), 3: (0.0, 0.0, 0.0, 512.0)}


@dataclass(frozen=True, slots=True)
class _Expansion:
    """What multiplies the Isgur-Wise function: alpha_s/pi, Lambda/(2 m_c), Lambda/(2 m_b) and the functions of w."""

    w: Real
    strong: float
    charm: float
    bottom: float
    radiative: RadiativeCorrections
    first: dict[int, Real]  # L_1..L_6 at order 1/m
    second: dict[int, Real]  # l_1..l_6 at order 1/m_c^2
    isgur_wise: Real


def hqet(parametrisation: Mapping[str, Any], coefficients: Coefficients, q2: Real, transition: str) -> dict[str, Real]:
    """Form factors of B -> D or B -> D*, arXiv:1703.05330 and (1/m_c^2, 3/2/1 truncation) arXiv:1908.09398 section 2.

    The Isgur-Wise function is kept to z^3, the 1/m functions to z^2, the 1/m_c^2 functions to z. Beyond zero recoil of
    the masses in `parametrisation` (charged B mesons reach 0.03 GeV^2 further) the functions keep their zero-recoil value.

    Parameters
    ----------
    parametrisation : mapping
        ``constants`` (alpha_s, 1S mass of b, m_b - m_c, spin-averaged B mass, lambda_1; GeV powers) and ``masses``.
    coefficients : mapping of str to float
        ``rho2``, ``c``, ``xi3``, ``chi2``, ``eta``, ``l1``, ... (derivatives end in p, pp).
    q2 : array
        GeV^2.
    transition : {"B->D", "B->D*"}

    Returns
    -------
    dict
        ``f+``, ``f0``, ``fT`` or ``V``, ``A0``, ``A1``, ``A12``, ``T1``, ``T2``, ``T23``; dimensionless, shape of `q2`.
    """
    masses = parametrisation["masses"][transition]
    m_in, m_out = masses["m_in"], masses["m_out"]
    t_plus, t_minus = thresholds(m_in, m_out)
    w = np.maximum((m_in**2 + m_out**2 - q2) / (2 * m_in * m_out), 1.0)
    z = conformal_z(np.minimum(q2, t_minus), t_plus, t_minus)
    expansion = _expansion(parametrisation["constants"], coefficients, w, z)
    if transition == "B->D":
        return _to_pseudoscalar(_h_pseudoscalar(expansion), q2, m_in, m_out)
    return _to_vector(_h_vector(expansion), q2, m_in, m_out)


def _truncated(values: tuple[float, ...], z: Real, order: int) -> Real:
    """values[0] + values[1] (w-1) + values[2]/2 (w-1)^2 + ..., every power of w-1 expanded in z up to z^order."""
    series = np.zeros(order + 1)
    series[0] = values[0]
    factorial = 1.0
    for power, value in enumerate(values[1:], start=1):
        factorial *= power
        series += value / factorial * np.array(_RECOIL_POWERS[power][: order + 1])
    return np.asarray(np.polynomial.polynomial.polyval(z, series))


def _expansion(constants: Mapping[str, float], c: Coefficients, w: Real, z: Real) -> _Expansion:
    alpha_s = constants["alpha_s"]
    m_b = constants["m_b_1S"] * (1.0 + 2.0 * alpha_s**2 / 9.0)  # pole mass from the 1S mass at order alpha_s^2
    m_c = m_b - constants["m_b_minus_m_c"]
    binding = constants["m_B_bar"] - m_b + constants["lambda_1"] / (2.0 * constants["m_b_1S"])
    chi_2 = _truncated((c["chi2"], c["chi2p"], c["chi2pp"]), z, 2)
    chi_3 = _truncated((0.0, c["chi3p"], c["chi3pp"]), z, 2)  # Luke's theorem: zero at w = 1
    eta = _truncated((c["eta"], c["etap"], c["etapp"]), z, 2)
    first = {
        1: -4 * (w - 1) * chi_2 + 12 * chi_3,
        2: -4 * chi_3,
        3: 4 * chi_2,
        4: 2 * eta - 1,
        5: -np.ones_like(w),
        6: -2 * (1 + eta) / (w + 1),
    }
    second = {i: _truncated((c[f"l{i}"], c[f"l{i}p"]), z, 1) for i in range(1, 7)}
    isgur_wise = _truncated((1.0, -c["rho2"], 2 * c["c"], c["xi3"]), z, 3)
    radiative = radiative_corrections(w, m_c / m_b)
    return _Expansion(w, alpha_s / np.pi, binding / (2 * m_c), binding / (2 * m_b), radiative, first, second, isgur_wise)


def _h_pseudoscalar(e: _Expansion) -> dict[str, Real]:
    """h_+, h_-, h_T: arXiv:1703.05330 section II, with l_i at order 1/m_c^2 as in arXiv:1908.09398 section 2."""
    c_v, c_t = e.radiative.vector, e.radiative.tensor
    one, two = e.first, e.second
    half = 0.5 * (e.w + 1)
    both, difference = e.charm + e.bottom, e.charm - e.bottom
    h = {
        "+": 1 + e.strong * (c_v[0] + half * (c_v[1] + c_v[2])) + both * one[1] + e.charm**2 * two[1],
        "-": e.strong * half * (c_v[1] - c_v[2]) + difference * one[4] + e.charm**2 * two[4],
        "T": 1 + e.strong * (c_t[0] - c_t[1] + c_t[2]) + both * (one[1] - one[4]) + e.charm**2 * (two[1] - two[4]),
    }
    return {name: e.isgur_wise * value for name, value in h.items()}


def _h_vector(e: _Expansion) -> dict[str, Real]:
    """h_V, h_A1..3, h_T1..3: same sources; the sign and size of h_T3 is that of arXiv:1703.05330 eq. (11e)."""
    c_v, c_a, c_t = e.radiative.vector, e.radiative.axial, e.radiative.tensor
    one, two, w = e.first, e.second, e.w
    ratio = (w - 1) / (w + 1)

    def charm(combination: dict[int, float | Real]) -> Real:
        """The same combination of functions appears at 1/m_c and at 1/m_c^2."""
        return sum((f * (e.charm * one[i] + e.charm**2 * two[i]) for i, f in combination.items()), np.zeros_like(w))

    spectator = e.bottom * (one[1] - one[4])
    h = {
        "V": 1 + e.strong * c_v[0] + charm({2: 1.0, 5: -1.0}) + spectator,
        "A1": 1 + e.strong * c_a[0] + charm({2: 1.0, 5: -ratio}) + e.bottom * (one[1] - ratio * one[4]),
        "A2": e.strong * c_a[1] + charm({3: 1.0, 6: 1.0}),
        "A3": 1 + e.strong * (c_a[0] + c_a[2]) + charm({2: 1.0, 3: -1.0, 5: -1.0, 6: 1.0}) + spectator,
        "T1": 1 + e.strong * (c_t[0] + 0.5 * (w - 1) * (c_t[1] - c_t[2])) + charm({2: 1.0}) + e.bottom * one[1],
        "T2": e.strong * 0.5 * (w + 1) * (c_t[1] + c_t[2]) + charm({5: 1.0}) - e.bottom * one[4],
        "T3": e.strong * c_t[1] + charm({6: 1.0, 3: -1.0}),
    }
    return {name: e.isgur_wise * value for name, value in h.items()}


def _to_pseudoscalar(h: dict[str, Real], q2: Real, m_in: float, m_out: float) -> dict[str, Real]:
    """Standard basis from the heavy-quark one, arXiv:1309.0301 eq. (31)."""
    total, difference, norm = m_in + m_out, m_in - m_out, 2 * np.sqrt(m_in * m_out)
    plus = (total * h["+"] - difference * h["-"]) / norm
    minus = (total * h["-"] - difference * h["+"]) / norm
    return {"f+": plus, "f0": plus + q2 / (total * difference) * minus, "fT": total * h["T"] / norm}


def _to_vector(h: dict[str, Real], q2: Real, m_in: float, m_out: float) -> dict[str, Real]:
    """Lattice basis from the heavy-quark one, arXiv:1309.0301 eqs. (38), (39); A_12, T_23 as defined in arXiv:1310.3722."""
    total, difference = m_in + m_out, m_in - m_out
    norm = 2 * np.sqrt(m_in * m_out)
    product = total * difference
    above, below = total**2 - q2, difference**2 - q2
    a_0 = (above * h["A1"] - (product - q2) * h["A3"]) / (2 * m_out) - (product + q2) / (2 * m_in) * h["A2"]
    a_1 = above / total * h["A1"]
    a_2 = total * (h["A3"] + m_out / m_in * h["A2"])
    t_2 = above / total * h["T1"] - below / difference * h["T2"]
    t_3 = difference * h["T1"] - total * h["T2"] + product / m_in * h["T3"]
    a_12 = (total**2 * (product - q2) * a_1 - above * below * a_2) / (16 * m_in * m_out**2 * total)
    t_23 = (product * (m_in**2 + 3 * m_out**2 - q2) * t_2 - above * below * t_3) / (8 * m_in * m_out**2 * difference)
    unnormalised = {
        "V": total * h["V"],
        "A0": a_0,
        "A1": a_1,
        "A12": a_12,
        "T1": total * h["T1"] - difference * h["T2"],
        "T2": t_2,
        "T23": t_23,
    }
    return {name: value / norm for name, value in unnormalised.items()}
