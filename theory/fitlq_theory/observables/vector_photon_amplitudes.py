r"""Amplitudes of B -> V gamma (V = K*, phi) with QCD factorisation, linear in the Wilson coefficients.

The decay of a meson with a b quark to a left- or right-handed photon has the amplitudes

.. math:: A_L &= N \lambda_t [T_1(0) (C_7^\mathrm{eff} + \delta C_7) + \kappa \mathcal T_\perp + T_1(0) \Delta], \\
          A_R &= N \lambda_t [T_1(0) (C_7'^\mathrm{eff} + \delta C_7') + \kappa \mathcal T'_\perp + T_1(0) \Delta'], \qquad
          N^2 = \frac{G_F^2 \alpha m_B^3 m_b^2}{32 \pi^4} \left(1 - \frac{m_V^2}{m_B^2}\right)^3

normalised to the rate |A_L|^2 + |A_R|^2, with :math:`\kappa = (m_b^\mathrm{pole}/m_b) / (1 - m_V^2/m_B^2)`, the spectator
scattering and annihilation :math:`\mathcal T_\perp` of `transverse_spectator_amplitude` and power corrections
:math:`\Delta, \Delta'` (inputs ``delta_C7 a_-``, ``delta_C7p a_+``: zero with an error, in units of m_B/2m_b). For the
decay of the antiquark exchange L and R and take complex conjugates of CKM elements and new physics.

:math:`\alpha = 1/137.04`: vacuum polarisation does not run the coupling of a real photon (hep-ph/9804252), and
:math:`e(\mu) F(\mu)`, which defines C_7 at 4.8 GeV, does not run either. flavio 2.7.1 has :math:`\alpha(4.8\,\mathrm{GeV})`,
3.7 % more.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.constants import HBAR_GEV_PS
from fitlq_theory.contracts import Coefficient
from fitlq_theory.effective_coefficients.four_quark_penguins import (
    DOWN,
    UP,
    annihilation,
    penguin_factors,
    transverse_annihilation,
)
from fitlq_theory.effective_coefficients.light_cone import (
    b_meson_moment,
    longitudinal_decay_constant,
    transverse_decay_constant,
    transverse_moments,
)
from fitlq_theory.effective_coefficients.spectator_kernels import threshold_nodes
from fitlq_theory.effective_coefficients.threshold_functions import triangle
from fitlq_theory.electromagnetic_coupling import alpha_electromagnetic
from fitlq_theory.form_factors import evaluate
from fitlq_theory.observables.meson_mixing_amplitude import ckm_factor
from fitlq_theory.observables.radiative_matrix_elements import (
    SCALE,
    StandardModel,
    ckm_ratio,
    follows_flavio,
    standard_model,
    two_loop_matrix_elements,
)
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.qcd import alpha_strong, pole_mass, running_mass

__all__ = ["COEFFICIENTS", "Amplitudes", "PhotonMode", "amplitudes", "spectator_amplitude"]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]

COEFFICIENTS = tuple(Coefficient(f"{name}_bs", "WET", SCALE) for name in ("C7", "C7p", "C8", "C8p"))
_SIZE = 1 + len(COEFFICIENTS)
_NODES = 12  # on each side of the charm threshold; 12 differ from 48 by 1e-7


@dataclass(frozen=True, slots=True)
class PhotonMode:
    """A decay to a vector meson and a photon: names among the inputs, form factors, spectator quark."""

    name: str
    tex: str
    parent: str
    vector: str
    transition: str
    spectator: str


@dataclass(frozen=True, slots=True)
class Amplitudes:
    r"""Rows over c = (1, C7, C7', C8, C8'), in units in which the branching ratio at time zero is the sum of squares.

    `left`, `right`: meson with a b quark, amplitudes row . c. `left_conjugate`, `right_conjugate`: meson with its antiquark,
    amplitudes row . c*.
    """

    left: Complex
    right: Complex
    left_conjugate: Complex
    right_conjugate: Complex


def amplitudes(point: ParameterPoint, mode: PhotonMode) -> Amplitudes:
    """Amplitudes of `mode`, computed once per point."""
    return point.shared(("vector photon", mode.name), lambda p: _amplitudes(p, mode))


def _amplitudes(point: ParameterPoint, mode: PhotonMode) -> Amplitudes:
    ckm = ckm_factor(point, "t", ("b", "s"))
    ratio = ckm_ratio(point, "s")
    form_factor = float(evaluate(point, mode.transition, 0.0)["T1"])
    root = math.sqrt(_normalisation(point, mode))
    found = []
    for element, light in ((ckm, ratio), (ckm.conjugate(), ratio.conjugate())):
        same, flipped = _reduced(point, mode, light, form_factor)
        found += [root * element * same, root * element * flipped]
    return Amplitudes(left=found[0], right=found[1], right_conjugate=found[2], left_conjugate=found[3])


def _normalisation(point: ParameterPoint, mode: PhotonMode) -> float:
    """N^2 times the lifetime."""
    mass, light = point[f"m_{mode.parent}"], point[f"m_{mode.vector}"]
    coupling = alpha_electromagnetic(point, SCALE) if follows_flavio(point) else point["alpha_em Thomson"]
    rate = (point["GF"] * running_mass(point, "b", SCALE)) ** 2 * coupling * mass**3 / (32.0 * math.pi**4)
    return rate * (1.0 - (light / mass) ** 2) ** 3 * point[f"tau_{mode.parent}"] / HBAR_GEV_PS


def _reduced(point: ParameterPoint, mode: PhotonMode, light: complex, form_factor: float) -> tuple[Complex, Complex]:
    """A/(N lambda_t) of the chirality of the Standard Model and of the other one; `light` is lambda_u/lambda_t."""
    coefficients = standard_model(point, SCALE, "s")
    charm, up, chromomagnetic = two_loop_matrix_elements(point, "s")
    mass = point[f"m_{mode.parent}"]
    kappa = pole_mass(point, "b") / running_mass(point, "b", SCALE) / (1.0 - (point[f"m_{mode.vector}"] / mass) ** 2)
    spectator, slope = spectator_amplitude(point, mode, coefficients, light)
    power = mass / (2.0 * running_mass(point, "b", SCALE))
    same, flipped = np.zeros(_SIZE, dtype=np.complex128), np.zeros(_SIZE, dtype=np.complex128)
    local = coefficients.dipole + charm + light * up + chromomagnetic * coefficients.chromomagnetic
    same[0] = form_factor * (local + power * _correction(point, mode, "delta_C7 a_-"))
    same[0] += kappa * (spectator + slope * coefficients.chromomagnetic)
    flipped[0] = form_factor * (coefficients.dipole_flipped + power * _correction(point, mode, "delta_C7p a_+"))
    same[1] = flipped[2] = form_factor
    same[3] = form_factor * chromomagnetic
    if not follows_flavio(point):  # flavio leaves these out
        same[3] += kappa * slope
        flipped[4] = same[3]
        flipped[0] += flipped[4] * coefficients.chromomagnetic_flipped
    return same, flipped


def _correction(point: ParameterPoint, mode: PhotonMode, name: str) -> complex:
    prefix = f"{mode.parent}->{mode.vector} {name}"
    return complex(point[f"{prefix} Re"], point[f"{prefix} Im"])


def spectator_amplitude(
    point: ParameterPoint, mode: PhotonMode, coefficients: StandardModel, light: complex
) -> tuple[complex, complex]:
    r""":math:`\mathcal T_\perp` at q2 = 0 without chromomagnetic operator, and the factor of C8eff.

    .. math:: \mathcal T_\perp = \frac{\pi^2 f_B f_\perp}{3 m_B} \left[ \frac{1}{\lambda_B} \left\langle T_+ - \frac{4 \alpha_s
              e_d}{3 \pi u} C_8^\mathrm{eff} \right\rangle - \frac{4 e_q}{m_b} \left\langle \frac{1}{1 - u} \right\rangle a_1
              + \frac{2 e_q f_\parallel m_V}{\lambda_B f_\perp m_b} a_2 \right]

    with means over the distribution amplitude of transverse vector mesons, pole mass m_b, spectator charge e_q, the kernel T_+ of
    `_quark_loops`, and the annihilation coefficients :math:`a_1 = C_3 + \frac43 (C_4 + 3 C_5 + 4 C_6)`,
    :math:`a_2 = C_3 + \frac43 (C_4 + 12 C_5 + 16 C_6) - 3 C_2 \lambda_u/\lambda_t [u] + 6 (C_3 + 10 C_5) [\phi]`.

    References
    ----------
    hep-ph/0106067, eqs. (15), (23), (27); hep-ph/0412400, eqs. (47), (48), (51).
    """
    beauty, mass, vector = pole_mass(point, "b"), point[f"m_{mode.parent}"], point[f"m_{mode.vector}"]
    charge = UP if mode.spectator == "u" else DOWN
    moments = transverse_moments(point, mode.vector)
    transverse = transverse_decay_constant(point, mode.vector, SCALE)
    longitudinal = longitudinal_decay_constant(point, mode.vector)
    inverse = 1.0 / b_meson_moment(point, mode.parent, from_binding_energy=follows_flavio(point))
    penguin, up = annihilation(coefficients.four_quark, spectator=mode.spectator)
    norm = math.pi**2 * point[f"f_{mode.parent}"] * transverse / (3.0 * mass)
    weak: complex = -4.0 * charge / beauty * 3.0 * float(moments.sum()) * transverse_annihilation(coefficients.four_quark)
    weak += 2.0 * charge / beauty * inverse * longitudinal / transverse * vector * (penguin + up * light)
    loops = inverse * _quark_loops(point, mode, coefficients, light, moments)
    alternating = 3.0 * float(moments @ [1.0, -1.0, 1.0])
    slope = -4.0 * alpha_strong(point, SCALE, 5) / (3.0 * math.pi) * DOWN * inverse * alternating
    return norm * (loops + weak), norm * slope


def _quark_loops(point: ParameterPoint, mode: PhotonMode, coefficients: StandardModel, light: complex, moments: Real) -> complex:
    r"""Mean of the kernel T_+ of loops of four-quark operators with a photon and a gluon to the spectator.

    :math:`\frac{\alpha_s m_B}{6 \pi m_b} \{ \frac23 t_c (C_2 - \frac16 C_1 + 6 C_6) + ... \}` with
    :math:`t_q = \frac{2 m_B}{(1-u) E} [1 - \tau f(\tau)]`, :math:`\tau = 4 m_q^2 / ((1-u) m_B^2)`;
    hep-ph/0106067, eqs. (23), (27) and (33).
    """
    mass, vector = point[f"m_{mode.parent}"], point[f"m_{mode.vector}"]
    beauty, charm = pole_mass(point, "b"), pole_mass(point, "c")
    nodes, weights = (x[0] for x in threshold_nodes(np.array([4.0 * (charm / mass) ** 2]), _NODES))
    # variable 1 - u; the distribution amplitude over it
    t = 1.0 - 2.0 * nodes
    shape = 6.0 * (1.0 - nodes) * (moments[0] + 3.0 * moments[1] * t + 1.5 * moments[2] * (5.0 * t**2 - 1.0))
    energy = (mass**2 + vector**2) / (2.0 * mass)
    means = [
        complex(2.0 * mass / energy * np.sum(weights * shape * triangle(4.0 * (quark / mass) ** 2 / nodes)))
        for quark in (charm, beauty, 0.0)
    ]
    factors = penguin_factors(coefficients.four_quark, beauty / mass, follow_flavio=follows_flavio(point)).transverse
    total = factors.charm * means[0] + factors.beauty * means[1] + factors.light * means[2]
    total += light * factors.up * (means[0] - means[2])
    return alpha_strong(point, SCALE, 5) * mass / (6.0 * math.pi * beauty) * total
