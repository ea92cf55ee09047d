r"""Spectrum and lepton asymmetry of inclusive B -> Xs l+ l- in q2: gluons, power corrections, collinear photons.

With :math:`\hat s = q^2/m_b^2`, :math:`\hat m = m_\ell/m_b` (pole mass of the quark),

.. math::

    \frac{d\mathrm{BR}}{dq^2} &= \frac{\alpha_e^2}{4\pi^2 m_b^2} \left|\frac{\lambda_t}{V_{cb}}\right|^2
    \frac{\mathrm{BR}(B \to X_c e\nu)}{C\, \Phi_u} \Phi(\hat s) \\
    \Phi &= (1-\hat s)^2 \beta \left\{ 4 (1 + 2/\hat s) (1 + 2\hat m^2/\hat s) |C_7|^2 + 12 (1 + 2\hat m^2/\hat s)\,
    \mathrm{Re}(C_7 C_9^*) + \dots \right\}

(arXiv:1503.04849; lepton masses and scalar operators: explicit spinors, in the tests) for both chiralities of the quark, whose
interference is of order :math:`m_s`. Coefficients at 5 GeV. With the corrections of
`effective_coefficients.inclusive_corrections` and `collinear_photons`. :math:`\Phi_u` is the same for b -> u l nu.

The asymmetry counts leptons with positive charge along minus against the b quark, in the frame of the pair; in the Standard
Model it is negative below 3.5 GeV^2 and positive above.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.ckm import ckm_matrix
from fitlq_theory.effective_coefficients import collinear_photons as photons
from fitlq_theory.effective_coefficients import effective_coefficients, follows_flavio, one_loop_vector
from fitlq_theory.effective_coefficients import inclusive_corrections as gluons
from fitlq_theory.electromagnetic_coupling import alpha_electromagnetic
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.qcd import alpha_strong, pole_mass, running_mass

__all__ = ["HIGH_Q2", "SCALE", "Spectrum", "Term", "normalisation"]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]
Term = tuple[NDArray[Any], Complex, Complex]  # weight (n,) and rows a, b (n, 13): weight Re(a.c (b.c)*)

SCALE = 5.0  # GeV
HIGH_Q2 = 12.0  # GeV^2; between the narrow charmonium resonances: unknown corrections above are other inputs
# first-order correction of b -> u l nu over alpha_s/4pi, hep-ph/9903226
_UP_DECAY = 50 / 3 - 8 * math.pi**2 / 3
# flavio 2.7.1 leaves QED out of the asymmetry above this q2 in GeV^2
_FLAVIO_QED_END = 14.0


@dataclass(frozen=True, slots=True)
class _Chirality:
    """Rows (n, 13) for one chirality of the strange quark: complete, and (`local_...`) without gluons."""

    dipole: Complex
    vector: Complex
    axial: Complex
    scalar: Complex
    pseudoscalar: Complex
    local_dipole: Complex
    local_vector: Complex  # without quark loops
    loop_vector: Complex  # with them
    local_axial: Complex


def normalisation(point: ParameterPoint) -> float:
    r"""Branching ratio per GeV^2 and unit :math:`\Phi`.

    Electroweak corrections raise the rate of b -> u l nu by :math:`\frac{2\alpha_e}{\pi} \ln(M_Z/m_b)` (Sirlin, Nucl. Phys. B196
    (1982) 83), here with the logarithm summed, :math:`\frac{12}{23} \frac{\alpha_e}{\alpha_s} (1/\eta - 1)`; flavio 2.7.1 has
    the opposite sign.
    """
    beauty, coupling = pole_mass(point, "b"), alpha_strong(point, SCALE, 5)
    alpha = alpha_electromagnetic(point, SCALE)
    logarithm = 12 / 23 * alpha / coupling * (coupling / point["alpha_s"] - 1)
    up_decay = 1 + coupling / (4 * math.pi) * _UP_DECAY + (-logarithm if follows_flavio(point) else logarithm)
    up_decay += (point["lambda_1"] - 9 * point["lambda_2"]) / (2 * beauty**2)
    ckm = ckm_matrix(point["Vus"], point["Vub"], point["Vcb"], point["gamma"])
    elements = abs(ckm[2, 2] * ckm[2, 1] / ckm[1, 2]) ** 2
    semileptonic = point["BR(B->Xcenu)_exp"] / point["C_BXlnu"]
    return float(alpha**2 / (4 * math.pi**2 * beauty**2) * elements * semileptonic / up_decay)


class Spectrum:
    r"""Terms of :math:`\Phi` and of its asymmetry at given q2 for one lepton.

    Parameters
    ----------
    point : ParameterPoint
    lepton : {"e", "mu", "tau"}
    q2 : ndarray, shape (n,)
        GeV^2, between threshold and m_b^2.
    conjugate : bool
        For the antiquark, with c* as the vector of coefficients.
    """

    def __init__(self, point: ParameterPoint, lepton: str, q2: Real, *, conjugate: bool) -> None:
        beauty = pole_mass(point, "b")
        self._point, self._q2, self._conjugate = point, q2, conjugate
        self._flavio = follows_flavio(point)
        self._s = q2 / beauty**2
        self._mass = point[f"m_{lepton}"] / beauty
        self._velocity = np.sqrt(np.clip(1 - 4 * self._mass**2 / self._s, 0.0, None))
        self._gluon = alpha_strong(point, SCALE, 5) / math.pi
        self._photon = 2 * alpha_electromagnetic(point, SCALE) / math.pi
        self._log = -2 * math.log(self._mass)
        self._power = point["lambda_1"] / beauty**2, point["lambda_2"] / beauty**2
        self._log_scale = math.log(SCALE / beauty)
        self._charm = (pole_mass(point, "c") / beauty) ** 2
        self._scalar_mass = running_mass(point, "b", SCALE)
        self._sides = self._rows()

    def _rows(self) -> tuple[_Chirality, _Chirality]:
        """Both chiralities. Real and virtual gluons dress operator and quark loops alike (hep-ph/0109140)."""
        full = effective_coefficients(self._point, self._q2, conjugate=self._conjugate, scale=SCALE)
        factor7 = self._gluon * gluons.sigma7(self._s, self._log_scale)[:, None]
        factor9 = self._gluon * gluons.sigma9(self._s)[:, None]
        sides = []
        for suffix, dipole in (("", self._point[f"C7eff({SCALE:g} GeV) SM"]), ("_flipped", None)):
            seven, nine, ten = (getattr(full, f"{name}{suffix}") for name in ("dipole", "vector", "axial"))
            local7, local9, loop9 = seven.copy(), nine.copy(), nine.copy()
            for rows in (local7, local9, loop9):
                rows[:, 3:5] = 0.0  # chromomagnetic operators come with a gluon
            if dipole is not None:
                local7[:, 0] = dipole
                local9[:, 0] = self._point[f"C9({SCALE:g} GeV) SM"]
                loop9[:, 0] = one_loop_vector(self._point, self._q2, conjugate=self._conjugate, scale=SCALE)
            dressed9 = local9 if self._flavio else loop9
            scalar, pseudoscalar = (self._scalar_mass * getattr(full, f"{name}{suffix}") for name in ("scalar", "pseudoscalar"))
            dressed = seven + factor7 * local7, nine + factor9 * dressed9, (1 + factor9) * ten
            sides.append(_Chirality(*dressed, scalar, pseudoscalar, local7, local9, loop9, ten))
        return sides[0], sides[1]

    def _corrected(self) -> tuple[_Chirality, ...]:
        """The chiralities with power and photon corrections; flavio 2.7.1 leaves the flipped one out."""
        return self._sides[:1] if self._flavio else self._sides

    def rate(self) -> list[Term]:
        """Terms of Phi."""
        return self._tree_rates() + self._power_rates() + self._photon_rates()

    def rate_below_asymmetry(self) -> list[Term]:
        """Terms of Phi for the asymmetry to be divided by: at high q2 without power corrections, see `_power_fraction`."""
        power, qed = self._power_rates(), self._photon_rates()
        if self._flavio:
            return self._tree_rates() + power + self._below_end(qed)
        low = self._q2 < HIGH_Q2
        return self._tree_rates() + [(np.asarray(weight * low), a, b) for weight, a, b in power] + qed

    def _tree_rates(self) -> list[Term]:
        return [term for side in self._sides for term in self._tree_rate(side)]

    def _power_rates(self) -> list[Term]:
        return [term for side in self._corrected() for term in self._power_rate(side)]

    def _photon_rates(self) -> list[Term]:
        return [term for side in self._corrected() for term in self._photon_rate(side)] + self._charm_photon_rate()

    def _below_end(self, terms: list[Term]) -> list[Term]:
        kept = self._q2 < _FLAVIO_QED_END
        return [(np.asarray(weight * kept), a, b) for weight, a, b in terms]

    def _power_fraction(self) -> Real:
        """What part of the power corrections of the asymmetry is applied.

        At high q2 they exceed the leading order, and the sum means nothing. There an input says how much of them, relative to
        the rate of leading order: none, with half of them as the error.
        """
        return np.where(self._q2 < HIGH_Q2, 1.0, self._point["<AFB>(B->Xsll) high q2 power corrections"])

    def _tree_rate(self, side: _Chirality) -> list[Term]:
        s, m2 = self._s, self._mass**2
        space = (1 - s) ** 2 * self._velocity
        vector = 1 + 2 * m2 / s
        current = (1 + 2 * s + 2 * m2 * (1 - s) / s) * (1 + self._gluon * gluons.tau99(s))
        return [
            (space * 4 * (1 + 2 / s) * vector * (1 + self._gluon * gluons.tau77(s)), side.dipole, side.dipole),
            (space * 12 * vector * (1 + self._gluon * gluons.tau79(s)), side.dipole, side.vector),
            (space * (current + 6 * m2), side.vector, side.vector),
            (space * (current - 6 * m2), side.axial, side.axial),
            (space * 1.5 * s * self._velocity**2, side.scalar, side.scalar),
            (space * 1.5 * s, side.pseudoscalar, side.pseudoscalar),
            (space * 6 * self._mass, side.pseudoscalar, side.axial),
        ]

    def _chi(self, pair: tuple[Real, Real]) -> Real:
        return self._power[0] * pair[0] + self._power[1] * pair[1]

    def _power_rate(self, side: _Chirality) -> list[Term]:
        """Second order in 1/m_b; flavio 2.7.1: massless leptons, no quark loops, and no C10."""
        chi77, chi79, chi99 = (self._chi(chi(self._s)) for chi in (gluons.chi77, gluons.chi79, gluons.chi99))
        seven, nine, ten = side.local_dipole, side.loop_vector, side.local_axial
        if self._flavio:
            nine = side.local_vector
            return [(chi77, seven, seven), (chi79, seven, nine), (chi99, nine, nine)]
        leptons = self._velocity * (1 + 2 * self._mass**2 / self._s)
        weights = (leptons * chi77, leptons * chi79, leptons * chi99, self._velocity**3 * chi99)
        return list(zip(weights, (seven, seven, nine, ten), (seven, nine, nine, ten), strict=True))

    def _photon_factors(self) -> tuple[Real, Real, Real]:
        """8 alpha_e/4pi times the kinematic factors of 7-7, 7-9 and 9-9."""
        factor = self._photon * (1 - self._s) ** 2
        return factor * (4 + 8 / self._s), 12 * factor, factor * (1 + 2 * self._s)

    def _photon_rate(self, side: _Chirality) -> list[Term]:
        s77, s79, s99 = self._photon_factors()
        current = s99 * photons.omega99(self._s, self._log)
        seven, nine, ten = side.local_dipole, side.local_vector, side.local_axial
        return [
            (s77 * photons.omega77(self._s, self._log), seven, seven),
            (s79 * photons.omega79(self._s, self._log), seven, nine),
            (current, nine, nine),
            (current, ten, ten),
        ]

    def _charm_row(self, *, first: bool = True) -> Complex:
        """C2 + 4/3 C1, or C2 alone, as a row."""
        c1, c2 = (self._point[f"{name}({SCALE:g} GeV) SM"] for name in ("C1", "C2"))
        row = np.zeros_like(self._sides[0].dipole)
        row[:, 0] = c2 + 4 / 3 * c1 * first
        return row

    def _charm_photon_rate(self) -> list[Term]:
        """Charm loops; flavio 2.7.1 loses C1 with the dipole and has the real part of 2-9 as its imaginary part too."""
        _, s79, s99 = self._photon_factors()
        side, charm = self._sides[0], self._charm_row()
        with_vector = photons.omega29(self._s, self._log)
        if self._flavio:
            with_vector = np.asarray(with_vector.real * (1 + 1j), dtype=np.complex128)
        return [
            (s99 * photons.omega22(self._s, self._log), charm, charm),
            (s79 * photons.omega27(self._s, self._log), self._charm_row(first=not self._flavio), side.local_dipole),
            (s99 * with_vector, charm, side.local_vector),
        ]

    def asymmetry(self) -> list[Term]:
        r"""Terms of :math:`\frac34 H_A`: the difference of forward and backward leptons."""
        signs = (1.0, -1.0)
        terms = [t for side, sign in zip(self._sides, signs, strict=True) for t in self._tree_asymmetry(side, sign)]
        for side, sign in zip(self._corrected(), signs, strict=False):
            terms += self._power_asymmetry(side, sign)
            qed = self._photon_asymmetry(side, sign)
            terms += self._below_end(qed) if self._flavio else qed
        return [(np.asarray(0.75 * weight), a, b) for weight, a, b in terms]

    def _tree_asymmetry(self, side: _Chirality, sign: float) -> list[Term]:
        """`sign` is that of the quark's chirality; flavio 2.7.1: massless leptons, pole in the correction of 7-10."""
        space = -4 * (1 - self._s) ** 2
        tau710 = gluons.tau710(self._s)
        if self._flavio:
            tau710 = gluons.tau710_as_printed(self._s)
        else:
            space = space * self._velocity**2
        terms: list[Term] = [
            (sign * space * self._s * (1 + self._gluon * gluons.tau910(self._s)), side.vector, side.axial),
            (sign * space * 2 * (1 + self._gluon * tau710), side.dipole, side.axial),
        ]
        if not self._flavio:
            terms += [
                (space * self._mass, side.vector, side.scalar),
                (space * 2 * self._mass, side.dipole, side.scalar),
            ]
        return terms

    def _power_asymmetry(self, side: _Chirality, sign: float) -> list[Term]:
        nine = side.local_vector if self._flavio else side.loop_vector
        factor = sign * self._power_fraction() * (1.0 if self._flavio else self._velocity**2)
        return [
            (factor * self._chi(gluons.chi710(self._s)), side.local_dipole, side.local_axial),
            (factor * self._chi(gluons.chi910(self._s)), nine, side.local_axial),
        ]

    def _photon_asymmetry(self, side: _Chirality, sign: float) -> list[Term]:
        factor = -4 * sign * self._photon * (1 - self._s) ** 2
        terms: list[Term] = [
            (2 * factor * photons.omega710(self._s, self._log), side.local_dipole, side.local_axial),
            (factor * self._s * photons.omega910(self._s, self._log), side.local_vector, side.local_axial),
        ]
        if side is self._sides[0]:
            loop = factor * self._s * photons.omega210(self._s, self._log, self._charm)
            terms.append((loop, self._charm_row(), side.local_axial))
        return terms
