"""The Boltzmann equation: numbers of two models, an independent integrator, limits."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy import special
from scipy.integrate import solve_ivp

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
    # numbers of an independent calculation: average at 260 points interpolated linearly in its logarithm, Radau: good to 1e-3
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
            # here the leptoquark dominates; the other calculation has massless quarks and adds the top mass at zero velocity only
            (0.9, 1200.0, 0.12266304035877162, 0.02),
            (0.95, 1500.0, 0.10764640291081445, 0.02),
        ],
    )
    def test_heavy_vector(self, sin_delta: float, leptoquark: float, expected: float, tolerance: float) -> None:
        assert heavy_vector(sin_delta, leptoquark) == pytest.approx(expected, rel=tolerance, abs=0)

    def test_widths(self) -> None:
        g, pole = 0.002, 4.0
        states = [FinalState(MUON, g), FinalState(TAU, g)] + 2 * [FinalState(0.0, g / 2, -g / 2)]
        # the independent calculation of this model: muons, taus, neutrinos and pairs of N
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
        with pytest.raises(InputError, match="not finite everywhere for the mass 20 GeV"):
            relic_density(POINT, lambda s: np.where(s > 1000.0, np.nan, 1e-9), [1.0, 20.0])
        for width in (0.0, -0.1, math.nan):
            with pytest.raises(InputError, match="width of a resonance must be positive"):
                relic_density(POINT, np.ones_like, [10.0], resonances=[Resonance(22.0, width)])


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
