"""Goodness of a fit that contains limits: the Gaussian numbers are judged apart."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from scipy.stats import chi2 as chi2_distribution
from scipy.stats import norm

from fitlq.fitting import Fit, Minimum, fit
from fitlq.fitting.quality_text import two_decimals
from fitlq.measurements.data_forms import LimitData
from fitlq.report.page import _best_fit
from tests.fitlq.likelihood.toy_problems import entry, gaussian, likelihood, linear_predictions, parameter

NUMBERS = {"one": 1.0, "two": 1.6, "three": 1.4}
ERROR = 0.4


def with_limits(*, numbers: bool = True, limits: bool = True) -> Any:
    toy = linear_predictions([parameter("x", -3, 3)], ["a", "b"], [0, 0], [[1], [0.1]])
    data = [entry(name, ["a"], gaussian([central], [ERROR])) for name, central in NUMBERS.items()] if numbers else []
    if limits:
        data.append(entry("limit", ["b"], LimitData(0.9, upper=np.array([2.0]))))
        data.append(entry("counts", ["b"], LimitData(0.9, n_obs=np.zeros(1), ses=np.array([1.0]))))
    return likelihood(toy, data)


@pytest.fixture(scope="module")
def mixed() -> Fit:
    return fit(with_limits())


def by_hand(x: float) -> float:
    return float(sum(((x - central) / ERROR) ** 2 for central in NUMBERS.values()))


def test_gaussian_numbers_alone(mixed: Fit) -> None:
    alone = mixed.gaussian
    assert mixed.n_limits == 2
    assert mixed.ndof == 4
    assert alone.ndof == 2
    assert alone.chi2 == pytest.approx(by_hand(mixed.values["x"]), rel=1e-9, abs=0)
    assert alone.chi2_sm == pytest.approx(by_hand(0.0), rel=1e-9, abs=0)
    assert alone.p_value == pytest.approx(chi2_distribution.sf(alone.chi2, 2), rel=1e-9, abs=0)
    assert alone.p_value_sm == pytest.approx(chi2_distribution.sf(by_hand(0.0), 3), rel=1e-9, abs=0)
    assert alone.significance_sm == pytest.approx(norm.isf(0.5 * alone.p_value_sm), rel=1e-9, abs=0)
    assert alone.p_value < mixed.p_value
    assert alone.chi2 < mixed.chi2


def test_json_has_both(mixed: Fit) -> None:
    content = json.loads(json.dumps(mixed.to_dict(), allow_nan=False))
    assert content["n_limits"] == 2
    assert set(content["gaussian"]) == {"chi2", "ndof", "p_value", "chi2_sm", "p_value_sm", "significance_sm"}
    assert isinstance(content["p_value_sm"], float)
    assert isinstance(content["significance_sm"], float)
    assert content["gaussian"]["chi2"] == mixed.gaussian.chi2


def test_without_limits_both_are_the_same() -> None:
    result = fit(with_limits(limits=False))
    assert result.n_limits == 0
    for name in ("chi2", "ndof", "p_value", "chi2_sm", "p_value_sm", "significance_sm"):
        assert getattr(result.gaussian, name) == pytest.approx(getattr(result, name), rel=1e-9, abs=0)
    assert "Gaussian numbers alone" not in str(result)


def test_only_limits() -> None:
    result = fit(with_limits(numbers=False))
    assert result.n_limits == result.likelihood.n_measurements == 2
    assert "Gaussian numbers alone      there are none" in str(result)
    content = result.to_dict()["gaussian"]
    assert content["p_value"] is None
    assert content["significance_sm"] is None


HEAD = """\
Fit of toy to 5 measurements
  chi2 / degrees of freedom   1.44 / 4
  p-value                     0.836 (2 of the 5 numbers are limits or counts, for which it errs on the large side)
  chi2 of the Standard Model  34.50 / 5: p-value 1.89e-06
  Gaussian numbers alone      best fit 1.17 / 2: p-value 0.558; Standard Model 34.50 / 3: p-value 1.55e-07, 5.25 sigma
  improvement                 delta chi2 = 33.06 for 1 parameters: 5.7 sigma
  state                       converged
"""


def test_printed_fit_with_limits(mixed: Fit) -> None:
    assert str(mixed).startswith(HEAD)


def test_report_with_limits(mixed: Fit) -> None:
    page = _best_fit(mixed)
    assert "2 of the 5 numbers are limits or counts, for which it errs on the large side" in page
    assert "best fit 1.17 / 2: p-value 0.558; Standard Model 34.50 / 3: p-value 1.55e-07, 5.25 σ" in page
    assert "34.50 (p-value 1.89e-06)<" in page
    without = _best_fit(fit(with_limits(limits=False)))
    assert "limits or counts" not in without
    assert "34.50 (p-value 1.55e-07, 5.25 σ)" in without


@pytest.mark.parametrize(("value", "text"), [(-1e-9, "0.00"), (0.004, "0.00"), (-0.006, "-0.01"), (12.345678, "12.35")])
def test_never_minus_nothing(value: float, text: str) -> None:
    assert two_decimals(value) == text


def test_another_minimum_as_good_is_not_at_minus_nothing(mixed: Fit) -> None:
    """A tie within the accuracy of two minimisations may lie lower than the minimum that is reported."""
    tied = replace(mixed, minima=(*mixed.minima, Minimum(mixed.chi2 - 1e-3, dict(mixed.values))))
    assert "other minima at             delta chi2 = +0.00\n" in str(tied)
