r"""B -> K*(-> K pi) l l: spectra, angular observables, CP asymmetries, ratios and differences of leptons.

Angular observables: `vector_dilepton_quantities`; amplitudes: `meson_dilepton_amplitudes`; angular coefficients:
`meson_dilepton_angular`. Branching ratios are for all decays of the K*, which is narrow here.
"""

from __future__ import annotations

from fitlq_theory.contracts import Observable
from fitlq_theory.observables.meson_dilepton_modes import BPLUS_KSTAR, BZERO_KSTAR
from fitlq_theory.observables.meson_dilepton_observables import LEPTONS, Channel, channel_observables, lepton_ratios
from fitlq_theory.observables.vector_dilepton_quantities import difference_quantities, vector_quantities
from fitlq_theory.parameter_point import ParameterPoint

__all__ = ["observables"]


def observables(point: ParameterPoint) -> tuple[Observable, ...]:
    """Everything for B0 and B+ with e, mu, tau."""
    found: list[Observable] = []
    quantities, differences = vector_quantities(), difference_quantities()
    for mode in (BZERO_KSTAR, BPLUS_KSTAR):
        channels = {lepton: Channel(mode, lepton) for lepton in LEPTONS}
        for channel in channels.values():
            found += channel_observables(point, channel, quantities)
        found += lepton_ratios(point, mode, channels, differences)
    return tuple(found)
