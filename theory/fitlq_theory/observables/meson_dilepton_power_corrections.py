r"""What nobody can calculate in B -> K(*) l l and Bs -> phi l l: shifts of C7 and C9 with central value zero.

Choice ``charm loops``:

``polynomial``
    Up to 9 GeV^2 a shift of C7 (of C7' in helicity +) by :math:`\frac{m_B}{2 m_b} (a + b\, q^2/m_B^2)` for each helicity of a
    vector meson, and of C9 by :math:`a + b\, q^2/\mathrm{GeV}^2` for a pseudoscalar; above 14 GeV^2 a shift c of C9. All are
    complex, the same for all leptons, so that they cancel in ratios of leptons. Sizes: flavio 2.7.1.
``free``
    These, and a complex shift of C9 common to all helicities, mesons and leptons, linear in q2 in either region.
``none``
    Nothing.

Between 9 and 14 GeV^2 there are charmonium resonances and no estimate. Strong phases: the shifts are the same in the decay of the
antiquark.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.effective_coefficients import SCALE
from fitlq_theory.observables.meson_dilepton_modes import DileptonMode
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.qcd import running_mass

__all__ = ["HIGH_REGION", "LOW_REGION", "PowerCorrections", "power_corrections"]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]

CHOICE = "charm loops"
# below J/psi and above psi(2S) in GeV^2, as in flavio 2.7.1
LOW_REGION, HIGH_REGION = 9.0, 14.0
# the free shift is value + slope (q2 - centre)/half width in GeV^2
_FREE_SHIFT = {"low": (4.5, 4.5), "high": (18.0, 4.0)}
# the operator that is shifted in each helicity
_DIPOLES = {"0": "delta_C7", "-": "delta_C7", "+": "delta_C7p"}


@dataclass(frozen=True, slots=True)
class PowerCorrections:
    """Shifts of C7 (C7' for helicity +) and of C9 by helicity of a vector meson, ``""`` for a pseudoscalar; each (n,)."""

    dipole: Mapping[str, Complex]
    vector: Mapping[str, Complex]


def power_corrections(point: ParameterPoint, mode: DileptonMode, q2: Real) -> PowerCorrections:
    """The shifts of a decay at `q2` (n,) in GeV^2.

    Raises
    ------
    UnknownNameError
        A mode without such inputs.
    """
    helicities = ("0", "-", "+") if mode.vector else ("",)
    zero = np.zeros(len(q2), dtype=np.complex128)
    option = point.choices[CHOICE]
    if option == "none":
        return PowerCorrections(dict.fromkeys(helicities, zero), dict.fromkeys(helicities, zero))
    common = _free_shift(point, q2) if option == "free" else zero
    if mode.vector:
        dipole = {h: _dipole_shift(point, mode, q2, h) for h in helicities}
        return PowerCorrections(dipole, {h: common + _constant(point, mode, q2, f"c_{h}") for h in helicities})
    return PowerCorrections({"": zero}, {"": common + _linear(point, mode, q2) + _constant(point, mode, q2, "c")})


def _complex(point: ParameterPoint, name: str) -> complex:
    return complex(point[f"{name} Re"], point[f"{name} Im"])


def _dipole_shift(point: ParameterPoint, mode: DileptonMode, q2: Real, helicity: str) -> Complex:
    low = q2 <= LOW_REGION
    if not low.any():
        return np.zeros(len(q2), dtype=np.complex128)
    mass = mode.masses(point)[0]
    name = f"{mode.transition} {_DIPOLES[helicity]}"
    first, second = (_complex(point, f"{name} {letter}_{helicity}") for letter in "ab")
    return np.asarray(low * mass / (2 * running_mass(point, "b", SCALE)) * (first + second * q2 / mass**2))


def _linear(point: ParameterPoint, mode: DileptonMode, q2: Real) -> Complex:
    low = q2 <= LOW_REGION
    if not low.any():
        return np.zeros(len(q2), dtype=np.complex128)
    first, second = (_complex(point, f"{mode.transition} deltaC9 {letter}") for letter in "ab")
    return np.asarray(low * (first + second * q2))


def _constant(point: ParameterPoint, mode: DileptonMode, q2: Real, name: str) -> Complex:
    high = q2 > HIGH_REGION
    if not high.any():
        return np.zeros(len(q2), dtype=np.complex128)
    return np.asarray(high * _complex(point, f"{mode.transition} deltaC9 {name}"))


def _free_shift(point: ParameterPoint, q2: Real) -> Complex:
    shift = np.zeros(len(q2), dtype=np.complex128)
    for region, inside in (("low", q2 <= LOW_REGION), ("high", q2 > HIGH_REGION)):
        if inside.any():
            centre, half_width = _FREE_SHIFT[region]
            value, slope = (_complex(point, f"charm loops DeltaC9 {region} {what}") for what in ("value", "slope"))
            shift += inside * (value + slope * (q2 - centre) / half_width)
    return shift
