"""Kinds of changes, and the joint shift of numbers that were replaced together."""

from __future__ import annotations

import datetime

import numpy as np
import pytest

from fitlq.measurements import Change, Dataset, Entry, diff_datasets
from fitlq.measurements.dataset import build_dataset
from fitlq.measurements.difference_sets import change_sets
from fitlq.measurements.selection import Rules

BOTH = ["R(D)", "R(D*)"]


def _dataset(*entries: Entry, as_of: str = "2025-01-01") -> Dataset:
    return build_dataset({entry.id: entry for entry in entries}, Rules(datetime.date.fromisoformat(as_of)))


def _gauss(central: list[float], errors: list[float], rho: float) -> dict[str, object]:
    matrix = [[1.0, rho], [rho, 1.0]]
    return {"type": "gauss", "central": central, "errors": {"total": errors}, "correlation": {"total": matrix}}


def _joint(old: Dataset, new: Dataset) -> tuple[tuple[Change, ...], float | None]:
    (one,) = change_sets(diff_datasets(old, new), old, new)
    return one.changes, one.chi2


def test_joint_shift_in_the_old_covariance(make_entry) -> None:
    first = make_entry("a", "2020-01-01", observables=BOTH, data=_gauss([0.30, 0.25], [0.03, 0.01], -0.5))
    second = make_entry(
        "b", "2022-01-01", observables=BOTH, data=_gauss([0.33, 0.26], [0.02, 0.01], 0.0), relations={"supersedes": ["a"]}
    )
    changes, chi2 = _joint(_dataset(first), _dataset(first, second))
    assert [change.kind for change in changes] == ["superseded"] * 2
    # shifts of one old sigma each, rho = -0.5: (1, 1) C^-1 (1, 1) = 2 / (1 + rho) = 4
    assert chi2 == pytest.approx(4.0, rel=1e-9, abs=0)


def test_joint_shift_of_numbers_of_very_different_size(make_entry) -> None:
    small = {"type": "gauss", "central": [0.3, 2e-10], "errors": {"total": [0.03, 1e-10]}}
    large = {"type": "gauss", "central": [0.33, 4e-10], "errors": {"total": [0.03, 1e-10]}}
    names = ["R(D)", "BR(K+->pinunu)"]
    first = make_entry("a", "2020-01-01", observables=names, data=small)
    second = make_entry("b", "2022-01-01", observables=names, data=large, relations={"supersedes": ["a"]})
    assert _joint(_dataset(first), _dataset(first, second))[1] == pytest.approx(1.0 + 4.0, rel=1e-9, abs=0)


def test_old_numbers_of_several_entries_are_combined(make_entry) -> None:
    first = make_entry("a", "2020-01-01", observables=BOTH, data=_gauss([0.30, 0.25], [0.03, 0.02], 0.4))
    other = make_entry("b", "2020-01-01", observables=BOTH, data=_gauss([0.34, 0.27], [0.02, 0.01], -0.3))
    third = make_entry(
        "c", "2022-01-01", observables=BOTH, data=_gauss([0.35, 0.29], [0.01, 0.01], 0.0), relations={"supersedes": ["a", "b"]}
    )
    _, chi2 = _joint(_dataset(first, other), _dataset(first, other, third))
    inverses = [np.linalg.inv(entry.data.covariance()) for entry in (first, other)]
    mean = np.linalg.solve(sum(inverses), inverses[0] @ first.data.central + inverses[1] @ other.data.central)
    shift = third.data.central - mean
    assert chi2 == pytest.approx(shift @ sum(inverses) @ shift, rel=1e-9, abs=0)


def test_no_joint_shift_of_a_single_number_or_of_limits(make_entry) -> None:
    limit = {"type": "limit", "cl": 0.9, "upper": [2e-5, 1e-5]}
    names = ["BR(B+->Knunu)", "BR(B0->Knunu)"]
    first = make_entry("a", "2020-01-01", observables=names, data=limit)
    second = make_entry(
        "b", "2022-01-01", observables=names, data=limit | {"upper": [1e-5, 2e-5]}, relations={"supersedes": ["a"]}
    )
    changes, chi2 = _joint(_dataset(first), _dataset(first, second))
    assert chi2 is None
    assert [change.limit_ratio for change in changes] == [pytest.approx(x, rel=1e-12, abs=0) for x in (0.5, 2.0)]
    single = make_entry("c", "2020-01-01"), make_entry("d", "2022-01-01", relations={"supersedes": ["c"]})
    assert _joint(_dataset(single[0]), _dataset(*single))[1] is None


def test_another_entry_of_the_same_paper_is_a_shift(make_entry) -> None:
    first = make_entry("a", "2020-01-01", refs={"arxiv": "2001.00001"})
    erratum = make_entry("a2", "2021-01-01", experiment=["a"], refs={"arxiv": "2001.00001"}, relations={"supersedes": ["a"]})
    ((change,), _) = _joint(_dataset(first), _dataset(first, erratum))
    assert (change.kind, change.remark) == ("shifted", "another entry of the same paper")


def test_of_one_changed_number_the_others_of_the_entry_are_not_reported(make_entry) -> None:
    before = make_entry("a", "2020-01-01", observables=BOTH, data=_gauss([0.30, 0.25], [0.03, 0.01], 0.1))
    after = make_entry("a", "2020-01-01", observables=BOTH, data=_gauss([0.33, 0.25], [0.03, 0.01], 0.1))
    (change,) = diff_datasets(_dataset(before), _dataset(after))
    assert (change.kind, change.observable, change.remark) == ("shifted", "R(D)", "")
    assert change.pull == pytest.approx(1.0, rel=1e-9, abs=0)


def test_changed_correlations_are_reported_as_such(make_entry) -> None:
    before = make_entry("a", "2020-01-01", observables=BOTH, data=_gauss([0.30, 0.25], [0.03, 0.01], 0.1))
    after = make_entry("a", "2020-01-01", observables=BOTH, data=_gauss([0.30, 0.25], [0.03, 0.01], 0.2))
    changes = diff_datasets(_dataset(before), _dataset(after))
    assert [(change.kind, change.remark, change.pull) for change in changes] == [("shifted", "its correlations changed", 0.0)] * 2


def test_bins_in_their_order(make_entry) -> None:
    def bins(shift: float) -> Entry:
        edges = [(10.0, 12.0), (2.0, 4.0), (4.0, 10.0)]
        observables = [{"name": "<FL>(B0->D*taunu)", "args": {"q2min": low, "q2max": high}} for low, high in edges]
        data = {"type": "gauss", "central": [0.3 + shift] * 3, "errors": {"total": [0.1] * 3}}
        return make_entry("a", "2020-01-01", observables=observables, data=data)

    changes = diff_datasets(_dataset(bins(0.0)), _dataset(bins(0.1)))
    assert [change.args["q2min"] for change in changes] == [2.0, 4.0, 10.0]
