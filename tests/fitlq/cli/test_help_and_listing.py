from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from fitlq.cli.main import VERBS

GOLDEN = Path(__file__).parent / "golden"


def test_overview_is_the_golden_text(execute):
    outcome = execute("--help")
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out == (GOLDEN / "help.txt").read_text(encoding="utf-8")


def test_no_words_at_all_show_the_overview(run):
    assert run().out == run("--help").out


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_an_example(execute, verb):
    outcome = execute(verb, "--help")
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out.startswith(f"usage: fitlq {verb}")
    assert f"example:\n  fitlq {verb}" in outcome.out


def test_version(run):
    import fitlq

    assert run("--version").out == f"fitlq {fitlq.__version__}\n"


def test_models_is_the_golden_text(execute):
    outcome = execute("models")
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out == (GOLDEN / "models.txt").read_text(encoding="utf-8")


def test_models_as_json(run):
    model = {m["name"]: m for m in run("models", "--json").json}["s1_lmu_ltau"]
    assert model["free_parameters"] == ["yL1", "yL2", "yR2", "gZp"]
    assert {"name", "unit", "minimum", "maximum", "default", "prior"} <= set(model["parameters"][0])
    assert "2309.12904" in model["reference"]


def test_models_by_pattern(run):
    assert [m["name"] for m in run("models", "s1*", "--json").json] == ["s1_lmu_ltau"]


def test_observables_show_names_aliases_arguments_and_the_standard_model(run):
    found = {o["name"]: o for o in run("observables", "--json").json}
    rds = found["Rtaul(B->D*lnu)"]
    assert "R(D*)" in rds["aliases"]
    # HFLAV's average of predictions is the default normalisation: 0.254(5)
    assert rds["standard_model"]["value"] == pytest.approx(0.254, rel=1e-3, abs=0)
    assert rds["standard_model"]["error"] == pytest.approx(0.005, rel=0.05, abs=0)
    binned = found["<Rtaul>(B->D*lnu)"]
    assert [a["name"] for a in binned["arguments"]] == ["q2min", "q2max"]
    assert binned["standard_model"]["arguments"]["q2max"] == pytest.approx(11.19, abs=0.01)


def test_form_factor_choice_changes_the_prediction(run):
    (found,) = run("observables", "R(D*)", "--form-factors", "b->c=hqet", "--json").json
    # flavio 2.7.1 with the same form factors: 0.2451
    assert found["standard_model"]["value"] == pytest.approx(0.245, rel=5e-3, abs=0)


def test_observables_text_has_one_row_each(run):
    text = run("observables", "R(D*)").out
    assert "Rtaul(B->D*lnu)" in text
    assert "Rtaul(B->Dlnu)" not in text
    assert "1 observables" in text


def test_measurements_tell_used_and_left_out_with_reasons(run):
    data = run("measurements", "bctaunu", "--as-of", "2026-11-20", "--json").json
    assert data["as_of"] == "2026-11-20"
    assert data["policy"] == "average"
    assert "hflav-rdst-ckm25" in {entry["id"] for entry in data["used"]}
    reasons = {(out["id"], out["observable"]): out["reason"] for out in data["left_out"]}
    assert "hflav-rdst-ckm25" in reasons["belle2-rd-rdst-sl-2025", "R(D)"]
    assert "in another form" in reasons["lhcb-br-lb2lctaunu-2022", "BR(Lambdab->Lambdactaunu)"]
    assert all(reasons.values())
    assert data["n_measurements"] == sum(len(entry["observables"]) for entry in data["used"])


def test_measurements_without_a_prediction_are_named(run):
    left_out = run("measurements", "b2snunu", "--as-of", "2026-11-20", "--json").json["left_out"]
    assert "no prediction" in {out["observable"]: out["reason"] for out in left_out}["BR(B0->invisible gamma)"]


def test_individual_policy_and_date(run):
    words = ("measurements", "R(D*)", "--as-of", "2019-12", "--policy", "individual", "--json")
    used = {entry["id"] for entry in run(*words).json["used"]}
    assert "babar-rd-rdst-2012" in used
    assert not any(name.startswith("hflav") for name in used)


def test_own_data_enter(run, entry_file):
    data = run("measurements", "bctaunu", "--data", entry_file().parent, "--json").json
    used = {entry["id"]: entry for entry in data["used"]}
    assert "hflav-rdst-ckm25" not in used
    assert used["mine-rd-2026"]["observables"][0]["value"].startswith("0.300 ± 0.010")


@pytest.mark.parametrize(
    ("name", "snippets"),
    [
        ("s1_lmu_ltau", ["model s1_lmu_ltau", "2309.12904", "yL2", "gauge coupling"]),
        ("R(D*)", ["Rtaul(B->D*lnu)", "CVL_bctaunutau", "formula:", "R(D*) SM HFLAV", "hflav-rdst-ckm25"]),
        ("<FL>(B0->D*taunu)", ["argument q2min", "[q2 0 … 11.19]"]),
        ("belle2-bp2kpnunu-2023", ["2311.14647", "Belle II", "line"]),
        ("Vcb", ["input parameter Vcb", "source:", "date of the source: 2023-10"]),
        ("gZp", ["parameter gZp of model s1_lmu_ltau", "prior log", "free in a fit"]),
        ("CVL_bctaunutau", ["read at 4.6 GeV, 4.8 GeV", "Rtaul(B->D*lnu)"]),
    ],
)
def test_show_tells_everything(run, name, snippets):
    outcome = run("show", name)
    assert outcome.status == 0, outcome.err
    for snippet in snippets:
        assert snippet in outcome.out


@pytest.mark.parametrize(("name", "key"), [("wet", "model"), ("R(D)", "observable"), ("Vcb", "parameter")])
def test_show_as_json(run, name, key):
    data = run("show", name, "--json").json
    assert data["name"] == name
    assert data[key]["name"]


def test_show_of_a_measurement_as_json_is_the_entry(run):
    data = run("show", "belle2-bp2kpnunu-2023", "--json").json["measurement"]
    assert data["id"] == "belle2-bp2kpnunu-2023"
    assert data["data"]["type"] == "gauss"


def test_diff_tells_new_superseded_and_shift(run):
    changes = run("diff", "--from", "2021-12", "--to", "2026-11", "--json").json["changes"]
    by_name = {change["observable"]: change for change in changes}
    assert by_name["R(D)"]["kind"] == "superseded"
    assert by_name["R(D)"]["new_ids"] == ["hflav-rdst-ckm25"]
    assert by_name["R(D)"]["pull"] == pytest.approx(0.6, abs=0.05)
    text = run("diff", "--from", "2021-12", "--to", "2026-11").out
    assert "superseded" in text


def test_diff_of_a_day_with_itself(run):
    assert run("diff", "--from", "2024", "--to", "2024").out == "nothing changed\n"


def test_a_reader_that_goes_away_is_no_error(environment, tmp_path):
    command = f"{sys.executable} -m fitlq measurements | head -n 1"
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, cwd=tmp_path, env=environment, check=False
    )
    assert done.stderr == ""
    assert done.returncode == 0


def test_every_observable_is_listed_with_its_prediction_and_by_process(run):
    found = run("observables", "--json").json
    assert [o["name"] for o in found if o["standard_model"] is None] == []
    assert {o["process"] for o in found} >= {"meson_mixing", "b_to_s_neutrinos"}
    text = run("observables", "meson_mix*").out
    assert text.startswith("meson_mixing: Mixing of neutral kaons and B mesons")
    assert "Rtaul" not in text


def test_show_of_a_predicted_observable(run):
    text = run("show", "BR(B+->Knunu)").out
    for part in (
        r"TeX: \mathrm{BR}(B^+\to K^+\nu\bar\nu)",
        "at 4.8 GeV, each times 4 G_F/√2 V_tb V_ts* e²/16π²",
        "formula: arXiv:0902.0160",
        "form factors B->K (B_to_K.bsz_grvdv2023)",
        "below 0.1 % each",
        "measured by",
    ):
        assert part in text
    data = run("show", "<dBR/dq2>(B+->Knunu)", "--json").json["observable"]
    assert sum(one["share"] for one in data["inputs"]) == pytest.approx(1.0, rel=1e-6, abs=0)
    assert data["standard_model"]["arguments"]["q2min"] < 1e-3


def test_show_takes_choices_and_states_them(run):
    usual = run("show", "R(D*)", "--json").json["observable"]["standard_model"]["value"]
    words = ("show", "R(D*)", "--form-factors", "b->c=lattice")
    assert usual == pytest.approx(0.254, rel=1e-9, abs=0)
    assert run(*words, "--json").json["observable"]["standard_model"]["value"] == pytest.approx(0.262, rel=5e-3, abs=0)
    assert run(*words, "--json").json["observable"]["form_factors"]["b->c"] == "lattice"
    assert "Standard Model (inputs default, b->c=lattice):" in run(*words).out


def test_show_names_the_basis_in_which_coefficients_are_read(run):
    assert "(SMEFT, basis Warsaw up, at 91.1876 GeV, in powers of GeV)" in run("show", "BR(Z->mutau)").out
    assert "(WET-3, basis flavio, at 2 GeV, in powers of GeV)" in run("show", "eps_K").out
