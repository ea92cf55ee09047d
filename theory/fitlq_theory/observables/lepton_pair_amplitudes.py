r"""Decays of a neutral pseudoscalar meson into two charged leptons: amplitudes common to B, K and D mesons.

The operators of the WCxf basis "WET, flavio" with the label :math:`q\,l_1 l_2`, for instance ``C9_bsemu``, contain
:math:`(\bar q_2 \Gamma q_1)(\bar l_2 \Gamma' l_1)`: the meson that contains the quark :math:`q_1` decays into
:math:`l_1^+ l_2^-`, its antiparticle into :math:`l_1^- l_2^+`. With :math:`C^- = C - C'` and
:math:`r = m_{q_1}/(m_{q_1} + m_{q_2})` the amplitude is

.. math::
    -\tfrac{i}{2} N f M^2 \left[\tilde S\, \bar u v + \tilde P\, \bar u\gamma_5 v\right] / M, \qquad
    \tilde S = \frac{m_2 - m_1}{M} C_9^- + M r\, C_S^-, \qquad
    \tilde P = \frac{m_1 + m_2}{M} C_{10}^- + M r\, C_P^-,

and with :math:`\beta_\pm^2 = 1 - (m_1 \pm m_2)^2/M^2` the width

.. math:: \Gamma = \frac{|N|^2 f^2 M^3 \beta_+ \beta_-}{32\pi}
                   \left(\beta_+^2 |\tilde S|^2 + \beta_-^2 |\tilde P|^2\right).

The antiparticle decays into the same state through the Hermitian conjugate of the operators with exchanged leptons; with
:math:`CP|M\rangle = -|\bar M\rangle` its amplitude is the same with
:math:`N\tilde P^{12} \to (N\tilde P^{21})^*`, :math:`N\tilde S^{12} \to -(N\tilde S^{21})^*`, because
:math:`(\bar l_1\gamma_\mu l_2)^\dagger = \bar l_2\gamma_\mu l_1`, :math:`(\bar l_1 l_2)^\dagger = \bar l_2 l_1`, but
:math:`(\bar l_1\gamma_5 l_2)^\dagger = -\bar l_2\gamma_5 l_1`, and the matrix elements of the axial-vector currents of the
two mesons are equal, as are those of :math:`\bar q_2\gamma_5 q_1` and :math:`\bar q_1\gamma_5 q_2`.

References
----------
arXiv:1602.00881, eq. (5), for the widths; the amplitude of the antiparticle is derived above.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.contracts import Coefficient

__all__ = [
    "LEPTON_TEX",
    "OPERATORS",
    "PairKinematics",
    "as_flavio",
    "pair_amplitudes",
    "pair_coefficients",
]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]

OPERATORS = ("C9", "C9p", "C10", "C10p", "CS", "CSp", "CP", "CPp")
LEPTON_TEX = {"e": "e", "mu": r"\mu", "tau": r"\tau"}


def as_flavio(choices: Mapping[str, str]) -> bool:
    """Whether the choice ``M->ll'`` asks for the treatment of flavio 2.7.1 (`choices` of a point)."""
    return choices["M->ll'"] == "flavio-2.7.1"


@dataclass(frozen=True, slots=True)
class PairKinematics:
    """Masses (GeV) of the decaying meson, of the positive and of the negative lepton."""

    mass: float
    positive: float
    negative: float

    @property
    def beta_plus(self) -> float:
        """Root of 1 - (m_1 + m_2)^2/M^2; the other one has the difference of the masses."""
        return math.sqrt(1 - ((self.positive + self.negative) / self.mass) ** 2)

    @property
    def beta_minus(self) -> float:
        """Root of 1 - (m_1 - m_2)^2/M^2."""
        return math.sqrt(1 - ((self.positive - self.negative) / self.mass) ** 2)

    def rate(self, decay_constant: float, normalisation: float) -> float:
        """Factor of the width in front of the bracket with the two amplitudes, in GeV."""
        phase_space = self.beta_plus * self.beta_minus
        return (normalisation * decay_constant) ** 2 * self.mass**3 * phase_space / (32 * math.pi)


def pair_coefficients(sector: str, first: str, second: str, eft: str, scale: float) -> tuple[Coefficient, ...]:
    """Coefficients of the decay into `first` + and `second` -; without C9, which drops out, for equal leptons."""
    operators = OPERATORS[2:] if first == second else OPERATORS
    return tuple(Coefficient(f"{operator}_{sector}{first}{second}", eft, scale) for operator in operators)


def pair_amplitudes(kinematics: PairKinematics, scalar: float, *, equal: bool = False) -> tuple[Complex, Complex]:
    r"""Rows :math:`\beta_- \tilde P` and :math:`\beta_+ \tilde S` over the coefficients of `pair_coefficients`.

    Parameters
    ----------
    kinematics : PairKinematics
    scalar : float
        The ratio r of quark masses (the scalar operators contain the mass m_q1).
    equal : bool
        Leptons of the same flavour: rows without C9.
    """
    mass, first, second = kinematics.mass, kinematics.positive, kinematics.negative
    axial, vector = (first + second) / mass, (second - first) / mass
    pseudoscalar = mass * scalar
    p = np.array([0, 0, axial, -axial, 0, 0, pseudoscalar, -pseudoscalar], dtype=np.complex128)
    s = np.array([vector, -vector, 0, 0, pseudoscalar, -pseudoscalar, 0, 0], dtype=np.complex128)
    start = 2 if equal else 0
    return kinematics.beta_minus * p[start:], kinematics.beta_plus * s[start:]
