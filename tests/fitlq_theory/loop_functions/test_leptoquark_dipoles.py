"""Loop functions against adaptive quadrature, the Standard Model, and published numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from fitlq_theory.errors import InputError
from fitlq_theory.loop_functions.feynman_integrals import feynman_integral, feynman_integral_derivative, power_integral
from fitlq_theory.loop_functions.leptoquark_dipoles import SCALAR, VECTOR, BosonLoop, dipole_coefficient, penguin_coefficient
from fitlq_theory.loop_functions.vector_boxes import vector_box

RATIOS = st.floats(-8, 8).map(lambda exponent: 10.0**exponent)
POINTS = [1e-6, 0.01, 0.3, 0.49, 0.51, 0.999, 1.0, 1.0001, 1.49, 1.51, 4.6, 100.0, 1e6]


@given(st.integers(0, 4), RATIOS)
def test_integrals(n: int, x: float) -> None:
    expected = quad(lambda t: t**n / (1 - t + x * t), 0, 1, epsabs=0, epsrel=1e-12, limit=400, points=[1 - min(x, 0.5)])[0]
    assert float(power_integral(n, x)) == pytest.approx(expected, rel=1e-8, abs=0)


@pytest.mark.parametrize("x", POINTS)
def test_derivatives(x: float) -> None:
    step = 1e-5 * x
    for n in (0, 1, 2):
        expected = (power_integral(n, x + step) - power_integral(n, x - step)) / (2 * step)
        assert float(feynman_integral_derivative(n, x)) == pytest.approx(float(expected), rel=1e-6, abs=0)


def leveille(kind: str, x: float, flip: bool) -> float:
    """Feynman-parameter integrals of Leveille 1978 for a lepton much lighter than the boson, parts even and odd in m_F."""
    integrands = {
        ("scalar", "fermion", False): lambda t: (t**2 - t**3) / (1 - t + x * t),
        ("scalar", "fermion", True): lambda t: t**2 / (1 - t + x * t),
        ("scalar", "boson", False): lambda t: (t**3 - t**2) / (x * (1 - t) + t),
        ("scalar", "boson", True): lambda t: (t**2 - t) / (x * (1 - t) + t),
        ("vector", "fermion", False): lambda t: (2 * t * (1 - t) * (t - 2) - x * t**2 * (1 + t)) / (1 - t + x * t),
        ("vector", "fermion", True): lambda t: (4 * t * (1 - t) + x * t**2) / (1 - t + x * t),
        ("vector", "boson", False): lambda t: (2 * t**2 * (1 + t) + x * t * (1 - t) * (2 - t)) / (x * (1 - t) + t),
        ("vector", "boson", True): lambda t: (-4 * t**2 - x * t * (1 - t)) / (x * (1 - t) + t),
    }
    spin, line = kind.split()
    return float(quad(integrands[spin, line, flip], 0, 1, epsabs=0, epsrel=1e-11, limit=400)[0])


@pytest.mark.parametrize("x", POINTS)
@pytest.mark.parametrize(("spin", "loop"), [("scalar", SCALAR), ("vector", VECTOR)])
def test_dipoles_against_quadrature(spin: str, loop: BosonLoop, x: float) -> None:
    for line in ("fermion", "boson"):
        assert 2 * float(getattr(loop, f"f_{line}")(x)) == pytest.approx(leveille(f"{spin} {line}", x, False), rel=1e-8, abs=0)
        assert float(getattr(loop, f"g_{line}")(x)) == pytest.approx(leveille(f"{spin} {line}", x, True), rel=1e-8, abs=0)


def closed(name: str, x: float) -> float:
    """Closed forms: Inami-Lim and Lavoura functions as in the specification of a vector leptoquark."""
    d, ln = 1 - x, math.log(x)
    if name == "fF":
        return (-8 + 38 * x - 39 * x**2 + 14 * x**3 - 5 * x**4 + 18 * x**2 * ln) / (12 * d**4)
    if name == "fV":
        return (10 - 43 * x + 78 * x**2 - 49 * x**3 + 4 * x**4 + 18 * x**3 * ln) / (12 * d**4)
    if name == "E0":
        rest = x * (18 - 11 * x - x**2) / (12 * d**3) + x**2 * (15 - 16 * x + 4 * x**2) / (6 * d**4) * ln
        return -2 / 3 * ln + rest
    return x * (7 * x**2 - x - 12) / (12 * d**3) - x**2 * (x**2 - 10 * x + 12) / (6 * d**4) * ln


@pytest.mark.parametrize("x", [0.01, 0.3, 0.6, 1.4, 4.6, 100.0, 1e4])
def test_vector_functions_in_closed_form(x: float) -> None:
    assert float(VECTOR.f_fermion(x)) == pytest.approx(closed("fF", x), rel=1e-9, abs=0)
    assert float(VECTOR.f_boson(x)) == pytest.approx(closed("fV", x), rel=1e-9, abs=0)
    assert float(VECTOR.h_fermion(x)) == pytest.approx(closed("E0", x), rel=1e-9, abs=1e-12)
    assert -float(VECTOR.h_boson(x)) == pytest.approx(closed("Fgamma", x), rel=1e-9, abs=1e-12)


def test_numbers_of_the_specification() -> None:
    # Q_F = -1/3, Q_V = -2/3: S = Q_F f_F + Q_V f_V
    found = [-float(VECTOR.same_chirality(x, -1 / 3, -2 / 3)) for x in (0.0, 1.0, 1e12)]
    assert found == pytest.approx([-1 / 3, -7 / 24, -1 / 12], rel=1e-9, abs=0)
    assert float(VECTOR.f_fermion(0.0)) == pytest.approx(-2 / 3, rel=1e-12, abs=0)
    assert float(VECTOR.f_boson(0.0)) == pytest.approx(5 / 6, rel=1e-12, abs=0)


def test_w_boson_and_magnetic_moment_of_the_muon() -> None:
    """10/3 G_F m^2/(8 sqrt 2 pi^2), positive: fixes sign and size of dipoles of vectors."""
    fermi, mass, muon, charge = 1.1663788e-5, 80.379, 0.1056583755, 0.303
    coupling = mass * math.sqrt(4 * fermi / math.sqrt(2))  # g/sqrt 2
    dipole = dipole_coefficient(VECTOR, mass, [0.0], (muon, muon), (([coupling], [0]), ([coupling], [0])), (0.0, -1.0), 1, charge)
    moment = 4 * muon * dipole.real / charge
    assert float(moment) == pytest.approx(10 / 3 * fermi * muon**2 / (8 * math.sqrt(2) * math.pi**2), rel=1e-9, abs=0)


@pytest.mark.parametrize("x", [0.02, 0.4, 4.6, 30.0])
def test_penguins_of_the_standard_model(x: float) -> None:
    """b -> s: C7 = -D0'/2 and photon penguin D0, up, charm and top with a unitary matrix."""
    charges = (2 / 3, -1.0)
    dipole = -(VECTOR.same_chirality(x, *charges) - VECTOR.same_chirality(0.0, *charges))
    explicit = -(8 * x**3 + 5 * x**2 - 7 * x) / (12 * (1 - x) ** 3) + x**2 * (2 - 3 * x) / (2 * (1 - x) ** 4) * math.log(x)
    assert float(dipole) == pytest.approx(explicit, rel=1e-9, abs=0)
    explicit = -4 / 9 * math.log(x) + (-19 * x**3 + 25 * x**2) / (36 * (x - 1) ** 3)
    explicit += x**2 * (5 * x**2 - 2 * x - 6) / (18 * (x - 1) ** 4) * math.log(x)
    # D0 = (2/3) E0 + F_gamma
    assert float(VECTOR.penguin(x, *charges)) == pytest.approx(explicit, rel=1e-9, abs=0)


def test_charged_higgs_penguin() -> None:
    """Scalars: x (47x^2 - 79x + 38)/(108 (1-x)^3) + x (3x^3 - 6x + 4) ln x/(18 (1-x)^4), a known function of Q = 2/3 and -1."""
    for x in (0.05, 0.4, 3.0, 20.0):
        explicit = (47 * x**2 - 79 * x + 38) / (108 * (1 - x) ** 3)
        explicit += (3 * x**3 - 6 * x + 4) / (18 * (1 - x) ** 4) * math.log(x)
        assert float(SCALAR.penguin(x, 2 / 3, -1.0)) == pytest.approx(-explicit, rel=1e-9, abs=0)


def test_s1_leptoquark_and_top() -> None:
    """a_mu = -m_mu m_t/(4 pi^2 M^2) (7/4 + ln x) Re(R L*) for small x (arXiv:1511.01900); F is the antitop."""
    muon, top, mass, charge = 0.1056583755, 1.0, 2000.0, 0.303
    left, right = 0.3 + 0.1j, 0.2 - 0.4j
    dipole = dipole_coefficient(
        SCALAR, mass, [top], (0.0, 0.0), (([left], [right]), ([left], [right])), (-2 / 3, -1 / 3), 3, charge
    )
    moment = 4 * muon * dipole.real / charge
    x = (top / mass) ** 2
    expected = -muon * top / (4 * math.pi**2 * mass**2) * (7 / 4 + math.log(x)) * (right * left.conjugate()).real
    assert float(moment) == pytest.approx(expected, rel=1e-5, abs=0)


def test_running_of_the_penguin() -> None:
    """For light fermions the logarithm is that of a closed loop with the four-fermion coefficients of tree-level matching:
    -h^2/M^2 for a vector and -|lambda|^2/(2 M^2) for a scalar times Q_F Q_f e^2/(24 pi^2) ln x."""
    for loop, tree in ((SCALAR, -0.5), (VECTOR, -1.0)):
        slopes = [penguin_coefficient(loop, 1.0, [m], ([1.0], [1.0]), (-1 / 3, -2 / 3), 3, 0.3) for m in (1e-6, 1e-8)]
        slope = float((slopes[1] - slopes[0]).real) / math.log(1e-4)
        assert slope == pytest.approx(tree * 3 * (-1 / 3) * 0.3**2 / (24 * math.pi**2), rel=1e-6, abs=0)


@given(RATIOS, RATIOS)
def test_smooth_at_equal_masses(x: float, y: float) -> None:
    for n in (1, 4):
        assert float(vector_box(x, y, n)) == pytest.approx(float(vector_box(y, x, n)), rel=1e-7, abs=1e-12)
        near = float(vector_box(x, x * (1 + 1e-6), n))
        assert near == pytest.approx(float(vector_box(x, x, n)), rel=1e-4, abs=1e-9)


def test_boxes_of_the_standard_model() -> None:
    assert float(vector_box(0.0, 0.0)) == pytest.approx(1.0, rel=1e-12, abs=0)
    assert float(vector_box(0.0, 0.0, 4)) == pytest.approx(4.0, rel=1e-12, abs=0)
    for x in (0.2, 2.0, 4.6):
        ln = math.log(x)
        s0 = (4 * x - 11 * x**2 + x**3) / (4 * (1 - x) ** 2) - 3 * x**3 * ln / (2 * (1 - x) ** 3)
        unitary = vector_box(x, x) - 2 * vector_box(x, 0.0) + vector_box(0.0, 0.0)
        assert float(unitary) == pytest.approx(s0, rel=1e-9, abs=0)
        b0 = 0.25 * (x / (1 - x) + x * ln / (x - 1) ** 2)
        assert float(vector_box(x, 0.0)) == pytest.approx(1 + 4 * b0, rel=1e-9, abs=0)


def test_shapes_and_limits() -> None:
    masses = np.array([[0.0, 1.0, 1000.0], [0.0, 5.0, 2000.0]])
    couplings = np.ones((2, 3))
    found = dipole_coefficient(
        VECTOR,
        [1000.0, 2000.0],
        masses,
        (0.1, 0.0),
        ((couplings, 0 * couplings), (couplings, couplings)),
        (-1 / 3, -2 / 3),
        3,
        0.3,
    )
    assert found.shape == (2,)
    assert np.all(np.isfinite(found))
    # decoupling: both masses twice as large
    scaled = dipole_coefficient(
        SCALAR, [2e3, 2e6], [[2e3], [2e6]], (0.1, 0.0), (([1.0], [0.0]), ([1.0], [0.0])), (-1 / 3, -2 / 3), 3, 0.3
    )
    assert scaled[0] / scaled[1] == pytest.approx(1e6, rel=1e-12, abs=0)
    with pytest.raises(InputError, match="add up to -1"):
        penguin_coefficient(SCALAR, 1.0, [1.0], ([1.0], [1.0]), (1 / 3, 2 / 3), 3, 0.3)


@given(RATIOS)
def test_signs_and_finiteness(x: float) -> None:
    assert float(feynman_integral(2, 1, x)) > 0
    assert 0 < float(SCALAR.f_fermion(x)) <= 1 / 6 + 1e-12
    assert -1 / 12 - 1e-12 <= float(SCALAR.f_boson(x)) < 0
