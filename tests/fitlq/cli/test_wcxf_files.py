"""WCxf files in and out of the command line: all bases, JSON and YAML, and files that are wrong."""

from __future__ import annotations

import json

import pytest

from fitlq_theory.wilson_coefficients import WilsonCoefficients, read_wcxf, write_wcxf

LOW = {"CVL_bctaunutau": 0.1 - 0.02j, "CSR_bctaunutau": 0.05j, "CT_bctaunutau": 0.01, "CL_bsnutaunutau": -2.0 + 0.5j}
HIGH = {"lq1_3323": 1e-8, "lq3_3333": 2e-8, "ledq_3333": (1 + 2j) * 1e-9, "phiq1_23": 3e-9j}


def _value(run, *words):
    return run("predict", *words, "--json").json["predictions"][0]["value"]


@pytest.mark.parametrize(
    ("eft", "scale", "values", "first", "second", "observable"),
    [
        ("WET", 4.8, LOW, "flavio", "JMS", "Rtaul(B->Dlnu)"),
        ("SMEFT", 1000.0, HIGH, "Warsaw up", "Warsaw", "BR(B+->Knunu)"),
    ],
)
@pytest.mark.parametrize(("one", "other"), [("json", "yaml"), ("yml", "json")])
def test_there_and_back(run, tmp_path, eft, scale, values, first, second, observable, one, other):
    here, there, back = (tmp_path / name for name in (f"here.{one}", f"there.{other}", f"back.{one}"))
    write_wcxf(here, WilsonCoefficients(eft, first, scale, values))
    words = ("--observables", observable)
    value = _value(run, "--wcxf", here, "--write-wcxf", there, "--basis", second, *words)
    assert read_wcxf(there).basis == second
    assert read_wcxf(there).scale == scale
    again = _value(run, "--wcxf", there, "--write-wcxf", back, "--basis", first, *words)
    assert again == pytest.approx(value, rel=1e-5, abs=0)
    returned = {name: complex(number) for name, number in read_wcxf(back).values.items()}
    largest = max(abs(number) for number in values.values())
    for name in {*values, *returned}:
        # JMS and flavio differ by masses and couplings known to 1e-6
        assert returned.get(name, 0) == pytest.approx(values.get(name, 0), rel=1e-5, abs=1e-9 * largest), name


def test_coefficients_of_a_model_are_written_at_its_scale(run, tmp_path):
    out = tmp_path / "s1.json"
    words = ("--observables", "BR(B+->Knunu)")
    value = _value(run, "s1_lmu_ltau", "yL2=0.1", "--write-wcxf", out, *words)
    written = read_wcxf(out)
    assert (written.eft, written.basis) == ("SMEFT", "Warsaw up")
    assert written.values
    assert _value(run, "--wcxf", out, *words) == pytest.approx(value, rel=1e-9, abs=0)


def test_a_translation_uses_the_chosen_inputs(run, tmp_path):
    """C_VL of the basis flavio is in units of V_cb: with a V_cb twice as large the same JMS coefficient is half of it."""
    jms = tmp_path / "jms.json"
    flavio = tmp_path / "flavio.json"
    write_wcxf(flavio, WilsonCoefficients("WET", "flavio", 4.8, {"CVL_bctaunutau": 0.1}))
    run("predict", "--wcxf", flavio, "--write-wcxf", jms, "--basis", "JMS", "--observables", "R(D*)")
    own = tmp_path / "own.yaml"
    own.write_text(
        "over: default\nparameters:\n"
        '  - {name: "Vcb", value: 0.08394, error: 0.001, unit: "", source: "a test", status: "read", date: "2026"}\n'
        "correlation_blocks: []\n",
        encoding="utf-8",
    )
    back = tmp_path / "back.json"
    run("predict", "--wcxf", jms, "--inputs", own, "--write-wcxf", back, "--basis", "flavio", "--observables", "R(D*)")
    assert complex(read_wcxf(back).values["CVL_bctaunutau"]) == pytest.approx(0.05, rel=1e-3, abs=0)
    usual, other = (_value(run, "--wcxf", jms, *words, "--observables", "R(D*)") for words in ((), ("--inputs", own)))
    # C_VL of 0.1 and of 0.05 beside 1.0071
    assert usual / other == pytest.approx((1.1071 / 1.0571) ** 2, rel=1e-3, abs=0)


@pytest.mark.parametrize(
    ("change", "snippets"),
    [
        ({"basis": "Warsw"}, ("Warsw", "flavio")),
        ({"eft": "WTE"}, ("WTE", "WET")),
        ({"scale": None}, ("scale",)),
        ({"scale": "high"}, ("scale", "high")),
        ({"scale": -1.0}, ("scale", "-1")),
        ({"values": {"CVL_bctautau": 0.1}}, ("line", "CVL_bctautau", "CVL_bctaunutau")),
        ({"values": {"CVL_bctaunutau": "much"}}, ("CVL_bctaunutau", "much")),
        ({"values": {"CVL_bctaunutau": {"Re": 0.1, "Imag": 0.2}}}, ("CVL_bctaunutau", "Imag")),
        ({"values": [0.1]}, ("values",)),
        (
            {"eft": "SMEFT", "basis": "Warsaw up", "scale": 1000.0, "values": {"phil1_22": {"Re": 0.0, "Im": 1e-8}}},
            ("phil1_22", "real"),
        ),
    ],
)
@pytest.mark.parametrize("ending", ["json", "yaml"])
def test_what_is_wrong_with_a_file(refused, tmp_path, change, snippets, ending):
    content = {"eft": "WET", "basis": "flavio", "scale": 4.8, "values": {"CVL_bctaunutau": 0.1}} | change
    content = {key: entry for key, entry in content.items() if entry is not None}
    path = tmp_path / f"wrong.{ending}"
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")
    message = refused("predict", "--wcxf", path, "--observables", "R(D*)")
    assert f"wrong.{ending}" in message
    for snippet in snippets:
        assert snippet in message


@pytest.mark.parametrize(
    ("words", "snippet"),
    [
        (("wet", "CVL_bctaunutau=0.1", "--write-wcxf", "new.json"), "no scale"),
        (("wet", "CVL_bctaunutau=0.1", "--basis", "JMS"), "--write-wcxf"),
        (("s1_lmu_ltau", "yL2=0.1", "--write-wcxf", "new.json", "--basis", "JMS"), "Warsaw"),
        (("s1_lmu_ltau", "yL2=0.1", "--write-wcxf", "old.json"), "exists"),
        (("s1_lmu_ltau", "yL2=0.1", "--write-wcxf", "nowhere/new.json"), "nowhere"),
    ],
)
def test_what_cannot_be_written(refused, tmp_path, monkeypatch, words, snippet):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "old.json").write_text("mine", encoding="utf-8")
    assert snippet in refused("predict", *words, "--observables", "R(D*)")
    assert (tmp_path / "old.json").read_text(encoding="utf-8") == "mine"
    assert not (tmp_path / "new.json").exists()
