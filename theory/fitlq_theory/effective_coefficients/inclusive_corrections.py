r"""Gluon and power corrections of inclusive b -> s l l: functions of :math:`\hat s = q^2/m_b^2` between 0 and 1, arrays (n,).

Virtual and real gluons (soft ones included) multiply the coefficients of the local operators with
:math:`1 + \frac{\alpha_s}{\pi} \sigma_i` (`sigma7`, `sigma9`, the latter for both lepton currents) and the interference of i and
j with :math:`1 + \frac{\alpha_s}{\pi} \tau_{ij}`. This is how arXiv:1503.04849 writes the results of hep-ph/0109140 and
hep-ph/0204341 (rate) and hep-ph/0209006 (asymmetry); :math:`\sigma_9 + \frac12 \tau_{99}` is :math:`\omega_9` there.

Power corrections add :math:`(\lambda_1 \chi_{ij}^{(1)} + \lambda_2 \chi_{ij}^{(2)})/m_b^2` (hep-ph/9609449). That of
:math:`\lambda_1` is half the leading order of the rate (time dilatation).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "chi77",
    "chi79",
    "chi99",
    "chi710",
    "chi910",
    "sigma7",
    "sigma9",
    "tau77",
    "tau79",
    "tau99",
    "tau710",
    "tau710_as_printed",
    "tau910",
]

Real = NDArray[np.float64]


def _dilogarithm(x: Real) -> Real:
    # imported here: the import is slow and most sessions do not need it
    from scipy.special import spence

    return np.asarray(spence(1.0 - x))


def _sigma(s: Real) -> Real:
    rest = np.log1p(-s)
    return np.asarray(
        -4 / 3 * _dilogarithm(s) - 2 / 3 * np.log(s) * rest - 2 / 9 * np.pi**2 - rest - 2 / 9 * (1 - s) * rest,
    )


def sigma9(s: Real) -> Real:
    """Factor of the vector and axial lepton currents."""
    return _sigma(s) + 3 / 2


def sigma7(s: Real, log_scale: float) -> Real:
    """Factor of the dipole operator with a running quark mass; `log_scale` is log(mu/m_b)."""
    return _sigma(s) + 1 / 6 - 8 / 3 * log_scale


def tau77(s: Real) -> Real:
    """Interference of the dipole with itself."""
    rest, log = np.log1p(-s), np.log(s)
    bracket = 2 * (1 - s) ** 2 * rest + 6 * s * (2 - 2 * s - s**2) / (1 - s) ** 2 * log + (11 - 7 * s - 10 * s**2) / (1 - s)
    return np.asarray(-2 / (9 * (2 + s)) * bracket)


def tau99(s: Real) -> Real:
    """Interference of a lepton current with itself."""
    rest, log = np.log1p(-s), np.log(s)
    bracket = 2 * (1 - s) ** 2 * rest + 3 * s * (1 + s) * (1 - 2 * s) / (1 - s) ** 2 * log + 3 * (1 - 3 * s**2) / (1 - s)
    return np.asarray(-4 / (9 * (1 + 2 * s)) * bracket)


def tau79(s: Real) -> Real:
    """Interference of dipole and vector current."""
    rest, log = np.log1p(-s), np.log(s)
    return np.asarray(
        -4 * (1 - s) ** 2 / (9 * s) * rest - 4 * s * (3 - 2 * s) / (9 * (1 - s) ** 2) * log - 2 * (5 - 3 * s) / (9 * (1 - s))
    )


def _asymmetry_logarithm(s: Real) -> Real:
    """What both functions of the asymmetry contain, with log(s)."""
    return np.asarray(-5 / 2 - s * (6 - 7 * s) * np.log(s) / (3 * (1 - s) ** 2))


def _f7(s: Real) -> Real:
    root, rest, log = np.sqrt(s), np.log1p(-s), np.log(s)
    total = 24 * (1 + 13 * s - 4 * s**2) * _dilogarithm(root) + 12 * (1 - 17 * s + 6 * s**2) * _dilogarithm(s)
    total = total + 6 * s * (6 - 7 * s) * log + 24 * (1 - s) ** 2 * log * rest
    total = total + 12 * (16 * s - 13 - 3 * s**2) * (np.log1p(-root) - rest)
    total = total + 39 + 252 * s + 21 * s**2 - 180 * root - 132 * s * root - 2 * np.pi**2 * (1 + 13 * s - 4 * s**2)
    return np.asarray(total / (6 * (1 - s) ** 2))


def _f9(s: Real) -> Real:
    root, rest, log = np.sqrt(s), np.log1p(-s), np.log(s)
    total = 48 * s * (2 * s - 5) * _dilogarithm(root) + 24 * (7 * s - 1 - 3 * s**2) * _dilogarithm(s)
    total = total + 6 * s * (7 * s - 6) * log - 24 * (1 - s) ** 2 * log * rest
    total = total + 24 * (5 - 7 * s + 2 * s**2) * (np.log1p(-root) - rest)
    total = total - 21 - 156 * s + 9 * s**2 + 120 * root + 48 * s * root + 4 * np.pi**2 * s * (5 - 2 * s)
    return np.asarray(-total / (6 * (1 - s) ** 2))


def tau710(s: Real) -> Real:
    """Asymmetry from dipole and axial current.

    The second term of what is printed and programmed elsewhere, 1/(3(1 - 3s)), has a pole at s = 1/3 where nothing happens.
    With 1/(3(1 - s)), as in `tau910`, the poles at s = 1 cancel, as they must.
    """
    return _without_second_term(s) + 1 / (3 * (1 - s))


def tau710_as_printed(s: Real) -> Real:
    """`tau710` with the pole at s = 1/3; for comparison with flavio 2.7.1."""
    return _without_second_term(s) + 1 / (3 * (1 - 3 * s))


def _without_second_term(s: Real) -> Real:
    rest = (3 - 7 * s + 4 * s**2) * np.log1p(-s) / (9 * s)
    return np.asarray(_asymmetry_logarithm(s) - rest + _f7(s) / 3)


def tau910(s: Real) -> Real:
    """Asymmetry from vector and axial current."""
    rest = 2 * (3 - 5 * s + 2 * s**2) * np.log1p(-s) / (9 * s)
    return np.asarray(_asymmetry_logarithm(s) + 1 / (3 * (1 - s)) - rest + _f9(s) / 3)


def chi77(s: Real) -> tuple[Real, Real]:
    """Power corrections of the rate from the dipole, factors of lambda_1 and lambda_2."""
    return 2 * (1 - s) ** 2 * (1 + 2 / s), np.asarray(6 * (5 * s**2 - 3 - 6 / s))


def chi79(s: Real) -> tuple[Real, Real]:
    """Those from dipole and vector current."""
    return 6 * (1 - s) ** 2, np.asarray(42 * s**2 - 36 * s - 30)


def chi99(s: Real) -> tuple[Real, Real]:
    """Those from a lepton current: the same for vector and axial vector, as in b -> u l nu."""
    return 0.5 * (1 - s) ** 2 * (1 + 2 * s), np.asarray(15 * s**3 - 22.5 * s**2 + 1.5)


def chi710(s: Real) -> tuple[Real, Real]:
    """Power corrections of the asymmetry, in the units of -8 (1 - s)^2 for Re(C7 C10*)."""
    return np.asarray(-4 / 3 * (3 * s**2 + 2 * s + 3)), np.asarray(-4 * (9 * s**2 - 10 * s - 7))


def chi910(s: Real) -> tuple[Real, Real]:
    """Those of -4 s (1 - s)^2 for Re(C9 C10*)."""
    return np.asarray(-2 / 3 * s * (3 * s**2 + 2 * s + 3)), np.asarray(-2 * s * (15 * s**2 - 14 * s - 9))
