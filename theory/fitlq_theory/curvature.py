r"""Second-order theory errors, for the few observables that bend within a standard deviation of the inputs.

Along a direction of unit variance a value is :math:`v (1 + a z + b z^2)` with z normally distributed: its variance is
:math:`v^2 (a^2 + 2 b^2)`, and covariances are sums of such products. The second term is that of one more independent direction
along which the value changes by :math:`\sqrt 2\, b v`. For a product of powers :math:`\prod_k f_k^{p_k}` with
:math:`f_k \to f_k (1 + r_k z + e_k z^2)`

.. math:: a = \sum_k p_k r_k, \qquad b = \sum_k p_k e_k + \tfrac12 (a^2 - \sum_k p_k r_k^2).

The first sum of b is linear in changes of the forms, as the derivatives of `fitlq_theory.compiled` are; the rest is taken at the
Standard Model and put into one of the forms. Terms that mix two directions are left out.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["second_order_changes"]

Real = NDArray[np.float64]
Index = NDArray[np.intp]

# curvature counts if it adds at least this fraction to the variance: 5 % to the error
_SMALLEST_ADDITION = 0.1
# of what it adds, a direction below this fraction is left out
_SMALLEST_PART = 0.01
# a b that differs by more than this fraction from the even part of the exact change belongs to no smooth function (a fold)
_TOLERANCE = 0.3


def second_order_changes(forms: Real, powers: Sequence[float] | Real, odd: Real, even: Real) -> tuple[Index, Real]:
    """Directions along which an observable bends noticeably in the Standard Model, and the changes of its forms that say so.

    Parameters
    ----------
    forms : (K, M)
        Forms at the central inputs; the first monomial is the Standard Model.
    powers : (K,)
        Exponents of their product.
    odd, even : (J, K, M)
        Half the difference, and mean minus centre, of the forms one standard deviation up and down along J directions.

    Returns
    -------
    positions : (I,) int
        Which of the J directions.
    changes : (I, K, M)
        Derivatives of the forms along the additional directions; none where a form of several vanishes in the Standard Model.
    """
    p, centre = np.asarray(powers, dtype=np.float64), forms[:, 0]
    nothing = np.zeros(0, dtype=np.intp), np.zeros((0, *forms.shape))
    if not len(odd):
        return nothing
    if np.any(centre == 0):
        return _of_new_physics(forms, odd, even) if np.array_equal(p, [1.0]) else nothing
    r, e = odd[:, :, 0] / centre, even[:, :, 0] / centre
    if np.any(np.abs(r) + np.abs(e) >= 1):  # a form may change its sign: no expansion helps
        return nothing
    slope = r @ p
    crossed = 0.5 * (slope**2 - r**2 @ p)
    bend = e @ p + crossed
    added = 2.0 * bend**2
    if added.sum() < _SMALLEST_ADDITION * np.sum(slope**2) or not np.any(slope):
        return nothing
    exact = 0.5 * (np.prod((1 + r + e) ** p, axis=1) + np.prod((1 - r + e) ** p, axis=1)) - 1.0
    wanted = (added > _SMALLEST_PART * added.sum()) & (np.abs(bend - exact) <= _TOLERANCE * np.abs(exact))
    changes = even[wanted]
    changes[:, 0] += crossed[wanted, None] * forms[0] / p[0]
    return np.flatnonzero(wanted), np.sqrt(2.0) * changes


def _of_new_physics(form: Real, odd: Real, even: Real) -> tuple[Index, Real]:
    """The same for a rate that vanishes in the Standard Model: exact, as a rate is one form, for each product of coefficients."""
    added = 2.0 * even[:, 0] ** 2
    bends = added.sum(axis=0) > _SMALLEST_ADDITION * np.sum(odd[:, 0] ** 2, axis=0)
    bends &= added.sum(axis=0) > (_SMALLEST_ADDITION * form[0]) ** 2
    if not np.any(bends):
        return np.zeros(0, dtype=np.intp), np.zeros((0, *form.shape))
    wanted = np.any(added[:, bends] > _SMALLEST_PART * added[:, bends].sum(axis=0), axis=1)
    return np.flatnonzero(wanted), np.sqrt(2.0) * even[wanted]
