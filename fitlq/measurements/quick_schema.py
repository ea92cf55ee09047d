"""A fast yes to documents that fulfil a JSON schema.

A JSON schema library explains well but slowly; nearly all documents read are right. The test here is made once from the
schema and says only whether a document is right; the explanation of a wrong one is left to the library. Only the words
of JSON schema that the measurement schema uses are known; another one is an error when the test is made, and the library has
to do it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sized
from typing import Any

__all__ = ["UnknownSchemaWordError", "compile_schema"]

Test = Callable[[Any], bool]

_KINDS: Mapping[str, Test] = {
    "string": lambda value: isinstance(value, str),
    "number": lambda value: isinstance(value, (int, float)) and not isinstance(value, bool),
    # as in JSON schema, 2.0 is an integer
    "integer": lambda value: (
        (isinstance(value, int) and not isinstance(value, bool)) or (isinstance(value, float) and value.is_integer())
    ),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
}
_SILENT = {"$schema", "$id", "$defs", "title", "description", "properties", "additionalProperties", "if", "then"}


class UnknownSchemaWordError(ValueError):
    """The quick test does not know a word of the schema; only the library can tell whether a document is right."""


def compile_schema(schema: Mapping[str, Any]) -> Test:
    """A function that says whether a document (parsed JSON or YAML) fulfils `schema`.

    Raises
    ------
    UnknownSchemaWordError
        The schema uses a word that is not known here.
    """
    return _Compiler(schema).test(schema)


class _Compiler:
    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root = root
        self._named: dict[str, Test] = {}

    def test(self, schema: Any) -> Test:
        """The test of one (sub)schema: all its words must agree."""
        if isinstance(schema, bool):
            return lambda _: schema
        tests = [self._word(word, value) for word, value in schema.items() if word not in _SILENT]
        if "properties" in schema or "additionalProperties" in schema:
            tests.append(self._members(schema.get("properties", {}), schema.get("additionalProperties", True)))
        if "if" in schema:
            tests.append(self._condition(self.test(schema["if"]), self.test(schema.get("then", True))))
        if len(tests) == 1:
            return tests[0]
        return lambda document: all(one(document) for one in tests)

    def _word(self, word: str, value: Any) -> Test:
        if word == "$ref":
            return self._reference(value)
        if word in ("anyOf", "allOf", "oneOf"):
            return self._combination(word, [self.test(one) for one in value])
        if word == "items":
            item = self.test(value)
            if value == {"type": "number"}:  # matrices: nearly all there is to test
                return lambda document: not isinstance(document, list) or set(map(type, document)) <= {int, float}
            return lambda document: not isinstance(document, list) or all(map(item, document))
        if word not in _WORDS:
            msg = f"the quick test of schemas does not know {word!r}"
            raise UnknownSchemaWordError(msg)
        return _WORDS[word](value)

    def _reference(self, target: str) -> Test:
        if target not in self._named:
            # found when it is called: a schema may refer to itself
            self._named[target] = lambda document: self._named[target](document)
            part: Any = self._root
            for step in target.removeprefix("#/").split("/"):
                part = part[step]
            self._named[target] = self.test(part)
        return self._named[target]

    def _members(self, properties: Mapping[str, Any], others: Any) -> Test:
        known = {name: self.test(part) for name, part in properties.items()}
        other = self.test(others)

        def test(document: Any) -> bool:
            return not isinstance(document, dict) or all(known.get(key, other)(value) for key, value in document.items())

        return test

    @staticmethod
    def _condition(condition: Test, consequence: Test) -> Test:
        return lambda document: not condition(document) or consequence(document)

    @staticmethod
    def _combination(word: str, tests: list[Test]) -> Test:
        if word == "oneOf":
            return lambda document: sum(one(document) for one in tests) == 1
        quantifier = any if word == "anyOf" else all
        return lambda document: quantifier(one(document) for one in tests)


def _kinds(names: str | list[str]) -> Test:
    tests = [_KINDS[name] for name in ([names] if isinstance(names, str) else names)]
    return tests[0] if len(tests) == 1 else lambda value: any(one(value) for one in tests)


def _equal(wanted: Any) -> Test:
    # True == 1 in Python, not in JSON
    return lambda value: value == wanted and isinstance(value, bool) == isinstance(wanted, bool)


def _one_of(values: list[Any]) -> Test:
    tests = [_equal(value) for value in values]
    return lambda value: any(one(value) for one in tests)


def _pattern(text: str) -> Test:
    found = re.compile(text).search
    return lambda value: not isinstance(value, str) or found(value) is not None


def _required(names: list[str]) -> Test:
    wanted = set(names)
    return lambda value: not isinstance(value, dict) or wanted <= value.keys()


def _longer(kind: type[Sized], least: int) -> Test:
    return lambda value: not isinstance(value, kind) or len(value) >= least


def _number(compare: Callable[[float], bool]) -> Test:
    is_number = _KINDS["number"]
    return lambda value: not is_number(value) or compare(value)


_WORDS: Mapping[str, Callable[[Any], Test]] = {
    "type": _kinds,
    "const": _equal,
    "enum": _one_of,
    "pattern": _pattern,
    "required": _required,
    "minLength": lambda least: _longer(str, least),
    "minItems": lambda least: _longer(list, least),
    "minProperties": lambda least: _longer(dict, least),
    "minimum": lambda end: _number(lambda value: value >= end),
    "maximum": lambda end: _number(lambda value: value <= end),
    "exclusiveMinimum": lambda end: _number(lambda value: value > end),
    "exclusiveMaximum": lambda end: _number(lambda value: value < end),
}
