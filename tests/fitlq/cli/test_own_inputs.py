"""A user's own file of theory inputs: checked, laid over a set by every verb that takes --inputs, found from any folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from fitlq.analysis import Analysis

OWN = """parameters:
  - {name: "a_mu SM", value: 1.165918e-3, error: 5.0e-10, unit: "", source: "made up", status: "read", date: "2026-01"}
correlation_blocks: []
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    path = tmp_path / "my_inputs.yaml"
    path.write_text(OWN, encoding="utf-8")
    return path


def test_check_of_a_good_file(run, own):
    assert run("check", own, "--strict").out == f"{own}: no problem found\n"


def test_check_names_file_line_parameter_key_and_the_nearest_name(run, own):
    own.write_text(OWN.replace("a_mu SM", "a_mu").replace("source:", "sourc:"), encoding="utf-8")
    outcome = run("check", own)
    assert outcome.status == 2
    first, second, third, last = outcome.err.splitlines()
    assert first == f"{own}:2, entry a_mu, sourc: unknown key 'sourc'; did you mean 'source'?"
    assert second == f"{own}:2, entry a_mu, source: is missing; is 'sourc' meant to be it?"
    assert third.startswith(f"{own}:2, entry a_mu, name: unknown input parameter 'a_mu'; did you mean")
    assert "'a_mu SM'" in third
    assert last == "fitlq check: 3 problems"


def test_notes_do_not_count_unless_asked_for(run, own):
    own.write_text(OWN.replace(', date: "2026-01"', ""), encoding="utf-8")
    assert run("check", own).status == 0
    assert "date: is missing" in run("check", own).err
    assert run("check", own, "--strict").status == 2


def test_show_and_observables_use_the_file(run, own):
    assert "(1.16591800 ± 0.00000050)e-03" in run("show", "a_mu SM", "--inputs", own).out
    (found,) = run("observables", "a_mu", "--inputs", own, "--json").json
    assert found["standard_model"]["value"] == pytest.approx(1.165918e-3, rel=1e-12, abs=0)


def test_a_wrong_file_is_refused_with_its_line(refused, own):
    own.write_text(OWN.replace("5.0e-10", "-5.0e-10"), encoding="utf-8")
    message = refused("observables", "a_mu", "--inputs", own)
    assert f"{own}, line 2, a_mu SM, error: must not be negative" in message


def test_an_analysis_finds_the_file_from_any_folder(own, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    analysis = Analysis(model="wet", free=("C7_mumu",), inputs="my_inputs.yaml", observables=("a_mu",))
    assert analysis.inputs == str(own)
    monkeypatch.chdir("/")
    likelihood = analysis.build()
    assert likelihood.inputs.parameters["a_mu SM"].error == 5e-10
