"""Forms of the observables of semileptonic decays: rates, shares of rates, polarisations, lepton-flavour ratios.

The same functions serve totals, bins and points in q2: the arguments of the observable decide (none; ``q2min``, ``q2max``;
``q2``). Both forms of a quotient are divided by the Standard Model value of its denominator: most theory errors then
cancel form by form, and what is left depends on the inputs nearly linearly.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.contracts import Arguments, Forms
from fitlq_theory.observables.semileptonic_rates import (
    Decay,
    differential_rates,
    form_over_coefficients,
    integrated_rates,
)
from fitlq_theory.parameter_point import ParameterPoint

__all__ = ["bin_share_forms", "lepton_weights", "polarisation_forms", "rate_forms", "ratio_forms"]

Real = NDArray[np.float64]
Weights = Literal["all", "longitudinal", "helicity"]

# options that differ only in the values of the two parameters
_HFLAV_CHOICES = ("hflav", "hflav2023")
_HFLAV_VALUES = {"B->D": "R(D) SM HFLAV", "B->D*": "R(D*) SM HFLAV"}
_LIGHT = {"e": 0.5, "mu": 0.5}


def lepton_weights(lepton: str) -> dict[str, float]:
    """Weights of the charged leptons in a rate: ``l`` is the mean of e and mu."""
    return dict(_LIGHT) if lepton == "l" else {lepton: 1.0}


def _state_weights(decay: Decay, weights: Weights) -> Real:
    if weights == "longitudinal":
        return np.array([float(state.longitudinal) for state in decay.states])
    if weights == "helicity":
        return np.array([float(state.lepton_helicity) for state in decay.states])
    return np.ones(len(decay.states))


def _rates(point: ParameterPoint, arguments: Arguments, decay: Decay, lepton: str) -> Real:
    if "q2" in arguments:
        return np.asarray(differential_rates(point, decay, lepton, np.array([arguments["q2"]]))[0])
    if "q2min" in arguments:
        return integrated_rates(point, decay, lepton, (arguments["q2min"], arguments["q2max"]))
    return integrated_rates(point, decay, lepton)


def _form(
    point: ParameterPoint,
    arguments: Arguments,
    decay: Decay,
    charged: Mapping[str, float],
    vector: Sequence[str],
    states: Weights = "all",
) -> Real:
    """Weighted sum of rates over charged leptons and final states, as a form over the coefficients of `vector`."""
    weights = _state_weights(decay, states)
    matrices = {
        lepton: weight * np.einsum("s,sij->ij", weights, _rates(point, arguments, decay, lepton))
        for lepton, weight in charged.items()
    }
    return form_over_coefficients(matrices, vector, decay.current.standard_model(point))


def _quotient(numerator: Real, denominator: Real, constant: float = 1.0) -> Forms:
    norm = denominator[0, 0]
    return Forms(np.stack([constant * numerator / norm, denominator / norm]), powers=(1.0, -1.0))


def rate_forms(point: ParameterPoint, arguments: Arguments, decay: Decay, lepton: str) -> Forms:
    """Branching ratio, total or in a bin, or dBR/dq2 in GeV^-2; one form over the coefficients of the lepton(s)."""
    charged = lepton_weights(lepton)
    return Forms(_form(point, arguments, decay, charged, tuple(charged))[None])


def bin_share_forms(point: ParameterPoint, arguments: Arguments, decay: Decay, lepton: str) -> Forms:
    """Share of the total rate that falls into a bin."""
    charged = lepton_weights(lepton)
    inside = _form(point, arguments, decay, charged, tuple(charged))
    return _quotient(inside, _form(point, {}, decay, charged, tuple(charged)))


def polarisation_forms(
    point: ParameterPoint,
    arguments: Arguments,
    decay: Decay,
    lepton: str,
    states: Literal["longitudinal", "helicity"],
) -> Forms:
    """Longitudinal fraction of the vector meson (``longitudinal``) or polarisation of the charged lepton (``helicity``)."""
    charged = lepton_weights(lepton)
    part = _form(point, arguments, decay, charged, tuple(charged), states)
    return _quotient(part, _form(point, arguments, decay, charged, tuple(charged)))


def ratio_forms(point: ParameterPoint, arguments: Arguments, decay: Decay, numerator: str, denominator: str) -> Forms:
    """Ratio of rates with two kinds of leptons, over the coefficients of all leptons that occur, numerator first.

    For D and D*, tau over lighter leptons and the choice ``hflav`` (or ``hflav2023``) of ``b->c``, rates of tau are multiplied
    with S H_l(SM)/H_tau(SM), with total rates H and HFLAV's value S: the Standard Model error of the total ratio is that of S
    alone, and bins and differential ratios have the shape of the form factors and the normalisation of S.
    """
    above, below = lepton_weights(numerator), lepton_weights(denominator)
    vector = (*above, *below)
    top = _form(point, arguments, decay, above, vector)
    bottom = _form(point, arguments, decay, below, vector)
    if numerator != "tau" or decay.transition not in _HFLAV_VALUES or point.choices.get("b->c") not in _HFLAV_CHOICES:
        return _quotient(top, bottom)
    # HFLAV averages tau over l; the form factors tell how much tau over mu differs (2e-3)
    light = _form(point, {}, decay, _LIGHT, tuple(_LIGHT))[0, 0]
    total = _form(point, {}, decay, above, vector)[0, 0]
    return _quotient(top, bottom, constant=point[_HFLAV_VALUES[decay.transition]] * light / total)
