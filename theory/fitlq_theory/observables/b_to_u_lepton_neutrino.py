"""Observables of B -> pi l nu, B -> rho l nu and B+ -> omega l nu: branching ratios, lepton-flavour ratios, polarisations.

Amplitudes as for B -> D(*) (`semileptonic_meson_amplitudes`), with |V_ub| and a massless u quark. A pi0, rho0 or omega counts
half.
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
        Decay("B+->pi", "B->pi", "B+", "pi0", PSEUDOSCALAR_STATES, quarks="bu", weight=0.5),
        Decay("B0->pi", "B->pi", "B0", "pi+", PSEUDOSCALAR_STATES, quarks="bu"),
        Decay("B+->rho", "B->rho", "B+", "rho0", VECTOR_STATES, quarks="bu", weight=0.5),
        Decay("B0->rho", "B->rho", "B0", "rho+", VECTOR_STATES, quarks="bu"),
        Decay("B+->omega", "B->omega", "B+", "omega", VECTOR_STATES, quarks="bu", weight=0.5),
    )
}
_RATIOS = (("tau", "l"), ("tau", "mu"), ("mu", "e"))
_OBSERVABLES = SemileptonicObservables(
    tex={
        "B+->pi": r"B^+\to \pi^0",
        "B0->pi": r"B^0\to \pi^-",
        "B+->rho": r"B^+\to \rho^0",
        "B0->rho": r"B^0\to \rho^-",
        "B+->omega": r"B^+\to \omega",
        "B->pi": r"B\to \pi",
        "B->rho": r"B\to \rho",
        "B->omega": r"B\to \omega",
    },
    reference="arXiv:1309.0301, arXiv:1212.1878",
    aliases={"Rtaul(B->pilnu)": ("R(pi)",), "Rtaul(B->rholnu)": ("R(rho)",)}
    | {f"{ratio}(B->omegalnu)": (f"{ratio}(B+->omegalnu)",) for ratio in ("<Rtaul>", "<Rtaumu>", "<Rmue>")},
)


def observables(point: ParameterPoint) -> tuple[Observable, ...]:
    """All observables of the three decays; `point` gives the limits of q2."""
    found: list[Observable] = []
    for decay in DECAYS.values():
        for lepton in (*LEPTONS, "l"):
            found.extend(_OBSERVABLES.rates(point, decay, lepton))
        found.append(_OBSERVABLES.tau_polarisation(decay))
    for name in ("B0->rho", "B+->omega"):
        for lepton in LEPTONS:
            found.extend(_OBSERVABLES.longitudinal_fractions(point, DECAYS[name], lepton))
    for name in ("B0->pi", "B0->rho", "B+->omega"):
        for pair in _RATIOS:
            found.extend(_OBSERVABLES.ratios(point, DECAYS[name], *pair))
    return tuple(found)
