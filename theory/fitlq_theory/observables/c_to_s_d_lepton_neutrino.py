"""Observables of D -> K l nu and D -> pi l nu with l = e, mu: branching ratios and mu/e ratios.

Amplitudes of `semileptonic_meson_amplitudes`; the scalar ones have (m_D^2 - m_K^2)/(m_s - m_c), the opposite sign of B decays,
because the operators of the basis are (cbar s)(lbar nu) and the charm quark decays (arXiv:1502.07488). flavio 2.7.1 has
m_c - m_s there (docs/differences.md). Leptonic decays of charmed mesons are in `leptonic_charged`.
"""

from __future__ import annotations

from fitlq_theory.contracts import Observable
from fitlq_theory.observables.semileptonic_meson_amplitudes import PSEUDOSCALAR_STATES
from fitlq_theory.observables.semileptonic_observables import SemileptonicObservables
from fitlq_theory.observables.semileptonic_rates import Decay
from fitlq_theory.parameter_point import ParameterPoint

__all__ = ["DECAYS", "observables"]

DECAYS = {
    decay.name: decay
    for decay in (
        Decay("D+->K", "D->K", "D+", "K0", PSEUDOSCALAR_STATES, quarks="sc"),
        Decay("D0->K", "D->K", "D0", "K+", PSEUDOSCALAR_STATES, quarks="sc"),
        Decay("D+->pi", "D->pi", "D+", "pi0", PSEUDOSCALAR_STATES, quarks="dc", weight=0.5),
        Decay("D0->pi", "D->pi", "D0", "pi+", PSEUDOSCALAR_STATES, quarks="dc"),
    )
}
_OBSERVABLES = SemileptonicObservables(
    tex={
        "D+->K": r"D^+\to \bar K^0",
        "D0->K": r"D^0\to K^-",
        "D+->pi": r"D^+\to \pi^0",
        "D0->pi": r"D^0\to \pi^-",
        "D->K": r"D\to K",
        "D->pi": r"D\to \pi",
    },
    reference="arXiv:1502.07488; form factors arXiv:1706.03017, arXiv:1803.04807",
)


def observables(point: ParameterPoint) -> tuple[Observable, ...]:
    """All observables of the two decays; `point` gives the limits of q2."""
    found: list[Observable] = []
    for decay in DECAYS.values():
        for lepton in ("e", "mu", "l"):
            found.extend(_OBSERVABLES.rates(point, decay, lepton))
    for name in ("D0->K", "D0->pi"):
        found.extend(_OBSERVABLES.ratios(point, DECAYS[name], "mu", "e"))
    return tuple(found)
