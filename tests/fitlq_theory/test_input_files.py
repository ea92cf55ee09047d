"""Files of theory inputs: what is checked in them, dates of the shipped ones, and a user's file laid over a set."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import fitlq_theory.inputs
from fitlq_theory.errors import InputError
from fitlq_theory.inputs import check_input_file, known_parameters, load_inputs
from fitlq_theory.strict_yaml import load_yaml

FOLDER = Path(fitlq_theory.inputs.__file__).parent
SHIPPED = sorted([*FOLDER.glob("parameters/*.yaml"), *FOLDER.glob("form_factors/*.yaml")])


def short(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@pytest.mark.parametrize("path", SHIPPED, ids=short)
def test_every_shipped_number_is_sound_and_has_a_date_and_an_error_or_a_reason_for_none(path: Path) -> None:
    assert check_input_file(path, known_parameters(), may_add=True) == ()


def test_form_factors_and_parameters_are_among_the_files_checked() -> None:
    assert {"parameters/ckm.yaml", "form_factors/B_to_K.bsz_grvdv2023.yaml"} < {short(path) for path in SHIPPED}


def test_a_number_stands_in_one_file_of_the_default_set() -> None:
    files = load_yaml((FOLDER / "sets.yaml").read_text(encoding="utf-8"), "sets.yaml")["sets"]["default"]["parameters"]
    contents = (load_yaml((FOLDER / f"parameters/{name}.yaml").read_text(encoding="utf-8"), name) for name in files)
    names = Counter(parameter["name"] for content in contents for parameter in content["parameters"])
    assert [name for name, count in names.items() if count > 1] == []


GOOD = """name: mine
parameters:
  - {name: "Vcb", value: 0.0400, error: 0.0010, unit: "", source: "arXiv:2310.20324", status: "read", date: "2023-10"}
  - {name: "m_b", value: 4.2, error: 0.02, unit: "GeV", source: "made up", status: "read", date: "2025"}
correlation_blocks: []
"""
BLOCKS = """correlation_blocks:
  - names: ["Vcb", "m_b"]
    correlation:
      - [1.0]
      - [0.5, 1.0]
"""


def write(tmp_path: Path, *replacements: tuple[str, str], text: str = GOOD) -> Path:
    for old, new in replacements:
        assert old in text
        text = text.replace(old, new)
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    ("old", "new", "line", "entry", "key", "message"),
    [
        ("error: 0.0010", "eror: 0.0010", 3, "Vcb", "eror", "did you mean 'error'"),
        ("error: 0.0010", "eror: 0.0010", 3, "Vcb", "error", "is missing; is 'eror' meant"),
        ('unit: "GeV", ', "", 4, "m_b", "unit", "is missing"),
        ('source: "made up", ', "", 4, "m_b", "source", "is missing"),
        ('source: "made up"', 'source: ""', 4, "m_b", "source", "must be a text"),
        ('status: "read", date: "2025"', 'date: "2025"', 4, "m_b", "status", "is missing"),
        ('status: "read", date: "2025"', 'status: "red"', 4, "m_b", "status", "must begin with one of read"),
        ('"Vcb"', '"Vbc"', 3, "Vbc", "name", "'Vcb'"),
        ("value: 4.2", 'value: "4.2"', 4, "m_b", "value", "must be a number"),
        ("value: 4.2", "value: .nan", 4, "m_b", "value", "must be a number"),
        ("error: 0.02", "error: -0.02", 4, "m_b", "error", "must not be negative"),
        ('date: "2025"', "date: 2025", 4, "m_b", "date", "as a text, found 2025"),
        ('date: "2025"', 'date: "2025-13"', 4, "m_b", "date", "no day 2025-13"),
        ('date: "2023-10"', 'date: "2022-10"', 3, "Vcb", "date", "before arXiv:2310"),
        ('date: "2025"', 'date: "2025", no_error: "exact"', 4, "m_b", "no_error", "but the error is 0.02"),
        ('"m_b", value', '"Vcb", value', 4, "Vcb", None, "given twice"),
        ("correlation_blocks", "correlations", 5, None, "correlations", "did you mean 'correlation_blocks'"),
    ],
)
def test_problems_name_line_parameter_and_key(
    tmp_path: Path, old: str, new: str, line: int, entry: str | None, key: str | None, message: str
) -> None:
    path = write(tmp_path, (old, new))
    found = [p for p in check_input_file(path, known_parameters()) if not p.note]
    assert any((p.line, p.entry, p.key) == (line, entry, key) and message in p.message for p in found), found
    with pytest.raises(InputError, match=f"mine.yaml, line {line}"):
        load_inputs(str(path))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("[0.5, 1.0]", "[1.5, 1.0]", "beyond one: 1.5"),
        ("[0.5, 1.0]", "[0.5]", "row 2 must have 2 numbers"),
        ("      - [0.5, 1.0]\n", "", "has 1 rows for 2 parameters"),
        ('["Vcb", "m_b"]', '["Vcb", "m_bb"]', "unknown input parameter 'm_bb'"),
        ('["Vcb", "m_b"]', '["Vcb", "Vcb"]', "two correlated blocks"),
        (
            '["Vcb", "m_b"]\n    correlation:\n      - [1.0]\n      - [0.5, 1.0]',
            '["Vcb", "m_b", "m_c"]\n    correlation:\n      - [1.0]\n      - [0.9, 1.0]\n      - [0.9, -0.9, 1.0]',
            "is not positive: smallest eigenvalue -0.8",
        ),
    ],
)
def test_correlations_are_checked(tmp_path: Path, old: str, new: str, message: str) -> None:
    path = write(tmp_path, ("correlation_blocks: []\n", BLOCKS), (old, new))
    assert any(message in p.message for p in check_input_file(path, known_parameters()))


def test_a_vanishing_error_wants_a_reason_and_a_date_is_asked_for(tmp_path: Path) -> None:
    path = write(tmp_path, ("error: 0.02", "error: 0.0"), (', date: "2025"', ""))
    assert {(p.key, p.note) for p in check_input_file(path, known_parameters())} == {("error", True), ("date", True)}
    assert load_inputs(str(path)).parameters["m_b"].error == 0.0


def test_a_file_laid_over_a_set_replaces_its_parameters_and_keeps_other_correlations(tmp_path: Path) -> None:
    base, own = load_inputs(), load_inputs(str(write(tmp_path)))
    assert own.parameters["Vcb"].value == 0.04
    assert own.parameters["Vub"] == base.parameters["Vub"]
    assert own.content_hash() != base.content_hash()
    names = ("m_b", "m_c", "m_s", "Vcb")
    covariance = own.covariance(names)
    assert covariance[0, 1:].tolist() == [0.0, 0.0, 0.0]
    assert covariance[1, 2] == base.covariance(names)[1, 2] != 0
    assert np.diag(covariance)[[0, 3]] == pytest.approx([0.02**2, 0.001**2], rel=1e-6, abs=0)


def test_a_file_names_the_set_it_is_laid_over_and_brings_correlations(tmp_path: Path) -> None:
    path = write(tmp_path, ("name: mine\n", "name: mine\nover: flavio-2.7.1\n"), ("correlation_blocks: []\n", BLOCKS))
    own = load_inputs(str(path), {"b->c": "lattice"})
    assert own.choices == {**load_inputs("flavio-2.7.1").choices, "b->c": "lattice"}
    assert own.parameters["kappa_epsilon"] == load_inputs("flavio-2.7.1").parameters["kappa_epsilon"]
    assert own.covariance(("Vcb", "m_b"))[0, 1] == pytest.approx(0.5 * 0.001 * 0.02, rel=1e-6, abs=0)
    assert len([block for block in own.blocks if "m_b" in block.names]) == 1


def test_a_file_that_changed_is_read_again(tmp_path: Path) -> None:
    before = load_inputs(str(write(tmp_path))).parameters["Vcb"].value
    after = load_inputs(str(write(tmp_path, ("0.0400", "0.0410")))).parameters["Vcb"].value
    assert (before, after) == (0.04, 0.041)


@pytest.mark.parametrize("text", ["- 1\n", "parameters: 3\n", "schema: fitlq-measurements/1\nentries: []\n"])
def test_what_is_no_file_of_inputs(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match="list 'parameters'"):
        load_inputs(str(write(tmp_path, text=text)))


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(InputError, match=r"nowhere.yaml: cannot be read"):
        load_inputs("nowhere.yaml")
