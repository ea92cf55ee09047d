r"""Hard kernels of gluon exchange with the spectator quark, integrated over the light meson.

A loop of quarks of mass m emits the lepton pair with q2 and a gluon that the spectator absorbs; the pair of quarks on either
side of the gluon has :math:`s = x m_B^2 + (1 - x) q^2`, x = 1 - u. With B_0 and f of `threshold_functions`,

.. math:: I_1 = 1 - \frac{4 m^2}{s - q^2} [f(s) - f(q^2)], \qquad \Delta B = B_0(s) - B_0(q^2)

the kernels of hep-ph/0106067, eqs. (27), (28) and (30), are

.. math:: t_\perp = \frac{2 m_B}{x E} I_1 + \frac{q^2}{x^2 E^2} \Delta B, \qquad
          t_\parallel = \frac{2 m_B}{x E} I_1 + \frac{s}{x^2 E^2} \Delta B .

I_1 follows from the dilogarithms given there, since they enter as :math:`L_1(x_+) + L_1(x_-) = -2f`. Computed are integrals with
:math:`\phi_n(x) = 6 x (1 - x) C_n^{3/2}(1 - 2x)`, n = 0, 1, 2: with the moments of any distribution amplitude they give its
means, and they depend on masses and q2 only. Massless quarks: in closed form, which holds down to the smallest q2, where
logarithms of q2/m_B^2 make nodes inefficient. Massive quarks: Gauss-Legendre in the root of the distance to the threshold.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.effective_coefficients.quark_loops import loop_from_bubble, quark_loop
from fitlq_theory.effective_coefficients.threshold_functions import angle_from_bubble, bubble, squared_angle

__all__ = ["LoopMoments", "massive_moments", "massless_moments", "propagator_moments", "threshold_nodes"]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]

# phi_0, phi_1, phi_2 as polynomials: coefficients of x, x^2, x^3, x^4
_POLYNOMIALS = np.array([[6.0, -6.0, 0.0, 0.0], [18.0, -54.0, 36.0, 0.0], [36.0, -216.0, 360.0, -180.0]])
# on each side of the threshold; differs from 40 by 1e-11, and by 1e-8 where q2 comes close to 4 m_c^2
_NODES = 16


@dataclass(frozen=True, slots=True)
class LoopMoments:
    r"""Integrals with :math:`\phi_n` of what a loop of one kind of quark gives; each (n, 3).

    `triangle`: :math:`\int \phi_n I_1/x`; `bubble`: :math:`\int \phi_n \Delta B/x`; `bubble_squared`:
    :math:`\int \phi_n \Delta B/x^2`; `vacuum`: :math:`\int \phi_n h(s)` with the vacuum polarisation of `quark_loop`.
    """

    triangle: Complex
    bubble: Complex
    bubble_squared: Complex
    vacuum: Complex


def massive_moments(mass: float, quark: float, q2: Real, scale: float, *, nodes: int = _NODES) -> LoopMoments:
    """Moments of a massive quark.

    Parameters
    ----------
    mass, quark : float
        Masses of the B meson and of the quark, GeV.
    q2 : ndarray, shape (n,)
        GeV^2, above 0 and below the threshold 4 `quark`^2.
    scale : float
        Renormalisation scale of the vacuum polarisation, GeV.
    nodes : int
        On each side of the threshold.
    """
    threshold = 4.0 * quark**2
    x, weights = threshold_nodes((threshold - q2) / (mass**2 - q2), nodes)
    s = x * mass**2 + (1.0 - x) * q2[:, None]
    tau = threshold / s
    two_point = bubble(tau)
    difference = two_point - bubble(threshold / q2)[:, None]
    angles = angle_from_bubble(tau, two_point) - squared_angle(threshold / q2)[:, None]
    triangle = 1.0 - threshold * angles / (s - q2[:, None])
    t = 1.0 - 2.0 * x
    shape = (6.0 * (1.0 - x) * weights)[..., None] * np.stack([np.ones_like(t), 3.0 * t, 1.5 * (5.0 * t**2 - 1.0)], axis=-1)

    def mean(values: Complex) -> Complex:
        return np.asarray((values[:, None] @ shape)[:, 0])

    return LoopMoments(
        triangle=mean(triangle),
        bubble=mean(difference),
        bubble_squared=mean(difference / x),
        vacuum=mean(x * loop_from_bubble(tau, two_point, quark, scale)),
    )


@cache
def _unit_nodes(nodes: int) -> tuple[Real, Real]:
    t, w = np.polynomial.legendre.leggauss(nodes)
    return 0.5 * (t + 1.0), 0.5 * w


def threshold_nodes(edge: Real, nodes: int) -> tuple[Real, Real]:
    """Nodes and weights on (0, 1), dense on both sides of square-root thresholds at `edge` (n,) > 0; each (n, 2 `nodes`).

    A threshold above 1 is taken to be at 1; the side above it then has no length.
    """
    t, w = _unit_nodes(nodes)
    at = np.minimum(edge, 1.0)[:, None]
    x = np.concatenate([at * (1.0 - t**2), at + (1.0 - at) * t**2], axis=1)
    return x, np.concatenate([at * (2.0 * t * w), (1.0 - at) * (2.0 * t * w)], axis=1)


def massless_moments(mass: float, q2: Real, scale: float) -> LoopMoments:
    r"""Moments of a massless quark: :math:`I_1 = 1`, :math:`\Delta B = -\ln(s/q^2)`; parameters as `massive_moments`."""
    rise = mass**2 / q2 - 1.0
    ratios = _power_ratios(rise)
    logarithms = _power_logarithms(rise, ratios)
    powers = 1.0 / np.arange(1.0, 5.0)
    # h(s, 0) = h(q2, 0) - 4/9 ln(s/q2); only phi_0 has a mean
    vacuum = (-4.0 / 9.0 * _POLYNOMIALS @ logarithms[2:]).astype(np.complex128)
    vacuum[0] += quark_loop(q2, 0.0, scale)
    return LoopMoments(
        triangle=np.broadcast_to(_POLYNOMIALS @ powers, (len(q2), 3)).astype(np.complex128),
        bubble=-(_POLYNOMIALS @ logarithms[1:-1]).T.astype(np.complex128),
        bubble_squared=-(_POLYNOMIALS @ logarithms[:-2]).T.astype(np.complex128),
        vacuum=vacuum.T,
    )


def propagator_moments(mass: float, q2: Real) -> Real:
    r""":math:`\int \phi_n / (x + (1 - x) q^2/m_B^2)`, shape (n, 3).

    With the fractions of quark and antiquark exchanged, :math:`1/(u + x q^2/m_B^2)`, odd n change sign.
    """
    ratios = _power_ratios(mass**2 / q2 - 1.0)
    return np.asarray((_POLYNOMIALS @ ratios[1:5]).T * (mass**2 / q2)[:, None])


def _power_ratios(rise: Real) -> Real:
    r""":math:`\int_0^1 x^j/(1 + \kappa x)`, j = 0 ... 5, shape (6, n); the recursion is stable for :math:`\kappa > 1`."""
    found = [np.log1p(rise) / rise]
    for j in range(1, 6):
        found.append((1.0 / j - found[-1]) / rise)
    return np.stack(found)


def _power_logarithms(rise: Real, ratios: Real) -> Real:
    r""":math:`\int_0^1 x^j \ln(1 + \kappa x)`, j = -1 ... 4, shape (6, n); the first is :math:`-\mathrm{Li}_2(-\kappa)`."""
    from scipy.special import spence

    found = [-spence(1.0 + rise)]
    found += [(np.log1p(rise) - rise * ratios[j + 1]) / (j + 1) for j in range(5)]
    return np.stack(found)
