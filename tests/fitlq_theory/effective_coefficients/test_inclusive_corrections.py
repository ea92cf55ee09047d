"""Gluon, power and photon corrections of inclusive b -> s l l: other forms of the functions, sum rules, end points."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy.integrate import quad
from scipy.special import spence

from fitlq_theory.effective_coefficients import collinear_photons as photons
from fitlq_theory.effective_coefficients import inclusive_corrections as gluons

Real = NDArray[np.float64]
S = np.array([0.01, 0.05, 0.2, 0.4, 0.7, 0.95])
LOG_SCALE = 0.1


def common(s: Real) -> Real:
    return np.asarray(-4 / 3 * spence(1 - s) - 2 / 3 * np.log(s) * np.log(1 - s) - 2 / 9 * np.pi**2)


def omega7(s: Real) -> Real:
    logs = -(8 + s) / (3 * (2 + s)) * np.log(1 - s) - 2 * s * (2 - 2 * s - s**2) / (3 * (1 - s) ** 2 * (2 + s)) * np.log(s)
    return common(s) - 8 / 3 * LOG_SCALE + logs - (16 - 11 * s - 17 * s**2) / (18 * (2 + s) * (1 - s))


def omega9(s: Real) -> Real:
    wide = 1 + 2 * s
    logs = -(5 + 4 * s) / (3 * wide) * np.log(1 - s) - 2 * s * (1 + s) * (1 - 2 * s) / (3 * (1 - s) ** 2 * wide) * np.log(s)
    return common(s) + logs + (5 + 9 * s - 6 * s**2) / (6 * (1 - s) * wide)


def omega79(s: Real) -> Real:
    logs = -(2 + 7 * s) / (9 * s) * np.log(1 - s) - 2 * s * (3 - 2 * s) / (9 * (1 - s) ** 2) * np.log(s)
    return common(s) - 4 / 3 * LOG_SCALE + logs + (5 - 9 * s) / (18 * (1 - s))


def test_the_earlier_form_of_the_gluon_corrections() -> None:
    # hep-ph/0109140 and hep-ph/0204341, of which sigma and tau are another arrangement: equal to rounding
    sigma7, sigma9 = gluons.sigma7(S, LOG_SCALE), gluons.sigma9(S)
    np.testing.assert_allclose(sigma7 + gluons.tau77(S) / 2, omega7(S), rtol=0, atol=1e-13)
    np.testing.assert_allclose(sigma9 + gluons.tau99(S) / 2, omega9(S), rtol=0, atol=1e-13)
    np.testing.assert_allclose((sigma7 + sigma9 + gluons.tau79(S)) / 2, omega79(S), rtol=0, atol=1e-13)


def integral(function: Callable[[Any], Any], start: float = 0.0) -> float:
    return float(quad(lambda s: float(np.real(function(np.array([s]))[0])), start, 1.0, limit=200)[0])


def test_total_rate_of_b_to_u() -> None:
    # lepton currents alone, integrated over q2: first order in alpha_s/4pi and lambda_1, lambda_2 of b -> u l nu
    tree = integral(lambda s: (1 - s) ** 2 * (1 + 2 * s))
    gluon = integral(lambda s: (1 - s) ** 2 * (1 + 2 * s) * (2 * gluons.sigma9(s) + gluons.tau99(s))) / tree
    assert 4 * gluon == pytest.approx(50 / 3 - 8 * math.pi**2 / 3, rel=1e-9, abs=0)
    kinetic, magnetic = (integral(lambda s, k=k: gluons.chi99(s)[k]) / tree for k in (0, 1))
    assert kinetic == pytest.approx(1 / 2, rel=1e-12, abs=0)
    assert magnetic == pytest.approx(-9 / 2, rel=1e-12, abs=0)


def test_kinetic_energy_dilates_time() -> None:
    # lambda_1 multiplies the rate of a free quark by one factor at every q2
    trees = 4 * (1 - S) ** 2 * (1 + 2 / S), 12 * (1 - S) ** 2, (1 - S) ** 2 * (1 + 2 * S)
    for chi, tree in zip((gluons.chi77, gluons.chi79, gluons.chi99), trees, strict=True):
        np.testing.assert_allclose(chi(S)[0], 0.5 * tree, rtol=1e-13)


def test_photon_pole_has_the_power_corrections_of_a_real_photon() -> None:
    # B -> Xs gamma: 1 + (lambda_1 - 9 lambda_2)/2m_b^2
    s = np.array([1e-9])
    pole = 4 * (1 - s) ** 2 * (1 + 2 / s)
    kinetic, magnetic = (chi / pole for chi in gluons.chi77(s))
    assert kinetic[0] == pytest.approx(1 / 2, rel=1e-7, abs=0)
    assert magnetic[0] == pytest.approx(-9 / 2, rel=1e-7, abs=0)


def test_end_point_of_the_asymmetry() -> None:
    # no poles at s = 1, and one limit for both; with 1/(3(1 - 3s)) in 7-10 they would be 3e3 apart
    s = np.array([1 - 1e-4])
    assert gluons.tau710(s)[0] == pytest.approx(-0.0871, rel=0, abs=5e-4)
    assert gluons.tau910(s)[0] == pytest.approx(gluons.tau710(s)[0], rel=0, abs=5e-4)
    assert abs(gluons.tau710_as_printed(s)[0]) > 1e3
    near_pole = np.array([1 / 3 - 1e-9, 1 / 3 + 1e-9])
    assert np.ptp(gluons.tau710(near_pole)) < 1e-6
    assert np.ptp(gluons.tau710_as_printed(near_pole)) > 1e7


def test_collinear_logarithms_cancel_in_the_total_rate() -> None:
    # Kinoshita, Lee, Nauenberg; for the dipole the integral does not converge at the photon pole
    def current(s: Real) -> Real:
        return (1 - s) ** 2 * (1 + 2 * s) * (photons.omega99(s, 1.0) - photons.omega99(s, 0.0))

    assert integral(current) == pytest.approx(0.0, abs=1e-9)
    assert integral(lambda s: (1 - s) ** 2 * photons.omega79(s, 1.0)) == pytest.approx(0.0, abs=1e-9)


@pytest.mark.parametrize("function", [photons.omega22, photons.omega27, photons.omega29])
def test_fitted_functions_lie_near_the_local_ones(function: Callable[[Real, float], NDArray[Any]]) -> None:
    # the charm loop is of order one and slowly varying away from its threshold: same sign and order as the local function
    for s in (np.array([0.05]), np.array([0.1]), np.array([0.7]), np.array([0.8])):
        local = photons.omega79(s, 1.0) if function is photons.omega27 else photons.omega99(s, 1.0) - photons.omega99(s, 0.0)
        found = np.real(function(s, 1.0))
        assert 0.2 < float(found[0] / local[0]) < 6.0


def test_corrections_are_proportional_to_the_logarithm() -> None:
    for function in (photons.omega22, photons.omega27, photons.omega29, photons.omega77, photons.omega79):
        np.testing.assert_allclose(function(S, 7.5), 7.5 * function(S, 1.0), rtol=1e-13)
