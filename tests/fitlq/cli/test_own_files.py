"""A user's own model and measurements change: nothing of before is shown as if it belonged to what is there now."""

from __future__ import annotations

from pathlib import Path

import pytest

MODEL = """
from fitlq_theory.contracts import Parameter


class Mine:
    name, title, reference = "mine", "test model", "none"
    eft, basis, scale = "WET", "flavio", None
    parameters = (Parameter("x", "x", "a coupling", -1.0, 1.0, 0.0),)

    def coefficients(self, points):
        return {"CVL_bctaunutau": FACTOR * points[:, 0]}


class Other(Mine):
    name = "other"
"""
SELECTION = ("--observables", "hflav-rdst-ckm25", "--theory-errors", "sm")


@pytest.fixture
def model_file(tmp_path: Path) -> Path:
    path = tmp_path / "my_model.py"
    path.write_text(MODEL.replace("FACTOR", "1.0"), encoding="utf-8")
    return path


def test_name_and_file_together_pick_the_model(run, model_file):
    for words in (("fit", "mine"), ("fit", "other"), ("predict", "Mine")):
        outcome = run(*words, "--model-file", model_file, *(SELECTION if words[0] == "fit" else ("--observables", "R(D)")))
        assert outcome.status == 0, outcome.err
    assert "Fit of other" in run("fit", "other", "--model-file", model_file, *SELECTION).out


def test_unknown_name_in_the_file(refused, model_file):
    assert "unknown model 'mina'; did you mean 'Mine'" in refused("fit", "mina", "--model-file", model_file)


def test_chain_of_an_older_model_is_set_aside_by_a_new_fit(run, refused, model_file):
    problem = ("mine", "--model-file", model_file, *SELECTION)
    assert run("sample", *problem, "--steps", "60", "-o", "result").status == 0
    result = model_file.parent / "result"
    model_file.write_text(MODEL.replace("FACTOR", "2.0"), encoding="utf-8")
    fit = run("fit", *problem, "-o", "result")
    assert fit.status == 0
    assert "kept as chain-before.h5" in fit.err
    assert (result / "chain-before.h5").exists()
    assert not (result / "chain.h5").exists()
    assert "holds no chain" in refused("corner", "result")


def test_corner_refuses_a_foreign_chain(run, refused, model_file):
    for factor, folder in (("1.0", "one"), ("3.0", "two")):
        model_file.write_text(MODEL.replace("FACTOR", factor), encoding="utf-8")
        assert run("sample", "mine", "--model-file", model_file, *SELECTION, "--steps", "60", "-o", folder).status == 0
    here = model_file.parent
    (here / "one" / "corner.png").unlink()
    (here / "one" / "chain.h5").write_bytes((here / "two" / "chain.h5").read_bytes())
    assert "is not a chain of the fit beside it" in refused("corner", "one")
    assert not (here / "one" / "corner.png").exists()


def test_wet_model_with_a_scale_is_refused_by_check_and_fit(run, refused, model_file):
    text = MODEL.replace("FACTOR", "1.0").replace('"flavio", None', '"flavio", 4.8')
    model_file.write_text(text, encoding="utf-8")
    assert "'scale' of a WET model must be None" in refused("fit", "mine", "--model-file", model_file, *SELECTION)
    check = run("check", model_file)
    assert check.status == 2


def test_own_data_without_effect_are_named(run, tmp_path):
    future = tmp_path / "future.yaml"
    future.write_text(
        "schema: fitlq-measurements/1\nsource: mine\nentries:\n- id: mine-rd-2090\n  kind: measurement\n  process: bctauno\n"
        "  experiment: [Mine]\n  date: '2090-01-15'\n  refs: {url: 'https://example.org/mine'}\n  observables:\n"
        "  - {name: R(D)}\n  data: {type: gauss, central: [0.3], errors: {stat: [0.01]}}\n"
        "  provenance: {level: primary, how: invented for a test}\n",
        encoding="utf-8",
    )
    outcome = run("fit", "wet", "--free", "CVL_bctaunutau", *SELECTION, "--data", future)
    assert outcome.status == 0
    assert "none of its numbers enters the fit" in outcome.err
    assert "did you mean 'bctaunu'?" in outcome.err


def test_predict_with_arguments(run):
    rows = run("predict", "s1_lmu_ltau", "--observables", "<BR>(B0->Dtaunu) q2min=4 q2max=6", "--json").json["predictions"]
    assert [(row["observable"], row["args"]) for row in rows] == [("<BR>(B0->Dtaunu)", {"q2min": 4.0, "q2max": 6.0})]
    assert 1e-3 < rows[0]["value"] < 3e-3


def test_output_that_cannot_show_greek_letters(execute):
    outcome = execute("observables", "R(D)", PYTHONIOENCODING="ascii")
    assert outcome.status == 0
    assert "Rtaul" in outcome.out
