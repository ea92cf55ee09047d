r"""What all decays d_i -> d_j nu nubar share: the operators, their coefficients and the Standard Model value.

.. math::

    \mathcal L = \frac{4 G_F}{\sqrt 2} V_{tq} V_{tq'}^* \frac{e^2(\mu)}{16\pi^2} \sum_{kl}
    \left[ C_L^{kl} (\bar q' \gamma_\mu P_L q) + C_R^{kl} (\bar q' \gamma_\mu P_R q) \right]
    (\bar\nu_l \gamma^\mu (1-\gamma_5) \nu_k) + \mathrm{h.c.}

for ``CL_bsnu{k}nu{l}`` (q = b, q' = s), ``CL_bdnu{k}nu{l}`` and ``CL_sdnu{k}nu{l}`` (q = d, q' = s; note the order V_td V_ts^*),
the definition of the WCxf basis "WET, flavio". Light right-handed neutrinos N are an extension of it: ``CL_bsN{k}N{l}`` and
``CR_bsN{k}N{l}`` have :math:`(\bar N_l \gamma^\mu (1+\gamma_5) N_k)` instead and the same factor; for massless neutrinos their
rates add to those of the left-handed ones. Coefficients are those of new physics only. Neutrino flavours are not observed:
rates are sums over the nine pairs.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.contracts import Coefficient
from fitlq_theory.electromagnetic_coupling import alpha_electromagnetic
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.quadratic_forms import Real

__all__ = ["FLAVOUR_COUNT", "chiral_amplitudes", "dineutrino_coefficients", "flavour_sum", "standard_model_coefficient"]

Complex = NDArray[np.complex128]

_NEUTRINOS = ("nue", "numu", "nutau")
_RIGHT_HANDED = ("Ne", "Nmu", "Ntau")
FLAVOUR_COUNT = len(_NEUTRINOS)


def dineutrino_coefficients(quarks: str, eft: str, scale: float, *, right_handed: bool = False) -> tuple[Coefficient, ...]:
    """The coefficients of a transition: nine CL, then nine CR, pairs in the order ee, e mu, e tau, mu e, ...

    Parameters
    ----------
    quarks : {"bs", "bd", "sd"}
    eft : str
        ``"WET"``, ``"WET-3"``.
    scale : float
        In GeV.
    right_handed : bool
        Append 18 more with right-handed neutrinos (``"bs"``, ``"bd"``).
    """
    kinds = (_NEUTRINOS, _RIGHT_HANDED) if right_handed else (_NEUTRINOS,)
    return tuple(
        Coefficient(f"{kind}_{quarks}{first}{second}", eft, scale)
        for flavours in kinds
        for kind in ("CL", "CR")
        for first in flavours
        for second in flavours
    )


def standard_model_coefficient(point: ParameterPoint, scale: float) -> float:
    r"""The lepton-flavour diagonal C_L of the Standard Model without charm, real; -6.529 at 4.8 GeV.

    .. math:: C_L(\mu) = -\frac{X_t}{\sin^2\theta_W} \frac{\alpha_e(M_Z)}{\alpha_e(\mu)}

    The operator is a conserved current, so :math:`\alpha_e C_L` does not run (`scale` in GeV).

    References
    ----------
    X_t with two-loop electroweak corrections: arXiv:1009.0947; value: arXiv:2105.02868, eq. (5).
    """
    x_top = point["Xt_di->djnunu"] * point["alpha_e"] / alpha_electromagnetic(point, scale)
    return -x_top / point["s2w"]


def chiral_amplitudes(diagonal: complex, relative_sign: int) -> Complex:
    r"""Amplitudes :math:`C_L^{kl} \pm C_R^{kl}` as rows over the coefficient vector c = (1, CL..., CR...).

    Parameters
    ----------
    diagonal : complex
        Standard Model part of C_L^{kk}.
    relative_sign : {1, -1}
        +1: vector current of the quarks, -1: (minus the) axial one.

    Returns
    -------
    ndarray of complex, shape (3, 3, 19)
        Axes: flavour of nu_k, flavour of nu_l, coefficient.
    """
    pairs = FLAVOUR_COUNT**2
    rows = np.zeros((pairs, 1 + 2 * pairs), dtype=np.complex128)
    rows[:, 0] = diagonal * np.eye(FLAVOUR_COUNT).ravel()
    rows[:, 1 : 1 + pairs] = np.eye(pairs)
    rows[:, 1 + pairs :] = relative_sign * np.eye(pairs)
    return rows.reshape(FLAVOUR_COUNT, FLAVOUR_COUNT, -1)


def flavour_sum(diagonal: float, relative_sign: int) -> Real:
    r"""The form :math:`\sum_{kl} |C_L^{kl} \pm C_R^{kl}|^2` over left- and right-handed neutrinos, 73 x 73.

    The coefficients are those of `dineutrino_coefficients` with ``right_handed``; `diagonal` is the Standard Model part of
    C_L^{kk}.
    """
    quadratic, linear = _flavour_sum_parts(relative_sign)
    form = quadratic + diagonal * linear
    form[0, 0] = FLAVOUR_COUNT * diagonal**2
    return form


@cache
def _flavour_sum_parts(relative_sign: int) -> tuple[Real, Real]:
    """What multiplies the powers 0 and 1 of the Standard Model part; the sums are made at every point of the inputs."""
    pairs = FLAVOUR_COUNT**2
    quadratic, linear = (np.zeros((1 + 8 * pairs, 1 + 8 * pairs)) for _ in range(2))
    for start in (1, 1 + 4 * pairs):  # left- and right-handed neutrinos; (Re, Im) of each coefficient
        left, right = (np.arange(first, first + 2 * pairs) for first in (start, start + 2 * pairs))
        quadratic[left, left] = quadratic[right, right] = 1.0
        quadratic[left, right] = quadratic[right, left] = relative_sign
    for position in range(1, 1 + 2 * pairs, 2 * (FLAVOUR_COUNT + 1)):  # real parts of the diagonal pairs
        linear[0, position] = linear[position, 0] = 1.0
        linear[0, position + 2 * pairs] = linear[position + 2 * pairs, 0] = relative_sign
    return quadratic, linear
