"""The fast test of documents and the library agree, on right documents and on documents with one change."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fitlq.measurements import Entry, structure
from fitlq.measurements.quick_schema import UnknownSchemaWordError, compile_schema
from fitlq_theory.errors import InputError
from fitlq_theory.strict_yaml import load_yaml

SCHEMA = json.loads(files("fitlq").joinpath("schemas", "measurements.schema.json").read_text(encoding="utf-8"))
LIBRARY = jsonschema.Draft202012Validator(SCHEMA)
QUICK = compile_schema(SCHEMA)
INVALID = sorted((Path(__file__).parents[2] / "invalid").glob("*.yaml"))
OTHER_VALUES = (None, True, 0, 1, -1, 0.5, 1.5, "", "text", [], {}, [1], ["text"], {"plus": 1, "minus": 1}, {"name": "x"})


@pytest.mark.parametrize("path", INVALID, ids=lambda path: path.stem)
def test_invalid_files(path: Path) -> None:
    try:
        document = load_yaml(path.read_text(encoding="utf-8"), path.name)
    except InputError:
        return
    assert QUICK(document) == LIBRARY.is_valid(document)


def _places(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield path
    if isinstance(value, (dict, list)):
        for key in value if isinstance(value, dict) else range(len(value)):
            yield from _places(value[key], (*path, key))


@settings(max_examples=300)
@given(seed=st.integers(0, 2**32 - 1))
def test_one_change_anywhere(shipped: Mapping[str, Entry], seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311 - not for cryptography
    entry = rng.choice(sorted(shipped))
    document = {"schema": "fitlq-measurements/1", "source": "x", "entries": [copy.deepcopy(dict(shipped[entry].document))]}
    place = rng.choice([path for path in _places(document) if path])
    parent: Any = document
    for step in place[:-1]:
        parent = parent[step]
    change = rng.choice(["replace", "remove", "add"])
    if change == "replace":
        parent[place[-1]] = rng.choice(OTHER_VALUES)
    elif change == "remove":
        del parent[place[-1]]
    elif isinstance(parent, dict):
        parent["unknown"] = 1
    else:
        parent.append(rng.choice(OTHER_VALUES))
    assert QUICK(document) == LIBRARY.is_valid(document)


@pytest.mark.parametrize(
    ("schema", "right", "wrong"),
    [
        ({"type": "integer"}, [1, 2.0], [1.5, True, "1"]),
        ({"const": 1}, [1, 1.0], [True, 2]),
        ({"enum": [True, "a"]}, [True, "a"], [1, "b"]),
        ({"oneOf": [{"minimum": 0}, {"maximum": 10}]}, [-1, 11], [5]),
        ({"if": {"type": "string"}, "then": {"minLength": 2}}, [1, "ab"], ["a"]),
        ({"additionalProperties": {"type": "number"}}, [{}, {"a": 1}], [{"a": "1"}]),
        ({"exclusiveMinimum": 0, "exclusiveMaximum": 1}, [0.5], [0, 1]),
        (False, [], [1, None]),
    ],
)
def test_words(schema: Any, right: list[Any], wrong: list[Any]) -> None:
    test = compile_schema({"allOf": [schema]})
    assert all(map(test, right))
    assert not any(map(test, wrong))


def test_an_unknown_word_is_not_passed_over() -> None:
    with pytest.raises(UnknownSchemaWordError, match="'uniqueItems'"):
        compile_schema({"uniqueItems": True})


def test_every_word_of_the_shipped_schema_is_known() -> None:
    assert compile_schema(SCHEMA)({"schema": "fitlq-measurements/1", "entries": []}) is False


def test_whoever_reads_files_never_meets_an_unknown_word(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library takes over."""
    monkeypatch.setattr(structure, "_schema", lambda: {"type": "array", "uniqueItems": True})
    monkeypatch.setattr(structure, "_quick_test", structure._quick_test.__wrapped__)
    monkeypatch.setattr(structure, "_validator", structure._validator.__wrapped__)
    assert structure.structural_problems([1, 2]) == []
    assert len(structure.structural_problems([1, 1])) == 1
