r"""Magnetic and electric dipole moments of the charged leptons from the dipole operators of the low-energy theory.

The Lagrangian has :math:`p\, C_7\, \bar l_L \sigma^{\alpha\beta} l_R F_{\alpha\beta}` and its Hermitian conjugate, with
:math:`p = \frac{4G_F}{\sqrt2} \frac{e}{16\pi^2} m_l`. In the covariant derivative :math:`\partial_\alpha + i e Q A_\alpha` of
WCxf, :math:`e A_0` is the potential energy of a positive unit charge. For Q = -1 the moments are the coefficients in

.. math:: \frac{e\, a}{4 m_l} \bar l \sigma^{\alpha\beta} l F_{\alpha\beta}
          - \frac{i}{2} d\, \bar l \sigma^{\alpha\beta} \gamma_5 l F_{\alpha\beta},

the second being :math:`H = -d\, \vec\sigma \cdot \vec E` for a lepton at rest. With
:math:`\bar l_L \sigma l_R + h.c. = \bar l \sigma l` and :math:`i \bar l_L \sigma l_R + h.c. = i \bar l \sigma \gamma_5 l`:

.. math:: a_l = a_l^{SM} + \frac{G_F m_l^2}{\sqrt 2 \pi^2} \mathrm{Re}\, C_7, \qquad
          \frac{d_l}{e} = -\frac{G_F m_l}{2 \sqrt 2 \pi^2} \mathrm{Im}\, C_7.

Electric dipole moments of the Standard Model, below 1e-37 e cm, are neglected. What light mediators add is not a Wilson
coefficient; models predict it themselves.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from fitlq_theory.contracts import Arguments, Coefficient, Forms, Observable
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.quadratic_forms import from_linear

__all__ = ["observables"]

# hbar c in GeV cm, exact in the SI of 2019
_HBAR_C_GEV_CM = 1.973269804e-14
_READ_AT = {"e": ("WET-3", 1.0), "mu": ("WET-3", 1.0), "tau": ("WET", 91.1876)}
_NAMES = {"e": "electron", "mu": "muon", "tau": "tau"}
_TEX = {"e": "e", "mu": r"\mu", "tau": r"\tau"}
_STANDARD_MODEL = {
    "e": "fine-structure constant of the choice a_e",
    "mu": "arXiv:2505.21476",
    "tau": "arXiv:hep-ph/0701260",
}


def observables(_point: ParameterPoint) -> tuple[Observable, ...]:
    """a_e, a_mu, a_tau, where a = (g-2)/2, and d_e, d_mu, d_tau in e cm."""
    return tuple(_magnetic(lepton) for lepton in _NAMES) + tuple(_electric(lepton) for lepton in _NAMES)


def _coefficient(lepton: str) -> tuple[Coefficient]:
    return (Coefficient(f"C7_{lepton}{lepton}", *_READ_AT[lepton]),)


def _magnetic(lepton: str) -> Observable:
    return Observable(
        name=f"a_{lepton}",
        tex=f"a_{_TEX[lepton]}",
        description=f"Anomalous magnetic moment (g-2)/2 of the {_NAMES[lepton]}",
        coefficients=_coefficient(lepton),
        forms=partial(_anomalous_moment, lepton=lepton),
        reference=f"{_STANDARD_MODEL[lepton]} (Standard Model); arXiv:1712.05298 (WCxf, the operator)",
    )


def _electric(lepton: str) -> Observable:
    return Observable(
        name=f"d_{lepton}",
        tex=f"d_{_TEX[lepton]}",
        description=f"Electric dipole moment of the {_NAMES[lepton]} in e cm",
        coefficients=_coefficient(lepton),
        forms=partial(_electric_moment, lepton=lepton),
        reference="definition of the moment; arXiv:1712.05298 (WCxf, the operator)",
        unit="e cm",
    )


def _anomalous_moment(point: ParameterPoint, _arguments: Arguments, lepton: str) -> Forms:
    factor = point["GF"] * point[f"m_{lepton}"] ** 2 / (np.sqrt(2.0) * np.pi**2)
    return Forms(from_linear(np.array([point[f"a_{lepton} SM"], factor], dtype=np.complex128))[None])


def _electric_moment(point: ParameterPoint, _arguments: Arguments, lepton: str) -> Forms:
    factor = -point["GF"] * point[f"m_{lepton}"] / (2.0 * np.sqrt(2.0) * np.pi**2) * _HBAR_C_GEV_CM
    # Im C = Re(-i C)
    return Forms(from_linear(np.array([0.0, -1j * factor]))[None])
