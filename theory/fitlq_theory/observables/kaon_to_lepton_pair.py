r"""KL, KS -> mu mu, e e, e mu: short distance, new physics, and the two-photon amplitudes that dominate.

With :math:`CP|K^0\rangle = -|\bar K^0\rangle` and CP violation in mixing neglected, :math:`K_{L,S} = (K^0 \pm \bar K^0)/\sqrt2`.
In the notation of `lepton_pair_amplitudes`, with the CKM factor :math:`\xi = V_{ts}V_{td}^*` included in P and S, the decay
into :math:`l_1^+ l_2^-` has

.. math::
    K_L:\quad \tfrac{1}{\sqrt2}\left(P_{12} + P_{21}^*\right),\ \tfrac{1}{\sqrt2}\left(S_{12} - S_{21}^*\right), \qquad
    K_S:\quad \tfrac{1}{\sqrt2}\left(P_{12} - P_{21}^*\right),\ \tfrac{1}{\sqrt2}\left(S_{12} + S_{21}^*\right).

For equal leptons KL feels Re P and Im S, KS Im P and Re S. For e mu the operators of the two kaons interfere; a relative
sign decides between zero and twice the incoherent sum. flavio 2.7.1 instead adds the squares of Re P and Im S of each charge
state, which depends on the phases of the lepton fields; the option ``flavio-2.7.1`` of the choice ``M->ll'`` does the
same and, like flavio, normalises new physics to alpha_e(M_Z) and drops m_d beside m_s.

Long distance: KL -> gamma* gamma* -> l l is a pseudoscalar amplitude P -> P - p (R + i I), with

.. math::
    p^2 = \frac{32\pi\,\mathrm{BR}(K_L\to\gamma\gamma)}{|N|^2 f^2 M^3 \tau} \left(\frac{\alpha m_l}{\pi M}\right)^2, \qquad
    I = \frac{\pi}{2\beta}\ln\frac{1-\beta}{1+\beta},

from :math:`\mathrm{BR}(ll)/\mathrm{BR}(\gamma\gamma) = 2\beta (\alpha m_l/\pi M)^2 (R^2 + I^2)`; the sign of p decides about
the interference (choice ``KL->gammagamma``; inputs with sign 0 +- 1 mean the average of both). KS -> gamma* gamma* is a
scalar amplitude at two loops, for electrons without interference: its phase is not known to us and it is far below any
experiment.
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
    as_flavio,
    pair_amplitudes,
    pair_coefficients,
)
from fitlq_theory.observables.meson_mixing_amplitude import ckm_factor
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.qcd import running_mass
from fitlq_theory.real_rows import antilinear, linear, square

__all__ = ["observables"]

_EFT, _SCALE, _FLAVOURS = "WET-3", 2.0, 3
_QUARKS = ("s", "d")
_TEX = {"KL": "K_L", "KS": "K_S"}


def _standard_model(point: ParameterPoint) -> complex:
    r""":math:`V_{ts}V_{td}^* C_{10}^t + V_{cs}V_{cd}^* C_{10}^c`, normalised to alpha_e(M_Z): top and charm."""
    ratio = point["m_t"] / point["C10 SM reference m_t"]
    top = point["C10 SM of s->dll, top"] * ratio ** point["C10 SM exponent of m_t"]
    charm = -point["Pc of KL->mumu"] * _cabibbo(point) ** 4 / point["s2w"]
    return complex(ckm_factor(point, "t", _QUARKS) * top + ckm_factor(point, "c", _QUARKS) * charm)


def _cabibbo(point: ParameterPoint) -> float:
    """|V_us| that multiplies P_c: the loop function does not depend on it, P_c is defined by dividing by its fourth power."""
    return point["Vus"] if as_flavio(point.choices) else point["Pc reference Vus"]


def _normalisation(point: ParameterPoint) -> float:
    return 4 * point["GF"] / math.sqrt(2) * point["alpha_e"] / (4 * math.pi)


def _factor(point: ParameterPoint, kaon: str, first: str, second: str) -> float:
    """Branching ratio of a state of definite quark content per |P|^2 + |S|^2, with xi in P and S."""
    rate = _kinematics(point, first, second).rate(point["f_K0"], _normalisation(point))
    return rate * point[f"tau_{kaon}"] / HBAR_GEV_PS


def _kinematics(point: ParameterPoint, first: str, second: str) -> PairKinematics:
    return PairKinematics(point["m_K0"], point[f"m_{first}"], point[f"m_{second}"])


def _rows(point: ParameterPoint, first: str, second: str) -> tuple[Complex, Complex]:
    """P and S with xi and the velocities over (1, C_1, ...), relative to the coupling with alpha_e(M_Z)."""
    if as_flavio(point.choices):
        scalar = weight = 1.0
    else:
        strange, down = (running_mass(point, quark, _SCALE, _FLAVOURS) for quark in ("s", "d"))
        scalar = strange / (strange + down)
        weight = alpha_electromagnetic(point, _SCALE) / point["alpha_e"]
    kinematics = _kinematics(point, first, second)
    p, s = pair_amplitudes(kinematics, scalar, equal=first == second)
    constant = p[0] * _standard_model(point) if first == second else 0.0
    xi = weight * ckm_factor(point, "t", _QUARKS)
    return np.concatenate([[constant], xi * p]), np.concatenate([[0.0], xi * s])


def _two_photon_long(point: ParameterPoint, lepton: str) -> tuple[float, float, float]:
    """Amplitude of KL -> gamma* gamma* -> l l: p R, p I and the sign of p."""
    kinematics = _kinematics(point, lepton, lepton)
    beta = kinematics.beta_plus
    dispersive = point[f"KL->{lepton}{lepton} dispersive"]
    if as_flavio(point.choices):
        unit = 2 * point[f"m_{lepton}"] / kinematics.mass / point["s2w"] * point["A(KL->gammagamma)"]
        return unit * dispersive, unit * point["KL->mumu absorptive"], 1.0
    absorptive = math.pi / (2 * beta) * math.log((1 - beta) / (1 + beta))
    # BR = factor 2 |P|^2 with the velocity of the phase space inside the factor
    per_square = 2 * _factor(point, "KL", lepton, lepton)
    loop = point["alpha_e(0)"] * point[f"m_{lepton}"] / (math.pi * kinematics.mass)
    unit = loop * math.sqrt(2 * beta * point["BR(KL->gammagamma)"] / per_square)
    return unit * dispersive, unit * absorptive, point["KL->ll sign of two photons"]


def _long_equal(point: ParameterPoint, _arguments: Arguments, *, lepton: str) -> Forms:
    p, s = (linear(row) for row in _rows(point, lepton, lepton))
    dispersive, absorptive, sign = _two_photon_long(point, lepton)
    form = square(p.real) + square(s.imag)
    form[0] -= sign * dispersive * p.real
    form[:, 0] -= sign * dispersive * p.real
    form[0, 0] += dispersive**2 + absorptive**2
    return Forms(2 * _factor(point, "KL", lepton, lepton) * form[None])


def _short_equal(point: ParameterPoint, _arguments: Arguments, *, lepton: str) -> Forms:
    p, s = (linear(row) for row in _rows(point, lepton, lepton))
    factor = 2 * _factor(point, "KS", lepton, lepton)
    kinematics = _kinematics(point, lepton, lepton)
    photons = 0j
    if lepton == "mu" or as_flavio(point.choices):
        loop = complex(point["KS->mumu loop, real part"], point["KS->mumu loop, imaginary part"])
        photons = (
            2 * point[f"m_{lepton}"] / kinematics.mass / point["s2w"] * point["A(KS->gammagamma)"] * kinematics.beta_plus * loop
        )
    amplitude = s.real.astype(np.complex128)
    amplitude[0] += photons
    form = factor * (square(p.imag) + square(amplitude))
    if photons == 0:
        form[0, 0] += point["BR(KS->ee) two photons"]
    return Forms(form[None])


def _violating(point: ParameterPoint, _arguments: Arguments, *, kaon: str) -> Forms:
    """Sum of both charge states, which have equal rates in the coherent treatment."""
    one, other = _rows(point, "e", "mu"), _rows(point, "mu", "e")
    padding = np.zeros(len(one[0]) - 1)
    p_12, s_12 = (np.concatenate([row, padding]) for row in one)
    p_21, s_21 = (np.concatenate([row[:1], padding, row[1:]]) for row in other)
    factor = _factor(point, kaon, "e", "mu")
    sign = 1 if kaon == "KL" else -1
    if as_flavio(point.choices):
        # each charge state as if it were its own conjugate
        rows = [linear(p) + sign * antilinear(p) for p in (p_12, p_21)]
        rows += [linear(s) - sign * antilinear(s) for s in (s_12, s_21)]
        return Forms(0.5 * factor * np.sum([square(row) for row in rows], axis=0)[None])
    p = linear(p_12) + sign * antilinear(p_21)
    s = linear(s_12) - sign * antilinear(s_21)
    return Forms(factor * (square(p) + square(s))[None])


def _coefficients(first: str, second: str) -> tuple[Coefficient, ...]:
    return pair_coefficients("sd", first, second, _EFT, _SCALE)


def observables(_point: ParameterPoint) -> tuple[Observable, ...]:
    """BR(KL, KS -> mu mu, e e, e mu)."""
    references = {
        "KL": "hep-ph/0605203 (charm); arXiv:1311.0903 (top); arXiv:2310.17689 (two photons)",
        "KS": "arXiv:1711.11030, with the two loops of Ecker and Pich",
    }
    equal = tuple(
        Observable(
            name=f"BR({kaon}->{lepton}{lepton})",
            tex=rf"\mathrm{{BR}}({_TEX[kaon]}\to {LEPTON_TEX[lepton]}^+{LEPTON_TEX[lepton]}^-)",
            description=f"branching ratio of {kaon} -> {lepton}+ {lepton}-, two-photon amplitude included",
            coefficients=_coefficients(lepton, lepton),
            forms=partial(forms, lepton=lepton),
            reference=references[kaon],
        )
        for kaon, forms in (("KL", _long_equal), ("KS", _short_equal))
        for lepton in ("mu", "e")
    )
    violating = tuple(
        Observable(
            name=f"BR({kaon}->emu,mue)",
            tex=rf"\mathrm{{BR}}({_TEX[kaon]}\to e^\pm\mu^\mp)",
            description=f"branching ratio of {kaon} -> e mu, sum of both charge states",
            coefficients=(*_coefficients("e", "mu"), *_coefficients("mu", "e")),
            forms=partial(_violating, kaon=kaon),
            reference="arXiv:1602.00881, eq. (5), for one quark content; interference derived in the code",
            aliases=(f"BR({kaon}->e+-mu-+)",),
        )
        for kaon in ("KL", "KS")
    )
    return (*equal, *violating)
