r"""Purely leptonic decays of charged heavy mesons: B+, Bc, D+ and Ds -> l nu.

.. math:: \mathrm{BR} = \frac{\tau_P}{\hbar} \frac{G_F^2 |V_{ud}|^2}{8\pi} f_P^2 m_P m_l^2
          \left(1 - \frac{m_l^2}{m_P^2}\right)^2 \sum_\nu \left| C_{VL} - C_{VR}
          + \frac{m_P^2}{m_l (m_u + m_d)} (C_{SR} - C_{SL}) \right|^2

with the coefficients of the WCxf basis "WET, flavio" (no quark mass in its scalar operators) and MSbar masses of the two
quarks of the meson at the scale of the coefficients, 4.8 GeV for b and 2 GeV for c; C_VL includes the Standard Model for
equal flavours. The up-quark mass beside m_b is neglected; tensor operators do not contribute. flavio 2.7.1 has m_b + m_c
under the scalar coefficients of D+ and Ds (docs/differences.md).
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
    QUARK_TRANSITIONS,
    QuarkTransition,
    charged_current_coefficients,
)
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.quadratic_forms import modulus_squared

__all__ = [
    "LEPTONIC_OPERATORS",
    "ChargedMeson",
    "leptonic_amplitudes",
    "leptonic_branching_ratio",
    "leptonic_width",
    "observables",
]

LEPTONIC_OPERATORS = ("CVL", "CVR", "CSL", "CSR")
_TEX = {"e": "e", "mu": r"\mu", "tau": r"\tau"}


@dataclass(frozen=True, slots=True)
class ChargedMeson:
    """A charged meson: its name in input parameters and its quarks, a key of `QUARK_TRANSITIONS`."""

    name: str
    quarks: str
    tex: str

    @property
    def current(self) -> QuarkTransition:
        """The quarks and where their coefficients are read."""
        return QUARK_TRANSITIONS[self.quarks]


_MESONS = (
    ChargedMeson("B+", "bu", "B^+"),
    ChargedMeson("Bc", "bc", "B_c^+"),
    ChargedMeson("D+", "dc", "D^+"),
    ChargedMeson("Ds", "sc", "D_s^+"),
)


def leptonic_amplitudes(scalar_ratio: float, standard_model: float, lepton: str) -> NDArray[np.complex128]:
    """Amplitudes relative to the V-A one, rows over c = (1, C_1, ..., C_12).

    Parameters
    ----------
    scalar_ratio : float
        m_P^2 / (m_l (m_u + m_d)).
    standard_model : float
        C_VL of the Standard Model for equal flavours.
    lepton : {"e", "mu", "tau"}

    Returns
    -------
    ndarray of complex, shape (3, 13)
        Neutrino flavours; coefficients with the operators CVL, CVR, CSL, CSR varying faster than the neutrino flavour.
    """
    count = len(LEPTONIC_OPERATORS)
    rows = np.zeros((len(NEUTRINOS), 1 + count * len(NEUTRINOS)), dtype=np.complex128)
    for i, neutrino in enumerate(NEUTRINOS):
        start = 1 + count * i
        rows[i, start : start + count] = (1.0, -1.0, -scalar_ratio, scalar_ratio)
        rows[i, 0] = standard_model if neutrino == lepton else 0.0
    return rows


def leptonic_width(point: ParameterPoint, meson: ChargedMeson, lepton: str) -> float:
    """Width in GeV for an amplitude (`leptonic_amplitudes`) of 1."""
    m_meson, m_lepton = point[f"m_{meson.name}"], point[f"m_{lepton}"]
    coupling = point["GF"] * meson.current.ckm_element(point) * point[f"f_{meson.name}"] * m_lepton
    return float(coupling**2 * m_meson / (8 * np.pi) * (1 - m_lepton**2 / m_meson**2) ** 2)


def leptonic_branching_ratio(point: ParameterPoint, _arguments: Arguments, meson: ChargedMeson, lepton: str) -> Forms:
    """Form of the branching ratio, summed over neutrino flavours; 25 x 25.

    References
    ----------
    arXiv:1611.06676 (Bc); the formula is that at the head of this module.
    """
    ratio = point[f"m_{meson.name}"] ** 2 / (point[f"m_{lepton}"] * sum(meson.current.masses(point)))
    amplitudes = leptonic_amplitudes(ratio, meson.current.standard_model(point), lepton)
    lifetime = point[f"tau_{meson.name}"] / HBAR_GEV_PS
    return Forms(lifetime * leptonic_width(point, meson, lepton) * modulus_squared(amplitudes).sum(axis=0)[None])


def observables(_point: ParameterPoint) -> tuple[Observable, ...]:
    """The twelve branching ratios."""
    return tuple(
        Observable(
            name=f"BR({meson.name}->{lepton}nu)",
            tex=rf"\mathrm{{BR}}({meson.tex}\to {_TEX[lepton]}^+\nu)",
            description=f"branching ratio of {meson.name} -> {lepton} nu, summed over neutrino flavours",
            coefficients=charged_current_coefficients(meson.current, (lepton,), LEPTONIC_OPERATORS),
            forms=partial(leptonic_branching_ratio, meson=meson, lepton=lepton),
            reference="arXiv:1611.06676; decay constants FLAG and arXiv:1503.05762",
        )
        for meson in _MESONS
        for lepton in LEPTONS
    )
