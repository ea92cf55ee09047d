"""Observables of Lambda_b -> Lambda_c l nu: branching ratios, R(Lambda_c), polarisation of the tau.

Amplitudes of `semileptonic_baryon_amplitudes`. R(Lambda_c) is tau over mu, as LHCb measures it.
"""

from __future__ import annotations

from fitlq_theory.contracts import Observable
from fitlq_theory.observables.charged_current_coefficients import LEPTONS
from fitlq_theory.observables.semileptonic_baryon_amplitudes import BARYON_STATES
from fitlq_theory.observables.semileptonic_observables import SemileptonicObservables
from fitlq_theory.observables.semileptonic_rates import Decay
from fitlq_theory.parameter_point import ParameterPoint

__all__ = ["DECAY", "observables"]

DECAY = Decay("Lambdab->Lambdac", "Lambdab->Lambdac", "Lambdab", "Lambdac", BARYON_STATES)
_RATIOS = (("tau", "l"), ("tau", "mu"), ("mu", "e"))
_OBSERVABLES = SemileptonicObservables(
    tex={"Lambdab->Lambdac": r"\Lambda_b\to \Lambda_c"},
    reference="arXiv:1702.02243 section II; form factors arXiv:1503.01421, arXiv:1702.02243",
    aliases={"Rtaumu(Lambdab->Lambdaclnu)": ("R(Lambda_c)",)},
)


def observables(point: ParameterPoint) -> tuple[Observable, ...]:
    """All observables of the decay; `point` gives the limits of q2."""
    found: list[Observable] = []
    for lepton in (*LEPTONS, "l"):
        found.extend(_OBSERVABLES.rates(point, DECAY, lepton))
    found.append(_OBSERVABLES.tau_polarisation(DECAY))
    for pair in _RATIOS:
        found.extend(_OBSERVABLES.ratios(point, DECAY, *pair))
    return tuple(found)
