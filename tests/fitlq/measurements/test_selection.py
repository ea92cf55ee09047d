"""The rules of selection one by one, on invented entries."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest

from fitlq.measurements import Dataset, Entry, MeasurementError, MeasurementVocabulary
from fitlq.measurements.dataset import build_dataset
from fitlq.measurements.selection import Rules
from fitlq_theory.contracts import Observable
from fitlq_theory.errors import InputError

Maker = Callable[..., Entry]
DAY = datetime.date(2025, 6, 30)


def _dataset(*entries: Entry, **rules: Any) -> Dataset:
    return build_dataset({entry.id: entry for entry in entries}, Rules(rules.pop("as_of", DAY), **rules))


def _reason(dataset: Dataset, name: str) -> str:
    (reason,) = {out.reason for out in dataset.left_out if out.entry_id == name}
    return reason


def _form(name: str, default: bool = False) -> dict[str, Any]:
    return {"group": "set", "name": name, "default": default}


def test_newer_theory_and_unverified_entries_are_left_out_with_reasons(make_entry: Maker) -> None:
    unverified = {"level": "unverified", "how": "from memory"}
    entries = [
        make_entry("future", "2025-07-01"),
        make_entry("short", "2025"),
        make_entry("theory", "2020", kind="theory"),
        make_entry("remembered", "2020", provenance=unverified),
        make_entry("used", "2025-06-30"),
    ]
    dataset = _dataset(*entries)
    assert dataset.ids == ("used",)
    assert _reason(dataset, "future") == "dated 2025-07-01, after 2025-06-30"
    assert "a short date stands for its last day, 2025-12-31" in _reason(dataset, "short")
    assert dataset.warnings == ("short is not used before 2025-12-31, because it is dated 2025; write the day",)
    assert _reason(dataset, "theory") == "a theory number, not a measurement"
    assert _reason(dataset, "remembered").startswith("unverified")
    assert _dataset(*entries, include=("unverified",)).ids == ("remembered", "used")


def test_supersession_is_per_observable_and_chains(make_entry: Maker) -> None:
    first = make_entry("first", "2019", observables=["R(D)", "R(D*)"])
    second = make_entry("second", "2020", relations={"supersedes": [{"id": "first", "observables": ["R(D)"]}]})
    third = make_entry("third", "2021", relations={"supersedes": ["second"]})
    dataset = _dataset(first, second, third)
    assert [(item.entry.id, item.indices) for item in dataset] == [("first", (1,)), ("third", (0,))]
    assert _reason(dataset, "first") == "replaced by second"
    assert _reason(dataset, "second") == "replaced by third"
    assert _dataset(first, second, third, as_of=datetime.date(2019, 12, 31))["first"].indices == (0, 1)


def test_an_average_and_what_is_inside_it_never_enter_together(make_entry: Maker) -> None:
    old = make_entry("old", "2018")
    one = make_entry("one", "2019", relations={"supersedes": ["old"]})
    two = make_entry("two", "2019", observables=["R(D)", "R(D*)"])
    average = make_entry("average", "2020", kind="average", relations={"inputs": ["one", "two"]})
    dataset = _dataset(old, one, two, average)
    # the average says nothing about R(D*)
    assert [(item.entry.id, item.indices) for item in dataset] == [("average", (0,)), ("two", (1,))]
    assert _reason(dataset, "one") == "inside the average average"
    individual = _dataset(old, one, two, average, policy="individual")
    assert individual.ids == ("one", "two")
    assert _reason(individual, "average") == "an average of measurements used one by one (one, two)"


def test_averages_without_usable_inputs_serve_the_individual_policy_too(make_entry: Maker) -> None:
    hidden = make_entry("hidden", "2019", provenance={"level": "unverified", "how": "from memory"})
    average = make_entry("average", "2020", kind="average", relations={"inputs": ["hidden"]})
    assert _dataset(hidden, average, policy="individual").ids == ("average",)
    assert _dataset(hidden, average, policy="individual", include=("unverified",)).ids == ("hidden",)


def test_averages_of_averages(make_entry: Maker) -> None:
    one, two = make_entry("one", "2018"), make_entry("two", "2018")
    inner = make_entry("inner", "2019", kind="average", relations={"inputs": ["one"]})
    outer = make_entry("outer", "2020", kind="average", relations={"inputs": ["inner", "two"]})
    assert _dataset(one, two, inner, outer).ids == ("outer",)
    assert _dataset(one, two, inner, outer, policy="individual").ids == ("one", "two")


def test_a_newer_form_of_an_input_makes_an_average_stale(make_entry: Maker) -> None:
    one = make_entry("one", "2018")
    average = make_entry("average", "2019", kind="average", relations={"inputs": ["one"]})
    newer = make_entry("newer", "2020", relations={"supersedes": ["one"]})
    dataset = _dataset(one, average, newer)
    assert dataset.ids == ("average",)
    assert dataset.warnings[0].startswith("STALE AVERAGE: average does not know newer, which replaces one of its inputs")
    individual = _dataset(one, average, newer, policy="individual")
    assert individual.ids == ("newer",)
    assert individual.warnings == ()


def test_of_two_averages_sharing_an_input_the_newer_one_stays(make_entry: Maker) -> None:
    one, two = make_entry("one", "2018"), make_entry("two", "2018")
    older = make_entry("older", "2019", kind="average", relations={"inputs": ["one"]})
    newer = make_entry("newer", "2020", kind="average", relations={"inputs": ["one", "two"]})
    dataset = _dataset(one, two, older, newer)
    assert dataset.ids == ("newer",)
    assert _reason(dataset, "older") == "shares inputs with the newer average newer"
    assert dataset.warnings == ()


def test_one_form_of_each_data_set(make_entry: Maker) -> None:
    total = make_entry("total", "2019", representation=_form("total", True))
    binned = make_entry("binned", "2019", representation=_form("binned"))
    assert _dataset(total, binned).ids == ("total",)
    dataset = _dataset(total, binned, representations={"set": "binned"})
    assert dataset.ids == ("binned",)
    assert _reason(dataset, "total") == "the same data are used in another form ('binned' of set)"


def test_a_form_that_does_not_exist_yet_falls_back_to_the_default(make_entry: Maker) -> None:
    total = make_entry("total", "2019", representation=_form("total", True))
    likelihood = make_entry("likelihood", "2025-12", representation=_form("likelihood"))
    dataset = _dataset(total, likelihood, representations={"set": "likelihood"})
    assert dataset.ids == ("total",)
    assert "'likelihood' of set is not usable on 2025-06-30" in dataset.warnings[0]


def test_what_replaces_or_contains_one_form_replaces_or_contains_all(make_entry: Maker) -> None:
    total = make_entry("total", "2019", representation=_form("total", True))
    binned = make_entry("binned", "2019", representation=_form("binned"))
    newer = make_entry("newer", "2020", relations={"supersedes": ["total"]})
    for forms in ({}, {"set": "binned"}):
        assert _dataset(total, binned, newer, representations=forms).ids == ("newer",)
    average = make_entry("average", "2020", kind="average", relations={"inputs": ["total"]})
    assert _dataset(total, binned, average).ids == ("average",)


def test_asking_for_a_form_takes_it_out_of_averages(make_entry: Maker) -> None:
    total = make_entry("total", "2019", representation=_form("total", True))
    binned = make_entry("binned", "2019", representation=_form("binned"))
    other = make_entry("other", "2019")
    average = make_entry("average", "2020", kind="average", relations={"inputs": ["total", "other"]})
    dataset = _dataset(total, binned, other, average, representations={"set": "binned"})
    assert dataset.ids == ("binned", "other")
    assert _reason(dataset, "average") == "contains binned, of which a certain form was asked for"


@pytest.mark.parametrize(
    ("second", "words"),
    [
        ({"experiment": ["one"]}, "come from the same experiment (one)"),
        ({"kind": "average"}, "one of them is an average"),
        ({"relations": {"shares_data_with": ["one"]}}, "share data"),
    ],
)
def test_double_counts_are_refused_with_the_remedy(make_entry: Maker, second: dict[str, Any], words: str) -> None:
    with pytest.raises(MeasurementError) as caught:
        _dataset(make_entry("one", "2019"), make_entry("two", "2020", **second))
    assert f"two and one both measure R(D) and {words}" in str(caught.value)
    assert "supersedes one, has it among its inputs or is independent_of it" in str(caught.value)


@pytest.mark.parametrize("policy", ["average", "individual"])
def test_declared_independence_is_accepted(make_entry: Maker, policy: Any) -> None:
    one = make_entry("one", "2019")
    two = make_entry("two", "2020", experiment=["one"], relations={"independent_of": ["one"]})
    assert _dataset(one, two, policy=policy).ids == ("one", "two")


def test_a_measurement_newer_than_an_average_needs_independence_of_its_own_experiment_only(make_entry: Maker) -> None:
    one = make_entry("one", "2018", experiment=["A"])
    average = make_entry("average", "2019", kind="average", relations={"inputs": ["one"]})
    assert _dataset(one, average, make_entry("new", "2020", experiment=["B"])).ids == ("average", "new")
    with pytest.raises(MeasurementError, match="one of them is an average"):
        _dataset(one, average, make_entry("new", "2020", experiment=["A"]))
    apart = make_entry("new", "2020", experiment=["A"], relations={"independent_of": ["one"]})
    assert _dataset(one, average, apart).ids == ("average", "new")


def test_different_bins_and_observables_do_not_compete(make_entry: Maker) -> None:
    low = {"name": "<FL>(B0->D*taunu)", "args": {"q2min": 3.2, "q2max": 7.0}}
    high = {"name": "<FL>(B0->D*taunu)", "args": {"q2min": 7.0, "q2max": 10.7}}
    one = make_entry("one", "2019", experiment=["A"], observables=[low])
    two = make_entry("two", "2019", experiment=["A"], observables=[high, "R(D)"])
    assert _dataset(one, two).n_observables == 3


def _no_forms(point: object, arguments: object) -> Any:
    raise NotImplementedError


def test_aliases_are_one_quantity(make_entry: Maker) -> None:
    observable = Observable("Rtaul(B->Dlnu)", "", "", (), _no_forms, "invented for a test", aliases=("R(D)",))
    vocabulary = MeasurementVocabulary([observable], {})
    entries = [
        make_entry("one", "2019", experiment=["A"]),
        make_entry("two", "2020", experiment=["A"], observables=["Rtaul(B->Dlnu)"]),
    ]
    database = {entry.id: entry for entry in entries}
    assert len(build_dataset(database, Rules(DAY))) == 2
    with pytest.raises(MeasurementError, match=r"two and one both measure Rtaul\(B->Dlnu\)"):
        build_dataset(database, Rules(DAY), vocabulary)


@pytest.mark.parametrize(
    ("rules", "words"),
    [
        ({"policy": "averages"}, "unknown policy 'averages'; did you mean 'average'"),
        ({"representations": {"sett": "total"}}, "unknown representation group 'sett'; did you mean 'set'"),
        ({"representations": {"set": "totl"}}, "'totl'; did you mean 'total'"),
    ],
)
def test_unknown_choices_name_the_nearest(make_entry: Maker, rules: dict[str, Any], words: str) -> None:
    with pytest.raises(InputError) as caught:
        _dataset(make_entry("total", "2019", representation=_form("total", True)), **rules)
    assert words in str(caught.value)


def test_what_replaces_an_average_stands_for_what_is_inside_it(make_entry: Maker) -> None:
    one = make_entry("one", "2018", observables=["R(D)", "R(D*)"])
    average = make_entry("average", "2019", kind="average", observables=["R(D)", "R(D*)"], relations={"inputs": ["one"]})
    newer = make_entry("newer", "2020", relations={"supersedes": ["average"]})
    dataset = _dataset(one, average, newer)
    # `newer` measures R(D) only; nothing else replaces R(D*), so the input returns there
    assert [(item.entry.id, item.indices) for item in dataset] == [("newer", (0,)), ("one", (1,))]
