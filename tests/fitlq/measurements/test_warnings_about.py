"""A warning about entries is of no interest to a fit that uses none of them."""

from __future__ import annotations

import datetime
from typing import Any

from fitlq.measurements.dataset import build_dataset
from fitlq.measurements.selection import Rules


def test_shared_data_and_stale_averages_concern_those_who_use_them(make_entry: Any) -> None:
    made = [
        make_entry("old", "2015"),
        make_entry("average", "2016", kind="average", relations={"inputs": ["old"]}),
        make_entry("new", "2017", experiment=["old"], relations={"supersedes": ["old"]}),
        make_entry("one", "2015", observables=["R(D*)"]),
        make_entry("other", "2016", observables=["R(J/psi)"], relations={"shares_data_with": ["one"]}),
    ]
    dataset = build_dataset({entry.id: entry for entry in made}, Rules(datetime.date(2020, 1, 1)))
    assert len(dataset.warnings) == 2
    assert dataset.warnings_about(dataset.ids) == dataset.warnings
    assert dataset.warnings_about(["one"]) == ()
    (shared,) = dataset.warnings_about(["one", "other"])
    assert "share data" in shared
    (stale,) = dataset.warnings_about(["average"])
    assert stale.startswith("STALE AVERAGE")
