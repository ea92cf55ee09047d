"""The calculation of the two-loop functions: limits and decoupling."""

from __future__ import annotations

import numpy as np
import pytest

from fitlq_theory.effective_coefficients.quark_loops import quark_loop
from fitlq_theory.effective_coefficients.two_loop import massless_two_loop
from fitlq_theory.effective_coefficients.two_loop_calculation.assembly import PENGUIN_SCHEME, mass_effect, massive_two_loop
from fitlq_theory.effective_coefficients.two_loop_calculation.bubble import bubble_difference
from fitlq_theory.effective_coefficients.two_loop_calculation.numerators import triangle_numerators
from fitlq_theory.effective_coefficients.two_loop_calculation.polarisation import two_loop_polarisation
from fitlq_theory.effective_coefficients.two_loop_calculation.quadrature import Accuracy
from fitlq_theory.effective_coefficients.two_loop_calculation.triangle import triangle
from fitlq_theory.observables.radiative_matrix_elements import charm_loop_function


@pytest.mark.parametrize("z", [0.02, 0.04, 0.06])
def test_dipole_of_a_real_photon(z: float) -> None:
    """Expansion to z^3 of hep-ph/9603404; what is left is z^4 and the slope in q2."""
    s = 2e-4
    found = massive_two_loop(s, 0.0, mass_effect(s, z)).f27[0]
    assert complex(found) == pytest.approx(charm_loop_function(z, 0.0), rel=3e-4, abs=0)


def test_a_light_quark_is_massless() -> None:
    effects = [mass_effect(0.6, z) for z in (1e-3, 1e-5)]
    # corrections are z log^2 z and more; 5e-4 is the error of the integration
    for effect, bound in zip(effects, (0.3, 6e-3), strict=True):
        assert max(abs(effect.dipole), abs(effect.non_factorisable), abs(effect.factorisable)) < bound


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
