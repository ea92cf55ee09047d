"""Fits of problems with known answers."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from scipy.stats import chi2 as chi2_distribution
from scipy.stats import norm

from fitlq.fitting import Fit, fit
from fitlq.fitting.goodness import p_value, significance
from fitlq.formatting import format_with_error
from fitlq_theory.errors import InputError
from tests.fitlq.likelihood.toy_problems import (
    ToyPredictions,
    entry,
    gaussian,
    likelihood,
    linear_predictions,
    parameter,
)

OFFSET = np.array([0.30, 0.25, 1.0])
SLOPE = np.array([[0.3, 0.1], [0.2, 0.2], [-0.4, 1.0]])
CENTRAL = np.array([0.358, 0.281, 1.3])
ERRORS = np.array([0.024, 0.011, 0.2])
CORRELATION = np.array([[1, -0.4, 0], [-0.4, 1, 0.1], [0, 0.1, 1.0]])
THEORY = np.array([[0.004], [0.005], [0.1]])


def linear(**options: Any) -> Any:
    toy = linear_predictions([parameter("x", -3, 3), parameter("y", -3, 3)], ["a", "b", "c"], OFFSET, SLOPE, THEORY)
    return likelihood(toy, [entry("abc", ["a", "b", "c"], gaussian(CENTRAL, ERRORS, correlation=CORRELATION))], **options)


@pytest.fixture(scope="module")
def linear_fit() -> Fit:
    return fit(linear(), minos=True)


def analytic() -> tuple[Any, Any, float]:
    covariance = CORRELATION * np.outer(ERRORS, ERRORS) + THEORY @ THEORY.T
    weight = np.linalg.inv(covariance)
    matrix = np.linalg.inv(SLOPE.T @ weight @ SLOPE)
    best = matrix @ SLOPE.T @ weight @ (CENTRAL - OFFSET)
    rest = CENTRAL - OFFSET - SLOPE @ best
    return best, matrix, float(rest @ weight @ rest)


def test_linear_problem_has_the_analytic_answer(linear_fit: Fit) -> None:
    best, covariance, chi2 = analytic()
    errors = np.sqrt(np.diag(covariance))
    assert linear_fit.valid
    assert linear_fit.message == "converged"
    assert np.all(np.abs(linear_fit.point - best) < 2e-3 * errors)  # Minuit stops at 2e-6 in chi2
    np.testing.assert_allclose(linear_fit.covariance, covariance, rtol=0.01)  # HESSE in the transformed variable
    assert linear_fit.chi2 == pytest.approx(chi2, abs=1e-5)
    for k, name in enumerate(("x", "y")):
        np.testing.assert_allclose(linear_fit.minos[name], errors[k], rtol=5e-3)  # MINOS tolerance
    assert linear_fit.correlation[0, 1] == pytest.approx(covariance[0, 1] / errors.prod(), rel=0.01, abs=0)


def test_goodness_of_fit(linear_fit: Fit) -> None:
    assert linear_fit.ndof == 1
    assert linear_fit.p_value == pytest.approx(chi2_distribution.sf(linear_fit.chi2, 1), rel=1e-12, abs=0)
    delta = linear_fit.delta_chi2
    assert delta == linear_fit.chi2_sm - linear_fit.chi2
    assert linear_fit.significance == pytest.approx(norm.isf(chi2_distribution.sf(delta, 2) / 2), rel=1e-9, abs=0)


@pytest.mark.parametrize(
    ("delta", "parameters", "sigma"),
    [(9.0, 1, 3.0), (0.0, 1, 0.0), (-1.0, 2, 0.0), (11.829, 2, 3.0), (2000.0, 1, 2000**0.5)],
)
def test_significance(delta: float, parameters: int, sigma: float) -> None:
    assert significance(delta, parameters) == pytest.approx(sigma, rel=1e-4, abs=0)


def test_no_degrees_of_freedom() -> None:
    assert np.isnan(p_value(1.0, 0))
    assert p_value(0.0, 3) == 1.0


def five_minima(p: Any) -> Any:
    """cos(3 x) has five maxima in [-5, 5]; a slope makes one of them the best."""
    x, y = p[:, 0], p[:, 1]
    return np.stack([np.cos(3 * x), y + 0.3 * x, 0.05 * (x - 2.0)], axis=1)


def wavy() -> Any:
    toy = ToyPredictions(
        (parameter("x", -5, 5), parameter("y", -5, 5)), ("a", "b", "c"), five_minima, lambda p: np.zeros((len(p), 3, 1))
    )
    return likelihood(toy, [entry("e", ["a", "b", "c"], gaussian([1.0, 0.5, 0.0], [0.1, 0.2, 0.1]))])


def test_all_five_minima_are_found_whatever_the_seed() -> None:
    like = wavy()
    fits = [fit(like, seed=seed) for seed in range(6)]
    for one in fits:
        assert len(one.minima) == 5
        np.testing.assert_allclose(one.point, fits[0].point, atol=5e-4)  # a few thousandths of the errors 0.09, 0.2
        assert sorted(round(m.values["x"] * 3 / (2 * np.pi)) for m in one.minima) == [-2, -1, 0, 1, 2]
        chi2 = [minimum.chi2 for minimum in one.minima]
        assert chi2 == sorted(chi2)
    assert fits[0].values["x"] == pytest.approx(2 * np.pi / 3, abs=0.05)


def test_sign_degeneracy_is_resolved_the_same_way() -> None:
    toy = ToyPredictions(
        (parameter("x", -2, 2), parameter("y", -2, 2)),
        ("a", "b"),
        lambda p: np.stack([p[:, 0] * p[:, 1], p[:, 0] ** 2 - p[:, 1] ** 2], 1),
        lambda p: np.zeros((len(p), 2, 1)),
    )
    like = likelihood(toy, [entry("e", ["a", "b"], gaussian([0.5, 0.2], [0.05, 0.05]))])
    for seed in range(4):
        result = fit(like, seed=seed)
        assert len(result.minima) == 2
        assert result.values["x"] > 0
        assert result.values["y"] > 0


def test_small_parameter_with_a_log_prior() -> None:
    toy = ToyPredictions(
        (parameter("gZp", 1e-5, 1e-2, 1e-3, prior="log"),),
        ("a_mu",),
        lambda p: 2.8e-3 * p**2,
        lambda p: np.zeros((len(p), 1, 1)),
    )
    like = likelihood(toy, [entry("amu", ["a_mu"], gaussian([2.5e-9], [0.5e-9]))])
    result = fit(like, minos=True)
    best = np.sqrt(2.5e-9 / 2.8e-3)
    below, above = np.sqrt(2.0e-9 / 2.8e-3), np.sqrt(3.0e-9 / 2.8e-3)  # where chi2 has risen by one
    np.testing.assert_allclose(result.minos["gZp"], (best - below, above - best), rtol=5e-3, atol=0)
    assert result.values["gZp"] == pytest.approx(best, rel=1e-4, abs=0)
    assert result.errors["gZp"] == pytest.approx(0.5e-9 / (2 * 2.8e-3 * best), rel=0.02, abs=0)
    assert result.valid


def test_minimum_at_the_end_of_a_range_is_said() -> None:
    toy = linear_predictions([parameter("x", -1, 1), parameter("y", -1, 1)], ["a", "b"], [0, 0], np.eye(2))
    like = likelihood(toy, [entry("e", ["a", "b"], gaussian([5.0, 0.1], [1.0, 0.1]))])
    result = fit(like)
    assert "at the upper end of its range: x" in result.message
    assert "y" not in result.message.split(":")[1]
    assert result.values["x"] == pytest.approx(1.0, abs=1e-3)


def test_idle_parameter_stays_and_does_not_count() -> None:
    toy = linear_predictions([parameter("x"), parameter("idle", default=0.3)], ["a"], [0], [[1, 0]])
    like = likelihood(toy, [entry("e", ["a"], gaussian([1.0], [0.5]))])
    result = fit(like)
    assert result.valid
    assert result.values["idle"] == 0.3
    assert np.isnan(result.errors["idle"])
    assert result.ndof == 0
    assert "changes nothing" in result.message
    json.dumps(result.to_dict(), allow_nan=False)


def test_nothing_to_fit() -> None:
    toy = linear_predictions([parameter("x"), parameter("idle")], ["a"], [0], [[1, 0]])
    data = [entry("e", ["a"], gaussian([1.0], [0.5]))]
    with pytest.raises(InputError, match="no parameter is free"):
        fit(likelihood(toy, data, fix={"x": 0.0, "idle": 0.0}))
    with pytest.raises(InputError, match=r"idle.*nothing to fit"):
        fit(likelihood(toy, data, fix={"x": 0.0}))


def test_starting_points() -> None:
    like = wavy()
    only = fit(like, starts=[{"x": -4.2, "y": 1.0}])
    assert only.values["x"] == pytest.approx(-4 * np.pi / 3, abs=0.1)
    with pytest.raises(InputError, match="did you mean 'x'"):
        fit(like, starts=[{"X": 1.0, "y": 0.0}])
    with pytest.raises(InputError, match="missing: y"):
        fit(like, starts=[{"x": 1.0}])
    with pytest.raises(InputError, match="inside the ranges"):
        fit(like, starts=[[100.0, 0.0]])
    with pytest.raises(InputError, match="at least 1"):
        fit(like, starts=0)


def test_pulls_and_coverage_of_pseudo_data() -> None:
    """Best-fit values scatter around the truth with the errors quoted, and chi2 follows its distribution."""
    generator = np.random.default_rng(2)
    truth = np.array([0.4, 0.2])
    covariance = CORRELATION * np.outer(ERRORS, ERRORS) + THEORY @ THEORY.T
    factor = np.linalg.cholesky(covariance)
    toy = linear_predictions([parameter("x", -3, 3), parameter("y", -3, 3)], ["a", "b", "c"], OFFSET, SLOPE, THEORY)
    pulls, values = [], []
    for _ in range(120):
        central = OFFSET + SLOPE @ truth + factor @ generator.normal(size=3)
        like = likelihood(toy, [entry("e", ["a", "b", "c"], gaussian(central, ERRORS, correlation=CORRELATION))])
        result = fit(like, starts=[truth])
        pulls.append((result.point - truth) / np.array(list(result.errors.values())))
        values.append(result.p_value)
    spread = np.std(pulls, axis=0)
    inside = np.mean(np.abs(pulls) < 1, axis=0)
    assert np.all(np.abs(spread - 1) < 0.2)  # 3 sigma of the spread of 120 numbers
    assert np.all(np.abs(inside - 0.683) < 0.13)
    assert np.mean(values) == pytest.approx(0.5, abs=0.08)


def test_json_has_the_promised_keys(linear_fit: Fit) -> None:
    content = json.loads(json.dumps(linear_fit.to_dict(), allow_nan=False))
    promised = {
        "model",
        "parameters",
        "chi2",
        "ndof",
        "p_value",
        "chi2_sm",
        "valid",
        "n_measurements",
        "pulls",
        "as_of",
        "versions",
    }
    assert promised <= content.keys()
    assert content["parameters"]["x"].keys() == {"value", "error", "unit", "fixed"}
    pull_keys = {"id", "observable", "args", "measured", "error", "predicted", "theory_error", "pull"}
    assert pull_keys <= content["pulls"][0].keys()
    assert content["n_measurements"] == 3


def test_tables(linear_fit: Fit) -> None:
    table = linear_fit.table()
    assert list(table.index) == ["x", "y"]
    assert table.loc["x", "value"] == linear_fit.values["x"]
    assert table.loc["x", "minos_plus"] == linear_fit.minos["x"][1]
    pulls = linear_fit.pulls_table()
    assert list(pulls["pull"].abs()) == sorted(pulls["pull"].abs(), reverse=True)
    assert "<table>" in linear_fit._repr_html_()


GOLDEN = """\
Fit of toy to 3 measurements
  chi2 / degrees of freedom   2.10 / 1
  p-value                     0.147
  chi2 of the Standard Model  17.31 / 3: p-value 0.000609, 3.43 sigma
  improvement                 delta chi2 = 15.21 for 2 parameters: 3.5 sigma
  state                       converged

  parameter  value          unit
  x          0.074 ± 0.093        +0.0934 -0.0934
  y          0.11 ± 0.13          +0.128 -0.128

Largest pulls (3 of 3)
  observable  measurement  measured       predicted        pull   SM
  a           abc          0.358 ± 0.024  0.3329 ± 0.0040  +1.03  +2.38
  c           abc          1.30 ± 0.20    1.08 ± 0.10      +0.99  +1.34
  b           abc          0.281 ± 0.011  0.2863 ± 0.0050  -0.44  +2.57"""


@pytest.mark.parametrize(
    ("value", "error", "text"),
    [
        (0.358, 0.024, "0.358 ± 0.024"),
        (1.3e-10, 3e-11, "(1.30 ± 0.30)e-10"),
        (-1500.0, 12.3, "-1500 ± 12"),
        (0.0, 0.0, "0"),
        (2.0, float("nan"), "2"),
        (3e-4, 0.5, "0.00 ± 0.50"),
    ],
)
def test_numbers_are_rounded_to_two_digits_of_the_error(value: float, error: float, text: str) -> None:
    assert format_with_error(value, error) == text


def test_printed_fit(linear_fit: Fit) -> None:
    assert str(linear_fit) == GOLDEN
