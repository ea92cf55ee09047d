"""The conformal variable of form-factor expansions; q2 and thresholds in GeV^2."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["conformal_z", "optimal_t_zero", "pole_factor", "thresholds"]

Real = NDArray[np.float64]


def thresholds(m_in: float, m_out: float) -> tuple[float, float]:
    """Pair-production threshold t_+ = (m_in + m_out)^2 and end point t_- = (m_in - m_out)^2 in GeV^2; masses in GeV."""
    return (m_in + m_out) ** 2, (m_in - m_out) ** 2


def optimal_t_zero(t_plus: float, t_minus: float) -> float:
    """The t_0 that makes |z| smallest over 0 <= q2 <= t_- (arXiv:0807.2722), in GeV^2."""
    return float(t_plus * (1.0 - np.sqrt(1.0 - t_minus / t_plus)))


def conformal_z(q2: Real, t_plus: float, t_zero: float) -> Real:
    """z(q2) = (sqrt(t_+ - q2) - sqrt(t_+ - t_0)) / (sum of the two), arXiv:0807.2722; q2 < t_+, same shape."""
    root, root_zero = np.sqrt(t_plus - q2), np.sqrt(t_plus - t_zero)
    return np.asarray((root - root_zero) / (root + root_zero))


def pole_factor(q2: Real, pole_mass: float | None) -> Real:
    """1 / (1 - q2/m^2) for a resonance of mass m in GeV; 1 where there is none (None)."""
    if pole_mass is None:
        return np.ones_like(q2)
    return np.asarray(1.0 / (1.0 - q2 / pole_mass**2))
