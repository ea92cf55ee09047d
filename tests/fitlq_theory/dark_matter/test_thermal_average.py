"""Thermally averaged cross sections: expansions, adaptive integration, resonances, thresholds."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import special
from scipy.integrate import quad

from fitlq_theory.dark_matter import (
    Resonance,
    thermal_average,
)

Real = NDArray[np.float64]


class TestThermalAverage:
    def test_non_relativistic_expansion_of_a_constant(self) -> None:
        x = np.array([1e3, 1e5, 1e7])
        average = thermal_average(lambda s: np.full_like(s, 0.5), 3.0, x)[0]
        assert average == pytest.approx(1.0, rel=5e-3, abs=0)
        assert average[2] == pytest.approx(1.0, rel=1e-6, abs=0)

    def test_powers_of_the_velocity(self) -> None:
        # sigma beta = beta^2 / 2: v^2/4 in the mean, <v^2> = 6/x
        x = np.array([1e5, 1e6])
        average = thermal_average(lambda s: 0.5 * (1 - 4 * 9.0 / s), 3.0, x)[0]
        assert average == pytest.approx(1.5 / x, rel=1e-4, abs=0)

    @settings(max_examples=25, deadline=None)
    @given(st.floats(2.0, 300.0), st.floats(1.5, 4.0), st.floats(-7.0, -1.0))
    def test_equals_adaptive_integration_over_a_resonance(self, x: float, ratio: float, log_width: float) -> None:
        m, pole = 1.3, 1.3 * ratio
        width = pole * 10**log_width

        def shape(s: Any) -> Any:
            return s * (1 - 4 * m**2 / s) / ((s - pole**2) ** 2 + (pole * width) ** 2)

        average = thermal_average(shape, m, [x], resonances=[Resonance(pole, width)])[0, 0]
        temperature = m / x

        def integrand(s: float) -> float:
            root = np.sqrt(s)
            flux = s * np.sqrt(max(1 - 4 * m**2 / s, 0.0)) * root
            return float(shape(s) * flux * special.k1e(root / temperature) * np.exp(-(root - 2 * m) / temperature))

        low, high = 4 * m**2, (2 * m + 60 * temperature) ** 2
        edges = {low, high, *(low + np.geomspace(1e-6, high - low, 25))}
        # towards the pole in powers of two of the width
        for sign in (-1, 1):
            edges |= {pole**2 + sign * pole * width * 2.0**k for k in range(45)}
        points = sorted(edge for edge in edges | {pole**2} if low <= edge <= high)
        total = sum(quad(integrand, a, b, epsrel=1e-7, epsabs=0)[0] for a, b in pairwise(points))
        expected = total / (8 * m**4 * temperature * special.kve(2, x) ** 2)
        assert average == pytest.approx(expected, rel=2e-5, abs=0)

    @pytest.mark.parametrize(
        ("squared_mass_ratio", "expected"),
        [(0.0, 1.728), (0.1, 1.645), (0.25, 1.514), (0.5, 1.263), (0.8, 0.871), (0.95, 0.577), (1.0, 0.424), (1.1, 0.099)],
    )
    def test_constant_matrix_element(self, squared_mass_ratio: float, expected: float) -> None:
        """64 pi m^2 <sigma v> / |M|^2 at x = 20 for two scalars into two of another mass; of another calculation."""
        m, other = 0.9, 0.9 * np.sqrt(squared_mass_ratio)

        def sigma_beta(s: Real) -> Real:
            return np.asarray(np.sqrt(np.maximum(1 - 4 * other**2 / s, 0)) / (16 * np.pi * s))

        average = thermal_average(sigma_beta, m, [20.0], thresholds=[2 * other])[0, 0]
        assert 64 * np.pi * m**2 * average == pytest.approx(expected, abs=6e-4)

    def test_narrow_width_limit(self) -> None:
        m, pole, width, x = 1.7, 4.0, 1e-9, 20.0
        average = thermal_average(
            lambda s: pole * width / ((s - pole**2) ** 2 + (pole * width) ** 2), m, [x], resonances=[Resonance(pole, width)]
        )
        temperature = m / x
        flux = np.pi * pole**2 * np.sqrt(1 - 4 * m**2 / pole**2) * pole
        bessel = special.k1e(pole / temperature) * np.exp(-(pole - 2 * m) / temperature)
        expected = flux * bessel / (8 * m**4 * temperature * special.kve(2, x) ** 2)
        assert average[0, 0] == pytest.approx(expected, rel=1e-5, abs=0)

    def test_threshold_above_twice_the_mass(self) -> None:
        m, fermion = 1.7, 1.77686
        x = np.array([5.0, 20.0, 100.0, 1000.0])
        averages = []

        def open_channel(s: Real) -> Real:
            return np.asarray(np.sqrt(np.maximum(1 - 4 * fermion**2 / s, 0)))

        for thresholds in ([2 * fermion], [2 * fermion, *np.linspace(3.41, 8.0, 60)]):
            averages.append(thermal_average(open_channel, m, x, thresholds=thresholds)[0])
        assert averages[0] == pytest.approx(averages[1], rel=1e-5, abs=0)
        # closed at zero temperature: suppressed by exp(-2 (m_f - m)/T)
        assert averages[0][3] < 1e-35 * averages[0][0]

    def test_points_do_not_influence_each_other(self) -> None:
        mass, pole, width = np.array([1.0, 5.0]), np.array([[2.5], [10.1]]), np.array([[1e-6], [1e-2]])

        def shape(s: Real, k: Any = slice(None)) -> Real:
            return 1 / ((s - pole[k] ** 2) ** 2 + (pole[k] * width[k]) ** 2)

        x = [10.0, 30.0]
        together = thermal_average(shape, mass, x, resonances=[Resonance(pole, width)])
        for k in (0, 1):
            one = [k]
            alone = thermal_average(lambda s, one=one: shape(s, one), mass[k], x, resonances=[Resonance(pole[k], width[k])])
            assert alone[0] == pytest.approx(together[k], rel=1e-6, abs=0)
