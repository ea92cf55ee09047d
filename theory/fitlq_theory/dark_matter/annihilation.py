r"""Annihilation cross sections of dark-matter fermions times :math:`\beta = \sqrt{1-4m^2/s}`, and widths of mediators.

Everything is averaged over the spins of the initial pair, in GeV^-2, and broadcasts: s is (N, n), model quantities (N, 1).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["FinalState", "scalar_t_channel", "vector_s_channel", "vector_width"]

Real = NDArray[np.float64]

# the angular integrand has poles outside [-1, 1] for every mediator that is heavier than the particle
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)


@dataclass(frozen=True, slots=True)
class FinalState:
    r"""A Dirac fermion f with :math:`L = -\bar f\gamma^\mu (g_V + g_A\gamma_5) f V_\mu`.

    A neutrino with coupling g of its left-handed part has g_V = -g_A = g/2. Couplings may be arrays of shape (N, 1).
    """

    mass: float
    vector: ArrayLike
    axial: ArrayLike = 0.0
    colours: int = 1


def _phase_space(mass: ArrayLike, s: Real) -> Real:
    """Velocity of a pair, 0 below threshold."""
    return np.asarray(np.sqrt(np.maximum(1.0 - 4.0 * np.square(np.asarray(mass)) / s, 0.0)))


def vector_s_channel(
    s: Real,
    mass: ArrayLike,
    mediator: ArrayLike,
    width: ArrayLike,
    final_states: Sequence[FinalState],
    *,
    axial: ArrayLike = 0.0,
    vector: ArrayLike = 0.0,
) -> Real:
    r"""sigma beta of chi chi -> V* -> f fbar, summed over final states.

    .. math:: \sigma\beta = \sum_f \frac{N_c \beta_f}{12\pi\, |s - M^2 + iM\Gamma|^2} \left\{ s
       \left[ g_A^2\beta^2 + g_V^2\left(1+\tfrac{2m^2}{s}\right)\right]
       \left[ g_{Vf}^2 \left(1+\tfrac{2m_f^2}{s}\right) + g_{Af}^2\beta_f^2 \right]
       + 12 g_A^2 g_{Af}^2 \frac{m^2 m_f^2}{s} \left(1-\tfrac{s}{M^2}\right)^2 \right\}

    Parameters
    ----------
    s : ndarray
        GeV^2.
    mass, mediator, width : array_like
        m, M and Gamma in GeV.
    axial, vector : array_like
        Dirac: L = - chibar gamma^mu (g_V + g_A gamma_5) chi V_mu. Majorana: L = - (g_A/2) chibar gamma^mu gamma_5 chi V_mu,
        g_V = 0; a charge q under a gauge coupling g gives g_A = q g.

    References
    ----------
    Product of the spectral functions of the two currents, `fitlq_theory.invisible.dark_operators` (chiV, chiA); for the
    longitudinal part the propagator in unitary gauge.
    """
    m2, pole2 = np.square(np.asarray(mass)), np.square(np.asarray(mediator))
    beta2 = np.maximum(1.0 - 4.0 * m2 / s, 0.0)
    propagator = 1.0 / (np.square(s - pole2) + pole2 * np.square(np.asarray(width)))
    transverse = np.square(np.asarray(axial)) * beta2 + np.square(np.asarray(vector)) * (1.0 + 2.0 * m2 / s)
    total = np.zeros_like(s)
    for f in final_states:
        speed, axial2 = _phase_space(f.mass, s), np.square(np.asarray(f.axial))
        currents = transverse * s * (np.square(np.asarray(f.vector)) * (1.0 + 2.0 * f.mass**2 / s) + axial2 * speed**2)
        longitudinal = 12.0 * np.square(np.asarray(axial)) * axial2 * m2 * f.mass**2 / s * np.square(1.0 - s / pole2)
        total = total + f.colours * speed * (currents + longitudinal)
    return np.asarray(total * propagator / (12.0 * np.pi))


def vector_width(
    mediator: ArrayLike, final_states: Sequence[FinalState], *, mass: ArrayLike = 0.0, axial: ArrayLike = 0.0
) -> Real:
    r"""Width in GeV of a vector boson of mass M into Dirac fermions and a pair of Majorana fermions chi.

    .. math:: \Gamma = \sum_f \frac{N_c M}{12\pi} \beta_f \left[ g_V^2 \left(1 + \tfrac{2m_f^2}{M^2}\right)
              + g_A^2\beta_f^2 \right] + \frac{g_{A\chi}^2 M}{24\pi} \beta_\chi^3

    `mass` and `axial` are those of chi, L = - (axial/2) chibar gamma gamma_5 chi V.
    """
    pole = np.asarray(mediator, dtype=np.float64)
    total = 0.5 * np.square(np.asarray(axial)) * _phase_space(mass, pole**2) ** 3
    for f in final_states:
        speed = _phase_space(f.mass, pole**2)
        strength = np.square(np.asarray(f.vector)) * (1.0 + 2.0 * f.mass**2 / pole**2)
        total = total + f.colours * speed * (strength + np.square(np.asarray(f.axial)) * speed**2)
    return np.asarray(pole * total / (12.0 * np.pi))


def scalar_t_channel(
    s: Real, mass: ArrayLike, mediator: ArrayLike, coupling: ArrayLike, *, fermion_mass: float = 0.0, colours: int = 3
) -> Real:
    r"""sigma beta of two Majorana fermions into f fbar by exchange of a scalar of mass M in the t and u channel.

    :math:`L = -y\,\bar f P_{R,L}\chi\,\phi + h.c.` for one fermion f of mass m_f;

    .. math:: \overline{|M|^2} = \frac{N_c y^4}{4} \left[ \frac{(m^2+m_f^2-t)^2}{(t-M^2)^2} +
              \frac{(m^2+m_f^2-u)^2}{(u-M^2)^2} - \frac{2 m^2 (s-2m_f^2)}{(t-M^2)(u-M^2)} \right]

    integrated over the full angle (mass terms of the traces drop out between chiral projectors). At small velocity
    :math:`\sigma v = \frac{N_c y^4}{32\pi} \frac{m_f^2 \sqrt{1-m_f^2/m^2}}{(m^2+M^2-m_f^2)^2}`, and for m_f = 0
    :math:`\frac{N_c y^4}{48\pi} \frac{m^2(m^4+M^4)}{(m^2+M^2)^4} v^2`.
    """
    m2, pole2 = np.square(np.asarray(mass))[..., None], np.square(np.asarray(mediator))[..., None]
    energy2, f2 = s[..., None], fermion_mass**2
    final = _phase_space(fermion_mass, s)
    speeds = np.sqrt(np.maximum(1.0 - 4.0 * m2 / energy2, 0.0)) * final[..., None]
    t = m2 + f2 - 0.5 * energy2 * (1.0 - speeds * _NODES)
    u = m2 + f2 - 0.5 * energy2 * (1.0 + speeds * _NODES)
    squares = np.square((m2 + f2 - t) / (t - pole2)) + np.square((m2 + f2 - u) / (u - pole2))
    matrix = squares - 2.0 * m2 * (energy2 - 2.0 * f2) / ((t - pole2) * (u - pole2))
    angular = np.sum(_WEIGHTS * matrix, axis=-1)
    return np.asarray(colours * np.asarray(coupling) ** 4 / 4.0 * final * angular / (32.0 * np.pi * s))
