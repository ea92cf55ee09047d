"""The shipped bibliographies: complete, without orphans, and one key for one work."""

from __future__ import annotations

import pytest

from fitlq.measurements import load_entries, measurements_root
from fitlq.references import BibliographyError, check_references, identifiers_in, load_bibliography, theory_bibliography
from fitlq.references.bibliography import Bibliography, read_bibliography, software_bibliography
from fitlq.references.bibtex import Work
from fitlq.references.citing import works_named
from fitlq_theory.sources import all_sources


def test_every_reference_of_the_shipped_measurements_has_its_entry_and_every_entry_is_used():
    assert [str(problem) for problem in check_references(str(measurements_root()))] == []


def test_every_shipped_entry_with_an_identifier_is_found():
    bibliography = load_bibliography()
    entries, _ = load_entries()
    named = [entry for entry in entries.values() if {"inspire", "arxiv"} & entry.refs.keys()]
    assert len(named) > 70
    for entry in named:
        if "inspire" in entry.refs:
            assert bibliography.by_key(entry.refs["inspire"]) is not None, entry.id
        if "arxiv" in entry.refs:
            assert bibliography.by_arxiv(entry.refs["arxiv"]).fields["eprint"] == entry.refs["arxiv"], entry.id


def test_every_number_in_a_source_of_the_theory_layer_has_its_entry():
    bibliography = theory_bibliography()
    missing = {
        number: source.name
        for source in all_sources()
        for number in identifiers_in(source.text).arxiv
        if bibliography.by_arxiv(number) is None
    }
    assert missing == {}
    found = [(source, identifiers_in(source.text)) for source in all_sources()]
    assert not [source for source, identifiers in found if identifiers.keys]
    assert not [source for source, identifiers in found if any(bibliography.by_doi(doi) is None for doi in identifiers.dois)]


def test_every_entry_of_the_theory_layer_is_used():
    bibliography = theory_bibliography()
    used = {work.key for source in all_sources() for work in works_named(source.text, bibliography)}
    assert {work.key for work in bibliography} - used == set()


def test_one_work_has_one_key_in_all_bibliographies():
    works = [*load_bibliography(), *theory_bibliography(), *software_bibliography()]
    for kind in ("eprint", "doi"):
        keys: dict[str, set[str]] = {}
        for work in works:
            if kind in work.fields:
                keys.setdefault(work.fields[kind].lower(), set()).add(work.key)
        assert {name: found for name, found in keys.items() if len(found) > 1} == {}


def test_most_works_have_a_title():
    works = list(load_bibliography())
    assert sum("title" in work.fields for work in works) >= 0.8 * len(works)


def test_lookup_by_every_name():
    work = Work(
        "article", "LHCb:2023zxo", {"eprint": "2302.02886", "doi": "10.1103/PhysRevLett.131.111802", "ids": "Old:2023aaa"}
    )
    bibliography = Bibliography.of([work])
    assert bibliography.by_key("LHCb:2023zxo") is work
    assert bibliography.by_key("Old:2023aaa") is work
    assert bibliography.by_arxiv("arXiv:2302.02886v2") is work
    assert bibliography.by_doi("https://doi.org/10.1103/physrevlett.131.111802") is work
    assert bibliography.by_key("lhcb:2023zxo") is None


def test_works_are_named_by_whole_words():
    work = Work("misc", "a", {"named": "PDG 2022; flavio 2.7.1"})
    bibliography = Bibliography.of([work])
    assert bibliography.named_in("as in flavio 2.7.1, PDG") == (work,)
    assert bibliography.named_in("PDG 20223") == bibliography.named_in("flavio 2.7.10") == ()


def test_a_later_layer_prevails():
    old, new = Work("misc", "a", {"eprint": "2302.02886"}), Work("misc", "b", {"eprint": "2302.02886"})
    assert Bibliography.of([old, new]).by_arxiv("2302.02886") is new


@pytest.fixture
def bib(tmp_path):
    def write(text):
        path = tmp_path / "references.bib"
        path.write_text(text, encoding="utf-8")
        return path

    return write


FAULTS = {
    "key twice": ("@misc{a, author = {A}, year = 2020}\n@misc{a, author = {B}, year = 2020}", "a already stands in line 1 (a)"),
    "eprint twice": (
        "@misc{a, author = {A}, year = 2020, eprint = {2001.00001}, archivePrefix = {arXiv}}\n"
        "@misc{b, author = {A}, year = 2020, eprint = {arXiv:2001.00001v2}, archivePrefix = {arXiv}}",
        "2001.00001 already stands in line 1 (a); make one entry of the two",
    ),
    "doi twice": (
        "@misc{a, author = {A}, year = 2020, doi = {10.1000/X1}}\n@misc{b, author = {A}, year = 2020, doi = {10.1000/x1}}",
        "10.1000/x1 already stands in line 1 (a)",
    ),
    "nobody wrote it": ("@misc{a, year = 2020}", "needs author or collaboration"),
    "no year": ("@misc{a, author = {A}}", "needs a year of four digits"),
    "year in words": ("@misc{a, author = {A}, year = {in press}}", "needs a year of four digits, found 'in press'"),
    "no archive": ("@misc{a, author = {A}, year = 2020, eprint = {2001.00001}}", "needs archivePrefix = {arXiv} beside it"),
    "not a number": (
        "@misc{a, author = {A}, year = 2020, eprint = {2727207}, archivePrefix = {arXiv}}",
        "expected an arXiv number such as 2504.11220 or hep-ex/0509008, found '2727207'",
    ),
    "two dois": (
        "@misc{a, author = {A}, year = 2020, doi = {10.1000/x, 10.1000/y}}",
        "expected one DOI such as 10.1103/PhysRevLett.132.052501, found '10.1000/x, 10.1000/y'",
    ),
}


@pytest.mark.parametrize(("text", "message"), FAULTS.values(), ids=FAULTS)
def test_a_fault_of_a_bibliography_is_named(bib, text, message):
    path = bib(text)
    _, diagnostics = read_bibliography(str(path), path)
    assert message in "\n".join(map(str, diagnostics))
    assert load_bibliography(path.parent).by_key("a") is not None  # good enough to be cited


def test_mistakes_of_bibtex_are_not_passed_over(bib):
    path = bib("@misc{a, author = {A}, year = 2020")
    with pytest.raises(BibliographyError, match=r"references\.bib:1, entry a: the entry is not closed by }"):
        load_bibliography(path.parent)


def test_a_folder_without_a_bibliography_adds_nothing(tmp_path):
    assert len(load_bibliography(tmp_path)) == len(load_bibliography())


def test_not_utf8(tmp_path):
    path = tmp_path / "references.bib"
    path.write_bytes(b"@misc{a, author = {M\xfcller}, year = 2020}")
    assert "is not UTF-8 text" in str(read_bibliography(str(path), path)[1][0])
