r"""The scalar leptoquark S1 charged under gauged L_mu - L_tau, with a light Z' (Chen, Chiang, arXiv:2309.12904).

Lagrangian (eqs. (3), (4) of the paper, up-quark mass basis, V the CKM matrix, S of mass m):

.. math:: -L = \bar Q^c\, i\tau_2\, y_L L_\tau S^* + \bar u_R^c\, y_R \tau_R S^* + h.c.
          = (\bar u^c_k y_{Lk} P_L\tau - \bar d^c_i (V^T y_L)_i P_L\nu_\tau + \bar u^c_k y_{Rk} P_R\tau) S^* + h.c.

The L_mu - L_tau charge -1 of S1 forbids all leptons but the third family, and diquark couplings. In other words
lambda^{1L}_{k tau} = y_Lk, lambda^{1R}_{k tau} = y_Rk of the usual S1 ~ (3bar, 1, 1/3).

Signs and degeneracies. All couplings are real: the only phase is that of the CKM matrix. Flipping the signs of all
Yukawas changes nothing; keep yL3 > 0. Trees depend on y y/m^2 only, so m and the Yukawas are degenerate up to the boxes
(y^4/m^2) and the logarithms of the running. b -> c tau nu depends on yL3 yR2 and yL2 yL3, b -> s nu nu on (V^T y_L)_s
(V^T y_L)_b: scaling yL3 up and the others down is a nearly flat direction, which is why yL3 is fixed by default.

Not included: loops beyond Delta F = 2 boxes and what the running generates (b -> s tau tau boxes, about 4 % of the Standard
Model in the paper; one-loop matching of dipoles), boxes with y_R (D mixing needs yR1 yR2), the scalar breaking
L_mu - L_tau, direct searches (pp -> tau tau, leptoquark pairs, Z' in beam dumps, BaBar, NA64, N_eff), and Z'
contributions to b -> s: the paper's eqs. (13)-(17) describe an amplitude that current conservation forbids, see
`fitlq_theory.light_vector.top_penguin_coupling`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from itertools import product

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.contracts import Parameter
from fitlq_theory.errors import InputError
from fitlq_theory.inputs import load_inputs
from fitlq_theory.light_vector import anomalous_magnetic_moment, trident_ratio
from fitlq_theory.parameter_point import ParameterPoint

__all__ = ["S1LmuLtau"]

Real = NDArray[np.float64]

PARAMETERS = (
    Parameter("yL1", "y^q_{L1}", "Yukawa coupling of Q1 L_tau S1, up-quark mass basis", -0.05, 0.05, 0.01),
    Parameter("yL2", "y^q_{L2}", "Yukawa coupling of Q2 L_tau S1, up-quark mass basis", -0.15, 0.15, 0.10),
    Parameter("yL3", "y^q_{L3}", "Yukawa coupling of Q3 L_tau S1, up-quark mass basis", -1.5, 1.5, 0.8, free=False),
    Parameter("yR2", "y^u_{R2}", "Yukawa coupling of c_R tau_R S1", -1.6, 1.6, -0.6),
    Parameter("gZp", "g_{Z'}", "gauge coupling of L_mu - L_tau", 1e-5, 1e-2, 3e-4, prior="log"),
    Parameter("mS1", "m_{S_1}", "leptoquark mass", 1220.0, 5000.0, 1500.0, unit="GeV", free=False),
    Parameter("mZp", "m_{Z'}", "mass of the L_mu - L_tau gauge boson", 0.01, 0.2, 0.1, unit="GeV", free=False),
    Parameter("yR1", "y^u_{R1}", "Yukawa coupling of u_R tau_R S1 (zero in the paper)", -1.6, 1.6, 0.0, free=False),
    Parameter("yR3", "y^u_{R3}", "Yukawa coupling of t_R tau_R S1 (zero in the paper)", -1.6, 1.6, 0.0, free=False),
)

_TRIDENTS = {"R_trident": "CCFR", "R_trident(CHARM-II)": "CHARM-II"}  # observable -> experiment


@cache
def _muon_mass() -> float:
    return load_inputs().parameters["m_mu"].value


def _four_quark_elements() -> list[tuple[int, int, int, int]]:
    """Non-redundant WCxf elements ijkl of (qbar_i q_j)(qbar_k q_l).

    O_ijkl = O_klij are one operator, O_jilk is the Hermitian conjugate (the same value here, couplings being real).
    """
    return [
        (i, j, k, m)
        for i, j, k, m in product(range(3), repeat=4)
        if (i, j, k, m) == min((i, j, k, m), (k, m, i, j), (j, i, m, k), (m, k, j, i))
    ]


_UPPER = np.triu_indices(3)
_ELEMENTS = np.array(_four_quark_elements()).T  # (4, 27)
# O_ijkl and O_klij both occur in the sum over all flavours unless they are the same element
_MULTIPLICITY = np.where((_ELEMENTS[:2] == _ELEMENTS[2:]).all(axis=0), 1.0, 2.0)
_LABELS = {
    6: [f"{i + 1}{j + 1}" for i, j in zip(*_UPPER, strict=True)],
    9: [f"{i}{j}" for i, j in product("123", "123")],
    27: ["".join(str(family + 1) for family in element) for element in _ELEMENTS.T],
}


def _named(prefix: str, values: Real) -> dict[str, Real]:
    """WCxf names of the rows: six of a symmetric matrix, nine of a general one, 27 four-quark elements."""
    return {prefix + label: row for label, row in zip(_LABELS[len(values)], values, strict=True)}


@dataclass(frozen=True, slots=True)
class S1LmuLtau:
    """Scalar leptoquark S1 with gauged L_mu - L_tau (arXiv:2309.12904); see the module for Lagrangian and conventions.

    Ranges of the parameters: the Yukawas as scanned in the paper (eq. (25)), yR2 from pp -> tau tau at 1.5 TeV (sec. V),
    mS1 from the ATLAS pair-production limit it quotes, Z' mass 10 to 200 MeV.
    """

    name: str = "s1_lmu_ltau"
    title: str = "Scalar leptoquark S1 with gauged L_mu - L_tau"
    reference: str = "C.-H. Chen, C.-W. Chiang, Phys. Rev. D 109 (2024) 075004, arXiv:2309.12904"
    eft: str = "SMEFT"
    basis: str = "Warsaw up"
    scale: str = "mS1"
    parameters: tuple[Parameter, ...] = PARAMETERS
    touches: tuple[str, ...] = ("a_mu", *_TRIDENTS)

    def coefficients(self, points: Real) -> Mapping[str, Real]:
        r"""SMEFT coefficients (Warsaw up, GeV^-2) at the scale mS1, each (N,), real.

        .. math:: C_{lq}^{(1)33ij} = -C_{lq}^{(3)33ij} = \frac{y_{Li} y_{Lj}}{4m^2},\quad
                  C_{lequ}^{(1)33ij} = -4 C_{lequ}^{(3)33ij} = \frac{y_{Li} y_{Rj}}{2m^2},\quad
                  C_{eu}^{33ij} = \frac{y_{Ri} y_{Rj}}{2m^2}

        and, from the box with two tau doublets and two S1 (per element; WCxf values carry the multiplicity of the element),

        .. math:: C_{qq}^{(1)ijkl} = C_{qq}^{(3)ijkl} = -\frac{y_{Li} y_{Lj} y_{Lk} y_{Ll}}{256\pi^2 m^2}.

        Only C_lq1 - C_lq3 is non-zero: neutrinos, but no charged leptons, couple to down quarks at tree level.

        Parameters
        ----------
        points : ndarray
            Shape (N, 9), columns as `parameters`.

        Raises
        ------
        InputError
            `points` of another shape.

        References
        ----------
        Trees: eqs. (7), (19) of arXiv:2309.12904, in general arXiv:1603.04993; boxes: eqs. (22), (23). Checked against
        wilson 2.5.2.
        """
        column = self._columns(points)
        left = np.stack([column["yL1"], column["yL2"], column["yL3"]])
        right = np.stack([column["yR1"], column["yR2"], column["yR3"]])
        tree = 0.5 / column["mS1"] ** 2
        left_left, left_right = left[:, None] * left, tree * left[:, None] * right
        vector, right_right = 0.5 * tree * left_left, tree * right[:, None] * right
        box = (-1.0 / (256.0 * np.pi**2)) * _MULTIPLICITY[:, None] / column["mS1"] ** 2
        box = box * left_left[_ELEMENTS[0], _ELEMENTS[1]] * left_left[_ELEMENTS[2], _ELEMENTS[3]]
        return {
            **_named("lq1_33", vector[_UPPER]),
            **_named("lq3_33", -vector[_UPPER]),
            **_named("eu_33", right_right[_UPPER]),
            **_named("lequ1_33", left_right.reshape(9, -1)),
            **_named("lequ3_33", -0.25 * left_right.reshape(9, -1)),
            **_named("qq1_", box),
            **_named("qq3_", box),
        }

    def predictions(self, points: Real, point: ParameterPoint | None = None) -> Mapping[str, Real]:
        """What the light Z' adds: to ``a_mu`` its one-loop contribution, to the trident rates their ratio to the SM minus 1.

        The trident rates are ``R_trident`` (CCFR) and ``R_trident(CHARM-II)``, each with its beam and target.

        Kinetic mixing is taken to be generated by loops only and is negligible in both. See `fitlq_theory.light_vector`
        for formulas and for the theory uncertainty of the trident rates (15 % of the shift at CCFR, 25 % at CHARM-II).

        Raises
        ------
        InputError
            `points` of another shape than (N, 9); a Z' mass outside the table of the trident rate.
        """
        column = self._columns(points)
        coupling, mass = column["gZp"], column["mZp"]
        tridents = {name: trident_ratio(coupling, mass, experiment) - 1.0 for name, experiment in _TRIDENTS.items()}
        muon = _muon_mass() if point is None else point["m_mu"]
        return {"a_mu": anomalous_magnetic_moment(coupling, mass, muon), **tridents}

    def _columns(self, points: Real) -> dict[str, Real]:
        points = np.asarray(points, dtype=np.float64)
        if points.ndim != 2 or points.shape[1] != len(self.parameters):
            msg = f"{self.name}: points must have the shape (N, {len(self.parameters)}), found {points.shape}"
            raise InputError(msg)
        return {parameter.name: points[:, k] for k, parameter in enumerate(self.parameters)}
