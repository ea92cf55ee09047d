r"""Charged-current decays of the tau: tau -> l nu nu and tau -> K nu, pi nu, and their ratio of mu and e.

Leptonic decays (arXiv:1310.7922 eq. (3)), with L, R, f, g as in `fermi_constant`:

.. math:: \mathrm{BR} = \frac{\tau_\tau}{\hbar} \frac{G_F^2 m_\tau^5}{192\pi^3} \left[1 + \frac{\alpha(m_\tau)}{2\pi}
          \left(\frac{25}{4} - \pi^2\right)\right] \left(1 + \frac{3}{5}\frac{m_\tau^2}{m_W^2}\right)
          \sum \left[f\, (|L|^2 + |R|^2) - 4 \sqrt x\, g\, \mathrm{Re}(L R^*)\right]

Semileptonic decays, with C_VL = sqrt(S_EW) and the electromagnetic correction delta of arXiv:2112.01859 (flavio 2.7.1 has another
short-distance factor and no delta; its inputs give the product):

.. math:: \mathrm{BR} = \frac{\tau_\tau}{\hbar} \frac{G_F^2 |V_{uq}|^2 f_P^2 m_\tau^3}{16\pi}
          \left(1 - \frac{m_P^2}{m_\tau^2}\right)^2 (1 + \delta) \sum_\nu |C_{VL} - C_{VR}
          + \frac{m_P^2}{m_\tau (m_u + m_q)} (C_{SR} - C_{SL})|^2

Coefficients are read at 1.8 GeV with four flavours. The Fermi constant is the measured one, freed from new physics in muon decay.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from fitlq_theory.constants import HBAR_GEV_PS
from fitlq_theory.contracts import Arguments, Forms, Observable
from fitlq_theory.electromagnetic_coupling import alpha_electromagnetic
from fitlq_theory.observables.charged_current_coefficients import QuarkTransition, charged_current_coefficients
from fitlq_theory.observables.fermi_constant import (
    MUON_DECAY,
    decay_coefficients,
    decay_rows,
    linear_form,
    muon_decay_forms,
    rate_form,
    with_measured_fermi_constant,
)
from fitlq_theory.observables.leptonic_charged import LEPTONIC_OPERATORS, leptonic_amplitudes
from fitlq_theory.parameter_point import ParameterPoint

__all__ = ["observables"]

_SCALE, _EFT = 1.8, "WET-4"
_CHANNELS = 9
_MESONS = {"K": ("K+", QuarkTransition("su", _EFT, _SCALE)), "pi": ("pi+", QuarkTransition("du", _EFT, _SCALE))}
_TEX = {"e": "e", "mu": r"\mu", "K": "K", "pi": r"\pi"}


def _leptonic_forms(point: ParameterPoint, lepton: str, start: int, total: int) -> Forms:
    """BR(tau -> l nu nu); its coefficients begin at `start` among `total`, of which those of muon decay are the last."""
    rate, row = muon_decay_forms(point, total - len(MUON_DECAY), total)
    left, right = decay_rows(point, _CHANNELS, start, total)
    left[0] += row
    m_tau, m_lepton = point["m_tau"], point[f"m_{lepton}"]
    x = (m_lepton / m_tau) ** 2
    phase_space = 1 - 8 * x + 8 * x**3 - x**4 - 12 * x**2 * np.log(x)
    photons = 1 + alpha_electromagnetic(point, _SCALE) / (2 * np.pi) * (25 / 4 - np.pi**2)
    propagator = 1 + 3 / 5 * (m_tau / point["m_W"]) ** 2
    width = point["GF"] ** 2 * m_tau**5 / (192 * np.pi**3) * phase_space * photons * propagator
    factor = point["tau_tau"] / HBAR_GEV_PS * width
    return Forms(np.stack([factor * rate_form(left, right, x), rate, linear_form(row)]), powers=(1.0, -1.0, -2.0))


def leptonic_branching_ratio(point: ParameterPoint, _arguments: Arguments, lepton: str) -> Forms:
    """BR(tau -> l nu nu), summed over neutrino flavours."""
    return _leptonic_forms(point, lepton, 0, 2 * _CHANNELS + len(MUON_DECAY))


def muon_over_electron(point: ParameterPoint, _arguments: Arguments) -> Forms:
    """BR(tau -> mu nu nu)/BR(tau -> e nu nu); the Fermi constant cancels but in the amplitudes."""
    total = 4 * _CHANNELS + len(MUON_DECAY)
    muon, electron = (_leptonic_forms(point, lepton, start, total) for lepton, start in (("mu", 0), ("e", 2 * _CHANNELS)))
    return Forms(np.stack([muon.quadratic[0], electron.quadratic[0]]), powers=(1.0, -1.0))


def semileptonic_branching_ratio(point: ParameterPoint, _arguments: Arguments, meson: str) -> Forms:
    """BR(tau -> P nu), summed over neutrino flavours."""
    name, current = _MESONS[meson]
    m_tau, m_meson = point["m_tau"], point[f"m_{name}"]
    rows = leptonic_amplitudes(m_meson**2 / (m_tau * sum(current.masses(point))), current.standard_model(point), "tau")
    standard_model = rows[:, 0].copy()
    rows[:, 0] = 0.0
    forms = with_measured_fermi_constant(point, rows, standard_model)
    coupling = point["GF"] * current.ckm_element(point) * point[f"f_{name}"]
    width = coupling**2 * m_tau**3 / (16 * np.pi) * (1 - (m_meson / m_tau) ** 2) ** 2
    factor = point["tau_tau"] / HBAR_GEV_PS * width * (1 + point[f"delta_EM tau->{meson}nu"])
    return Forms(np.concatenate([factor * forms.quadratic[:1], forms.quadratic[1:]]), forms.powers)


def observables(_point: ParameterPoint) -> tuple[Observable, ...]:
    """BR(tau -> l nu nu), BR(tau -> K nu, pi nu) and the ratio of mu and e."""
    leptonic = {lepton: decay_coefficients("tau", lepton, _EFT, _SCALE) for lepton in ("mu", "e")}
    branching_ratios = [
        Observable(
            name=f"BR(tau->{lepton}nunu)",
            tex=rf"\mathrm{{BR}}(\tau\to {_TEX[lepton]}\nu\bar\nu)",
            description=f"branching ratio of tau -> {lepton} nu nu (gamma), summed over neutrino flavours",
            coefficients=(*coefficients, *MUON_DECAY),
            forms=partial(leptonic_branching_ratio, lepton=lepton),
            reference="arXiv:1310.7922 eq. (3)",
        )
        for lepton, coefficients in leptonic.items()
    ]
    ratio = Observable(
        name="Rmue(tau->lnunu)",
        tex=r"R_{\mu e}(\tau\to \ell\nu\bar\nu)",
        description="ratio of the rates of tau -> mu nu nu (gamma) and tau -> e nu nu (gamma)",
        coefficients=(*leptonic["mu"], *leptonic["e"], *MUON_DECAY),
        forms=muon_over_electron,
        reference="arXiv:1310.7922 eq. (3)",
        aliases=("R_mu(tau)",),
    )
    mesons = [
        Observable(
            name=f"BR(tau->{meson}nu)",
            tex=rf"\mathrm{{BR}}(\tau\to {_TEX[meson]}\nu)",
            description=f"branching ratio of tau -> {meson} nu (gamma), summed over neutrino flavours",
            coefficients=(*charged_current_coefficients(current, ("tau",), LEPTONIC_OPERATORS), *MUON_DECAY),
            forms=partial(semileptonic_branching_ratio, meson=meson),
            reference="arXiv:1310.7922; arXiv:2112.01859",
        )
        for meson, (_, current) in _MESONS.items()
    ]
    return (*branching_ratios, ratio, *mesons)
