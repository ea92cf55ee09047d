"""Loop functions of b -> s l l: exact values, limits, and the size of the differences to tables of expansions."""

from __future__ import annotations

import numpy as np
import pytest

from fitlq_theory.effective_coefficients import effective_coefficients
from fitlq_theory.effective_coefficients.quark_loops import quark_loop
from fitlq_theory.effective_coefficients.two_loop import (
    charm_two_loop,
    chromomagnetic,
    chromomagnetic_expanded,
    massless_two_loop,
)
from fitlq_theory.inputs import load_inputs

POINT = load_inputs().point()
# s, z, log(mu/m_b), then F_1^(7), F_2^(7), F_1^(9), F_2^(9) of arXiv:1912.09099 from the libraries of EOS 1.0.21, off the nodes
EXACT = [
    (0.002, 0.098, 0.0006, (-0.634379 - 0.056984j, 3.806273 + 0.341901j, -11.147793 + 0.496166j, 2.204113 - 2.976997j)),
    (0.05, 0.098, 0.0006, (-0.645801 - 0.064519j, 3.874804 + 0.387113j, -12.682071 + 0.323886j, 3.819394 - 1.943314j)),
    (0.2, 0.123, 0.0006, (-0.597523 - 0.054572j, 3.585136 + 0.327431j, -16.296455 + 0.224869j, 2.245208 - 1.349212j)),
    (0.3, 0.135, 0.0006, (-0.579989 - 0.053364j, 3.479935 + 0.320183j, -19.45957 + 0.193438j, 1.141848 - 1.160626j)),
    (0.3, 0.07, 0.3, (-1.109457 - 0.092144j, 6.656742 + 0.552865j, -38.931073 - 60.671945j, 25.96227 - 19.769193j)),
    (0.65, 0.123, 0.0006, (-0.806271 - 0.088461j, 4.837628 + 0.530765j, -4.739762 - 43.948294j, 17.326434 - 5.597042j)),
    (0.83, 0.11, -0.2, (-0.684944 - 0.280778j, 4.109664 + 1.684665j, 8.416468 - 28.201557j, 9.197201 + 3.22065j)),
    (0.95, 0.085, 0.0006, (-0.859429 - 0.452336j, 5.156573 + 2.714017j, 10.178977 - 19.447377j, 7.967034 + 12.334147j)),
]


@pytest.mark.parametrize(("s", "z", "log_scale", "expected"), EXACT)
def test_two_loop_table(s: float, z: float, log_scale: float, expected: tuple[complex, ...]) -> None:
    found = charm_two_loop(np.array([s]), z, log_scale)
    for value, exact in zip((found.f17, found.f27, found.f19, found.f29), expected, strict=True):
        # times alpha_s/4 pi = 0.017 this is 1e-4 of C9; s F9 is interpolated, so F9 loses digits at s = 0, where C7 dominates
        assert abs(complex(value[0]) - exact) < (2e-3 if s > 0.01 else 1e-2) * max(abs(exact), 1.0)


def test_colour_and_scale_dependence_of_the_dipole() -> None:
    s = np.linspace(0.01, 0.95, 30)
    low, high = (charm_two_loop(s, 0.11, x) for x in (-0.3, 0.4))
    np.testing.assert_allclose(low.f27, -6 * low.f17, atol=2e-5)  # a colour factor
    # anomalous dimension of O2 into O7, hep-ph/9612313: 416/81
    np.testing.assert_allclose((high.f27 - low.f27) / 0.7, 416 / 81, atol=1e-5)
    np.testing.assert_allclose(massless_two_loop(s, 0.4).f27 - massless_two_loop(s, -0.3).f27, 0.7 * 416 / 81, atol=1e-12)


def test_two_loop_functions_of_a_light_quark_approach_the_massless_ones() -> None:
    s = np.array([0.6, 0.8])
    massless = massless_two_loop(s, 0.0)
    distances = [np.abs(charm_two_loop(s, z, 0.0).f27 - massless.f27) for z in (0.12, 0.09, 0.06)]
    assert np.all(distances[2] < 0.75 * distances[1])
    assert np.all(distances[1] < distances[0])


def test_massless_and_chromomagnetic_functions() -> None:
    # an independent evaluation of hep-ph/0403185 at q2 = 5 GeV^2, m_b = 4.797412, mu = 4.8
    s, log_scale = np.array([5.0 / 4.797412100434401**2]), np.log(4.8 / 4.797412100434401)
    found = massless_two_loop(s, log_scale)
    a, b, c = (
        0.9913929143555427 + 0.6704206111194548j,
        0.896403826011051 + 5.05017676611546j,
        -0.7862167403170117 + 0.620561511820206j,
    )
    for value, expected in zip((found.f17, found.f27, found.f19, found.f29), (-a, 6 * a, -b - 4 * c, 6 * b - 3 * c), strict=True):
        assert complex(value[0]) == pytest.approx(expected, rel=1e-12, abs=0)
    # expansion to third order, hep-ph/0312063; the rest is of fourth order
    small = np.array([0.01, 0.02])
    log, pi2 = np.log(small), np.pi**2
    seven = -44 / 9 + 8 / 27 * pi2 - 8j / 9 * np.pi + (4 / 3 * pi2 - 40 / 3) * small + (32 / 9 * pi2 - 316 / 9) * small**2
    seven = seven - 8 / 9 * log * (small + small**2)
    nine = 104 / 9 - 32 / 27 * pi2 + (1184 / 27 - 40 / 9 * pi2) * small + (14212 / 135 - 32 / 3 * pi2) * small**2
    nine = nine + 16 / 9 * log * (1 + small + small**2)
    for value, expected in zip(chromomagnetic(small, 0.0), (seven, nine), strict=True):
        assert np.all(np.abs(value - expected) < 30 * small**3)


def test_quark_loop_limits() -> None:
    q2 = np.array([6.0])
    np.testing.assert_allclose(quark_loop(q2, 1e-4, 4.8), quark_loop(q2, 0.0, 4.8), rtol=1e-6)
    assert quark_loop(np.array([1e-6]), 1.6, 4.8)[0] == pytest.approx(-4 / 9 * (1 + np.log(1.6**2 / 4.8**2)), abs=1e-6)
    threshold = 4 * 1.6**2
    below, above = quark_loop(threshold + np.array([-1e-8, 1e-8]), 1.6, 4.8)
    assert abs(below - above) < 1e-3  # a square root


@pytest.mark.parametrize(
    ("q2", "c7", "c9"),
    [
        # an independent evaluation with the tables of arXiv:0810.4077, interpolated by a cubic spline
        (1.1, -0.368793 - 0.014428j, 4.347284 + 0.086671j),
        (5.0, None, 4.40137302 + 0.08394627j),
        (15.0, None, 4.52966981 + 0.57907269j),
    ],
)
def test_effective_coefficients(q2: float, c7: complex | None, c9: complex) -> None:
    found = effective_coefficients(POINT, np.array([q2]))
    # the tables differ from the exact functions by up to 0.05 in F at these q2
    assert abs(complex(found.vector[0, 0]) - c9) < 1.5e-3
    if c7 is not None:
        assert abs(complex(found.dipole[0, 0]) - c7) < 1e-4


def test_conjugation_turns_weak_phases_only() -> None:
    q2 = np.array([3.0])
    decay, conjugate = (effective_coefficients(POINT, q2, conjugate=c).vector[0, 0] for c in (False, True))
    assert 1e-4 < abs(decay - conjugate) < 0.02  # twice Im(lambda_u/lambda_t) times the up loops
    imaginary = (decay + conjugate).imag / 2
    assert imaginary > 0.05  # open light-quark thresholds


def test_only_the_charm_threshold_is_singular() -> None:
    grid = np.linspace(0.5, 20.0, 400)
    values = effective_coefficients(POINT, grid).vector[:, 0]
    assert np.all(np.isfinite(values))
    far = np.abs(grid[1:] - 11.34) > 0.5
    assert np.abs(np.diff(values))[far].max() < 0.05


def test_small_momenta() -> None:
    # down to the threshold of electron pairs: logarithms only
    found = effective_coefficients(POINT, np.array([1e-6, 1e-4, 1e-2]))
    assert np.all(np.abs(found.vector[:, 0]) < 7.0)
    np.testing.assert_allclose(found.dipole[:, 0], found.dipole[2, 0], rtol=1e-3)


def test_expansion_of_the_chromomagnetic_functions() -> None:
    small = np.array([0.01, 0.05])
    for exact, expanded in zip(chromomagnetic(small, 0.1), chromomagnetic_expanded(small, 0.1), strict=True):
        # 1e-5: quadrature of the exact functions
        assert np.all(np.abs(exact - expanded) < 1e-5 + 50 * small**4 * np.abs(np.log(small)))
