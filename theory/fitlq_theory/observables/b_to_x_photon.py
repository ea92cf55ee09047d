r"""Inclusive B -> Xs gamma and B -> Xd gamma with photon energies above 1.6 GeV, and the CP asymmetry of their sum.

.. math:: \mathrm{BR}(B \to X_q\gamma) = \mathrm{BR}(B \to X_c e\nu) \left|\frac{\lambda_t}{V_{cb}}\right|^2
          \frac{6\alpha}{\pi C} (P + N), \qquad
          P = \sum_{ij} \mathrm{Re}\, K_{ij} (C_i C_j^* + C_i' C_j'^*) + P_u

(hep-ph/0609241, eq. (2.1)), CP-averaged: :math:`K = K^{(0)} + a K^{(1)} + a^2 K^{(2)}`, :math:`a = \alpha_s/4\pi`, with
:math:`K^{(0)}_{77} = 1` and the numbers of ``inputs/tables/b_to_x_photon.yaml`` (NNLO, arXiv:1503.01789);
:math:`P_u = -0.0297\, \mathrm{Re}\, r + 0.1234 |r|^2`, :math:`r = \lambda_u/\lambda_t`; N the power corrections. The CP
asymmetry of the sum of s and d has the numerator :math:`\sum_{ij} a\, \mathrm{Im} K^{(1)}_{ij} \, \mathrm{Re}(-i C_i C_j^*) +
0.0596\, \mathrm{Im}\, r`; it vanishes in the Standard Model by unitarity of the CKM matrix. Resolved-photon contributions, which
have opposite sign for B0 and B+ and vanish in the isospin average, are not included.

Coefficients: WET at 2 GeV with five flavours, where K is given. Charm, beauty and kinetic masses behind K are fixed.
"""

from __future__ import annotations

import math
from functools import cache, partial
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.contracts import Arguments, Coefficient, Forms, Observable
from fitlq_theory.observables.meson_mixing_amplitude import ckm_factor
from fitlq_theory.observables.radiative_matrix_elements import StandardModel, ckm_ratio, standard_model
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.qcd import alpha_strong
from fitlq_theory.quadratic_forms import from_hermitian
from fitlq_theory.strict_yaml import load_yaml

__all__ = ["observables"]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]

_SCALE = 2.0  # GeV
_OPERATORS = ("C7", "C7p", "C8", "C8p")
# power corrections beyond those in C and the next-to-leading value of P, which is the unit of the input delta_BX(s,d)gamma
_POWER_CORRECTIONS, _UNIT_OF_ERROR = 0.00381745, 0.1249
# up-quark parts: of the rate, linear and quadratic in lambda_u/lambda_t, and of the asymmetry
_UP_LINEAR, _UP_QUADRATIC, _UP_ASYMMETRY = -0.0296854, 0.123411, 0.0596211


@cache
def _interference() -> tuple[Real, Real, Real]:
    """K1 and K2 (real parts) and the imaginary part of K1, 8 x 8."""
    name = "b_to_x_photon.yaml"
    data = load_yaml(files("fitlq_theory.inputs").joinpath("tables", name).read_text(encoding="utf-8"), name)
    first, second, imaginary = (
        _lower(data[key]) for key in ("next_to_leading", "next_to_next_to_leading", "next_to_leading_imaginary")
    )
    return first + np.tril(first, -1).T, second + np.tril(second, -1).T, imaginary - np.tril(imaginary, -1).T


def _lower(rows: list[list[float]]) -> Real:
    matrix = np.zeros((len(rows), len(rows)))
    for i, row in enumerate(rows):
        matrix[i, : i + 1] = row
    return matrix


def _coefficients(quark: str) -> tuple[Coefficient, ...]:
    return tuple(Coefficient(f"{name}_b{quark}", "WET", _SCALE) for name in _OPERATORS)


def _vectors(coefficients: StandardModel) -> tuple[Complex, Complex]:
    """C_1 ... C_8 and the flipped ones as rows over (1, C7, C7', C8, C8'); 8 x 5."""
    same, flipped = np.zeros((8, 5), dtype=np.complex128), np.zeros((8, 5), dtype=np.complex128)
    same[:, 0] = (*coefficients.four_quark, coefficients.dipole, coefficients.chromomagnetic)
    flipped[6:, 0] = (coefficients.dipole_flipped, coefficients.chromomagnetic_flipped)
    same[6, 1] = same[7, 3] = flipped[6, 2] = flipped[7, 4] = 1.0
    return same, flipped


def _sum(kernel: Real | Complex, rows: tuple[Complex, Complex]) -> Real:
    """Form of sum_ij K_ji C_i C_j* over both chiralities; K Hermitian."""
    return sum((from_hermitian(c.conj().T @ kernel @ c) for c in rows), start=np.zeros((9, 9)))


def _rate(point: ParameterPoint, quark: str) -> Real:
    """P + N, form 9 x 9, with the error of higher orders and power corrections."""
    first, second, _ = _interference()
    coupling = alpha_strong(point, _SCALE, 5) / (4.0 * math.pi)
    kernel = coupling * first + coupling**2 * second
    kernel[6, 6] += 1.0
    form = _sum(kernel, _vectors(standard_model(point, _SCALE, quark)))
    ratio = ckm_ratio(point, quark)
    form[0, 0] += _UP_LINEAR * ratio.real + _UP_QUADRATIC * abs(ratio) ** 2
    form[0, 0] += _POWER_CORRECTIONS + _UNIT_OF_ERROR * point[f"delta_BX{quark}gamma"]
    return form


def _rate_difference(point: ParameterPoint, quark: str) -> Real:
    """Half the difference of b and its antiquark in the units of `_rate`."""
    coupling = alpha_strong(point, _SCALE, 5) / (4.0 * math.pi)
    # Im(C K C^dagger) with a real antisymmetric K is C^dagger (i K) C
    kernel = np.asarray(1j * coupling * _interference()[2], dtype=np.complex128)
    form = _sum(kernel, _vectors(standard_model(point, _SCALE, quark)))
    form[0, 0] += _UP_ASYMMETRY * ckm_ratio(point, quark).imag
    return form


def _branching_ratio(point: ParameterPoint, _arguments: Arguments, quark: str) -> Forms:
    element = abs(ckm_factor(point, "t", ("b", quark)) / point["Vcb"]) ** 2
    factor = 6.0 * point["alpha_em Thomson"] / math.pi * element * point["BR(B->Xcenu)_exp"] / point["C_BXlnu"]
    return Forms(factor * _rate(point, quark)[None])


def _sum_asymmetry(point: ParameterPoint, _arguments: Arguments) -> Forms:
    """Coefficients of b -> s come first."""
    forms = np.zeros((2, 17, 17))
    for quark, start in (("s", 1), ("d", 9)):
        places = np.array([0, *range(start, start + 8)])
        weight = abs(ckm_factor(point, "t", ("b", quark))) ** 2
        forms[0][np.ix_(places, places)] += weight * _rate_difference(point, quark)
        # uncertainties of the series and of power corrections are not those of the asymmetry
        forms[1][np.ix_(places, places)] += weight * _perturbative_rate(point, quark)
    return Forms(forms, (1.0, -1.0))


def _perturbative_rate(point: ParameterPoint, quark: str) -> Real:
    form = _rate(point, quark)
    form[0, 0] -= _POWER_CORRECTIONS + _UNIT_OF_ERROR * point[f"delta_BX{quark}gamma"]
    return form


def observables(_point: ParameterPoint) -> tuple[Observable, ...]:
    """Branching ratios of B -> Xs gamma and B -> Xd gamma and the CP asymmetry of their sum."""
    rates = [
        Observable(
            name=f"BR(B->X{quark}gamma)",
            tex=rf"\mathrm{{BR}}(B\to X_{quark}\gamma)",
            description=f"branching ratio of B -> X{quark} gamma, photon energy above 1.6 GeV, averaged over CP and isospin",
            coefficients=_coefficients(quark),
            forms=partial(_branching_ratio, quark=quark),
            reference="hep-ph/0609241, eq. (2.1); arXiv:1503.01789",
        )
        for quark in "sd"
    ]
    asymmetry = Observable(
        name="ACP(B->Xgamma)",
        aliases=("ACP(B->Xs+dgamma)",),
        tex=r"A_{CP}(B\to X_{s+d}\gamma)",
        description="CP asymmetry of B -> X gamma, sum of s and d, antiparticle of B first, photon energy above 1.6 GeV",
        coefficients=_coefficients("s") + _coefficients("d"),
        forms=_sum_asymmetry,
        reference="hep-ph/0609241, eq. (2.1)",
    )
    return (*rates, asymmetry)
