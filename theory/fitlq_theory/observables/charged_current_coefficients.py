r"""What all charged currents of quarks and leptons share: coefficients, scales, CKM elements, the Standard Model's part.

.. math:: \mathcal L = -\frac{4 G_F}{\sqrt 2} V_{ud} \sum_k C_k O_k + \mathrm{h.c.}

for each pair of an up-type quark u and a down-type quark d, with the operators of the WCxf basis "WET, flavio",
:math:`(\bar u \Gamma d)(\bar l \Gamma' \nu)` also where the up-type quark decays; coefficients are those of new physics
only. The Standard Model adds its value to ``CVL`` where charged lepton and neutrino have the same flavour. Neutrino
flavours are not observed: rates are sums.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.ckm import ckm_matrix
from fitlq_theory.contracts import Coefficient
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.qcd import Quark, running_mass

__all__ = [
    "LEPTONS",
    "NEUTRINOS",
    "QUARK_TRANSITIONS",
    "QuarkTransition",
    "charged_current_coefficients",
]

LEPTONS = ("e", "mu", "tau")
NEUTRINOS = LEPTONS

_FLAVOURS = {"WET": 5, "WET-4": 4, "WET-3": 3}
_ROWS, _COLUMNS = "uct", "dsb"
# CKM elements that are inputs; the others follow from unitarity
_INPUT_ELEMENTS = ("Vus", "Vub", "Vcb")


@dataclass(frozen=True, slots=True)
class QuarkTransition:
    """A down-type and an up-type quark, and where the coefficients of their charged currents are read.

    Attributes
    ----------
    quarks : str
        As in names of coefficients, the down-type quark first: ``"bc"``.
    eft : str
    scale : float
        GeV; the quark masses in matrix elements of scalar currents are taken at the same scale.
    """

    quarks: str
    eft: str
    scale: float

    def ckm_element(self, point: ParameterPoint) -> float:
        """Modulus of the CKM element."""
        down, up = self.quarks[0], self.quarks[1]
        if (name := f"V{up}{down}") in _INPUT_ELEMENTS:
            return point[name]
        matrix = point.shared("moduli of the CKM matrix", _moduli)
        return float(matrix[_ROWS.index(up), _COLUMNS.index(down)])

    def masses(self, point: ParameterPoint) -> tuple[float, float]:
        """MSbar masses (GeV) of the down-type and of the up-type quark; the u quark is massless beside a b quark."""
        down, up = (cast("Quark", quark) for quark in (self.quarks[0], self.quarks[1]))
        flavours = _FLAVOURS[self.eft]
        light = 0.0 if self.quarks == "bu" else running_mass(point, up, self.scale, flavours)
        return running_mass(point, down, self.scale, flavours), light

    def standard_model(self, point: ParameterPoint) -> float:
        """C_VL of the Standard Model for equal lepton flavours, with the short-distance electroweak correction."""
        if "b" in self.quarks:
            return point["C_VL SM of b->q lepton neutrino"]
        if "c" in self.quarks:
            return point["C_VL SM of c->q lepton neutrino"]
        return float(np.sqrt(point["S_EW"]))


def _moduli(point: ParameterPoint) -> NDArray[np.float64]:
    return np.abs(ckm_matrix(point["Vus"], point["Vub"], point["Vcb"], point["gamma"]))


# Kaons and pions: 2 GeV, where light-quark masses and tensor form factors are given (flavio reads at the mass of the rho,
# where QCD is not perturbative)
QUARK_TRANSITIONS = {
    transition.quarks: transition
    for transition in (
        QuarkTransition("bc", "WET", 4.8),
        QuarkTransition("bu", "WET", 4.8),
        QuarkTransition("sc", "WET-4", 2.0),
        QuarkTransition("dc", "WET-4", 2.0),
        QuarkTransition("su", "WET-3", 2.0),
        QuarkTransition("du", "WET-3", 2.0),
    )
}


def charged_current_coefficients(
    transition: QuarkTransition, leptons: Sequence[str], operators: Sequence[str]
) -> tuple[Coefficient, ...]:
    """Coefficients ``{operator}_{quarks}{lepton}nu{neutrino}``; lepton slowest, operator fastest.

    Parameters
    ----------
    transition : QuarkTransition
    leptons : sequence of {"e", "mu", "tau"}
    operators : sequence of str
        ``"CVL"``, ``"CSL"``, ...
    """
    return tuple(
        Coefficient(f"{operator}_{transition.quarks}{lepton}nu{neutrino}", transition.eft, transition.scale)
        for lepton in leptons
        for neutrino in NEUTRINOS
        for operator in operators
    )
