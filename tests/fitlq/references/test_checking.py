from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from fitlq.measurements import measurements_root
from fitlq.references import check_references

ENTRY = """schema: fitlq-measurements/1
source: mine
entries:
- id: mine-rd-2026
  kind: measurement
  process: bctaunu
  experiment: [Mine]
  date: '2026-01-15'
  refs: {REFS}
  observables:
  - {name: R(D)}
  data: {type: gauss, central: [0.3], errors: {total: [0.01]}}
  provenance: {level: primary, how: made up for a test}
"""
WORK = "@article{Mine:2026abc,\n  author = {Me},\n  year = {2026},\n  eprint = {2601.00001},\n  archivePrefix = {arXiv},\n}\n"


@pytest.fixture
def folder(tmp_path):
    def write(refs: str, bib: str | None = WORK) -> Path:
        (tmp_path / "mine.yaml").write_text(ENTRY.replace("REFS", refs), encoding="utf-8")
        if bib is not None:
            (tmp_path / "references.bib").write_text(bib, encoding="utf-8")
        return tmp_path

    return write


def problems(path):
    return [str(problem) for problem in check_references(path)]


@pytest.mark.parametrize(
    "refs", ["inspire: 'Mine:2026abc'", "arxiv: '2601.00001'", "arxiv: '2601.00001', inspire: 'Mine:2026abc'"]
)
def test_nothing_to_complain_about(folder, refs):
    assert problems(folder(refs)) == []


def test_a_work_of_the_shipped_bibliography_need_not_be_repeated(folder):
    assert problems(folder("arxiv: '2601.00001', also_arxiv: ['2504.11220']")) == []


def test_a_folder_without_a_bibliography_is_not_asked_for_one(folder):
    assert problems(folder("arxiv: '2601.99999'", bib=None)) == []


MISSING = {
    "arXiv number": ("arxiv: '2601.99999'", "refs.arxiv", "add an entry with eprint = {2601.99999} and archivePrefix = {arXiv}"),
    "INSPIRE key": ("inspire: 'Mine:2026xyz'", "refs.inspire", "add the entry that INSPIRE gives for this key"),
    "further number": ("inspire: 'Mine:2026abc', also_arxiv: ['2601.99999']", "refs.also_arxiv", "eprint = {2601.99999}"),
}


@pytest.mark.parametrize(("refs", "key", "advice"), MISSING.values(), ids=MISSING)
def test_a_missing_work_is_named_with_what_to_add(folder, refs, key, advice):
    path = folder(refs, WORK)
    found = [line for line in problems(path) if "mine.yaml" in line]
    assert len(found) == 1
    assert found[0].startswith(f"{path}/mine.yaml:4, entry mine-rd-2026, {key}: ")
    assert f"is not in {path}/references.bib" in found[0]
    assert advice in found[0]


def test_a_missing_work_is_reported_once(folder):
    path = folder("inspire: 'Mine:2026xyz', arxiv: '2601.99999'")
    text = (path / "mine.yaml").read_text(encoding="utf-8")
    entry = text[text.index("- id:") :]
    (path / "mine.yaml").write_text(text + entry.replace("mine-rd-2026", "mine-rd-2027"), encoding="utf-8")
    (found,) = [line for line in problems(path) if "mine.yaml" in line]
    assert found.startswith(f"{path}/mine.yaml:4, entry mine-rd-2026, refs.inspire: 'Mine:2026xyz' is not in")
    assert found.endswith("add the entry that INSPIRE gives for this key, eprint 2601.99999 (named by 2 entries)")


def test_a_work_that_nobody_uses(folder):
    other = WORK.replace("Mine:2026abc", "Other:2026abc").replace("2601.00001", "2601.00002")
    path = folder("arxiv: '2601.00001'", WORK + other)
    message = "no entry names this work in its refs; name it there, or take it out"
    assert problems(path) == [f"{path}/references.bib:7, entry Other:2026abc: {message}"]


def test_key_and_number_of_different_works(folder):
    path = folder("arxiv: '2504.11220', inspire: 'Mine:2026abc'")
    (found,) = problems(path)
    assert "entry mine-rd-2026, refs.arxiv: '2504.11220' is " in found
    assert "but inspire: 'Mine:2026abc' is another work (eprint 2601.00001)" in found


def test_what_is_no_doi(folder):
    (found,) = problems(folder("arxiv: '2601.00001', doi: 'https://doi.org/10.1000/x'"))
    assert "entry mine-rd-2026, refs.doi: expected a DOI such as 10.1103/PhysRevLett.132.052501" in found


def test_faults_of_the_bibliography_itself(folder):
    path = folder("arxiv: '2601.00001'", WORK + "@misc{oops, author = {Me} year = 2026}\n")
    (found,) = problems(path)
    assert found == f"{path}/references.bib:7, entry oops, author: expected a comma or }} after the value"


def test_one_file_of_a_folder_is_checked_against_the_bibliography_beside_it(folder):
    other = WORK.replace("Mine:2026abc", "Other:2026abc").replace("2601.00001", "2601.00002")
    path = folder("arxiv: '2601.99999'", WORK + other)
    (found,) = problems(path / "mine.yaml")  # not that other entries of the bibliography are unused
    assert "refs.arxiv: '2601.99999' is not in" in found


def test_a_shipped_file_is_checked_against_the_shipped_bibliography():
    root = Path(str(measurements_root()))
    assert problems(root / "belle2" / "bctaunu.yaml") == []
    assert problems(root / "belle2") == []


def test_a_new_entry_among_the_shipped_ones_needs_its_work(tmp_path, monkeypatch):
    root = tmp_path / "measurements"
    shutil.copytree(str(measurements_root()), root)
    monkeypatch.setattr("fitlq.measurements.locations.measurements_root", lambda: root)
    monkeypatch.setattr("fitlq.references.checking.measurements_root", lambda: root)
    (root / "belle2" / "new.yaml").write_text(ENTRY.replace("REFS", "arxiv: '2601.99999'"), encoding="utf-8")
    for path in (root, root / "belle2", root / "belle2" / "new.yaml"):
        (found,) = problems(path)
        assert "entry mine-rd-2026, refs.arxiv: '2601.99999' is not in" in found
