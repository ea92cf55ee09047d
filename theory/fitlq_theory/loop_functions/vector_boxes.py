r"""Box diagrams of two heavy fermions and two massive gauge vectors, external masses and momenta neglected.

.. math:: F_n(x, y) = \frac{(n + \frac{xy}{4}) [j_2(x) - j_2(y)] - 2xy\, [j_1(x) - j_1(y)]}{x - y}, \qquad
          j_p(x) = \frac{1}{1-x} + \frac{x^p \ln x}{(1-x)^2}

with x, y the squared masses of the fermions over that of the vector; Goldstone bosons included. n = 1 for crossed boxes of equal
chiralities and uncrossed ones of opposite chirality, n = 4 for the other two. F_1(0, 0) = 1.

With couplings :math:`h \bar F \gamma^\alpha P V_{F i} f_i V_\alpha^*`, the coefficient of
:math:`(\bar f_k \gamma P f_i)(\bar f_l \gamma P f_j)` has the size
:math:`\frac{h^4}{16\pi^2 m_V^2} \sum \lambda_F \lambda_{F'} F_n`, up to colour and symmetry factors and a minus sign for
uncrossed boxes.

References
----------
The unitary combination F_1(x, x) - 2 F_1(x, 0) + F_1(0, 0) is S0(x) of meson mixing, and F_1(x, 0) = 1 + 4 B0(x) (arXiv:
hep-ph/9512380), see the tests; n = 4 from the algebra of three gamma matrices.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fitlq_theory.loop_functions.feynman_integrals import SMALLEST_RATIO, feynman_integral_derivative, power_integral

__all__ = ["vector_box"]

Real = NDArray[np.float64]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)
_NODES, _WEIGHTS = 0.5 * (_NODES + 1), 0.5 * _WEIGHTS
# arguments closer than this ratio: the difference quotient is the mean of the derivative, analytic between them
_CLOSE = 1.5


def vector_box(x: ArrayLike, y: ArrayLike, n: int = 1) -> Real:
    """F_n of the module docstring, elementwise; finite for x = y, for 1 and for 0."""
    first, second = np.broadcast_arrays(*(np.maximum(np.asarray(v, dtype=np.float64), SMALLEST_RATIO) for v in (x, y)))
    product = first * second
    return np.asarray((n + 0.25 * product) * _quotient(2, first, second) - 2 * product * _quotient(1, first, second))


def _function(p: int, x: Real) -> Real:
    # j_1 = 1 - x K_1, j_2 = 1 + x - x^2 K_1
    k = power_integral(1, x)
    return 1 - x * k if p == 1 else 1 + x * (1 - x * k)


def _derivative(p: int, x: Real) -> Real:
    k, slope = power_integral(1, x), feynman_integral_derivative(1, x)
    return -k - x * slope if p == 1 else 1 - 2 * x * k - x**2 * slope


def _quotient(p: int, x: Real, y: Real) -> Real:
    close = np.maximum(x, y) < _CLOSE * np.minimum(x, y)
    between = x[..., None] + (y - x)[..., None] * _NODES
    mean = _derivative(p, np.where(close[..., None], between, 1.0)) @ _WEIGHTS
    difference = np.where(close, 1.0, x - y)
    return np.asarray(np.where(close, mean, (_function(p, x) - _function(p, y)) / difference))
