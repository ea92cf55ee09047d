r"""B -> K nu nubar, B -> K* nu nubar and Bs -> phi nu nubar: branching ratios, spectra, longitudinal polarisation.

Formulas in `exclusive_neutrino_rates`. Short distance only: the tree-level chain B+ -> tau+ (-> K(*)+ nubar) nu, about 6e-7 in
B+ -> K+, is a separate process that experiments treat as a background; it is not included. Bs -> phi is the decay rate at
time zero, without the effect of the width difference of the Bs mesons.
"""

from __future__ import annotations

from fitlq_theory.contracts import Observable
from fitlq_theory.observables.exclusive_neutrino_rates import (
    DineutrinoMode,
    mode_observables,
    ratio_observable,
    reduced_densities,
)
from fitlq_theory.parameter_point import ParameterPoint

__all__ = ["DineutrinoMode", "observables", "reduced_densities"]

_MODES = (
    DineutrinoMode("B+->Knunu", "B+->K+nunu", r"B^+\to K^+\nu\bar\nu", "B+", "K+", "B->K", vector=False),
    DineutrinoMode("B0->Knunu", "B0->K0nunu", r"B^0\to K^0\nu\bar\nu", "B0", "K0", "B->K", vector=False),
    DineutrinoMode("B+->K*nunu", "B+->K*+nunu", r"B^+\to K^{*+}\nu\bar\nu", "B+", "K*+", "B->K*", vector=True),
    DineutrinoMode("B0->K*nunu", "B0->K*0nunu", r"B^0\to K^{*0}\nu\bar\nu", "B0", "K*0", "B->K*", vector=True),
    DineutrinoMode("Bs->phinunu", "", r"B_s\to\phi\nu\bar\nu", "Bs", "phi", "Bs->phi", vector=True),
)


def observables(point: ParameterPoint) -> tuple[Observable, ...]:
    """Rates of all modes, polarisation fractions of the vector mesons, ratios to the Standard Model ``Rnu(...)``.

    ``Rnu(B->K)`` and ``Rnu(B->K*)`` are branching ratios over their Standard Model values at the same inputs, for B0
    (B+ differs by its masses only).
    """
    ratios = (ratio_observable(mode) for mode in _MODES if mode.parent == "B0")
    return (*mode_observables(point, _MODES), *ratios)
