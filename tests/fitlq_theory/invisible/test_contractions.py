"""Weights and spectral functions against explicit matrix elements: spinors, polarisation vectors and angles, summed."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from fitlq_theory.form_factors import evaluate
from fitlq_theory.inputs import load_inputs
from fitlq_theory.invisible.dark_operators import DARK_OPERATORS
from fitlq_theory.invisible.decays import DECAYS, hadronic_weights, quark_masses, triangle
from fitlq_theory.invisible.rates import _contraction

Complex = NDArray[np.complex128]

POINT = load_inputs("flavio-2.7.1").point()
METRIC = np.diag([1.0, -1.0, -1.0, -1.0])
LEVI_CIVITA = np.zeros((4, 4, 4, 4))
for permutation in itertools.permutations(range(4)):
    LEVI_CIVITA[permutation] = np.linalg.det(np.eye(4)[list(permutation)])

PAULI = [np.array([[0, 1], [1, 0]]), np.array([[0, -1j], [1j, 0]]), np.array([[1, 0], [0, -1]])]
GAMMA = [np.kron(np.diag([1, -1]), np.eye(2))] + [np.kron(np.array([[0, 1], [-1, 0]]), sigma) for sigma in PAULI]
GAMMA5 = 1j * GAMMA[0] @ GAMMA[1] @ GAMMA[2] @ GAMMA[3]


def dot(a: Complex, b: Complex) -> complex:
    return complex(a @ METRIC @ b)


def epsilon(a: Complex, b: Complex, c: Complex) -> Complex:
    """eps^{mu a b c}."""
    return np.einsum("mabc,a,b,c->m", LEVI_CIVITA, METRIC @ a, METRIC @ b, METRIC @ c)


def dual(tensor: Complex) -> Complex:
    return 0.5j * np.einsum("mnab,ac,bd,cd->mn", LEVI_CIVITA, METRIC, METRIC, tensor)


def lower(tensor: Complex) -> Complex:
    return METRIC @ tensor @ METRIC


def polarisations(momentum: Complex, mass: float) -> list[Complex]:
    """Three real polarisation vectors orthogonal to `momentum`."""
    space = np.real(momentum[1:])
    size = np.linalg.norm(space)
    direction = space / size
    helper = np.array([1.0, 0.0, 0.0]) if abs(direction[0]) < 0.7 else np.array([0.0, 1.0, 0.0])
    first = np.cross(direction, helper)
    first /= np.linalg.norm(first)
    second = np.cross(direction, first)
    longitudinal = np.concatenate([[size / mass], np.real(momentum[0]) / mass * direction])
    return [np.concatenate([[0.0], first]), np.concatenate([[0.0], second]), longitudinal]


def hadronic_elements(name: str, q2: float) -> dict[str, list[Complex]]:
    """<M|sbar Gamma b|B> for every polarisation of M, in the frame where q is at rest; textbook decompositions."""
    decay = DECAYS[name]
    m_b, m_s = quark_masses(POINT)
    parent, meson = decay.masses(POINT)
    q = np.array([np.sqrt(q2), 0, 0, 0], dtype=complex)
    momentum = np.sqrt(triangle(POINT, decay, np.array(q2)) / (4 * q2))
    k = np.array([np.sqrt(meson**2 + momentum**2), 0, 0, momentum], dtype=complex)
    p, total = q + k, q + 2 * k
    f = {key: float(value) for key, value in evaluate(POINT, decay.transition, q2).items()}
    difference = parent**2 - meson**2
    if not decay.vector:
        vector = f["f+"] * (total - difference / q2 * q) + f["f0"] * difference / q2 * q
        tensor = f["fT"] / (parent + meson) * (np.outer(total, q) - np.outer(q, total))
        zero = np.zeros(4, dtype=complex)
        scalar = np.array(f["f0"] * difference / (m_b - m_s))
        return {"S": [scalar], "P": [np.array(0j)], "V": [vector], "A": [zero], "T": [tensor]}
    size = float(triangle(POINT, decay, np.array(q2)))
    a1, both = f["A1"], parent + meson
    a2 = (both**2 * (difference - q2) * a1 - f["A12"] * 16 * parent * meson**2 * both) / size
    a3 = (both * a1 - (parent - meson) * a2) / (2 * meson)
    t3 = both * (parent - meson) * (parent**2 + 3 * meson**2 - q2) * f["T2"] - 8 * parent * meson**2 * (parent - meson) * f["T23"]
    t3 /= size
    g2 = (f["T2"] - f["T1"]) * difference / q2
    g3 = (f["T1"] - f["T2"] - t3 * q2 / difference) / q2
    found: dict[str, list[Complex]] = {key: [] for key in "SPVAT"}
    for e in polarisations(k, meson):
        eq = dot(e, q)
        found["S"].append(np.array(0j))
        found["P"].append(np.array(2 * meson * f["A0"] * eq / (m_b + m_s)))
        found["V"].append(2 * f["V"] / both * epsilon(e, p, k))
        found["A"].append(both * a1 * e - a2 / both * eq * total - 2 * meson / q2 * (a3 - f["A0"]) * eq * q)
        inner = np.outer(f["T1"] * e + g3 * eq * q * -1, total) + g2 * np.outer(e, q)
        found["T"].append(np.einsum("mnab,ac,bd,cd->mn", LEVI_CIVITA, METRIC, METRIC, inner))
    return found


def spinors(momentum: Complex, mass: float) -> tuple[list[Complex], list[Complex]]:
    """u and v for two spin states."""
    slash = sum(METRIC[i, i] * momentum[i] * GAMMA[i] for i in range(4))
    norm = 1 / np.sqrt(momentum[0] + mass)
    u = [norm * (slash + mass * np.eye(4)) @ np.eye(4)[i] for i in (0, 1)]
    v = [norm * (-slash + mass * np.eye(4)) @ np.eye(4)[i] for i in (2, 3)]
    return u, v


def fermion_elements(operator: str, p1: Complex, p2: Complex, m: float) -> list[Complex]:
    sigma = np.array([[0.5j * (a @ b - b @ a) for b in GAMMA] for a in GAMMA])
    vector = np.array(GAMMA)
    matrices = {
        "chiS": np.eye(4),
        "chiP": 1j * GAMMA5,
        "chiV": vector,
        "chiA": vector @ GAMMA5,
        "chiT": sigma,
        "chiT5": sigma @ GAMMA5,
    }[operator]
    u, v = spinors(p1, m)[0], spinors(p2, m)[1]
    return [np.einsum("a,...ab,b->...", a.conj() @ GAMMA[0], matrices, b) for a in u for b in v]


def vector_elements(operator: str, p1: Complex, p2: Complex, m: float) -> list[Complex]:
    q, found = p1 + p2, []
    for a in polarisations(p1, m):
        for b in polarisations(p2, m):
            antisymmetric = np.outer(a, b) - np.outer(b, a)
            found.append(
                {
                    "XS": lambda a=a, b=b: np.array(dot(a, b)),
                    "XT1": lambda t=antisymmetric: 0.5 * t,
                    "XT2": lambda t=antisymmetric: 0.5 * t,
                    "XV2": lambda a=a, b=b: a * dot(q, b) + b * dot(q, a),
                    "XV3": lambda a=a, b=b: epsilon(a, p2 - p1, b),
                    "XV4": lambda a=a, b=b: (p2 - p1) * dot(a, b),
                    "XV5": lambda a=a, b=b: a * dot(q, b) - b * dot(q, a),
                    "XV6": lambda a=a, b=b: epsilon(a, q, b),
                }[operator]()
            )
    return found


def dark_elements(operator: str, p1: Complex, p2: Complex, m: float) -> list[Complex]:
    if operator == "phiS":
        return [np.array(1.0 + 0j)]
    if operator == "phiV":
        return [p1 - p2]
    return (fermion_elements if operator.startswith("chi") else vector_elements)(operator, p1, p2, m)


def explicit(name: str, operator: str, quark: str, q2: float, m: float) -> float:
    """Sum over all polarisations and mean over directions of |H . J|^2."""
    elements = hadronic_elements(name, q2)[quark]
    if operator == "XT2":
        elements = [dual(tensor) for tensor in elements]
    momentum = np.sqrt(q2 / 4 - m**2)
    cosines, weights = np.polynomial.legendre.leggauss(6)
    total = 0.0
    for cosine, weight in zip(cosines, weights, strict=True):
        for phi in np.arange(6) * np.pi / 3 + 0.1:
            sine = np.sqrt(1 - cosine**2)
            direction = momentum * np.array([sine * np.cos(phi), sine * np.sin(phi), cosine])
            p1 = np.concatenate([[np.sqrt(q2) / 2], direction]).astype(complex)
            p2 = np.concatenate([[np.sqrt(q2) / 2], -direction]).astype(complex)
            for dark in dark_elements(operator, p1, p2, m):
                for hadron in elements:
                    if np.ndim(hadron) == 2:
                        amplitude = np.sum(hadron * lower(dark))
                    elif np.ndim(hadron) == 1:
                        amplitude = dot(hadron, dark)
                    else:
                        amplitude = hadron * dark
                    total += weight / 12 * abs(amplitude) ** 2
    return total


CASES = [
    (decay, operator.name, quark)
    for decay in ("B+->Knunu", "B0->K*nunu")
    for operator in DARK_OPERATORS.values()
    for quark in {"density": "SP", "current": "VA", "tensor": "T"}[operator.structure]
]


@pytest.mark.parametrize(("decay", "operator", "quark"), CASES)
@pytest.mark.parametrize(("q2", "mass"), [(6.0, 0.3), (14.0, 1.1)])
def test_products_of_weights_and_spectral_functions_are_the_summed_amplitudes(
    decay: str, operator: str, quark: str, q2: float, mass: float
) -> None:
    at, m = np.array([q2]), np.array([mass])
    weights = hadronic_weights(POINT, DECAYS[decay], at)
    product = float(_contraction(weights, DARK_OPERATORS[operator], quark, at, m)[0])
    assert product == pytest.approx(explicit(decay, operator, quark, q2, mass), rel=1e-9, abs=1e-18)
