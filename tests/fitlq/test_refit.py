"""Refits of a linear problem, where every shift can be worked out by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from fitlq.fitting import Fit, fit
from fitlq.measurements.data_forms import GridData, LimitData
from fitlq.measurements.entry import CorrelatedWith, Relations
from fitlq.refitting import refit
from fitlq_theory.errors import InputError
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


@pytest.mark.parametrize("choice", [{"include": "projected"}, {"representations": {"group": "form"}}])
def test_choices_among_data_need_data_to_choose_from(old: Fit, choice: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="include and representations cannot be applied to a ready data set"):
        refit(old, data=data_set(entries(NEW)), **choice)


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


def test_ready_data_cannot_be_dated(old: Fit) -> None:
    with pytest.raises(InputError, match=r"as_of = '2024-01' cannot be applied to a ready data set \(as of 2026-01-01\)"):
        refit(old, as_of="2024-01", data=data_set(entries(NEW)))  # type: ignore[arg-type]


def pair(rho: float, *, minus: float = 0.5) -> Any:
    return entry("pair", ["a", "b"], gaussian([1.0, 1.2], [0.5, 0.5], [0.5, minus], [[1, rho], [rho, 1]]))


@pytest.mark.parametrize("minus", [0.5, 0.4])
def test_changed_correlation_is_a_change(minus: float) -> None:
    third = entry("third", ["a"], gaussian([0.9], [0.5]))
    before = fit(likelihood(TOY, [pair(0.2, minus=minus), third]))
    result = refit(before, data=data_set([pair(0.6, minus=minus), third]))  # type: ignore[arg-type]
    assert [(one.kind, one.id, one.observable, one.reason) for one in result.data_changes] == [
        ("changed", "pair", "a", "its correlations changed"),
        ("changed", "pair", "b", "its correlations changed"),
    ]
    assert [impact.id for impact in result.impacts] == ["pair"]
    assert refit(before, data=data_set([pair(0.2, minus=minus), third])).data_changes == ()  # type: ignore[arg-type]


def test_changed_correlation_between_entries_is_a_change() -> None:
    def two(rho: float) -> list[Any]:
        related = Relations(correlated_with=(CorrelatedWith("second", "made up", rho=rho),))
        return [entry("first", ["a"], gaussian([1.0], [0.5]), related), entry("second", ["a"], gaussian([1.2], [0.5]))]

    before = fit(likelihood(TOY, two(0.2)))
    changes = refit(before, data=data_set(two(0.4))).data_changes  # type: ignore[arg-type]
    assert [(one.id, one.reason) for one in changes] == [
        ("first", "its correlation with second changed"),
        ("second", "its correlation with first changed"),
    ]


def test_printed_refit_names_limits() -> None:
    limit = entry("limit", ["b"], LimitData(0.9, upper=np.array([2.0])))
    before = fit(likelihood(TOY, [*entries(OLD), limit]))
    text = str(refit(before, data=data_set([*entries(OLD), limit])))  # type: ignore[arg-type]
    assert "(1 of the 4 numbers is a limit or count, for which it errs on the large side)" in text


def test_a_new_partner_is_no_change_of_the_others() -> None:
    before = fit(likelihood(TOY, [entry("pair", ["a"], gaussian([1.0], [0.5]))]))
    changes = refit(before, data=data_set([pair(0.6)])).data_changes  # type: ignore[arg-type]
    assert [(one.kind, one.observable) for one in changes] == [("new", "b")]


def test_changed_counts_and_grid_are_changes() -> None:
    toy = linear_predictions([parameter("x", 0, 10)], ["a", "b"], [0, 0], [[1.0], [1.0]])
    axis = np.linspace(0, 4, 41)

    def data(background: float, width: float) -> list[Any]:
        # same rough central value and error, so that nothing but the counts tells the two apart
        counts = LimitData(0.9, n_obs=np.array([3.0 + background]), n_bkg=np.array([background]), ses=np.array([0.5]))
        counts = replace(counts, bkg_err=np.array([np.sqrt(9.0 - 3.0 - background)]))
        grid = GridData((axis,), ((axis - 1) / width) ** 2, "delta_chi2")
        return [entry("counts", ["a"], counts), entry("grid", ["b"], grid), entry("g", ["a"], gaussian([1.0], [0.5]))]

    before = fit(likelihood(toy, data(1.0, 1.0)))
    changes = refit(before, data=data_set(data(2.0, 0.5))).data_changes  # type: ignore[arg-type]
    assert {one.id: one.reason for one in changes} == dict.fromkeys(
        ["counts", "grid"], "its counts, limit or likelihood grid changed"
    )
    assert refit(before, data=data_set(data(1.0, 1.0))).data_changes == ()  # type: ignore[arg-type]


def test_impact_of_the_only_entry_that_fixes_a_parameter() -> None:
    toy = linear_predictions([parameter("x"), parameter("y")], ["a", "b"], [0, 0], np.eye(2))
    kept = entry("kept", ["a"], gaussian([1.0], [0.5]))
    before = fit(likelihood(toy, [kept, entry("only", ["b"], gaussian([0.3], [0.1]))]))
    result = refit(before, data=data_set([kept, entry("only", ["b"], gaussian([0.4], [0.1]))]))  # type: ignore[arg-type]
    (impact,) = result.impacts
    assert impact.shifts is not None
    assert impact.shifts["y"] is None
    assert impact.shifts["x"] == pytest.approx(0.0, abs=0.002)
    assert result.to_dict()["impacts"][0]["shifts"]["y"] is None
    line = next(line for line in str(result).splitlines() if line.startswith("  only") and "0.40" not in line)
    assert line.split()[:2] == ["only", "changed"]
    assert line.split()[3] == "-"
    assert "nan" not in str(result)


def test_parameter_without_an_old_error() -> None:
    toy = linear_predictions([parameter("x"), parameter("y")], ["a", "b"], [0, 0], np.eye(2))
    kept = entry("kept", ["a"], gaussian([1.0], [0.5]))
    result = refit(fit(likelihood(toy, [kept])), data=data_set([kept, entry("only", ["b"], gaussian([0.4], [0.1]))]))  # type: ignore[arg-type]
    assert "nan" not in str(result)
    assert result.parameter_shifts[1].new == pytest.approx(0.4, abs=1e-3)


def test_impact_that_changes_the_best_minimum_is_marked() -> None:
    """x^2 fixes |x|; "sign" alone prefers x > 0, a weaker number x < 0, which wins as soon as "sign" is gone."""
    toy = ToyPredictions(
        (parameter("x", -3, 3),), ("a", "b"), lambda p: np.concatenate([p**2, p], 1), lambda p: np.zeros((len(p), 2, 1))
    )
    others = [entry("square", ["a"], gaussian([1.0], [0.1])), entry("weak", ["b"], gaussian([-0.3], [1.0]))]
    before = fit(likelihood(toy, others))
    result = refit(before, data=data_set([*others, entry("sign", ["b"], gaussian([0.8], [0.9]))]))  # type: ignore[arg-type]
    marked = {impact.id: impact for impact in result.impacts}["sign"]
    assert result.new.values["x"] > 0
    assert marked.other_minimum_better
    assert marked.shifts is not None
    assert abs(marked.shifts["x"] or 0.0) < 0.1, "the jump is not part of the shift"
    assert result.to_dict()["impacts"][0]["other_minimum_better"] is True
    assert "without it another minimum is best" in str(result)
    unmarked = refit(before, data=data_set([*others, entry("sign", ["b"], gaussian([-0.8], [0.9]))]))  # type: ignore[arg-type]
    assert not unmarked.impacts[0].other_minimum_better
    assert "another minimum is best" not in str(unmarked)


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
