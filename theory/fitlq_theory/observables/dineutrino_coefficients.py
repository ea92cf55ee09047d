r"""What all decays d_i -> d_j nu nubar share: the operators, their coefficients and the Standard Model value.

.. math::

    \mathcal L = \frac{4 G_F}{\sqrt 2} V_{tq} V_{tq'}^* \frac{e^2(\mu)}{16\pi^2} \sum_{kl}
    \left[ C_L^{kl} (\bar q' \gamma_\mu P_L q) + C_R^{kl} (\bar q' \gamma_\mu P_R q) \right]
    (\bar\nu_k \gamma^\mu (1-\gamma_5) \nu_l) + \mathrm{h.c.}

for ``CL_bsnu{k}nu{l}`` (q = b, q' = s) and ``CL_sdnu{k}nu{l}`` (q = d, q' = s; note the order V_td V_ts^*), the
definition of the WCxf basis "WET, flavio". Coefficients are those of new physics only. Neutrino flavours are not observed:
rates are sums over the nine pairs.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.contracts import Coefficient
from fitlq_theory.electromagnetic_coupling import alpha_electromagnetic
from fitlq_theory.parameter_point import ParameterPoint

__all__ = ["FLAVOUR_COUNT", "chiral_amplitudes", "dineutrino_coefficients", "standard_model_coefficient"]

Complex = NDArray[np.complex128]

_NEUTRINOS = ("nue", "numu", "nutau")
FLAVOUR_COUNT = len(_NEUTRINOS)


def dineutrino_coefficients(quarks: str, eft: str, scale: float) -> tuple[Coefficient, ...]:
    """The 18 coefficients of a transition: nine CL, then nine CR, pairs in the order ee, e mu, e tau, mu e, ...

    Parameters
    ----------
    quarks : {"bs", "bd", "sd"}
    eft : str
        ``"WET"``, ``"WET-3"``.
    scale : float
        In GeV.
    """
    pairs = [first + second for first in _NEUTRINOS for second in _NEUTRINOS]
    return tuple(Coefficient(f"{kind}_{quarks}{pair}", eft, scale) for kind in ("CL", "CR") for pair in pairs)


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
