"""Gamma matrices and spin sums by explicit matrices, to check rates without any of the package's formulas."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Complex = NDArray[np.complex128]
Real = NDArray[np.float64]

_PAULI = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]], dtype=np.complex128)
_ZERO, _ONE = np.zeros((2, 2)), np.eye(2)
METRIC = np.diag([1.0, -1.0, -1.0, -1.0])
GAMMA = np.array(
    [np.block([[_ONE, _ZERO], [_ZERO, -_ONE]]), *(np.block([[_ZERO, sigma], [-sigma, _ZERO]]) for sigma in _PAULI)],
    dtype=np.complex128,
)
GAMMA_5 = 1j * GAMMA[0] @ GAMMA[1] @ GAMMA[2] @ GAMMA[3]
UNIT = np.eye(4, dtype=np.complex128)
LEFT, RIGHT = 0.5 * (UNIT - GAMMA_5), 0.5 * (UNIT + GAMMA_5)


def slash(momentum: Real | Complex) -> Complex:
    """Contraction of a vector with upper index."""
    return np.einsum("m,mab->ab", METRIC @ momentum, GAMMA)


def bar(matrix: Complex) -> Complex:
    """gamma_0 M^dagger gamma_0."""
    return GAMMA[0] @ matrix.conj().T @ GAMMA[0]


def sigma(mu: int, nu: int) -> Complex:
    """i/2 [gamma^mu, gamma^nu]."""
    return 0.5j * (GAMMA[mu] @ GAMMA[nu] - GAMMA[nu] @ GAMMA[mu])


def spin_sum(out: Complex, matrix: Complex, incoming: Complex) -> float:
    """Sum over spins of |w_out-bar M w_in|^2; `out`, `incoming` are slash(p) + m for particles, - m for antiparticles."""
    return float(np.trace(out @ matrix @ incoming @ bar(matrix)).real)


def two_body_momentum(mass: float, first: float, second: float) -> float:
    """Momentum of the decay products in the rest frame."""
    return math.sqrt((mass**2 - (first + second) ** 2) * (mass**2 - (first - second) ** 2)) / (2 * mass)


def along_z(mass: float, momentum: float) -> Real:
    """Four-momentum (E, 0, 0, p)."""
    return np.array([math.hypot(mass, momentum), 0.0, 0.0, momentum])
