r"""Lifetime of the B_c meson with new physics in B_c -> l nu: scalar operators must not shorten it too much.

.. math:: \tau_{B_c} = \tau_\mathrm{SM} / (1 + \tau_\mathrm{SM} \sum_l [\Gamma(B_c\to l\nu) - \Gamma_\mathrm{SM}(B_c\to l\nu)])

:math:`\tau_\mathrm{SM}` is that of an operator product expansion and not the measured lifetime. Changes of the rates of all other
final states are neglected: the expansion is known to a quarter.
"""

from __future__ import annotations

import numpy as np

from fitlq_theory.constants import HBAR_GEV_PS
from fitlq_theory.contracts import Arguments, Forms, Observable
from fitlq_theory.observables.charged_current_coefficients import LEPTONS, QUARK_TRANSITIONS, charged_current_coefficients
from fitlq_theory.observables.leptonic_charged import LEPTONIC_OPERATORS, ChargedMeson, leptonic_amplitudes, leptonic_width
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.quadratic_forms import modulus_squared

__all__ = ["bc_lifetime", "observables"]

_BC = ChargedMeson("Bc", "bc", "B_c^+")
_COEFFICIENTS = charged_current_coefficients(QUARK_TRANSITIONS["bc"], LEPTONS, LEPTONIC_OPERATORS)


def bc_lifetime(point: ParameterPoint, arguments: Arguments) -> Forms:  # noqa: ARG001
    """Forms of the lifetime in 1/GeV: that of the Standard Model over one plus the additional leptonic width in its units.

    References
    ----------
    arXiv:1611.06676, for the use of the lifetime; its Standard Model value: `tau_Bc SM` of the inputs.
    """
    standard_model = point["tau_Bc SM"] / HBAR_GEV_PS
    size = 2 * len(_COEFFICIENTS) + 1
    forms = np.zeros((2, size, size))
    forms[0, 0, 0] = standard_model
    forms[1, 0, 0] = 1.0
    per_lepton = (size - 1) // len(LEPTONS)
    for k, lepton in enumerate(LEPTONS):
        ratio = point["m_Bc"] ** 2 / (point[f"m_{lepton}"] * sum(_BC.current.masses(point)))
        width = leptonic_width(point, _BC, lepton)
        leptonic = width * modulus_squared(leptonic_amplitudes(ratio, _BC.current.standard_model(point), lepton)).sum(axis=0)
        leptonic[0, 0] = 0.0  # what the Standard Model has already
        here = np.r_[0, 1 + k * per_lepton : 1 + (k + 1) * per_lepton]
        forms[1][np.ix_(here, here)] += standard_model * leptonic
    return Forms(forms, (1.0, -1.0))


def observables(point: ParameterPoint) -> tuple[Observable, ...]:  # noqa: ARG001
    """The lifetime."""
    return (
        Observable(
            name="tau_Bc",
            tex=r"\tau_{B_c}",
            description="lifetime of Bc: expectation of the Standard Model, shortened by new physics in Bc -> l nu",
            coefficients=_COEFFICIENTS,
            forms=bc_lifetime,
            reference="arXiv:1611.06676; Standard Model: hep-ph/0211432",
            aliases=("tau(Bc)",),
            unit="GeV^-1",
        ),
    )
