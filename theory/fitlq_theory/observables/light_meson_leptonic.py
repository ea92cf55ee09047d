r"""Leptonic decays of kaons and pions and their universality ratios, photons included.

.. math:: \Gamma(P \to l\nu) = \frac{G_F^2 |V_{uq}|^2}{8\pi} f_P^2 m_P m_l^2 \left(1 - \frac{m_l^2}{m_P^2}\right)^2
          (1 + \delta_{Pl}) \sum_\nu |C_{VL} - C_{VR} + \frac{m_P^2}{m_l (m_u + m_q)} (C_{SR} - C_{SL})|^2

with the short-distance correction S_EW in C_VL and, from arXiv:0707.4464 (F: eqs. (96), (97)) and Marciano, Sirlin,
Phys. Rev. Lett. 71 (1993) 3629,

.. math:: \delta_{Pl} = \frac{\alpha}{\pi} \left[ F(z) - \frac32 \ln\frac{m_\rho}{m_P} - c_1
          - \frac{m_l^2}{m_\rho^2} \left(c_2 \ln\frac{m_\rho^2}{m_l^2} + c_3 + c_4\right)
          + \frac{m_P^2}{m_\rho^2} \tilde c_2 \ln\frac{m_\rho^2}{m_l^2} \right], \qquad z = \frac{m_l^2}{m_P^2}

In ratios of e and mu the corrections are added, 1 + delta_e - delta_mu + (order e^2 p^6), times 1.00055 for the leading
logarithms of higher order (ibid., eq. (111)). With the inputs of `default` they have the published values 2.477e-5 and
1.2352e-4. flavio 2.7.1 divides (1 + delta_e)/(1 + delta_mu), and leaves out the order e^2 p^6 of the pion; it is 0.05 % and
0.1 % lower.

The Fermi constant of the Standard Model's part is the one measured in muon decay, freed from new physics there
(`fermi_constant`). Coefficients and quark masses are read at 2 GeV with three flavours.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.constants import HBAR_GEV_PS
from fitlq_theory.contracts import Arguments, Coefficient, Forms, Observable
from fitlq_theory.observables.charged_current_coefficients import charged_current_coefficients
from fitlq_theory.observables.fermi_constant import MUON_DECAY, with_measured_fermi_constant
from fitlq_theory.observables.leptonic_charged import LEPTONIC_OPERATORS, ChargedMeson, leptonic_amplitudes, leptonic_width
from fitlq_theory.parameter_point import ParameterPoint

__all__ = ["electromagnetic_correction", "observables"]

_ALPHA = 1 / 137.035999  # at zero momentum; its error is negligible
_LEADING_LOGARITHMS = 1.00055  # arXiv:0707.4464 eq. (111)
_KAON = ChargedMeson("K+", "su", "K^+")
_PION = ChargedMeson("pi+", "du", r"\pi^+")
_REFERENCE = "arXiv:0707.4464 eqs. (111), (115), (116) and table 1"
_TEX = {"e": "e", "mu": r"\mu"}

Mode = tuple[ChargedMeson, str]


def electromagnetic_correction(point: ParameterPoint, meson: str, lepton: str) -> float:
    """delta_Pl of the head of this module; `meson` is ``K+`` or ``pi+``, `lepton` ``e`` or ``mu``."""
    # imported here: the import is slow and only these decays need it
    from scipy.special import spence

    m_meson, m_lepton, m_rho = point[f"m_{meson}"], point[f"m_{lepton}"], point["m_rho0"]
    c1, c2, c3, c2t = (point[f"{name} P+->lnu {meson}"] for name in ("c1", "c2", "c3", "c2t"))
    c4 = point[f"c4 P+->lnu {meson}"] if lepton == "mu" else 0.0  # proportional to the lepton mass
    z = (m_lepton / m_meson) ** 2
    logarithm = np.log((m_rho / m_lepton) ** 2)
    # the dilogarithm of 1 - z is spence(z)
    loop = 1.5 * np.log(z) + (13 - 19 * z) / (8 * (1 - z)) - (8 - 5 * z) / (4 * (1 - z) ** 2) * z * np.log(z)
    loop -= ((1 + z) / (1 - z) * np.log(z) + 2) * np.log(1 - z) + 2 * (1 + z) / (1 - z) * spence(z)
    chiral = -c1 - (m_lepton / m_rho) ** 2 * (c2 * logarithm + c3 + c4) + (m_meson / m_rho) ** 2 * c2t * logarithm
    return float(_ALPHA / np.pi * (loop - 1.5 * np.log(m_rho / m_meson) + chiral))


def _coefficients(modes: Sequence[Mode]) -> tuple[Coefficient, ...]:
    found: list[Coefficient] = []
    for meson, lepton in modes:
        found += charged_current_coefficients(meson.current, (lepton,), LEPTONIC_OPERATORS)
    return (*found, *MUON_DECAY)


def _squares(point: ParameterPoint, modes: Sequence[Mode], position: int) -> Forms:
    """Squared amplitudes of one of `modes` over the coefficients of all, with the measured Fermi constant."""
    meson, lepton = modes[position]
    ratio = point[f"m_{meson.name}"] ** 2 / (point[f"m_{lepton}"] * sum(meson.current.masses(point)))
    own = leptonic_amplitudes(ratio, meson.current.standard_model(point), lepton)
    size = own.shape[1] - 1
    rows: NDArray[np.complex128] = np.zeros((len(own), 1 + size * len(modes)), dtype=np.complex128)
    rows[:, 1 + size * position : 1 + size * (position + 1)] = own[:, 1:]
    return with_measured_fermi_constant(point, rows, own[:, 0])


def _scaled(forms: Forms, factor: float) -> Forms:
    return Forms(np.concatenate([factor * forms.quadratic[:1], forms.quadratic[1:]]), forms.powers)


def _quotient(point: ParameterPoint, modes: Sequence[Mode], factor: float) -> Forms:
    """The first of two modes over the second; the measured Fermi constant cancels but in the amplitudes."""
    pair = [_squares(point, modes, position).quadratic[0] for position in range(2)]
    return Forms(np.stack([factor * pair[0], pair[1]]), powers=(1.0, -1.0))


def branching_ratio(point: ParameterPoint, _arguments: Arguments, mode: Mode) -> Forms:
    """BR(P -> l nu (gamma))."""
    meson, lepton = mode
    lifetime = point[f"tau_{meson.name}"] / HBAR_GEV_PS
    correction = 1 + electromagnetic_correction(point, meson.name, lepton)
    return _scaled(_squares(point, (mode,), 0), lifetime * correction * leptonic_width(point, meson, lepton))


def width(point: ParameterPoint, _arguments: Arguments, mode: Mode) -> Forms:
    """Gamma(P -> l nu (gamma)) in GeV."""
    meson, lepton = mode
    correction = 1 + electromagnetic_correction(point, meson.name, lepton)
    return _scaled(_squares(point, (mode,), 0), correction * leptonic_width(point, meson, lepton))


def electron_over_muon(point: ParameterPoint, _arguments: Arguments, meson: ChargedMeson) -> Forms:
    """Gamma(P -> e nu)/Gamma(P -> mu nu)."""
    difference = electromagnetic_correction(point, meson.name, "e") - electromagnetic_correction(point, meson.name, "mu")
    correction = (1 + difference + point[f"order e2p6 Remu {meson.name}"]) * _LEADING_LOGARITHMS
    factor = correction * leptonic_width(point, meson, "e") / leptonic_width(point, meson, "mu")
    return _quotient(point, ((meson, "e"), (meson, "mu")), factor)


def pion_electron_branching_ratio(point: ParameterPoint, arguments: Arguments) -> Forms:
    """BR(pi -> e nu) = R/(1 + R) with R the ratio of e and mu: other decays have 1e-8."""
    ratio = electron_over_muon(point, arguments, _PION)
    return Forms(np.stack([ratio.quadratic[0], ratio.quadratic.sum(axis=0)]), powers=(1.0, -1.0))


def kaon_over_pion(point: ParameterPoint, _arguments: Arguments, lepton: str) -> Forms:
    """Gamma(K -> l nu)/Gamma(pi -> l nu)."""
    sizes = [
        leptonic_width(point, meson, lepton) * (1 + electromagnetic_correction(point, meson.name, lepton))
        for meson in (_KAON, _PION)
    ]
    return _quotient(point, ((_KAON, lepton), (_PION, lepton)), sizes[0] / sizes[1])


def observables(_point: ParameterPoint) -> tuple[Observable, ...]:
    """Branching ratios of kaons, width of the pion, ratios of e and mu and of kaon and pion."""
    return (*_single(), *_ratios())


def _single() -> tuple[Observable, ...]:
    kaons = [
        Observable(
            name=f"BR(K+->{lepton}nu)",
            tex=rf"\mathrm{{BR}}(K^+\to {_TEX[lepton]}^+\nu)",
            description=f"branching ratio of K+ -> {lepton} nu (gamma), summed over neutrino flavours",
            coefficients=_coefficients([(_KAON, lepton)]),
            forms=partial(branching_ratio, mode=(_KAON, lepton)),
            reference=_REFERENCE,
        )
        for lepton in ("e", "mu")
    ]
    pion = Observable(
        name="Gamma(pi+->munu)",
        tex=r"\Gamma(\pi^+\to \mu^+\nu)",
        description="width of pi+ -> mu nu (gamma), summed over neutrino flavours",
        coefficients=_coefficients([(_PION, "mu")]),
        forms=partial(width, mode=(_PION, "mu")),
        reference=_REFERENCE,
        unit="GeV",
    )
    pion_electron = Observable(
        name="BR(pi+->enu)",
        tex=r"\mathrm{BR}(\pi^+\to e^+\nu)",
        description="branching ratio of pi+ -> e nu (gamma), summed over neutrino flavours; it decays into e or mu",
        coefficients=_coefficients([(_PION, "e"), (_PION, "mu")]),
        forms=pion_electron_branching_ratio,
        reference=_REFERENCE,
    )
    return (*kaons, pion, pion_electron)


def _ratios() -> tuple[Observable, ...]:
    universality = [
        Observable(
            name=f"Remu({meson.name}->lnu)",
            tex=rf"R_{{e\mu}}({meson.tex}\to \ell^+\nu)",
            description=f"ratio of the rates of {meson.name} -> e nu (gamma) and {meson.name} -> mu nu (gamma)",
            coefficients=_coefficients([(meson, "e"), (meson, "mu")]),
            forms=partial(electron_over_muon, meson=meson),
            reference=_REFERENCE,
        )
        for meson in (_KAON, _PION)
    ]
    mesons = [
        Observable(
            name=f"RKpi(P+->{lepton}nu)",
            tex=rf"R_{{K\pi}}(P^+\to {_TEX[lepton]}^+\nu)",
            description=f"ratio of the rates of K+ -> {lepton} nu (gamma) and pi+ -> {lepton} nu (gamma)",
            coefficients=_coefficients([(_KAON, lepton), (_PION, lepton)]),
            forms=partial(kaon_over_pion, lepton=lepton),
            reference=_REFERENCE,
        )
        for lepton in ("e", "mu")
    ]
    return (*universality, *mesons)
