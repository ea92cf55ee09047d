r"""Purely leptonic decays of charged b mesons, B+ -> l nu and Bc -> l nu.

.. math:: \mathrm{BR} = \frac{\tau_B}{\hbar} \frac{G_F^2 |V_{qb}|^2}{8\pi} f_B^2 m_B m_l^2
          \left(1 - \frac{m_l^2}{m_B^2}\right)^2 \sum_\nu \left| C_{VL} - C_{VR}
          + \frac{m_B^2}{m_l (m_b + m_q)} (C_{SR} - C_{SL}) \right|^2

with the coefficients of the WCxf basis "WET, flavio" (no quark mass in its scalar operators) and MSbar masses at 4.8 GeV;
C_VL includes the Standard Model for equal flavours. The up-quark mass is neglected; tensor operators do not contribute.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.constants import HBAR_GEV_PS
from fitlq_theory.contracts import Arguments, Forms, Observable
from fitlq_theory.observables.charged_current_coefficients import (
    LEPTONS,
    NEUTRINOS,
    SCALE,
    STANDARD_MODEL_VALUE,
    charged_current_coefficients,
)
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.qcd import running_mass
from fitlq_theory.quadratic_forms import modulus_squared

__all__ = ["ChargedMeson", "leptonic_amplitudes", "leptonic_branching_ratio", "observables"]

_OPERATORS = ("CVL", "CVR", "CSL", "CSR")
_TEX = {"e": "e", "mu": r"\mu", "tau": r"\tau"}


@dataclass(frozen=True, slots=True)
class ChargedMeson:
    """A charged b meson: its name in input parameters, its other quark, and the CKM element of the two."""

    name: str
    quark: str
    ckm_element: str
    tex: str

    def light_mass(self, point: ParameterPoint) -> float:
        """MSbar mass of the lighter quark in GeV; that of the up quark is negligible beside m_b."""
        return running_mass(point, "c", SCALE) if self.quark == "c" else 0.0


_MESONS = (ChargedMeson("B+", "u", "Vub", "B^+"), ChargedMeson("Bc", "c", "Vcb", "B_c^+"))


def leptonic_amplitudes(scalar_ratio: float, standard_model: float, lepton: str) -> NDArray[np.complex128]:
    """Amplitudes relative to the V-A one, rows over c = (1, C_1, ..., C_12).

    Parameters
    ----------
    scalar_ratio : float
        m_B^2 / (m_l (m_b + m_q)).
    standard_model : float
        C_VL of the Standard Model for equal flavours.
    lepton : {"e", "mu", "tau"}

    Returns
    -------
    ndarray of complex, shape (3, 13)
        Neutrino flavours; coefficients with the operators CVL, CVR, CSL, CSR varying faster than the neutrino flavour.
    """
    count = len(_OPERATORS)
    rows = np.zeros((len(NEUTRINOS), 1 + count * len(NEUTRINOS)), dtype=np.complex128)
    for i, neutrino in enumerate(NEUTRINOS):
        start = 1 + count * i
        rows[i, start : start + count] = (1.0, -1.0, -scalar_ratio, scalar_ratio)
        rows[i, 0] = standard_model if neutrino == lepton else 0.0
    return rows


def leptonic_branching_ratio(point: ParameterPoint, arguments: Arguments, meson: ChargedMeson, lepton: str) -> Forms:  # noqa: ARG001
    """Form of the branching ratio, summed over neutrino flavours; 25 x 25.

    References
    ----------
    arXiv:1611.06676 (Bc); the formula is that at the head of this module.
    """
    m_meson, m_lepton = point[f"m_{meson.name}"], point[f"m_{lepton}"]
    quark_masses = running_mass(point, "b", SCALE) + meson.light_mass(point)
    amplitudes = leptonic_amplitudes(m_meson**2 / (m_lepton * quark_masses), point[STANDARD_MODEL_VALUE], lepton)
    coupling = point["GF"] * point[meson.ckm_element] * point[f"f_{meson.name}"] * m_lepton
    width = coupling**2 * m_meson / (8 * np.pi) * (1 - m_lepton**2 / m_meson**2) ** 2
    lifetime = point[f"tau_{meson.name}"] / HBAR_GEV_PS
    return Forms(lifetime * width * modulus_squared(amplitudes).sum(axis=0)[None])


def observables(point: ParameterPoint) -> tuple[Observable, ...]:  # noqa: ARG001 - no argument needs a phase-space limit
    """The six branching ratios."""
    return tuple(
        Observable(
            name=f"BR({meson.name}->{lepton}nu)",
            tex=rf"\mathrm{{BR}}({meson.tex}\to {_TEX[lepton]}^+\nu)",
            description=f"branching ratio of {meson.name} -> {lepton} nu, summed over neutrino flavours",
            coefficients=charged_current_coefficients(f"b{meson.quark}", (lepton,), _OPERATORS),
            forms=partial(leptonic_branching_ratio, meson=meson, lepton=lepton),
            reference="arXiv:1611.06676; decay constants FLAG and arXiv:1503.05762",
        )
        for meson in _MESONS
        for lepton in LEPTONS
    )
