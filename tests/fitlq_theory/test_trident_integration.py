"""The integration behind the trident table: limits known in closed form, current conservation, and the shipped table."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.stats import qmc

from fitlq_theory.inputs.tables import trident_integration as trident
from fitlq_theory.inputs.tables.make_trident_table import RatioCoefficients, central_target, integrate, shipped_constants
from fitlq_theory.light_vector import TRIDENT_TABLES, trident_ratio


def cube(points: int, dimension: int, seed: int = 7) -> NDArray[np.float64]:
    return np.asarray(qmc.Sobol(dimension, scramble=True, seed=seed).random(points))


@pytest.mark.parametrize("s", [1e3, 1e5])
def test_high_energy_limit_on_real_photons(s: float) -> None:
    """sigma = gV^2 GF^2 alpha s/(9 pi^2) (ln(s/m^2) - 8/3), the same for gA.

    From neutrino scattering on the lepton content of the photon,
    F2 = alpha/pi x [(x^2 + (1-x)^2) ln(kappa (1-x)/(x m^2)) - 1 + 8x(1-x)], FL = 4 alpha/pi x^2 (1-x).
    The leading logarithm is that of arXiv:1406.2332.
    """
    constants = shipped_constants()
    logarithm = np.log(s / constants.muon_mass**2)
    expected = constants.fermi_constant**2 * constants.alpha_em * s / (9 * np.pi**2) * (logarithm - 8 / 3)
    for found in trident.photon_cross_section(cube(2**15, 5), s, constants):
        assert found == pytest.approx(expected, rel=0.015, abs=0)  # integration error of this many points


def test_amplitude_conserves_the_electromagnetic_current() -> None:
    rng = np.random.default_rng(3)
    mass, n = 0.1056583755, 20
    minus, plus, current_momentum = (np.concatenate([np.zeros((n, 1)), rng.normal(size=(n, 3))], axis=1) for _ in range(3))
    for muon in (minus, plus):
        muon[:, 0] = np.sqrt(mass**2 + (muon[:, 1:] ** 2).sum(1))
    current_momentum[:, 0] = rng.normal(size=n)
    q = minus + plus - current_momentum
    current = rng.normal(size=(n, 4)) + 1j * rng.normal(size=(n, 4))
    other = rng.normal(size=(n, 4))
    along = trident._muon_trace(current, q, q, minus, plus, mass)
    general = trident._muon_trace(current, other, q, minus, plus, mass)
    for zero, value in zip(along, general, strict=True):
        assert np.all(np.abs(zero) < 1e-10 * value)
        assert np.all(value > 0)


NUCLEI = [setup for experiment in TRIDENT_TABLES for setup in central_target(experiment)]


@pytest.mark.parametrize("setup", NUCLEI, ids=lambda setup: f"Z={setup.target_charge}")
def test_form_factor(setup: trident.Setup) -> None:
    momenta = np.array([1e-4, 2e-4])
    radius2 = 6 * (1 - setup.form_factor(momenta)) / momenta**2 * trident.HBAR_C**2
    assert np.sqrt(radius2) == pytest.approx(setup.charge_radius, rel=1e-3)
    assert abs(setup.form_factor(np.array([trident.LARGEST_MOMENTUM]))[0]) < 3e-3


def test_a_cut_only_removes_events() -> None:
    constants, setup = shipped_constants(), central_target("CCFR")[0]
    points = cube(2**11, 7)
    events = trident.draw(points, setup, constants)
    assert np.all(events.vector >= 0)
    assert np.all(events.axial >= 0)
    # energy conservation in the laboratory
    assert events.lowest_muon_energy.max() < 0.5 * setup.neutrino_energy * (1 + 1e-6)


def test_targets() -> None:
    (iron,) = central_target("CCFR")
    silicon, oxygen = central_target("CHARM-II")
    assert (iron.target_charge, silicon.target_charge, oxygen.target_charge) == (26, 14, 8)
    assert oxygen.number / silicon.number == 2
    assert silicon.neutrino_energy == oxygen.neutrino_energy < iron.neutrino_energy


def test_nuclei_of_a_target_add() -> None:
    """The ratio of the whole is the average of the ratios, weighted with the Standard Model rates."""
    masses, constants, target = np.array([0.01, 1.0]), shipped_constants(), central_target("CHARM-II")

    def integrated(*setups: trident.Setup) -> RatioCoefficients:
        return integrate(masses, setups, constants, range(2), points=2**9)

    whole, parts = integrated(*target), [integrated(setup) for setup in target]
    weights = np.array([part.cross_section for part in parts])
    assert whole.cross_section == pytest.approx(weights.sum(), rel=1e-12, abs=0)
    for name in ("a", "b"):
        average = np.average([getattr(part, name) for part in parts], axis=0, weights=weights)
        np.testing.assert_allclose(getattr(whole, name), average, rtol=1e-12)
    # rates go with the number of nuclei and, at equal form factor and mass, with the square of the charge
    single = integrated(replace(target[1], number=1.0, target_charge=1))
    assert weights[1] == pytest.approx(2 * 8**2 * single.cross_section, rel=1e-12, abs=0)


# the absolute Standard Model cross sections are written into the tables; a regression check
@pytest.mark.parametrize(("experiment", "cross_section"), [("CCFR", 7.5e-40), ("CHARM-II", 3.25e-41)])
def test_shipped_table_is_reproduced(experiment: str, cross_section: float) -> None:
    masses = np.array([0.003, 0.03, 0.1, 1.0, 30.0])
    result = integrate(masses, central_target(experiment), shipped_constants(), range(500, 504), points=2**12)
    coupling = 1e-6  # the linear term dominates
    assert result.a == pytest.approx((trident_ratio(coupling, masses, experiment) - 1) / coupling**2, rel=0.05)
    shift = trident_ratio(1.0, masses, experiment) - 1
    assert result.b / result.a == pytest.approx((shift - result.a) / result.a, rel=0.05)
    assert result.cross_section == pytest.approx(cross_section, rel=0.05, abs=0)
