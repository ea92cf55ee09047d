r"""Helicity amplitudes of B -> P l1 l2 and B -> V l1 l2, linear in the Wilson coefficients.

Rows over c = (1, `COEFFICIENTS`) for the decay of a b quark, over c* for that of its antiquark (``conjugate``): CKM phases are
conjugated, strong phases are not. Masses: :math:`m_1` of the negative, :math:`m_2` of the positive lepton of the b decay. Vector
meson: 0, +, - with vector (V) and axial (A) current of the leptons, P, S; pseudoscalar: V, A, P, S. With
:math:`N = \frac{4G_F}{\sqrt2} \lambda_t \frac{\alpha_e}{4\pi}`, :math:`X_\pm = X \pm X'` of effective coefficients and
:math:`\lambda = \lambda(m_B^2, m_M^2, q^2)`:

.. math::

    H_0^V &= N \frac{4i m_B m_V}{\sqrt{q^2}} \left[ A_{12} C_{9-} + \frac{m_b}{m_B+m_V} T_{23} C_{7-} \right] \\
    H_\pm^V &= N \left\{ \frac i2 \left[ \pm\frac{\sqrt\lambda V}{m_B+m_V} C_{9+} - (m_B+m_V) A_1 C_{9-} \right]
      + \frac{i m_b}{q^2} \left[ \pm\sqrt\lambda T_1 C_{7+} - (m_B^2-m_V^2) T_2 C_{7-} \right] \right\} \\
    H^P &= N \frac i2 \sqrt\lambda A_0 \left[ C_{P-} + \frac{m_1+m_2}{q^2} C_{10-} \right], \quad
    H^S = N \frac i2 \sqrt\lambda A_0 \left[ C_{S-} + \frac{m_1-m_2}{q^2} C_{9-} \right] \\
    h^V &= N \frac{\sqrt\lambda}{2\sqrt{q^2}} \left[ f_+ C_{9+} + \frac{2 m_b}{m_B+m_P} f_T C_{7+} \right] \\
    h^P &= N \frac{m_B^2-m_P^2}{2} f_0 \left[ C_{P+} + \frac{m_1+m_2}{q^2} C_{10+} \right], \quad
    h^S = N \frac{m_B^2-m_P^2}{2} f_0 \left[ C_{S+} + \frac{m_1-m_2}{q^2} C_{9+} \right]

and the same with C10 and without dipoles for A. Helicity basis of arXiv:1506.03970; running :math:`m_b`; scalar coefficients
(GeV^-1) carry the mass that their matrix elements divide by, and m_s is neglected there. Below 8.9 GeV^2 spectator
scattering is added to vector mesons (`fitlq_theory.effective_coefficients.spectator_scattering`); for B -> P it is not included.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.ckm import ckm_matrix
from fitlq_theory.effective_coefficients import COEFFICIENTS, SCALE, EffectiveCoefficients, effective_coefficients
from fitlq_theory.effective_coefficients.spectator_scattering import HIGHEST_Q2, spectator_scattering
from fitlq_theory.electromagnetic_coupling import alpha_electromagnetic
from fitlq_theory.form_factors import evaluate
from fitlq_theory.observables.meson_dilepton_modes import DileptonMode
from fitlq_theory.observables.meson_dilepton_power_corrections import PowerCorrections, power_corrections
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.qcd import running_mass

__all__ = [
    "PSEUDOSCALAR_AMPLITUDES",
    "VECTOR_AMPLITUDES",
    "decay_amplitudes",
    "kallen",
    "local_amplitudes",
    "without_standard_model",
]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]

VECTOR_AMPLITUDES = ("0V", "0A", "+V", "+A", "-V", "-A", "P", "S")
PSEUDOSCALAR_AMPLITUDES = ("V", "A", "P", "S")
_LOCAL = {
    "dipole": "C7",
    "dipole_flipped": "C7p",
    "vector": "C9",
    "vector_flipped": "C9p",
    "axial": "C10",
    "axial_flipped": "C10p",
    "scalar": "CS",
    "scalar_flipped": "CSp",
    "pseudoscalar": "CP",
    "pseudoscalar_flipped": "CPp",
}
# columns of the dipole operators, which couple to pairs of equal leptons only
_DIPOLES = slice(1, 5)


def kallen(a: float | Real, b: float | Real, c: float | Real) -> Real:
    """Triangle function of three squared masses, clipped at zero (rounding at thresholds)."""
    return np.maximum(np.asarray(a * a + b * b + c * c - 2 * (a * b + b * c + a * c), dtype=np.float64), 0.0)


def decay_amplitudes(
    point: ParameterPoint, mode: DileptonMode, q2: Real, lepton_masses: tuple[float, float], *, conjugate: bool = False
) -> Complex:
    """Amplitudes of a decay.

    Parameters
    ----------
    point : ParameterPoint
    mode : DileptonMode
    q2 : ndarray, shape (n,)
        GeV^2, between the squared sum of lepton masses and the end point.
    lepton_masses : tuple of float
        Of the negative and of the positive lepton in the decay of the b quark, GeV.
    conjugate : bool
        For the decay of the antiquark.

    Returns
    -------
    ndarray of complex, shape (n, 8, 13) for a vector meson, (n, 4, 13) for a pseudoscalar
        In GeV^-1 (amplitudes) times inverse units of the coefficients; order `VECTOR_AMPLITUDES`, `PSEUDOSCALAR_AMPLITUDES`.
    """
    nodes = q2.tobytes()
    effective = point.shared(
        ("b -> s l l effective", nodes, conjugate), lambda p: effective_coefficients(p, q2, conjugate=conjugate)
    )
    form_factors = point.shared(
        ("meson dilepton form factors", mode.form_factors, nodes), lambda p: evaluate(p, mode.form_factors, q2)
    )
    corrections = point.shared(("meson dilepton power", mode.transition, nodes), lambda p: power_corrections(p, mode, q2))
    if mode.vector:
        rows = _vector(point, mode, q2, lepton_masses, (effective, form_factors, corrections))
        # positions of 0V, +V and -V
        rows[:, (0, 2, 4)] += point.shared(
            ("meson dilepton spectator", mode.transition, nodes, conjugate),
            lambda p: _spectator(p, mode, q2, conjugate=conjugate),
        ).transpose(1, 0, 2)
    else:
        rows = _pseudoscalar(point, mode, q2, lepton_masses, (effective, form_factors, corrections))
    factor = point.shared("meson dilepton normalisation", _normalisation)
    return np.asarray((factor.conjugate() if conjugate else factor) * rows)


def local_amplitudes(
    point: ParameterPoint, mode: DileptonMode, q2: Real, lepton_masses: tuple[float, float], *, conjugate: bool = False
) -> Complex:
    """Amplitudes of a decay into two different leptons, to which loops of quarks do not contribute.

    As `decay_amplitudes`, but rows over (1, C9, C9p, ..., CPp) with nothing in the column of 1, shape (n, 8 or 4, 9), from form
    factors alone.
    """
    form_factors = point.shared(
        ("meson dilepton form factors", mode.form_factors, q2.tobytes()), lambda p: evaluate(p, mode.form_factors, q2)
    )
    nothing = dict.fromkeys(("0", "+", "-", ""), np.zeros(len(q2), dtype=np.complex128))
    ingredients = _local_coefficients(len(q2)), form_factors, PowerCorrections(nothing, nothing)
    rows = (_vector if mode.vector else _pseudoscalar)(point, mode, q2, lepton_masses, ingredients)
    factor = point.shared("meson dilepton normalisation", _normalisation)
    return without_standard_model((factor.conjugate() if conjugate else factor) * rows)


def _local_coefficients(count: int) -> EffectiveCoefficients:
    """Every coefficient by itself, without the Standard Model and quark loops, at `count` values of q2."""
    rows = {name: np.zeros((count, len(COEFFICIENTS) + 1), dtype=np.complex128) for name in EffectiveCoefficients.__slots__}
    for name, coefficient in _LOCAL.items():
        rows[name][:, 1 + COEFFICIENTS.index(coefficient)] = 1.0
    return EffectiveCoefficients(**rows)


def without_standard_model(rows: Complex) -> Complex:
    """Rows for two different leptons: over (1, C9, C9p, ..., CPp) with nothing in the column of 1, shape (..., 9)."""
    kept = np.delete(rows, _DIPOLES, axis=-1)
    kept[..., 0] = 0.0
    return np.asarray(kept)


def _normalisation(point: ParameterPoint) -> complex:
    """N of the module docstring in GeV^-2."""
    ckm = ckm_matrix(point["Vus"], point["Vub"], point["Vcb"], point["gamma"])
    coupling = 4 * point["GF"] / math.sqrt(2) * alpha_electromagnetic(point, SCALE) / (4 * math.pi)
    return complex(coupling * ckm[2, 2] * ckm[2, 1].conj())


def _spectator(point: ParameterPoint, mode: DileptonMode, q2: Real, *, conjugate: bool) -> Complex:
    """What spectator scattering adds to H_0^V, H_+^V and H_-^V, per unit N; (3, n, 13). Zero where it is not calculated."""
    rows = np.zeros((3, len(q2), len(COEFFICIENTS) + 1), dtype=np.complex128)
    low = q2 < HIGHEST_Q2
    if low.any():
        found = spectator_scattering(point, mode.transition, q2[low], conjugate=conjugate)
        rows[:, low] = found.longitudinal, found.plus, found.minus
    return rows


_Ingredients = tuple[EffectiveCoefficients, dict[str, Real], PowerCorrections]


def _vector(
    point: ParameterPoint, mode: DileptonMode, q2: Real, lepton_masses: tuple[float, float], ingredients: _Ingredients
) -> Complex:
    effective, f, _ = ingredients
    (mass, light), quark = mode.masses(point), running_mass(point, "b", SCALE)
    root, total = np.sqrt(kallen(mass**2, light**2, q2)), mass + light
    long_local = (4j * mass * light / np.sqrt(q2) * f["A12"])[:, None]
    long_dipole = (4j * mass * light * quark / (np.sqrt(q2) * total) * f["T23"])[:, None]
    odd, even = (0.5j * root * f["V"] / total)[:, None], (0.5j * total * f["A1"])[:, None]
    dipole_odd = (1j * quark / q2 * root * f["T1"])[:, None]
    dipole_even = (1j * quark / q2 * (mass**2 - light**2) * f["T2"])[:, None]
    vector = effective.vector + effective.vector_flipped, effective.vector - effective.vector_flipped
    axial = effective.axial + effective.axial_flipped, effective.axial - effective.axial_flipped
    dipole = effective.dipole + effective.dipole_flipped, effective.dipole - effective.dipole_flipped
    rows = np.empty((len(q2), 8, len(COEFFICIENTS) + 1), dtype=np.complex128)
    rows[:, 0] = long_local * vector[1] + long_dipole * dipole[1]
    rows[:, 1] = long_local * axial[1]
    for position, sign in ((2, 1), (4, -1)):
        rows[:, position] = sign * (odd * vector[0] + dipole_odd * dipole[0]) - even * vector[1] - dipole_even * dipole[1]
        rows[:, position + 1] = sign * odd * axial[0] - even * axial[1]
    scalars = effective.pseudoscalar - effective.pseudoscalar_flipped, effective.scalar - effective.scalar_flipped
    time = (0.5j * root * f["A0"])[:, None]
    rows[:, 6:] = _scalar_rows(time, scalars, (axial[1], vector[1]), q2, lepton_masses)
    _add_power_corrections(
        rows,
        {
            "0": (long_local, long_dipole),
            "+": (odd - even, dipole_odd + dipole_even),
            "-": (-odd - even, -dipole_odd - dipole_even),
        },
        ingredients[2],
    )
    return rows


def _add_power_corrections(rows: Complex, factors: Mapping[str, tuple[Any, Any]], corrections: PowerCorrections) -> None:
    """Each helicity has its own shift of C9 and of C7 (C7' in helicity +), without primed partner."""
    for position, helicity in ((0, "0"), (2, "+"), (4, "-")):
        local, dipole = factors[helicity]
        rows[:, position, 0] += local[:, 0] * corrections.vector[helicity] + dipole[:, 0] * corrections.dipole[helicity]


def _pseudoscalar(
    point: ParameterPoint, mode: DileptonMode, q2: Real, lepton_masses: tuple[float, float], ingredients: _Ingredients
) -> Complex:
    effective, f, corrections = ingredients
    (mass, light), quark = mode.masses(point), running_mass(point, "b", SCALE)
    current = (np.sqrt(kallen(mass**2, light**2, q2)) / (2 * np.sqrt(q2)))[:, None]
    vector = effective.vector + effective.vector_flipped
    vector[:, 0] += corrections.vector[""]
    axial = effective.axial + effective.axial_flipped
    dipole = 2 * quark / (mass + light) * f["fT"][:, None] * (effective.dipole + effective.dipole_flipped)
    scalars = effective.pseudoscalar + effective.pseudoscalar_flipped, effective.scalar + effective.scalar_flipped
    rows = np.empty((len(q2), 4, len(COEFFICIENTS) + 1), dtype=np.complex128)
    rows[:, 0] = current * (f["f+"][:, None] * vector + dipole)
    rows[:, 1] = current * f["f+"][:, None] * axial
    time = (0.5 * (mass**2 - light**2) * f["f0"])[:, None]
    rows[:, 2:] = _scalar_rows(time, scalars, (axial, vector), q2, lepton_masses)
    return rows


def _scalar_rows(
    time: Complex | Real,
    scalars: tuple[Complex, Complex],
    currents: tuple[Complex, Complex],
    q2: Real,
    lepton_masses: tuple[float, float],
) -> Complex:
    """P with the axial and S with the vector current of the leptons, which is conserved for equal masses; (n, 2, 13)."""
    negative, positive = lepton_masses
    total, gap = ((negative + positive) / q2)[:, None], ((negative - positive) / q2)[:, None]
    return np.stack([time * (scalars[0] + total * currents[0]), time * (scalars[1] + gap * currents[1])], axis=1)
