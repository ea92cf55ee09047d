"""The fast reader gives what the full loader gives, or leaves the text to it."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from fitlq_theory import strict_yaml
from fitlq_theory.yaml_events import NotPlainError, read_plain

ROOT = Path(__file__).parents[2]
FILES = [*ROOT.glob("measurements/**/*.yaml"), *ROOT.glob("theory/**/*.yaml"), *ROOT.glob("tests/invalid/*.yaml")]

SCALARS = st.one_of(
    st.text(st.characters(codec="utf-8", categories=["L", "N", "P", "S", "Zs"]), max_size=8),
    st.sampled_from(
        ["1e-5", ".5", "5.", "0x1F", "007", "1_000", "+3", "-.inf", ".nan", "~", "null", "no", "Yes", "2020-01-01", "<<"]
    ),
    st.floats(allow_nan=False),
    st.integers(),
    st.booleans(),
    st.none(),
)
TREES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4), max_leaves=12
)


def _full(text: str) -> Any:
    return yaml.load(text, Loader=strict_yaml._StrictLoader)  # noqa: S506 - the loader the fast one stands in for


def _same(one: Any, other: Any) -> bool:
    if isinstance(one, dict) and isinstance(other, dict):
        # the pairs in their order: a key may be a number that is not equal to itself
        return (
            len(one) == len(other) and all(map(_same, one.keys(), other.keys())) and all(map(_same, one.values(), other.values()))
        )
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    nan = isinstance(one, float) and isinstance(other, float) and math.isnan(one) and math.isnan(other)
    return type(one) is type(other) and (nan or one == other)


def _agree(text: str) -> None:
    try:
        fast = read_plain(text)
    except NotPlainError:
        return
    assert _same(fast, _full(text))


@given(tree=TREES, flow=st.sampled_from([True, False, None]))
def test_any_tree_written_by_a_library(tree: Any, flow: bool | None) -> None:
    _agree(yaml.safe_dump(tree, default_flow_style=flow, allow_unicode=True))


@given(
    texts=st.lists(
        st.sampled_from(["1e-5", ".5", "5.", "007", "+3", "-.inf", "~", "null", "no", "True", "1_0", "0o7", "."]), min_size=1
    )
)
def test_scalars_as_people_write_them(texts: list[str]) -> None:
    _agree("[" + ", ".join(texts) + "]")
    _agree("\n".join(f"k{number}: {text}" for number, text in enumerate(texts)))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_files_of_the_repository(path: Path) -> None:
    try:
        expected = _full(path.read_text(encoding="utf-8"))
    except yaml.YAMLError:
        with pytest.raises(NotPlainError):
            read_plain(path.read_text(encoding="utf-8"))
        return
    assert _same(read_plain(path.read_text(encoding="utf-8")), expected)


@pytest.mark.parametrize(
    "text", ["a: &x 1\nb: *x", "a: !!str 1", "<<: {a: 1}", "a: 1\na: 2", "[a]: 1", "a: 1\n---\nb: 2", "a: [1", "\t- x"]
)
def test_what_is_not_plain_is_left_to_the_full_loader(text: str) -> None:
    with pytest.raises(NotPlainError):
        read_plain(text)


def test_an_empty_text_is_nothing() -> None:
    assert read_plain("") is None
    assert read_plain("# only a comment\n") is None
