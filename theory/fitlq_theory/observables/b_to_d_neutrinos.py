r"""B -> pi nu nubar and B -> rho nu nubar: branching ratios, spectra, longitudinal polarisation.

Formulas in `exclusive_neutrino_rates`. Short distance only: B+ -> tau+ (-> pi+ nubar) nu has the same final state and a
branching ratio of 9e-6, sixty times that of the short-distance amplitude; it is not included. Loops with charm and up
quarks, whose CKM factors are not small here, are suppressed by their masses and left out as in flavio.
"""

from __future__ import annotations

from fitlq_theory.contracts import Observable
from fitlq_theory.observables.exclusive_neutrino_rates import DineutrinoMode, mode_observables
from fitlq_theory.parameter_point import ParameterPoint

__all__ = ["observables"]


def _mode(name: str, alias: str, tex: str, parent: str, meson: str, transition: str) -> DineutrinoMode:
    weight = 1.0 if meson.endswith("+") else 0.5
    return DineutrinoMode(name, alias, tex, parent, meson, transition, vector=meson.startswith("rho"), quarks="bd", weight=weight)


_MODES = (
    _mode("B+->pinunu", "B+->pi+nunu", r"B^+\to \pi^+\nu\bar\nu", "B+", "pi+", "B->pi"),
    _mode("B0->pinunu", "B0->pi0nunu", r"B^0\to \pi^0\nu\bar\nu", "B0", "pi0", "B->pi"),
    _mode("B+->rhonunu", "B+->rho+nunu", r"B^+\to \rho^+\nu\bar\nu", "B+", "rho+", "B->rho"),
    _mode("B0->rhonunu", "B0->rho0nunu", r"B^0\to \rho^0\nu\bar\nu", "B0", "rho0", "B->rho"),
)


def observables(point: ParameterPoint) -> tuple[Observable, ...]:
    """Rates of all modes, polarisation fractions of the rho mesons."""
    return mode_observables(point, _MODES)
