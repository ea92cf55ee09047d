r"""Amplitudes of :math:`\Lambda_b \to \Lambda^{(*)} \ell^+ \ell^-` in the transversity basis, linear in the Wilson coefficients.

Labels: ``perp`` (vector, scalar current of the quarks) and ``para`` (axial, pseudoscalar) with helicity 0, 1 (final baryon
1/2) or ``1b``
(final baryon 3/2) of the lepton pair, for the vector (V) and axial (A) current of the leptons, and ``S``, ``P`` for their
(pseudo)scalar; P contains the time-like part of the axial current. The left- and right-handed amplitudes of
arXiv:1410.2115 and arXiv:1903.00448 are V - A and V + A. Helicity amplitudes of the quark currents: arXiv:1410.2115, eqs.
(3.12)-(3.15);
arXiv:1903.00448, eqs. (3.8)-(3.15), with the form factors of arXiv:2009.09313, which absorb their poles. With
:math:`s_\pm = (M \pm m)^2 - q^2` and a sign of the time-like amplitude such that it equals that of helicity 0 at :math:`q^2 = 0`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.effective_coefficients import SCALE, EffectiveCoefficients, effective_coefficients
from fitlq_theory.form_factors import evaluate
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.qcd import running_mass

__all__ = [
    "LOW_RECOIL_LATTICE",
    "Currents",
    "currents_to_lambda",
    "currents_to_lambda1520",
    "power_corrections",
    "transversity_amplitudes",
]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]

# Lambda(1520): the form-factor set of the transition above, that "at low q2" below (GeV^2)
LOW_RECOIL_LATTICE = 15.0
# power corrections of Lambda_b -> Lambda: shifts of C7 below the resonances, of C9 above (GeV^2)
_LOW_REGION, _HIGH_REGION = 9.0, 14.0
_ROOT_2 = np.sqrt(2.0)


@dataclass(frozen=True, slots=True)
class Currents:
    """Helicity amplitudes of the quark currents by helicity (``0``, ``1``, ``1b``), and time-like ones; each (n,)."""

    vector: Mapping[str, Real]
    axial: Mapping[str, Real]
    tensor: Mapping[str, Real]
    tensor5: Mapping[str, Real]
    vector_time: Real
    axial_time: Real


def currents_to_lambda(point: ParameterPoint, q2: Real) -> Currents:
    """The currents of Lambda_b -> Lambda; form factors of arXiv:1602.01399."""
    mass, light = point["m_Lambdab"], point["m_Lambda"]
    f = evaluate(point, "Lambda_b->Lambda", q2)
    total, gap, root = mass + light, mass - light, np.sqrt(q2)
    plus, minus = np.sqrt(total**2 - q2), np.sqrt(np.clip(gap**2 - q2, 0.0, None))
    return Currents(
        vector={"0": f["V_long"] * total / root * minus, "1": -f["V_perp"] * _ROOT_2 * minus},
        axial={"0": f["A_long"] * gap / root * plus, "1": -f["A_perp"] * _ROOT_2 * plus},
        tensor={"0": -f["T_long"] * root * minus, "1": f["T_perp"] * total * _ROOT_2 * minus},
        tensor5={"0": f["T5_long"] * root * plus, "1": -f["T5_perp"] * gap * _ROOT_2 * plus},
        vector_time=f["V_time"] * gap / root * plus,
        axial_time=f["A_time"] * total / root * minus,
    )


def currents_to_lambda1520(point: ParameterPoint, q2: Real) -> Currents:
    """The currents of Lambda_b -> Lambda(1520); ``1b`` is spin 3/2 along the axis."""
    mass, light = point["m_Lambdab"], point["m_Lambda(1520)"]
    f = _lambda1520_form_factors(point, q2)
    total, gap, root = mass + light, mass - light, np.sqrt(q2)
    plus, minus = np.sqrt(total**2 - q2), np.sqrt(np.clip(gap**2 - q2, 0.0, None))
    plus6, minus6, plus3, minus3 = plus / np.sqrt(6), minus / np.sqrt(6), plus / np.sqrt(3), minus / np.sqrt(3)
    return Currents(
        vector={"0": -f["f+"] * total / root * plus6, "1": -f["fperp"] * plus3, "1b": f["fperp'"] * plus},
        axial={"0": -f["g+"] * gap / root * minus6, "1": f["gperp"] * minus3, "1b": f["gperp'"] * minus},
        tensor={"0": f["h+"] * root * plus6, "1": f["hperp"] * total * plus3, "1b": -f["hperp'"] * total * plus},
        tensor5={"0": -f["ht+"] * root * minus6, "1": f["htperp"] * gap * minus3, "1b": f["htperp'"] * gap * minus},
        vector_time=-f["f0"] * gap / root * minus6,
        axial_time=-f["g0"] * total / root * plus6,
    )


def _lambda1520_form_factors(point: ParameterPoint, q2: Real) -> dict[str, Real]:
    low = q2 < LOW_RECOIL_LATTICE
    if low.all():
        return evaluate(point, "Lambda_b->Lambda(1520) at low q2", q2)
    found = evaluate(point, "Lambda_b->Lambda(1520)", q2)
    if not low.any():
        return found
    below = evaluate(point, "Lambda_b->Lambda(1520) at low q2", q2[low])
    for name, values in found.items():
        values[low] = below[name]
    return found


def power_corrections(point: ParameterPoint, q2: Real, amplitude: str) -> tuple[Complex, Complex]:
    """Shifts of the effective C7 and C9 in one amplitude of Lambda_b -> Lambda; central value zero."""

    def shift(name: str) -> complex:
        return complex(point[f"Lambda_b->Lambda {name}_{amplitude} Re"], point[f"Lambda_b->Lambda {name}_{amplitude} Im"])

    low, high = q2 <= _LOW_REGION, q2 > _HIGH_REGION
    dipole = np.where(low, shift("deltaC7 a") + shift("deltaC7 b") * q2, 0.0) if low.any() else np.zeros(len(q2))
    vector = np.where(high, shift("deltaC9 c"), 0.0) if high.any() else np.zeros(len(q2))
    return np.asarray(dipole, dtype=np.complex128), np.asarray(vector, dtype=np.complex128)


def transversity_amplitudes(
    point: ParameterPoint, currents: Currents, q2: Real, lepton_mass: float, *, conjugate: bool, corrections: bool
) -> dict[str, Complex]:
    r"""Rows over c = (1, C7, ...) by label, e.g. ``"V perp1"``, ``"A para0"``, ``"P perp"``; each (n, 13).

    Common factor left out: :math:`\frac{4G_F}{\sqrt2} \lambda_t \frac{\alpha_e}{4\pi}` and the phase space. The strange quark
    mass is
    neglected in the scalar currents, whose coefficients (GeV^-1) carry the running m_b that the matrix element divides by.
    """
    effective = effective_coefficients(point, q2, conjugate=conjugate)
    dipole_factor = (2 * running_mass(point, "b", SCALE) / q2)[:, None]
    amplitudes: dict[str, Complex] = {}
    for helicity in currents.vector:
        for kind in ("perp", "para"):
            sign = 1.0 if kind == "perp" else -1.0
            direct, magnetic = (currents.vector, currents.tensor) if kind == "perp" else (currents.axial, currents.tensor5)
            vector = effective.vector + sign * effective.vector_flipped
            dipole = effective.dipole + sign * effective.dipole_flipped
            if corrections:
                shifts = power_corrections(point, q2, f"{kind}{helicity}")
                dipole[:, 0] += shifts[0]
                vector[:, 0] += shifts[1]
            axial = effective.axial + sign * effective.axial_flipped
            local, photon = direct[helicity][:, None], magnetic[helicity][:, None]
            amplitudes[f"V {kind}{helicity}"] = sign * _ROOT_2 * (vector * local - sign * dipole_factor * dipole * photon)
            amplitudes[f"A {kind}{helicity}"] = sign * _ROOT_2 * axial * local
    return amplitudes | _scalar_amplitudes(effective, currents, q2, lepton_mass)


def _scalar_amplitudes(effective: EffectiveCoefficients, currents: Currents, q2: Real, lepton_mass: float) -> dict[str, Complex]:
    found = {}
    root = np.sqrt(q2)[:, None]
    for kind, sign, time in (("perp", 1.0, currents.vector_time), ("para", -1.0, currents.axial_time)):
        axial = effective.axial + sign * effective.axial_flipped
        pseudoscalar = root * (effective.pseudoscalar + sign * effective.pseudoscalar_flipped) + 2 * lepton_mass / root * axial
        found[f"P {kind}"] = sign * _ROOT_2 * time[:, None] * pseudoscalar
        found[f"S {kind}"] = sign * _ROOT_2 * time[:, None] * root * (effective.scalar + sign * effective.scalar_flipped)
    return found
