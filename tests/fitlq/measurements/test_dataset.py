"""Loading, laying folders over each other, choosing by name, and what a data set says about itself."""

from __future__ import annotations

import datetime
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from fitlq.measurements import (
    Dataset,
    Entry,
    GaussianData,
    MeasurementError,
    MeasurementVocabulary,
    Selected,
    check_paths,
    diff_measurements,
    load_entries,
    load_measurements,
    read_entry,
)
from fitlq_theory.errors import InputError, UnknownNameError
from fitlq_theory.observables.registry import load_registry

Maker = Callable[..., Entry]
DAY = "2026-11-20"
NEW = """
schema: fitlq-measurements/1
source: mine
entries:
- id: {id}
  kind: measurement
  process: bctaunu
  experiment: [My experiment]
  date: '2026-10-01'
  refs: {{}}
  observables:
  - {{name: R(D*)}}
  data: {{type: gauss, central: [{central}], errors: {{total: [0.005]}}}}
  relations: {{supersedes: [{supersedes}]}}
  provenance: {{level: primary, how: invented for a test}}
"""


@pytest.fixture(scope="module")
def dataset() -> Dataset:
    return load_measurements(as_of=DAY)


def _write(folder: Path, name: str, central: float = 0.27, supersedes: str = "") -> Path:
    path = folder / f"{name}.yaml"
    path.write_text(NEW.format(id=name, central=central, supersedes=supersedes), encoding="utf-8")
    return path


def test_importing_is_light() -> None:
    code = (
        "import sys, fitlq.measurements\n"
        "print([m for m in ('pandas', 'scipy', 'jsonschema', 'matplotlib', 'iminuit') if m in sys.modules])"
    )
    root = Path(__file__).parents[3]
    path = f"import sys; sys.path[:0] = [{str(root)!r}, {str(root / 'theory')!r}]\n"
    run = subprocess.run([sys.executable, "-c", path + code], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"


def test_defaults_are_averages_and_today() -> None:
    dataset = load_measurements()
    assert dataset.policy == "average"
    assert dataset.as_of == datetime.date.today()


def test_iteration_gives_entries_with_what_survives_of_them(dataset: Dataset) -> None:
    assert [item.entry.id for item in dataset] == sorted(dataset.ids)
    item = dataset["belle-rdst-taupol-2016"]
    assert item.observables == (("Ptau(B0->D*taunu)", {}),)
    assert item.indices == (1,)
    assert isinstance(item.data, GaussianData)
    assert item.data.central.tolist() == [-0.38]
    assert "belle-rdst-taupol-2016" in dataset
    assert len(dataset) == len(dataset.ids)
    assert repr(dataset).startswith("<Dataset as of 2026-11-20, policy average: ")


def test_an_unused_entry_says_why(dataset: Dataset) -> None:
    with pytest.raises(UnknownNameError, match="babar-rd-rdst-2012 is not used: inside the average hflav-rdst-ckm25"):
        dataset["babar-rd-rdst-2012"]
    with pytest.raises(UnknownNameError, match="did you mean 'hflav-rdst-ckm25'"):
        dataset["hflav-rdst-ckm26"]


def test_a_name_that_exists_is_not_a_wildcard(dataset: Dataset) -> None:
    assert [item.observables for item in dataset.select("R(D*)")] == [(("R(D*)", {}),)]
    assert [item.observables for item in dataset.select("R(D*)*")] == [(("R(D)", {}), ("R(D*)", {}))]
    assert dataset.select("BR(B+->K*nunu)").n_observables == 3
    assert {name for item in dataset.select("BR(B?->K*nunu)") for name, _ in item.observables} == {
        "BR(B+->Knunu)",
        "BR(B0->Knunu)",
        "BR(B+->K*nunu)",
        "BR(B0->K*nunu)",
    }


@pytest.mark.parametrize(
    ("choice", "ids"),
    [
        ("g2", ("pdg-ae-atau-2018", "world-amu-2025")),
        ("hflav-*", None),
        (["R_trident*", "eps_K"], ("ccfr-trident-1991", "charm2-trident-1990", "pdg-epsk-2018")),
        (
            lambda item: item.entry.experiment == ("KOTO",),
            ("koto-klpinunu-2018", "koto-klpinunu-2020", "koto-klpinunu-2024"),
        ),
    ],
)
def test_choosing_and_excluding_are_complements(dataset: Dataset, choice: object, ids: tuple[str, ...] | None) -> None:
    kept, rest = dataset.select(choice), dataset.without(choice)  # type: ignore[arg-type]
    if ids is not None:
        assert kept.ids == ids
    assert kept.n_observables + rest.n_observables == dataset.n_observables
    assert kept.n_observables > 0
    assert len(kept.left_out) == len(dataset.left_out) + rest.n_observables
    assert len({kept.content_hash, rest.content_hash, dataset.content_hash}) == 3
    assert load_measurements(as_of=DAY).content_hash == dataset.content_hash


def test_reasons_of_choices(dataset: Dataset) -> None:
    assert {out.reason for out in dataset.without("g2").left_out if out.entry_id == "world-amu-2025"} == {"excluded (g2)"}
    chosen = dataset.select(["kaon_rare", "g2"])
    assert {out.reason for out in chosen.left_out if out.entry_id == "hflav-rdst-ckm25"} == {"not selected (kaon_rare, g2)"}


def test_a_choice_of_nothing_is_an_error_and_of_unused_data_a_warning(dataset: Dataset) -> None:
    with pytest.raises(UnknownNameError, match=r"'R\(Dst\)'; did you mean 'R\(D\)'"):
        dataset.select("R(Dst)")
    with pytest.raises(UnknownNameError, match="zzz"):
        dataset.without(["g2", "zzz"])
    chosen = dataset.select("babar-rd-rdst-2012")
    assert len(chosen) == 0
    assert chosen.warnings[-1].endswith("babar-rd-rdst-2012: inside the average hflav-rdst-ckm25")


def test_processes() -> None:
    dataset = load_measurements(as_of=DAY, processes=["trident", "g2"])
    assert {item.entry.process for item in dataset} == {"trident", "g2"}
    with pytest.raises(UnknownNameError, match="unknown process 'tridents'; did you mean 'trident'"):
        load_measurements(as_of=DAY, processes=["tridents"])


def test_canonical_names_choose_too() -> None:
    dataset = load_measurements(as_of=DAY, vocabulary=MeasurementVocabulary(load_registry()))
    assert dataset.select("Rtaul(B->D*lnu)").ids == ("hflav-rdst-ckm25",)
    assert dataset.canonical("R(D)") == "Rtaul(B->Dlnu)"


def test_a_folder_of_the_user_adds_supersedes_and_replaces(tmp_path: Path, dataset: Dataset) -> None:
    _write(tmp_path, "my-rdst")
    assert set(load_measurements(as_of=DAY, directories=[tmp_path]).ids) == {*dataset.ids, "my-rdst"}
    _write(tmp_path, "my-rdst", supersedes="hflav-rdst-ckm25")
    replaced = load_measurements(as_of=DAY, directories=[tmp_path])
    assert {out.reason for out in replaced.left_out if out.entry_id == "hflav-rdst-ckm25"} == {"replaced by my-rdst"}
    _write(tmp_path, "hflav-rdst-ckm25", central=0.29)
    (tmp_path / "my-rdst.yaml").unlink()
    laid_over = load_measurements(as_of=DAY, directories=[tmp_path])
    item = laid_over["hflav-rdst-ckm25"]
    assert item.entry.file == str(tmp_path / "hflav-rdst-ckm25.yaml")
    assert item.observables == (("R(D*)", {}),)
    assert any(text.startswith("hflav-rdst-ckm25: the entry of") for text in laid_over.warnings)


def test_the_environment_adds_folders_below_those_of_the_call(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    _write(first, "my-rdst", 0.25)
    _write(second, "my-rdst", 0.26)
    monkeypatch.setenv("FITLQ_MEASUREMENTS", str(first))
    assert load_measurements(as_of=DAY)["my-rdst"].entry.document["data"]["central"] == [0.25]
    assert load_measurements(as_of=DAY, directories=[second])["my-rdst"].entry.document["data"]["central"] == [0.26]
    monkeypatch.setenv("FITLQ_MEASUREMENTS", str(tmp_path / "nowhere"))
    with pytest.raises(InputError, match="named in the environment variable FITLQ_MEASUREMENTS"):
        load_measurements(as_of=DAY)


def test_entries_and_files_can_be_added_to_a_data_set(tmp_path: Path, dataset: Dataset, make_entry: Maker) -> None:
    path = _write(tmp_path, "my-rdst", supersedes="hflav-rdst-ckm25")
    larger = dataset.with_(path)
    using = {name: [item.entry.id for item in larger.select(name)] for name in ("R(D)", "R(D*)")}
    # what was inside the replaced average is replaced with it; what the new entry does not measure comes back
    assert using["R(D*)"] == ["my-rdst"]
    assert "babar-rd-rdst-2012" in using["R(D)"]
    assert "my-rdst" not in using["R(D)"]
    assert (
        dataset.with_([path, make_entry("other", "2026-10-02", experiment=["Other"])]).n_observables == larger.n_observables + 1
    )
    assert "hflav-rdst-ckm25" in dataset.ids


def test_earlier_choices_hold_for_everything_but_what_is_added(dataset: Dataset, make_entry: Maker) -> None:
    chosen = dataset.select("g2").with_(make_entry("other", "2026-10-02", experiment=["Other"]))
    assert chosen.ids == ("other", "pdg-ae-atau-2018", "world-amu-2025")


def test_adding_something_twice_is_refused(dataset: Dataset, make_entry: Maker) -> None:
    with pytest.raises(MeasurementError, match="my-rd and hflav-rdst-ckm25 both measure"):
        dataset.with_(make_entry("my-rd", "2026-10-02", experiment=["Belle II"]))
    with pytest.raises(InputError, match="nowhere"):
        dataset.with_("nowhere.yaml")


def test_selected_forms() -> None:
    default = load_measurements(as_of=DAY, policy="individual")
    assert "belle2-bp2kpnunu-2023" in default
    chosen = load_measurements(as_of=DAY, representations={"belle2-bp2kpnunu-2023": "tags"})
    assert "belle2-bp2kpnunu-2023-tags" in chosen
    # the average contains the same data, so its other inputs come back one by one
    assert "hflav-bp2kpnunu-dec25" not in chosen
    assert "belle-bp2kpnunu-sl-2017-value" in chosen
    labels = [str(reference) for reference in chosen["belle2-bp2kpnunu-2023-tags"].references]
    assert labels == ["BR(B+->Knunu) (inclusive tag)", "BR(B+->Knunu) (hadronic tag)"]


def test_round_trip_of_every_entry() -> None:
    entries, _ = load_entries()
    for entry in entries.values():
        again = read_entry(entry.document)
        assert (again.id, again.observables, again.relations, again.date) == (
            entry.id,
            entry.observables,
            entry.relations,
            entry.date,
        )
        assert Selected(again, (0,)).entry.document == entry.document
        if isinstance(entry.data, GaussianData):
            assert isinstance(again.data, GaussianData)
            assert (again.data.covariance() == entry.data.covariance()).all()


@pytest.mark.parametrize("as_of", ["yesterday", "2026-13", "26-01-01"])
def test_malformed_days_are_refused(as_of: str) -> None:
    with pytest.raises(InputError, match=f"as_of: '{as_of}' is not a date"):
        load_measurements(as_of=as_of)


@pytest.mark.parametrize("as_of", [2026, 2026.5, ["2026"]])
def test_days_that_are_no_text_are_refused(as_of: Any) -> None:
    with pytest.raises(InputError, match=r"as_of: .* is not a date; write text, e.g. '2026', '2026-11'"):
        load_measurements(as_of=as_of)


def test_one_folder_one_process_and_a_point_in_time_need_no_list(tmp_path: Path, dataset: Dataset) -> None:
    _write(tmp_path, "my-rdst")
    noon = datetime.datetime(2026, 11, 20, 12, 0, tzinfo=datetime.timezone.utc)
    for place in (tmp_path, str(tmp_path)):
        assert set(load_measurements(as_of=noon, directories=place).ids) == {*dataset.ids, "my-rdst"}
        assert "my-rdst" in load_entries(place)[0]
        assert [one for one in check_paths(place) if not one.note] == []
        changes = diff_measurements(datetime.date(2026, 9, 30), noon, directories=place)
        assert ("my-rdst",) in [tuple(set(change.new_ids) - set(change.old_ids)) for change in changes]
    only = load_measurements(as_of=DAY, processes="g2")
    assert only.as_of == datetime.date(2026, 11, 20)
    assert {item.entry.process for item in only} == {"g2"}


def test_an_entry_made_in_python_is_checked_like_a_file() -> None:
    with pytest.raises(MeasurementError, match="missing key 'kind'"):
        read_entry({"id": "x"})


def test_a_folder_brings_its_own_names(tmp_path: Path, dataset: Dataset) -> None:
    vocabulary = MeasurementVocabulary(load_registry())
    path = tmp_path / "mine.yaml"
    path.write_text(NEW.format(id="mine", central=1.0, supersedes="").replace("R(D*)", "R(Xi_c)"), encoding="utf-8")
    with pytest.raises(MeasurementError, match=r"unknown observable 'R\(Xi_c\)'"):
        load_measurements(as_of=DAY, directories=[tmp_path], vocabulary=vocabulary)
    words = "schema: fitlq-vocabulary/1\nterms:\n- {name: R(Xi_c), unit: '1', meaning: a test}\n"
    (tmp_path / "vocabulary.yaml").write_text(words, encoding="utf-8")
    assert "mine" in load_measurements(as_of=DAY, directories=[tmp_path], vocabulary=vocabulary)
    assert [one for one in check_paths([path], vocabulary) if not one.note] == []
    assert "mine" in load_measurements(as_of=DAY, vocabulary=vocabulary).with_(path)
