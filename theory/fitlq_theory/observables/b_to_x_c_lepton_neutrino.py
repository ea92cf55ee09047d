r"""Inclusive B -> X_c l nu: branching ratios and lepton-flavour ratios.

The Standard Model is taken from the literature, the dependence on new physics and on the mass of light leptons from the
decay of free quarks:

.. math:: \mathrm{BR}_l = B \left(\frac{|V_{cb}|}{0.04216}\right)^2 \frac{\Gamma_l(C)}{\Gamma_\ell(0)}, \qquad
          \mathrm{BR}_\tau = B \left(\frac{|V_{cb}|}{0.04216}\right)^2 R \frac{\Gamma_\tau(C)}{\Gamma_\tau(0)}

with B the fit of semileptonic moments in the kinetic scheme (arXiv:2107.00604), R the prediction for R(X_tau/l), and Gamma
the tree-level rate with the kinetic mass m_b(1 GeV) and the MSbar mass m_c(3 GeV); l without a name is the mean of e and
mu. Corrections to the ratios Gamma(C)/Gamma(0) of order alpha_s and 1/m_b^2 are not known for all operators and left out.

flavio 2.7.1 applies the corrections of massless leptons to the tau too and finds R = 0.250, 12 % above all published predictions
(0.22 to 0.225, e.g. arXiv:1506.08896, arXiv:2207.03432): the power corrections to the rate into taus are larger. Its inputs here
reproduce it.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.contracts import Arguments, Forms, Observable
from fitlq_theory.observables.charged_current_coefficients import LEPTONS, QuarkTransition, charged_current_coefficients
from fitlq_theory.observables.semileptonic_baryon_amplitudes import BARYON_FORM_FACTORS, baryon_amplitudes
from fitlq_theory.observables.semileptonic_forms import lepton_weights
from fitlq_theory.observables.semileptonic_meson_amplitudes import OPERATORS, Kinematics, rate_normalisation
from fitlq_theory.observables.semileptonic_rates import form_over_coefficients, quadrature
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.qcd import running_mass

__all__ = ["observables", "quark_rate"]

Real = NDArray[np.float64]

_CURRENT = QuarkTransition("bc", "WET", 4.6)  # the scale of flavio
_CHARM_SCALE = 3.0
_VCB = 0.04216  # where the fit of the moments gives its branching ratio
_TEX = {"e": "e", "mu": r"\mu", "tau": r"\tau", "l": r"\ell"}
_RATIOS = (("tau", "l"), ("tau", "mu"), ("mu", "e"))


def quark_rate(point: ParameterPoint, lepton: str) -> Real:
    """Tree-level rate of b -> c l nu over G_F^2 |V_cb|^2 m_b^5/(192 pi^3) as a (5, 5) matrix over the operators."""
    return point.shared(("free quark rate", lepton), lambda p: _quark_rate(p, lepton))


def _quark_rate(point: ParameterPoint, lepton: str) -> Real:
    m_b, m_c, m_lepton = point["m_b kinetic"], running_mass(point, "c", _CHARM_SCALE), point[f"m_{lepton}"]
    q2, weights = quadrature(m_lepton**2, (m_b - m_c) ** 2, m_b, m_c)
    kinematics = Kinematics(q2, m_b, m_c, m_lepton, m_b, m_c)
    rows = baryon_amplitudes(kinematics, dict.fromkeys(BARYON_FORM_FACTORS, np.ones_like(q2)))
    norm = weights * rate_normalisation(kinematics, 1.0, 1.0) * 192 * np.pi**3 / m_b**5
    return np.asarray(np.einsum("q,qsi,qsj->ij", norm, rows, rows))


def _standard_model_rate(point: ParameterPoint, lepton: str) -> float:
    """Gamma(0) in the units of `quark_rate`, including the electroweak correction."""
    rate = sum(weight * quark_rate(point, name)[0, 0] for name, weight in lepton_weights(lepton).items())
    return float(rate * _CURRENT.standard_model(point) ** 2)


def _relative_rate(point: ParameterPoint, lepton: str, vector: tuple[str, ...]) -> Real:
    """Rate over that of the Standard Model's mean of e and mu, with R for taus, as a form over the coefficients of `vector`."""
    matrices = {name: weight * quark_rate(point, name) for name, weight in lepton_weights(lepton).items()}
    form = form_over_coefficients(matrices, vector, _CURRENT.standard_model(point))
    if lepton == "tau":
        return point["R(X_tau/l) SM"] / _standard_model_rate(point, "tau") * form
    return form / _standard_model_rate(point, "l")


def branching_ratio(point: ParameterPoint, _arguments: Arguments, lepton: str) -> Forms:
    """BR(B -> X_c l nu), mean of B0 and B+."""
    size = point["BR(B->Xclnu) at Vcb = 0.04216"] * (point["Vcb"] / _VCB) ** 2
    return Forms(size * _relative_rate(point, lepton, tuple(lepton_weights(lepton)))[None])


def ratio(point: ParameterPoint, _arguments: Arguments, numerator: str, denominator: str) -> Forms:
    """Ratio of two of them."""
    vector = (*lepton_weights(numerator), *lepton_weights(denominator))
    return Forms(np.stack([_relative_rate(point, lepton, vector) for lepton in (numerator, denominator)]), powers=(1.0, -1.0))


def observables(_point: ParameterPoint) -> tuple[Observable, ...]:
    """The branching ratios for e, mu, tau and the mean l, and three ratios."""
    rates = [
        Observable(
            name=f"BR(B->Xc{lepton}nu)",
            tex=rf"\mathrm{{BR}}(B\to X_c\,{_TEX[lepton]}\,\nu)",
            description=f"inclusive branching ratio of B -> X_c {lepton} nu, mean of B0 and B+, summed over neutrino flavours",
            coefficients=charged_current_coefficients(_CURRENT, tuple(lepton_weights(lepton)), OPERATORS),
            forms=partial(branching_ratio, lepton=lepton),
            reference="arXiv:2107.00604 (size), arXiv:1702.02243 section II (amplitudes, with free quarks)",
        )
        for lepton in (*LEPTONS, "l")
    ]
    ratios = [
        Observable(
            name=f"R{above}{below}(B->Xclnu)",
            tex=rf"R_{{{_TEX[above]}{_TEX[below]}}}(B\to X_c\,\ell\,\nu)",
            description=f"ratio of the inclusive rates of B -> X_c {above} nu and B -> X_c {below} nu",
            coefficients=charged_current_coefficients(_CURRENT, (*lepton_weights(above), *lepton_weights(below)), OPERATORS),
            forms=partial(ratio, numerator=above, denominator=below),
            reference="arXiv:2311.07248 (Standard Model with taus), arXiv:1702.02243 section II (amplitudes, with free quarks)",
            aliases=("R(X_tau/l)",) if (above, below) == ("tau", "l") else (),
        )
        for above, below in _RATIOS
    ]
    return (*rates, *ratios)
