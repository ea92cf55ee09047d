r"""Rates of semileptonic decays integrated over q2, as matrices over the five operators and as forms over all coefficients.

A rate is :math:`\sum_\nu c_\nu^T M c_\nu^*` with one real symmetric matrix :math:`M` for all neutrino flavours: the
neutrino is massless and unobserved. Only the coefficients differ, by the Standard Model's part for equal flavours.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.constants import HBAR_GEV_PS
from fitlq_theory.form_factors import evaluate
from fitlq_theory.observables.charged_current_coefficients import NEUTRINOS, QUARK_TRANSITIONS, QuarkTransition
from fitlq_theory.observables.semileptonic_baryon_amplitudes import BARYON_STATES, baryon_amplitudes
from fitlq_theory.observables.semileptonic_meson_amplitudes import (
    OPERATORS,
    PSEUDOSCALAR_STATES,
    VECTOR_STATES,
    Kinematics,
    State,
    pseudoscalar_amplitudes,
    rate_normalisation,
    vector_amplitudes,
)
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.quadratic_forms import from_hermitian

__all__ = [
    "Decay",
    "differential_rates",
    "form_over_coefficients",
    "integrated_rates",
    "momentum_range",
    "quadrature",
]

Real = NDArray[np.float64]

# below 1 GeV^2 or a tenth of the end point rates of light leptons vary with log(q2) near the threshold, above with the
# recoil: one panel of nodes each
_PANEL_BOUNDARY = 1.0
_PANEL_SHARE = 0.1
_AMPLITUDES = {
    PSEUDOSCALAR_STATES: pseudoscalar_amplitudes,
    VECTOR_STATES: vector_amplitudes,
    BARYON_STATES: baryon_amplitudes,
}
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)
# neutral kaons: the mass of the state of definite strangeness
_MASS_NAMES = {"KL": "K0", "KS": "K0"}


@dataclass(frozen=True, slots=True)
class Decay:
    """A charge mode.

    Attributes
    ----------
    name : str
        As in observable names: ``B0->D*``.
    transition : str
        Name of the form factors: ``B->D*``.
    parent, daughter : str
        Names of the hadrons in input parameters: ``B0``, ``D*+``.
    states : tuple of State
    quarks : str
        Key of `QUARK_TRANSITIONS`.
    weight : float
        1/2 for a pi0 or rho0, of which half is u ubar.
    corrections : tuple of str
        Names of input parameters d, with ``{lepton}`` for the charged lepton; rates are multiplied by (1 + d)^2.
    """

    name: str
    transition: str
    parent: str
    daughter: str
    states: tuple[State, ...]
    quarks: str = "bc"
    weight: float = 1.0
    corrections: tuple[str, ...] = ()

    @property
    def current(self) -> QuarkTransition:
        """The quarks and where their coefficients are read."""
        return QUARK_TRANSITIONS[self.quarks]

    def masses(self, point: ParameterPoint) -> tuple[float, float]:
        """Masses of the two hadrons in GeV."""
        return point[f"m_{_MASS_NAMES.get(self.parent, self.parent)}"], point[f"m_{self.daughter}"]

    def factor(self, point: ParameterPoint, lepton: str) -> float:
        """Weight and corrections: what multiplies the rate without them."""
        factors = (1 + point[name.format(lepton=lepton)] for name in self.corrections)
        return self.weight * float(np.prod([f**2 for f in factors]))


def momentum_range(point: ParameterPoint, decay: Decay, lepton: str) -> tuple[float, float]:
    """Allowed range of q2 in GeV^2: from m_l^2 to (m_B - m_D)^2."""
    m_in, m_out = decay.masses(point)
    return point[f"m_{lepton}"] ** 2, (m_in - m_out) ** 2


def differential_rates(point: ParameterPoint, decay: Decay, lepton: str, q2: Real) -> Real:
    """Differential branching ratio into each state as matrices over the operators.

    Parameters
    ----------
    point : ParameterPoint
    decay : Decay
    lepton : {"e", "mu", "tau"}
    q2 : (n,) array
        GeV^2.

    Returns
    -------
    ndarray of float, shape (n, n_states, 5, 5)
        GeV^-2; multiply from both sides with the full coefficients (Standard Model included) of one neutrino flavour.
    """
    m_in, m_out = decay.masses(point)
    kinematics = Kinematics(q2, m_in, m_out, point[f"m_{lepton}"], *decay.current.masses(point))
    form_factors = evaluate(point, decay.transition, q2)
    rows = _AMPLITUDES[decay.states](kinematics, form_factors)
    lifetime = decay.factor(point, lepton) * point[f"tau_{decay.parent}"] / HBAR_GEV_PS
    norm = lifetime * rate_normalisation(kinematics, point["GF"], decay.current.ckm_element(point))
    return np.asarray(norm[:, None, None, None] * rows[..., :, None] * rows[..., None, :])


def integrated_rates(point: ParameterPoint, decay: Decay, lepton: str, q2_range: tuple[float, float] | None = None) -> Real:
    """Branching ratios into each state, in a bin of q2 or in total, as matrices over the operators.

    Parameters
    ----------
    point : ParameterPoint
    decay : Decay
    lepton : {"e", "mu", "tau"}
    q2_range : (float, float), optional
        GeV^2; what lies outside phase space contributes nothing. All of phase space when not given.

    Returns
    -------
    ndarray of float, shape (n_states, 5, 5)
    """
    key = ("semileptonic meson decay", decay.name, lepton, q2_range)
    return point.shared(key, lambda p: _integrate(p, decay, lepton, q2_range))


def _integrate(point: ParameterPoint, decay: Decay, lepton: str, q2_range: tuple[float, float] | None) -> Real:
    lower, upper = momentum_range(point, decay, lepton)
    if q2_range is not None:
        lower, upper = max(lower, q2_range[0]), min(upper, q2_range[1])
    if lower >= upper:
        return np.zeros((len(decay.states), len(OPERATORS), len(OPERATORS)))
    q2, weights = quadrature(lower, upper, *decay.masses(point))
    return np.asarray(np.einsum("q,qsij->sij", weights, differential_rates(point, decay, lepton, q2)))


def quadrature(lower: float, upper: float, m_in: float, m_out: float) -> tuple[Real, Real]:
    """Nodes in q2 and weights: the rapidity of the daughter removes the root at the end point, log(q2) resolves the threshold."""
    panels = []
    boundary = min(_PANEL_BOUNDARY, _PANEL_SHARE * (m_in - m_out) ** 2)
    middle = min(max(lower, boundary), upper)
    if lower < middle:
        logarithm, weight = _gauss_legendre(float(np.log(lower)), float(np.log(middle)))
        panels.append((np.exp(logarithm), weight * np.exp(logarithm)))
    if middle < upper:
        scale = 2 * m_in * m_out

        def rapidity(q2: float) -> float:
            return float(np.arccosh(max((m_in**2 + m_out**2 - q2) / scale, 1.0)))

        eta, weight = _gauss_legendre(rapidity(upper), rapidity(middle))
        panels.append((m_in**2 + m_out**2 - scale * np.cosh(eta), weight * scale * np.sinh(eta)))
    return np.concatenate([q2 for q2, _ in panels]), np.concatenate([weight for _, weight in panels])


def _gauss_legendre(lower: float, upper: float) -> tuple[Real, Real]:
    half = 0.5 * (upper - lower)
    return lower + half * (_NODES + 1.0), half * _WEIGHTS


def form_over_coefficients(matrices: Mapping[str, Real], leptons: Sequence[str], standard_model: float) -> Real:
    """Quadratic form, summed over leptons and neutrinos, of rates given as matrices over the operators.

    Parameters
    ----------
    matrices : mapping of str to (5, 5) array
        By charged lepton; leptons that are missing contribute nothing.
    leptons : sequence of str
        Charged leptons of the coefficient vector, see `charged_current_coefficients`.
    standard_model : float
        C_VL of the Standard Model for equal flavours.

    Returns
    -------
    ndarray of float, shape (2n+1, 2n+1)
        With n = 15 times the number of `leptons`.
    """
    count = len(OPERATORS)
    hermitian = np.zeros((1 + 3 * count * len(leptons),) * 2, dtype=np.complex128)
    for i, lepton in enumerate(leptons):
        if lepton not in matrices:
            continue
        for j, neutrino in enumerate(NEUTRINOS):
            start = 1 + count * (3 * i + j)
            block = slice(start, start + count)
            hermitian[block, block] = matrices[lepton]
            if lepton == neutrino:
                with_standard_model = standard_model * matrices[lepton][0]
                hermitian[0, block] = hermitian[block, 0] = with_standard_model
                hermitian[0, 0] += standard_model * with_standard_model[0]
    return from_hermitian(hermitian)
