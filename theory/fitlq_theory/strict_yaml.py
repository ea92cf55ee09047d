"""YAML as people mean it: `1e-5` is a number, a repeated key is an error, dates and `no` stay text.

PyYAML follows YAML 1.1, where ``1e-5`` is a string, ``no`` is False, ``2023-05-01`` is a date object and the
last of two equal keys silently wins. Measurement and input files are read with the rules below instead.
"""

from __future__ import annotations

import contextlib
import re
from typing import Any

import yaml

from fitlq_theory.errors import InputError
from fitlq_theory.yaml_events import FLOAT, INTEGER, NotPlainError, read_plain

__all__ = ["YamlDocument", "load_yaml", "load_yaml_document"]

_BOOL = re.compile(r"^(true|True|TRUE|false|False|FALSE)$")
_REPLACED_TAGS = ("float", "int", "bool", "timestamp")
_BASE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _BadKey(yaml.constructor.ConstructorError):
    pass


class _StrictLoader(_BASE):  # type: ignore[misc]
    """Safe loader with YAML 1.2 scalars and without repeated keys."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[Any] = set()
        for key_node, _ in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                raise _BadKey(None, None, "a key must be a plain word, not a list or mapping", key_node.start_mark)
            if key_node.tag == "tag:yaml.org,2002:merge":
                continue
            key = self.construct_object(key_node, deep=True)
            if key in seen:
                raise _BadKey(None, None, f"the key {key!r} is given twice", key_node.start_mark)
            seen.add(key)
        return super().construct_mapping(node, deep=deep)  # type: ignore[no-any-return]


def _resolvers() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    dropped = {f"tag:yaml.org,2002:{tag}" for tag in _REPLACED_TAGS}
    kept = {
        first: [(tag, regexp) for tag, regexp in rules if tag not in dropped]
        for first, rules in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    for tag, regexp, firsts in (
        ("int", INTEGER, "-+0123456789"),
        ("float", FLOAT, "-+0123456789."),
        ("bool", _BOOL, "tTfF"),
    ):
        for first in firsts:
            kept.setdefault(first, []).append((f"tag:yaml.org,2002:{tag}", regexp))
    return kept


_StrictLoader.yaml_implicit_resolvers = _resolvers()
# ints with leading zeros stay text because INTEGER refuses them; floats are read by Python itself (1e-5, .5, 5.)
_StrictLoader.add_constructor(
    "tag:yaml.org,2002:float",
    lambda loader, node: float(loader.construct_scalar(node).lower().replace(".inf", "inf").replace(".nan", "nan")),
)
_StrictLoader.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(loader.construct_scalar(node)))


class YamlDocument:
    """Data of one YAML text together with the line each part came from.

    Attributes
    ----------
    data : object
        The parsed data (mappings, lists, numbers, strings).
    source_name : str
        File name used in messages.
    """

    def __init__(self, text: str, source_name: str) -> None:
        self.source_name = source_name
        self._text = text
        self.data: Any = _parse(text, source_name)

    def line_of(self, *path: str | int) -> int | None:
        """Line (from 1) where the value at `path` starts, or where its nearest existing parent starts."""
        node: Any = yaml.compose(self._text, Loader=_BASE)
        for step in path:
            child = _child(node, step)
            if child is None:
                break
            node = child
        return None if node is None else int(node.start_mark.line) + 1


def _child(node: Any, step: str | int) -> Any:
    if isinstance(node, yaml.MappingNode):
        for key_node, value_node in node.value:
            if key_node.value == str(step):
                return value_node
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step]
    return None


def _parse(text: str, source_name: str) -> Any:
    with contextlib.suppress(NotPlainError):
        return read_plain(text)
    try:
        return yaml.load(text, Loader=_StrictLoader)  # noqa: S506 - derived from the safe loader
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        msg = f"{source_name}{place}: {error.problem or 'not valid YAML'}"
        raise InputError(msg) from None
    except yaml.YAMLError as error:
        msg = f"{source_name}: not valid YAML: {error}"
        raise InputError(msg) from None


def load_yaml(text: str, source_name: str) -> Any:
    """Parse `text` strictly.

    Raises
    ------
    InputError
        Malformed YAML or a repeated key; the message names `source_name`, line and column.
    """
    return _parse(text, source_name)


def load_yaml_document(text: str, source_name: str) -> YamlDocument:
    """Parse `text` strictly and keep what is needed to look up line numbers later."""
    return YamlDocument(text, source_name)
