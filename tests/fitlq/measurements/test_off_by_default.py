"""Projections and entries that are off by default are used only when asked for; names in the request are checked."""

from __future__ import annotations

import datetime
from typing import Any

import pytest

from fitlq.measurements import Dataset, Entry
from fitlq.measurements.dataset import build_dataset
from fitlq.measurements.describe import describe_entry
from fitlq.measurements.selection import Rules
from fitlq_theory.errors import InputError

DAY = datetime.date(2026, 1, 1)


@pytest.fixture
def entries(make_entry: Any) -> dict[str, Entry]:
    made = [
        make_entry("present", "2020"),
        make_entry("future", "2021", projected=True, relations={"supersedes": ["present"]}),
        make_entry("rough", "2019", off_by_default="read from a figure"),
    ]
    return {entry.id: entry for entry in made}


def _dataset(entries: dict[str, Entry], *include: str) -> Dataset:
    return build_dataset(entries, Rules(DAY, include=include))


def test_without_a_request_only_what_exists_is_used(entries: dict[str, Entry]) -> None:
    dataset = _dataset(entries)
    assert dataset.ids == ("present",)
    assert {out.entry_id: out.reason for out in dataset.left_out} == {
        "future": "a projection of a future measurement, used only when asked for",
        "rough": "used only when asked for: read from a figure",
    }


@pytest.mark.parametrize(
    ("include", "ids"),
    [
        (("projected",), ("future",)),
        (("future",), ("future",)),
        (("fut*",), ("future",)),
        (("rough",), ("present", "rough")),
        (("unverified",), ("present",)),
    ],
)
def test_a_request_brings_them_in_and_their_relations_count(
    entries: dict[str, Entry], include: tuple[str, ...], ids: tuple[str, ...]
) -> None:
    assert _dataset(entries, *include).ids == ids


def test_a_request_for_nothing_is_an_error(entries: dict[str, Entry]) -> None:
    with pytest.raises(InputError, match="unknown entry to include 'futur'; did you mean 'future'"):
        _dataset(entries, "futur")


def test_the_description_says_so(entries: dict[str, Entry]) -> None:
    assert "a projection of a future measurement: used only when asked for" in describe_entry(entries["future"])
    assert "used only when asked for: read from a figure" in describe_entry(entries["rough"])
