"""From the parsed text of an entry to an `Entry`.

Expects a document without structural or numerical problems.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fitlq.measurements.dates import resolve_date
from fitlq.measurements.entry import (
    CorrelatedWith,
    Entry,
    ObservableReference,
    Provenance,
    Relations,
    Representation,
    Supersession,
)
from fitlq.measurements.stored_document import StoredDocument

__all__ = ["build_entry"]


def build_entry(source: Mapping[str, Any] | StoredDocument, file: str = "", line: int | None = None) -> Entry:
    """The entry described by one item of a file's `entries` list; its data are made when they are asked for."""
    document = source.head if isinstance(source, StoredDocument) else source
    representation = document.get("representation")
    observables = tuple(map(_observable, document["observables"]))
    return Entry(
        id=document["id"],
        kind=document["kind"],
        process=document["process"],
        experiment=tuple(document["experiment"]),
        date=resolve_date(document["date"]),
        date_text=document["date"],
        refs=document["refs"],
        observables=observables,
        provenance=Provenance(**document["provenance"]),
        assumptions=tuple(document.get("assumptions", ())),
        relations=_relations(document.get("relations")),
        representation=Representation(**representation) if representation else None,
        dataset=tuple(document.get("dataset", ())),
        projected=document.get("projected", False),
        off_by_default=document.get("off_by_default"),
        unusual=document.get("unusual"),
        note=document.get("note"),
        file=file,
        line=line,
        source=source,
    )


def _observable(item: Mapping[str, Any]) -> ObservableReference:
    arguments = item.get("args")
    if not arguments:
        return ObservableReference(item["name"], (), item.get("label"))
    pairs = [(key, value if isinstance(value, (str, float)) else float(value)) for key, value in arguments.items()]
    pairs.sort()
    return ObservableReference(item["name"], tuple(pairs), item.get("label"))


_NO_RELATIONS = Relations()


def _relations(item: Mapping[str, Any] | None) -> Relations:
    if not item:
        return _NO_RELATIONS
    supersedes = tuple(
        Supersession(one) if isinstance(one, str) else Supersession(one["id"], tuple(one["observables"]))
        for one in item.get("supersedes", ())
    )
    return Relations(
        supersedes,
        tuple(item.get("inputs", ())),
        tuple(item.get("shares_data_with", ())),
        tuple(item.get("independent_of", ())),
        tuple(CorrelatedWith(**one) for one in item.get("correlated_with", ())),
    )
