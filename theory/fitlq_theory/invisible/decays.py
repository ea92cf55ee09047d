r"""Hadronic weights of b -> s transitions into an invisible system of invariant mass squared q2.

Weights W_h of the master formula in `rates`, for the quark bilinears of `dark_operators`; form factors in the basis of
arXiv:1310.3722, :math:`\lambda = \lambda(m_B^2, m_M^2, q^2)`, MSbar quark masses at the scale of the coefficient.

====  =======================================================  ==========================================================
h     B -> P                                                   B -> V
====  =======================================================  ==========================================================
S     :math:`(m_B^2-m_P^2)^2 f_0^2/(m_b-m_s)^2`                0
P     0                                                        :math:`\lambda A_0^2/(m_b+m_s)^2`
VT    :math:`\lambda f_+^2/q^2`                                :math:`2\lambda V^2/(m_B+m_V)^2`
VL    :math:`(m_B^2-m_P^2)^2 f_0^2/q^2`                        0
AT    0                                                        :math:`2(m_B+m_V)^2 A_1^2 + 64 m_B^2 m_V^2 A_{12}^2/q^2`
AL    0                                                        :math:`\lambda A_0^2/q^2`
TE    :math:`\frac43\lambda f_T^2/(m_B+m_P)^2`                 :math:`\frac83\lambda T_1^2/q^2`
TB    0                                                        :math:`\frac83(m_B^2-m_V^2)^2 T_2^2/q^2
                                                               + \frac{64}{3} m_B^2 m_V^2 T_{23}^2/(m_B+m_V)^2`
====  =======================================================  ==========================================================
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.form_factors import evaluate
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.qcd import running_mass

__all__ = ["COEFFICIENT_SCALE", "DECAYS", "InvisibleDecay", "hadronic_weights", "triangle"]

Real = NDArray[np.float64]

COEFFICIENT_SCALE = 4.8  # GeV, where C is given (densities run like 1/m_b, currents do not, tensors like C_T)


@dataclass(frozen=True, slots=True)
class InvisibleDecay:
    """B -> M + invisible: names of the masses and lifetime among the inputs, transition of the form factors."""

    name: str
    parent: str
    meson: str
    transition: str
    vector: bool

    def masses(self, point: ParameterPoint) -> tuple[float, float]:
        """Masses of parent and meson in GeV."""
        return point[f"m_{self.parent}"], point[f"m_{self.meson}"]

    def end_point(self, point: ParameterPoint) -> float:
        """Largest q2 in GeV^2."""
        parent, meson = self.masses(point)
        return (parent - meson) ** 2


# by the name of the observable that experiments quote, which is that of the decay into neutrinos
DECAYS: Mapping[str, InvisibleDecay] = {
    decay.name: decay
    for decay in (
        InvisibleDecay("B+->Knunu", "B+", "K+", "B->K", vector=False),
        InvisibleDecay("B0->Knunu", "B0", "K0", "B->K", vector=False),
        InvisibleDecay("B+->K*nunu", "B+", "K*+", "B->K*", vector=True),
        InvisibleDecay("B0->K*nunu", "B0", "K*0", "B->K*", vector=True),
        InvisibleDecay("Bs->phinunu", "Bs", "phi", "Bs->phi", vector=True),
    )
}


def triangle(point: ParameterPoint, decay: InvisibleDecay, q2: Real) -> Real:
    """lambda(m_B^2, m_M^2, q2) in GeV^4, zero beyond the end point."""
    parent, meson = decay.masses(point)
    return np.maximum(((parent + meson) ** 2 - q2) * ((parent - meson) ** 2 - q2), 0.0)


def quark_masses(point: ParameterPoint) -> tuple[float, float]:
    """MSbar masses of b and s at the scale of the coefficients, in GeV."""
    return running_mass(point, "b", COEFFICIENT_SCALE), running_mass(point, "s", COEFFICIENT_SCALE)


def hadronic_weights(point: ParameterPoint, decay: InvisibleDecay, q2: Real) -> dict[str, Real]:
    """The weights W_h that do not vanish, arrays of the shape of `q2` (GeV^2, above zero)."""
    return _vector(point, decay, q2) if decay.vector else _pseudoscalar(point, decay, q2)


def _pseudoscalar(point: ParameterPoint, decay: InvisibleDecay, q2: Real) -> dict[str, Real]:
    parent, meson = decay.masses(point)
    m_b, m_s = quark_masses(point)
    f = evaluate(point, decay.transition, q2)
    scalar = ((parent**2 - meson**2) * f["f0"]) ** 2
    size = triangle(point, decay, q2)
    return {
        "S": scalar / (m_b - m_s) ** 2,
        "VT": size * f["f+"] ** 2 / q2,
        "VL": scalar / q2,
        "TE": 4.0 / 3.0 * size * (f["fT"] / (parent + meson)) ** 2,
    }


def _vector(point: ParameterPoint, decay: InvisibleDecay, q2: Real) -> dict[str, Real]:
    parent, meson = decay.masses(point)
    m_b, m_s = quark_masses(point)
    f = evaluate(point, decay.transition, q2)
    size, total = triangle(point, decay, q2), parent + meson
    time_like = size * f["A0"] ** 2
    magnetic = ((parent**2 - meson**2) * f["T2"]) ** 2 / q2 + 8.0 * (parent * meson * f["T23"] / total) ** 2
    return {
        "P": time_like / (m_b + m_s) ** 2,
        "VT": 2.0 * size * (f["V"] / total) ** 2,
        "AT": 2.0 * (total * f["A1"]) ** 2 + 64.0 * (parent * meson * f["A12"]) ** 2 / q2,
        "AL": time_like / q2,
        "TE": 8.0 / 3.0 * size * f["T1"] ** 2 / q2,
        "TB": 8.0 / 3.0 * magnetic,
    }
