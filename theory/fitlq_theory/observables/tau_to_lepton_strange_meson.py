r"""tau -> l K0, l KS, l K*0 and l anti-K*0 with lepton-flavour violation; l = e, mu.

Coefficients: WET-4 at 1.8 GeV, normalised with :math:`N = \frac{4G_F}{\sqrt2} V_{ts}V_{td}^*\frac{\alpha_e(\mu)}{4\pi}`.
Operators with the label :math:`sd\,\tau l` contain :math:`(\bar d s)(\bar l\tau)` and create K0; the Hermitian conjugates
of those with :math:`sd\,l\tau` create its antiparticle. With :math:`C^- = C - C'`, :math:`r = m_s M^2/(m_s + m_d)` and the matrix
elements of `tau_to_lepton_meson_amplitudes`, :math:`\mathcal M = \frac{i}{2} f\,\bar l (g_S + g_P\gamma_5)\tau` with

.. math::
    K^0:&\quad g_S = N[(m_\tau - m_l) C_9^- - r C_S^-], & g_P &= -N[(m_\tau + m_l) C_{10}^- + r C_P^-], \\
    \bar K^0:&\quad g_S = \{N[(m_\tau - m_l) C_9^- + r C_S^-]\}^*, & g_P &= \{-N[(m_\tau + m_l) C_{10}^- + r C_P^-]\}^*.

KS is :math:`(K^0 - \bar K^0)/\sqrt2` for :math:`CP|K^0\rangle = -|\bar K^0\rangle`, the convention of these
amplitudes; experiments see KS. K*0 and its antiparticle are seen by the charges of K pi; the vector current counts,
:math:`C^+ = C + C'`. ``BR(tau->Kmu)`` is flavio's: K0 alone. flavio 2.7.1 uses alpha_e(4.8 GeV) with coefficients at 1.8 GeV,
2 % of the rate; the option ``flavio-2.7.1`` of the choice ``M->ll'`` follows it.
"""

from __future__ import annotations

import math
from functools import partial

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.constants import HBAR_GEV_PS
from fitlq_theory.contracts import Arguments, Coefficient, Forms, Observable
from fitlq_theory.electromagnetic_coupling import alpha_electromagnetic
from fitlq_theory.observables.lepton_pair_amplitudes import LEPTON_TEX, OPERATORS, as_flavio
from fitlq_theory.observables.meson_mixing_amplitude import ckm_factor
from fitlq_theory.observables.tau_to_lepton_meson_amplitudes import TauMasses, pseudoscalar_width, vector_width
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.qcd import running_mass
from fitlq_theory.real_rows import antilinear, linear

__all__ = ["observables"]

Complex = NDArray[np.complex128]

_EFT, _SCALE, _FLAVOURS = "WET-4", 1.8, 4
_FLAVIO_SCALE = 4.8
_VECTOR_OPERATORS = OPERATORS[:4]


def _normalisation(point: ParameterPoint) -> complex:
    scale = _FLAVIO_SCALE if as_flavio(point.choices) else _SCALE
    coupling = 4 * point["GF"] / math.sqrt(2) * alpha_electromagnetic(point, scale) / (4 * math.pi)
    return coupling * ckm_factor(point, "t", ("s", "d"))


def _chiral(scalar: Complex, pseudoscalar: Complex) -> tuple[Complex, Complex]:
    """g_L and g_R from the couplings to 1 and gamma_5."""
    return scalar - pseudoscalar, scalar + pseudoscalar


def _kaon_amplitude(point: ParameterPoint, masses: TauMasses, *, anti: bool) -> tuple[Complex, Complex]:
    """Rows (g_S, g_P) over (1, C_1, ..., C_8) of K0, or the complex conjugates of those of its antiparticle."""
    strange, down = (running_mass(point, quark, _SCALE, _FLAVOURS) for quark in ("s", "d"))
    scalar = masses.meson**2 * strange / (strange + down)
    difference, total = masses.tau - masses.lepton, masses.tau + masses.lepton
    sign = 1.0 if anti else -1.0
    g_s = np.array([0, difference, -difference, 0, 0, sign * scalar, -sign * scalar, 0, 0])
    g_p = np.array([0, 0, 0, -total, total, 0, 0, -scalar, scalar])
    factor = 0.5 * point["f_K0"] * _normalisation(point)
    return factor * g_s, factor * g_p


def _masses(point: ParameterPoint, lepton: str, meson: str) -> TauMasses:
    return TauMasses(point["m_tau"], point[f"m_{lepton}"], point[f"m_{meson}"])


def _lifetime(point: ParameterPoint) -> float:
    return point["tau_tau"] / HBAR_GEV_PS


def _kaon(point: ParameterPoint, _arguments: Arguments, *, lepton: str) -> Forms:
    masses = _masses(point, lepton, "K0")
    g_s, g_p = (linear(row) for row in _kaon_amplitude(point, masses, anti=False))
    return Forms(_lifetime(point) * pseudoscalar_width(masses, *_chiral(g_s, g_p))[None])


def _short_kaon(point: ParameterPoint, _arguments: Arguments, *, lepton: str) -> Forms:
    """Coefficients: those of K0, then those of its antiparticle."""
    masses = _masses(point, lepton, "K0")
    particle, antiparticle = (_kaon_amplitude(point, masses, anti=anti) for anti in (False, True))
    padding = np.zeros(len(OPERATORS))
    g_s, g_p = (
        (linear(np.concatenate([one, padding])) - antilinear(np.concatenate([other[:1], padding, other[1:]]))) / math.sqrt(2)
        for one, other in zip(particle, antiparticle, strict=True)
    )
    return Forms(_lifetime(point) * pseudoscalar_width(masses, *_chiral(g_s, g_p))[None])


def _excited_kaon(point: ParameterPoint, _arguments: Arguments, *, lepton: str) -> Forms:
    masses = _masses(point, lepton, "K*0")
    factor = 0.5 * point["f_K*+"] * masses.meson * abs(_normalisation(point))
    vector, axial = np.array([0, 1, 1, 0, 0]), np.array([0, 0, 0, 1, 1])
    g_l, g_r = (linear(factor * (vector + sign * axial)) for sign in (-1, 1))
    nothing = np.zeros_like(g_l)
    return Forms(_lifetime(point) * vector_width(masses, (g_l, g_r), (nothing, nothing))[None])


def _coefficients(operators: tuple[str, ...], *orders: str) -> tuple[Coefficient, ...]:
    return tuple(Coefficient(f"{operator}_sd{order}", _EFT, _SCALE) for order in orders for operator in operators)


def _observables(lepton: str) -> tuple[Observable, ...]:
    forward, backward = f"tau{lepton}", f"{lepton}tau"
    vector = _VECTOR_OPERATORS
    table = (
        ("K", "K^0", "K0, whether it decays as KS or KL", _kaon, _coefficients(OPERATORS, forward)),
        ("KS", "K_S", "KS", _short_kaon, _coefficients(OPERATORS, forward, backward)),
        ("K*0", "K^{*0}", "K*0 (-> K+ pi-)", _excited_kaon, _coefficients(vector, forward)),
        ("K*bar0", r"\bar K^{*0}", "anti-K*0 (-> K- pi+)", _excited_kaon, _coefficients(vector, backward)),
    )
    return tuple(
        Observable(
            name=f"BR(tau->{short}{lepton})",
            tex=rf"\mathrm{{BR}}(\tau^-\to {LEPTON_TEX[lepton]}^-{tex})",
            description=f"branching ratio of tau- -> {lepton}- {words}",
            coefficients=coefficients,
            forms=partial(forms, lepton=lepton),
            reference="derived in the code; arXiv:1403.5781 (operators)",
            aliases=(f"BR(tau->{lepton}{short})",),
        )
        for short, tex, words, forms, coefficients in table
    )


def observables(_point: ParameterPoint) -> tuple[Observable, ...]:
    """Branching ratios into an electron or a muon and a neutral strange meson."""
    return tuple(observable for lepton in ("mu", "e") for observable in _observables(lepton))
