"""Bounds and event counts of the LHC: complete, shown with their conditions, and never silently part of a fit."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

import pytest

from fitlq.likelihood import Likelihood
from fitlq.measurements import CountingData, Dataset, Entry, ExclusionData, describe_entry, load_measurements
from fitlq_theory.models import wet_model

COUNTS = {
    "cms-mumu-2021-counts": ("mll", 41),
    "cms-mutau-2022-counts": ("mll", 25),
    "atlas-taunu-2021-counts": ("mT", 14),
    "atlas-tautau-2020-counts": ("mTtot", 14),
}


def _reasons(dataset: Dataset) -> dict[str, set[str]]:
    like = Likelihood(wet_model(["CVL_bctaunutau"]), dataset, theory_errors="none")
    found: dict[str, set[str]] = {}
    for out in like.left_out:
        found.setdefault(out[0], set()).add(out.reason)
    return found


@pytest.fixture(scope="module")
def bounds(shipped: Mapping[str, Entry]) -> dict[str, Entry]:
    found = {name: entry for name, entry in shipped.items() if isinstance(entry.data, ExclusionData)}
    assert len(found) == 28
    return found


def _values(bound: Mapping[str, Any]) -> list[float]:
    single = [bound[key] for key in ("lower", "upper") if key in bound]
    return [*single, *bound.get("lower_range", ()), *(x for column in bound.get("upper_curve", {}).values() for x in column)]


def test_every_number_and_condition_is_shown(bounds: Mapping[str, Entry]) -> None:
    for entry in bounds.values():
        text = describe_entry(entry)
        for bound in (entry.document["data"], *entry.document["data"].get("other", ())):
            assert bound["conditions"], entry.id
            for value in _values(bound):
                assert f"{value:g}" in text, (entry.id, value)
            for name, condition in bound["conditions"].items():
                assert f"{name}: {condition}" in text, (entry.id, name)


def test_names_say_what_is_excluded(bounds: Mapping[str, Entry]) -> None:
    for entry in bounds.values():
        assert isinstance(entry.data, ExclusionData)
        (observable,) = entry.observables
        assert observable.name.split("(")[0] == entry.data.bounds[0].quantity
        assert " " not in observable.name


def test_a_fit_says_which_bound_it_leaves_out() -> None:
    reasons = _reasons(load_measurements(as_of="2026-11-20"))
    assert reasons["atlas-lq3-btau-2023"] == {"m_LQ > 1460 GeV: a step under conditions, no likelihood term"}
    assert reasons["cms-dijet-coloron-2015"] == {"replaced by cms-dijet-coloron-2016"}


@pytest.mark.parametrize("name", COUNTS)
def test_counts_have_adjacent_bins_and_wait_for_a_signal(shipped: Mapping[str, Entry], name: str) -> None:
    variable, count = COUNTS[name]
    entry = shipped[name]
    assert isinstance(entry.data, CountingData)
    assert len(entry.data.channels) == count
    assert all(channel.n_bkg and channel.bkg_err and channel.upper is None for channel in entry.data.channels)
    edges = [(o.args[f"{variable}min"], o.args[f"{variable}max"]) for o in entry.observables]
    assert all(one[1] == other[0] for one, other in pairwise(edges))
    assert entry.off_by_default
    assert name not in load_measurements(as_of="2026-11-20").ids
    asked = load_measurements(as_of="2026-11-20", include=(name,))
    assert _reasons(asked)[name] == {"no prediction"}


def test_numbers_of_unknown_origin_are_unverified(shipped: Mapping[str, Entry]) -> None:
    for entry in shipped.values():
        if "address is not known" in entry.provenance.how:
            assert entry.provenance.level == "unverified", entry.id
