"""Limits, counting experiments and grids: each shape against its definition."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy.integrate import quad
from scipy.optimize import minimize_scalar
from scipy.stats import norm, poisson

from fitlq.likelihood.counting import counting_terms, credibility_limit
from fitlq.likelihood.limits import half_normal_error, one_sided_error
from fitlq.measurements.data_forms import CountingChannel, CountingData, ExternalData, GridData, LimitData
from fitlq_theory.errors import InputError
from tests.fitlq.likelihood.toy_problems import entry, gaussian, likelihood, linear_predictions, parameter

RATE = 1e-9


def rate_predictions(theory_error: float = 0.0) -> Any:
    """One observable, x in units of 1e-9."""
    return linear_predictions([parameter("x", -1, 100)], ["BR"], [0.0], [[RATE]], [[theory_error * RATE]])


def with_limit(data: Any, theory_error: float = 0.0, **options: Any) -> Any:
    return likelihood(rate_predictions(theory_error), [entry("limit", ["BR"], data)], **options)


@pytest.mark.parametrize(("level", "z"), [(0.9, 1.6448536269514722), (0.95, 1.959963984540054)])
def test_half_normal_contains_its_confidence_level(level: float, z: float) -> None:
    assert half_normal_error(2.2, level) == pytest.approx(2.2 / z, rel=1e-12, abs=0)
    like = with_limit(LimitData(level, upper=np.array([2.2 * RATE])))
    inside = quad(lambda x: np.exp(like([x])), 0, 2.2)[0]
    everything = quad(lambda x: np.exp(like([x])), 0, 40)[0]
    assert inside / everything == pytest.approx(level, rel=1e-7, abs=0)
    assert like.chi2([2.2]) == pytest.approx(z**2, rel=1e-10, abs=0)
    assert like.n_measurements == 1


def test_half_normal_joins_the_gaussian_part_with_theory_errors() -> None:
    like = with_limit(LimitData(0.9, upper=np.array([2.0 * RATE])), theory_error=0.5)
    sigma = np.hypot(2.0 / norm.ppf(0.95), 0.5)
    assert like.chi2([3.0]) == pytest.approx((3.0 / sigma) ** 2, rel=1e-10, abs=0)


@pytest.mark.parametrize("central", [None, 0.5])
def test_one_sided_gaussian(central: float | None) -> None:
    centre = central or 0.0
    data = LimitData(0.9, upper=np.array([2.0 * RATE]), central=None if central is None else np.array([central * RATE]))
    like = with_limit(data, limit_shape="one-sided-gaussian")
    sigma = one_sided_error(2.0, 0.9, centre)
    assert norm.cdf((2.0 - centre) / sigma) == pytest.approx(0.9, rel=1e-12, abs=0)
    np.testing.assert_allclose(like.chi2([[centre - 0.3], [centre], [3.0]]), [0, 0, ((3 - centre) / sigma) ** 2], rtol=1e-10)


def test_one_sided_gaussian_needs_room() -> None:
    data = LimitData(0.9, upper=np.array([2.0 * RATE]), central=np.array([3.0 * RATE]))
    with pytest.raises(InputError, match=r"'limit'.*half-normal"):
        with_limit(data, limit_shape="one-sided-gaussian")


@pytest.mark.parametrize(("observed", "background", "error"), [(3, 1.22, 0.26), (0, 0.25, 0.0), (6, 2.9, 1.5), (1, 4.0, 0.5)])
def test_counting_profiles_the_background(observed: float, background: float, error: float) -> None:
    terms = counting_terms([0], [observed], [background], [error], [1.0])

    def by_hand(signal: float) -> float:
        def at(b: float) -> float:
            total = -2 * poisson.logpmf(observed, signal + b)
            return float(total + ((b - background) / error) ** 2) if error else float(total)

        if not error:
            return at(background)
        return float(minimize_scalar(at, bounds=(1e-12, background + 20), method="bounded", options={"xatol": 1e-10}).fun)

    best = min(by_hand(s) for s in (max(observed - background, 0.0), 0.0))
    for signal in (0.0, 0.7, 3.0, 12.0):
        found = terms.minus_two_log_likelihood(np.array([[signal]]))[0, 0]
        assert found == pytest.approx(by_hand(signal) - best, rel=1e-6, abs=1e-7)  # 1e-7: the numerical minimisation
    assert terms.minus_two_log_likelihood(terms.best[None])[0, 0] == pytest.approx(0.0, abs=1e-12)


def test_events_where_none_are_expected() -> None:
    terms = counting_terms([0], [2], [0.0], [0.0], [1.0])
    far, near = terms.minus_two_log_likelihood(np.array([[0.0], [1e-3]]))[:, 0]
    assert near == pytest.approx(2 * (1e-3 - 2) - 4 * np.log(1e-3 / 2), rel=1e-12, abs=0)
    assert near < far < np.inf


def test_limit_without_background_of_zero_events_is_exponential() -> None:
    # L = exp(-s): credibility 90 % at s = ln 10
    assert credibility_limit(0, 0.25, 0.0, 0.9) == pytest.approx(np.log(10), rel=1e-5, abs=0)


def test_published_sensitivity_reproduces_the_published_limit() -> None:
    """KOTO 2021 data, arXiv:2411.11237: no event, sensitivity 9.33e-10, limit 2.2e-9 at 90 %."""
    data = LimitData(0.9, upper=np.array([2.2e-9]), n_obs=np.zeros(1), n_bkg=np.array([0.252]), ses=np.array([9.33e-10]))
    like = with_limit(data)
    inside = quad(lambda x: np.exp(like([x])), 0, 2.2)[0]
    everything = quad(lambda x: np.exp(like([x])), 0, 60)[0]
    assert inside / everything == pytest.approx(0.9, abs=0.01)  # the paper adds the error of the sensitivity
    assert like.chi2([1.0]) == pytest.approx(2.0 / 0.933, rel=1e-10, abs=0)


@pytest.mark.parametrize("channel", [{"n_bkg": 2.9}, {"n_sig": 3.1}])
def test_limit_fixes_the_scale_of_counts(channel: dict[str, float]) -> None:
    data = CountingData(0.9, (CountingChannel(n_obs=6, bkg_err=0.1, upper=3.7 * RATE, **channel),))
    like = with_limit(data)
    inside = quad(lambda x: np.exp(like([x])), 0, 3.7)[0]
    everything = quad(lambda x: np.exp(like([x])), 0, 60)[0]
    assert inside / everything == pytest.approx(0.9, abs=1e-4)


def test_counting_is_averaged_over_the_theory_error() -> None:
    data = LimitData(0.9, n_obs=np.array([3.0]), n_bkg=np.array([1.22]), bkg_err=np.array([0.26]), ses=np.array([RATE]))
    plain, averaged = with_limit(data), with_limit(data, theory_error=0.4)
    for x in (1.5, 3.0, 8.0):
        weight = quad(lambda u, x=x: np.exp(-0.5 * plain.chi2([x + 0.4 * u])) * norm.pdf(u), -8, 8, epsabs=0, epsrel=1e-10)[0]
        assert averaged.chi2([x]) == pytest.approx(-2 * np.log(weight), rel=1e-4, abs=0)  # nine nodes, cut at zero


def test_events_of_several_measurements_are_independent() -> None:
    toy = linear_predictions([parameter("x", 0, 10)], ["a", "b"], [0, 0], [[1], [2]])
    first = entry("one", ["a"], LimitData(0.9, upper=np.array([2.0]), n_obs=np.array([1.0]), n_bkg=np.array([0.5])))
    second = entry("two", ["b"], LimitData(0.9, upper=np.array([3.0])))
    third = entry("three", ["a"], gaussian([1.0], [0.5]))
    total = likelihood(toy, [first, second, third])
    points = np.linspace(0, 5, 7)[:, None]
    parts = sum(likelihood(toy, [one]).chi2(points) for one in (first, second, third))
    np.testing.assert_allclose(total.chi2(points), parts, rtol=1e-10, atol=0)
    pulls = total.pulls([2.0])
    assert sum(pull.chi2 for pull in pulls) == pytest.approx(total.chi2([2.0]), rel=1e-10, abs=0)


def test_grid_in_one_dimension() -> None:
    axis = np.linspace(-5, 5, 81)
    data = GridData((axis * RATE,), np.exp(-0.5 * (axis - 1) ** 2), "likelihood, maximum about 1")
    like = with_limit(data)
    np.testing.assert_allclose(like.chi2([[0.0], [1.0], [3.03]]), [1.0, 0.0, 2.03**2], atol=2e-3)
    assert like.chi2([90.0]) > like.chi2([50.0]) > like.chi2([4.9])


def test_grid_in_two_dimensions_with_theory_errors() -> None:
    toy = linear_predictions([parameter("x"), parameter("y")], ["a", "b"], [0, 0], np.eye(2), 0.3 * np.eye(2))
    axis = np.linspace(-4, 4, 161)
    a, b = np.meshgrid(axis, axis, indexing="ij")
    data = GridData((axis, axis), a**2 + b**2 - a * b, "delta_chi2")
    plain = likelihood(toy, [entry("grid", ["a", "b"], data)], theory_errors="none")
    assert plain.chi2([1.0, -0.5]) == pytest.approx(1.75, abs=1e-3)
    smeared = likelihood(toy, [entry("grid", ["a", "b"], data)])
    inverse = np.array([[1.0, -0.5], [-0.5, 1.0]])
    matrix = np.linalg.inv(inverse) + 0.09 * np.eye(2)
    point = np.array([1.0, -0.5])
    expected = point @ np.linalg.solve(matrix, point) + np.linalg.slogdet(matrix @ inverse)[1]
    assert smeared.chi2(point) == pytest.approx(expected, abs=2e-3)  # bilinear interpolation


def test_grid_of_which_one_observable_is_used_is_its_profile() -> None:
    toy = linear_predictions([parameter("x"), parameter("y")], ["a", "b"], [0, 0], np.eye(2))
    axis = np.linspace(-4, 4, 81)
    a, b = np.meshgrid(axis, axis, indexing="ij")
    grid = entry("grid", ["a", "b"], GridData((axis, axis), (a**2 + b**2 - 1.2 * a * b) / 0.64, "delta_chi2"))
    like = likelihood(toy, [grid], theory_errors="none", observables=["a"])
    # unit errors and a correlation of 0.6: what is left of a Gaussian without one of its observables has the same error
    np.testing.assert_allclose(like.chi2([[2.0, 3.0], [-1.0, 0.0]]), [4.0, 1.0], rtol=0, atol=3e-3)
    assert [one.observable for one in like.left_out] == ["b"]


def edge_grid(best: tuple[float, float]) -> Any:
    """x^2 + y^2 about `best` on [0, 4] x [0, 4], no theory errors."""
    toy = linear_predictions([parameter("x", -50, 50), parameter("y", -50, 50)], ["a", "b"], [0, 0], np.eye(2))
    axis = np.linspace(0, 4, 41)
    a, b = np.meshgrid(axis, axis, indexing="ij")
    data = GridData((axis, axis), (a - best[0]) ** 2 + (b - best[1]) ** 2, "delta_chi2")
    return likelihood(toy, [entry("grid", ["a", "b"], data)], theory_errors="none")


@pytest.mark.parametrize("best", [(0.0, 2.0), (-1.0, 2.0), (4.0, 5.0), (-1.0, -1.0), (0.0, 0.0)])
def test_grid_with_its_minimum_on_an_edge_is_bounded_below(best: tuple[float, float]) -> None:
    like = edge_grid(best)
    points = np.random.default_rng(3).uniform(-50, 50, (2000, 2))
    chi2 = like.chi2(points)
    assert chi2.min() >= 0.0
    inside = like.chi2(np.clip(points, 0, 4))
    assert np.all(chi2 >= inside), "outside never better than at the nearest point of the edge"


def test_grid_continues_with_its_outward_slope() -> None:
    like = edge_grid((2.0, 2.0))
    at_edge, slope = 4.0, (4.0 - 1.9**2) / 0.1  # the last cell of (x - 2)^2
    points = [[6.0, 2.0], [-3.0, 2.0], [2.0, 5.0], [5.0, -2.0]]
    expected = [at_edge + 2 * slope, at_edge + 3 * slope, at_edge + slope, 2 * at_edge + 3 * slope]
    np.testing.assert_allclose(like.chi2(points), expected, rtol=1e-10, atol=0)
    # beyond a falling edge, where the best grid point lies, nothing is known: constant along that axis, rising along the other
    falling = edge_grid((5.0, 2.0))
    np.testing.assert_allclose(falling.chi2([[4.0, 2.0], [40.0, 2.0], [40.0, 5.0]]), [0, 0, at_edge + slope], rtol=1e-10)


def test_limits_counts_and_grids_are_told_from_gaussian_numbers() -> None:
    toy = linear_predictions([parameter("x", 0, 10)], ["a", "b"], [0, 0], [[1], [2]])
    axis = np.linspace(0, 4, 41)
    data = [
        entry("events", ["a"], LimitData(0.9, upper=np.array([2.0]), n_obs=np.array([1.0]), n_bkg=np.array([0.5]))),
        entry("limit", ["b"], LimitData(0.9, upper=np.array([3.0]))),
        entry("grid", ["a"], GridData((axis,), (axis - 1) ** 2, "delta_chi2")),
        entry("one", ["a"], gaussian([1.0], [0.5])),
        entry("two", ["b"], gaussian([1.0], [0.5], [0.3])),
    ]
    for shape in ("half-normal", "one-sided-gaussian"):
        like = likelihood(toy, data, limit_shape=shape)
        assert (like.n_limits, like.n_measurements) == (3, 5)
        assert {pull.id for pull in like.sm_pulls if pull.limit} == {"events", "limit", "grid"}


def test_what_cannot_enter_is_named() -> None:
    toy = linear_predictions([parameter("x")], ["a"], [0.0], [[1.0]])
    data = [
        entry("used", ["a", "unknown"], gaussian([0, 0], [1, 1])),
        entry("model", ["a"], ExternalData("HistFactory", "10.17182/x")),
        entry("lower", ["a"], LimitData(0.9, lower=np.array([1.0]))),
    ]
    like = likelihood(toy, data)
    reasons = {(one.id, one.observable): one.reason for one in like.left_out}
    assert reasons["used", "unknown"] == "no prediction"
    assert "not in the database" in reasons["model", "a"]
    assert "lower limit" in reasons["lower", "a"]
    assert like.n_measurements == 1
