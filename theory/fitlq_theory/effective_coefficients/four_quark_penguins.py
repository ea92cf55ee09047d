r"""Combinations of four-quark coefficients that multiply loops and annihilation in QCD factorisation.

C_1 ... C_6 of hep-ph/9612313; hep-ph/0106067 writes them with the coefficients of the traditional basis,
:math:`\bar C_2 = C_2 - \frac16 C_1`, :math:`\bar C_3 = C_3 - \frac16 C_4 + 16 C_5 - \frac83 C_6`,
:math:`\bar C_4 = \frac12 C_4 + 8 C_6`, :math:`\bar C_5 = C_3 - \frac16 C_4 + 4 C_5 - \frac23 C_6`,
:math:`\bar C_6 = \frac12 C_4 + 2 C_6`, as here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

__all__ = ["DOWN", "UP", "LoopFactors", "PenguinFactors", "annihilation", "penguin_factors", "transverse_annihilation"]

DOWN, UP = -1.0 / 3.0, 2.0 / 3.0  # charges
# hep-ph/0106067, eq. (23), as EOS and SuperIso transcribe it
_HELICITY_FLIP = 4.0


@dataclass(frozen=True, slots=True)
class LoopFactors:
    """Factors of loops of charm, beauty and massless quarks; `up`: that of charm minus up, times lambda_u/lambda_t."""

    charm: float
    beauty: float
    light: float
    up: float


@dataclass(frozen=True, slots=True)
class PenguinFactors:
    r"""Factors of the loops in :math:`T_{\perp,+}`, :math:`T_{\parallel,+}` (with charges) and :math:`T_{\parallel,-}`.

    Up to :math:`m_B/(2m_b)`, :math:`m_B/m_b` and :math:`6 e_q m_B/m_b`; the last has `vacuum_constant` besides.
    """

    transverse: LoopFactors
    longitudinal: LoopFactors
    vacuum: LoopFactors
    vacuum_constant: float


def penguin_factors(four_quark: Sequence[float], mass_ratio: float, *, follow_flavio: bool) -> PenguinFactors:
    r"""The factors of hep-ph/0106067, eqs. (23), (25), (26), and hep-ph/0412400, eq. (50).

    Parameters
    ----------
    four_quark : sequence of float
        C_1 ... C_6.
    mass_ratio : float
        :math:`m_b/m_B`.
    follow_flavio : bool
        flavio 2.7.1 has :math:`-\frac{m_b}{m_B} \bar C_5` instead of :math:`-4 \frac{m_b}{m_B} \bar C_5` in the b loop.
    """
    c1, c2, c3, c4, c5, c6 = four_quark
    second = c2 - c1 / 6.0
    third = c3 - c4 / 6.0 + 16.0 * c5 - 8.0 / 3.0 * c6
    fourth, sixth = 0.5 * c4 + 8.0 * c6, 0.5 * c4 + 2.0 * c6
    fifth = c3 - c4 / 6.0 + 4.0 * c5 - 2.0 / 3.0 * c6
    charm, beauty = UP * (second + fourth - sixth), DOWN * (third + fourth - sixth)
    flip = (1.0 if follow_flavio else _HELICITY_FLIP) * mass_ratio * fifth
    return PenguinFactors(
        transverse=LoopFactors(charm, beauty - DOWN * flip, DOWN * third, UP * second),
        longitudinal=LoopFactors(charm, beauty, DOWN * third, UP * second),
        vacuum=LoopFactors(second + fourth + sixth, third + fourth + sixth, third + 3.0 * (fourth + sixth), second),
        vacuum_constant=-8.0 / 27.0 * (third - fifth - 15.0 * sixth),
    )


def annihilation(four_quark: Sequence[float], *, spectator: str) -> tuple[float, float]:
    r"""Longitudinal annihilation :math:`C_q^{34}` and its factor of :math:`\lambda_u/\lambda_t`.

    :math:`\bar C_3 + 3 \bar C_4` and 0; :math:`-3 C_2` instead of 0 for a spectator u, and :math:`6 (C_3 + 10 C_5)` more for a
    spectator s, whose light meson is made of s and its antiquark; hep-ph/0412400, eqs. (47), (48).
    """
    _, c2, c3, c4, c5, c6 = four_quark
    penguin = c3 + 4.0 / 3.0 * (c4 + 12.0 * c5 + 16.0 * c6)
    if spectator == "s":
        penguin += 6.0 * (c3 + 10.0 * c5)
    return penguin, -3.0 * c2 if spectator == "u" else 0.0


def transverse_annihilation(four_quark: Sequence[float]) -> float:
    r""":math:`C_3 + \frac43 (C_4 + 3 C_5 + 4 C_6)` of hep-ph/0412400, eq. (51)."""
    _, _, c3, c4, c5, c6 = four_quark
    return c3 + 4.0 / 3.0 * (c4 + 3.0 * c5 + 4.0 * c6)
