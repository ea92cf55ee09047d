r"""One-loop matrix elements of the four-quark operators in O9, basis of hep-ph/9612313.

Masses and scales in GeV, q2 in GeV^2; arrays have the shape of `q2`. Threshold imaginary parts are positive.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.effective_coefficients.threshold_functions import bubble

__all__ = ["four_quark_loops", "light_quark_difference", "loop_from_bubble", "quark_loop"]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]


def quark_loop(q2: Real, mass: float, scale: float) -> Complex:
    r"""Vacuum polarisation h(q2, m) by a quark loop, hep-ph/0106067, eq. (11).

    With :math:`z = 4m^2/q^2`:

    .. math:: h = -\frac49 \ln\frac{m^2}{\mu^2} + \frac{8}{27} + \frac49 z - \frac49 (2 + z) \sqrt{|z - 1|}
              \begin{cases} \arctan(1/\sqrt{z-1}) & z > 1 \\
              \ln\frac{1 + \sqrt{1-z}}{\sqrt z} - \frac{i\pi}{2} & z \le 1 \end{cases}

    and :math:`\frac{8}{27} + \frac49 (\ln\frac{\mu^2}{q^2} + i\pi)` for m = 0.
    """
    if mass == 0:
        return np.asarray(8 / 27 + 4 / 9 * (np.log(scale**2 / q2) + 1j * np.pi))
    z = 4 * mass**2 / q2
    return loop_from_bubble(z, bubble(z), mass, scale)


def loop_from_bubble(ratio: Real, two_point: Complex, mass: float, scale: float) -> Complex:
    """`quark_loop` of a massive quark where the `bubble` at `ratio` = 4 m^2/q2 is known."""
    return np.asarray(8 / 27 - 8 / 9 * np.log(mass / scale) + 4 / 9 * ratio + 2 / 9 * (2 + ratio) * two_point)


def four_quark_loops(four_quark: Sequence[float], charm: Complex, beauty: Complex, light: Complex) -> Complex:
    """Y(q2) of arXiv:0811.1214, eq. (10), from C_1 ... C_6 and the loops of the three kinds of quark."""
    c1, c2, c3, c4, c5, c6 = four_quark
    return np.asarray(
        charm * (4 / 3 * c1 + c2 + 6 * c3 + 60 * c5)
        - 0.5 * beauty * (7 * c3 + 4 / 3 * c4 + 76 * c5 + 64 / 3 * c6)
        - 0.5 * light * (c3 + 4 / 3 * c4 + 16 * c5 + 64 / 3 * c6)
        + 4 / 3 * c3
        + 64 / 9 * c5
        + 64 / 27 * c6
    )


def light_quark_difference(four_quark: Sequence[float], charm: Complex, light: Complex) -> Complex:
    """Factor of lambda_u/lambda_t at one loop, hep-ph/0412400, eq. (43): zero for equal masses of charm and up."""
    return np.asarray((4 / 3 * four_quark[0] + four_quark[1]) * (charm - light))
