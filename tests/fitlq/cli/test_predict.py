from __future__ import annotations

import json

import pytest

MODEL = '''"""A vector coupling, as a user would write it."""
import numpy as np
from fitlq_theory.contracts import Parameter


class Mine:
    name = "mine"
    title = "one coupling"
    reference = "none"
    eft = "WET"
    basis = "flavio"
    scale = None
    parameters = (Parameter("g", "g", "coupling", -1.0, 1.0, 0.1),)

    def coefficients(self, points):
        return {"CVL_bctaunutau": np.asarray(points)[:, 0]}
'''


def _row(data, name):
    (row,) = [row for row in data["predictions"] if row["observable"] == name]
    return row


def test_predictions_stand_next_to_data(execute):
    data = execute("predict", "wet", "CVL_bctaunutau=0.1", "--observables", "R(D)", "--observables", "R(D*)", "--json").json
    row = _row(data, "R(D*)")
    # a left-handed vector current scales the rate: (1 + 0.1)^2 up to flavio's electroweak factor
    assert row["value"] / row["standard_model"]["value"] == pytest.approx(1.21, rel=5e-3, abs=0)
    assert row["theory_error"] > 0
    assert row["measurement"]["id"] == "hflav-rdst-ckm25"
    assert row["pull"] < 0
    assert data["form_factors"]["b->c"] == "hflav"
    assert "wilson_coefficients" not in data


def test_unmeasured_observables_are_predicted_too(run):
    data = run("predict", "wet", "CVL_bctaunutau=0.1", "--observables", "BR(B+->Dtaunu)", "--json").json
    row = _row(data, "BR(B+->Dtaunu)")
    assert row["measurement"] is None
    assert row["pull"] is None
    assert row["value"] > row["standard_model"]["value"]


def test_wilson_coefficients_high_and_low(run):
    words = ("predict", "s1_lmu_ltau", "yL2=0.1", "yR2=-0.6", "--observables", "R(D)", "--wilson")
    found = run(*words, "--json").json["wilson_coefficients"]
    by_eft = {(c["name"], c["eft"]): c for c in found}
    assert by_eft["lq1_3333", "SMEFT"]["scale"] == 1500.0
    low = by_eft["CVL_bctaunutau", "WET"]
    assert low["scale"] == 4.8
    assert set(low["value"]) == {"re", "im"}
    assert "Warsaw up" in run(*words).out


@pytest.mark.parametrize("ending", ["json", "yaml"])
def test_wcxf_file(run, tmp_path, ending):
    content = {"eft": "WET", "basis": "flavio", "scale": 4.8, "values": {"CVL_bctaunutau": 0.1}}
    path = tmp_path / f"coefficients.{ending}"
    path.write_text(json.dumps(content), encoding="utf-8")
    words = ("--observables", "R(D*)", "--json")
    from_file = run("predict", "--wcxf", path, *words).json
    from_words = run("predict", "wet", "CVL_bctaunutau=0.1", *words).json
    assert _row(from_file, "R(D*)")["value"] == pytest.approx(_row(from_words, "R(D*)")["value"], rel=1e-12, abs=0)


@pytest.mark.parametrize(
    ("content", "snippet"),
    [
        ({"eft": "WET", "basis": "flavio", "scale": 4.8, "values": {"CVL_bctautau": 0.1}}, "CVL_bctaunutau"),
        ({"eft": "WET", "basis": "flavio", "scale": 91.2, "values": {"CVL_bctaunutau": 0.1}}, "needed at 4.8 GeV"),
        ({"eft": "WET", "basis": "EOS", "scale": 4.8, "values": {}}, "EOS"),
        ({"eft": "WET"}, "basis"),
    ],
)
def test_wrong_wcxf_files(refused, tmp_path, content, snippet):
    path = tmp_path / "coefficients.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    message = refused("predict", "--wcxf", path, "--observables", "R(D*)")
    assert "coefficients.json" in message
    assert snippet in message


def test_a_model_of_ones_own(run, tmp_path):
    (tmp_path / "mine.py").write_text(MODEL, encoding="utf-8")
    words = ("--observables", "R(D*)", "--json")
    mine = run("predict", "--model-file", "mine.py", "g=0.1", *words).json
    shipped = run("predict", "wet", "CVL_bctaunutau=0.1", *words).json
    assert _row(mine, "R(D*)")["value"] == pytest.approx(_row(shipped, "R(D*)")["value"], rel=1e-9, abs=0)
    assert run("check", "mine.py").status == 0
    fit = run("fit", "--model-file", "mine.py", "--observables", "R(D*)", "--json").json
    assert fit["model"] == "mine"


def test_text_has_one_row_per_measurement(run):
    text = run("predict", "wet", "CVL_bctaunutau=0.1", "--observables", "b2snunu").out
    assert "BR(B+->Knunu)" in text
    assert "CL)" in text
    assert "b->c " in text


def test_a_wcxf_file_in_jms_is_translated(run, tmp_path):
    from fitlq_theory.bases import translate
    from fitlq_theory.wilson_coefficients import WilsonCoefficients, write_wcxf

    flavio = WilsonCoefficients("WET", "flavio", 4.8, {"CVL_bctaunutau": 0.1, "CSR_bctaunutau": 0.05j})
    write_wcxf(tmp_path / "flavio.json", flavio)
    write_wcxf(tmp_path / "jms.yaml", translate(flavio, "JMS"))
    words = ("--observables", "Rtaul(B->Dlnu)", "--json")
    values = [run("predict", "--wcxf", tmp_path / name, *words).json["predictions"][0] for name in ("flavio.json", "jms.yaml")]
    assert values[0]["value"] == pytest.approx(values[1]["value"], rel=1e-5, abs=0)
