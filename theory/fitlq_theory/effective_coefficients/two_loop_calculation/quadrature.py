"""Nodes and weights for integrands with logarithms or powers at the ends of the interval."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Accuracy", "bent", "graded", "half_line", "unit_interval"]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]

# the double exponential is cut where its weights are below the rounding of double precision
_CUT_HALF_LINE = 3.9
_CUT_UNIT_INTERVAL = 3.1


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Numbers of nodes: of the outer parameter, along the contour of a mass, of each inner Feynman parameter."""

    outer: int = 24
    contour: int = 48
    inner: int = 22


def graded(count: int) -> tuple[Real, Real]:
    """Gauss-Legendre nodes on [0, 1] after x = t^3 (10 - 15 t + 6 t^2), which takes logarithms at both ends."""
    t, weight = np.polynomial.legendre.leggauss(count)
    t, weight = (t + 1) / 2, weight / 2
    return t**3 * (10 - 15 * t + 6 * t**2), 30 * (t * (1 - t)) ** 2 * weight


def bent(nodes: Real, weights: Real, amount: float) -> tuple[Complex, Complex]:
    """Nodes of [0, 1] moved onto the arc x + i amount x (1 - x) with the same ends."""
    return nodes + 1j * amount * nodes * (1 - nodes), weights * (1 + 1j * amount * (1 - 2 * nodes))


def half_line(count: int) -> tuple[Real, Real]:
    """Double-exponential rule on [0, infinity)."""
    k = np.linspace(-_CUT_HALF_LINE, _CUT_HALF_LINE, count)
    nodes = np.exp(np.pi / 2 * np.sinh(k))
    return nodes, nodes * np.pi / 2 * np.cosh(k) * (k[1] - k[0])


def unit_interval(count: int) -> tuple[Real, Real]:
    """Double-exponential rule on [0, 1]."""
    k = np.linspace(-_CUT_UNIT_INTERVAL, _CUT_UNIT_INTERVAL, count)
    exponent = np.pi / 2 * np.sinh(k)
    return 1 / (1 + np.exp(-2 * exponent)), np.pi / 4 * np.cosh(k) / np.cosh(exponent) ** 2 * (k[1] - k[0])
