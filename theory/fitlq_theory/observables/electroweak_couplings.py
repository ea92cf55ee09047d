r"""Couplings of Z and W bosons to fermions in SMEFT, at tree level and first order in dimension six.

.. math:: \mathcal L = -2 \sqrt{\sqrt2 G_F} m_Z Z_\mu \bar f_i \gamma^\mu (g_V - g_A \gamma_5)_{ij} f_j, \qquad
          g_V = \frac{T_3}{2} - Q s_\mathrm{eff}^2 + \delta g_V, \quad g_A = \frac{T_3}{2} + \delta g_A,

with the inputs G_F, m_Z and :math:`\alpha_e(m_Z)` and the shifts of arXiv:1706.08945, appendix A.1.
Coefficients: SMEFT in the basis "Warsaw up" at m_Z, where the left-handed up quarks are mass eigenstates: those of the
down quarks are :math:`V^\dagger C V` for C = C_phiq, and a left-handed W couples with :math:`V + C V v^2`. Written as
complex rows r with g = r . x over the real vector x = (1, Re C_1, Im C_1, ...).
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.ckm import ckm_matrix
from fitlq_theory.contracts import Coefficient
from fitlq_theory.parameter_point import ParameterPoint

__all__ = [
    "COEFFICIENTS",
    "FERMIONS",
    "follows_flavio",
    "w_lepton_couplings",
    "w_mass_shift",
    "w_quark_couplings",
    "z_couplings",
]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]

_PAIRS = ("11", "12", "13", "22", "23", "33")
_MATRICES = ("phil1", "phil3", "phie", "phiq1", "phiq3", "phid", "phiu")
_NAMES = ("phiD", "phiWB", "ll_1221", *(f"{m}_{p}" for m in _MATRICES for p in _PAIRS if m != "phiu" or "3" not in p))
COEFFICIENTS = tuple(Coefficient(name, "SMEFT", 91.1876) for name in _NAMES)
_SIZE = 2 * len(_NAMES) + 1

# fermion: kind, generation
FERMIONS = {
    **{name: ("l", k) for k, name in enumerate(("e", "mu", "tau"))},
    **{name: ("n", k) for k, name in enumerate(("nue", "numu", "nutau"))},
    **{name: ("u", k) for k, name in enumerate(("u", "c"))},
    **{name: ("d", k) for k, name in enumerate(("d", "s", "b"))},
}
_CHARGES = {"l": (-0.5, -1.0), "n": (0.5, 0.0), "u": (0.5, 2.0 / 3.0), "d": (-0.5, -1.0 / 3.0)}
_RIGHT = {"l": "phie", "u": "phiu", "d": "phid"}


def follows_flavio(point: ParameterPoint) -> bool:
    """Whether the treatment of flavio 2.7.1 is asked for (choice ``Z and W``)."""
    return point.choices["Z and W"] == "flavio-2.7.1"


def _unit(name: str) -> Complex:
    """Row that picks a coefficient."""
    row, k = np.zeros(_SIZE, dtype=np.complex128), _NAMES.index(name)
    row[2 * k + 1], row[2 * k + 2] = 1.0, 1j
    return row


def _matrix(name: str) -> Complex:
    """Hermitian 3 x 3 matrix of rows; zero where the top quark would be right-handed."""
    matrix = np.zeros((3, 3, _SIZE), dtype=np.complex128)
    for pair in _PAIRS:
        if f"{name}_{pair}" in _NAMES:
            i, j = int(pair[0]) - 1, int(pair[1]) - 1
            row = _unit(f"{name}_{pair}")
            matrix[i, j] = row
            matrix[j, i] = row.conj()
            if i == j:
                matrix[i, i] = row.real
    return matrix


def _ckm(point: ParameterPoint) -> Complex:
    return ckm_matrix(point["Vus"], point["Vub"], point["Vcb"], point["gamma"])


def _rotated(point: ParameterPoint, matrix: Complex) -> Complex:
    """V^dagger C V: left-handed down quarks are mass eigenstates."""
    ckm = _ckm(point)
    return np.asarray(np.einsum("ki,klx,lj->ijx", ckm.conj(), matrix, ckm))


def _sine_squared(point: ParameterPoint) -> float:
    ratio = 4.0 * math.pi * point["alpha_e"] / (math.sqrt(2.0) * point["GF"] * point["m_Z"] ** 2)
    return 0.5 * (1.0 - math.sqrt(1.0 - ratio))


def _universal(point: ParameterPoint) -> tuple[Real, Real]:
    """Shifts of all Z couplings in proportion (delta g_Z), and of sin^2 of the weak angle."""
    fermi, root2 = point["GF"], math.sqrt(2.0)
    sine2 = _sine_squared(point)
    product = math.sqrt(sine2 * (1.0 - sine2))
    decay = _muon_decay()
    mass = _unit("phiD").real / (2.0 * root2 * fermi)
    mass += 2.0**0.25 * math.sqrt(math.pi * point["alpha_e"]) / (point["m_Z"] * fermi**1.5) * _unit("phiWB").real
    overall = -decay / (2.0 * root2 * fermi) - 0.5 * mass + product / (root2 * fermi) * _unit("phiWB").real
    twice = 2.0 * product
    angle = twice * (_unit("phiD").real + 2.0 * decay) + 4.0 * _unit("phiWB").real
    return overall, twice / (8.0 * (1.0 - 2.0 * sine2) * root2 * fermi) * angle


def _muon_decay() -> Real:
    """sqrt(2) G_F of muon decay minus 1/v^2, at first order."""
    return np.asarray((_unit("phil3_11") + _unit("phil3_22") - 0.5 * _unit("ll_1221")).real)


def z_couplings(point: ParameterPoint, first: str, second: str) -> tuple[Complex, Complex]:
    """g_V and g_A of a pair of fermions (names of `FERMIONS`, of one kind), rows over x."""
    (kind, i), (_, j) = FERMIONS[first], FERMIONS[second]
    left, right = (matrix[i, j] for matrix in _currents(point, kind))
    factor = 1.0 / (4.0 * math.sqrt(2.0) * point["GF"])
    vector, axial = -factor * (left + right), -factor * (left - right)
    if i == j:
        isospin, charge = _CHARGES[kind]
        overall, angle = _universal(point)
        effective = point["s2w"] * point["kappa of Z->bb" if first == "b" else "kappa of Z->ff"]
        standard_vector, standard_axial = 0.5 * isospin - charge * effective, 0.5 * isospin
        vector = vector + standard_vector * overall - charge * angle
        axial = axial + standard_axial * overall
        vector[0] += standard_vector
        axial[0] += standard_axial
    return vector, axial


def _currents(point: ParameterPoint, kind: str) -> tuple[Complex, Complex]:
    """Coefficient matrices of the left- and right-handed currents."""
    return point.shared(("electroweak currents", kind), lambda p: _current_matrices(p, kind))


def _current_matrices(point: ParameterPoint, kind: str) -> tuple[Complex, Complex]:
    doublet = "phil" if kind in "ln" else "phiq"
    sign = -1.0 if kind in "nu" else 1.0
    left = _matrix(f"{doublet}1") + sign * _matrix(f"{doublet}3")
    if kind == "d" or (kind == "u" and follows_flavio(point)):  # flavio has no rotation between up and down quarks
        left = _rotated(point, left)
    right = _matrix(_RIGHT[kind]) if kind in _RIGHT else np.zeros_like(left)
    return left, right


def _w_universal(point: ParameterPoint) -> Real:
    sine2 = _sine_squared(point)
    ratio = math.sqrt((1.0 - sine2) / sine2)
    _, angle = _universal(point)
    return ratio * _unit("phiWB").real / (4.0 * math.sqrt(2.0) * point["GF"]) - 0.25 * angle / sine2


def w_lepton_couplings(point: ParameterPoint) -> Complex:
    """Couplings of charged leptons (first index) and neutrinos, 1/2 in the Standard Model; 3 x 3 rows."""
    shift = _matrix("phil3") / (2.0 * math.sqrt(2.0) * point["GF"])
    universal = _w_universal(point)
    if follows_flavio(point):  # flavio adds the common shift to all nine pairs
        shift = shift + universal
    else:
        shift = shift + np.eye(3)[..., None] * universal
    shift[..., 0] += 0.5 * np.eye(3)
    return shift


def w_quark_couplings(point: ParameterPoint) -> Complex:
    """Couplings of up (u, c) and down quarks (d, s, b), V/2 in the Standard Model; 2 x 3 rows."""
    ckm, universal = _ckm(point), _w_universal(point)
    factor = 1.0 / (2.0 * math.sqrt(2.0) * point["GF"])
    if follows_flavio(point):  # no CKM factor in either part, the upper triangle for the lower one, complex conjugate
        matrix = _rotated(point, _matrix("phiq3"))
        upper = np.triu(np.ones((3, 3)))[..., None]
        shift = (factor * (upper * matrix + (1.0 - upper) * matrix.transpose(1, 0, 2)) + universal).conj()
    else:
        shift = factor * np.einsum("ikx,kj->ijx", _matrix("phiq3"), ckm) + ckm[..., None] * universal
    shift[..., 0] += 0.5 * ckm
    return np.asarray(shift[:2])


def w_mass_shift(point: ParameterPoint) -> Real:
    """Relative decrease of m_W (arXiv:1606.06502, eq. (2)), row over x."""
    sine2 = _sine_squared(point)
    sine, cosine = math.sqrt(sine2), math.sqrt(1.0 - sine2)
    factor = cosine * sine / ((1.0 - 2.0 * sine2) * 4.0 * math.sqrt(2.0) * point["GF"])
    row = 4.0 * _unit("phiWB").real + cosine / sine * _unit("phiD").real + 2.0 * sine / cosine * _muon_decay()
    return np.asarray(factor * row)
