from __future__ import annotations

import time

import pytest

from fitlq.quickstart import STEPS

pytestmark = pytest.mark.slow


def test_first_result_from_nothing_and_again(execute, tmp_path):
    cache = str(tmp_path / "cache")
    start = time.monotonic()
    outcome = execute("quickstart", FITLQ_CACHE=cache)
    # a minute is promised on two free cores; the machine that tests may be busy
    assert time.monotonic() - start < 120
    assert outcome.status == 0, outcome.err
    folder = tmp_path / "fitlq-quickstart"
    names = {item.name for item in folder.iterdir()}
    assert {"fit.json", "parameters.csv", "pulls.csv", "chain.h5", "corner.png", "pulls.png", "report.html"} <= names
    for snippet in ("Fit of s1_lmu_ltau", "yL2", "delta chi2", "what to try next", "fitlq sample fitlq-quickstart"):
        assert snippet in outcome.out
    chain = (folder / "chain.h5").read_bytes()
    again = execute("quickstart", "--json", FITLQ_CACHE=cache)
    assert again.status == 0, again.err
    assert (folder / "chain.h5").read_bytes() == chain
    assert again.json["fit"]["valid"] is True
    assert again.json["posterior"]["steps"] == STEPS


def test_a_folder_of_that_name_that_is_not_ours(executable_refuses, tmp_path):
    folder = tmp_path / "fitlq-quickstart"
    folder.mkdir()
    (folder / "mine.txt").write_text("precious", encoding="utf-8")
    assert "mine.txt" in executable_refuses("quickstart")
    assert [item.name for item in folder.iterdir()] == ["mine.txt"]
