r"""Operators of a pair of light invisible particles and their spectral functions.

The Lagrangian is C times (quark bilinear) times (dark bilinear), without any further factor; the bilinears of a pair of
equal mass m are listed in `DARK_OPERATORS`. Summed over spins and averaged over directions in the rest frame of the pair
(invariant mass squared s), the dark bilinears are numbers (densities), symmetric tensors (currents)

.. math:: \langle J^\mu J^{\nu*} \rangle = S_T \left(-g^{\mu\nu} + \frac{q^\mu q^\nu}{s}\right) + S_L \frac{q^\mu q^\nu}{s}

or, for antisymmetric tensors, the sums :math:`S_E` and :math:`S_B` over their electric (0i) and magnetic (ij) components.

========  ===================  ===================================================================================
density   :math:`S_D`          contracted with :math:`\bar s b` or :math:`\bar s i\gamma_5 b`
current   S_T and S_L          contracted with :math:`\bar s\gamma_\mu b` or :math:`\bar s\gamma_\mu\gamma_5 b`
tensor    S_E and S_B          contracted with :math:`\bar s\sigma_{\mu\nu} b`
========  ===================  ===================================================================================

The structures of vector pairs follow those of arXiv:2209.05223 (JHEP 03 (2023) 037) as far as they could be reconstructed;
the names XV2...XV6 are not checked against that paper, the definitions given here are what is computed. All functions are
checked against explicit spinors and polarisation vectors.

Interference of different operators is not included. It vanishes, summed over spins, between pairs of different total
angular momentum or parity, not between chiV and chiT or chiP and the spin-0 part of chiA (both for m > 0), and not among
vector pairs of equal quantum numbers: compare one operator at a time, or add those that do not interfere.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

__all__ = ["DARK_OPERATORS", "DarkOperator", "statistics_factor"]

Real = NDArray[np.float64]
Structure = Literal["density", "current", "tensor"]
Functions = Callable[[Real, Real], dict[str, Real]]


@dataclass(frozen=True, slots=True)
class DarkOperator:
    """A bilinear of the invisible field.

    Attributes
    ----------
    name : str
    particle : {"scalar", "fermion", "vector"}
        Complex scalar, Dirac fermion or complex vector; see `statistics_factor` for self-conjugate fields.
    structure : {"density", "current", "tensor"}
        What quark bilinear it is contracted with.
    definition : str
        LaTeX.
    scale_power, mass_power : int
        C = m^mass_power / Lambda^scale_power keeps the rate finite for m -> 0 and defines the scale Lambda.
    self_conjugate : bool
        Whether it exists for a real scalar, a Majorana fermion, a real vector.
    functions : callable
        ``functions(s, mass)``: keys D, or T and L, or E and B; s and mass in GeV^2 and GeV, broadcast against each other.
    """

    name: str
    particle: Literal["scalar", "fermion", "vector"]
    structure: Structure
    definition: str
    scale_power: int
    mass_power: int
    self_conjugate: bool
    functions: Functions

    def coefficient(self, scale: Real, mass: Real) -> Real:
        """C for a new-physics scale Lambda and a mass, both in GeV."""
        return np.asarray(np.asarray(mass, dtype=np.float64) ** self.mass_power / np.asarray(scale) ** self.scale_power)


def statistics_factor(operator: DarkOperator, *, self_conjugate: bool = False, halved: bool = False) -> float:
    """Rate with L = C O relative to that of the complex (Dirac) field.

    A self-conjugate field doubles the amplitude and halves the phase space: 2. ``halved``: L = (1/2) C O, a quarter of it.
    0 where the operator vanishes identically for a self-conjugate field.
    """
    factor = 0.25 if halved else 1.0
    if not self_conjugate:
        return factor
    return 2.0 * factor if operator.self_conjugate else 0.0


def _velocity_squared(s: Real, m: Real) -> Real:
    return 1.0 - 4.0 * m**2 / s


def _three_polarisations(s: Real, m: Real) -> Real:
    """Sum over polarisations of |e1* . e2*|^2."""
    return 3.0 - s / m**2 + s**2 / (4.0 * m**4)


def _electric_pair(s: Real, m: Real) -> Real:
    return (s - 4.0 * m**2) * (s + 4.0 * m**2) / (16.0 * m**4)


def _magnetic_pair(s: Real, m: Real) -> Real:
    return 0.5 + s / (4.0 * m**2)


def _dirac_tensor(s: Real, m: Real) -> tuple[Real, Real]:
    return 2.0 * (s + 8.0 * m**2), 2.0 * s * _velocity_squared(s, m)


def _axial(s: Real, m: Real) -> dict[str, Real]:
    return {"T": 4.0 / 3.0 * s * _velocity_squared(s, m), "L": 8.0 * m**2 + 0.0 * s}


def _tensor(s: Real, m: Real) -> dict[str, Real]:
    electric, magnetic = _dirac_tensor(s, m)
    return {"E": electric, "B": magnetic}


def _tensor5(s: Real, m: Real) -> dict[str, Real]:
    electric, magnetic = _dirac_tensor(s, m)
    return {"E": magnetic, "B": electric}


def _symmetric(s: Real, m: Real) -> dict[str, Real]:
    excess = s - 4.0 * m**2
    return {"T": s * excess / (3.0 * m**2), "L": s * excess**2 / (4.0 * m**4)}


def _epsilon_derivative(s: Real, m: Real) -> dict[str, Real]:
    excess = s - 4.0 * m**2
    return {"T": excess**2 / (3.0 * m**2), "L": 2.0 * excess}


def _antisymmetric(s: Real, m: Real) -> dict[str, Real]:
    return {"T": s * (s - 4.0 * m**2) * (s + 4.0 * m**2) / (12.0 * m**4)}


def _scalar_density(s: Real, m: Real) -> dict[str, Real]:
    return {"D": 1.0 + 0.0 * (s + m)}


def _scalar_current(s: Real, m: Real) -> dict[str, Real]:
    return {"T": s * _velocity_squared(s, m) / 3.0}


def _fermion_scalar(s: Real, m: Real) -> dict[str, Real]:
    return {"D": 2.0 * s * _velocity_squared(s, m)}


def _fermion_pseudoscalar(s: Real, m: Real) -> dict[str, Real]:
    return {"D": 2.0 * s + 0.0 * m}


def _fermion_vector(s: Real, m: Real) -> dict[str, Real]:
    return {"T": 4.0 / 3.0 * (s + 2.0 * m**2)}


def _vector_density(s: Real, m: Real) -> dict[str, Real]:
    return {"D": _three_polarisations(s, m)}


def _pair_tensor(s: Real, m: Real) -> dict[str, Real]:
    return {"E": _electric_pair(s, m), "B": _magnetic_pair(s, m)}


def _pair_tensor5(s: Real, m: Real) -> dict[str, Real]:
    return {"E": _magnetic_pair(s, m), "B": _electric_pair(s, m)}


def _convective(s: Real, m: Real) -> dict[str, Real]:
    return {"T": (s - 4.0 * m**2) / 3.0 * _three_polarisations(s, m)}


def _epsilon_total_derivative(s: Real, m: Real) -> dict[str, Real]:
    return {"T": (2.0 * s + s**2 / m**2) / 3.0}


_LEFT_RIGHT = r"\overleftrightarrow{\partial}"
_PAIR = r"(X^\dagger_\mu X_\nu - X^\dagger_\nu X_\mu)"
# name, field, structure, definition, powers of 1/Lambda and of m in C, whether it exists for a self-conjugate field
_OPERATORS = (
    DarkOperator("phiS", "scalar", "density", r"\phi^\dagger\phi", 1, 0, True, _scalar_density),
    DarkOperator("phiV", "scalar", "current", rf"\phi^\dagger i{_LEFT_RIGHT}_\mu\phi", 2, 0, False, _scalar_current),
    DarkOperator("chiS", "fermion", "density", r"\bar\chi\chi", 2, 0, True, _fermion_scalar),
    DarkOperator("chiP", "fermion", "density", r"\bar\chi i\gamma_5\chi", 2, 0, True, _fermion_pseudoscalar),
    DarkOperator("chiV", "fermion", "current", r"\bar\chi\gamma_\mu\chi", 2, 0, False, _fermion_vector),
    DarkOperator("chiA", "fermion", "current", r"\bar\chi\gamma_\mu\gamma_5\chi", 2, 0, True, _axial),
    DarkOperator("chiT", "fermion", "tensor", r"\bar\chi\sigma_{\mu\nu}\chi", 2, 0, False, _tensor),
    DarkOperator("chiT5", "fermion", "tensor", r"\bar\chi\sigma_{\mu\nu}\gamma_5\chi", 2, 0, False, _tensor5),
    DarkOperator("XS", "vector", "density", r"X^\dagger_\mu X^\mu", 3, 2, True, _vector_density),
    DarkOperator("XT1", "vector", "tensor", rf"\frac{{i}}{{2}}{_PAIR}", 3, 2, False, _pair_tensor),
    # contracted with sbar sigma_munu gamma_5 b
    DarkOperator("XT2", "vector", "tensor", rf"\frac12{_PAIR}\gamma_5", 3, 2, False, _pair_tensor5),
    DarkOperator("XV2", "vector", "current", r"\partial^\nu(X^\dagger_\mu X_\nu + X^\dagger_\nu X_\mu)", 4, 2, True, _symmetric),
    DarkOperator(
        "XV3",
        "vector",
        "current",
        rf"\epsilon_{{\mu\rho\nu\sigma}} X^{{\dagger\rho}}{_LEFT_RIGHT}^\nu X^\sigma",
        3,
        1,
        True,
        _epsilon_derivative,
    ),
    DarkOperator("XV4", "vector", "current", rf"X^\dagger_\nu i{_LEFT_RIGHT}_\mu X^\nu", 4, 2, False, _convective),
    DarkOperator("XV5", "vector", "current", rf"i\partial^\nu{_PAIR}", 4, 2, False, _antisymmetric),
    DarkOperator(
        "XV6",
        "vector",
        "current",
        r"\epsilon_{\mu\rho\nu\sigma} i\partial^\nu(X^{\dagger\rho} X^\sigma)",
        3,
        1,
        False,
        _epsilon_total_derivative,
    ),
)

DARK_OPERATORS: Mapping[str, DarkOperator] = {operator.name: operator for operator in _OPERATORS}
