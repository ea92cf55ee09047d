r"""Radiative decays mu -> e gamma and tau -> l gamma.

.. math:: \mathrm{BR}(l \to l'\gamma) = \tau_l \frac{m_l^3}{4\pi} \left(1 - \frac{m_{l'}^2}{m_l^2}\right)^3
          \left(|C_\gamma^{l l'}|^2 + |C_\gamma^{l' l}|^2\right)

with the coefficients of :math:`\bar l'_L \sigma^{\alpha\beta} l_R F_{\alpha\beta}` and
:math:`\bar l_L \sigma^{\alpha\beta} l'_R F_{\alpha\beta}` (GeV^-1, WCxf basis "flavio"). Electromagnetic corrections other than
the running of the coefficients are not included.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from fitlq_theory.constants import HBAR_GEV_PS
from fitlq_theory.contracts import Arguments, Coefficient, Forms, Observable
from fitlq_theory.observables.conjugated_amplitudes import amplitude_rows, hermitian_rate
from fitlq_theory.parameter_point import ParameterPoint

__all__ = ["observables"]

_DECAYS = (("mu", "e"), ("tau", "e"), ("tau", "mu"))
# flavio reads those of the muon in WET-4 at 1 GeV, where the charm quark is no longer a degree of freedom
_READ_AT = {"mu": ("WET-3", 1.0), "tau": ("WET-4", 1.8)}
_TEX = {"e": "e", "mu": r"\mu", "tau": r"\tau"}


def observables(_point: ParameterPoint) -> tuple[Observable, ...]:
    """The three branching ratios."""
    return tuple(
        Observable(
            name=f"BR({parent}->{daughter}gamma)",
            tex=rf"\mathrm{{BR}}({_TEX[parent]}\to {_TEX[daughter]}\gamma)",
            description=f"branching ratio of {parent} -> {daughter} gamma",
            coefficients=tuple(
                Coefficient(f"Cgamma_{flavours}", *_READ_AT[parent]) for flavours in (parent + daughter, daughter + parent)
            ),
            forms=partial(_branching_ratio, parent=parent, daughter=daughter),
            reference="arXiv:hep-ph/9909265, eq. (48), in the normalisation of arXiv:1712.05298 (WCxf)",
        )
        for parent, daughter in _DECAYS
    )


def _branching_ratio(point: ParameterPoint, _arguments: Arguments, parent: str, daughter: str) -> Forms:
    mass, light = point[f"m_{parent}"], point[f"m_{daughter}"]
    width = mass**3 / (4 * np.pi) * (1 - (light / mass) ** 2) ** 3
    rate = point[f"tau_{parent}"] / HBAR_GEV_PS * width * np.eye(2)
    return Forms(hermitian_rate(amplitude_rows(np.eye(2)), rate)[None])
