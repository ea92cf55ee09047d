"""Analyses, result folders and atomic files."""

from __future__ import annotations

import csv
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from fitlq.analysis import Analysis, AnalysisError
from fitlq.files import replace_atomically, write_text_atomically
from fitlq.fitting import Fit, fit
from fitlq.refitting import refit
from fitlq.results import read_folder, write_fit
from fitlq_theory.errors import InputError

ANALYSIS = Analysis(
    model="wet",
    free={"CVL_bctaunutau": (-0.5, 0.5), "CSL_bctaunutau": (-0.5, 0.5)},
    observables=("R(D)", "R(D*)"),
    as_of="2023-12",
)


@pytest.fixture(scope="module")
def wet_fit() -> Fit:
    return fit(ANALYSIS.build())


def test_analysis_round_trip() -> None:
    full = Analysis(
        model="s1_lmu_ltau",
        fix={"yL1": 1, "gZp": 1e-5},
        free={"mS1": None, "yL2": (-1, 1)},
        observables=["R(D)"],
        exclude="koto*",
        as_of="2024",
        policy="individual",
        data=[Path("mine")],
        theory_errors="sm",
        input_choices={"b->c": "lattice"},
        limit_shape="one-sided-gaussian",
        seed=7,
    )
    assert Analysis.from_yaml(full.to_yaml()) == full
    assert full.free["yL2"] == (-1.0, 1.0)
    assert full.exclude == ("koto*",)
    assert Path(full.data[0]).is_absolute()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"modl": "x"}, "unknown key 'modl'; did you mean 'model'"),
        ({"model": None}, "needs model"),
        ({"policy": "averages"}, "unknown policy 'averages'; did you mean 'average'"),
        ({"theory_errors": "nope"}, "unknown treatment of theory errors"),
        ({"limit_shape": "nope"}, "unknown limit shape"),
        ({"fix": ["yL2"]}, "fix: expected a mapping"),
        ({"fix": {"yL2": "a"}}, "fix: yL2: expected a number, found 'a'"),
        ({"free": {"yL2": [1]}}, "free: yL2: expected nothing or a range"),
        ({"free": {"yL2": 3}}, "free: yL2: expected nothing or a range"),
        ({"observables": 3}, "observables: expected a list"),
        ({"observables": [3]}, "observables: expected a list"),
        ({"seed": -1}, "seed: expected a whole number"),
        ({"schema": "fitlq-analysis/9"}, "schema: expected"),
    ],
)
def test_wrong_analysis_files(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    content = {"schema": "fitlq-analysis/1", "model": "s1_lmu_ltau", **change}
    file = tmp_path / "my.yml"
    file.write_text(json.dumps(content), encoding="utf-8")
    with pytest.raises(AnalysisError, match=message) as caught:
        Analysis.from_yaml(file)
    assert str(file) in str(caught.value)


def test_unreadable_analysis_files(tmp_path: Path) -> None:
    with pytest.raises(AnalysisError, match="cannot be read"):
        Analysis.from_yaml(tmp_path / "missing.yml")
    file = tmp_path / "list.yml"
    file.write_text("- 1\n", encoding="utf-8")
    with pytest.raises(AnalysisError, match="expected a mapping"):
        Analysis.from_yaml(file)


def test_wet_needs_coefficients() -> None:
    with pytest.raises(AnalysisError, match="name its coefficients"):
        Analysis(model="wet").load_model()
    model = Analysis(model="wet", free={"CVL_bctaunutau": (5.0, 9.0)}, fix={"CSL_bctaunutau": -7.0}).load_model()
    assert [(p.minimum, p.maximum) for p in model.parameters] == [(0.0, 9.0), (-7.0, 7.0)]


def test_folder_round_trip(tmp_path: Path, wet_fit: Fit) -> None:
    folder = write_fit(tmp_path / "out" / "fit", ANALYSIS, wet_fit)
    found = read_folder(folder)
    assert found.analysis == ANALYSIS
    assert found.fit_dict["chi2"] == wet_fit.chi2
    assert found.fit_dict["parameters"]["CVL_bctaunutau"]["value"] == wet_fit.values["CVL_bctaunutau"]
    assert found.chain_path is None
    with (folder / "pulls.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert {row["observable"] for row in rows} == {"R(D)", "R(D*)"}
    assert sorted(path.name for path in folder.iterdir()) == ["analysis.yml", "fit.json", "parameters.csv", "pulls.csv"]
    write_fit(folder, replace(ANALYSIS, seed=5), wet_fit)  # the same problem may be written again


def test_other_results_are_not_overwritten(tmp_path: Path, wet_fit: Fit) -> None:
    folder = write_fit(tmp_path / "fit", ANALYSIS, wet_fit)
    before = (folder / "fit.json").read_bytes()
    with pytest.raises(InputError, match="holds the result of another analysis"):
        write_fit(folder, replace(ANALYSIS, as_of="2025"), wet_fit)
    assert (folder / "fit.json").read_bytes() == before
    other = tmp_path / "other"
    other.mkdir()
    (other / "thesis.tex").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match="not a result folder"):
        write_fit(other, ANALYSIS, wet_fit)
    with pytest.raises(InputError, match="is a file"):
        write_fit(other / "thesis.tex", ANALYSIS, wet_fit)


def test_reading_what_is_no_result(tmp_path: Path, wet_fit: Fit) -> None:
    with pytest.raises(InputError, match="no such folder"):
        read_folder(tmp_path / "missing")
    with pytest.raises(InputError, match=r"analysis\.yml is missing"):
        read_folder(tmp_path)
    folder = write_fit(tmp_path / "fit", ANALYSIS, wet_fit)
    (folder / "fit.json").write_text("{", encoding="utf-8")
    with pytest.raises(InputError, match=r"fit\.json: cannot be read"):
        read_folder(folder)
    (folder / "fit.json").write_text("[]", encoding="utf-8")
    with pytest.raises(InputError, match="not the result of a fit"):
        read_folder(folder)


def test_save_of_a_likelihood_made_by_hand(tmp_path: Path) -> None:
    from fitlq.likelihood import Likelihood
    from fitlq.measurements import load_measurements
    from fitlq_theory.models import wet_model

    data = load_measurements(as_of="2023-12")
    model = wet_model(["CVL_bctaunutau"])
    by_hand = fit(Likelihood(model, data, observables=["R(D)", "R(D*)"]))
    by_hand.save(tmp_path / "fit")
    assert read_folder(tmp_path / "fit").analysis.observables == ("R(D)", "R(D*)")
    changed = fit(Likelihood(model, data.without("belle-*"), observables=["FLtot*", "R(D)"]))
    with pytest.raises(AnalysisError, match="changed by hand"):
        changed.save(tmp_path / "changed")


def test_refit_of_a_folder(tmp_path: Path, wet_fit: Fit) -> None:
    folder = write_fit(tmp_path / "fit", ANALYSIS, wet_fit)
    result = refit(folder, as_of="2025-06")
    assert result.old.chi2 == pytest.approx(wet_fit.chi2, abs=1e-5)
    assert {(change.kind, change.id) for change in result.data_changes} == {
        ("removed", "hflav-rd-rdst-summer23"),
        ("new", "hflav-rd-rdst-spring25"),
    }
    assert not result.remarks
    json.dumps(result.to_dict(), allow_nan=False)
    assert "hflav-rd-rdst-spring25" in str(result)


def test_interrupted_writing_keeps_the_old_file(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    write_text_atomically(file, "old")

    def breaks(temporary: Path) -> None:
        temporary.write_text("half", encoding="utf-8")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        replace_atomically(file, breaks)
    assert file.read_text(encoding="utf-8") == "old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.txt"]
    with pytest.raises(InputError, match="cannot be written"):
        write_text_atomically(tmp_path / "missing" / "a.txt", "x")
