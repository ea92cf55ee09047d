"""The calculation behind the two-loop table: another evaluation, limits, decoupling, and that the table is its result."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from fitlq_theory.effective_coefficients.make_two_loop_table import LOG_SCALES, MASS_RATIOS, NODES, RANGES, values_at
from fitlq_theory.effective_coefficients.quark_loops import quark_loop
from fitlq_theory.effective_coefficients.two_loop import charm_two_loop, massless_two_loop
from fitlq_theory.effective_coefficients.two_loop_calculation.assembly import PENGUIN_SCHEME, mass_effect, massive_two_loop
from fitlq_theory.effective_coefficients.two_loop_calculation.bubble import bubble_difference
from fitlq_theory.effective_coefficients.two_loop_calculation.numerators import triangle_numerators
from fitlq_theory.effective_coefficients.two_loop_calculation.polarisation import two_loop_polarisation
from fitlq_theory.effective_coefficients.two_loop_calculation.quadrature import Accuracy
from fitlq_theory.effective_coefficients.two_loop_calculation.triangle import triangle
from fitlq_theory.observables.radiative_matrix_elements import charm_loop_function

NAMES = ("F17", "F27", "F19", "F29")
TABLE = json.loads(files("fitlq_theory.effective_coefficients").joinpath("two_loop_charm.json").read_text(encoding="utf-8"))
OTHER = json.loads((Path(__file__).parent / "data" / "two_loop_eos.json").read_text(encoding="utf-8"))["points"]


def tabulated(log_scale: int, mass_ratio: int, segment: int, node: int) -> np.ndarray:
    parts = (TABLE["values"][name][log_scale][mass_ratio][segment] for name in NAMES)
    return np.array([complex(real[node], imaginary[node]) for real, imaginary in parts])


def test_the_table_has_the_axes_of_the_script() -> None:
    assert tuple(TABLE["log_scales"]) == LOG_SCALES
    assert tuple(TABLE["mass_ratios"]) == MASS_RATIOS
    assert tuple(map(tuple, TABLE["ranges"])) == RANGES
    assert np.shape([TABLE["values"][name] for name in NAMES]) == (4, len(LOG_SCALES), len(MASS_RATIOS), 2, 2, NODES)


@pytest.mark.parametrize(("mass_ratio", "segment", "node"), [(0, 0, 3), (3, 0, 30), (1, 1, 12), (6, 1, 33)])
def test_the_table_is_what_the_script_gives(mass_ratio: int, segment: int, node: int) -> None:
    found = values_at(MASS_RATIOS[mass_ratio], segment, node)
    for scale in range(len(LOG_SCALES)):
        # rounded to seven digits
        np.testing.assert_allclose(found[:, scale], tabulated(scale, mass_ratio, segment, node), rtol=1e-9, atol=2e-7)


@pytest.mark.parametrize(("mass_ratio", "s"), [(0.0625, 0.05), (0.069, 0.27), (0.085, 0.24), (0.13, 0.9), (0.145, 0.6)])
def test_between_its_nodes_the_table_is_what_the_calculation_gives(mass_ratio: float, s: float) -> None:
    log_scale = 0.1
    expected = massive_two_loop(s, log_scale, mass_effect(s, mass_ratio))
    found = charm_two_loop(np.array([s]), mass_ratio, log_scale)
    for name in ("f17", "f27", "f19", "f29"):
        # the worst, 0.02 from the threshold, is 2e-4
        assert complex(getattr(found, name)[0]) == pytest.approx(complex(getattr(expected, name)[0]), rel=3e-4, abs=0)


@pytest.mark.parametrize("point", OTHER)
def test_the_table_agrees_with_an_evaluation_of_the_analytic_result(point: dict) -> None:
    found = tabulated(point["log_scale"], point["mass_ratio"], point["segment"], point["node"])
    expected = np.array([complex(*parts) for parts in point["values"]])
    # errors of the numerical integration: the largest of all nodes are 4.4e-4 in F_2^(7) and, at s = 0.99, 1.6e-3 in F_2^(9)
    np.testing.assert_allclose(found[0::2], expected[0::2], rtol=0, atol=3e-4)
    np.testing.assert_allclose(found[1], expected[1], rtol=0, atol=6e-4)
    np.testing.assert_allclose(found[3], expected[3], rtol=0, atol=2e-3)


@pytest.mark.parametrize("z", [0.03, 0.06])
def test_dipole_of_a_real_photon(z: float) -> None:
    """Expansion to z^3 of hep-ph/9603404; what is left is z^4 and the slope in q2."""
    s = 2e-4
    found = massive_two_loop(s, 0.0, mass_effect(s, z)).f27[0]
    assert complex(found) == pytest.approx(charm_loop_function(z, 0.0), rel=3e-4, abs=0)


def test_a_light_quark_is_massless() -> None:
    effect = mass_effect(0.6, 1e-5)
    # corrections are z times powers of log z; 5e-4 is the error of the integration
    assert max(abs(effect.dipole), abs(effect.non_factorisable), abs(effect.factorisable)) < 6e-3


def test_a_heavy_quark_decouples() -> None:
    """Without charm, F7 is a constant and N the gluonic penguin operator plus one: this fixes the scheme of the vertex."""
    momenta, mass = np.array([0.15, 0.35, 0.6, 0.85]), 1e2
    # the triangle of a heavy quark is a constant
    difference = np.array([bubble_difference(s, mass, Accuracy(24, 60, 24)) - triangle(s, 0.0, Accuracy()) for s in momenta])
    massless = massless_two_loop(momenta, 0.0)
    dipole = massless.f27 + difference[:, 0]
    np.testing.assert_allclose(dipole, dipole[0], rtol=0, atol=1e-3)
    light, beauty = quark_loop(momenta, 0.0, 1.0), quark_loop(momenta, 1.0, 1.0)
    # F1 = -N/6 + 4E/3, F2 = N + E
    non_factorisable = (4 / 3 * massless.f29 - massless.f19) / (4 / 3 + 1 / 6) + difference[:, 1]
    without_penguin = non_factorisable - 4 / 9 * (np.log(mass) + 1) * (light + beauty)
    columns = np.stack([light, np.ones(len(momenta))], axis=1)
    (multiple, _), *_ = np.linalg.lstsq(columns, without_penguin, rcond=None)
    # corrections are log(mass)/mass
    assert complex(multiple) == pytest.approx(PENGUIN_SCHEME, rel=3e-3, abs=0)
    rest = without_penguin - PENGUIN_SCHEME * light
    np.testing.assert_allclose(rest, rest[0], rtol=0, atol=4e-2)


def test_two_loop_polarisation() -> None:
    small, large = 1e-2, 1e6
    # Kallen and Sabry: 4 (82/81) t (1 + 449/410 * 2/3 ... t), t = q2/4m^2
    assert two_loop_polarisation(4 * small, 1.0) == pytest.approx(4 * 82 / 81 * small, rel=1e-2, abs=0)
    assert two_loop_polarisation(2.0, 1.0).imag == pytest.approx(0.0, abs=1e-10)
    asymptotic = 5 / 6 - 4 * 1.2020569031595942 - np.log(large) + 1j * np.pi
    assert two_loop_polarisation(large, 1.0) == pytest.approx(asymptotic, rel=1e-4, abs=0)


def test_collinear_gluons_decouple_from_the_triangle() -> None:
    """A gluon along the light quark is longitudinal: numerators vanish if the loop momentum has no part along the photon."""
    numerators = triangle_numerators("s", 0.37)
    along_light_quark = [0, 4, 7, 9]  # powers of a alone
    assert np.all(numerators.constant[:, along_light_quark] == 0)
    assert np.abs(numerators.constant).max() > 0.1
