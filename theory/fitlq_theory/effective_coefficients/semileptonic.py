r"""Effective coefficients of b -> s l l as functions of q2, linear in the Wilson coefficients.

.. math::

    C_7^\mathrm{eff}(q^2) &= C_7^\mathrm{eff} + \delta_7, \qquad
    C_9^\mathrm{eff}(q^2) = C_9 + Y(q^2) + \frac{\lambda_u}{\lambda_t} Y_u(q^2) + \delta_9 \\
    \delta_j &= -\frac{\alpha_s}{4\pi} \left\{ C_8^\mathrm{eff} F_8^{(j)} + \sum_{i=1,2} C_i \left[ F_i^{(j)}(m_c)
    + \frac{\lambda_u}{\lambda_t} (F_i^{(j)}(m_c) - F_i^{(j)}(0)) \right] \right\}

at a scale that is an argument (4.8 GeV in exclusive decays), with pole masses; the two-loop part of O7 has the charm mass
``m_c BVgamma`` instead, whose error stands for its scheme.
The brackets of :math:`\lambda_u` vanish for equal masses of charm and up; flavio 2.7.1 has minus the sum of the two-loop
functions. Wilson coefficients: WCxf basis "WET, flavio",
:math:`\mathcal H = -\frac{4G_F}{\sqrt2} \lambda_t \frac{\alpha_e}{4\pi} \sum C_i O_i`.
A new C8 adds :math:`-\frac{\alpha_s}{4\pi} F_8^{(j)} C_8`; the flipped operators do the same, by parity.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.ckm import ckm_matrix
from fitlq_theory.contracts import Coefficient
from fitlq_theory.effective_coefficients.quark_loops import four_quark_loops, light_quark_difference, quark_loop
from fitlq_theory.effective_coefficients.two_loop import (
    TwoLoop,
    charm_two_loop,
    chromomagnetic,
    chromomagnetic_expanded,
    massless_two_loop,
)
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.qcd import alpha_strong, pole_mass, running_mass

__all__ = [
    "COEFFICIENTS",
    "SCALE",
    "EffectiveCoefficients",
    "ckm_ratio",
    "coefficients_of",
    "effective_coefficients",
    "follows_flavio",
    "one_loop_vector",
]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]

SCALE = 4.8  # GeV
# the order of the vector c after its leading 1
COEFFICIENTS = ("C7", "C7p", "C8", "C8p", "C9", "C9p", "C10", "C10p", "CS", "CSp", "CP", "CPp")


@dataclass(frozen=True, slots=True)
class EffectiveCoefficients:
    """Rows over c = (1, `COEFFICIENTS`), each of shape (n, 13): dipole, vector and axial lepton current, and flipped ones."""

    dipole: Complex
    dipole_flipped: Complex
    vector: Complex
    vector_flipped: Complex
    axial: Complex
    axial_flipped: Complex
    scalar: Complex
    scalar_flipped: Complex
    pseudoscalar: Complex
    pseudoscalar_flipped: Complex


def coefficients_of(lepton: str, scale: float = SCALE) -> tuple[Coefficient, ...]:
    """The Wilson coefficients in the order of `COEFFICIENTS` for b -> s `lepton` `lepton`, at `scale` in GeV."""
    dipoles = ("C7", "C7p", "C8", "C8p")
    names = (f"{n}_bs" if n in dipoles else f"{n}_bs{lepton}{lepton}" for n in COEFFICIENTS)
    return tuple(Coefficient(name, "WET", scale) for name in names)


def follows_flavio(point: ParameterPoint) -> bool:
    """Whether the treatment of flavio 2.7.1 is asked for (choice ``b->s ll``)."""
    return point.choices["b->s ll"] == "flavio-2.7.1"


def effective_coefficients(
    point: ParameterPoint, q2: Real, *, conjugate: bool = False, scale: float = SCALE
) -> EffectiveCoefficients:
    """The effective coefficients at `q2`.

    Parameters
    ----------
    point : ParameterPoint
    q2 : ndarray, shape (n,)
        GeV^2, above 0.
    conjugate : bool
        For the decay of the antiquark with c* as the vector of coefficients: CKM phases change sign, strong phases stay.
    scale : float
        GeV; one at which the inputs have the coefficients of the Standard Model.
    """
    dipole, vector, chromo_seven, chromo_nine = _standard_model(point, q2, scale, conjugate=conjugate)
    size = len(COEFFICIENTS) + 1
    rows = {name: np.zeros((len(q2), size), dtype=np.complex128) for name in EffectiveCoefficients.__slots__}
    for k, name in enumerate(EffectiveCoefficients.__slots__):
        column = (1, 2, 5, 6, 7, 8, 9, 10, 11, 12)[k]
        rows[name][:, column] = 1.0
    rows["dipole"][:, 0], rows["vector"][:, 0] = dipole, vector
    rows["dipole_flipped"][:, 0] = _flipped_dipole(point, scale)
    top = point["m_t"] / point["C10 SM reference m_t"]
    rows["axial"][:, 0] = _coefficient(point, "C10", scale) * top ** point["C10 SM exponent of m_t"]
    for suffix, column in (("", 3), ("_flipped", 4)):
        rows[f"dipole{suffix}"][:, column] = chromo_seven
        rows[f"vector{suffix}"][:, column] = chromo_nine
    return EffectiveCoefficients(**rows)


def _coefficient(point: ParameterPoint, name: str, scale: float) -> float:
    """A coefficient of the Standard Model."""
    return point[f"{name}({scale:g} GeV) SM"]


def _flipped_dipole(point: ParameterPoint, scale: float) -> float:
    r"""C_7'eff of the Standard Model, (m_s/m_b) C_7eff: b-quark loops give m_b, s-quark loops m_s.

    flavio 2.7.1 multiplies the ratio of masses with C_7 without the part of the four-quark operators, which is 9 % larger.
    """
    ratio = running_mass(point, "s", scale) / running_mass(point, "b", scale)
    dipole = _coefficient(point, "C7eff", scale)
    if follows_flavio(point):
        c3, c4, c5, c6 = (_coefficient(point, f"C{i}", scale) for i in range(3, 7))
        dipole += c3 / 3 + 4 * c4 / 9 + 20 * c5 / 3 + 80 * c6 / 9
    return ratio * dipole


def ckm_ratio(point: ParameterPoint, *, conjugate: bool) -> complex:
    """lambda_u / lambda_t for b -> s, or its complex conjugate."""
    matrix = ckm_matrix(point["Vus"], point["Vub"], point["Vcb"], point["gamma"])
    ratio = complex(matrix[0, 2] * matrix[0, 1].conj() / (matrix[2, 2] * matrix[2, 1].conj()))
    return ratio.conjugate() if conjugate else ratio


def _standard_model(
    point: ParameterPoint, q2: Real, scale: float, *, conjugate: bool
) -> tuple[Complex, Complex, Complex, Complex]:
    """C7eff(q2), C9eff(q2) and what a unit of C8 adds to either."""
    key = ("effective coefficients", scale, q2.tobytes())
    parts = point.shared(key, lambda p: _without_ckm(p, q2, scale))
    ratio = ckm_ratio(point, conjugate=conjugate)
    return parts.seven + ratio * parts.seven_up, parts.nine + ratio * parts.nine_up, parts.chromo_seven, parts.chromo_nine


@dataclass(frozen=True, slots=True)
class _Parts:
    """C7eff(q2) and C9eff(q2): without CKM factors, the factors of lambda_u/lambda_t, and of C8; each (n,)."""

    seven: Complex
    seven_up: Complex
    nine: Complex
    nine_up: Complex
    chromo_seven: Complex
    chromo_nine: Complex


def _one_loop(point: ParameterPoint, q2: Real, scale: float) -> tuple[Complex, Complex]:
    """C9 + Y and Y_u."""
    four_quark = tuple(_coefficient(point, f"C{i}", scale) for i in range(1, 7))
    charm, beauty, light = (quark_loop(q2, mass, scale) for mass in (pole_mass(point, "c"), pole_mass(point, "b"), 0.0))
    local = _coefficient(point, "C9", scale) + four_quark_loops(four_quark, charm, beauty, light)
    return np.asarray(local), light_quark_difference(four_quark, charm, light)


def one_loop_vector(point: ParameterPoint, q2: Real, *, conjugate: bool = False, scale: float = SCALE) -> Complex:
    r""":math:`C_9 + Y + \frac{\lambda_u}{\lambda_t} Y_u` of the Standard Model, (n,); arguments as `effective_coefficients`."""
    nine, nine_up = _one_loop(point, q2, scale)
    return np.asarray(nine + ckm_ratio(point, conjugate=conjugate) * nine_up)


def _without_ckm(point: ParameterPoint, q2: Real, scale: float) -> _Parts:
    beauty, charm = pole_mass(point, "b"), pole_mass(point, "c")
    coupling = -alpha_strong(point, scale, 5) / (4 * math.pi)
    log_scale = math.log(scale / beauty)
    s = q2 / beauty**2
    chromo = chromomagnetic_expanded if follows_flavio(point) else chromomagnetic
    chromo_seven, chromo_nine = (np.asarray(coupling * f) for f in chromo(s, log_scale))
    sevens, nines = _current_current(point, s, beauty, charm, scale)
    c8 = _coefficient(point, "C8eff", scale)
    local, up = _one_loop(point, q2, scale)
    return _Parts(
        seven=np.asarray(_coefficient(point, "C7eff", scale) + c8 * chromo_seven + coupling * sevens[0]),
        seven_up=np.asarray(coupling * sevens[1]),
        nine=np.asarray(local + c8 * chromo_nine + coupling * nines[0]),
        nine_up=np.asarray(up + coupling * nines[1]),
        chromo_seven=chromo_seven,
        chromo_nine=chromo_nine,
    )


def _current_current(
    point: ParameterPoint, s: Real, beauty: float, charm: float, scale: float
) -> tuple[tuple[Complex, Complex], tuple[Complex, Complex]]:
    """C1 F1 + C2 F2 of O7 and of O9, each with charm and the factor of lambda_u/lambda_t."""
    c1, c2 = _coefficient(point, "C1", scale), _coefficient(point, "C2", scale)
    log_scale = math.log(scale / beauty)

    def seven(functions: TwoLoop) -> Complex:
        return np.asarray(c1 * functions.f17 + c2 * functions.f27)

    def nine(functions: TwoLoop) -> Complex:
        return np.asarray(c1 * functions.f19 + c2 * functions.f29)

    massless = massless_two_loop(s, log_scale)
    sevens = seven(charm_two_loop(s, (point["m_c BVgamma"] / beauty) ** 2, log_scale)), seven(massless)
    nines = nine(charm_two_loop(s, (charm / beauty) ** 2, log_scale)), nine(massless)
    sign = -1.0 if follows_flavio(point) else 1.0
    # flavio: minus the sum instead of the difference
    return (sevens[0], sign * sevens[0] - sevens[1]), (nines[0], sign * nines[0] - nines[1])
