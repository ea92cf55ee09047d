"""The comparison with other codes over all processes: nothing deviates without a reason, and the page is of today."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks import validation
from benchmarks.validation_page import section


@pytest.mark.slow
def test_every_number_of_another_code_is_met_or_explained(capsys: pytest.CaptureFixture[str]) -> None:
    rows = validation.compare_all()
    with capsys.disabled():
        print(f"\n{validation.table(rows)}")
    assert validation.unexplained(rows) == ()
    assert sum(row.entries for row in rows) >= 5400
    page = section("flavio")
    shown = {process: int(count) for process, count in re.findall(r"^\| (\w+) \| \d+ \| (\d+) \|", page, re.MULTILINE)}
    missing = {row.process: row.entries for row in rows if shown.get(row.process) != row.entries}
    assert missing == {}, "docs/validation.md is not of today: python -m benchmarks.validation --write"


def test_a_wrong_number_is_found_and_a_strange_one_counted(tmp_path: Path) -> None:
    path = tmp_path / "muon.json"
    path.write_text(
        """{"points": [{}, {"C7_mumu": [0.1, 0.0]}], "entries": [
        {"observable": "a_mu", "point": 0, "value": 1.16592033e-3},
        {"observable": "a_mu", "point": "SM", "coefficients": {}, "value": 1.17e-3},
        {"observable": "a_mu", "point": "SM", "coefficients": {}, "value": 1.0, "value_corrected": 1.16592033e-3},
        ["a_mu", "SM", 0, 1.16592033e-3],
        {"observable": "a_nothing", "point": 0, "value": 1.0}, {"observable": "a_mu"}]}"""
    )
    comparison = validation.Comparison(validation.load_inputs("flavio-2.7.1"), validation.load_registry())
    row = validation.compare(path, comparison)
    assert (row.observables, row.entries, row.missing) == (1, 4, 2)
    assert row.worst == pytest.approx(4.08e-3 / 1.17, rel=1e-3, abs=0)
    assert row.beyond == ("a_mu",)
    assert validation.unexplained((row,)) == ("a_mu",)


def test_explanations_are_sections_of_the_page_of_differences() -> None:
    sections = set(validation.DIFFERENCES.read_text(encoding="utf-8").splitlines())
    assert {f"## {section}" for section, _ in validation.EXPLAINED.values()} <= sections
