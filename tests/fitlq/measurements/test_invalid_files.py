"""One file per kind of mistake: each is refused with the expected words, at the right entry, and with nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from fitlq.measurements import MeasurementError, MeasurementVocabulary, check_paths, load_measurements
from fitlq.measurements.units import unit_problem
from fitlq_theory.contracts import Argument, Observable
from fitlq_theory.errors import InputError

INVALID = sorted((Path(__file__).parents[2] / "invalid").glob("*.yaml"))


def _no_forms(point: object, arguments: object) -> None:
    raise NotImplementedError


def _observable(name: str, *arguments: Argument, aliases: tuple[str, ...] = (), unit: str = "") -> Observable:
    how = "invented for a test"
    return Observable(name, name, name, (), _no_forms, how, aliases, arguments, unit)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def vocabulary() -> MeasurementVocabulary:
    edges = [Argument(name, "GeV^2", 0.0, 22.9, "edge of the bin") for name in ("q2min", "q2max")]
    ratios = [_observable("Rtaul(B->Dlnu)", aliases=("R(D)",)), _observable("R(D*)")]
    predicted = [*ratios, _observable("R_trident"), _observable("DeltaM_s", unit="GeV")]
    binned = [_observable("BR(B+->Knunu)", *edges), _observable("BR(B0->Knunu)"), _observable("<FL>(B0->D*taunu)", *edges)]
    return MeasurementVocabulary([*predicted, *binned])


def _expected(path: Path) -> list[str]:
    prefix = "# expect: "
    lines = path.read_text(encoding="utf-8").splitlines()
    return [line.removeprefix(prefix) for line in lines if line.startswith(prefix)]


def test_there_is_a_file_for_each_of_many_kinds() -> None:
    assert len(INVALID) >= 35


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_each_mistake_is_named_and_nothing_else(path: Path, vocabulary: MeasurementVocabulary) -> None:
    diagnostics = check_paths([path], vocabulary)
    found = [str(diagnostic) for diagnostic in diagnostics]
    expected = _expected(path)
    assert expected
    for snippet in expected:
        assert any(snippet in text for text in found), f"{snippet!r} not in {found}"
    assert len(found) == len(expected), found
    length = len(path.read_text(encoding="utf-8").splitlines())
    assert all(one.file == str(path) and one.line is not None and 1 <= one.line <= length + 1 for one in diagnostics)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("unknown_key", "relatoins: {}"),
        ("arxiv_number_without_quotes", "refs: {arxiv: 2001.10000}"),
        ("negative_error", "stat: [{plus: 0.03, minus: -0.02}, 0.02]"),
        ("correlation_diagonal", "- [0.9, -0.4]"),
        ("unknown_observable", "- {name: R(Dst)}"),
        ("provenance_level", "provenance: {level: primry, how: invented for a test}"),
        ("repeated_key", "central: [0.35, 0.29]"),
        ("measurement_with_inputs", "inputs: [babar-rd-rdst-2012]"),
        ("unit_of_a_number", "unit: 1/ps"),
        ("observable_twice_by_alias", "- {name: Rtaul(B->Dlnu)}"),
        ("systematic_misspelt", "- {name: corTauBrs, err: [0.03, 0.005], shared: true}"),
        ("systematics_sum", "- {name: lumi, err: [0.0, 0.012]}"),
    ],
)
def test_the_line_is_the_one_of_the_mistake(name: str, text: str, vocabulary: MeasurementVocabulary) -> None:
    path = next(path for path in INVALID if path.stem == name)
    (diagnostic,) = check_paths([path], vocabulary)
    assert diagnostic.line is not None
    assert path.read_text(encoding="utf-8").splitlines()[diagnostic.line - 1].strip() == text


@pytest.mark.parametrize("name", ["many_mistakes", "not_yaml", "relation_to_nothing", "unknown_observable"])
def test_loading_refuses_them_too(name: str, vocabulary: MeasurementVocabulary) -> None:
    path = next(path for path in INVALID if path.stem == name)
    with pytest.raises(MeasurementError) as caught:
        load_measurements(as_of="2020-12-31", directories=[path], vocabulary=vocabulary)
    assert all(snippet in str(caught.value) for snippet in _expected(path))
    assert isinstance(caught.value, InputError)


def test_files_are_checked_together_and_against_the_shipped_ones(vocabulary: MeasurementVocabulary) -> None:
    folder = INVALID[0].parent
    together = check_paths([folder], vocabulary)
    doubles = {one.file for one in together if "is already used in" in one.message}
    # the files use the same id; it is reported for those whose entries are readable, except the first of them
    assert len(doubles) >= 8
    assert {one.file for one in together} <= {str(path) for path in INVALID}


@pytest.mark.parametrize("unit", ["[1/ps, '1']", "[GeV, rad]", "[1e10 hbar/s, '1']"])
def test_units_that_a_quantity_can_have_are_accepted(tmp_path: Path, vocabulary: MeasurementVocabulary, unit: str) -> None:
    text = next(path for path in INVALID if path.stem == "unit_missing").read_text(encoding="utf-8")
    path = tmp_path / "mended.yaml"
    path.write_text(text.replace("type: gauss", f"type: gauss\n    unit: {unit}"), encoding="utf-8")
    # without mistakes of its own the invented entry is compared with the shipped ones
    # (an old one of them is far away in some of these units)
    assert {"relations"} <= {one.key for one in check_paths(path, vocabulary)} <= {"relations", "data.central[0]"}


@pytest.mark.parametrize(
    ("unit", "wanted", "words"),
    [
        ("1", "", None),
        ("rad", "1", None),
        ("MeV", "GeV", None),
        ("GeV^-2", "GeV^-2", None),
        (None, "GeV", None),
        ("1", "furlong", None),  # a term of the user in a unit the files cannot express
        ("1", "GeV", "has no unit; write one of unit: GeV"),
        ("GeV", "", "is given in GeV, but it is a pure number"),
        ("cm2", "GeV", "is given in cm2; write one of unit: GeV"),
    ],
)
def test_units(unit: str | None, wanted: str, words: str | None) -> None:
    problem = unit_problem(unit, wanted)
    assert (problem is None) if words is None else (problem or "").startswith(words)


def test_a_vocabulary_that_is_not_utf8_is_named(tmp_path: Path, vocabulary: MeasurementVocabulary) -> None:
    (tmp_path / "vocabulary.yaml").write_bytes("schema: fitlq-vocabulary/1 # \u00e9".encode("latin-1"))
    (tmp_path / "mine.yaml").write_text("schema: fitlq-measurements/1\nsource: mine\nentries: []\n", encoding="utf-8")
    with pytest.raises(MeasurementError, match=r"vocabulary\.yaml: is not UTF-8 text"):
        load_measurements(directories=[tmp_path])
    assert "is not UTF-8 text" in [one.message for one in check_paths([tmp_path], vocabulary)]


def test_a_folder_without_measurements_is_said(tmp_path: Path, vocabulary: MeasurementVocabulary) -> None:
    (tmp_path / "notes.txt").write_text("nothing to read", encoding="utf-8")
    (warning,) = load_measurements(directories=[tmp_path]).warnings[:1]
    assert warning == f"there is no measurement file (*.yaml, *.yml) in {str(tmp_path)!r}"
    assert [one.message for one in check_paths([tmp_path], vocabulary)] == [warning]


def test_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"there is no folder or file '.*nowhere' with measurements"):
        load_measurements(directories=[tmp_path / "nowhere"])
    with pytest.raises(InputError, match="nowhere"):
        check_paths([tmp_path / "nowhere"])
