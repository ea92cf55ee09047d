"""YAML is read as people mean it."""

from __future__ import annotations

import pytest

from fitlq_theory.errors import InputError
from fitlq_theory.strict_yaml import load_yaml, load_yaml_document


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1e-5", 1e-5),
        ("1E-5", 1e-5),
        ("1.0e5", 1e5),
        ("2.3e-5", 2.3e-5),
        ("-.5", -0.5),
        ("7", 7),
        ("-3", -3),
        ("true", True),
        ("no", "no"),
        ("2023-05-01", "2023-05-01"),
        ("'2309.12900'", "2309.12900"),
        (".inf", float("inf")),
    ],
)
def test_scalars(text: str, value: object) -> None:
    found = load_yaml(f"key: {text}", "file.yaml")["key"]
    assert found == value
    assert type(found) is type(value)


def test_repeated_key_names_file_line_and_key() -> None:
    with pytest.raises(InputError, match=r"data\.yaml, line 3.*'a' is given twice"):
        load_yaml("a: 1\nb: 2\na: 3\n", "data.yaml")


def test_nested_repeated_key_is_found() -> None:
    with pytest.raises(InputError, match="given twice"):
        load_yaml("entries:\n- {id: x, id: y}\n", "data.yaml")


@pytest.mark.parametrize("text", ["a: [1, 2", "a: b: c", "{", "a: !!python/object:os.system x"])
def test_malformed_text_is_one_located_error(text: str) -> None:
    with pytest.raises(InputError, match=r"bad\.yaml"):
        load_yaml(text, "bad.yaml")


def test_anchors_and_merge_keys_work() -> None:
    assert load_yaml("a: &x {k: 1}\nb: {<<: *x, m: 2}\n", "f")["b"] == {"k": 1, "m": 2}


def test_line_lookup() -> None:
    document = load_yaml_document("entries:\n  - id: one\n    data: [1,\n      2]\n  - id: two\n", "f")
    assert document.line_of("entries", 1, "id") == 5
    assert document.line_of("entries", 0, "data", 1) == 4
    assert document.line_of("entries", 0, "missing") == 2
