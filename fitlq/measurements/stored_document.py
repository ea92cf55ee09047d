"""An entry as it was read, with its numbers still as text: most entries are looked at, few are used."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

__all__ = ["StoredDocument"]


@dataclass(frozen=True, eq=False)
class StoredDocument:
    """The keys of an entry: `head` has all but `data`, which is JSON text until it is asked for.

    `data_header` has those keys of `data` (`type`, `unit`) that are needed without the numbers.
    """

    head: Mapping[str, Any]
    data_header: Mapping[str, Any]
    data_text: str

    @cached_property
    def document(self) -> Mapping[str, Any]:
        """The whole entry, as read from its file."""
        return {**self.head, "data": json.loads(self.data_text)}
