"""Branching ratios of K -> pi l nu with l = e, mu, for K+, K_L and K_S.

Amplitudes of `semileptonic_meson_amplitudes`, with the electroweak correction S_EW in C_VL, the isospin breaking of K+ ->
pi0 and the electromagnetic corrections of arXiv:1005.2323 section 2, where rates are proportional to (1 + delta)^2;
branching ratios include photons. K_L and K_S decay into both charges, each with half of the rate of a K0. Coefficients and
quark masses are read at 2 GeV with three flavours. There the tensor form factor is defined."""

from __future__ import annotations

from fitlq_theory.contracts import Observable
from fitlq_theory.observables.semileptonic_meson_amplitudes import PSEUDOSCALAR_STATES
from fitlq_theory.observables.semileptonic_observables import SemileptonicObservables
from fitlq_theory.observables.semileptonic_rates import Decay
from fitlq_theory.parameter_point import ParameterPoint

__all__ = ["DECAYS", "observables"]

_NEUTRAL = ("delta_EM K0{lepton}3",)
_CHARGED = ("delta_EM K+{lepton}3", "K->pi delta_K+pi0")
DECAYS = {
    decay.name: decay
    for decay in (
        Decay("K+->pi", "K->pi", "K+", "pi0", PSEUDOSCALAR_STATES, quarks="su", weight=0.5, corrections=_CHARGED),
        Decay("KL->pi", "K->pi", "KL", "pi+", PSEUDOSCALAR_STATES, quarks="su", corrections=_NEUTRAL),
        Decay("KS->pi", "K->pi", "KS", "pi+", PSEUDOSCALAR_STATES, quarks="su", corrections=_NEUTRAL),
    )
}
_OBSERVABLES = SemileptonicObservables(
    tex={"K+->pi": r"K^+\to \pi^0", "KL->pi": r"K_L\to \pi^\pm", "KS->pi": r"K_S\to \pi^\pm"},
    reference="arXiv:1005.2323 section 2; form factors eqs. (33), (37)",
    note=" and, for neutral kaons, over charges",
)


def observables(point: ParameterPoint) -> tuple[Observable, ...]:
    """All observables of the decay; `point` gives the limits of q2."""
    return tuple(
        observable
        for decay in DECAYS.values()
        for lepton in ("e", "mu")
        for observable in _OBSERVABLES.rates(point, decay, lepton)
    )
