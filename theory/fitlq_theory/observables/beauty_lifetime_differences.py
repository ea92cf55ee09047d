r"""Width differences of the B and Bs mesons and CP asymmetries of their flavour-specific decays.

With M12 of `meson_mixing_amplitude` and the absorptive amplitude of the Standard Model,

.. math:: \frac{\Gamma_{12}}{M_{12}^{SM}} = 10^{-4} \left[c + a \frac{\lambda_u}{\lambda_t}
          + b \frac{\lambda_u^2}{\lambda_t^2}\right], \qquad \lambda_q = V_{qb} V_{qd,s}^*,

(heavy-quark expansion, arXiv:1511.09466 eqs. (81), (82), there with the opposite sign of c, a, b),

.. math:: \Delta\Gamma = \Gamma_L - \Gamma_H = -\frac{2\, \mathrm{Re}(M_{12} \Gamma_{12}^*)}{|M_{12}|}, \qquad
          a_{fs} = \frac{\mathrm{Im}(\Gamma_{12} M_{12}^*)}{|M_{12}|^2 + |\Gamma_{12}|^2/4}.

The asymmetry is exact, the width difference up to :math:`|\Gamma_{12}/M_{12}|^2 \sin^2\phi_{12} / 8 < 10^{-5}`. New physics
enters through M12; its part of Gamma12 (operators with light quarks or tau leptons) is not included.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.contracts import Arguments, Coefficient, Forms, Observable
from fitlq_theory.observables.meson_mixing_amplitude import B0, BS, OPERATORS, Meson, ckm_factor, mixing_amplitude
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.quadratic_forms import from_linear, modulus_squared

__all__ = ["absorptive_amplitude", "observables"]

Real = NDArray[np.float64]

_UNIT = 1e-4  # of the coefficients a, b, c of Gamma12/M12 among the inputs, as published
_REFERENCE = "arXiv:1511.09466, sections II and III"


def absorptive_amplitude(point: ParameterPoint, meson: Meson) -> complex:
    """Gamma12 of the Standard Model in GeV, in the phase convention of `mixing_amplitude`."""
    ratio = ckm_factor(point, "u", meson.quarks) / ckm_factor(point, "t", meson.quarks)
    constant, linear, quadratic = (point[f"Gamma12_{meson.name}_{k}"] for k in "cab")
    return complex(_UNIT * (constant + linear * ratio + quadratic * ratio**2) * mixing_amplitude(point, meson)[0])


def observables(_point: ParameterPoint) -> tuple[Observable, ...]:
    """DeltaGamma_d, DeltaGamma_s, a_fs_d and a_fs_s."""
    found = []
    for meson in (B0, BS):
        light = meson.quarks[1]
        coefficients = tuple(Coefficient(f"{operator}_{meson.sector}", meson.eft, meson.scale) for operator in OPERATORS)
        found += [
            Observable(
                name=f"DeltaGamma_{light}",
                tex=rf"\Delta\Gamma_{light}",
                description=f"Width of the lighter minus width of the heavier {meson.name} mass eigenstate",
                coefficients=coefficients,
                forms=partial(_width_difference, meson=meson),
                reference=_REFERENCE,
                unit="GeV",
            ),
            Observable(
                name=f"a_fs_{light}",
                aliases=(f"a_sl_{light}",),
                tex=rf"a_\mathrm{{fs}}^{light}",
                description=f"CP asymmetry of flavour-specific {meson.name} decays",
                coefficients=coefficients,
                forms=partial(_asymmetry, meson=meson),
                reference=_REFERENCE,
            ),
        ]
    return tuple(found)


def _width_difference(point: ParameterPoint, _arguments: Arguments, *, meson: Meson) -> Forms:
    dispersive, absorptive = mixing_amplitude(point, meson), absorptive_amplitude(point, meson)
    numerator = from_linear(-2.0 * np.conj(absorptive) * dispersive)
    return Forms(np.stack([numerator, modulus_squared(dispersive)]), (1.0, -0.5))


def _asymmetry(point: ParameterPoint, _arguments: Arguments, *, meson: Meson) -> Forms:
    dispersive, absorptive = mixing_amplitude(point, meson), absorptive_amplitude(point, meson)
    numerator = from_linear(1j * np.conj(absorptive) * dispersive)  # Im(G M*) = -Im(G* M) = Re(i G* M)
    denominator: Real = modulus_squared(dispersive)
    denominator[0, 0] += 0.25 * abs(absorptive) ** 2
    return Forms(np.stack([numerator, denominator]), (1.0, -1.0))
