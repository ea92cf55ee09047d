"""Observables of Bc -> J/psi l nu: branching ratios, R(J/psi), polarisations.

Amplitudes as for B -> D* (`semileptonic_meson_amplitudes`). R(J/psi) is tau over mu, as LHCb and CMS measure it.
"""

from __future__ import annotations

from fitlq_theory.contracts import Observable
from fitlq_theory.observables.charged_current_coefficients import LEPTONS
from fitlq_theory.observables.semileptonic_meson_amplitudes import VECTOR_STATES
from fitlq_theory.observables.semileptonic_observables import SemileptonicObservables
from fitlq_theory.observables.semileptonic_rates import Decay
from fitlq_theory.parameter_point import ParameterPoint

__all__ = ["DECAY", "observables"]

DECAY = Decay("Bc->J/psi", "Bc->J/psi", "Bc", "J/psi", VECTOR_STATES)
_RATIOS = (("tau", "l"), ("tau", "mu"), ("mu", "e"))
_OBSERVABLES = SemileptonicObservables(
    tex={"Bc->J/psi": r"B_c^+\to J/\psi"},
    reference="arXiv:1309.0301, arXiv:1212.1878; form factors arXiv:2503.15090",
    aliases={"Rtaumu(Bc->J/psilnu)": ("R(J/psi)",), "FLtot(Bc->J/psitaunu)": ("F_L(J/psi)", "FL(J/psi)")},
)


def observables(point: ParameterPoint) -> tuple[Observable, ...]:
    """All observables of the decay; `point` gives the limits of q2."""
    found: list[Observable] = []
    for lepton in (*LEPTONS, "l"):
        found.extend(_OBSERVABLES.rates(point, DECAY, lepton))
    for lepton in LEPTONS:
        found.extend(_OBSERVABLES.longitudinal_fractions(point, DECAY, lepton))
    found.append(_OBSERVABLES.tau_polarisation(DECAY))
    for pair in _RATIOS:
        found.extend(_OBSERVABLES.ratios(point, DECAY, *pair))
    return tuple(found)
