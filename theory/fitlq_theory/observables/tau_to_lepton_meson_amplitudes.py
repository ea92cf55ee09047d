r"""Amplitudes and widths of tau- -> l- P and tau- -> l- V from quark currents between vacuum and one meson.

Pseudoscalar: :math:`\mathcal M = \bar l (g_L P_L + g_R P_R) \tau` (up to a phase) and

.. math:: \Gamma = \frac{\lambda^{1/2}}{32\pi m_\tau^3}
          \left[(|g_L|^2 + |g_R|^2)(m_\tau^2 + m_l^2 - M^2) + 4 m_\tau m_l\, \mathrm{Re}(g_L g_R^*)\right].

Vector: :math:`\mathcal M = \epsilon^*_\mu \bar l\left[\gamma^\mu (g_L P_L + g_R P_R)
- i\sigma^{\mu\nu} p_\nu (t_L P_L + t_R P_R)\right]\tau` with the momentum p of the meson;
:math:`-i\sigma^{\mu\nu}p_\nu\epsilon_\mu = \tfrac12[\slashed\epsilon, \slashed p] = \slashed\epsilon\slashed p`. With
:math:`\Sigma = m_\tau^2 + m_l^2`, :math:`\Delta = m_\tau^2 - m_l^2`

.. math::
    \Gamma &= \frac{\lambda^{1/2}}{32\pi m_\tau^3} \Big\{
      (|g_L|^2 + |g_R|^2) \left[\tfrac{\Delta^2}{M^2} + \Sigma - 2M^2\right] - 12 m_\tau m_l\, \mathrm{Re}(g_L g_R^*) \\
      &\quad + (|t_L|^2 + |t_R|^2) \left[2\Delta^2 - M^2\Sigma - M^4\right] - 12 M^2 m_\tau m_l\, \mathrm{Re}(t_L t_R^*) \\
      &\quad + 6 m_\tau (\Delta - M^2)\, \mathrm{Re}(g_L t_R^* + g_R t_L^*)
             - 6 m_l (\Delta + M^2)\, \mathrm{Re}(g_R t_R^* + g_L t_L^*) \Big\},

derived from traces and checked in the tests by summing explicit spinors. Matrix elements, with p outgoing:
:math:`\langle P|\bar q\gamma^\mu\gamma_5 q|0\rangle = -i f p^\mu`,
:math:`\langle V|\bar q\gamma^\mu q|0\rangle = f M \epsilon^{*\mu}`,
:math:`\langle V|\bar q\sigma^{\mu\nu} q|0\rangle = -i f_\perp (\epsilon^{*\mu}p^\nu - \epsilon^{*\nu}p^\mu)`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.real_rows import real_product, square

__all__ = ["TauMasses", "pseudoscalar_width", "vector_width"]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]


@dataclass(frozen=True, slots=True)
class TauMasses:
    """Masses in GeV of the tau, of the lepton in the final state and of the meson."""

    tau: float
    lepton: float
    meson: float

    @property
    def flux(self) -> float:
        """The factor in front of the brackets of both widths, in GeV^-1."""
        above = self.tau**2 - (self.lepton + self.meson) ** 2
        below = self.tau**2 - (self.lepton - self.meson) ** 2
        return math.sqrt(above * below) / (32 * math.pi * self.tau**3)


def pseudoscalar_width(masses: TauMasses, left: Complex, right: Complex) -> Real:
    """Form of the width (GeV) from the rows over x (`real_rows`) of g_L and g_R."""
    form = (masses.tau**2 + masses.lepton**2 - masses.meson**2) * (square(left) + square(right))
    return masses.flux * (form + 4 * masses.tau * masses.lepton * real_product(left, right))


def vector_width(masses: TauMasses, vector: tuple[Complex, Complex], tensor: tuple[Complex, Complex]) -> Real:
    """Form of the width (GeV) from the rows (g_L, g_R), dimensionless, and (t_L, t_R) in GeV^-1."""
    g_l, g_r = vector
    t_l, t_r = tensor
    meson, total, difference = masses.meson**2, masses.tau**2 + masses.lepton**2, masses.tau**2 - masses.lepton**2
    mixed = 12 * masses.tau * masses.lepton
    form = (difference**2 / meson + total - 2 * meson) * (square(g_l) + square(g_r))
    form += (2 * difference**2 - meson * total - meson**2) * (square(t_l) + square(t_r))
    form -= mixed * (real_product(g_l, g_r) + meson * real_product(t_l, t_r))
    form += 6 * masses.tau * (difference - meson) * (real_product(g_l, t_r) + real_product(g_r, t_l))
    form -= 6 * masses.lepton * (difference + meson) * (real_product(g_r, t_r) + real_product(g_l, t_l))
    return masses.flux * form
