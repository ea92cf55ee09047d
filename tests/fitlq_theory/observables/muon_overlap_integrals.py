"""Overlap integrals of mu-e conversion by solving the Dirac equation; used to test the tabulated ones and the sign of the dipole.

Wave functions (g chi_kappa, i f chi_-kappa) with kappa = -1, the muon bound in the 1s state, the electron (massless) in the
continuum with unit flux, in the Coulomb field of a three-parameter Fermi distribution of charge; neutrons like protons.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import cumulative_trapezoid, solve_ivp, trapezoid
from scipy.optimize import brentq

Real = NDArray[np.float64]

FM = 5.0677307  # 1/GeV
MUON = 0.1056583755
ALPHA = 1 / 137.036


@dataclass(frozen=True)
class Nucleus:
    charge: int
    radius: float  # fm
    skin: float  # fm
    wine: float = 0.0


# charge distributions of de Vries et al., At. Data Nucl. Data Tables 36 (1987) 495, from memory
NUCLEI = {
    "Al": Nucleus(13, 3.07, 0.519),
    "S": Nucleus(16, 3.441, 0.624, -0.213),
    "Ti": Nucleus(22, 3.843, 0.588),
    "Au": Nucleus(79, 6.38, 0.535),
    "Pb": Nucleus(82, 6.624, 0.549),
}


def overlaps(nucleus: Nucleus) -> dict[str, float]:
    """D (with the sign it has for the covariant derivative d + i e Q A), S and V of protons in units of m_mu^(5/2)."""
    r = np.linspace(1e-3, 900.0, 30000) * FM
    density = (1 + nucleus.wine * (r / (nucleus.radius * FM)) ** 2) / (
        1 + np.exp(np.minimum((r / FM - nucleus.radius) / nucleus.skin, 600.0))
    )
    enclosed = cumulative_trapezoid(4 * math.pi * r**2 * density, r, initial=0.0)
    density, enclosed = density / enclosed[-1], enclosed / enclosed[-1]
    field = nucleus.charge * ALPHA * enclosed / r**2  # e E_r, outward
    potential = -(cumulative_trapezoid(field[::-1], -r[::-1], initial=0.0)[::-1] + nucleus.charge * ALPHA / r[-1])

    def slopes(x: float, u: Real, energy: float, mass: float) -> tuple[float, float]:
        v = np.interp(x, r, potential)
        return u[0] / x + (energy - v + mass) * u[1], -(energy - v - mass) * u[0] - u[1] / x

    def outward(energy: float, mass: float, end: float) -> tuple[Real, Real]:
        inside = r[r <= end]
        start = [inside[0], -(energy - potential[0] - mass) * inside[0] ** 2 / 3]
        found = solve_ivp(
            slopes, (inside[0], inside[-1]), start, t_eval=inside, args=(energy, mass), rtol=1e-8, atol=1e-14, method="DOP853"
        )
        return found.y[0], found.y[1]

    bohr = 1 / (nucleus.charge * ALPHA * MUON)

    def end_value(binding: float) -> float:
        return float(outward(MUON - binding, MUON, min(12 * bohr, r[-1]))[0][-1])

    point_like = 0.5 * (nucleus.charge * ALPHA) ** 2 * MUON
    binding = brentq(end_value, 0.4 * point_like, 1.05 * point_like, rtol=1e-10)
    # beyond the turning point the outward solution is noise
    g_mu, f_mu = outward(MUON - binding, MUON, 8 * bohr)
    count = len(g_mu)
    norm = math.sqrt(trapezoid(g_mu**2 + f_mu**2, r[:count]))
    g_mu, f_mu = g_mu / norm, f_mu / norm
    g_e, f_e = outward(MUON - binding, 0.0, r[-1])
    g_e, f_e = (u * math.sqrt(2 / np.mean((g_e**2 + f_e**2)[-len(r) // 3 :])) for u in (g_e, f_e))
    g_e, f_e, here = g_e[:count], f_e[:count], r[:count]
    protons = nucleus.charge * density[:count] / (2 * math.sqrt(2))
    unit = MUON**2.5
    charge = math.sqrt(4 * math.pi * ALPHA)
    return {
        "D": 4 / math.sqrt(2) * MUON * trapezoid(field[:count] / charge * (g_e * f_mu + f_e * g_mu), here) / unit,
        "S": trapezoid(protons * (g_e * g_mu - f_e * f_mu), here) / unit,
        "V": trapezoid(protons * (g_e * g_mu + f_e * f_mu), here) / unit,
        "binding": binding,
    }
