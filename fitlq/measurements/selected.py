"""One entry as a fit uses it: some or all of its observables."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from fitlq.measurements.data_forms import Data
from fitlq.measurements.entry import Entry, ObservableReference

__all__ = ["Selected", "content_hash"]


@dataclass(frozen=True, slots=True, eq=False)
class Selected:
    """An entry and which of its observables are used.

    Attributes
    ----------
    entry : Entry
    indices : tuple of int
        Positions in ``entry.observables``.
    """

    entry: Entry
    indices: tuple[int, ...]

    @property
    def references(self) -> tuple[ObservableReference, ...]:
        """The observables used."""
        return tuple(self.entry.observables[index] for index in self.indices)

    @property
    def observables(self) -> tuple[tuple[str, dict[str, float | str]], ...]:
        """The observables used, as pairs (name, arguments)."""
        return tuple((reference.name, reference.args) for reference in self.references)

    @property
    def data(self) -> Data:
        """The data of the observables used, in canonical units."""
        if self.indices == tuple(range(len(self.entry.observables))):
            return self.entry.data
        return self.entry.data.restricted(self.indices)

    def __repr__(self) -> str:
        return f"<{self.entry.id}: {', '.join(map(str, self.references))}>"


def content_hash(items: Iterable[Selected]) -> str:
    """SHA-256 (hexadecimal) of what enters a likelihood: ids, observables and data, not notes or files."""
    content: list[Any] = [
        [item.entry.id, item.entry.kind, list(item.entry.experiment), list(item.indices)]
        + [item.entry.document[key] for key in ("observables", "data")]
        for item in items
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
