r"""Bs and B0 -> l l', flavour conserving and violating, with the effects of the width difference of the Bs mesons.

Amplitudes: `lepton_pair_amplitudes`, with :math:`N = \frac{4G_F}{\sqrt2} V_{tb}V_{tq}^* \frac{\alpha_e(\mu)}{4\pi}`, scalar
operators with a factor m_b(4.8 GeV). The Standard Model enters through C10. What the leptons radiate is part of the signal.

Untagged Bs decays into the two charge states of a lepton pair, integrated over time, have

.. math::
    \mathrm{BR} = \frac{1 + y A_{\Delta\Gamma}}{1 - y^2} \mathrm{BR}_0, \qquad
    A_{\Delta\Gamma} = \frac{2\,\mathrm{Re}(P_{12} P_{21} - S_{12} S_{21})}{|P_{12}|^2 + |S_{12}|^2 + |P_{21}|^2 + |S_{21}|^2},

where P and S contain the velocities and y is half of Delta Gamma over Gamma. This follows from the amplitudes of
both mesons, the phase of mixing being twice that of V_tb V_ts^* (new physics in it is neglected). For equal leptons it is
arXiv:1204.1737, eqs. (17), (26). B0: the width difference is neglected (0.1 %). The branching ratios of single charge
states are those of Bs and its antiparticle at the time of production: with mixing they are no separate observables.
"""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from fitlq_theory.constants import HBAR_GEV_PS
from fitlq_theory.contracts import Arguments, Coefficient, Forms, Observable
from fitlq_theory.electromagnetic_coupling import alpha_electromagnetic
from fitlq_theory.observables.lepton_pair_amplitudes import (
    LEPTON_TEX,
    Complex,
    PairKinematics,
    Real,
    as_flavio,
    pair_amplitudes,
    pair_coefficients,
)
from fitlq_theory.observables.meson_mixing_amplitude import B0, BS, Meson, ckm_factor
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.qcd import running_mass
from fitlq_theory.quadratic_forms import from_symmetric, modulus_squared

__all__ = ["observables"]

_EFT, _SCALE = "WET", 4.8
_LEPTONS = ("e", "mu", "tau")
_PAIRS = (("e", "mu"), ("e", "tau"), ("mu", "tau"))
_TEX = {"B0": "B^0", "Bs": "B_s"}
_EQUAL = "arXiv:1204.1737, eqs. (8), (17), (26); C10: arXiv:1311.0903"
_DIFFERENT = "arXiv:1602.00881, eq. (5)"


def _sector(meson: Meson) -> str:
    return "".join(meson.quarks)


def _standard_model(point: ParameterPoint) -> float:
    ratio = point["m_t"] / point["C10 SM reference m_t"]
    return float(point["C10 SM of b->sll"] * ratio ** point["C10 SM exponent of m_t"])


def _rows(point: ParameterPoint, meson: Meson, first: str, second: str) -> tuple[Complex, Complex]:
    """P and S with their velocities over (1, C_1, ...)."""
    m_b, light = (running_mass(point, quark, _SCALE, 5) for quark in meson.quarks)
    kinematics = PairKinematics(point[f"m_{meson.name}"], point[f"m_{first}"], point[f"m_{second}"])
    p, s = pair_amplitudes(kinematics, m_b / (m_b + light), equal=first == second)
    constant = p[0] * _standard_model(point) if first == second else 0.0
    return np.concatenate([[constant], p]), np.concatenate([[0.0], s])


def _factor(point: ParameterPoint, meson: Meson, first: str, second: str) -> float:
    """Branching ratio at time zero per |P|^2 + |S|^2."""
    kinematics = PairKinematics(point[f"m_{meson.name}"], point[f"m_{first}"], point[f"m_{second}"])
    coupling = 4 * point["GF"] / math.sqrt(2) * alpha_electromagnetic(point, _SCALE) / (4 * math.pi)
    normalisation = coupling * abs(ckm_factor(point, "t", meson.quarks))
    lifetime = point[f"tau_{meson.name}"] / HBAR_GEV_PS
    return lifetime * kinematics.rate(point[f"f_{meson.name}"], normalisation)


def _both(first: Complex, second: Complex) -> tuple[Complex, Complex]:
    """Rows of two pairs over the coefficients of both."""
    return np.concatenate([first, np.zeros(len(second) - 1)]), np.concatenate([second[:1], np.zeros(len(first) - 1), second[1:]])


def _equal_forms(point: ParameterPoint, meson: Meson, lepton: str) -> tuple[Real, Real]:
    """|P|^2 + |S|^2 and Re(P^2 - S^2), the latter A_DeltaGamma times the former."""
    p, s = _rows(point, meson, lepton, lepton)
    rate = modulus_squared(p) + modulus_squared(s)
    return rate, from_symmetric(p[:, None] * p - s[:, None] * s)


def _half_width_ratio(point: ParameterPoint, meson: Meson) -> float:
    return 0.5 * point[f"DeltaGamma/Gamma_{meson.name}"]


def _branching_ratio(point: ParameterPoint, _arguments: Arguments, *, meson: Meson, lepton: str) -> Forms:
    rate, interference = _equal_forms(point, meson, lepton)
    if meson == BS:
        y = _half_width_ratio(point, meson)
        rate = (rate + y * interference) / (1 - y**2)
    return Forms(_factor(point, meson, lepton, lepton) * rate[None])


def _asymmetry(point: ParameterPoint, _arguments: Arguments, *, lepton: str) -> Forms:
    rate, interference = _equal_forms(point, BS, lepton)
    return Forms(np.stack([interference, rate]), (1.0, -1.0))


def _effective_lifetime(point: ParameterPoint, _arguments: Arguments, *, lepton: str) -> Forms:
    r""":math:`\frac{\tau}{1 - y^2} \frac{1 + 2 A y + y^2}{1 + A y}`, in GeV^-1."""
    rate, interference = _equal_forms(point, BS, lepton)
    y = _half_width_ratio(point, BS)
    lifetime = point["tau_Bs"] / HBAR_GEV_PS / (1 - y**2)
    return Forms(np.stack([lifetime * ((1 + y**2) * rate + 2 * y * interference), rate + y * interference]), (1.0, -1.0))


def _violating(point: ParameterPoint, _arguments: Arguments, *, meson: Meson, first: str, second: str) -> Forms:
    p, s = _rows(point, meson, first, second)
    return Forms(_factor(point, meson, first, second) * (modulus_squared(p) + modulus_squared(s))[None])


def _violating_sum(point: ParameterPoint, _arguments: Arguments, *, meson: Meson, first: str, second: str) -> Forms:
    one, other = _rows(point, meson, first, second), _rows(point, meson, second, first)
    (p_12, p_21), (s_12, s_21) = (_both(a, b) for a, b in zip(one, other, strict=True))
    form = sum(modulus_squared(row) for row in (p_12, p_21, s_12, s_21))
    if meson == BS and not as_flavio(point.choices):
        y = _half_width_ratio(point, meson)
        interference = from_symmetric(2 * (p_12[:, None] * p_21 - s_12[:, None] * s_21))
        form = (form + y * interference) / (1 - y**2)
    return Forms(_factor(point, meson, first, second) * np.asarray(form)[None])


def _equal_observables(lepton: str) -> tuple[Observable, ...]:
    tex = _pair_tex(lepton)
    decay = f"Bs -> {lepton}+ {lepton}-"
    return (
        _equal_branching_ratio(BS, lepton, "untagged and integrated over time"),
        _equal_branching_ratio(B0, lepton, "width difference neglected"),
        Observable(
            name=f"ADeltaGamma(Bs->{lepton}{lepton})",
            tex=rf"A_{{\Delta\Gamma}}(B_s\to {tex})",
            description=f"asymmetry of the rates of the two mass eigenstates in {decay}",
            coefficients=_equal_coefficients(BS, lepton),
            forms=partial(_asymmetry, lepton=lepton),
            reference=_EQUAL,
        ),
        Observable(
            name=f"tau_{lepton}{lepton}",
            tex=rf"\tau(B_s\to {tex})",
            description=f"effective lifetime of {decay}: mean decay time of untagged decays",
            coefficients=_equal_coefficients(BS, lepton),
            forms=partial(_effective_lifetime, lepton=lepton),
            reference=_EQUAL,
            aliases=(f"tau_{lepton}{lepton}(Bs)",),
            unit="GeV^-1",
        ),
    )


def _equal_branching_ratio(meson: Meson, lepton: str, words: str) -> Observable:
    return Observable(
        name=f"BR({meson.name}->{lepton}{lepton})",
        tex=rf"\mathrm{{BR}}({_TEX[meson.name]}\to {_pair_tex(lepton)})",
        description=f"branching ratio of {meson.name} -> {lepton}+ {lepton}-, {words}",
        coefficients=_equal_coefficients(meson, lepton),
        forms=partial(_branching_ratio, meson=meson, lepton=lepton),
        reference=_EQUAL,
    )


def _equal_coefficients(meson: Meson, lepton: str) -> tuple[Coefficient, ...]:
    return pair_coefficients(_sector(meson), lepton, lepton, _EFT, _SCALE)


def _pair_tex(lepton: str) -> str:
    return rf"{LEPTON_TEX[lepton]}^+{LEPTON_TEX[lepton]}^-"


def _violating_observables(meson: Meson, one: str, other: str) -> tuple[Observable, ...]:
    def single(first: str, second: str) -> Observable:
        charges = rf"{LEPTON_TEX[first]}^-{LEPTON_TEX[second]}^+"
        return Observable(
            name=f"BR({meson.name}->{first}{second})",
            tex=rf"\mathrm{{BR}}({_TEX[meson.name]}\to {charges})",
            description=f"branching ratio of {meson.name} -> {first}- {second}+ and its conjugate, without mixing",
            coefficients=pair_coefficients(_sector(meson), first, second, _EFT, _SCALE),
            forms=partial(_violating, meson=meson, first=first, second=second),
            reference=_DIFFERENT,
            aliases=(f"BR({meson.name}->{first}-{second}+)", f"BR({meson.name}->{second}+{first}-)"),
        )

    both = Observable(
        name=f"BR({meson.name}->{one}{other},{other}{one})",
        tex=rf"\mathrm{{BR}}({_TEX[meson.name]}\to {LEPTON_TEX[one]}^\pm{LEPTON_TEX[other]}^\mp)",
        description=f"branching ratio of {meson.name} -> {one} {other}, sum of both charge states"
        + (", untagged and integrated over time" if meson == BS else ""),
        coefficients=(
            *pair_coefficients(_sector(meson), one, other, _EFT, _SCALE),
            *pair_coefficients(_sector(meson), other, one, _EFT, _SCALE),
        ),
        forms=partial(_violating_sum, meson=meson, first=one, second=other),
        reference=_DIFFERENT + "; width difference: derived in the code",
        aliases=(f"BR({meson.name}->{one}+-{other}-+)",),
    )
    return single(one, other), single(other, one), both


def observables(_point: ParameterPoint) -> tuple[Observable, ...]:
    """Branching ratios, effective lifetimes and mass-eigenstate asymmetries."""
    equal = [o for lepton in _LEPTONS for o in _equal_observables(lepton)]
    violating = [o for meson in (BS, B0) for one, other in _PAIRS for o in _violating_observables(meson, one, other)]
    return (*equal, *violating)
