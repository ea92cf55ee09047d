r"""Rates of B -> D(*) l nu integrated over q2, as matrices over the five operators and as forms over all coefficients.

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
from fitlq_theory.observables.b_to_c_lepton_neutrino_amplitudes import (
    OPERATORS,
    PSEUDOSCALAR_STATES,
    VECTOR_STATES,
    Kinematics,
    State,
    pseudoscalar_amplitudes,
    rate_normalisation,
    vector_amplitudes,
)
from fitlq_theory.observables.charged_current_coefficients import NEUTRINOS, SCALE
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.qcd import running_mass
from fitlq_theory.quadratic_forms import from_hermitian

__all__ = [
    "DECAYS",
    "Decay",
    "differential_rates",
    "form_over_coefficients",
    "integrated_rates",
    "momentum_range",
]

Real = NDArray[np.float64]

# GeV^2; below, rates of light leptons vary with log(q2) near the threshold, above with the recoil: one panel of nodes each
_PANEL_BOUNDARY = 1.0
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)


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
        Names of the mesons in input parameters: ``B0``, ``D*+``.
    states : tuple of State
    """

    name: str
    transition: str
    parent: str
    daughter: str
    states: tuple[State, ...]

    def masses(self, point: ParameterPoint) -> tuple[float, float]:
        """Masses of the two mesons in GeV."""
        return point[f"m_{self.parent}"], point[f"m_{self.daughter}"]


DECAYS = {
    decay.name: decay
    for decay in (
        Decay("B+->D", "B->D", "B+", "D0", PSEUDOSCALAR_STATES),
        Decay("B0->D", "B->D", "B0", "D+", PSEUDOSCALAR_STATES),
        Decay("B+->D*", "B->D*", "B+", "D*0", VECTOR_STATES),
        Decay("B0->D*", "B->D*", "B0", "D*+", VECTOR_STATES),
    )
}


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
    m_b, m_c = running_mass(point, "b", SCALE), running_mass(point, "c", SCALE)
    kinematics = Kinematics(q2, m_in, m_out, point[f"m_{lepton}"], m_b, m_c)
    form_factors = evaluate(point, decay.transition, q2)
    amplitudes = pseudoscalar_amplitudes if decay.states is PSEUDOSCALAR_STATES else vector_amplitudes
    rows = amplitudes(kinematics, form_factors)
    lifetime = point[f"tau_{decay.parent}"] / HBAR_GEV_PS
    norm = lifetime * rate_normalisation(kinematics, point["GF"], point["Vcb"])
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
    key = ("b_to_c_lepton_neutrino", decay.name, lepton, q2_range)
    return point.shared(key, lambda p: _integrate(p, decay, lepton, q2_range))


def _integrate(point: ParameterPoint, decay: Decay, lepton: str, q2_range: tuple[float, float] | None) -> Real:
    lower, upper = momentum_range(point, decay, lepton)
    if q2_range is not None:
        lower, upper = max(lower, q2_range[0]), min(upper, q2_range[1])
    if lower >= upper:
        return np.zeros((len(decay.states), len(OPERATORS), len(OPERATORS)))
    q2, weights = _quadrature(lower, upper, *decay.masses(point))
    return np.asarray(np.einsum("q,qsij->sij", weights, differential_rates(point, decay, lepton, q2)))


def _quadrature(lower: float, upper: float, m_in: float, m_out: float) -> tuple[Real, Real]:
    """Nodes in q2 and weights: the rapidity of the D removes the root at the end point, log(q2) resolves the threshold."""
    panels = []
    middle = min(max(lower, _PANEL_BOUNDARY), upper)
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
