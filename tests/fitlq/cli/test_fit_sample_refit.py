"""From nothing to a refit with the real executable, on a problem of one parameter and two measurements."""

from __future__ import annotations

import csv
import json
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

PROBLEM = (
    "wet",
    "--free",
    "CVL_bctaunutau=-0.5,0.5",
    "--observables",
    "R(D)",
    "--observables",
    "R(D*)",
    "--as-of",
    "2026-11-20",
)
FOLDER_FILES = {"analysis.yml", "fit.json", "parameters.csv", "pulls.csv", "pulls.png", "report.html"}


@pytest.fixture(scope="module")
def made(environment, tmp_path_factory):
    """A folder with a fit and a short chain, made once; tests work on copies."""
    folder = tmp_path_factory.mktemp("made") / "result"
    words = [sys.executable, "-m", "fitlq", "sample", *PROBLEM, "--steps", "300", "--seed", "3", "-o", str(folder)]
    done = subprocess.run(words, capture_output=True, text=True, env=environment, check=False)
    assert done.returncode == 0, done.stderr
    return folder


@pytest.fixture
def result(made, tmp_path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "result"))


def test_fit_as_json_has_what_is_promised(execute):
    data = execute("fit", *PROBLEM, "--json").json
    promised = {
        "model",
        "parameters",
        "chi2",
        "ndof",
        "p_value",
        "chi2_sm",
        "valid",
        "n_measurements",
        "pulls",
        "as_of",
        "versions",
    }
    assert promised <= set(data)
    parameter = data["parameters"]["CVL_bctaunutau"]
    assert set(parameter) == {"value", "error", "unit", "fixed"}
    assert 0.04 < parameter["value"] < 0.10
    assert 0.01 < parameter["error"] < 0.03
    assert parameter["fixed"] is False
    assert data["valid"] is True
    assert data["n_measurements"] == len(data["pulls"]) == 2
    assert data["ndof"] == 1
    wanted = {"id", "observable", "args", "measured", "error", "predicted", "theory_error", "pull"}
    assert all(wanted <= set(pull) for pull in data["pulls"])
    assert data["as_of"] == "2026-11-20"
    assert data["chi2"] < data["chi2_sm"]


def test_fit_as_text_states_the_problem_and_the_result(run):
    text = run("fit", *PROBLEM, "--form-factors", "b->c=lattice").out
    # the column is as wide as the longest name of a choice
    assert re.search(r"^b->c +lattice — ", text, re.MULTILINE)
    for snippet in (
        "marginal: theory covariance follows the new physics",
        "2 measurements as of 2026-11-20",
        "chi2 / degrees of freedom",
        "p-value",
        "chi2 of the Standard Model",
        "delta chi2",
        "CVL_bctaunutau",
        "hflav-rdst-ckm25",
    ):
        assert snippet in text


def test_minos_gives_asymmetric_errors(run):
    minos = run("fit", *PROBLEM, "--minos", "--json").json["minos"]["CVL_bctaunutau"]
    assert len(minos) == 2
    assert all(0.01 < abs(side) < 0.03 for side in minos)


def test_fixed_parameters_and_theory_errors_change_the_fit(run):
    free = run("fit", *PROBLEM, "--json").json
    tight = run("fit", *PROBLEM, "--theory-errors", "none", "--json").json
    assert tight["parameters"]["CVL_bctaunutau"]["error"] < free["parameters"]["CVL_bctaunutau"]["error"]
    with_scalar = run("fit", *PROBLEM, "--set", "CSL_bctaunutau=0.1", "--json").json["parameters"]
    assert with_scalar["CSL_bctaunutau"] == {"value": 0.1, "error": 0.0, "unit": "", "fixed": True}
    assert with_scalar["CVL_bctaunutau"]["value"] != free["parameters"]["CVL_bctaunutau"]["value"]


def test_result_folder(run, tmp_path):
    outcome = run("fit", *PROBLEM, "-o", "result")
    assert outcome.status == 0, outcome.err
    folder = tmp_path / "result"
    assert {item.name for item in folder.iterdir()} == FOLDER_FILES
    stored = json.loads((folder / "fit.json").read_text(encoding="utf-8"))
    with (folder / "parameters.csv").open(encoding="utf-8") as stream:
        rows = {row["parameter"]: row for row in csv.DictReader(stream)}
    expected = stored["parameters"]["CVL_bctaunutau"]["value"]
    assert float(rows["CVL_bctaunutau"]["value"]) == pytest.approx(expected, rel=1e-9, abs=0)
    page = (folder / "report.html").read_text(encoding="utf-8")
    assert "fitlq fit wet --free CVL_bctaunutau=-0.5,0.5" in page
    assert 'href="https://hflav-eos.web.cern.ch/' in page
    assert "inside the average hflav-rdst-ckm25" in page
    assert "data:image/png;base64," in page
    again = run("fit", *PROBLEM, "-o", "result")
    assert again.status == 0, again.err


def test_another_problem_is_not_written_over(refused, result):
    before = {item.name: item.read_bytes() for item in result.iterdir()}
    message = refused("fit", *PROBLEM, "--theory-errors", "none", "-o", result)
    assert "another problem" in message
    assert "theory errors" in message
    assert {item.name: item.read_bytes() for item in result.iterdir()} == before


def test_sampled_folder_is_complete(made):
    assert {item.name for item in made.iterdir()} == FOLDER_FILES | {"chain.h5", "corner.png"}
    page = (made / "report.html").read_text(encoding="utf-8")
    assert "corner plot of the posterior" in page
    assert "autocorrelation" in page


def test_sampling_goes_on_to_exactly_the_chain_of_one_run(run, result, tmp_path):
    import numpy as np

    from fitlq.sampling import Chain

    first = run("sample", result, "--steps", "500", "--json")
    assert first.status == 0, first.err
    assert first.json["steps"] == 500
    assert set(first.json["parameters"]["CVL_bctaunutau"]) >= {"mean", "std", "median", "interval_68", "interval_95"}
    whole = run("sample", *PROBLEM, "--steps", "500", "--seed", "3", "-o", "whole")
    assert whole.status == 0, whole.err
    pieces, one = Chain.load(result / "chain.h5"), Chain.load(tmp_path / "whole" / "chain.h5")
    np.testing.assert_array_equal(pieces.values, one.values)


def test_sampling_text(run, result):
    text = run("sample", result, "--steps", "300").out
    assert "68 % interval" in text
    assert "300 steps of" in text
    assert "converged" in text


def test_sampling_without_a_folder_keeps_nothing(run, tmp_path):
    outcome = run("sample", *PROBLEM, "--steps", "60", "--json")
    assert outcome.json["folder"] is None
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("words", "snippet"),
    [
        (["--theory-errors", "sm"], "--theory-errors cannot change it"),
        (["--walkers", "50"], "walkers"),
        (["--walkers", "7"], "walkers"),
    ],
)
def test_a_folder_states_its_own_problem(refused, result, words, snippet):
    before = (result / "chain.h5").read_bytes()
    assert snippet in refused("sample", result, *words)
    assert (result / "chain.h5").read_bytes() == before


def test_another_seed_is_refused_before_anything_is_written(refused, result):
    before = {item.name: item.read_bytes() for item in result.iterdir()}
    assert "seed" in refused("sample", *PROBLEM, "--seed", "4", "-o", result)
    assert {item.name: item.read_bytes() for item in result.iterdir()} == before


@pytest.mark.parametrize("verb", ["sample", "corner"])
@pytest.mark.parametrize("damage", ["truncated", "foreign"])
def test_a_damaged_chain_is_left_alone(refused, result, verb, damage):
    chain = result / "chain.h5"
    content = chain.read_bytes()[:5000] if damage == "truncated" else b"these are my notes\n"
    chain.write_bytes(content)
    assert "chain.h5" in refused(verb, result)
    assert chain.read_bytes() == content


def test_a_damaged_result_is_refused(refused, result):
    (result / "fit.json").write_text("{", encoding="utf-8")
    assert "fit.json" in refused("corner", result)


def test_ctrl_c_says_what_is_saved_and_can_be_continued(environment, run, result):
    words = [sys.executable, "-m", "fitlq", "sample", str(result), "--steps", "1000000"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment)
    before = (result / "chain.h5").stat().st_mtime_ns
    deadline = time.monotonic() + 60
    while (result / "chain.h5").stat().st_mtime_ns == before and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130, err
    assert out == ""
    assert "steps are saved in" in err
    assert "Traceback" not in err
    from fitlq.sampling import Chain

    assert Chain.load(result / "chain.h5").steps > 300


def test_corner_draws_into_the_folder_and_elsewhere(run, result, tmp_path):
    (result / "corner.png").unlink()
    assert run("corner", result).status == 0
    assert (result / "corner.png").read_bytes().startswith(b"\x89PNG")
    outcome = run("corner", result, result, "--names", "one", "two", "-o", "both.pdf")
    assert outcome.status == 0, outcome.err
    assert (tmp_path / "both.pdf").read_bytes().startswith(b"%PDF")


def test_corner_needs_a_chain(refused, result):
    (result / "chain.h5").unlink()
    assert "fitlq sample" in refused("corner", result)


@pytest.mark.parametrize(
    ("words", "snippet"), [(["--names", "a", "b"], "1 folders need as many names"), (["--parameters", "yL2"], "'yL2'")]
)
def test_corner_with_wrong_wishes(refused, result, words, snippet):
    assert snippet in refused("corner", result, *words)


def test_refit_tells_what_moved_and_why(run, result, entry_file, tmp_path):
    before = {item.name: item.read_bytes() for item in result.iterdir()}
    outcome = run("refit", result, "--data", entry_file().parent, "-o", "new", "--json")
    assert outcome.status == 0, outcome.err
    data = outcome.json
    assert {"mine-rd-2026", "hflav-rdst-ckm25"} <= {change["id"] for change in data["data_changes"]}
    (shift,) = data["parameter_shifts"]
    # the invented numbers lie at the Standard Model, so the coefficient goes down by several of its errors
    assert shift["new"] < shift["old"]
    assert shift["shift"] < -2
    assert (tmp_path / "new" / "report.html").exists()
    assert {item.name: item.read_bytes() for item in result.iterdir()} == before
    text = run("refit", result, "--data", entry_file().parent).out
    assert "mine-rd-2026" in text


def test_refit_does_not_write_over_the_old_result(refused, result):
    assert "the folder of the old result" in refused("refit", result, "-o", result)


def test_refit_with_bad_data(run, result, entry_file):
    outcome = run("refit", result, "--data", entry_file(("R(D*)", "R(Dst)")).parent)
    assert outcome.status == 2
    assert "R(Dst)" in outcome.err


def test_a_parameter_that_changes_nothing_is_named(run):
    outcome = run("fit", *PROBLEM, "--free", "CL_bsnutaunutau", "--json")
    assert outcome.status == 0, outcome.err
    assert "CL_bsnutaunutau" in outcome.err
    assert any("CL_bsnutaunutau" in warning for warning in outcome.json["warnings"])
