r"""Photon coupled to the external quarks, the loop being a vacuum polarisation of the gluon.

The loop turns O2 into :math:`K(r^2) (r^2 \gamma_\beta - r_\beta \slashed{r}) P_L T^a`. The second term vanishes in the sum over
the quarks that absorb the gluon, and in the first the propagator cancels. The difference to a massless loop falls like 1/r^2 and
is the dispersion integral

.. math:: K_z(r^2) - K_0(r^2) = -\frac23 \int_0^\infty dt\, \frac{\rho_z(t) - 1}{r^2 - t}, \qquad
    \rho_z = (1 + 2z/t) \sqrt{1 - 4z/t}\; \theta(t - 4z),

hence a one-loop diagram with a vector particle of mass :math:`\sqrt t`, which is ultraviolet finite. It is analytic for Im t < 0,
so both terms of the numerator are integrated on their own path through the lower half plane; they join where the first one ends.
"""

from __future__ import annotations

from typing import get_args

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.effective_coefficients.two_loop_calculation.numerators import MONOMIALS, Leg, bubble_numerators, project
from fitlq_theory.effective_coefficients.two_loop_calculation.quadrature import Accuracy, bent, unit_interval

__all__ = ["bubble_difference"]

Complex = NDArray[np.complex128]

# -Q_d C_F, times -2/3 of the dispersion relation
_NORMALISATION = -(-1 / 3) * (4 / 3) * (-2 / 3)
# where the two paths join, in units of the larger of 1 and the threshold
_JUNCTION = -2j


def bubble_difference(s: float, z: float, accuracy: Accuracy) -> Complex:
    """Contribution to (F7, F9) of O2 minus that of a massless loop.

    Parameters
    ----------
    s : float
        q2/m_b^2, between 0 and 1.
    z : float
        Squared mass of the quark in the loop over m_b^2, positive.
    accuracy : Accuracy
        Numbers of nodes.
    """
    x, weight = unit_interval(accuracy.contour)
    junction = _JUNCTION * max(1.0, 4 * z)
    step = junction - 4 * z
    below, above, beyond = (np.asarray(t, dtype=np.complex128) for t in (junction * x, 4 * z + step * x, junction / x))
    density = (1 + 2 * z / above) * np.sqrt(step * x) / np.sqrt(above)
    tail = (1 + 2 * z / beyond) * np.sqrt(beyond - 4 * z) / np.sqrt(beyond) - 1
    total = -(junction * weight) @ _exchange(s, below, accuracy)
    total = total + (step * weight * density) @ _exchange(s, above, accuracy)
    total = total + (junction / x**2 * weight * tail) @ _exchange(s, beyond, accuracy)
    return np.asarray(_NORMALISATION * total)


def _exchange(s: float, squared_mass: Complex, accuracy: Accuracy) -> Complex:
    """One-loop (F7, F9) from the exchange of a particle of complex squared mass t, shape (t, 2), by Feynman parameters."""
    total = np.zeros((len(squared_mass), 2), dtype=np.complex128)
    share, weight_share = unit_interval(2 * accuracy.inner)
    for leg in get_args(Leg):
        # the denominator of the light quark vanishes on the real axis, and falls with the sum of the other two parameters
        both, weight_both = bent(*unit_interval(2 * accuracy.inner), -1.0 if leg == "s" else 0.0)
        both_grid, share_grid = (grid.ravel() for grid in np.meshgrid(both, share, indexing="ij"))
        measure = np.outer(weight_both, weight_share).ravel()
        first, second = both_grid * (1 - share_grid), 1 - both_grid
        vector = both_grid * share_grid
        t = squared_mass[:, None]
        if leg == "s":  # divided by `both`, which the measure cancels
            denominator = share_grid * (t - second) - (1 - share_grid) * second * s
        else:
            denominator = vector * t + first + second**2 + first * second * (1 - s)
            measure = measure * both_grid
        monomials = [first**i * second**j for i, j in MONOMIALS]
        polynomials = [np.broadcast_to(p * measure, measure.shape) for p in project(bubble_numerators(leg, s), monomials)]
        total -= (1 / denominator) @ np.stack(polynomials, axis=-1)
    return total
