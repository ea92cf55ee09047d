r"""The two-loop functions of a massive quark from those of a massless one and the calculated difference.

By colour, :math:`F_2 = N + E` and :math:`F_1 = -\frac16 N + \frac43 E` with the non-factorisable diagrams N and those with the
gluon in the charm loop, E, which do not contribute to F^(7).

What dimensional regularisation in the scheme of hep-ph/9612313 adds to the difference is a multiple of :math:`h(s, z) - h(s, 0)`,
because the only subdivergence that depends on the mass renormalises the four-quark vertex of the one-loop diagram. Three numbers:

* 16 log(mu/m_b) in N is what the closed form for massless quarks demands: the logarithm of s in its dependence on the scale, less
  that of the gluonic penguin operator;
* 8/3 in E, likewise from the logarithm of s in E of a massless quark, which is that of the vacuum polarisation and of h;
* 52/3 in N: a heavy charm quark decouples. For z to infinity N is a constant and the gluonic penguin operator P4 with the
  coefficient of the one-loop penguin diagram, :math:`N \to \frac49 (\log z + 1) [h(s, 1) + h(s, 0)]` + constant. This is a
  function of s; it fits with this number only (test).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from fitlq_theory.effective_coefficients.quark_loops import quark_loop
from fitlq_theory.effective_coefficients.two_loop import TwoLoop, massless_two_loop
from fitlq_theory.effective_coefficients.two_loop_calculation.bubble import bubble_difference
from fitlq_theory.effective_coefficients.two_loop_calculation.polarisation import two_loop_polarisation
from fitlq_theory.effective_coefficients.two_loop_calculation.quadrature import Accuracy
from fitlq_theory.effective_coefficients.two_loop_calculation.triangle import triangle

__all__ = ["PENGUIN_SCHEME", "MassEffect", "mass_effect", "massive_two_loop"]

# multiples of h(s, z) - h(s, 0), see above
PENGUIN_SCHEME = 52 / 3
_SCALE_DEPENDENCE = 16.0
_FACTORISABLE_SCHEME = 8 / 3
# Q_c C_F: the one-loop h is Q_c times half the polarisation, and C_F alpha_s/pi is 4 C_F alpha_s/4 pi
_POLARISATION = -2 * (2 / 3) * (4 / 3)
# MSbar minus on-shell subtraction of the two-loop polarisation at mu = m: 15/4
_SUBTRACTION = 15 / 4
_ZETA_3 = 1.2020569031595942


@dataclass(frozen=True, slots=True)
class MassEffect:
    """Difference of the functions to those of a massless quark at mu = m_b.

    Attributes
    ----------
    dipole : complex
        Of F_2^(7).
    non_factorisable, factorisable : complex
        Of N and E in F^(9).
    one_loop : complex
        Of h, which the scale multiplies.
    """

    dipole: complex
    non_factorisable: complex
    factorisable: complex
    one_loop: complex


def mass_effect(s: float, z: float, accuracy: Accuracy | None = None) -> MassEffect:
    """Calculate the difference at one point.

    Parameters
    ----------
    s : float
        q2/m_b^2, between 0 and 1, not at the threshold 4 z.
    z : float
        m_c^2/m_b^2, pole masses, between 0 and 1/4.
    accuracy : Accuracy, optional
        Numbers of nodes; with the default ones the error is 5e-4 or less, mostly 1e-4.
    """
    accuracy = accuracy or Accuracy()
    seven, nine = triangle(s, z, accuracy) - triangle(s, 0.0, accuracy) + bubble_difference(s, z, accuracy)
    heavy, light = (complex(quark_loop(np.array([s]), mass, 1.0)[0]) for mass in (float(np.sqrt(z)), 0.0))
    one = heavy - light
    massless = 55 / 12 - 4 * _ZETA_3 - np.log(s) + 1j * np.pi
    two = two_loop_polarisation(s, z) + _SUBTRACTION - np.log(z) - massless
    return MassEffect(
        complex(seven), complex(nine + PENGUIN_SCHEME * one), complex(_POLARISATION * two + _FACTORISABLE_SCHEME * one), one
    )


def massive_two_loop(s: float, log_scale: float, effect: MassEffect) -> TwoLoop:
    """The four functions at log(mu/m_b) = `log_scale`, arrays of one element."""
    massless = massless_two_loop(np.array([s]), log_scale)
    non_factorisable = effect.non_factorisable + _SCALE_DEPENDENCE * log_scale * effect.one_loop
    return TwoLoop(
        massless.f17 - effect.dipole / 6,
        massless.f27 + effect.dipole,
        massless.f19 - non_factorisable / 6 + 4 / 3 * effect.factorisable,
        massless.f29 + non_factorisable + effect.factorisable,
    )
