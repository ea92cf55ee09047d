"""The page of the documentation made from the data, and the titles of processes."""

from __future__ import annotations

from pathlib import Path

import pytest

from fitlq.measurements import MeasurementError, MeasurementVocabulary, check_paths, load_processes
from fitlq.measurements.coverage import _blocks as blocks_of_years
from fitlq.measurements.coverage import coverage, coverage_page
from fitlq_theory.observables import load_registry

PAGE = Path(__file__).parents[3] / "docs" / "coverage.md"


def test_the_page_is_up_to_date() -> None:
    up_to_date = PAGE.read_text(encoding="utf-8") == coverage_page()
    assert up_to_date, "the data changed: run  python -m fitlq.measurements.coverage > docs/coverage.md"


def test_the_page_does_not_depend_on_folders_of_the_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = coverage_page()
    (tmp_path / "vocabulary.yaml").write_text("schema: fitlq-vocabulary/1\nprocesses: {bctaunu: mine}\n", encoding="utf-8")
    monkeypatch.setenv("FITLQ_MEASUREMENTS", str(tmp_path))
    assert load_processes()["bctaunu"] == "mine"
    assert coverage_page() == before


def test_a_row_counts(make_entry) -> None:
    entries = [
        make_entry("a", "2019", observables=["R(D)", "R(J/psi)"]),
        make_entry("b", "2021-05", provenance={"level": "secondary", "how": "a test"}),
    ]
    (row,) = coverage(entries, {"bctaunu": "a title"}, MeasurementVocabulary(load_registry()))
    assert (row.title, row.n_entries, row.n_numbers, row.n_predicted) == ("a title", 2, 3, 2)
    assert row.levels == {"primary": 1, "secondary": 1, "unverified": 0}
    assert row.numbers_by_year == {2019: 2, 2021: 1}
    assert row.newest.id == "b"


@pytest.mark.parametrize(
    ("years", "blocks"),
    [
        ((2021, 2026), [(y, y) for y in range(2021, 2027)]),
        ((1988, 2026), [(1988, 1989), (1990, 1994), (1995, 1999), (2000, 2004), (2005, 2009), (2010, 2014), (2015, 2019)]
         + [(y, y) for y in range(2020, 2027)]),
        ((2017, 2028), [(2017, 2019), (2020, 2021)] + [(y, y) for y in range(2022, 2029)]),
    ],
)  # fmt: skip
def test_years_in_blocks_of_five_and_the_newest_one_by_one(years: tuple[int, int], blocks: list[tuple[int, int]]) -> None:
    assert blocks_of_years(*years) == blocks


def test_every_process_of_the_shipped_data_has_a_title(shipped) -> None:
    assert {entry.process for entry in shipped.values()} <= set(load_processes())


def test_a_shipped_process_without_a_title_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    database = Path(__file__).parents[1] / "data" / "invented_database"
    copied = tmp_path / "database"
    for file in database.rglob("*.yaml"):
        target = copied / file.relative_to(database)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(file.read_text(encoding="utf-8").replace("  shapes: invented spectra\n", ""), encoding="utf-8")
    monkeypatch.setattr("fitlq.measurements.locations.measurements_root", lambda: copied)
    monkeypatch.setattr("fitlq.measurements.processes.measurements_root", lambda: copied)
    found = check_paths(copied, MeasurementVocabulary(load_registry()))
    assert {one.key for one in found} == {"process"}
    assert len(found) == 6
    assert "the process 'shapes' has no title (titles: vocabulary/processes.yaml, key processes)" in found[0].message
    # the same entries in a folder of the user's are fine
    monkeypatch.undo()
    mine = tmp_path / "mine.yaml"
    mine.write_text(
        (copied / "exp_b" / "all.yaml").read_text(encoding="utf-8").split("- id: exp-b-ratio-2021\n")[0], encoding="utf-8"
    )
    assert [one for one in check_paths(mine) if one.key == "process"] == []


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("processes: [a]", "or a mapping 'processes' (name: title)"),
        ("processes: {a: 1}", "processes.a: the title must be text, found 1"),
    ],
)
def test_malformed_titles_are_refused(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "vocabulary.yaml").write_text(f"schema: fitlq-vocabulary/1\n{text}\n", encoding="utf-8")
    with pytest.raises(MeasurementError) as caught:
        load_processes(tmp_path)
    assert message in str(caught.value)
    assert message in "\n".join(map(str, check_paths(tmp_path)))
