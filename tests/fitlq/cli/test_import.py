"""``fitlq import``: what is printed, exit status, JSON, wrong words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.fitlq.importing.workspaces import counting_workspace

FLAVIO = "Lab 2020:\n  experiment: Lab\n  values: {invented: 1.0 ± 0.5, bare: 3}\n"
TABLE = "independent_variables: []\ndependent_variables:\n- header: {name: BR}\n  values: [{value: 2, errors: [{symerror: 1}]}]\n"


@pytest.fixture
def files(tmp_path: Path) -> Path:
    (tmp_path / "mine.yml").write_text(FLAVIO, encoding="utf-8")
    (tmp_path / "table.yaml").write_text(TABLE, encoding="utf-8")
    (tmp_path / "workspace.json").write_text(json.dumps(counting_workspace()), encoding="utf-8")
    return tmp_path


IMPORTS = {
    "flavio": ["mine.yml"],
    "hepdata": ["table.yaml", "--observable", "invented", "--date", "2026"],
    "pyhf": ["workspace.json", "--observable", "invented", "--poi", "mu", "--observable-per-unit", "2", "--date", "2026"],
}


@pytest.mark.parametrize("kind", IMPORTS)
def test_import_then_check(files, run, kind):
    outcome = run("import", kind, *IMPORTS[kind], "-o", "out")
    assert (outcome.status, outcome.err) == (0, "")
    assert "next: fitlq check out" in outcome.out
    assert run("check", "out").out == "out: no problem found\n"


def test_the_report_names_what_was_lost(files, run):
    out = run("import", "flavio", "mine.yml").out
    assert "1 of 2 numbers in 1 block written as 1 entry to 2 files of mine-imported" in out
    assert "Lab 2020 -> lab-2020 (1 of 2 numbers); NOT EXPRESSED: bare: '3' has no error" in out


def test_as_json(files, run):
    found = run("import", "flavio", "mine.yml", "--json").json
    assert found["blocks"][0]["entries"] == ["lab-2020"]
    assert found["unknown_names"] == ["invented"]


@pytest.mark.parametrize("kind", IMPORTS)
def test_every_format_has_help_with_an_example(run, kind):
    outcome = run("import", kind, "--help")
    assert outcome.status == 0
    assert outcome.out.startswith(f"usage: fitlq import {kind}")
    assert f"example:\n  fitlq import {kind}" in outcome.out


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], ["FORMAT"]),
        (["flavo", "mine.yml"], ["unknown format 'flavo'", "'flavio'"]),
        (["flavio"], ["FILE"]),
        (["flavio", "missing.yml"], ["missing.yml", "cannot be read"]),
        (["flavio", "mine.yml", "--date", "soon"], ["--date", "'soon'"]),
        (["flavio", "mine.yml", "-o", "."], ["nothing is overwritten"]),
        (["flavio", "mine.yml", "--observable", "R(D)"], ["unknown option --observable"]),
        (["hepdata", "table.yaml"], ["--observable"]),
        (["hepdata", "table.yaml", "--observable", "invented", "--arg", "q2"], ["--arg q2", "NAME=VALUE"]),
        (["hepdata", "table.yaml", "--observable", "invented", "--limit", "90"], ["--limit", "between 0 and 1"]),
        (["hepdata", "table.yaml", "--observable", "invented", "--correlation", "all=m.yaml"], ["stat, syst or total"]),
        (["hepdata", "mine.yml", "--observable", "invented"], ["mine.yml", "not a HEPData table"]),
        (["pyhf", "workspace.json", "--observable", "invented"], ["--observable-per-unit"]),
        (["pyhf", "mine.yml", "--observable", "invented", "--observable-per-unit", "1"], ["mine.yml", "not a JSON file"]),
    ],
)
def test_wrong_words(files, refused, words, expected):
    message = refused("import", *words)
    for text in expected:
        assert text in message
