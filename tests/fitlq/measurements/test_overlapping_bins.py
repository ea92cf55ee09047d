"""Bins of one observable with a common part are found, inside an entry and between entries of one experiment."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from fitlq.measurements import Dataset, Entry, MeasurementError
from fitlq.measurements.dataset import build_dataset
from fitlq.measurements.overlapping_bins import bins_overlap, overlapping_inside
from fitlq.measurements.selection import Rules


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ({"q2min": 1.0, "q2max": 6.0}, {"q2min": 4.0, "q2max": 8.0}, True),
        ({"q2min": 1.0, "q2max": 6.0}, {"q2min": 1.0, "q2max": 2.0}, True),
        ({"q2min": 1.0, "q2max": 6.0}, {}, True),
        ({"q2min": 1.0, "q2max": 6.0}, {"q2min": 1.0, "q2max": 6.0}, False),
        ({"q2min": 1.0, "q2max": 6.0}, {"q2min": 6.0, "q2max": 8.0}, False),
        ({"q2min": 1.0, "q2max": 6.0, "tag": "a"}, {"q2min": 1.0, "q2max": 2.0, "tag": "b"}, False),
        ({"q2min": 1.0, "q2max": 6.0, "mmin": 0.0, "mmax": 1.0}, {"q2min": 2.0, "q2max": 3.0, "mmin": 1.0, "mmax": 2.0}, False),
        ({"m": 1.0}, {"m": 2.0}, False),
    ],
)
def test_a_common_part(first: dict[str, Any], second: dict[str, Any], expected: bool) -> None:
    one, other = tuple(sorted(first.items())), tuple(sorted(second.items()))
    assert bins_overlap(one, other) is expected
    assert bins_overlap(other, one) is expected


def _binned(low: float, high: float) -> dict[str, Any]:
    return {"name": "<FL>(B0->K*mumu)", "args": {"q2min": low, "q2max": high}}


def test_inside_an_entry_a_correlation_makes_it_right(make_entry: Any) -> None:
    bins = [_binned(1, 6), _binned(1, 2)]
    assert list(overlapping_inside(make_entry("one", "2020", observables=bins))) == [(0, 1)]
    data = {
        "type": "gauss",
        "central": [0.3, 0.3],
        "errors": {"stat": [0.1, 0.1]},
        "correlation": {"stat": [[1.0, 0.4], [0.4, 1.0]]},
    }
    assert not list(overlapping_inside(make_entry("one", "2020", observables=bins, data=data)))


def _dataset(*entries: Entry) -> Dataset:
    return build_dataset({entry.id: entry for entry in entries}, Rules(datetime.date(2026, 1, 1)))


def test_between_entries_of_one_experiment_it_is_refused(make_entry: Any) -> None:
    wide = make_entry("wide", "2015", observables=[_binned(1, 6)], experiment=["LHCb"])
    narrow = make_entry("narrow", "2016", observables=[_binned(1, 2), _binned(2, 3)], experiment=["LHCB"])
    with pytest.raises(MeasurementError, match=r"narrow.*wide both measure .* and have overlapping bins of LHCB"):
        _dataset(wide, narrow)
    other = make_entry("narrow", "2016", observables=[_binned(1, 2)], experiment=["CMS"])
    assert len(_dataset(wide, other)) == 2
    said = make_entry("narrow", "2016", observables=[_binned(1, 2)], experiment=["LHCb"], relations={"independent_of": ["wide"]})
    assert len(_dataset(wide, said)) == 2
