r"""The running electromagnetic coupling below the weak scale.

Needed because the coefficients of semileptonic operators in the WCxf basis "flavio" are normalised to
:math:`e^2(\mu)/16\pi^2`: whoever defines or uses them must take the coupling at the scale of the coefficient.
"""

from __future__ import annotations

import math

from fitlq_theory.errors import InputError
from fitlq_theory.parameter_point import ParameterPoint

__all__ = ["alpha_electromagnetic"]

_COLOURS = 3
_CHARGE_UP, _CHARGE_DOWN, _CHARGE_LEPTON = 2 / 3, -1 / 3, -1
_LOWEST_SCALE = 0.5  # GeV; below, quarks are no degrees of freedom to run with


def alpha_electromagnetic(point: ParameterPoint, scale: float) -> float:
    r""":math:`\alpha_e(\mu)` in the MSbar scheme with one-loop running from its input value at the mass of the Z.

    .. math:: \frac{1}{\alpha(\mu)} = \frac{1}{\alpha(M_Z)}
              - \frac{2}{3\pi} \sum_f N_f Q_f^2 \ln\frac{\mu}{M_Z}

    over the fermions f with N_f colours that are lighter than the scale: u, d, s, c, b and three leptons above
    :math:`m_b(m_b)`; without b below it; without c and tau below :math:`m_c(m_c)`. Two-loop terms change the result by
    0.1 % and are left out.

    Parameters
    ----------
    point : ParameterPoint
        Reads ``alpha_e`` (MSbar at m_Z, five flavours), ``m_Z``, ``m_b`` and ``m_c`` (below them only).
    scale : float
        In GeV, between 0.5 and the top-quark threshold (five flavours are used above m_b).

    Returns
    -------
    float
        1/132.1 at 4.8 GeV, 1/133.3 at 2 GeV.

    Raises
    ------
    InputError
        A scale below 0.5 GeV.

    References
    ----------
    One-loop beta function of QED, e.g. PDG review "Electroweak model and constraints on new physics". The thresholds
    are those of flavio 2.7.1 up to the values of the quark masses (a relative effect below 1e-5).
    """
    if not scale >= _LOWEST_SCALE:
        msg = f"running electromagnetic coupling: scale must be at least {_LOWEST_SCALE} GeV, found {scale!r}"
        raise InputError(msg)
    upper = point["m_Z"]
    inverse = 1 / point["alpha_e"]
    for threshold, ups, downs, leptons in (("m_b", 2, 3, 3), ("m_c", 2, 2, 3), (None, 1, 2, 2)):
        lower = scale if threshold is None else max(scale, point[threshold])
        charges = _COLOURS * (ups * _CHARGE_UP**2 + downs * _CHARGE_DOWN**2) + leptons * _CHARGE_LEPTON**2
        inverse -= 2 / (3 * math.pi) * charges * math.log(lower / upper)
        if lower == scale:
            break
        upper = lower
    return 1 / inverse
