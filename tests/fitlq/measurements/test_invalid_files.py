"""One file per kind of mistake: each is refused with the expected words, at the right entry, and with nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from fitlq.measurements import MeasurementError, MeasurementVocabulary, check_paths, load_measurements
from fitlq_theory.contracts import Argument, Observable
from fitlq_theory.errors import InputError

INVALID = sorted((Path(__file__).parents[2] / "invalid").glob("*.yaml"))


def _no_forms(point: object, arguments: object) -> None:
    raise NotImplementedError


def _observable(name: str, *arguments: Argument) -> Observable:
    return Observable(name, name, name, (), _no_forms, "invented for a test", arguments=arguments)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def vocabulary() -> MeasurementVocabulary:
    edges = [Argument(name, "GeV^2", 0.0, 22.9, "edge of the bin") for name in ("q2min", "q2max")]
    predicted = [_observable("R(D)"), _observable("R(D*)"), _observable("R_trident")]
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


def test_missing_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"there is no folder or file '.*nowhere' with measurements"):
        load_measurements(directories=[tmp_path / "nowhere"])
    with pytest.raises(InputError, match="nowhere"):
        check_paths([tmp_path / "nowhere"])
