"""The plain part of YAML read fast: mappings, lists and scalars, without tags, anchors, merges or several documents.

Nearly every file is of this kind. Whatever is not, and every mistake, is left to the full loader, which also explains it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

__all__ = ["FLOAT", "INTEGER", "NotPlainError", "read_plain"]

FLOAT = re.compile(r"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$|^[-+]?\.(inf|Inf|INF)$|^\.(nan|NaN|NAN)$")
INTEGER = re.compile(r"^[-+]?(0|[1-9][0-9]*)$")
_WORDS: dict[str, Any] = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
}
_NUMBER_STARTS = frozenset("-+.0123456789")
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class NotPlainError(Exception):
    """The text needs the full loader."""


def read_plain(text: str) -> Any:
    """The data of a text.

    Raises
    ------
    NotPlainError
        The text uses more of YAML than is read here, or is wrong.
    """
    try:
        events = iter(yaml.parse(text, Loader=_LOADER))
        next(events)  # start of the stream
        first = next(events)
        if not isinstance(first, DocumentStartEvent):
            return None
        data = _node(next(events), events)
        next(events)  # end of the document
        if not isinstance(next(events), StreamEndEvent):
            raise NotPlainError
    except yaml.YAMLError:
        raise NotPlainError from None
    return data


def _node(event: Any, events: Iterator[Any]) -> Any:
    kind = type(event)
    if kind is AliasEvent or event.anchor is not None or event.tag is not None:
        raise NotPlainError
    if kind is ScalarEvent:
        return _scalar(event.value) if event.implicit[0] else event.value
    if kind is SequenceStartEvent:
        items: list[Any] = []
        for one in events:
            if type(one) is SequenceEndEvent:
                return items
            items.append(_node(one, events))
    if kind is MappingStartEvent:
        return _mapping(events)
    raise NotPlainError


def _mapping(events: Iterator[Any]) -> dict[Any, Any]:
    found: dict[Any, Any] = {}
    for event in events:
        if type(event) is MappingEndEvent:
            return found
        if type(event) is not ScalarEvent:
            raise NotPlainError
        key = _node(event, events)
        if key in found or key == "<<":
            raise NotPlainError
        found[key] = _node(next(events), events)
    raise NotPlainError


@lru_cache(maxsize=1 << 16)
def _scalar(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if text[0] in _NUMBER_STARTS:
        if INTEGER.match(text):
            return int(text)
        if FLOAT.match(text):
            return float(text.lower().replace(".inf", "inf").replace(".nan", "nan"))
    return text
