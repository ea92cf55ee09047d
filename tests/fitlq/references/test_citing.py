from __future__ import annotations

import pytest

from fitlq.measurements import load_entries, load_measurements, read_entry
from fitlq.references import cite_dataset, format_work, load_bibliography
from fitlq.references.bibliography import Bibliography, theory_bibliography
from fitlq.references.bibtex import Work
from fitlq.references.citations import Collector
from fitlq.references.citing import works_named
from fitlq.references.entry_references import works_of_entry


def entry(refs, experiment=("LHCb",), date="2026-01-15"):
    return read_entry(
        {
            "id": "mine-rd-2026",
            "kind": "measurement",
            "process": "bctaunu",
            "experiment": list(experiment),
            "date": date,
            "refs": refs,
            "observables": [{"name": "R(D)"}],
            "data": {"type": "gauss", "central": [0.3], "errors": {"total": [0.01]}},
            "provenance": {"level": "primary", "how": "made up"},
        }
    )


A = Work("article", "A:2020aaa", {"eprint": "2001.00001", "doi": "10.1000/a"}, "x.bib", 1)
B = Work("article", "B:2020bbb", {"eprint": "2001.00002"}, "x.bib", 2)
BIBLIOGRAPHY = Bibliography.of([A, B])


@pytest.mark.parametrize(
    "refs",
    [{"inspire": "A:2020aaa"}, {"arxiv": "2001.00001"}, {"doi": "10.1000/A"}, {"inspire": "A:2020aaa", "arxiv": "2001.00001"}],
)
def test_a_work_is_found_by_each_of_its_names(refs):
    assert works_of_entry(entry(refs), BIBLIOGRAPHY) == (A,)


def test_several_papers_of_one_measurement():
    assert works_of_entry(entry({"inspire": "A:2020aaa", "also_arxiv": ["2001.00002"]}), BIBLIOGRAPHY) == (A, B)


ON_THE_FLY = {
    "arXiv number": (
        {"arxiv": "2601.00001", "doi": "10.1000/x"},
        "@misc{arXiv:2601.00001,\n  author = {{LHCb}},\n  year = {2026},\n  eprint = {2601.00001},\n  archivePrefix = {arXiv},\n"
        "  doi = {10.1000/x},\n}",
    ),
    "INSPIRE key": ({"inspire": "LHCb:2026xyz"}, "@misc{LHCb:2026xyz,\n  author = {{LHCb}},\n  year = {2026},\n}"),
    "report": (
        {"report": "LHCb-CONF-2026-001", "journal": "PRL 1 (2026) 2"},
        "@misc{mine-rd-2026,\n  author = {{LHCb}},\n  year = {2026},\n  note = {PRL 1 (2026) 2, LHCb-CONF-2026-001},\n}",
    ),
    "address": (
        {"url": "https://example.org/x"},
        "@misc{mine-rd-2026,\n  author = {{LHCb}},\n  year = {2026},\n  howpublished = {\\url{https://example.org/x}},\n}",
    ),
    "record": (
        {"inspire_recid": 2725943},
        "@misc{mine-rd-2026,\n  author = {{LHCb}},\n  year = {2026},\n  note = {INSPIRE record 2725943},\n}",
    ),
}


@pytest.mark.parametrize(("refs", "bibtex"), ON_THE_FLY.values(), ids=ON_THE_FLY)
def test_what_is_not_in_the_bibliography_is_cited_by_what_refs_tell(refs, bibtex):
    (work,) = works_of_entry(entry(refs), BIBLIOGRAPHY)
    assert format_work(work) == bibtex


def test_several_experiments_are_several_authors():
    (work,) = works_of_entry(entry({"report": "x"}, experiment=("ATLAS", "CMS")), BIBLIOGRAPHY)
    assert work.fields["author"] == "{ATLAS} and {CMS}"


@pytest.mark.parametrize("refs", [{}, {"flavio": "LHCb RD 2026"}, {"hepdata": ["10.17182/hepdata.1"]}])
def test_nothing_to_cite(refs):
    assert works_of_entry(entry(refs), BIBLIOGRAPHY) == ()


def test_every_shipped_entry_has_a_work_or_names_nothing():
    bibliography = load_bibliography()
    entries, _ = load_entries()
    naming = {"inspire", "arxiv", "doi", "journal", "report", "url", "inspire_recid"}
    for one in entries.values():
        assert bool(works_of_entry(one, bibliography)) == bool(naming & one.refs.keys()), one.id


def test_one_work_used_twice_is_one_citation():
    collector = Collector()
    collector.cite("formulas", "R(D)", [A])
    collector.cite("measurements", "x", [A])
    collector.cite("formulas", "R(D*)", [A, B])
    found = collector.finished()
    assert found.keys == ("A:2020aaa", "B:2020bbb")
    assert found.citations[0].section == "measurements"
    assert found.citations[0].sections == ("measurements", "formulas")
    assert found.citations[0].used_by == ("x", "R(D)", "R(D*)")


def test_equal_entries_made_on_the_fly_are_one():
    collector = Collector()
    for name in ("hflav-a", "hflav-b"):
        collector.cite("measurements", name, [Work("misc", name, {"author": "{HFLAV}", "howpublished": "page"})])
    (only,) = collector.finished()
    assert (only.key, only.used_by) == ("hflav-a", ("hflav-a", "hflav-b"))


def test_a_source_is_resolved_by_numbers_and_by_names():
    works = works_named("arXiv:2212.10497, as in flavio 2.7.1", theory_bibliography())
    assert [work.key for work in works] == ["Greljo:2022jac", "Straub:2018kue"]


def test_an_unknown_number_in_a_source_is_cited_as_it_is():
    (work,) = works_named("arXiv:9901.00001, eq. (3)", theory_bibliography())
    assert format_work(work) == "@misc{arXiv:9901.00001,\n  eprint = {9901.00001},\n  archivePrefix = {arXiv},\n}"


@pytest.fixture(scope="module")
def data():
    return load_measurements(as_of="2026-11-20").select(["R(D)", "R(D*)"])


def test_a_dataset_cites_measurements_inputs_and_formulas(data):
    found = cite_dataset(data)
    by_section = {section: {c.key for c in found if section in c.sections} for c in found for section in c.sections}
    assert by_section["measurements"] == {"hflav-rdst-ckm25"}
    assert {"Tanaka:2012nw", "Sakaki:2013bfa"} == by_section["formulas"]
    assert {"Bordone:2019vic", "HFLAV:RDRDst-CKM2025"} <= by_section["theory inputs"]
    assert by_section["software"] == {"fitlq"}
    assert "model" not in by_section


def test_only_inputs_that_are_read_are_cited(data):
    used = {name for citation in cite_dataset(data) for name in citation.used_by}
    assert "R(D) SM HFLAV" in used
    assert not {name for name in used if name.startswith(("bag_", "f_", "B->K"))}


def test_other_form_factors_cite_other_works(data):
    keys = cite_dataset(data, input_choices={"b->c": "lattice"}).keys
    assert {"FermilabLattice:2021cdg", "Harrison:2023dzh", "Aoki:2023qpa"} <= set(keys)
    assert "HFLAV:RDRDst-CKM2025" not in keys


def test_the_measurements_inside_averages_are_cited_on_request(data):
    plain, complete = cite_dataset(data), cite_dataset(data, with_inputs=True)
    inside = {c.key for c in complete if c.section == "measurements inside averages"}
    assert {"Lees:2012xj", "Huschle:2015rga", "LHCb:2023zxo"} <= inside
    assert set(complete.keys) - inside == set(plain.keys)


def test_keys_are_unique_and_nothing_used_is_dropped():
    data = load_measurements(as_of="2026-11-20")
    found = cite_dataset(data)
    assert len(set(found.keys)) == len(found)
    cited = {name for citation in found for name in citation.used_by}
    uncited = {name for one in found.uncited for name in one.used_by}
    assert set(data.ids) <= cited | uncited
    assert not set(data.ids) & cited & uncited
