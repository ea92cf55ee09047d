r"""Helicity amplitudes of a decay of one spin-1/2 fermion into another, Lambda_b -> Lambda_c l nu and b -> c l nu.

Operators, normalisation and lepton helicities as in `semileptonic_meson_amplitudes`; the rate is `rate_normalisation` times
the sum of squared amplitudes, which include the average over the two helicities of the decaying fermion. Form factors are
the helicity form factors of arXiv:1503.01421 and arXiv:1702.02243 (tensors),

=====================  =============================================================
``V_time, long, perp``  :math:`f_0, f_+, f_\perp`
``A_time, long, perp``  :math:`g_0, g_+, g_\perp`
``T_long, perp``        :math:`h_+, h_\perp`
``T5_long, perp``       :math:`\tilde h_+, \tilde h_\perp`
=====================  =============================================================

With all of them equal to 1 the matrix elements are those of free quarks.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.observables.semileptonic_meson_amplitudes import (
    OPERATORS,
    FormFactors,
    Kinematics,
    State,
    lepton_helicities,
)

__all__ = ["BARYON_FORM_FACTORS", "BARYON_STATES", "baryon_amplitudes"]

Real = NDArray[np.float64]

BARYON_FORM_FACTORS = ("V_time", "V_long", "V_perp", "A_time", "A_long", "A_perp", "T_long", "T_perp", "T5_long", "T5_perp")
# lepton helicity, helicity of the pair 0 or transverse; each for both helicities of the daughter. The last two: spin 0
BARYON_STATES = (
    *(State(-1, longitudinal) for longitudinal in (True, True, False, False)),
    *(State(1, longitudinal) for longitudinal in (True, True, False, False)),
    State(1, True),
    State(1, True),
)


def baryon_amplitudes(kinematics: Kinematics, form_factors: FormFactors) -> Real:
    """Amplitudes in the order of `BARYON_STATES`, daughter helicity +1/2 before -1/2.

    Parameters
    ----------
    kinematics : Kinematics
        Masses of the two baryons, MSbar masses of the quarks.
    form_factors : mapping
        `BARYON_FORM_FACTORS` at q2.

    Returns
    -------
    ndarray of float, shape (*q2.shape, 10, 5)
        States, operators; in GeV.

    References
    ----------
    arXiv:1702.02243 section II; the phases are fixed by a direct evaluation with spinors in the tests.
    """
    k = kinematics
    rows = np.zeros((*k.q2.shape, len(BARYON_STATES), len(OPERATORS)))
    ratio = k.m_lepton / np.sqrt(k.q2)
    for j, (v, a, t, t5) in enumerate(_helicity_currents(k, form_factors)):
        for i, sign in enumerate((1, -1)):
            vector, tensor = (np.zeros((*k.q2.shape, len(OPERATORS))) for _ in range(2))
            vector[..., 0], vector[..., 1] = v - sign * a, v + sign * a
            tensor[..., 4] = t - sign * t5
            state = 2 * j + i
            rows[..., state, :], rows[..., state + 4, :] = lepton_helicities(vector, tensor, ratio)
    rows[..., 8:, :] = _spin_0(k, form_factors)
    return np.asarray(rows / np.sqrt(2))


def _momenta(k: Kinematics) -> tuple[float, float, Real, Real]:
    """Sum and difference of the baryon masses, and square roots of (m_in +- m_out)^2 - q^2."""
    total, difference = k.m_in + k.m_out, k.m_in - k.m_out
    return total, difference, np.sqrt(total**2 - k.q2), np.sqrt(np.maximum(difference**2 - k.q2, 0.0))


def _helicity_currents(k: Kinematics, f: FormFactors) -> tuple[tuple[Real, ...], tuple[Real, ...]]:
    """Vector, axial, tensor, pseudotensor currents for pairs of helicity 0 and transverse ones, daughter helicity +1/2."""
    total, difference, plus, minus = _momenta(k)
    root, two = np.sqrt(k.q2), np.sqrt(2.0)
    longitudinal = (
        total * minus * f["V_long"] / root,
        difference * plus * f["A_long"] / root,
        -minus * f["T_long"],
        plus * f["T5_long"],
    )
    transverse = (
        two * minus * f["V_perp"],
        two * plus * f["A_perp"],
        -two * total * minus * f["T_perp"] / root,
        two * difference * plus * f["T5_perp"] / root,
    )
    return longitudinal, transverse


def _spin_0(k: Kinematics, f: FormFactors) -> Real:
    """Rows of the two states with a lepton pair of spin 0."""
    total, difference, plus, minus = _momenta(k)
    scalar, pseudoscalar = difference * plus * f["V_time"], total * minus * f["A_time"]
    rows = np.zeros((*k.q2.shape, 2, len(OPERATORS)))
    for i, sign in enumerate((1, -1)):
        by_mass = scalar / (k.m_down - k.m_up), sign * pseudoscalar / (k.m_down + k.m_up)
        rows[..., i, 0] = k.m_lepton / k.q2 * (scalar - sign * pseudoscalar)
        rows[..., i, 1] = k.m_lepton / k.q2 * (scalar + sign * pseudoscalar)
        rows[..., i, 2], rows[..., i, 3] = by_mass[0] + by_mass[1], by_mass[0] - by_mass[1]
    return np.asarray(np.sqrt(1.5) * rows)
