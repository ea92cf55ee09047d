r"""Rates of P -> P' l l' for different lepton flavours, from vector and scalar operators of the WCxf basis "flavio".

The operators :math:`q\,l_1l_2` lead to :math:`M(q_1)\to M'(q_2)\,l_1^+ l_2^-`. With :math:`C^+ = C + C'`,
:math:`\rho = m_{q_1}/(m_{q_1} - m_{q_2})` and :math:`\Delta = M^2 - m^2` the amplitudes of the currents are

.. math::
    V = C_9^+, \quad A = C_{10}^+, \qquad
    S = \Delta f_0 \left[\frac{m_2 - m_1}{q^2} V + \rho\, C_S^+\right], \quad
    P = \Delta f_0 \left[\frac{m_1 + m_2}{q^2} A + \rho\, C_P^+\right],

and with :math:`s_\pm = (m_1 \pm m_2)^2`

.. math::
    \frac{d\Gamma}{dq^2} = \frac{|N|^2}{2^{9}\pi^3 M^3} \frac{\lambda_M^{1/2}\lambda_l^{1/2}}{q^2}
      \Big\{&\frac{\lambda_M f_+^2}{3 q^4}\left[(q^2 - s_-)(2 q^2 + s_+)|V|^2 + (q^2 - s_+)(2 q^2 + s_-)|A|^2\right] \\
      &+ (q^2 - s_+)|S|^2 + (q^2 - s_-)|P|^2\Big\}.

Tensor operators, which the basis has for (c u)(l l') only (`fitlq_theory.evolution.charm_lepton_flavour`), add
:math:`T = C_T + C_T'`, :math:`T_5 = C_T - C_T'`. With :math:`\tau = 2 f_T/(M + m)` and :math:`m_\pm = m_2 \pm m_1` the first
line becomes

.. math::
    \frac{\lambda_M}{3q^4}\Big\{(q^2 - s_-)\left[2q^2|f_+V + m_+\tau T|^2 + |m_+f_+V + q^2\tau T|^2\right]
      + (q^2 - s_+)\left[2q^2|f_+A + m_-\tau T_5|^2 + |m_-f_+A + q^2\tau T_5|^2\right]\Big\},

with :math:`\langle m(k)|\bar q_2\sigma^{\mu\nu}(p - k)_\nu q_1|M(p)\rangle
= \tfrac{i f_T}{M + m}[q^2(p + k)^\mu - (M^2 - m^2)q^\mu]`.

Derived from the lepton tensor averaged over angles; the tests compare with traces of spinors and with flavio.
The sign of (m_2 - m_1) C_9 against C_S follows from :math:`q_\mu \bar l_2\gamma^\mu l_1 = (m_2 - m_1)\bar l_2 l_1`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.form_factors import evaluate
from fitlq_theory.observables.lepton_pair_amplitudes import OPERATORS
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.real_rows import linear

__all__ = ["PairDecay", "amplitude_rows", "width"]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]

# q2 = lower + (upper - lower) sin^2: the square roots at both ends become analytic; 64 nodes differ from 400 by less than 1e-8
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(64)


@dataclass(frozen=True, slots=True)
class PairDecay:
    """What the rate needs: masses (GeV) of the mesons and of the positive and the negative lepton, transition, quark masses."""

    mass: float
    light: float
    positive: float
    negative: float
    transition: str
    scalar: float  # rho of the module docstring
    regions: tuple[tuple[float, float], ...] = ()  # of q2 in GeV^2; everything when empty

    def integration(self) -> tuple[Real, Real]:
        """Nodes in q2 (GeV^2) and weights."""
        lowest, highest = (self.positive + self.negative) ** 2, (self.mass - self.light) ** 2
        angle = 0.25 * math.pi * (_NODES + 1)
        nodes, weights = [], []
        for start, end in self.regions or ((lowest, highest),):
            lower, upper = max(start, lowest), min(end, highest)
            nodes.append(lower + (upper - lower) * np.sin(angle) ** 2)
            weights.append(0.25 * math.pi * _WEIGHTS * (upper - lower) * np.sin(2 * angle))
        return np.concatenate(nodes), np.concatenate(weights)

    def phase_space(self, q2: Real) -> Real:
        """Roots of both triangle functions over q2: the density of three-body phase space, without a factor."""
        total, difference = (self.positive + self.negative) ** 2, (self.positive - self.negative) ** 2
        meson = ((self.mass + self.light) ** 2 - q2) * ((self.mass - self.light) ** 2 - q2)
        return np.asarray(np.sqrt(meson * (q2 - total) * (q2 - difference)) / q2)


def _operator_rows() -> Complex:
    """C_9^+, C_10^+, C_S^+, C_P^+ over (1, C_1, ..., C_8), shape (4, 9)."""
    rows = np.zeros((4, len(OPERATORS) + 1), dtype=np.complex128)
    for k in range(4):
        rows[k, 1 + 2 * k : 3 + 2 * k] = 1.0
    return rows


def amplitude_rows(xi: complex = 1.0) -> Complex:
    """Rows over x of the four combinations, times the CKM factor `xi`, shape (4, 17)."""
    return linear(xi * _operator_rows())


def width(point: ParameterPoint, decay: PairDecay, rows: Complex, normalisation: float) -> Real:
    """Form of the width (GeV) from the rows of C_9^+, C_10^+, C_S^+, C_P^+ over x (`real_rows`), shape (4, m).

    Two more rows are those of T and T_5, shape (6, m).
    """
    q2, weights = decay.integration()
    form_factors = evaluate(point, decay.transition, q2)
    total, difference = (decay.positive + decay.negative) ** 2, (decay.positive - decay.negative) ** 2
    meson = ((decay.mass + decay.light) ** 2 - q2) * ((decay.mass - decay.light) ** 2 - q2)
    density = normalisation**2 / (2**9 * math.pi**3 * decay.mass**3) * weights * decay.phase_space(q2)
    vector, axial, scalar, pseudoscalar = rows[:4]
    spin_zero = (decay.mass**2 - decay.light**2) * form_factors["f0"]
    mass_terms = ((decay.negative - decay.positive) / q2, (decay.positive + decay.negative) / q2)
    s = spin_zero[:, None] * (mass_terms[0][:, None] * vector + decay.scalar * scalar)
    p = spin_zero[:, None] * (mass_terms[1][:, None] * axial + decay.scalar * pseudoscalar)
    spin_one = density * meson / (3 * q2**2)
    plus, tensor = form_factors["f+"], 2 * form_factors["fT"] / (decay.mass + decay.light) if len(rows) > 4 else None
    form = _spin_one(spin_one * (q2 - difference), q2, decay.negative + decay.positive, (plus, tensor), rows[0::4])
    form += _spin_one(spin_one * (q2 - total), q2, decay.negative - decay.positive, (plus, tensor), rows[1::4])
    form += _square(np.sqrt(density * (q2 - total))[:, None] * s)
    form += _square(np.sqrt(density * (q2 - difference))[:, None] * p)
    return np.asarray(form)


def _spin_one(density: Real, q2: Real, masses: float, form_factors: tuple[Real, Real | None], rows: Complex) -> Real:
    """Rate through leptons of spin one; `rows` of the current and, where there is one, of the tensor operator."""
    plus, tensor = form_factors
    if tensor is None:
        return float(density @ (plus**2 * (2 * q2 + masses**2))) * _square(rows)
    current, dipole = plus[:, None] * rows[0], tensor[:, None] * rows[1]
    transverse = np.sqrt(2 * q2 * density)[:, None] * (current + masses * dipole)
    longitudinal = np.sqrt(density)[:, None] * (masses * current + q2[:, None] * dipole)
    return _square(transverse) + _square(longitudinal)


def _square(rows: Complex) -> Real:
    """Sum of |a.x|^2 over rows of shape (n, m)."""
    return np.asarray(rows.real.T @ rows.real + rows.imag.T @ rows.imag)
