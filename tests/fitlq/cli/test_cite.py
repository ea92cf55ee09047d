"""``fitlq cite``: the text is BibTeX, complete, and says who uses what."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

import fitlq
from fitlq.analysis import Analysis
from fitlq.references import read_bibtex

GOLDEN = Path(__file__).parent / "golden"


VERSIONS = {"fitlq": "0.0.7", "python": "3.99.0", "numpy": "9.1", "scipy": "9.2", "iminuit": "9.3", "rgevolve-core": "9.4"}


@pytest.fixture
def made(tmp_path):
    """A result folder with what citing reads of one; the slow test below has a real one."""
    folder = tmp_path / "result"
    folder.mkdir()
    analysis = Analysis(model="s1_lmu_ltau", observables=("R(D)", "R(D*)"), as_of="2026-11-20")
    (folder / "analysis.yml").write_text(analysis.to_yaml(), encoding="utf-8")
    pulls = [{"id": "hflav-rdst-ckm25", "observable": name, "args": {}} for name in ("R(D)", "R(D*)")]
    fit = {"parameters": {}, "chi2": 1.0, "as_of": "2026-11-20", "pulls": pulls, "versions": VERSIONS}
    (folder / "fit.json").write_text(json.dumps(fit), encoding="utf-8")
    (folder / "pulls.png").touch()
    return folder


def keys(text):
    return re.findall(r"^@\w+\{([^,]+),$", text, re.MULTILINE)


def test_a_dataset_is_the_golden_text(execute):
    outcome = execute("cite", "--observables", "R_trident*", "--as-of", "2026-11-20")
    assert (outcome.status, outcome.err) == (0, "")
    text = outcome.out.replace(f"fitlq {fitlq.__version__}", "fitlq VERSION")
    assert text == (GOLDEN / "cite_trident.txt").read_text(encoding="utf-8")


def test_the_whole_dataset_is_bibtex(run):
    outcome = run("cite", "--as-of", "2026-11-20", "--with-inputs")
    works, mistakes = read_bibtex(outcome.out, "out")
    assert mistakes == ()
    assert len(works) == len(keys(outcome.out)) == len({work.key for work in works}) > 60
    assert all("@" not in line for line in outcome.out.splitlines() if line.startswith("%"))


def test_the_dataset_as_json(run):
    items = run("cite", "--observables", "R(D*)", "--as-of", "2026-11-20", "--json").json
    (hflav,) = [item for item in items if item["section"] == "measurements"]
    assert hflav["key"] == "hflav-rdst-ckm25"
    assert hflav["used_by"] == ["hflav-rdst-ckm25"]
    assert hflav["bibtex"].startswith("@misc{hflav-rdst-ckm25,")
    (formula,) = [item for item in items if item["key"] == "Tanaka:2012nw"]
    assert (formula["section"], formula["used_by"]) == ("formulas", ["Rtaul(B->D*lnu)"])
    assert formula["fields"]["eprint"] == "1212.1878"


def test_the_date_and_the_policy_count(run):
    words = ("cite", "--observables", "R(D*)", "--policy", "individual")
    old, new = run(*words, "--as-of", "2016").out, run(*words, "--as-of", "2026-11-20").out
    assert "LHCb:2023zxo" not in keys(old)
    assert {"LHCb:2023zxo", "Lees:2012xj"} <= set(keys(new))
    assert {"Lees:2012xj", "Huschle:2015rga"} <= set(keys(old))


def test_a_result_cites_everything_that_entered(run, made):
    outcome = run("cite", made)
    assert outcome.status == 0
    found = keys(outcome.out)
    assert len(found) == len(set(found))
    assert {"hflav-rdst-ckm25", "HFLAV:RDRDst-CKM2025", "Tanaka:2012nw", "arXiv:2309.12904"} <= set(found)
    assert {"fitlq", "iminuit", "James:1975dr", "2020NumPy-Array", "2020SciPy-NMeth", "rgevolve", "Hunter:2007"} <= set(found)
    assert not {"emcee", "corner"} & set(found)
    assert outcome.out.count("note = {iminuit 9.3}") == 2
    assert "note = {fitlq 0.0.7}" in outcome.out
    assert "% fit of s1_lmu_ltau to data as of 2026-11-20" in outcome.out


@pytest.mark.slow
def test_a_real_result_cites_the_same(execute, made, tmp_path):
    words = ("s1_lmu_ltau", "--observables", "R(D)", "--observables", "R(D*)", "--as-of", "2026-11-20")
    assert execute("fit", *words, "-o", tmp_path / "real").status == 0
    real, made_up = (execute("cite", folder, "--json").json for folder in (tmp_path / "real", made))
    assert [(item["key"], item["used_by"]) for item in real] == [(item["key"], item["used_by"]) for item in made_up]


def test_a_sampled_result_with_a_corner_plot_cites_the_sampler(run, made, tmp_path):

    folder = Path(shutil.copytree(made, tmp_path / "sampled"))
    (folder / "chain.h5").touch()
    (folder / "corner.png").touch()
    found = {item["key"]: item for item in run("cite", folder, "--json").json if item["key"]}
    assert {"emcee", "corner"} <= set(found)


def test_an_entry_that_is_gone_is_listed(run, made, tmp_path):

    folder = Path(shutil.copytree(made, tmp_path / "old"))
    text = (folder / "fit.json").read_text(encoding="utf-8")
    (folder / "fit.json").write_text(text.replace('"hflav-rdst-ckm25"', '"renamed-since"'), encoding="utf-8")
    items = run("cite", folder, "--json").json
    (lost,) = [item for item in items if item["key"] is None and "renamed-since" in item["used_by"]]
    assert (lost["section"], lost["source"]) == ("measurements", "is not in the database any more")


def test_own_measurements_with_and_without_a_bibliography(run, entry_file):
    path = entry_file(("{url: 'https://example.org/mine'}", "{arxiv: '2601.00001', inspire: 'Mine:2026abc'}"))
    words = ("cite", "--data", path.parent, "--observables", "mine-rd-2026", "--json")
    (first,) = [item for item in run(*words).json if item["section"] == "measurements"]
    assert first["fields"] == {"author": "{HFLAV}", "year": "2026", "eprint": "2601.00001", "archiveprefix": "arXiv"}
    bib = "@article{Mine:2026abc, author = {Me}, title = {Mine}, year = 2026, eprint = {2601.00001}, archivePrefix = {arXiv}}"
    (path.parent / "references.bib").write_text(bib, encoding="utf-8")
    (second,) = [item for item in run(*words).json if item["section"] == "measurements"]
    assert (second["key"], second["fields"]["title"]) == ("Mine:2026abc", "Mine")


def test_check_reports_what_a_bibliography_lacks(run, entry_file):
    path = entry_file(("{url: 'https://example.org/mine'}", "{arxiv: '2601.00001'}"))
    (path.parent / "references.bib").write_text("% nothing yet\n", encoding="utf-8")
    outcome = run("check", path.parent)
    assert outcome.status == 2
    assert "entry mine-rd-2026, refs.arxiv: '2601.00001' is not in" in outcome.err
    assert "add an entry with eprint = {2601.00001}" in outcome.err


WRONG = {
    "option beside a folder": (["cite", "FOLDER", "--as-of", "2020"], ["--as-of", "states the data and inputs"]),
    "no such folder": (["cite", "nowhere"], ["nowhere: no such folder"]),
    "not a result": (["cite", "."], ["not a result folder of fitlq"]),
    "unknown observable": (["cite", "--observables", "R(X)"], ["unknown entry, process or observable 'R(X)'", "did you mean"]),
    "unknown inputs": (["cite", "--inputs", "flavio"], ["unknown input set 'flavio'", "flavio-2.7.1"]),
    "unknown form factors": (["cite", "--form-factors", "b->c=latice"], ["unknown option of b->c 'latice'", "lattice"]),
    "no such data": (["cite", "--data", "nowhere"], ["--data nowhere: no such file or folder"]),
    "nothing left": (["cite", "--observables", "R(D*)", "--as-of", "1990"], ["nothing is left of the data set"]),
    "abbreviation": (["cite", "--with-input"], ["unknown option --with-input", "--with-inputs"]),
}


@pytest.mark.parametrize(("words", "parts"), WRONG.values(), ids=WRONG)
def test_wrong_words(refused, made, words, parts):
    message = refused(*(made if word == "FOLDER" else word for word in words))
    for part in parts:
        assert part in message


def test_a_mistake_in_a_bibliography_is_one_message(run, entry_file):
    path = entry_file()
    (path.parent / "references.bib").write_text("@misc{a,\n author {Me}}\n", encoding="utf-8")
    outcome = run("cite", "--data", path.parent)
    assert (outcome.status, outcome.out) == (2, "")
    assert outcome.err.startswith(f"fitlq cite: {path.parent}/references.bib:2, entry a: expected field = {{value}}")
