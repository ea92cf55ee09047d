r"""Anomalous magnetic moment of the muon from the dipole operator of the low-energy theory."""

from __future__ import annotations

import numpy as np

from fitlq_theory.contracts import Arguments, Coefficient, Forms, Observable
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.quadratic_forms import from_linear

__all__ = ["observables"]


def observables(_point: ParameterPoint) -> tuple[Observable, ...]:
    """a_mu = (g - 2) / 2 of the muon. What light mediators add is not a Wilson coefficient; models predict it themselves."""
    return (
        Observable(
            name="a_mu",
            tex=r"$a_\mu$",
            description="Anomalous magnetic moment (g-2)/2 of the muon",
            coefficients=(Coefficient("C7_mumu", "WET-3", 1.0),),
            forms=_anomalous_moment,
            reference="arXiv:2505.21476 (Standard Model); arXiv:1712.05298 (WCxf, the operator)",
        ),
    )


def _anomalous_moment(point: ParameterPoint, _arguments: Arguments) -> Forms:
    r""":math:`a_\mu = a_\mu^{SM} + \frac{G_F m_\mu^2}{\sqrt 2 \pi^2} \mathrm{Re}\,C_{7,\mu\mu}`.

    The Lagrangian has :math:`+\frac{4G_F}{\sqrt2} \frac{e}{16\pi^2} m_\mu\, C_7\, \bar\mu_L \sigma^{\alpha\beta} \mu_R
    F_{\alpha\beta}` and its Hermitian conjugate. With the covariant derivative :math:`\partial_\alpha + i e Q A_\alpha` of
    WCxf and Q = -1, a moment a is :math:`\frac{e a}{4 m_\mu} \bar\mu \sigma^{\alpha\beta} \mu F_{\alpha\beta}`, hence
    :math:`\frac{e a}{4 m_\mu} = \frac{4 G_F}{\sqrt 2} \frac{e\, m_\mu}{16\pi^2} \mathrm{Re}\,C_7`.
    """
    factor = point["GF"] * point["m_mu"] ** 2 / (np.sqrt(2.0) * np.pi**2)
    return Forms(from_linear(np.array([point["a_mu SM"], factor], dtype=np.complex128))[None])
