r"""The one-parameter integrals of which one-loop functions are made.

.. math:: K_n(x) = \int_0^1 \frac{t^n\, dt}{1 - t + x t}, \qquad
          J_{ab}(x) = \int_0^1 \frac{t^a (1-t)^b\, dt}{1 - t + x t}

with x > 0 a ratio of squared masses. With d = 1 - x: :math:`K_0 = -\ln x / d`, :math:`K_n = (K_{n-1} - 1/n)/d`, and around
x = 1 the series :math:`\sum_k d^k/(n + k + 1)`.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["SMALLEST_RATIO", "feynman_integral", "feynman_integral_derivative", "power_integral"]

Real = NDArray[np.float64]

# massless fermions: integrals that stay finite are reached to 1e-13, divergent ones are cut off here
SMALLEST_RATIO = 1e-100
_SERIES_BELOW = 0.5  # in |d|: the series then loses nothing after 60 terms, the recursion not more than a factor 2^n of rounding
_TERMS = 60


def power_integral(n: int, x: ArrayLike) -> Real:
    """K_n of the module docstring, elementwise."""
    ratio = np.maximum(np.asarray(x, dtype=np.float64), SMALLEST_RATIO)
    d = 1.0 - ratio
    near = np.abs(d) < _SERIES_BELOW
    small = np.where(near, d, 0.0)
    series = np.zeros_like(d)
    for k in range(_TERMS - 1, -1, -1):
        series = series * small + 1.0 / (n + k + 1)
    far = np.where(near, 2.0, d)
    recursion = -np.log(np.where(near, 1.0, ratio)) / far
    for m in range(1, n + 1):
        recursion = (recursion - 1.0 / m) / far
    return np.asarray(np.where(near, series, recursion))


def feynman_integral(a: int, b: int, x: ArrayLike) -> Real:
    """J_ab of the module docstring, elementwise."""
    return np.asarray(sum((-1) ** k * math.comb(b, k) * power_integral(a + k, x) for k in range(b + 1)))


def feynman_integral_derivative(n: int, x: ArrayLike) -> Real:
    """dK_n/dx, elementwise."""
    ratio = np.maximum(np.asarray(x, dtype=np.float64), SMALLEST_RATIO)
    d = 1.0 - ratio
    near = np.abs(d) < _SERIES_BELOW
    small = np.where(near, d, 0.0)
    series = np.zeros_like(d)
    for k in range(_TERMS, 0, -1):
        series = series * small + k / (n + k + 1)
    far = np.where(near, 2.0, d)
    closed = (1.0 / ratio - (n + 1) * power_integral(n, ratio)) / far
    return -np.asarray(np.where(near, series, closed))
