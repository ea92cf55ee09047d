"""Imported numbers that look like a slip of the pen: taken as they stand, and named, so that somebody looks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from fitlq.measurements.entry import Entry
from fitlq.measurements.reading import resolver
from fitlq.measurements.suspicions import suspicious_numbers
from fitlq.measurements.vocabulary import ObservableVocabulary

__all__ = ["odd_numbers", "unusual_text"]

_NAMED = 3  # of the findings, in a text


def odd_numbers(
    imported: Mapping[str, Entry], database: Mapping[str, Entry], vocabulary: ObservableVocabulary
) -> dict[str, list[str]]:
    """What `fitlq check` would find suspicious in imported entries: id -> findings."""
    found: dict[str, list[str]] = defaultdict(list)
    together = {**database, **imported}
    for entry, _, message in suspicious_numbers(together, list(imported.values()), resolver(vocabulary)):
        found[entry.id].append(message.partition("; if it is right")[0])
    return dict(found)


def unusual_text(findings: list[str]) -> str:
    """The reason for the key `unusual`."""
    more = f" and {len(findings) - _NAMED} more" if len(findings) > _NAMED else ""
    return f"taken as imported: {'; '.join(findings[:_NAMED])}{more}"
