"""Order alpha_s corrections of heavy-to-heavy currents at leading power, arXiv:1703.05330 appendix A."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["RadiativeCorrections", "radiative_corrections"]

Real = NDArray[np.float64]

# the closed forms are 0/0 at zero recoil; the functions are flat there (relative change 1e-7)
_SMALLEST_RECOIL = 1e-7


@dataclass(frozen=True, slots=True)
class RadiativeCorrections:
    """Matching functions C_1..3(w) of the vector, axial and tensor currents at mu^2 = m_b m_c; they multiply alpha_s/pi."""

    vector: tuple[Real, Real, Real]
    axial: tuple[Real, Real, Real]
    tensor: tuple[Real, Real, Real]


def radiative_corrections(w: Real, mass_ratio: float) -> RadiativeCorrections:
    """The functions C_V1..3, C_A1..3, C_T1..3 of arXiv:1703.05330 appendix A.

    The axial functions are those of the vector current with m_c -> -m_c: a chiral rotation of the charm field turns one
    current into the other. In the closed forms this is z -> -z, w -> -w, r -> -r with log z and Omega kept.

    Parameters
    ----------
    w : array
        Recoil v.v' >= 1.
    mass_ratio : float
        z = m_c/m_b.
    """
    w = np.maximum(w, 1.0 + _SMALLEST_RECOIL)
    r = np.arccosh(w) / np.sqrt(w**2 - 1.0)
    log_ratio = float(np.log(mass_ratio))
    omega = _omega(w, r, mass_ratio, log_ratio)
    vector = _vector(w, mass_ratio, r, log_ratio, omega)
    rotated = _vector(-w, -mass_ratio, -r, log_ratio, omega)
    axial = (rotated[0], -rotated[1], rotated[2])
    return RadiativeCorrections(vector, axial, _tensor(w, mass_ratio, r, log_ratio, omega))


def _omega(w: Real, r: Real, z: float, log_z: float) -> Real:
    # imported here: most sessions never evaluate these form factors, and the import is slow
    from scipy.special import spence

    root = np.sqrt(w**2 - 1.0)
    upper, lower = w + root, w - root
    # spence(x) is the dilogarithm of 1 - x
    dilogarithms = 2 * spence(lower * z) - 2 * spence(upper * z) + spence(upper**2) - spence(lower**2)
    return np.asarray(1.0 - w * log_z * r + w / (2 * root) * dilogarithms)


def _vector(w: Real, z: float, r: Real, log_z: float, omega: Real) -> tuple[Real, Real, Real]:
    gap = w - 0.5 * (z + 1.0 / z)
    mixed = 2 * w**2 + 5 * w - 1
    first = 2 * (w + 1) * ((3 * w - 1) * z - z**2 - 1) * r - 12 * z * gap - (z**2 - 1) * log_z + 4 * z * gap * omega
    second = (2 + (4 * w**2 + 2 * w) * z**2 - mixed * z - (w + 1) * z**3) * r
    second = second + 2 * z * (1 - z) * gap + z * (z**2 - (4 * w - 2) * z - 2 * w + 3) * log_z
    third = (w + 1 - (4 * w**2 + 2 * w) * z + mixed * z**2 - 2 * z**3) * r
    third = third + 2 * z * (1 - z) * gap + ((3 - 2 * w) * z**2 + (2 - 4 * w) * z + 1) * log_z
    return first / (6 * z * gap), -second / (6 * z**2 * gap**2), third / (6 * z * gap**2)


def _tensor(w: Real, z: float, r: Real, log_z: float, omega: Real) -> tuple[Real, Real, Real]:
    gap = w - 0.5 * (z + 1.0 / z)
    first = (w - 1) * ((4 * w + 2) * z - z**2 - 1) * r - 6 * z * gap - (z**2 - 1) * log_z + 2 * z * gap * omega
    second = (1 - w * z) * r + z * log_z
    third = (w - z) * r + log_z
    return first / (3 * z * gap), 2 * second / (3 * z * gap), 2 * third / (3 * gap)
