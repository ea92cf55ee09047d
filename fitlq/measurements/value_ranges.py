"""What a quantity can be by its definition: branching fractions lie between 0 and 1, asymmetries between -1 and 1.

A measured value may leave the range within its error, but a branching fraction above 1 has lost its power of ten.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from fitlq.measurements.data_forms import LimitData
from fitlq.measurements.entry import Entry
from fitlq.measurements.gaussian import GaussianData

__all__ = ["out_of_range"]

_WITHIN = 5.0
"""How many of its errors a measured value may lie outside of the range."""

_PROBABILITY, _ASYMMETRY, _POSITIVE = (0.0, 1.0), (-1.0, 1.0), (0.0, float("inf"))
_RANGES: tuple[tuple[re.Pattern[str], tuple[float, float], str], ...] = (
    (re.compile(r"^(<?BR>?|CR)\((?!.*\)/)"), _PROBABILITY, "a branching fraction or conversion rate"),
    (re.compile(r"^<?FL>?(\(|$)"), _PROBABILITY, "a polarisation fraction"),
    (re.compile(r"^<?(AFB\w*|ACP|S\d\w*|A\d\w*|S_\w+)>?(\(|$)"), _ASYMMETRY, "an asymmetry or angular coefficient"),
    (re.compile(r"^(<dBR/dq2>|dBR/dq2|R|<?R\w*>?)\(|^DeltaM_"), _POSITIVE, "a rate, ratio or mass difference"),
)


def _range(name: str) -> tuple[tuple[float, float], str] | None:
    return next((((low, high), kind) for pattern, (low, high), kind in _RANGES if pattern.search(name)), None)


def out_of_range(entry: Entry) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Numbers of an entry that its observables cannot have: where, and what is wrong."""
    for index, observable in enumerate(entry.observables):
        known = _range(observable.name)
        if known is None:
            continue
        (low, high), kind = known
        allowed = f"is at least {low:g}" if high == float("inf") else f"lies between {low:g} and {high:g}"
        for key, value, below, above in _values(entry, index):
            # a value above the range by as much as its own error still is a lost power of ten
            allowed_above = above if key == "central" and kind.startswith(("an asymmetry", "a polarisation")) else 0.0
            if not low - _WITHIN * below <= value <= high + _WITHIN * allowed_above:
                yield ("data", key, index), f"{observable}: {kind} {allowed}, found {value:.4g} (is `scale` missing?)"


def _values(entry: Entry, index: int) -> Iterator[tuple[str, float, float, float]]:
    """(key, value, downward error, upward error) of what an entry says about one observable."""
    data = entry.data
    if isinstance(data, GaussianData):
        yield "central", float(data.central[index]), float(data.plus[index]), float(data.minus[index])
    elif isinstance(data, LimitData):
        for key, values in (("upper", data.upper), ("lower", data.lower)):
            if values is not None:
                yield key, float(values[index]), 0.0, 0.0
