"""Integrated kernels of spectator scattering against the expressions of hep-ph/0106067, integrated adaptively."""

from __future__ import annotations

import cmath
import math
from collections.abc import Callable
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad
from scipy.special import spence

from fitlq_theory.effective_coefficients.quark_loops import quark_loop
from fitlq_theory.effective_coefficients.spectator_kernels import (
    LoopMoments,
    massive_moments,
    massless_moments,
    propagator_moments,
)
from fitlq_theory.effective_coefficients.threshold_functions import bubble, squared_angle, triangle

MASS, SCALE = 5.28, 4.8
QUARKS = {"charm": 1.68, "beauty": 4.8, "light": 0.0}
Q2 = (0.05, 2.0, 8.8)


def moments(quark: float, q2: np.ndarray, nodes: int = 16) -> LoopMoments:
    return massive_moments(MASS, quark, q2, SCALE, nodes=nodes) if quark else massless_moments(MASS, q2, SCALE)


def two_point(s: float, quark: float) -> complex:
    """B_0 of eq. (29)."""
    root = cmath.sqrt(4 * (quark**2 - 1e-13j) / s - 1)
    return -2 * root * cmath.atan(1 / root)


def three_point(s: float, quark: float) -> complex:
    """L_1(x_+) + L_1(x_-) of eqs. (31), (32)."""
    root = cmath.sqrt(0.25 - (quark**2 - 1e-13j) / s)
    total = 0j
    for x in (0.5 + root, 0.5 - root):
        total += cmath.log((x - 1) / x) * cmath.log(1 - x) - math.pi**2 / 6 + complex(spence(1 - x / (x - 1)))
    return total


def by_quadrature(integrand: Callable[[float], complex], order: int, edge: float) -> complex:
    """Integral over (0, 1) with phi_n, split at a threshold."""
    gegenbauer: Callable[[float], float] = (lambda _: 1.0, lambda t: 3 * t, lambda t: 1.5 * (5 * t * t - 1))[order]

    def value(x: float) -> complex:
        return 6 * x * (1 - x) * gegenbauer(1 - 2 * x) * integrand(x)

    total = 0j
    ends = [0.0, edge, 1.0] if 0 < edge < 1 else [0.0, 1.0]
    for low, high in pairwise(ends):
        for part, unit in ((np.real, 1), (np.imag, 1j)):
            total += unit * quad(lambda x, part=part: float(part(value(x))), low, high, epsabs=1e-11, epsrel=1e-11, limit=300)[0]
    return total


@pytest.mark.parametrize("q2", Q2)
@pytest.mark.parametrize("name", QUARKS)
def test_loops(name: str, q2: float) -> None:
    quark = QUARKS[name]
    found = moments(quark, np.array([q2]))
    edge = (4 * quark**2 - q2) / (MASS**2 - q2)

    def s(x: float) -> float:
        return x * MASS**2 + (1 - x) * q2

    def first(x: float) -> complex:
        if not quark:
            return 1.0
        return 1 + 2 * quark**2 / (s(x) - q2) * (three_point(s(x), quark) - three_point(q2, quark))

    def difference(x: float) -> complex:
        return two_point(s(x), quark) - two_point(q2, quark) if quark else -math.log(s(x) / q2)

    integrands: dict[str, Callable[[float], complex]] = {
        "triangle": lambda x: first(x) / x,
        "bubble": lambda x: difference(x) / x,
        "bubble_squared": lambda x: difference(x) / x**2,
        "vacuum": lambda x: complex(quark_loop(np.array([s(x)]), quark, SCALE)[0]),
    }
    for field, integrand in integrands.items():
        values = getattr(found, field)[0]
        for order in range(3):
            expected = by_quadrature(integrand, order, edge)
            # the dilogarithms as they stand cancel to 1e-7 for heavy quarks at small x
            assert abs(values[order] - expected) < 3e-7 * np.abs(values).max(), (field, order)


@pytest.mark.parametrize("q2", [1e-3, 0.5, 8.8])
def test_propagator(q2: float) -> None:
    found = propagator_moments(MASS, np.array([q2]))[0]
    ratio = q2 / MASS**2
    for order in range(3):
        direct = by_quadrature(lambda x: 1 / (x + (1 - x) * ratio), order, 10 * ratio)
        mirrored = by_quadrature(lambda x: 1 / (1 - x + x * ratio), order, 1 - 10 * ratio)
        assert found[order] == pytest.approx(direct.real, rel=1e-9, abs=0)
        assert (-1) ** order * found[order] == pytest.approx(mirrored.real, rel=1e-9, abs=0)


@given(st.floats(1e-6, 8.9), st.floats(1.55, 1.8))
def test_number_of_nodes(q2: float, charm: float) -> None:
    for quark in (charm, 4.8):
        here, finer = (moments(quark, np.array([q2]), nodes) for nodes in (16, 40))
        for field in LoopMoments.__slots__:
            value, reference = getattr(here, field), getattr(finer, field)
            assert np.abs(value - reference).max() < 1e-7 * np.abs(reference).max()


def test_small_q2_is_smooth() -> None:
    """Closed forms keep their digits: q2 B'' falls like q2 ln^2 q2."""
    found = massless_moments(MASS, np.array([1e-6, 1e-7, 1e-8]), SCALE)
    assert np.all(np.isfinite(found.bubble_squared))
    scaled = np.array([1e-6, 1e-7, 1e-8]) * np.abs(found.bubble_squared[:, 0])
    assert np.all(np.diff(scaled) < 0)
    assert propagator_moments(MASS, np.array([1e-9]))[0] == pytest.approx([3.0, 3.0, 3.0], rel=1e-6, abs=0)


def test_threshold_functions() -> None:
    tau = np.array([1 - 1e-12, 1 + 1e-12])
    assert np.abs(bubble(tau)).max() < 1e-5
    assert squared_angle(tau) == pytest.approx([math.pi**2 / 4] * 2, rel=1e-5, abs=0)
    assert bubble(np.array([1e9]))[0] == pytest.approx(-2, rel=1e-8, abs=0)
    assert triangle(np.array([1e6]))[0] == pytest.approx(-1 / 3e6, rel=1e-3, abs=0)  # -1/(3 tau) of a heavy quark
    # light quark: -ln(4/tau) + i pi
    assert bubble(np.array([1e-9]))[0] == pytest.approx(complex(-math.log(4e9), math.pi), rel=1e-8, abs=0)
