"""Thermal averages and the Boltzmann equation: numbers of two models, independent integrators, limits."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import special
from scipy.integrate import quad, solve_ivp

from fitlq_theory.contracts import Parameter
from fitlq_theory.dark_matter import (
    DegreesOfFreedom,
    FinalState,
    Resonance,
    relic_density,
    scalar_t_channel,
    standard_model_plasma,
    thermal_average,
    vector_s_channel,
    vector_width,
)
from fitlq_theory.dark_matter.boltzmann import AVERAGE_NODES, boltzmann_yield
from fitlq_theory.errors import InputError
from fitlq_theory.inputs import load_inputs
from fitlq_theory.predictions import Predictions

Real = NDArray[np.float64]

POINT = load_inputs().point()
MUON, TAU, TOP, BOTTOM = 0.1056584, 1.77686, 172.5, 4.18
CM3_PER_S = 1.0 / 1.16733e-17  # GeV^-2

# the rough table the numbers below were made with, g_rho = g_s: temperature in GeV and degrees of freedom
TEMPERATURES = [
    [1e-4, 5e-4, 1e-3, 5e-3, 1e-2, 2e-2, 5e-2, 8e-2, 0.1, 0.12, 0.15, 0.17, 0.2, 0.25, 0.3],
    [0.5, 0.7, 1, 2, 3, 5, 10, 20, 30, 50, 70, 100, 200, 500, 1000],
]
DEGREES = [
    [3.9, 9.5, 10.6, 10.74, 10.76, 11.0, 13.5, 15.5, 17.3, 19.5, 25.5, 31.0, 40.0, 50.0, 55.5],
    [63.0, 67.5, 72.0, 77.5, 80.0, 83.5, 86.2, 87.0, 88.5, 93.0, 96.5, 99.0, 104.5, 106.4, 106.75],
]
ROUGH = DegreesOfFreedom(*(np.concatenate(rows) for rows in (TEMPERATURES, DEGREES, DEGREES)))


def light_vector(coupling: Real, mass: Real, mediator: Real, sin_beta: float = 0.5, **options: Any) -> Real:
    """Majorana fermion with a light vector of L_mu - L_tau and a scalar leptoquark to d and s quarks, y = 2, 1200 GeV."""
    g, m, pole = (np.atleast_1d(np.asarray(value, dtype=float))[:, None] for value in (coupling, mass, mediator))
    beta = np.arcsin(sin_beta)
    axial = g * np.cos(2 * beta)
    states = [FinalState(MUON, g), FinalState(TAU, g)] + 2 * [FinalState(0.0, g / 2, -g / 2)]
    width = vector_width(pole, states, mass=m, axial=axial)
    literal = 2.0 if options.pop("literal", False) else 1.0

    def sigma_beta(s: Real) -> Real:
        exchange = 2 * scalar_t_channel(s, m, np.full_like(m, 1200.0), 2.0 * np.cos(beta))
        return vector_s_channel(s, m, pole, width, states, axial=literal * axial) + exchange

    return relic_density(
        POINT, sigma_beta, m[:, 0], resonances=[Resonance(pole, width)], thresholds=[2 * TAU], plasma=options.get("plasma")
    )


def heavy_vector(sin_delta: float, leptoquark: float, massless: bool = True) -> float:
    """L_e - L_mu at 671 GeV, g = 0.3, and a leptoquark with y = 1.1 to all quarks; particle of 286 GeV."""
    g, pole, m = 0.3, 671.0, 286.0
    delta = np.arcsin(sin_delta)
    axial, y = g * np.cos(2 * delta), 1.1 * np.sin(delta)
    states = 2 * [FinalState(0.0, g)] + 2 * [FinalState(0.0, g / 2, -g / 2)]
    width = vector_width(pole, states, mass=m, axial=axial)
    quarks = [0.0] * 4 + [TOP, BOTTOM]

    def sigma_beta(s: Real) -> Real:
        total = vector_s_channel(s, m, pole, width, states, axial=axial)
        for quark in quarks:
            total = total + scalar_t_channel(s, np.array([[m]]), np.array([[leptoquark]]), y, fermion_mass=quark)
        return total

    return float(relic_density(POINT, sigma_beta, m, resonances=[Resonance(pole, width)], plasma=ROUGH)[0])


class TestNumbers:
    # numbers of an independent prototype: average at 260 points interpolated linearly in its logarithm, Radau: good to 1e-3
    @pytest.mark.parametrize(
        ("benchmark", "literal", "expected"),
        [
            ((0.002, 1.7, 4.0), False, 0.36503336943014886),
            ((0.002, 1.7, 4.0), True, 0.13702997552371587),
            ((0.008, 1.8, 4.8), False, 2.760721868897245),
            ((0.008, 1.8, 4.8), True, 1.2641580072403185),
        ],
    )
    def test_light_vector(self, benchmark: tuple[float, float, float], literal: bool, expected: float) -> None:
        value = light_vector(*(np.array(number) for number in benchmark), literal=literal, plasma=ROUGH)
        assert value == pytest.approx(expected, rel=1.5e-3, abs=0)

    def test_the_density_moves_by_two_per_cent_with_the_degrees_of_freedom(self) -> None:
        arguments = (np.array([0.002, 0.008]), np.array([1.7, 1.8]), np.array([4.0, 4.8]))
        assert light_vector(*arguments) == pytest.approx(light_vector(*arguments, plasma=ROUGH), rel=0.03, abs=0)

    @pytest.mark.parametrize(
        ("sin_delta", "leptoquark", "expected", "tolerance"),
        [
            (0.05, 1200.0, 0.09276471856299107, 1e-3),
            (0.15, 1200.0, 0.09925510167571679, 1e-3),
            (0.25, 1200.0, 0.1144727516633996, 1e-3),
            (0.35, 1200.0, 0.14478116120406312, 1e-3),
            (0.25, 1500.0, 0.11461179893868599, 1e-3),
            # here the leptoquark dominates; the prototype has massless quarks and adds the top mass at zero velocity only
            (0.9, 1200.0, 0.12266304035877162, 0.02),
            (0.95, 1500.0, 0.10764640291081445, 0.02),
        ],
    )
    def test_heavy_vector(self, sin_delta: float, leptoquark: float, expected: float, tolerance: float) -> None:
        assert heavy_vector(sin_delta, leptoquark) == pytest.approx(expected, rel=tolerance, abs=0)

    def test_widths(self) -> None:
        g, pole = 0.002, 4.0
        states = [FinalState(MUON, g), FinalState(TAU, g)] + 2 * [FinalState(0.0, g / 2, -g / 2)]
        # the prototype of this model: muons, taus, neutrinos and pairs of N
        parts = [vector_width(pole, [state]) for state in states[:2]] + [vector_width(pole, states[2:])]
        assert parts == pytest.approx([4.24411940722e-07, 2.71693645929e-07, 4.24413181578e-07], rel=1e-9, abs=0)
        pair = vector_width(pole, [], mass=1.7, axial=g * np.cos(np.pi / 3))
        assert pair == pytest.approx(7.755206352304e-09, rel=1e-9, abs=0)

    @pytest.mark.parametrize(
        ("mass", "power", "size", "expected"),
        [(100.0, 0, 2.2e-26 * CM3_PER_S, 0.1120), (1.7, 0, 2.2e-26 * CM3_PER_S, 0.2212), (100.0, 1, 6e-8, 0.1553)],
    )
    def test_powers_of_the_temperature(self, mass: float, power: int, size: float, expected: float) -> None:
        average = (size * AVERAGE_NODES**-power)[None]
        y = boltzmann_yield(POINT, average, np.array([mass]), plasma=ROUGH)
        assert mass * y * 2891.2 / 1.05371e-5 == pytest.approx(expected, rel=1e-3, abs=0)


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
        """64 pi m^2 <sigma v> / |M|^2 at x = 20 for two scalars into two of another mass; three digits from a prototype."""
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


class TestBoltzmann:
    @pytest.mark.parametrize(
        ("mass", "log_size", "power"), [(0.3, -8.0, 0.0), (1.8, -7.0, 1.0), (10.0, -8.7, 0.0), (900.0, -9.0, 0.5)]
    )
    def test_equals_an_adaptive_stiff_solver(self, mass: float, log_size: float, power: float) -> None:
        gas = standard_model_plasma()
        y = boltzmann_yield(POINT, (10**log_size * AVERAGE_NODES**-power)[None], np.array([mass]))[0]

        def equilibrium(x: float) -> float:
            return float(90 / (4 * np.pi**4 * gas.entropy(mass / x)) * x**2 * special.kve(2, x) * np.exp(-x))

        def slope(log_x: float, log_y: Real) -> list[float]:
            x = np.exp(log_x)
            planck = POINT["M_Planck"] * POINT["relic density degrees of freedom"]
            rate = np.sqrt(np.pi / 45) * planck * mass * float(gas.root(mass / x)) * 10**log_size * x**-power / x
            return [-rate * (np.exp(log_y[0]) - np.exp(2 * np.log(max(equilibrium(x), 1e-250)) - log_y[0]))]

        solution = solve_ivp(slope, [np.log(2.0), np.log(1e5)], [np.log(equilibrium(2.0))], method="Radau", rtol=1e-6, atol=1e-8)
        assert y == pytest.approx(np.exp(solution.y[0, -1]), rel=1e-3, abs=0)

    @given(st.floats(1.0, 100.0), st.floats(1.1, 10.0))
    def test_more_annihilation_leaves_less(self, mass: float, factor: float) -> None:
        average = np.full((2, len(AVERAGE_NODES)), 1e-9) * np.array([[1.0], [factor]])
        y = boltzmann_yield(POINT, average, np.array([mass, mass]))
        # as 1/<sigma v>, up to a logarithm through x_f and the degrees of freedom there
        assert 0.7 * factor < y[0] / y[1] < 1.1 * factor
        assert y[1] < y[0]

    def test_particle_and_antiparticle(self) -> None:
        def sigma_beta(s: Real) -> Real:
            return np.full_like(s, 1e-9)

        one = relic_density(POINT, sigma_beta, [10.0])
        assert relic_density(POINT, sigma_beta, [10.0], self_conjugate=False) == pytest.approx(2 * one, rel=1e-12, abs=0)

    def test_errors(self) -> None:
        with pytest.raises(InputError, match="without annihilation"):
            relic_density(POINT, np.zeros_like, [10.0])
        with pytest.raises(InputError, match="1 MeV"):
            relic_density(POINT, np.ones_like, [1e-4])
        with pytest.raises(InputError, match="positive"):
            thermal_average(np.ones_like, [-1.0], [10.0])


class LightVectorModel:
    """A model that predicts the density of dark matter only."""

    name, title, reference, eft, basis, scale = "light_vector", "", "", "WET", "flavio", None
    parameters = (
        Parameter("g", "g", "gauge coupling", 1e-3, 1e-2, 4e-3),
        Parameter("m", "m", "mass", 1.0, 2.5, 1.8, unit="GeV"),
    )

    def coefficients(self, points: Real) -> dict[str, Any]:
        return {}

    def predictions(self, points: Real) -> dict[str, Real]:
        return {"Omega_c_h2": light_vector(points[:, 0], points[:, 1], np.full(len(points), 4.8))}


class TestModel:
    def test_density_arrives_in_the_observable(self) -> None:
        predictions = Predictions(LightVectorModel(), [("Omega_DM_h2", {})])  # an alias
        points = np.array([[4e-3, 1.8], [8e-3, 1.8], [4e-3, 2.3]])
        values = predictions.values(points)[:, 0]
        alone = [float(light_vector(g, m, 4.8)[0]) for g, m in points]
        assert values == pytest.approx(alone, rel=1e-6, abs=0)
        assert values[2] < values[0]  # nearer to the resonance


class TestCrossSections:
    def test_limits_of_scalar_exchange(self) -> None:
        m, pole, y, v = np.array([[1.7]]), np.array([[1200.0]]), 1.3, 1e-3
        s = 4 * m**2 / (1 - v**2 / 4)
        # p wave for massless quarks; sigma v = 2 sigma beta
        expected = 3 * y**4 * m**2 * (m**4 + pole**4) / (48 * np.pi * (m**2 + pole**2) ** 4) * v**2
        assert 2 * scalar_t_channel(s, m, pole, y) == pytest.approx(expected, rel=1e-5, abs=0)
        m, quark = np.array([[286.0]]), 172.5
        s = 4 * m**2 * (1 + 1e-12)
        expected = 3 * y**4 * quark**2 / (32 * np.pi) * np.sqrt(1 - quark**2 / m**2) / (m**2 + pole**2 - quark**2) ** 2
        assert 2 * scalar_t_channel(s, m, pole, y, fermion_mass=quark) == pytest.approx(expected, rel=1e-9, abs=0)

    def test_closed_channels(self) -> None:
        s = np.array([[13.0]])
        assert vector_s_channel(s, 1.7, 4.0, 1e-3, [FinalState(1.9, 1.0, 1.0)], axial=1.0) == 0
        assert scalar_t_channel(s, np.array([[1.7]]), np.array([[100.0]]), 1.0, fermion_mass=1.9) == 0

    def test_vector_exchange_is_the_width_on_the_pole(self) -> None:
        """Unitarity: sigma = 12 pi/(s beta^2) (2/2)^2... with the widths into both pairs, (2J+1)/4 for spin 1/2 pairs."""
        m, pole, g_f, g_x = 1.0, 5.0, 0.3, 0.2
        final = FinalState(0.4, g_f, 0.1)
        out = float(vector_width(pole, [final]))
        width = 0.05
        for axial, vector, incoming in (
            # Dirac pairs: width as for a final state
            (0.0, g_x, float(vector_width(pole, [FinalState(m, g_x)]))),
            (g_x, 0.0, float(vector_width(pole, [FinalState(m, 0.0, g_x)]))),
        ):
            s = np.array([[pole**2]])
            beta = np.sqrt(1 - 4 * m**2 / pole**2)
            value = float(vector_s_channel(s, m, pole, width, [final], axial=axial, vector=vector)[0, 0]) / beta
            # Breit-Wigner: sigma = (2J+1)/(2s+1)^2 4 pi/k^2 Gamma_in Gamma_out / Gamma^2, k^2 = s beta^2 / 4
            expected = 0.75 * 4 * np.pi / (pole**2 * beta**2 / 4) * incoming * out / width**2
            assert value == pytest.approx(expected, rel=1e-12, abs=0)

    def test_longitudinal_part_at_zero_velocity(self) -> None:
        # the textbook s wave of axial times axial: N_c gA^2 gAf^2 m_f^2/(2 pi) beta_f (1 - 4m^2/M^2)^2 / (4m^2 - M^2)^2
        m, pole, fermion, g_f, g_x = 50.0, 300.0, 4.5, 0.2, 0.4
        s = np.array([[4 * m**2]])
        value = 2 * vector_s_channel(s, m, pole, 0.0, [FinalState(fermion, 0.0, g_f, 3)], axial=g_x)
        speed = np.sqrt(1 - fermion**2 / m**2)
        propagator = (1 - 4 * m**2 / pole**2) ** 2 / (4 * m**2 - pole**2) ** 2
        expected = 3 * g_x**2 * g_f**2 * fermion**2 / (2 * np.pi) * speed * propagator
        assert value == pytest.approx(expected, rel=1e-12, abs=0)


class TestDegreesOfFreedom:
    def test_table_and_limits(self) -> None:
        gas = standard_model_plasma()
        assert gas.energy(np.array([1e-6, 1e-3, 1.0, 1e5])) == pytest.approx([3.3626, 10.71, 73.48, 106.75], rel=1e-4, abs=0)
        assert gas.entropy(np.array([1e-6, 1.0])) == pytest.approx([3.9091, 73.48 / 1.01778], rel=1e-4, abs=0)
        # the same free electrons just below and above 1 MeV
        assert gas.energy(7e-4) == pytest.approx(gas.energy(1.5e-3), rel=0.05, abs=0)

    def test_monotonic_and_positive(self) -> None:
        gas = standard_model_plasma()
        temperature = np.geomspace(1e-6, 1e4, 2000)
        for values in (gas.energy(temperature), gas.entropy(temperature)):
            assert np.all(np.diff(values) >= -1e-9)
        assert np.all(gas.root(temperature) > 0)
        constant = DegreesOfFreedom(np.array([1e-3, 1.0]), np.array([10.0, 10.0]), np.array([10.0, 10.0]))
        assert constant.root(np.array([1e-2, 5.0])) == pytest.approx(np.sqrt(10.0), rel=1e-6, abs=0)
