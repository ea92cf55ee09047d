"""Refits of a linear problem, where every shift can be worked out by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fitlq.fitting import Fit, fit
from fitlq.refitting import refit
from tests.fitlq.likelihood.toy_problems import (
    ToyPredictions,
    data_set,
    entry,
    gaussian,
    likelihood,
    linear_predictions,
    parameter,
)

TOY = linear_predictions([parameter("x")], ["a", "b"], [0, 0], [[1.0], [1.0]])
OLD = {"kept": (1.0, 0.5), "revised": (2.0, 0.4), "gone": (0.0, 1.0)}
NEW = {"kept": (1.0, 0.5), "revised": (1.5, 0.3), "fresh": (0.8, 0.6)}


def entries(numbers: dict[str, tuple[float, float]]) -> list[Any]:
    return [entry(name, ["a"], gaussian([central], [error])) for name, (central, error) in numbers.items()]


def mean(numbers: dict[str, tuple[float, float]]) -> float:
    central, error = np.array(list(numbers.values())).T
    return float(np.average(central, weights=error**-2))


def without(numbers: dict[str, tuple[float, float]], name: str) -> dict[str, tuple[float, float]]:
    return {key: value for key, value in numbers.items() if key != name}


@pytest.fixture(scope="module")
def old() -> Fit:
    return fit(likelihood(TOY, entries(OLD)))


def test_shifts_and_impacts(old: Fit) -> None:
    result = refit(old, data=data_set(entries(NEW)))  # type: ignore[arg-type]
    kinds = {change.id: change.kind for change in result.data_changes}
    assert kinds == {"revised": "changed", "gone": "removed", "fresh": "new"}
    shift = result.parameter_shifts[0]
    error = float(np.sum([e**-2 for _, e in OLD.values()]) ** -0.5)
    assert shift.shift == pytest.approx((mean(NEW) - mean(OLD)) / error, abs=0.005)
    impacts = {impact.id: impact.shifts for impact in result.impacts}
    expected = {
        "revised": mean(NEW) - mean(without(NEW, "revised")),
        "fresh": mean(NEW) - mean(without(NEW, "fresh")),
        "gone": mean(without(OLD, "gone")) - mean(OLD),
    }
    for name, value in expected.items():
        shifts = impacts[name]
        assert shifts is not None
        assert shifts["x"] == pytest.approx(value, abs=0.002)  # accuracy of two minimisations, errors 0.3


def test_no_change(old: Fit) -> None:
    result = refit(old, data=data_set(entries(OLD)))  # type: ignore[arg-type]
    assert result.data_changes == ()
    assert result.impacts == ()
    assert abs(result.parameter_shifts[0].shift) < 0.01
    assert "Data: no change" in str(result)


def test_jump_to_another_minimum_is_said() -> None:
    """x^2 fixes |x|; the second observable prefers one sign, before and after a different one."""
    toy = ToyPredictions(
        (parameter("x", -3, 3),), ("a", "b"), lambda p: np.concatenate([p**2, p], 1), lambda p: np.zeros((len(p), 2, 1))
    )
    square = entry("square", ["a"], gaussian([1.0], [0.1]))
    before = fit(likelihood(toy, [square, entry("sign", ["b"], gaussian([0.3], [1.0]))]))
    result = refit(before, data=data_set([square, entry("sign", ["b"], gaussian([-0.3], [1.0]))]))  # type: ignore[arg-type]
    assert result.parameter_shifts[0].new < 0 < result.parameter_shifts[0].old
    assert "jumped to another minimum; the old one is now at delta chi2 = +1." in result.remarks[0]


def test_nothing_left_without_a_measurement() -> None:
    only = fit(likelihood(TOY, entries({"one": (1.0, 0.5)})))
    result = refit(only, data=data_set(entries({"two": (1.2, 0.5)})))  # type: ignore[arg-type]
    assert all(impact.shifts is None for impact in result.impacts)
    assert "cannot be fitted without it" in str(result)


GOLDEN = """\
Refit of toy: data as of 2026-01-01 -> 2026-01-01
  chi2 / degrees of freedom  4.80 / 2 -> 1.49 / 2
  p-value                    0.0907 -> 0.474
  state                      converged

Data: 3 numbers changed
           observable  measurement  old          new
  new      a           fresh                     0.80 ± 0.60
  removed  a           gone         0.0 ± 1.0                 no longer in the data
  changed  a           revised      2.00 ± 0.40  1.50 ± 0.30

Parameters (shift in old sigma)
  parameter  old          new          shift
  x          1.47 ± 0.30  1.28 ± 0.24  -0.63

What each changed measurement does alone (shift in old sigma)
  measurement           x
  fresh        new      -0.30
  gone         removed  +0.48
  revised      changed  +1.21"""


def test_printed_refit(old: Fit) -> None:
    assert str(refit(old, data=data_set(entries(NEW)))) == GOLDEN  # type: ignore[arg-type]
