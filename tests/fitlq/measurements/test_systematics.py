"""Systematic errors by source: from the file to the covariance, their names, and how they are shown."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fitlq.measurements import (
    Entry,
    GaussianData,
    MeasurementError,
    MeasurementVocabulary,
    check_paths,
    describe_entry,
    load_measurements,
    read_entry,
)
from fitlq.measurements.gaussian import SystematicSource, combined_sources
from fitlq_theory.observables import load_registry
from tests.fitlq.measurements.conftest import EntryMaker

SOURCES = [
    {"name": "luminosity", "err": [0.3, -0.4]},
    {"name": "corTauBr", "err": [0.4, 0.3], "correlation": -0.5, "shared": True},
]


def _data(make_entry: EntryMaker, **data: Any) -> GaussianData:
    document = {"type": "gauss", "central": [3.0, 2.0], "errors": {"stat": [1.2, 0.5]}, "systematics": SOURCES, **data}
    entry = make_entry("mine", "2020-01-01", observables=["R(D)", "R(D*)"], data=document)
    assert isinstance(entry.data, GaussianData)
    return entry.data


def test_sources_make_the_systematic_error_and_its_correlation(make_entry: EntryMaker) -> None:
    data = _data(make_entry)
    np.testing.assert_allclose(data.plus, [1.3, np.sqrt(0.5)], rtol=1e-14, atol=0)
    # 0.3 * (-0.4) - 0.5 * 0.4 * 0.3
    np.testing.assert_allclose(data.covariance(), [[1.69, -0.18], [-0.18, 0.5]], rtol=1e-14, atol=0)


def test_published_errors_and_matrices_stand(make_entry: EntryMaker) -> None:
    """Sources may add up to a few per cent less or more; they say how the error is shared, not how large it is."""
    data = _data(make_entry, errors={"stat": [1.2, 0.5], "syst": [0.52, 0.48]})
    np.testing.assert_allclose(np.diag(data.covariance()), [1.2**2 + 0.52**2, 0.5**2 + 0.48**2], rtol=1e-14, atol=0)
    assert data.correlations["syst"][0, 1] == pytest.approx(-0.18 / 0.25, rel=1e-14, abs=0)
    published = {"total": [[1.0, 0.25], [0.25, 1.0]]}
    data = _data(make_entry, errors={"stat": [1.2, 0.5], "syst": [0.5, 0.5]}, correlation=published)
    assert data.covariance()[0, 1] == pytest.approx(0.25 * 1.3 * np.sqrt(0.5), rel=1e-14, abs=0)
    assert set(data.correlations) == {"total"}


def test_syst_and_external_errors_together_are_what_the_sources_add_up_to(make_entry: EntryMaker) -> None:
    errors = {"stat": [1.2, 0.5], "syst": [0.3, 0.4], "ext": [0.4, 0.3]}
    data = _data(make_entry, errors=errors)
    assert data.correlations["ext"][0, 1] == data.correlations["syst"][0, 1] == pytest.approx(-0.72, rel=1e-14, abs=0)
    with pytest.raises(MeasurementError, match=r"add up to 0\.5, but syst and ext is 0\.3606"):
        _data(make_entry, errors={**errors, "ext": [0.2, 0.3]})


def test_asymmetric_errors_keep_their_sides(make_entry: EntryMaker) -> None:
    sides = {"stat": [1.2, 0.5], "syst": [{"plus": 0.55, "minus": 0.46}, 0.5]}
    data = _data(make_entry, errors=sides)
    assert data.plus[0] == pytest.approx(np.hypot(1.2, 0.55), rel=1e-14, abs=0)
    assert data.minus[0] == pytest.approx(np.hypot(1.2, 0.46), rel=1e-14, abs=0)
    with pytest.raises(MeasurementError, match=r"add up to 0\.5, but syst is \+0\.4 -0\.3"):
        _data(make_entry, errors={"stat": [1.2, 0.5], "syst": [{"plus": 0.4, "minus": 0.3}, 0.5]})


def test_scale_and_unit_apply_to_sources(make_entry: EntryMaker) -> None:
    plain, scaled = _data(make_entry), _data(make_entry, scale=1e-5)
    np.testing.assert_allclose(scaled.covariance(), 1e-10 * plain.covariance(), rtol=1e-14, atol=0)
    np.testing.assert_allclose(scaled.sources[0].errors, [3e-6, -4e-6], rtol=1e-14, atol=0)


def test_restricted_sources_belong_to_the_restricted_numbers(make_entry: EntryMaker) -> None:
    data = _data(make_entry).restricted([1])
    assert [source.errors.tolist() for source in data.sources] == [[-0.4], [0.3]]
    assert data.covariance() == pytest.approx(np.array([[0.5]]), rel=1e-14, abs=0)
    np.testing.assert_array_equal(data.sources[1].correlation, [[1.0]])


def test_a_number_without_sources_is_uncorrelated() -> None:
    errors, correlation = combined_sources([SystematicSource("s", np.array([0.2, 0.0]), np.ones((2, 2)))])
    np.testing.assert_array_equal(errors, [0.2, 0.0])
    np.testing.assert_array_equal(correlation, np.eye(2))


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        # three numbers that all move against each other
        ([{"name": "s", "err": [0.1, 0.1, 0.1], "correlation": -1}], "is not positive semi-definite"),
        ([{"name": "s", "err": [0.1, 0.1, 0.1], "correlation": [[1, 0, 0], [0, 1, 0]]}], "square matrix of 3 x 3"),
        ([{"name": "s", "err": [0.1, 0.1, 0.1], "correlation": [[1, 0, 0], [0, 1], [0, 0, 1]]}], "square matrix of 3 x 3"),
        ([{"name": "s", "err": [0.1, 0.1]}], r"err: has 2 values, the entry has 3 observables"),
        ([], "must not be empty"),
    ],
)
def test_impossible_sources(make_entry: EntryMaker, rows: Any, words: str) -> None:
    data = {"type": "gauss", "central": [1.0, 2.0, 3.0], "errors": {"stat": [0.1, 0.1, 0.1]}, "systematics": rows}
    with pytest.raises(MeasurementError, match=words):
        make_entry("mine", "2020-01-01", observables=["R(D)", "R(D*)", "R(J/psi)"], data=data)


def test_show_prints_the_table(make_entry: EntryMaker) -> None:
    data = {"type": "gauss", "central": [3.0, 2.0], "errors": {"stat": [1.2, 0.5]}, "systematics": SOURCES}
    lines = describe_entry(make_entry("mine", "2020-01-01", observables=["R(D)", "R(D*)"], data=data)).splitlines()
    start = lines.index("  systematic errors by source (a shared one is the same in all entries that name it):")
    assert lines[start + 1 : start + 3] == [
        "    luminosity                0.3        -0.4  correlation +1",
        "    corTauBr (shared)         0.4         0.3  correlation -0.5",
    ]


def test_sources_are_part_of_the_content_hash(shipped: Mapping[str, Entry]) -> None:
    dataset = load_measurements(as_of="2026-11-20", policy="individual").select("babar-rd-rdst-2012")
    document = {**shipped["babar-rd-rdst-2012"].document}
    rows = [{**row} for row in document["data"]["systematics"]]
    rows[0]["err"] = [0.0009, 0.000664]
    changed = read_entry({**document, "data": {**document["data"], "systematics": rows}})
    assert dataset.with_(changed).content_hash != dataset.content_hash
    assert dataset.with_(read_entry(document)).content_hash == dataset.content_hash


MINE = """schema: fitlq-measurements/1
source: mine
entries:
- id: mine-rd-2026
  kind: measurement
  process: bctaunu
  experiment: [Mine]
  date: '2026-01-01'
  refs: {}
  observables:
  - {name: R(D)}
  data:
    type: gauss
    central: [0.35]
    errors:
      stat: [0.03]
    systematics:
    - {name: %s, err: [0.02], shared: true}
  provenance: {level: primary, how: invented for a test}
"""
WORDS = "schema: fitlq-vocabulary/1\nsystematics:\n- {name: %s, meaning: invented for a test}\n"


@pytest.fixture(scope="module")
def vocabulary() -> MeasurementVocabulary:
    return MeasurementVocabulary(load_registry())


def test_own_data_may_name_a_shipped_source(tmp_path: Path, vocabulary: MeasurementVocabulary) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(MINE % "corTauBr", encoding="utf-8")
    assert [one for one in check_paths(path, vocabulary) if not one.note] == []
    dataset = load_measurements(as_of="2026-11-20", policy="individual", directories=path)
    data = dataset["mine-rd-2026"].data
    assert isinstance(data, GaussianData)
    assert data.plus == pytest.approx(np.hypot(0.03, 0.02), rel=1e-14, abs=0)


def test_own_shared_sources_stand_in_an_own_vocabulary(tmp_path: Path, vocabulary: MeasurementVocabulary) -> None:
    (tmp_path / "mine.yaml").write_text(MINE % "detector", encoding="utf-8")
    (found,) = check_paths(tmp_path, vocabulary)
    assert "no systematic error shared between entries is called 'detector'" in found.message
    assert found.key == "data.systematics[0].name"
    (tmp_path / "vocabulary.yaml").write_text(WORDS % "detector", encoding="utf-8")
    assert [one for one in check_paths(tmp_path, vocabulary) if not one.note] == []
    assert "mine-rd-2026" in load_measurements(as_of="2026-11-20", policy="individual", directories=tmp_path)
    # in Python as well
    with pytest.raises(MeasurementError, match="'detector'"):
        load_measurements(policy="individual").with_(read_entry(_document(tmp_path)))


def _document(folder: Path) -> Mapping[str, Any]:
    dataset = load_measurements(as_of="2026-11-20", policy="individual", directories=folder)
    return dataset["mine-rd-2026"].entry.document


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (WORDS % "DSSCOMP", r"systematics\[0\]: the name is too similar to 'dsscomp' of another folder"),
        (WORDS % "mine" + "- {name: mine, meaning: again}\n", r"systematics\[1\]: the name is given twice"),
        ("schema: fitlq-vocabulary/1\nsystematics:\n- {name: mine}\n", r"systematics\[0\]: needs name and meaning"),
        ("schema: fitlq-vocabulary/1\nsystematics:\n- {name: mine, meaning: 3}\n", "name and meaning must be text"),
        ("schema: fitlq-vocabulary/1\nsystematcs:\n- {name: mine, meaning: x}\n", "did you mean 'systematics'"),
        ("schema: fitlq-vocabulary/1\nsystematics: {name: mine}\n", "hold a list 'terms' or 'systematics'"),
        ("schema: fitlq-vocabulary/1\n", "holds none of terms, systematics"),
    ],
)
def test_faulty_vocabularies_are_named(tmp_path: Path, vocabulary: MeasurementVocabulary, text: str, words: str) -> None:
    (tmp_path / "mine.yaml").write_text(MINE % "corTauBr", encoding="utf-8")
    (tmp_path / "vocabulary.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(MeasurementError, match=words):
        load_measurements(as_of="2026-11-20", directories=tmp_path, vocabulary=vocabulary)
    assert [one.file for one in check_paths(tmp_path, vocabulary)] == [str(tmp_path / "vocabulary.yaml")]


def test_a_shipped_source_may_be_explained_again(tmp_path: Path, vocabulary: MeasurementVocabulary) -> None:
    (tmp_path / "mine.yaml").write_text(MINE % "dsscomp", encoding="utf-8")
    (tmp_path / "vocabulary.yaml").write_text(WORDS % "dsscomp", encoding="utf-8")
    assert [one for one in check_paths(tmp_path, vocabulary) if not one.note] == []


def test_every_shared_name_of_the_shipped_data_is_used_by_several_data_sets(
    shipped: Mapping[str, Entry], vocabulary: MeasurementVocabulary
) -> None:
    used: dict[str, set[str]] = {}
    for entry in shipped.values():
        if isinstance(entry.data, GaussianData):
            group = entry.representation.group if entry.representation else entry.id
            for source in entry.data.sources:
                if source.shared:
                    used.setdefault(source.name, set()).add(group)
    assert set(used) == set(vocabulary.shared_systematics)
    assert all(len(groups) > 1 for groups in used.values())
