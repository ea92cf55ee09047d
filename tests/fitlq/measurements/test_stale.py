"""Averages that newer results have overtaken, and forms of data sets left behind."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any

import pytest

from fitlq.measurements import Entry, Stale, load_measurements, stale_entries
from fitlq.measurements.selection import Rules


def _stale(*entries: Entry, as_of: str = "2025-01-01", **rules: Any) -> tuple[Stale, ...]:
    return stale_entries({entry.id: entry for entry in entries}, Rules(datetime.date.fromisoformat(as_of), **rules))


@pytest.fixture
def family(make_entry) -> dict[str, Entry]:
    return {
        "a": make_entry("a", "2020-01-01"),
        "b": make_entry("b", "2020-02-01"),
        "average": make_entry("average", "2021-01-01", kind="average", relations={"inputs": ["a", "b"]}),
    }


def test_a_current_average_is_not_stale(family) -> None:
    assert _stale(*family.values()) == ()


@pytest.mark.parametrize("policy", ["average", "individual"])
def test_an_input_that_was_replaced(family, make_entry, policy) -> None:
    newer = make_entry("b2", "2022-03-01", experiment=["b"], relations={"supersedes": ["b"]})
    (found,) = _stale(*family.values(), newer, policy=policy)
    assert (found.entry_id, found.kind, found.newer) == ("average", "input replaced", ("b2",))
    assert found.since == datetime.date(2022, 3, 1)
    assert found.observables == ("R(D)",)
    assert found.reason == "b2 (2022-03-01) replaces its input b"
    assert "policy average leaves out b2; choose policy individual" in found.remedy
    # the day before nothing was known of it
    assert _stale(*family.values(), newer, as_of="2022-02-28") == ()


def test_a_replacement_of_a_replacement_is_the_one_named(family, make_entry) -> None:
    newer = make_entry("b2", "2022-03-01", experiment=["b"], relations={"supersedes": ["b"]})
    newest = make_entry("b3", "2023-03-01", experiment=["b"], relations={"supersedes": ["b2"]})
    (found,) = _stale(*family.values(), newer, newest)
    assert found.newer == ("b3",)


def test_a_new_measurement_that_is_used_together_with_the_average(family, make_entry) -> None:
    (found,) = _stale(*family.values(), make_entry("c", "2022-03-01"))
    assert (found.kind, found.newer) == ("newer measurement", ("c",))
    assert found.remedy.startswith("policy average uses it together with the average")


def test_an_older_measurement_outside_says_nothing(family, make_entry) -> None:
    assert _stale(*family.values(), make_entry("c", "2019-03-01")) == ()


def test_only_the_numbers_that_were_measured_again(make_entry) -> None:
    both = ["R(D)", "R(D*)"]
    entries = [
        make_entry("a", "2020-01-01", observables=both),
        make_entry("average", "2021-01-01", kind="average", observables=both, relations={"inputs": ["a"]}),
        make_entry("a2", "2022-01-01", experiment=["a"], relations={"supersedes": [{"id": "a", "observables": ["R(D)"]}]}),
    ]
    (found,) = _stale(*entries)
    assert found.observables == ("R(D)",)


@pytest.mark.parametrize(
    "relations",
    [{"supersedes": ["average"], "inputs": ["a", "b", "b2"]}, {"inputs": ["a", "b2"]}],
    ids=["replaces it", "shares an input"],
)
def test_an_average_that_a_newer_one_has_overtaken_is_not_reported(family, make_entry, relations) -> None:
    newer = make_entry("b2", "2022-03-01", experiment=["b"], relations={"supersedes": ["b"]})
    later = make_entry("later", "2023-01-01", kind="average", relations=relations)
    assert _stale(*family.values(), newer, later) == ()


def test_what_is_off_by_default_makes_nothing_stale_unless_asked_for(family, make_entry) -> None:
    future = make_entry("future", "2022-03-01", projected=True)
    assert _stale(*family.values(), future) == ()
    (found,) = _stale(*family.values(), future, include=("projected",))
    assert found.newer == ("future",)


def test_a_form_whose_sibling_was_replaced(make_entry) -> None:
    fine = make_entry("fine", "2020-01-01", representation={"group": "g", "name": "fine", "default": True})
    coarse = make_entry("coarse", "2020-01-01", observables=["R(D*)"], representation={"group": "g", "name": "coarse"})
    newer = make_entry(
        "fine2",
        "2022-01-01",
        experiment=["fine"],
        relations={"supersedes": ["fine"]},
        representation={"group": "g", "name": "fine", "default": True},
    )
    assert _stale(fine, coarse) == ()
    (found,) = _stale(fine, coarse, newer)
    assert (found.entry_id, found.kind, found.newer) == ("coarse", "form left behind", ("fine2",))
    assert "--form g=coarse" in found.remedy


def test_a_replacement_from_outside_replaces_all_forms(make_entry) -> None:
    fine = make_entry("fine", "2020-01-01", representation={"group": "g", "name": "fine", "default": True})
    coarse = make_entry("coarse", "2020-01-01", observables=["R(D*)"], representation={"group": "g", "name": "coarse"})
    newer = make_entry("other", "2022-01-01", experiment=["fine"], relations={"supersedes": ["fine"]})
    assert _stale(fine, coarse, newer) == ()


def test_the_latest_comes_first(family, make_entry) -> None:
    found = _stale(
        *family.values(), make_entry("c", "2022-03-01"), make_entry("b2", "2023-01-01", relations={"supersedes": ["b"]})
    )
    assert [one.since.year for one in found] == [2023, 2022]


def test_shipped_averages_of_the_past_were_stale(shipped: Mapping[str, Entry]) -> None:
    found = {one.entry_id: one for one in load_measurements(as_of="2023-06").stale()}
    assert found["hflav-rd-rdst-fall22"].newer == ("lhcb-rdst-had-2023-v1",)
    with_single = {one.entry_id for one in load_measurements(as_of="2023-06", policy="individual").stale()}
    assert with_single == set(found)
