"""What may be counted twice: who is told, once, and with which remedy; and what stands for what in each policy."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fitlq.measurements import (
    Dataset,
    Diagnostic,
    Entry,
    MeasurementError,
    MeasurementVocabulary,
    check_paths,
    load_measurements,
    measurements_root,
)
from fitlq.measurements.dataset import build_dataset
from fitlq.measurements.selection import Rules
from fitlq_theory.observables.registry import load_registry

Maker = Callable[..., Entry]
DAY = "2026-11-20"
FILE = """
schema: fitlq-measurements/1
source: mine
entries:
- id: mine
  kind: {kind}
  process: bctaunu
  experiment: [{experiment}]
  date: '{date}'
  refs: {{}}
  observables:
  - {{name: R(D)}}
  - {{name: R(D*)}}
  data: {{type: gauss, central: [0.35, 0.28], errors: {{total: [0.02, 0.01]}}}}
  relations: {relations}
  provenance: {{level: primary, how: invented for a test}}
"""


def _mistakes(*arguments: Any) -> list[Diagnostic]:
    """What `fitlq check` finds, without the notes (these invented entries have no reference)."""
    return [one for one in check_paths(*arguments) if not one.note]


@pytest.fixture(scope="module")
def vocabulary() -> MeasurementVocabulary:
    return MeasurementVocabulary(load_registry())


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    def writer(experiment: str = "Mine", kind: str = "measurement", date: str = "2026-10-01", relations: str = "{}") -> Path:
        path = tmp_path / "mine.yaml"
        path.write_text(FILE.format(experiment=experiment, kind=kind, date=date, relations=relations), encoding="utf-8")
        return path

    return writer


def _dataset(*entries: Entry, **rules: Any) -> Dataset:
    return build_dataset({entry.id: entry for entry in entries}, Rules(datetime.date(2025, 6, 30), **rules))


def _reasons(dataset: Dataset, name: str) -> set[str]:
    return {out.reason for out in dataset.left_out if out.entry_id == name}


def _refused(**arguments: Any) -> tuple[Diagnostic, ...]:
    with pytest.raises(MeasurementError) as caught:
        load_measurements(as_of=DAY, **arguments)
    return caught.value.diagnostics


@pytest.mark.parametrize(
    ("one", "two"),
    [("BaBar", "Babar"), ("LHCb", "LHCB"), ("Belle II", "Belle-II"), ("Belle II", "belle_ii"), ("Belle II", "BelleII")],
)
def test_the_spelling_of_an_experiment_does_not_hide_it(make_entry: Maker, one: str, two: str) -> None:
    entries = make_entry("one", "2019", experiment=[one]), make_entry("two", "2020", experiment=[two])
    with pytest.raises(MeasurementError, match=rf"come from the same experiment \({two}\)"):
        _dataset(*entries)


def test_belle_and_belle_ii_are_two_experiments(make_entry: Maker) -> None:
    dataset = _dataset(make_entry("one", "2019", experiment=["Belle"]), make_entry("two", "2020", experiment=["Belle II"]))
    assert dataset.ids == ("one", "two")


def test_a_reinterpretation_of_several_inputs_is_treated_like_an_average(make_entry: Maker) -> None:
    one, two = make_entry("one", "2018"), make_entry("two", "2018")
    recast = make_entry("recast", "2019", kind="reinterpretation", relations={"inputs": ["one", "two"]})
    dataset = _dataset(one, two, recast)
    assert dataset.ids == ("recast",)
    assert _reasons(dataset, "one") == {"inside the reinterpretation recast"}
    individual = _dataset(one, two, recast, policy="individual")
    assert individual.ids == ("one", "two")
    assert _reasons(individual, "recast") == {"a reinterpretation of measurements used one by one (one, two)"}


def test_a_reinterpretation_has_the_experiments_of_its_inputs(make_entry: Maker) -> None:
    one = make_entry("one", "2018", experiment=["Belle"])
    recast = make_entry("recast", "2019", experiment=["Authors"], kind="reinterpretation", relations={"inputs": ["one"]})
    assert _dataset(one, recast, make_entry("new", "2020", experiment=["LHCb"])).ids == ("new", "recast")
    with pytest.raises(MeasurementError, match=r"new and recast both measure R\(D\) and come from the same experiment"):
        _dataset(one, recast, make_entry("new", "2020", experiment=["Belle"], relations={"independent_of": ["one"]}))


def test_what_replaces_an_average_is_not_used_beside_its_inputs(make_entry: Maker) -> None:
    one = make_entry("one", "2018")
    newer_one = make_entry("newer-one", "2019", relations={"supersedes": ["one"]})
    average = make_entry("average", "2020", kind="average", relations={"inputs": ["one"]})
    newer = make_entry("newer", "2021", relations={"supersedes": ["average"]})
    assert _dataset(one, average, newer).ids == ("newer",)
    individual = _dataset(one, average, newer, policy="individual")
    assert individual.ids == ("one",)
    assert _reasons(individual, "newer") == {"replaces the average average, whose inputs are used one by one (one)"}
    assert _dataset(one, newer_one, average, newer, policy="individual").ids == ("newer-one",)
    hidden = make_entry("one", "2018", provenance={"level": "unverified", "how": "from memory"})
    assert _dataset(hidden, average, newer, policy="individual").ids == ("newer",)


def test_a_form_asked_for_takes_precedence_over_what_replaces_its_average(make_entry: Maker) -> None:
    total = make_entry("total", "2019", representation={"group": "set", "name": "total", "default": True})
    binned = make_entry("binned", "2019", representation={"group": "set", "name": "binned"})
    average = make_entry("average", "2020", kind="average", relations={"inputs": ["total"]})
    newer = make_entry("newer", "2021", relations={"supersedes": ["average"]})
    assert _dataset(total, binned, average, newer).ids == ("newer",)
    assert _dataset(total, binned, average, newer, representations={"set": "binned"}).ids == ("binned",)


def test_replacing_a_shipped_average_counts_nothing_twice(write: Callable[..., Path], vocabulary: MeasurementVocabulary) -> None:
    path = write(relations="{supersedes: [hflav-rdst-ckm25]}")
    assert _mistakes(path, vocabulary) == []
    average, individual = (load_measurements(as_of=DAY, directories=path, policy=one) for one in ("average", "individual"))
    assert [item.entry.id for item in average.select("R(D)")] == ["mine"]
    assert "mine" not in individual
    assert individual.content_hash == load_measurements(as_of=DAY, policy="individual").content_hash
    assert {reason.split(",")[0] for reason in _reasons(individual, "mine")} == {"replaces the average hflav-rdst-ckm25"}


def test_of_two_averages_of_one_day_none_is_the_newer(make_entry: Maker) -> None:
    one, two = make_entry("one", "2018"), make_entry("two", "2018")
    first = make_entry("first", "2020", kind="average", relations={"inputs": ["one"]})
    second = make_entry("second", "2020", kind="average", relations={"inputs": ["one", "two"]})
    with pytest.raises(MeasurementError, match=r"second and first both measure .* and are both averages"):
        _dataset(one, two, first, second)
    assert _dataset(one, two, first, second, policy="individual").ids == ("one", "two")


@pytest.mark.parametrize("policy", ["average", "individual"])
def test_two_entries_that_replace_the_same_one_are_refused(make_entry: Maker, policy: Any) -> None:
    old = make_entry("old", "2018", observables=["R(D)", "R(D*)"])
    one = make_entry("one", "2019", relations={"supersedes": ["old"]})
    two = make_entry("two", "2020", relations={"supersedes": ["old"]})
    with pytest.raises(MeasurementError, match=r"two and one both measure R\(D\) and both contain or replace old"):
        _dataset(old, one, two, policy=policy)
    other = make_entry("other", "2020", observables=["R(D*)"], relations={"supersedes": ["old"]})
    assert _dataset(old, one, other, policy=policy).ids == ("one", "other")


def test_an_average_without_inputs_is_told_once_what_to_write(
    write: Callable[..., Path], vocabulary: MeasurementVocabulary
) -> None:
    path = write(kind="average", experiment="Myself")
    (found,) = _mistakes(path, vocabulary)
    assert (found.file, found.line, found.entry) == (str(path), 5, "mine")
    assert found.message.startswith("mine and others measure R(D), R(D*) and may contain the same data")
    assert "are both averages: hflav-rdst-ckm25" in found.message
    (inside,) = [part.rstrip("`") for part in found.message.split("an average of them has `")[1:]]
    assert inside.startswith("inputs: [babar-rd-rdst-2012, ")
    # what it proposes (and that it replaces the average) is accepted
    assert [
        one
        for one in check_paths(write(kind="average", relations=f"{{supersedes: [hflav-rdst-ckm25], {inside}}}"), vocabulary)
        if not one.note
    ] == []


@pytest.mark.parametrize("date", ["2012-01-01", "2026-10-01"])
def test_a_conflict_is_told_at_the_entry_of_the_user(
    write: Callable[..., Path], vocabulary: MeasurementVocabulary, date: str
) -> None:
    path = write(experiment="Babar", date=date)
    for told in (_mistakes(path, vocabulary), _refused(directories=path), _refused(directories=path, policy="individual")):
        assert [(one.file, one.line, one.entry) for one in told] == [(str(path), 5, "mine")]
    (found,) = _mistakes(path, vocabulary)
    assert "babar-rd-rdst-2012" in found.message
    assert ("(newer, so nothing else can be said here)" in found.message) == (date < "2012-05")
    independent = "{independent_of: [hflav-rdst-ckm25, babar-rd-rdst-2012]}"
    assert [
        one for one in check_paths(write(experiment="Babar", date=date, relations=independent), vocabulary) if not one.note
    ] == []


def test_double_counts_are_searched_only_among_files_without_mistakes(
    write: Callable[..., Path], vocabulary: MeasurementVocabulary
) -> None:
    path = write(experiment="Babar")
    path.write_text(path.read_text(encoding="utf-8").replace("R(D*)", "R(Dst)"), encoding="utf-8")
    (found,) = _mistakes(path, vocabulary)
    assert "unknown observable 'R(Dst)'" in found.message


def test_the_shipped_files_are_searched_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shipped = Path(str(measurements_root())) / "babar" / "bctaunu.yaml"
    assert _mistakes(shipped) == []
    text = FILE.format(experiment="BABAR", kind="measurement", date="2026-10-01", relations="{}")
    (tmp_path / "mine.yaml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("FITLQ_MEASUREMENTS", str(tmp_path))
    assert [one.entry for one in _mistakes(shipped)] == ["mine"]


def test_a_stale_average_is_named_once_with_names_as_written(make_entry: Maker) -> None:
    bins = [{"name": "<FL>(B0->D*taunu)", "args": {"q2min": low, "q2max": low + 1}} for low in (4.0, 5.0)]
    written = ["R(D)", *bins]
    one = make_entry("one", "2018", observables=written)
    average = make_entry("average", "2019", kind="average", observables=written, relations={"inputs": ["one"]})
    newer = make_entry("newer", "2020", observables=["Rtaul(B->Dlnu)", *bins], relations={"supersedes": ["one"]})
    database = {entry.id: entry for entry in (one, average, newer)}
    rules = Rules(datetime.date(2025, 6, 30))
    assert build_dataset(database, rules, MeasurementVocabulary(load_registry())).warnings == (
        "STALE AVERAGE: average does not know newer, which replaces one of its inputs for R(D), <FL>(B0->D*taunu); "
        'policy "individual" would use it',
    )


def _in_play(*entries: Entry, **rules: Any) -> Dataset:
    database = {entry.id: entry for entry in entries}
    return build_dataset(database, Rules(datetime.date(2026, 11, 20), "individual", **rules))


def test_what_is_said_of_one_form_holds_for_all(make_entry: Maker) -> None:
    forms = [
        make_entry("old", "2020-01-01", experiment=["E"], representation={"group": "old", "name": "published", "default": True}),
        make_entry("old-rescaled", "2024-01-01", experiment=["E"], representation={"group": "old", "name": "rescaled"}),
    ]
    silent = make_entry("new", "2026-01-01", experiment=["E"])
    rescaled = {"representations": {"old": "rescaled"}}
    with pytest.raises(MeasurementError, match="new and old-rescaled both measure"):
        _in_play(*forms, silent, **rescaled)
    told = make_entry("new", "2026-01-01", experiment=["E"], relations={"independent_of": ["old"]})
    assert _in_play(*forms, told, **rescaled).ids == ("new", "old-rescaled")
    assert _in_play(*forms, told).ids == ("new", "old")


def test_entries_of_one_form_speak_only_for_themselves(make_entry: Maker) -> None:
    """Two bins of one form that overlap are not excused by what a third one says."""
    form = {"group": "g", "name": "bins", "default": True}

    def part(name: str, **relations: Any) -> Entry:
        return make_entry(name, "2026-01-01", experiment=["E"], representation=form, relations=relations)

    with pytest.raises(MeasurementError, match="b and a both measure"):
        _in_play(part("a"), part("b"), make_entry("c", "2025-01-01", experiment=["F"]))
    assert _in_play(part("a"), part("b", independent_of=["a"])).ids == ("a", "b")
    with pytest.raises(MeasurementError, match="c and others measure"):
        _in_play(part("a"), part("b", independent_of=["a"]), part("c"))
