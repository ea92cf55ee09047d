"""Structure of a measurement file against the JSON schema, said in words a person can act on."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from importlib.resources import files
from typing import Any

from fitlq.measurements.quick_schema import UnknownSchemaWordError, compile_schema
from fitlq_theory.naming import nearest_names

__all__ = ["Problem", "structural_problems"]

Path = tuple[str | int, ...]
Problem = tuple[Path, str]
"""Where in the document (path from the top), and what is wrong there."""

_TYPE_WORDS = {
    "string": "text",
    "number": "a number",
    "integer": "an integer",
    "array": "a list",
    "object": "a mapping (key: value)",
    "boolean": "true or false",
}
_QUOTED_NUMBERS = {"arxiv", "also_arxiv", "date", "doi", "hepdata", "inspire"}


@lru_cache(maxsize=1)
def _schema() -> Any:
    return json.loads(files("fitlq").joinpath("schemas", "measurements.schema.json").read_text(encoding="utf-8"))


@lru_cache(maxsize=1)
def _quick_test() -> Callable[[Any], bool]:
    try:
        return compile_schema(_schema())
    except UnknownSchemaWordError:
        # slower, and just as right; that the shipped schema needs no such help is tested
        return lambda document: bool(_validator().is_valid(document))


@lru_cache(maxsize=1)
def _validator() -> Any:
    # imported here: jsonschema costs more than all the rest of the package
    import jsonschema

    return jsonschema.Draft202012Validator(_schema())


def structural_problems(document: Any) -> list[Problem]:
    """Everything in which `document` (a parsed file) departs from the schema."""
    if _quick_test()(document):
        return []
    found: list[Problem] = []
    for error in _validator().iter_errors(document):
        path = tuple(error.absolute_path)
        found.extend((path + extra, message) for extra, message in _explain(error))
    return list(dict.fromkeys(found))


def _explain(error: Any) -> Iterator[tuple[Path, str]]:
    rule, value, found = error.validator, error.validator_value, error.instance
    if rule == "additionalProperties" and isinstance(found, Mapping):
        allowed = list(error.schema.get("properties", {}))
        for key in found:
            if key not in allowed:
                yield (str(key),), _unknown("key", str(key), allowed)
    elif rule == "required":
        missing = [key for key in value if key not in found]
        yield (), f"missing key {', '.join(repr(key) for key in missing)}; found {', '.join(map(str, found)) or 'nothing'}"
    elif rule == "type":
        yield (), _wrong_type(error)
    elif rule in ("enum", "const"):
        allowed = [str(item) for item in (value if rule == "enum" else [value])]
        yield (), _unknown("value", str(found), allowed)
    elif rule == "pattern":
        yield (), _wrong_pattern(error)
    elif rule in ("anyOf", "oneOf"):
        choices = [" and ".join(choice.get("required", [])) for choice in value]
        yield (), f"needs {'exactly one' if rule == 'oneOf' else 'at least one'} of {', '.join(choices)}"
    elif rule in ("minItems", "minLength", "minProperties"):
        yield (), "must not be empty"
    else:
        yield (), _out_of_range(rule, value, found)


def _unknown(what: str, name: str, allowed: list[str]) -> str:
    near = nearest_names(name, allowed, count=1)
    hint = f"; did you mean {near[0]!r}?" if near else ""
    return f"unknown {what} {name!r}{hint} (allowed: {', '.join(allowed)})"


def _wrong_type(error: Any) -> str:
    found = error.instance
    key = next((step for step in reversed(error.absolute_path) if isinstance(step, str)), "")
    wanted = error.validator_value if isinstance(error.validator_value, list) else [error.validator_value]
    if wanted == ["string"] and isinstance(found, (int, float)) and key in _QUOTED_NUMBERS:
        if "arxiv" in key:
            reason = "YAML reads an unquoted arXiv number as a decimal and drops its last zeros"
            return f"must be quoted, found the number {found}; write {key}: '{_as_arxiv(found)}' ({reason})"
        return f"must be quoted, found the number {found}; write {key}: '{found}' (it is text)"
    words = " or ".join(_TYPE_WORDS.get(str(word), str(word)) for word in wanted)
    return f"must be {words}, found {_describe(found)}"


def _as_arxiv(number: float) -> str:
    """The arXiv number that was meant: five digits after the point since January 2015, four before."""
    return f"{number:.5f}" if number >= 1501 else f"{number:09.4f}"


def _describe(found: Any) -> str:
    if isinstance(found, bool):
        return str(found).lower()
    if isinstance(found, str):
        return f"the text {found!r}"
    if found is None:
        return "nothing"
    if isinstance(found, (int, float)):
        return f"the number {found}"
    return "a list" if isinstance(found, list) else "a mapping"


def _wrong_pattern(error: Any) -> str:
    key = error.absolute_path[-1] if error.absolute_path else ""
    if key == "arxiv":
        return f"{error.instance!r} is not an arXiv number; write e.g. '2504.11220' or 'hep-ph/0203110'"
    if key == "url":
        return f"{error.instance!r} is not an address; it must start with https:// (a talk or note belongs under report)"
    if key == "meaning":
        return f"{error.instance!r} must start with likelihood, delta_chi2 or minus2logL"
    return f"{error.instance!r} is not a valid id; use small letters, digits and . _ + -, starting with a letter or digit"


def _out_of_range(rule: str, value: Any, found: Any) -> str:
    words = {
        "minimum": "at least",
        "maximum": "at most",
        "exclusiveMinimum": "above",
        "exclusiveMaximum": "below",
    }
    return f"must be {words.get(rule, rule)} {value}, found {found}"
