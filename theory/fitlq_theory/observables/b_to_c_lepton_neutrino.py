r"""Observables of B -> D l nu and B -> D* l nu: branching ratios, lepton-flavour ratios, polarisations.

The choice ``b->c`` of the inputs selects form factors. With ``hflav`` the total ratios R(D), R(D*) (tau over l, and tau over
mu) are multiplied by a constant such that R(tau over l) has in the Standard Model the value of HFLAV's mean of predictions,
with the error given there; the dependence on new physics, relative to the Standard Model, and every other observable are
those of the form factors.
"""

from __future__ import annotations

from fitlq_theory.contracts import Observable
from fitlq_theory.observables.charged_current_coefficients import LEPTONS
from fitlq_theory.observables.semileptonic_meson_amplitudes import PSEUDOSCALAR_STATES, VECTOR_STATES
from fitlq_theory.observables.semileptonic_observables import SemileptonicObservables
from fitlq_theory.observables.semileptonic_rates import Decay
from fitlq_theory.parameter_point import ParameterPoint

__all__ = ["DECAYS", "observables"]

DECAYS = {
    decay.name: decay
    for decay in (
        Decay("B+->D", "B->D", "B+", "D0", PSEUDOSCALAR_STATES),
        Decay("B0->D", "B->D", "B0", "D+", PSEUDOSCALAR_STATES),
        Decay("B+->D*", "B->D*", "B+", "D*0", VECTOR_STATES),
        Decay("B0->D*", "B->D*", "B0", "D*+", VECTOR_STATES),
    )
}
_RATIOS = (("tau", "l"), ("tau", "mu"), ("mu", "e"))
_OBSERVABLES = SemileptonicObservables(
    tex={
        "B+->D": r"B^+\to \bar D^0",
        "B0->D": r"B^0\to D^-",
        "B+->D*": r"B^+\to \bar D^{*0}",
        "B0->D*": r"B^0\to D^{*-}",
        "B->D": r"B\to D",
        "B->D*": r"B\to D^*",
    },
    reference="arXiv:1309.0301, arXiv:1212.1878",
    aliases={
        "Rtaul(B->Dlnu)": ("R(D)",),
        "Rtaul(B->D*lnu)": ("R(D*)",),
        "FLtot(B0->D*taunu)": ("F_L(D*)", "FL(D*)", "F_L(D*)[tau]"),
        "Ptau(B0->Dtaunu)": ("P_tau(D)", "Ptau(D)"),
        "Ptau(B0->D*taunu)": ("P_tau(D*)", "Ptau(D*)"),
    },
)


def observables(point: ParameterPoint) -> tuple[Observable, ...]:
    """All observables of the two decays; `point` gives the limits of q2."""
    found: list[Observable] = []
    for decay in DECAYS.values():
        for lepton in (*LEPTONS, "l"):
            found.extend(_OBSERVABLES.rates(point, decay, lepton))
        found.append(_OBSERVABLES.tau_polarisation(decay))
    for name in ("B+->D*", "B0->D*"):
        for lepton in LEPTONS:
            found.extend(_OBSERVABLES.longitudinal_fractions(point, DECAYS[name], lepton))
    for name in ("B0->D", "B0->D*"):
        found.append(_OBSERVABLES.bin_share(point, DECAYS[name]))
        for pair in _RATIOS:
            found.extend(_OBSERVABLES.ratios(point, DECAYS[name], *pair))
    return tuple(found)
