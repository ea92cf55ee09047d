r"""What all decays b -> q l nu share: the coefficients, their scale and the value of the Standard Model.

.. math:: \mathcal L = -\frac{4 G_F}{\sqrt 2} V_{qb} \sum_k C_k O_k + \mathrm{h.c.}

with the operators of the WCxf basis "WET, flavio"; coefficients are those of new physics only. The Standard Model adds its
value to ``CVL`` where charged lepton and neutrino have the same flavour. Neutrino flavours are not observed: rates are sums.
"""

from __future__ import annotations

from collections.abc import Sequence

from fitlq_theory.contracts import Coefficient

__all__ = ["LEPTONS", "NEUTRINOS", "SCALE", "STANDARD_MODEL_VALUE", "charged_current_coefficients"]

LEPTONS = ("e", "mu", "tau")
NEUTRINOS = LEPTONS
SCALE = 4.8  # GeV, where the coefficients and the quark masses are read
STANDARD_MODEL_VALUE = "C_VL SM of b->q lepton neutrino"  # name of the input parameter

_EFT = "WET"


def charged_current_coefficients(quarks: str, leptons: Sequence[str], operators: Sequence[str]) -> tuple[Coefficient, ...]:
    """Coefficients ``{operator}_{quarks}{lepton}nu{neutrino}``; lepton slowest, operator fastest.

    Parameters
    ----------
    quarks : {"bc", "bu"}
    leptons : sequence of {"e", "mu", "tau"}
    operators : sequence of str
        ``"CVL"``, ``"CSL"``, ...
    """
    return tuple(
        Coefficient(f"{operator}_{quarks}{lepton}nu{neutrino}", _EFT, SCALE)
        for lepton in leptons
        for neutrino in NEUTRINOS
        for operator in operators
    )
