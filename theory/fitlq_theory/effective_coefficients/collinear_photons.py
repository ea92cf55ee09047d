r"""Collinear photons in inclusive b -> s l l: QED corrections enhanced by :math:`L = \ln(m_b^2/m_\ell^2)`.

A photon along a lepton carries momentum away, so that decays with another lepton invariant mass appear at q2. Each product of
coefficients in the spectrum gets :math:`\frac{\alpha_e}{4\pi}\, 8\, \sigma_{ij} \omega_{ij}(\hat s)` with the kinematic factor
:math:`\sigma_{ij}` of the leading order; arXiv:1503.04849, eq. (4.19), and hep-ph/0512066. Integrated over all q2 the
logarithms cancel. They describe electrons and muons whose photons are *not* added to them; experiments that recover a part of
the photons (BaBar, Belle for electrons) see less of the effect.

Functions with the four-quark operators (index 2, for :math:`C_2 + \frac43 C_1`) contain the charm loop at larger invariant mass
and are polynomials fitted in that paper, at 5 GeV: one set below and one above :math:`\hat s = \frac12`. The functions are
arrays (n,), complex where the charm loop is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["REGIONS_MEET", "omega22", "omega27", "omega29", "omega77", "omega79", "omega99", "omega210", "omega710", "omega910"]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]

REGIONS_MEET = 0.5
# Polynomials of arXiv:1503.04849 as flavio 2.7.1 has them: below in s with first the coefficient of 1/s, above in 1 - s.
_LOW_22 = (0.0273795, 8.8251, -12.0719, 62.0071, -168.378, 186.027)
_LOW_27 = ((0.744645, 74.6249, -458.171, 1074.81, -1211.77), (0.0, 3.63143, 11.0672, -22.4791, 194.813))
_LOW_29 = ((0.112586, 18.1287, -62.5725, 90.4602, -126.992), (0.0, 1.33306, 3.90669, -7.39005, 67.2165))
_LOW_210 = (-0.305176, -24.2096, 160.158, -378.173, 351.322)
_HIGH_22 = (-220.101, 875.703, -1920.56, 1822.07)
_HIGH_27 = ((-310.113, 834.253, -2181.94, 2133.78), (-518.18, 2047.18, -4470.04, 4827.74))
_HIGH_29 = ((-153.673, 498.823, -1146.74, 1138.81), (-255.712, 1139.1, -2414.21, 2379.91))
# that of the asymmetry starts as the square of the distance to (4 m_c^2/m_b^2)^2, above which the loop has a cut
_IMAGINARY_210 = (-7.98625, -238.507, 766.869)
# arXiv:0712.3009, as SuperIso 3 has it
_HIGH_210 = ((77.0256, -264.705, 595.814, -610.1637), (135.858, -618.990, 1325.040, -1277.170))


def _polynomial(coefficients: tuple[float, ...], x: Real) -> Real:
    return np.asarray(np.polynomial.polynomial.polyval(x, coefficients))


def _fitted(
    low: tuple[tuple[float, ...], ...], high: tuple[tuple[float, ...], ...], s: Real, low_factor: Real, high_factor: Real
) -> Complex:
    """Real and, if there, imaginary part of a fit in both regions."""
    below = sum((1j**k * _polynomial(c, s) / s for k, c in enumerate(low)), start=np.zeros(s.shape, dtype=np.complex128))
    above = sum((1j**k * _polynomial(c, 1 - s) for k, c in enumerate(high)), start=np.zeros(s.shape, dtype=np.complex128))
    return np.asarray(np.where(s < REGIONS_MEET, below * low_factor, above * high_factor))


def omega22(s: Real, log: float) -> Complex:
    """Charm loop with itself; `log` is L."""
    factor = log / (8 * (1 + 2 * s))
    return _fitted((_LOW_22,), (_HIGH_22,), s, factor / (1 - s) ** 2, factor)


def omega27(s: Real, log: float) -> Complex:
    """Charm loop with the dipole."""
    return _fitted(_LOW_27, _HIGH_27, s, log / (96 * (1 - s) ** 2), np.full_like(s, log / 96))


def omega29(s: Real, log: float) -> Complex:
    """Charm loop with the vector current."""
    factor = log / (8 * (1 + 2 * s))
    return _fitted(_LOW_29, _HIGH_29, s, factor / (1 - s) ** 2, factor)


def omega77(s: Real, log: float) -> Real:
    """Dipole with itself."""
    rational = s / (2 * (1 - s) * (2 + s)) - s * (2 * s**2 - 3) / (2 * (1 - s) ** 2 * (2 + s)) * np.log(s)
    return np.asarray(log * (rational + np.log1p(-s)))


def omega79(s: Real, log: float) -> Real:
    """Dipole with the vector current."""
    rational = -1 / (2 * (1 - s)) - (1 - 2 * s + 2 * s**2) / (2 * (1 - s) ** 2) * np.log(s)
    return np.asarray(log * (rational + np.log1p(-s)))


def omega99(s: Real, log: float) -> Real:
    """A lepton current with itself, with the terms without L: hep-ph/0512066."""
    from scipy.special import spence

    rest, log_s, wide = np.log1p(-s), np.log(s), 1 + 2 * s
    cubic = (1 - 6 * s**2 + 4 * s**3) / (2 * (1 - s) ** 2 * wide)
    enhanced = rest - (1 + 4 * s - 8 * s**2) / (6 * (1 - s) * wide) - cubic * log_s
    plain = 4 / 27 * np.pi**2 - spence(1 - s) / 9 - (37 - 3 * s - 6 * s**2) / (72 * (1 - s) * wide)
    plain = plain - (41 + 76 * s) / (36 * wide) * rest - cubic * log_s**2
    plain = plain + ((6 - 10 * s - 17 * s**2 + 14 * s**3) / (18 * (1 - s) ** 2 * wide) + 17 / 18 * rest) * log_s
    return np.asarray(log * enhanced + plain)


def omega710(s: Real, log: float) -> Real:
    """Asymmetry from dipole and axial current."""
    root = np.sqrt(s)
    rational = (7 - 16 * root + 9 * s) / 4 + (1 + 3 * s) * np.log((1 + root) / 2) - s * np.log(s)
    return np.asarray(log * (rational / (1 - s) + np.log1p(-root)))


def omega910(s: Real, log: float) -> Real:
    """Asymmetry from vector and axial current."""
    root = np.sqrt(s)
    rational = (1 - 5 * s) * np.log((1 + root) / 2) - (1 - 3 * s) * np.log(s) - (5 - 16 * root + 11 * s) / 4
    return np.asarray(log * (rational / (1 - s) + np.log1p(-root)))


def omega210(s: Real, log: float, mass_ratio: float) -> Complex:
    """Asymmetry from charm loop and axial current; `mass_ratio` is m_c^2/m_b^2."""
    beyond = np.clip(s - (4 * mass_ratio) ** 2, 0.0, None)
    imaginary = _polynomial(_IMAGINARY_210, beyond) * beyond**2
    below = (_polynomial(_LOW_210, s) + 1j * imaginary) / (1 - s) ** 2
    above = _polynomial(_HIGH_210[0], 1 - s) + 1j * _polynomial(_HIGH_210[1], 1 - s)
    return np.asarray(-log / (24 * s) * np.where(s < REGIONS_MEET, below, above))
