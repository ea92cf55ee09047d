r"""Scattering off and annihilation with the spectator quark in B -> V l l below 8.9 GeV^2 (QCD factorisation).

.. math:: \Delta H_{0V} &= -\frac{i N}{2} \frac{m_b (m_B^2 - q^2)^2}{m_B^2 m_V \sqrt{q^2}} \mathcal T_\parallel, \qquad
          \Delta H_{-V} = -2 i N \frac{(m_B^2 - q^2) m_b}{q^2} \mathcal T_\perp, \qquad
          N = \frac{4 G_F}{\sqrt 2} \lambda_t \frac{\alpha_e}{4\pi} \\
          \mathcal T_\parallel &= \frac{\pi^2 f_B f_\parallel m_V}{3 m_B E} \int du\, \phi_\parallel \left\{
          \lambda_{B,+}^{-1} T_{\parallel,+} + \lambda_{B,-}^{-1} \left[ T_{\parallel,-} - \frac{4 e_q m_B}{m_b} C_q^{34}
          \right] \right\} \\
          \mathcal T_\perp &= \frac{\pi^2 f_B f_\perp}{3 m_B} \left\{ \int du\, \phi_\perp \left[ \lambda_{B,+}^{-1} T_{\perp,+}
          - \frac{4 e_q}{m_b} \frac{a_1}{\bar u + u q^2/m_B^2} \right]
          + \lambda_{B,+}^{-1} \frac{f_\parallel}{f_\perp} \frac{2 e_q m_V}{m_b (1 - q^2/m_B^2)} C_q^{34} \right\}

with the pole mass m_b and, in units of :math:`\alpha_s/(3\pi)` with the loops t, h of `spectator_kernels`,

.. math:: T_{\perp,+} &= -\frac{4 e_d C_8^\mathrm{eff}}{u + \bar u q^2/m_B^2} + \frac{m_B}{2 m_b} \sum c_\perp t_\perp, \qquad
          T_{\parallel,+} = \frac{m_B}{m_b} \sum c_\parallel t_\parallel \\
          T_{\parallel,-} &= \frac{8 e_q C_8^\mathrm{eff}}{\bar u + u q^2/m_B^2}
          + \frac{6 e_q m_B}{m_b} \left[\sum c\, h + c_0 \right],

whose factors c, :math:`C_q^{34}` and :math:`a_1` are those of `four_quark_penguins`. Not included: the part of the form factors
(which are those of QCD here) and the power-suppressed scattering of hep-ph/0412400, eqs. (52), (53). Strong coupling and
Wilson coefficients at 4.8 GeV, :math:`\lambda_B` and the moments as given in the inputs, without running.

A new C8 adds to C8eff. C8' is its mirror image: parity exchanges the transverse helicities and gives a sign, as in
H_0V ~ C7 - C7': it enters :math:`\Delta H_{0V}` with a minus, and :math:`\Delta H_{+V} = -\Delta H_{-V}(C_8 \to C_8')`. The
same holds for C8'eff = (m_s/m_b) C8eff of the Standard Model. flavio 2.7.1 has neither, and no new C8 here.

References
----------
hep-ph/0106067, eqs. (15), (18), (23)-(32), (54); hep-ph/0412400, eqs. (47)-(51).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.effective_coefficients.four_quark_penguins import (
    DOWN,
    UP,
    LoopFactors,
    annihilation,
    penguin_factors,
    transverse_annihilation,
)
from fitlq_theory.effective_coefficients.light_cone import (
    b_meson_moment,
    inverse_minus_moment,
    longitudinal_decay_constant,
    longitudinal_moments,
    transverse_decay_constant,
    transverse_moments,
)
from fitlq_theory.effective_coefficients.semileptonic import COEFFICIENTS, SCALE, ckm_ratio, follows_flavio
from fitlq_theory.effective_coefficients.spectator_kernels import (
    LoopMoments,
    massive_moments,
    massless_moments,
    propagator_moments,
)
from fitlq_theory.errors import InputError, UnknownNameError
from fitlq_theory.naming import unknown_name_message
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.qcd import alpha_strong, pole_mass, running_mass

__all__ = ["HIGHEST_Q2", "SPECTATOR_TRANSITIONS", "SpectatorScattering", "SpectatorTransition", "spectator_scattering"]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]

HIGHEST_Q2 = 8.9  # GeV^2: below the narrow charmonia
_SIZE = len(COEFFICIENTS) + 1
_C8, _C8P = 1 + COEFFICIENTS.index("C8"), 1 + COEFFICIENTS.index("C8p")
_EVEN_ODD = np.array([1.0, -1.0, 1.0])


@dataclass(frozen=True, slots=True)
class SpectatorTransition:
    """Names of the mesons among the inputs, and the spectator quark."""

    parent: str
    vector: str
    spectator: str

    @property
    def charge(self) -> float:
        """Charge of the spectator quark."""
        return UP if self.spectator == "u" else DOWN


SPECTATOR_TRANSITIONS = {
    "B0->K*0": SpectatorTransition("B0", "K*0", "d"),
    "B+->K*+": SpectatorTransition("B+", "K*+", "u"),
    "Bs->phi": SpectatorTransition("Bs", "phi", "s"),
}


@dataclass(frozen=True, slots=True)
class SpectatorScattering:
    """Rows over c = (1, `COEFFICIENTS`), each (n, 13), per unit N: additions to H_0V, H_-V and H_+V (the last from C8' only)."""

    longitudinal: Complex
    minus: Complex
    plus: Complex


@dataclass(frozen=True, slots=True)
class _Amplitudes:
    """Additions to H_0V and H_-V per unit N: Standard Model without CKM factors, factor of lambda_u/lambda_t, of C8eff; (n,)."""

    longitudinal: Complex
    longitudinal_up: Complex
    longitudinal_chromo: Complex
    minus: Complex
    minus_up: Complex
    minus_chromo: Complex


@dataclass(frozen=True, slots=True)
class _Kernels:
    """Moments of the loops of charm, beauty and massless quarks, and of the gluon propagator; they depend on masses and q2."""

    charm: LoopMoments
    beauty: LoopMoments
    light: LoopMoments
    propagator: Real


def spectator_scattering(point: ParameterPoint, transition: str, q2: Real, *, conjugate: bool = False) -> SpectatorScattering:
    """What the spectator quark adds to the helicity amplitudes.

    Parameters
    ----------
    point : ParameterPoint
        Choice ``b->s ll``: ``flavio-2.7.1`` imitates flavio's direct integrals.
    transition : {"B0->K*0", "B+->K*+", "Bs->phi"}
    q2 : ndarray, shape (n,)
        GeV^2, above 0, up to `HIGHEST_Q2`.
    conjugate : bool
        For the decay of the antiquark with c* as the vector of coefficients: CKM phases change sign, strong phases stay.

    Raises
    ------
    UnknownNameError
        Another transition.
    InputError
        q2 outside its range.
    """
    if transition not in SPECTATOR_TRANSITIONS:
        raise UnknownNameError(unknown_name_message("transition with spectator scattering", transition, SPECTATOR_TRANSITIONS))
    outside = q2[~((q2 > 0.0) & (q2 <= HIGHEST_Q2))]
    if outside.size:
        msg = f"spectator scattering in {transition}: q2 = {outside[0]:g} GeV^2, allowed is 0 < q2 <= {HIGHEST_Q2:g}"
        raise InputError(msg)
    found = point.shared(("spectator scattering", transition, q2.tobytes()), lambda p: _amplitudes(p, transition, q2))
    ratio = ckm_ratio(point, conjugate=conjugate)
    return _rows(point, found, ratio)


def _rows(point: ParameterPoint, found: _Amplitudes, ratio: complex) -> SpectatorScattering:
    longitudinal, minus, plus = (np.zeros((len(found.minus), _SIZE), dtype=np.complex128) for _ in range(3))
    longitudinal[:, 0] = found.longitudinal + ratio * found.longitudinal_up
    minus[:, 0] = found.minus + ratio * found.minus_up
    if not follows_flavio(point):
        longitudinal[:, _C8], longitudinal[:, _C8P] = found.longitudinal_chromo, -found.longitudinal_chromo
        minus[:, _C8], plus[:, _C8P] = found.minus_chromo, -found.minus_chromo
        flipped = running_mass(point, "s", SCALE) / running_mass(point, "b", SCALE) * point["C8eff(4.8 GeV) SM"]
        longitudinal[:, 0] += flipped * longitudinal[:, _C8P]
        plus[:, 0] = flipped * plus[:, _C8P]
    return SpectatorScattering(longitudinal=longitudinal, minus=minus, plus=plus)


def _kernels(point: ParameterPoint, parent: str, q2: Real) -> _Kernels:
    """The moments; each kind of quark is kept apart, so that a shifted mass recomputes its own loop only."""
    key = ("spectator kernels", parent, q2.tobytes())

    def massive(quark: Literal["c", "b"]) -> LoopMoments:
        return point.shared((*key, quark), lambda p: massive_moments(p[f"m_{parent}"], pole_mass(p, quark), q2, SCALE))

    return _Kernels(
        charm=massive("c"),
        beauty=massive("b"),
        light=point.shared((*key, "light"), lambda p: massless_moments(p[f"m_{parent}"], q2, SCALE)),
        propagator=point.shared((*key, "propagator"), lambda p: propagator_moments(p[f"m_{parent}"], q2)),
    )


def _amplitudes(point: ParameterPoint, transition: str, q2: Real) -> _Amplitudes:
    mode = SPECTATOR_TRANSITIONS[transition]
    kernels = _kernels(point, mode.parent, q2)
    mass, vector, beauty = point[f"m_{mode.parent}"], point[f"m_{mode.vector}"], pole_mass(point, "b")
    long: Complex = (
        -0.5j * beauty * (mass**2 - q2) ** 2 / (mass**2 * vector * np.sqrt(q2)) * _longitudinal(point, mode, kernels, q2)
    )
    minus = -2j * beauty * (mass**2 - q2) / q2 * _transverse(point, mode, kernels, q2)
    chromo = point["C8eff(4.8 GeV) SM"]
    return _Amplitudes(long[0] + chromo * long[2], long[1], long[2], minus[0] + chromo * minus[2], minus[1], minus[2])


def _transverse(point: ParameterPoint, mode: SpectatorTransition, kernels: _Kernels, q2: Real) -> Complex:
    """T_perp: without CKM factors and C8eff, factor of lambda_u/lambda_t, factor of C8eff; shape (3, n)."""
    mass, vector, beauty = point[f"m_{mode.parent}"], point[f"m_{mode.vector}"], pole_mass(point, "b")
    four_quark, coupling = _four_quark(point), alpha_strong(point, SCALE, 5) / (3.0 * math.pi)
    inverse = 1.0 / b_meson_moment(point, mode.parent, from_binding_energy=follows_flavio(point))
    f_vector, f_tensor = (
        longitudinal_decay_constant(point, mode.vector),
        transverse_decay_constant(point, mode.vector, SCALE),
    )
    moments = transverse_moments(point, mode.vector)
    energy = (mass**2 - q2 + vector**2) / (2.0 * mass)
    loops = [
        2.0 * mass / energy * (quark.triangle @ moments) + q2 / energy**2 * (quark.bubble_squared @ moments)
        for quark in (kernels.charm, kernels.beauty, kernels.light)
    ]
    factors = penguin_factors(four_quark, beauty / mass, follow_flavio=follows_flavio(point)).transverse
    scattering = coupling * inverse * mass / (2.0 * beauty) * _sum_of_loops(factors, loops)
    penguin, up = annihilation(four_quark, spectator=mode.spectator)
    weak = 2.0 * mode.charge / beauty * inverse * f_vector / f_tensor * vector / (1.0 - q2 / mass**2)
    first = -4.0 * mode.charge / beauty * transverse_annihilation(four_quark) * (kernels.propagator @ moments)
    # u and 1 - u exchanged: odd moments change sign
    chromo = -4.0 * DOWN * coupling * inverse * (kernels.propagator @ (_EVEN_ODD * moments))
    norm = math.pi**2 / 3.0 * point[f"f_{mode.parent}"] * f_tensor / mass
    parts = (scattering[0] + first + penguin * weak, scattering[1] + up * weak, chromo)
    return np.asarray(norm * np.stack(parts), dtype=np.complex128)


def _longitudinal(point: ParameterPoint, mode: SpectatorTransition, kernels: _Kernels, q2: Real) -> Complex:
    """T_parallel, as `_transverse`."""
    mass, vector, beauty = point[f"m_{mode.parent}"], point[f"m_{mode.vector}"], pole_mass(point, "b")
    four_quark, coupling = _four_quark(point), alpha_strong(point, SCALE, 5) / (3.0 * math.pi)
    moment = b_meson_moment(point, mode.parent, from_binding_energy=follows_flavio(point))
    moments = longitudinal_moments(point, mode.vector)
    energy = (mass**2 - q2 + vector**2) / (2.0 * mass)
    quarks = (kernels.charm, kernels.beauty, kernels.light)
    rest = mass**2 - q2  # s = q2 + x (m_B^2 - q2)
    loops = [
        2.0 * mass / energy * (quark.triangle @ moments)
        + (q2 * (quark.bubble_squared @ moments) + rest * (quark.bubble @ moments)) / energy**2
        for quark in quarks
    ]
    factors = penguin_factors(four_quark, beauty / mass, follow_flavio=follows_flavio(point))
    plus = coupling * mass / beauty * _sum_of_loops(factors.longitudinal, loops)
    minus = 6.0 * _sum_of_loops(factors.vacuum, [quark.vacuum @ moments for quark in quarks])
    minus[0] += 6.0 * factors.vacuum_constant
    weak = np.array(annihilation(four_quark, spectator=mode.spectator))
    minus = mode.charge * mass / beauty * (coupling * minus - 4.0 * weak[:, None])
    chromo = 8.0 * mode.charge * coupling * (kernels.propagator @ moments)
    lower = inverse_minus_moment(q2, mass, moment)
    norm = math.pi**2 / 3.0 * point[f"f_{mode.parent}"] * longitudinal_decay_constant(point, mode.vector) * vector / mass
    return np.asarray(norm / energy * np.concatenate([plus / moment + lower * minus, (lower * chromo)[None]]))


def _four_quark(point: ParameterPoint) -> tuple[float, ...]:
    return tuple(point[f"C{i}(4.8 GeV) SM"] for i in range(1, 7))


def _sum_of_loops(factors: LoopFactors, loops: list[Complex]) -> Complex:
    """Without CKM factors, and the factor of lambda_u/lambda_t; shape (2, n)."""
    charm, beauty, light = loops
    total = factors.charm * charm + factors.beauty * beauty + factors.light * light
    return np.stack([total, factors.up * (charm - light)])
