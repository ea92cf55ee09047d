"""One clear message, status 2, no traceback, nothing written, for whatever is wrong."""

from __future__ import annotations

import ctypes
import os
import subprocess
import sys
from pathlib import Path

import pytest

RD = ("--observables", "R(D)")

WORDS = {
    "unknown verb": (["fitt"], ["unknown verb 'fitt'", "'fit'"]),
    "unknown global option": (["--verbos"], ["unknown option '--verbos'"]),
    "unknown option": (["fit", "s1_lmu_ltau", "--minoss"], ["unknown option --minoss", "--minos"]),
    "a verb of a later version": (["scan", "s1_lmu_ltau"], ["unknown verb 'scan'"]),
    "no model": (["fit"], ["model name", "fitlq models"]),
    "unknown model": (["fit", "s1_lmu_ltauu"], ["unknown model 's1_lmu_ltauu'", "'s1_lmu_ltau'"]),
    "unknown model to predict": (["predict", "s1"], ["unknown model 's1'"]),
    "unknown model pattern": (["models", "s1_lmuu*"], ["unknown model"]),
    "superfluous word": (["fit", "s1_lmu_ltau", "yL2=1"], ["unexpected argument 'yL2=1'"]),
    "unknown parameter to fix": (["fit", "s1_lmu_ltau", "--set", "yL22=0.1"], ["'yL22'", "'yL2'"]),
    "unknown parameter to free": (["fit", "s1_lmu_ltau", "--free", "mS"], ["'mS'", "'mS1'"]),
    "unknown parameter to predict": (["predict", "s1_lmu_ltau", "yL22=0.1"], ["'yL22'", "'yL2'"]),
    "no value": (["fit", "s1_lmu_ltau", "--set", "yL2"], ["--set yL2", "PAR=VALUE"]),
    "no number": (["fit", "s1_lmu_ltau", "--set", "yL2=big"], ["--set yL2", "'big'"]),
    "not a number": (["fit", "s1_lmu_ltau", "--set", "yL2=nan"], ["--set yL2", "'nan'"]),
    "fixed twice": (["fit", "s1_lmu_ltau", "--set", "yL2=0.1", "--set", "yL2=0.2"], ["yL2 is given twice"]),
    "fixed and free": (["fit", "s1_lmu_ltau", "--set", "yL2=0", "--free", "yL2"], ["yL2", "fixed", "free"]),
    "value outside": (["fit", "s1_lmu_ltau", "--set", "yL2=20"], ["yL2", "20", "0.15"]),
    "value outside to predict": (["predict", "s1_lmu_ltau", "yL2=20"], ["yL2 = 20", "[-0.15, 0.15]"]),
    "range upside down": (["fit", "s1_lmu_ltau", "--free", "yL2=0.1,-0.1"], ["yL2", "0.1"]),
    "half a range": (["fit", "s1_lmu_ltau", "--free", "yL2=0.1"], ["--free yL2=0.1", "PAR=LO,HI"]),
    "unknown coefficient": (["fit", "wet", "--free", "CVL_bctautau"], ["CVL_bctautau", "CVL_bctaunutau"]),
    "unknown coefficient to predict": (["predict", "wet", "CVL_bctautau=1"], ["CVL_bctautau", "CVL_bctaunutau"]),
    "no coefficient": (["fit", "wet"], ["wet"]),
    "no coefficient to predict": (["predict", "wet"], ["Wilson coefficient"]),
    "unknown observable": (["fit", "s1_lmu_ltau", "--observables", "R(Dd)"], ["R(Dd)", "R(D)"]),
    "unknown observable to exclude": (["fit", "s1_lmu_ltau", "--exclude", "R(Dd)"], ["R(Dd)", "R(D)"]),
    "unknown observable to predict": (["predict", "s1_lmu_ltau", "--observables", "R(Dd)"], ["R(Dd)", "R(D)"]),
    "unknown observable to list": (["observables", "R(Dd)"], ["R(Dd)", "'R(D)'"]),
    "unknown measurement": (["measurements", "hflav-rdst-ckm26"], ["hflav-rdst-ckm26", "hflav-rdst-ckm25"]),
    "bad date": (["fit", "s1_lmu_ltau", "--as-of", "2024-13"], ["as_of", "2024-13"]),
    "bad date to diff": (["diff", "--from", "yesterday", "--to", "2024"], ["yesterday"]),
    "missing date": (["diff", "--to", "2021"], ["nothing to compare", "--from", "--to", "--data"]),
    "bad policy": (["fit", "s1_lmu_ltau", "--policy", "averages"], ["'averages'", "'average'", "individual"]),
    "theory errors of a later version": (
        ["fit", "s1_lmu_ltau", "--theory-errors", "free"],
        ["'free'", "not available yet", "marginal"],
    ),
    "bad theory errors": (["fit", "s1_lmu_ltau", "--theory-errors", "marginall"], ["'marginall'", "'marginal'"]),
    "bad limit shape": (["fit", "s1_lmu_ltau", "--limit-shape", "gauss"], ["'gauss'", "half-normal"]),
    "unknown inputs": (["fit", "s1_lmu_ltau", "--inputs", "flavio-2.7"], ["flavio-2.7", "flavio-2.7.1"]),
    "unknown form factors": (["fit", "s1_lmu_ltau", "--form-factors", "b->c=latice"], ["latice", "lattice"]),
    "unknown choice": (["observables", "--form-factors", "b->cc=lattice"], ["b->cc", "b->c"]),
    "no choice": (["observables", "--form-factors", "lattice"], ["KEY=OPTION"]),
    "bad seed": (["fit", "s1_lmu_ltau", "--seed", "-1"], ["--seed", "'-1'"]),
    "no steps": (["sample", "s1_lmu_ltau", "--steps", "0"], ["--steps", "'0'"]),
    "steps and convergence": (["sample", "s1_lmu_ltau", "--steps", "5", "--until-converged"], ["not allowed with"]),
    "no data folder": (["fit", "s1_lmu_ltau", "--data", "nowhere"], ["nowhere", "no such"]),
    "no data folder to list": (["measurements", "--data", "nowhere"], ["nowhere"]),
    "no model file": (["fit", "--model-file", "nowhere.py"], ["nowhere.py", "no such file"]),
    "model and no such model file": (["fit", "s1_lmu_ltau", "--model-file", "m.py"], ["m.py", "no such file"]),
    "neither folder nor model": (["sample", "s1_lmu_lta"], ["no result folder", "s1_lmu_ltau"]),
    "empty folder name": (["fit", "s1_lmu_ltau", "-o", ""], ["-o", "empty"]),
    "beginning of an option": (["fit", "s1_lmu_ltau", "--obs", "x"], ["--obs", "did you mean --observables?"]),
    "wrong date of diff": (["diff", "--from", "heute", "--to", "2024"], ["--from", "'heute'"]),
    "missing arguments": (["predict", "s1_lmu_ltau", "--observables", "<BR>(B0->Dtaunu)"], ["need arguments", "q2min"]),
    "missing argument": (["predict", "s1_lmu_ltau", "--observables", "<BR>(B0->Dtaunu) q2min=4"], ["(q2min, q2max)"]),
    "no result folder to sample": (["sample", "no/where"], ["no/where"]),
    "no result folder to draw": (["corner", "nowhere"], ["nowhere"]),
    "no result folder to refit": (["refit", "nowhere"], ["nowhere"]),
    "no wcxf file": (["predict", "--wcxf", "nowhere.json"], ["nowhere.json"]),
    "unknown name to show": (["show", "R(Dst)"], ["R(Dst)", "R(D"]),
    "unknown picture format": (["corner", ".", "-o", "corner.gif"], ["corner.gif", ".png"]),
    "no folder for the picture": (["corner", ".", "-o", "no/where.png"], ["does not exist"]),
}


@pytest.mark.parametrize("case", WORDS)
def test_wrong_words(refused, tmp_path, case):
    words, snippets = WORDS[case]
    message = refused(*words)
    for snippet in snippets:
        assert snippet in message
    assert not list(tmp_path.iterdir())


FILES = {
    "malformed YAML": (("entries:\n", "entries: [\n"), ["mine.yaml:4"]),
    "repeated key": (
        ("  process: bctaunu\n", "  process: bctaunu\n  process: bctaunu\n"),
        ["mine.yaml:7", "'process'", "twice"],
    ),
    "unknown observable": (("R(D*)", "R(Dst)"), ["mine-rd-2026", "R(Dst)", "R(D"]),
    "unknown key": (("  kind: average", "  knid: average"), ["mine-rd-2026", "knid"]),
    "negative error": (("[0.010, 0.005]", "[-0.010, 0.005]"), ["mine-rd-2026", "-0.01"]),
    "too few numbers": (("[0.300, 0.255]", "[0.300]"), ["mine-rd-2026", "central"]),
    "correlation above one": (("[1.0, -0.3]", "[1.0, -1.3]"), ["mine-rd-2026", "correlation"]),
    "bad date": (("'2026-01-15'", "'2026-15-01'"), ["mine-rd-2026", "2026-15-01"]),
    "unknown relation": (("[hflav-rdst-ckm25]", "[hflav-rdst-ckm52]"), ["hflav-rdst-ckm52", "hflav-rdst-ckm25"]),
    "bin outside phase space": (
        ("{name: R(D*)}", "{name: <Rtaul>(B->D*lnu), args: {q2min: 4, q2max: 40}}"),
        ["mine-rd-2026", "q2max"],
    ),
}


@pytest.mark.parametrize("verb", ["check", "fit"])
@pytest.mark.parametrize("case", FILES)
def test_wrong_measurement_files(run, entry_file, tmp_path, verb, case):
    replacement, snippets = FILES[case]
    path = entry_file(replacement)
    words = ["check", path] if verb == "check" else ["fit", "s1_lmu_ltau", "--data", path.parent, "-o", "result"]
    outcome = run(*words)
    assert outcome.status == 2
    assert outcome.out == ""
    assert "Traceback" not in outcome.err
    assert "mine.yaml" in outcome.err
    for snippet in snippets:
        assert snippet in outcome.err
    assert not (tmp_path / "result").exists()


def test_correlation_that_is_no_correlation(run, tmp_path, entry_file):
    # three numbers: pairwise fine, together impossible
    path = entry_file(
        ("  - {name: R(D*)}", "  - {name: R(D*)}\n  - {name: FLtot(B0->D*taunu)}"),
        ("[0.300, 0.255]", "[0.300, 0.255, 0.5]"),
        ("[0.010, 0.005]", "[0.010, 0.005, 0.1]"),
        ("[1.0, -0.3]\n      - [-0.3, 1.0]", "[1.0, 0.9, 0.9]\n      - [0.9, 1.0, -0.9]\n      - [0.9, -0.9, 1.0]"),
    )
    outcome = run("check", path)
    assert outcome.status == 2
    assert "positive" in outcome.err


def test_all_problems_at_once(run, entry_file):
    path = entry_file()
    head, entry = path.read_text(encoding="utf-8").split("- id:", 1)
    mistakes = [
        ("kind: average", "kind: mean"),
        ("[0.010, 0.005]", "[-0.010, 0.005]"),
        ("R(D*)", "R(Dst)"),
        ("ckm25", "ckm52"),
    ]
    entries = [entry.replace(*pair, 1).replace("mine-rd", f"mine-rd-{k}", 1) for k, pair in enumerate(mistakes)]
    path.write_text(head + "".join("- id:" + one for one in entries), encoding="utf-8")
    outcome = run("check", path, "--json")
    assert outcome.status == 2
    problems = outcome.json["problems"]
    assert {problem["entry"] for problem in problems} == {f"mine-rd-{k}-2026" for k in range(4)}
    assert all(problem["line"] and problem["key"] and problem["message"] for problem in problems)


def test_files_that_are_fine(run, entry_file):
    outcome = run("check", entry_file(), entry_file().parent)
    assert outcome.status == 0, outcome.err
    assert "no problem found" in outcome.out


@pytest.mark.parametrize(
    ("name", "text", "snippet"),
    [
        ("model.py", "class Model:\n    name = 'x'\n", "lacks"),
        ("model.py", "import nothing_of_that_name\n", "nothing_of_that_name"),
        ("model.py", "def (:\n", "line 1"),
        ("notes.txt", "hello\n", ".yaml"),
        ("analysis.yml", "schema: fitlq-analysis/1\nmodel: s1_lmu_ltauu\n", "s1_lmu_ltau"),
        ("analysis.yml", "schema: fitlq-analysis/1\nmodel: s1_lmu_ltau\nfixx: {}\n", "fixx"),
    ],
)
def test_check_of_other_files(run, tmp_path, name, text, snippet):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    outcome = run("check", path)
    assert outcome.status == 2
    assert snippet in outcome.err
    assert "Traceback" not in outcome.err
    assert name in outcome.err


def test_a_missing_file_does_not_hide_the_others(run, entry_file):
    outcome = run("check", "nowhere.yaml", entry_file(("R(D*)", "R(Dst)")))
    assert outcome.status == 2
    assert "nowhere.yaml: no such file" in outcome.err
    assert "R(Dst)" in outcome.err


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


@pytest.mark.parametrize("verb", ["fit", "sample"])
def test_a_foreign_folder_is_left_alone(refused, tmp_path, verb):
    folder = tmp_path / "thesis"
    folder.mkdir()
    (folder / "chapter1.tex").write_text("\\section{}", encoding="utf-8")
    message = refused(verb, "s1_lmu_ltau", "-o", folder)
    assert "chapter1.tex" in message
    assert "not a fitlq result" in message
    assert [item.name for item in folder.iterdir()] == ["chapter1.tex"]


@pytest.mark.parametrize("verb", ["fit", "sample"])
def test_a_file_where_the_folder_should_be(refused, tmp_path, verb):
    (tmp_path / "result").write_text("precious", encoding="utf-8")
    assert "is a file" in refused(verb, "s1_lmu_ltau", "-o", "result")
    assert (tmp_path / "result").read_text(encoding="utf-8") == "precious"


def _give_up_writing_everywhere() -> None:
    """Before the program starts: an administrator loses the right to ignore permissions (Linux capability DAC_OVERRIDE)."""
    drop_from_bounding_set, dac_override = 24, 1  # PR_CAPBSET_DROP, CAP_DAC_OVERRIDE of linux/prctl.h, linux/capability.h
    ctypes.CDLL(None).prctl(drop_from_bounding_set, dac_override, 0, 0, 0)


@pytest.mark.skipif(_is_root() and sys.platform != "linux", reason="this administrator may write everywhere")
@pytest.mark.parametrize("verb", ["fit", "sample"])
def test_a_read_only_folder(environment, tmp_path, verb):
    folder = tmp_path / "locked"
    folder.mkdir(mode=0o500)
    done = subprocess.run(
        [sys.executable, "-m", "fitlq", verb, "s1_lmu_ltau", "-o", str(folder / "result")],
        capture_output=True,
        text=True,
        env=environment,
        preexec_fn=_give_up_writing_everywhere if _is_root() else None,
        check=False,
    )
    assert done.returncode == 2
    assert "cannot write" in done.stderr
    assert "Traceback" not in done.stderr
    assert not list(folder.iterdir())


def test_a_place_that_can_hold_no_folder(refused):
    if not Path("/proc/self").exists():
        pytest.skip("no such places on this system")
    assert "not a folder" in refused("fit", "s1_lmu_ltau", "-o", "/dev/null/result")
    assert "cannot write" in refused("fit", "s1_lmu_ltau", "-o", "/proc/result")
    assert "cannot write" in refused("corner", ".", "-o", "/proc/corner.png")


def test_the_executable_itself_refuses(executable_refuses, entry_file):
    assert "'s1_lmu_ltau'" in executable_refuses("fit", "s1_lmu_ltauu")
    assert "R(Dst)" in executable_refuses("fit", "s1_lmu_ltau", "--data", entry_file(("R(D*)", "R(Dst)")))


def test_debug_shows_where(execute):
    assert "Traceback" in execute("fit", "s1_lmu_ltauu", FITLQ_DEBUG="1").err


def test_counting_twice_under_an_alias_is_refused(run, entry_file):
    # the canonical name of R(D), with nothing said about HFLAV's average
    path = entry_file(("R(D)", "Rtaul(B->Dlnu)"), ("    inputs: [hflav-rdst-ckm25]\n", "    inputs: []\n"))
    outcome = run("fit", "s1_lmu_ltau", "--data", path)
    assert outcome.status == 2
    assert "hflav-rdst-ckm25" in outcome.err
