"""Helicity amplitudes of baryons against spinors: the squared matrix element summed by traces, integrated over the leptons.

The matrix elements are those that define the form factors (arXiv:1503.01421 for vector and axial currents). The tensor
current is a general one, ubar [a sigma + b i(gamma p - p gamma) + c i(gamma k - k gamma) + d i(p k - k p)] u; the
pseudotensor current follows from gamma_5 sigma being dual to sigma, and the four form factors from contractions with
the momentum transfer (arXiv:1702.02243).
"""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from fitlq_theory.inputs import load_inputs
from fitlq_theory.observables.bc_to_jpsi_lepton_neutrino import observables as jpsi
from fitlq_theory.observables.lambda_b_to_lambda_c_lepton_neutrino import observables as lambda_c
from fitlq_theory.observables.semileptonic_baryon_amplitudes import BARYON_FORM_FACTORS, BARYON_STATES, baryon_amplitudes
from fitlq_theory.observables.semileptonic_meson_amplitudes import Kinematics
from fitlq_theory.quadratic_forms import real_vector

Complex = NDArray[np.complex128]

ONE, ZERO = np.eye(2), np.zeros((2, 2))
PAULI = (np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]]), np.diag([1, -1]))
GAMMA = np.array([np.block([[ONE, ZERO], [ZERO, -ONE]]), *(np.block([[ZERO, s], [-s, ZERO]]) for s in PAULI)])
GAMMA_5 = 1j * GAMMA[0] @ GAMMA[1] @ GAMMA[2] @ GAMMA[3]
METRIC, UNIT = np.diag([1.0, -1, -1, -1]), np.eye(4)
LEFT = (UNIT - GAMMA_5) / 2
SIGMA = np.array([[0.5j * (a @ b - b @ a) for b in GAMMA] for a in GAMMA])
SIGMA_LOWER = np.einsum("ma,nb,abij->mnij", METRIC, METRIC, SIGMA)
EPSILON = np.zeros((4, 4, 4, 4))
for order in itertools.permutations(range(4)):
    EPSILON[order] = np.linalg.det(np.eye(4)[list(order)])

M_IN, M_OUT, M_LEPTON, Q2, M_B, M_C = 5.6, 2.3, 1.2, 5.0, 4.2, 0.9
OPERATORS = ("CVL", "CVR", "CSL", "CSR", "CT")


def slash(p: NDArray[np.float64]) -> Complex:
    return np.asarray(np.einsum("m,mij->ij", METRIC @ p, GAMMA))


def bar(matrix: Complex) -> Complex:
    return np.asarray(GAMMA[0] @ matrix.conj().T @ GAMMA[0])


def dual(tensor: Complex) -> Complex:
    """What the matrix element of sigma^{mn} gamma_5 is if `tensor` is that of sigma^{mn}."""
    lowered = np.einsum("ma,nb,abij->mnij", METRIC, METRIC, tensor)
    contracted = 0.5j * np.einsum("mnab,abij->mnij", EPSILON, lowered)
    reference = 0.5j * np.einsum("mnab,abij->mnij", EPSILON, SIGMA_LOWER)
    sign = 1 if np.allclose(reference, SIGMA @ GAMMA_5) else -1
    np.testing.assert_allclose(sign * reference, SIGMA @ GAMMA_5, atol=1e-14)
    return np.asarray(sign * contracted)


class Spinors:
    """Currents between the two baryons for random form factors."""

    def __init__(self, seed: int) -> None:
        generator = np.random.default_rng(seed)
        energy = (M_IN**2 + M_OUT**2 - Q2) / (2 * M_IN)
        self.p = np.array([M_IN, 0, 0, 0])
        self.k = np.array([energy, 0, 0, -np.sqrt(energy**2 - M_OUT**2)])
        self.q = self.p - self.k
        self.f = {name: float(generator.normal()) for name in BARYON_FORM_FACTORS}
        self.tensor = self._tensor(generator.normal(size=4))
        self.pseudotensor = dual(self.tensor)
        self._read_tensor_form_factors()

    def _structures(self, sign: int) -> tuple[Complex, Complex]:
        """Longitudinal and transverse structures; `sign` +1 for the vector, -1 for the axial current (without gamma_5)."""
        s = (M_IN + sign * M_OUT) ** 2 - Q2
        along = self.p + self.k - (M_IN**2 - M_OUT**2) / Q2 * self.q
        across = -2 * sign * M_OUT / s * self.p - 2 * M_IN / s * self.k
        return along[:, None, None] * UNIT / s, GAMMA + across[:, None, None] * UNIT

    def currents(self) -> tuple[Complex, Complex]:
        time = self.q[:, None, None] * UNIT / Q2
        total, difference, f = M_IN + M_OUT, M_IN - M_OUT, self.f
        along, across = self._structures(1)
        vector = difference * f["V_time"] * time + total * f["V_long"] * along + f["V_perp"] * across
        along, across = self._structures(-1)
        axial = total * f["A_time"] * time + difference * f["A_long"] * along + f["A_perp"] * across
        return vector, -GAMMA_5 @ axial

    def _tensor(self, weights: NDArray[np.float64]) -> Complex:
        found = weights[0] * SIGMA
        for weight, momentum in zip(weights[1:3], (self.p, self.k), strict=True):
            product = np.einsum("mij,n->mnij", GAMMA, momentum)
            found = found + weight * 1j * (product - np.swapaxes(product, 0, 1))
        area = np.outer(self.p, self.k)
        return np.asarray(found + weights[3] * 1j * (area - area.T)[:, :, None, None] * UNIT)

    def _read_tensor_form_factors(self) -> None:
        """h_+, h_perp and their partners with gamma_5 from i sigma^{mn} q_n between spinors."""

        def between(current: Complex) -> Complex:
            return np.concatenate([((slash(self.k) + M_OUT * UNIT) @ c @ (slash(self.p) + M_IN * UNIT)).ravel() for c in current])

        for names, tensor, sign, mass in (
            (("T_long", "T_perp"), self.tensor, 1, M_IN + M_OUT),
            (("T5_long", "T5_perp"), self.pseudotensor, -1, M_IN - M_OUT),
        ):
            along, across = self._structures(sign)
            basis = [-Q2 * along, -mass * across]
            if sign < 0:
                basis = [GAMMA_5 @ b for b in basis]
            contracted = between(1j * np.einsum("mnij,n->mij", tensor, METRIC @ self.q))
            matrix = np.array([between(b) for b in basis]).T
            values = np.linalg.lstsq(matrix, contracted, rcond=None)[0]
            np.testing.assert_allclose(matrix @ values, contracted, atol=1e-9 * np.abs(contracted).max())
            self.f.update(zip(names, values.real.tolist(), strict=True))

    def squared_matrix_element(self, c: Complex) -> float:
        """Mean over directions of the lepton and helicities of the decaying baryon."""
        vector, axial = self.currents()
        scalar = np.einsum("mij,m->ij", vector, METRIC @ self.q) / (M_B - M_C)
        pseudoscalar = -np.einsum("mij,m->ij", axial, METRIC @ self.q) / (M_B + M_C)
        lower = np.einsum("mn,nij->mij", METRIC, GAMMA)
        pairs = [((c[0] * (v - a) + c[1] * (v + a)) / 2, g @ LEFT) for v, a, g in zip(vector, axial, lower, strict=True)]
        pairs.append(((c[2] * (scalar - pseudoscalar) + c[3] * (scalar + pseudoscalar)) / 2, LEFT))
        tensor = c[4] * (self.tensor - self.pseudotensor) / 2
        pairs += [(tensor[m, n], SIGMA_LOWER[m, n] @ LEFT) for m in range(4) for n in range(4)]
        hadron, lepton = (np.array([pair[i] for pair in pairs]) for i in range(2))
        hadron_bar, lepton_bar = (np.array([bar(matrix) for matrix in part]) for part in (hadron, lepton))
        sums = np.einsum("aij,jk,bkl,li->ab", hadron, slash(self.p) + M_IN * UNIT, hadron_bar, slash(self.k) + M_OUT * UNIT)
        total = 0.0
        nodes, weights = np.polynomial.legendre.leggauss(4)
        for cosine, weight in zip(nodes, weights, strict=True):
            for angle in 0.3 + 0.5 * np.pi * np.arange(4):
                l_momentum, n_momentum = self._leptons(cosine, angle)
                traces = np.einsum(
                    "aij,jk,bkl,li->ab", lepton, slash(n_momentum), lepton_bar, slash(l_momentum) + M_LEPTON * UNIT
                )
                total += weight / 2 / 4 / 2 * float(np.einsum("ab,ab->", sums, traces).real)
        return total

    def _leptons(self, cosine: float, angle: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        root = np.sqrt(Q2)
        sine = np.sqrt(1 - cosine**2)
        direction = np.array([sine * np.cos(angle), sine * np.sin(angle), cosine])
        momentum = (Q2 - M_LEPTON**2) / (2 * root)
        gamma, velocity = self.q[0] / root, self.q[3] / self.q[0]
        boost = np.eye(4)
        boost[0, 0] = boost[3, 3] = gamma
        boost[0, 3] = boost[3, 0] = gamma * velocity
        lepton = np.array([np.sqrt(momentum**2 + M_LEPTON**2), *(momentum * direction)])
        return boost @ lepton, boost @ np.array([momentum, *(-momentum * direction)])


@pytest.mark.parametrize("seed", range(3))
def test_amplitudes_are_those_of_spinors(seed: int) -> None:
    spinors = Spinors(seed)
    kinematics = Kinematics(np.array([Q2]), M_IN, M_OUT, M_LEPTON, M_B, M_C)
    rows = baryon_amplitudes(kinematics, {name: np.array([value]) for name, value in spinors.f.items()})[0]
    generator = np.random.default_rng(100 + seed)
    cases = [*np.eye(5), *(generator.normal(size=5) + 1j * generator.normal(size=5) for _ in range(6))]
    for c in np.array(cases, dtype=np.complex128):
        expected = spinors.squared_matrix_element(c)
        # (q^2 - m^2)/6: leptons, one power of which is part of `rate_normalisation`
        found = (Q2 - M_LEPTON**2) / 6 * float(np.sum(np.abs(rows @ c) ** 2))
        assert expected == pytest.approx(found, rel=1e-10, abs=0)


def test_helicity_of_massless_leptons() -> None:
    kinematics = Kinematics(np.array([Q2]), M_IN, M_OUT, 0.0, M_B, M_C)
    rows = baryon_amplitudes(kinematics, {name: np.ones(1) for name in BARYON_FORM_FACTORS})[0]
    for state, row in zip(BARYON_STATES, rows, strict=True):
        assert not np.any(row[:2] if state.lepton_helicity > 0 else row[2:])


def predicted(name: str, coefficients: dict[str, complex] | None = None) -> float:
    point = load_inputs("flavio-2.7.1").point()
    observable = next(o for o in (*lambda_c(point), *jpsi(point)) if name in (o.name, *o.aliases))
    x = real_vector(np.array([(coefficients or {}).get(c.name, 0.0) for c in observable.coefficients], dtype=np.complex128))
    forms = observable.forms(point, {})
    return float(np.prod(np.einsum("i,kij,j->k", x, forms.quadratic, x) ** np.array(forms.powers)))


def test_r_lambda_c_of_eos() -> None:
    """EOS 1.0.21: 0.332827 with the same form factors."""
    assert predicted("R(Lambda_c)") == pytest.approx(0.33282678867378634, rel=2e-6, abs=0)


def test_r_jpsi_as_published() -> None:
    """0.2597(27) and F_L 0.4421(55) in the abstract of arXiv:2503.15090; the form factors are a new fit to its points."""
    assert predicted("R(J/psi)") == pytest.approx(0.2597, rel=0, abs=0.0027)
    assert predicted("F_L(J/psi)") == pytest.approx(0.4421, rel=0, abs=0.0055)


def test_sum_rule_of_ratios() -> None:
    """R(Lambda_c)/SM = 0.28 R(D)/SM + 0.72 R(D*)/SM to a few percent for moderate new physics (arXiv:2211.14172).

    For vectors of left-handed leptons it holds exactly: all ratios grow alike.
    """
    shift = {"CVL_bctaunutau": 0.1 * load_inputs("flavio-2.7.1").point()["C_VL SM of b->q lepton neutrino"]}
    for name in ("R(Lambda_c)", "R(J/psi)"):
        assert predicted(name, shift) / predicted(name) == pytest.approx(1.21, rel=1e-9, abs=0)


def test_names_of_measurements_resolve() -> None:
    assert predicted("BR(Lambdab->Lambdactaunu)") == pytest.approx(0.0188, rel=0.01, abs=0)
