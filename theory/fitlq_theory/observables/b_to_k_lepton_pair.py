r"""B -> K l l: spectra, angular coefficients, CP asymmetries, ratios of leptons.

The distribution in the angle of the leptons is :math:`\frac34 (1 - F_H)(1 - \cos^2\theta) + \frac12 F_H + A_{FB} \cos\theta`.
Amplitudes: `meson_dilepton_amplitudes`; angular coefficients: `meson_dilepton_angular`. :math:`K^0` stands for both of its
mass eigenstates.
"""

from __future__ import annotations

import numpy as np

from fitlq_theory.contracts import Arguments, Forms, Observable
from fitlq_theory.observables.meson_dilepton_modes import BPLUS_K, BZERO_K
from fitlq_theory.observables.meson_dilepton_observables import (
    LEPTONS,
    Channel,
    Quantity,
    channel_observables,
    lepton_ratios,
    rate_quantities,
)
from fitlq_theory.parameter_point import ParameterPoint

__all__ = ["observables"]


def _forward_backward(channel: Channel, point: ParameterPoint, arguments: Arguments) -> Forms:
    forms = channel.forms(point, arguments)
    return Forms(np.stack([forms.combined((("G1", 1.0),)), channel.rate(forms)]), (1.0, -1.0))


def _flat_term(channel: Channel, point: ParameterPoint, arguments: Arguments) -> Forms:
    forms = channel.forms(point, arguments)
    return Forms(np.stack([forms.combined((("G0", 2.0), ("G2", 2.0))), channel.rate(forms)]), (1.0, -1.0))


_QUANTITIES = (
    *rate_quantities(),
    Quantity("AFB", "A_{FB}", "forward-backward asymmetry of the leptons", _forward_backward),
    Quantity("FH", "F_H", "flat term of the angular distribution", _flat_term),
)


def observables(point: ParameterPoint) -> tuple[Observable, ...]:
    """Everything for B0 and B+ with e, mu, tau."""
    found: list[Observable] = []
    for mode in (BZERO_K, BPLUS_K):
        channels = {lepton: Channel(mode, lepton) for lepton in LEPTONS}
        for channel in channels.values():
            found += channel_observables(point, channel, _QUANTITIES)
        found += lepton_ratios(point, mode, channels)
    return tuple(found)
