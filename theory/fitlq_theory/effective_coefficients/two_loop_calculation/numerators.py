r"""Numerators of the two-loop diagrams, by explicit Dirac matrices.

On shell, the vertex of ``two_loop_calculation`` is a combination of three structures,

.. math:: V_\mu = \bar u_s (c_\gamma \gamma_\mu P_L + c_p p_{b\mu} P_R + c_q q_\mu P_R) u_b, \qquad
    c_p = -4 m_b F^{(7)}, \quad c_q = m_b (2 F^{(7)} - F^{(9)})

up to the common factor (Gordon identities); current conservation fixes :math:`c_\gamma`. Diagrams with a photon on an external
leg outside the loop contribute to :math:`c_\gamma` only, and the two other coefficients are finite wherever it matters, so
neither needs regularisation: the algebra is done in four dimensions.

A numerator is a polynomial in the coefficients of the loop momentum, r = a p + b q. It is found by interpolation, exactly up to
rounding, because it is a polynomial in a, b and s of known degree.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["MONOMIALS", "Leg", "Numerators", "bubble_numerators", "project", "triangle_numerators"]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]
Leg = Literal["s", "b"]

# powers (of a, of b)
MONOMIALS = tuple((i, j) for i in range(4) for j in range(4 - i))
_DEGREE_IN_S = 2
_MOMENTA = np.linspace(0.1, 0.7, _DEGREE_IN_S + 1)
_METRIC = np.diag([1.0, -1.0, -1.0, -1.0])
# (F7, F9) from (c_p, c_q)
_TO_FORM_FACTORS = np.array([[-0.25, 0.0], [-0.5, -1.0]])


def _gamma_matrices() -> Complex:
    one, zero = np.eye(2), np.zeros((2, 2))
    pauli = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
    blocks = [np.block([[zero, one], [one, zero]])] + [np.block([[zero, p], [-p, zero]]) for p in pauli]
    return np.array(blocks, dtype=np.complex128)


_GAMMA = _gamma_matrices()
_LOWERED = np.einsum("mn,nij->mij", _METRIC, _GAMMA)
_ONE = np.eye(4)
_GAMMA5 = 1j * _GAMMA[0] @ _GAMMA[1] @ _GAMMA[2] @ _GAMMA[3]
_LEFT, _RIGHT = (_ONE - _GAMMA5) / 2, (_ONE + _GAMMA5) / 2


@dataclass(frozen=True, slots=True)
class Numerators:
    """Coefficients of the monomials in a and b of (F7, F9).

    Attributes
    ----------
    constant : ndarray, shape (structures, monomials, 2)
        At l = 0, where l is the loop momentum after completion of the square.
    quadratic : ndarray, same shape
        Of l^2, after averaging over the directions of l.
    """

    constant: Real
    quadratic: Real


def _slash(p: Any) -> Complex:
    return np.asarray(np.einsum("...m,mij->...ij", p, _LOWERED))


def _dot(p: Any, k: Any) -> Any:
    return np.einsum("...m,mn,...n->...", p, _METRIC, k)


def _kinematics(s: float) -> tuple[Real, Real]:
    """Momenta of b (at rest) and of the massless quark."""
    energy = (1 - s) / 2
    return np.array([1.0, 0.0, 0.0, 0.0]), np.array([energy, 0.0, 0.0, energy])


def _between_spinors(matrices: Complex, s: float) -> Complex:
    """(c_p, c_q) -> (F7, F9) of matrices (n, mu, 4, 4), which must be on the three structures between on-shell spinors."""
    p_b, p_s = _kinematics(s)
    q = p_b - p_s
    light = (_slash(p_s) @ _RIGHT)[:, 2:].sum(axis=1).conj() @ _GAMMA[0]
    heavy = (_slash(p_b) + _ONE)[:, :2]
    structures = np.stack([_GAMMA @ _LEFT, p_b[:, None, None] * _RIGHT, q[:, None, None] * _RIGHT])
    columns = np.einsum("i,kmij,jh->mhk", light, structures, heavy).reshape(-1, 3)
    values = np.einsum("i,nmij,jh->mhn", light, matrices, heavy).reshape(-1, len(matrices))
    solution = np.linalg.lstsq(columns, values, rcond=None)[0]
    if not np.allclose(columns @ solution, values, atol=1e-9):
        problem = "a numerator is not on the structures that the vertex b -> s photon can have"
        raise ArithmeticError(problem)
    return np.asarray((_TO_FORM_FACTORS @ solution[1:]).T)


def _antisymmetric(a: Complex, b: Complex, c: Complex) -> Complex:
    """The totally antisymmetric product of three gamma matrices (of slashed vectors or of open indices)."""
    return (a @ b @ c - c @ b @ a) / 2


def _triangle_tensors(q: Real, r: Real) -> Complex:
    """The four conserved tensors of the axial-vector-vector triangle, shape (4, n, mu, beta, 4, 4); photon q mu, gluon r beta.

    They multiply A3 ... A6 of Adler, Phys. Rev. 177 (1969) 2426; A1 and A2 are eliminated by current conservation. The axial
    index is contracted with gamma P_L, which turns the epsilon tensor into the antisymmetric product.
    """
    n = len(r)
    mu, beta = _GAMMA[None, :, None], _GAMMA[None, None, :]
    slash_q, slash_r = (np.broadcast_to(_slash(p), (n, 4, 4))[:, None, None] for p in (q, r))
    dots = {name: np.asarray(x)[..., None, None, None, None] for name, x in (("qr", _dot(r, q)), ("rr", _dot(r, r)))}
    contact_q = _antisymmetric(slash_q, mu, beta)
    contact_r = _antisymmetric(slash_r, mu, beta)
    open_mu, open_beta = _antisymmetric(slash_q, slash_r, mu), _antisymmetric(slash_q, slash_r, beta)
    return np.stack(
        [
            dots["qr"] * contact_q + q[None, None, :, None, None] * open_mu,
            dots["rr"] * contact_q + r[:, None, :, None, None] * open_mu,
            _dot(q, q) * contact_r + q[None, :, None, None, None] * open_beta,
            dots["qr"] * contact_r + r[:, :, None, None, None] * open_beta,
        ]
    )


def _triangle_at(leg: Leg, s: float, r: Real) -> Complex:
    """Numerators of the triangle diagrams, shape (4, n, mu, 4, 4): the gluon momentum r flows into the quark."""
    p_b, p_s = _kinematics(s)
    tensors = _triangle_tensors(p_b - p_s, r)
    if leg == "s":
        return np.asarray(np.einsum("bij,njk,tnmbkl,lo->tnmio", _LOWERED, _slash(p_s - r), tensors, _LEFT, optimize=True))
    return np.asarray(np.einsum("tnmbij,jk,nkl,blo->tnmio", tensors, _LEFT, _slash(p_b + r) + _ONE, _LOWERED, optimize=True))


def _sample_points() -> tuple[Real, Real]:
    grid = np.linspace(-1.0, 1.0, 4)
    points = np.array([(a, b) for a in grid for b in grid])
    return points, np.array([[a**i * b**j for i, j in MONOMIALS] for a, b in points])


def _in_monomials(values: Complex, monomials: Real) -> Real:
    """Coefficients (..., monomials, 2) of the polynomials with values (..., points, 2)."""
    coefficients = np.einsum("kp,...pf->...kf", np.linalg.pinv(monomials), values)
    if not np.allclose(np.einsum("pk,...kf->...pf", monomials, coefficients), values, atol=1e-9):
        problem = "a numerator is not a polynomial of the expected degree"
        raise ArithmeticError(problem)
    return np.asarray(np.where(np.abs(coefficients.real) < 1e-11, 0.0, coefficients.real))


@cache
def _triangle_in_s(leg: Leg) -> tuple[Real, Real]:
    """Coefficients of the powers of s of constant and quadratic numerators, each (powers, 4, monomials, 2)."""
    points, monomials = _sample_points()
    found = []
    for s in _MOMENTA:
        p_b, p_s = _kinematics(float(s))
        r = points[:, :1] * (p_s if leg == "s" else p_b) + points[:, 1:] * (p_b - p_s)
        constant = _triangle_at(leg, float(s), r)
        quadratic = np.zeros_like(constant)
        for axis in range(4):  # l_m l_n -> l^2 g_mn / 4; odd powers of l drop out of the second difference
            step = np.eye(4)[axis]
            second = (_triangle_at(leg, float(s), r + step) + _triangle_at(leg, float(s), r - step)) / 2 - constant
            quadratic += _METRIC[axis, axis] / 4 * second
        pair = [np.stack([_between_spinors(m, float(s)) for m in matrices]) for matrices in (constant, quadratic)]
        found.append([_in_monomials(values, monomials) for values in pair])
    powers = np.linalg.inv(np.vander(_MOMENTA, increasing=True))
    both = np.einsum("ks,sc...->ck...", powers, np.array(found))
    return both[0], both[1]


def triangle_numerators(leg: Leg, s: float) -> Numerators:
    """Numerators of the triangle with the gluon on one external quark.

    Parameters
    ----------
    leg : str
        ``s``: the loop momentum is r = a p_s + b q + l; ``b``: r = a p_b + b q + l.
    s : float
        q2/m_b^2.

    Returns
    -------
    Numerators
        The four structures belong to A3 ... A6.
    """
    constant, quadratic = (np.einsum("k,k...->...", s ** np.arange(_DEGREE_IN_S + 1), c) for c in _triangle_in_s(leg))
    return Numerators(constant, quadratic)


@cache
def _bubble_in_s(leg: Leg) -> Real:
    points, monomials = _sample_points()
    found = []
    for s in _MOMENTA:
        p_b, p_s = _kinematics(float(s))
        r = points[:, :1] * p_s + points[:, 1:] * p_b
        mass = 0.0 if leg == "s" else 1.0
        first, second = (_slash(p - r) + mass * _ONE for p in (p_s, p_b))
        orders = {"s": "bij,njk,mkl,nlo,bop,pw->nmiw", "b": "bij,jk,nkl,mlo,nop,bpw->nmiw"}
        factors = (
            (_LOWERED, first, _GAMMA, second, _GAMMA, _LEFT) if leg == "s" else (_LOWERED, _LEFT, first, _GAMMA, second, _GAMMA)
        )
        matrices = np.einsum(orders[leg], *factors, optimize=True)
        found.append(_in_monomials(_between_spinors(matrices, float(s)), monomials))
    return np.asarray(np.einsum("ks,s...->k...", np.linalg.inv(np.vander(_MOMENTA, increasing=True)), np.array(found)))


def bubble_numerators(leg: Leg, s: float) -> Real:
    """Numerators at l = 0, shape (monomials, 2), of the photon coupled to one quark; loop momentum r = a p_s + b p_b + l."""
    return np.asarray(np.einsum("k,k...->...", s ** np.arange(_DEGREE_IN_S + 1), _bubble_in_s(leg)))


def project(coefficients: Real, monomials: list[Any]) -> list[Any]:
    """The two polynomials (F7, F9) with `coefficients` (monomials, 2) in the values of the monomials; 0.0 where they vanish."""
    return [sum((c * m for c, m in zip(column, monomials, strict=True) if c), start=0.0) for column in coefficients.T]
