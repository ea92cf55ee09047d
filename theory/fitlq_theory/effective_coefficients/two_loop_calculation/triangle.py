r"""Photon coupled to the charm loop, gluon between the loop and an external quark.

By C only the axial part of the weak current contributes. The triangle of one axial and two vector currents is finite (Adler,
Phys. Rev. 177 (1969) 2426): with Feynman parameters x (opposite to the photon) and y = u (1 - x) its denominator is that of a
propagator in the momentum r of the gluon, which flows out of the loop,

.. math:: A_i \propto \int \frac{w_i}{x (1 - x)} \frac{1}{(r + u q)^2 - M^2}, \qquad
    M^2 = \frac{z - \sigma (1 - x)}{x (1 - x)}, \quad \sigma = u (1 - u) s,

:math:`w_3 \ldots w_6 = -xy, -x(1-x), y(1-y), xy`. The gluon, the quark and this propagator make a one-loop triangle; with the
parameters v of the last one and :math:`\eta = (1 - v) y'` of the quark its denominator is

.. math:: \Delta_s = v [M^2 - (1 - v) u (u s + y' (1 - s))], \qquad
    \Delta_b = v M^2 + (1 - v)^2 y'^2 - v (1 - v) u (u s - y' (1 + s)).

Both have a negative imaginary part everywhere if :math:`M^2` has one. The integral over x is therefore taken over M^2, from the
branch point where the two solutions x(M^2) meet to -i infinity, and the inner parameters bend away from what is left of the
singularities at the branch point.

One divergence depends on the mass: gluons of large momentum renormalise the four-quark vertex, which leaves the one-loop function
:math:`h(s, z)`. It comes from :math:`w_5` at :math:`x \to 0` and is regularised by :math:`1/r^2 \to 1/(r^2)^{1 + \delta}`, which
treats both external quarks alike and leaves the mass-dependent factors alone; poles are dropped. The finite multiple of h between
this and the scheme of hep-ph/9612313 is determined in ``assembly``.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.effective_coefficients.two_loop_calculation.numerators import (
    MONOMIALS,
    Leg,
    Numerators,
    project,
    triangle_numerators,
)
from fitlq_theory.effective_coefficients.two_loop_calculation.quadrature import Accuracy, bent, graded, half_line

__all__ = ["triangle"]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]

# Q_c C_F / 2 (normalisation of h, colour) times 16 (trace of the triangle, its two orientations, Feynman parameters)
_NORMALISATION = 0.5 * (2 / 3) * (4 / 3) * 16
# how far the inner parameters leave the real axis: (1 - v, y') of each quark; up where the denominator falls with them
_BENDING: dict[Leg, tuple[float, float]] = {"s": (0.6, 0.6), "b": (0.0, -0.6)}
_ABOVE_REAL_AXIS = 1e-300j


def triangle(s: float, z: float, accuracy: Accuracy) -> Complex:
    """Contribution to (F7, F9) of O2, up to constants and a multiple of h, see above.

    Parameters
    ----------
    s : float
        q2/m_b^2, between 0 and 1.
    z : float
        Squared mass of the quark in the loop over m_b^2; may be zero.
    accuracy : Accuracy
        Numbers of nodes.
    """
    total = np.zeros(2, dtype=np.complex128)
    ends = _divisions(s, z)
    nodes, weights = graded(accuracy.outer)
    for lower, upper in pairwise(ends):
        u, weight = lower + (upper - lower) * nodes, (upper - lower) * weights
        mass, density = _massless_contour(s, u, accuracy) if z == 0 else _massive_contour(s, z, u, accuracy)
        at_large_momentum = _large_momentum(s, z, u)
        for leg in get_args(Leg):
            numerators = triangle_numerators(leg, s)
            inner = _quark_triangle(leg, s, mass, u, numerators, accuracy)
            total += np.einsum("tum,tfum,u->f", density, inner, weight)
            total -= np.einsum("tu,tfu,u->f", at_large_momentum, _averages(leg, u, numerators), weight)
    return _NORMALISATION * total


def _divisions(s: float, z: float) -> list[float]:
    """Ends of the intervals in u between which the integrand is smooth."""
    ends = {0.0, 1.0}
    if z > 0:
        ends.add(0.5)
        # the branch point in M^2 meets the normal threshold of the triangle with the light quark
        crossing = 4 * z * (1 - s) / (1 - 4 * z * s)
        if 2 * z < crossing < 1:
            ends.add(crossing)
    if s > 4 * z > 0:
        root = np.sqrt(1 - 4 * z / s)
        ends |= {(1 - root) / 2, (1 + root) / 2}
    return sorted(ends)


def _parameter_weights(x: Complex, u: Real) -> Complex:
    """(1 - x) x w_i / (x (1 - x)), with the measure du dx of the triangle and without the 1/x of w_5."""
    return np.stack([-u * x * (1 - x), -x * (1 - x), u * (1 - x) * (1 - u * (1 - x)), u * x * (1 - x)])


def _massive_contour(s: float, z: float, u: Real, accuracy: Accuracy) -> tuple[Complex, Complex]:
    """M^2 on the contour, shape (u, m), and the measure times the weights of the structures, shape (4, u, m)."""
    sigma = (u * (1 - u) * s)[:, None]
    root = np.sqrt(z - sigma - _ABOVE_REAL_AXIS)
    branch, other = (2 * z - sigma + sign * 2 * np.sqrt(z) * root for sign in (1, -1))
    distance, weight = half_line(accuracy.contour)
    mass = branch - 1j * distance
    discriminant = np.sqrt(-1j * distance) * np.sqrt(mass - other)
    density = np.zeros((4, *mass.shape), dtype=np.complex128)
    for sign in (1, -1):
        x = (mass - sigma + sign * discriminant) / (2 * mass)
        density += _parameter_weights(x, u[:, None]) * (1 - x) / discriminant  # |dx/dM^2| = x (1 - x) / discriminant
    return mass, density * (-1j * weight)


def _massless_contour(s: float, u: Real, accuracy: Accuracy) -> tuple[Complex, Complex]:
    """The same for a massless loop, where M^2 = -sigma / x."""
    x, weight = bent(*graded(accuracy.contour), -1.0)
    mass = -(u * (1 - u) * s)[:, None] / x
    return mass, _parameter_weights(np.broadcast_to(x, mass.shape), u[:, None]) * weight / x


def _quark_triangle(leg: Leg, s: float, mass: Complex, u: Real, numerators: Numerators, accuracy: Accuracy) -> Complex:
    """Loop of gluon, quark and the propagator of mass M^2, shape (4, 2, u, m), without its logarithm at large M^2.

    The loop momentum gives -log(Delta) with the quadratic numerators, -1/(2 Delta) with the constant ones.
    """
    bend_omega, bend_y = _BENDING[leg]
    omega, weight_omega = bent(*graded(accuracy.inner), bend_omega)
    y, weight_y = bent(*graded(accuracy.inner), bend_y)
    omega, y = (grid.ravel() for grid in np.meshgrid(omega, y, indexing="ij"))
    v, measure = 1 - omega, 2 * omega * np.outer(weight_omega, weight_y).ravel()
    column = u[:, None]
    if leg == "s":
        denominator = mass[..., None] - (omega * column * (column * s + y * (1 - s)))[:, None]  # over v
        logarithm = np.log(denominator) - np.log(mass)[..., None]
        inverse = 1 / (v * denominator)
    else:
        denominator = v * mass[..., None] + (omega**2 * y**2 - v * omega * column * (column * s - y * (1 + s)))[:, None]
        logarithm = np.log(denominator) - np.log(v) - np.log(mass)[..., None]
        inverse = 1 / denominator
    monomials = _shifted_monomials(leg, omega, y, column)
    quadratic, constant = (_as_weights(table, monomials, measure) for table in (numerators.quadratic, numerators.constant))
    summed = -logarithm @ quadratic - inverse @ constant / 2
    return np.moveaxis(summed, -1, 0).reshape(4, 2, *mass.shape)


def _as_weights(table: Real, monomials: list[Complex], measure: Any) -> Complex:
    """Numerators of all structures and of (F7, F9) times the measure, shape (u, inner, 8)."""
    shape = np.broadcast_shapes(*(m.shape for m in monomials))
    polynomials = [p for structure in table for p in project(structure, monomials)]
    return np.stack([np.broadcast_to(p * measure, shape) for p in polynomials], axis=-1)


def _shifted_monomials(leg: Leg, omega: Any, y: Any, u: Real) -> list[Complex]:
    """The monomials at the loop momentum that completes the square: r = omega y' p_s - v u q or -omega y' p_b - v u q."""
    a = omega * y if leg == "s" else -omega * y
    b = -(1 - omega) * u
    return [np.asarray(a**i * b**j) for i, j in MONOMIALS]


def _averages(leg: Leg, u: Real, numerators: Numerators) -> Real:
    """Quadratic numerators integrated over the inner parameters, shape (4, 2, u)."""
    nodes, weights = np.polynomial.legendre.leggauss(4)  # exact: polynomials of low degree
    omega, y = (grid.ravel() for grid in np.meshgrid((nodes + 1) / 2, (nodes + 1) / 2, indexing="ij"))
    measure = 2 * omega * np.outer(weights, weights).ravel() / 4
    weighted = _as_weights(numerators.quadratic, _shifted_monomials(leg, omega, y, u[:, None]), measure)
    return np.asarray(weighted.real.sum(axis=1).T.reshape(4, 2, len(u)))


def _large_momentum(s: float, z: float, u: Real) -> Complex:
    r"""Logarithm of the loop at large M^2 with the weights of the structures, shape (4, u).

    :math:`\log[x (1 - x) M^2] = \log(X + \sigma x)`, X = z - sigma. With 1/x from w_5 and the regularisation,
    :math:`\int dx\, x^{-1 + \delta} f(x) \Gamma(\delta) (X + \sigma x)^{-\delta} \to \frac12 f(0) \log^2 X
    + f(0) \mathrm{Li}_2(-\sigma/X) - \int dx \frac{f(x) - f(0)}{x} \log(X + \sigma x)`, up to constants and log X.
    """
    # imported here: only the calculation of the table needs it
    from scipy.special import spence

    sigma = u * (1 - u) * s
    threshold = z - sigma - _ABOVE_REAL_AXIS
    x, weight = bent(*graded(32), -1.0)
    logarithm = np.log(threshold[:, None] + sigma[:, None] * x)
    common = (logarithm * (1 - x) * weight).sum(axis=1)
    slope = u[:, None] * (2 * u[:, None] - 1 - x * u[:, None])
    at_zero = u * (1 - u)
    fifth = (logarithm * slope * weight).sum(axis=1)
    fifth -= at_zero * (spence(1 + sigma / threshold) + np.log(threshold) ** 2 / 2)
    return np.stack([-u * common, -common, fifth, u * common])
