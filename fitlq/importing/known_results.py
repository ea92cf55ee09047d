"""Which imported entries the database has already, and whether the numbers agree."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import numpy as np

from fitlq.measurements.data_forms import LimitData
from fitlq.measurements.describe import describe_value
from fitlq.measurements.entry import Entry
from fitlq.measurements.gaussian import GaussianData

__all__ = ["Comparison", "compare", "named_entries"]

_CENTRAL = 0.05  # agreement of central values, in units of the error: rounding of the two files
_ERROR = 0.05  # relative agreement of total errors: one file may give the sum in quadrature, rounded
_LIMIT = 1e-3  # relative agreement of limits

Quantity = tuple[str, tuple[tuple[str, float | str], ...]]


class Comparison:
    """Numbers of an imported entry beside those of an entry of the database: how many agree, and which differ."""

    def __init__(self, identifier: str) -> None:
        self.identifier = identifier
        self.agree = 0
        self.differ: list[str] = []
        self.not_comparable = 0

    def __str__(self) -> str:
        parts = [f"{self.agree} {'number agrees' if self.agree == 1 else 'numbers agree'} with {self.identifier}"]
        if self.differ:
            parts.append(f"DIFFERENT from {self.identifier}: {', '.join(self.differ)}")
        if self.not_comparable:
            parts.append(f"{self.not_comparable} in another form than in {self.identifier}")
        return "; ".join(part for part in parts if not part.startswith("0 "))


def named_entries(database: Mapping[str, Entry], block: str) -> list[Entry]:
    """The entries of the database that say they are a block of flavio's file (``refs.flavio``)."""
    return [entry for entry in database.values() if entry.refs.get("flavio") == block]


def compare(imported: Entry, known: Entry, canonical: Callable[[str], str]) -> Comparison | None:
    """Compare the numbers of two entries for the quantities that both have; None if there is none."""
    there = dict(_quantities(known, canonical))
    comparison = Comparison(known.id)
    shared = False
    for quantity, index in _quantities(imported, canonical):
        if quantity not in there:
            continue
        shared = True
        agree = _agree(imported, index, known, there[quantity])
        if agree is None:
            comparison.not_comparable += 1
        elif agree:
            comparison.agree += 1
        else:
            here, other = describe_value(imported, index), describe_value(known, there[quantity])
            comparison.differ.append(f"{imported.observables[index]} {here}, not {other}")
    return comparison if shared else None


def _quantities(entry: Entry, canonical: Callable[[str], str]) -> Iterator[tuple[Quantity, int]]:
    for index, observable in enumerate(entry.observables):
        yield (canonical(observable.name), observable.arguments), index


def _agree(one: Entry, i: int, other: Entry, k: int) -> bool | None:
    if isinstance(one.data, GaussianData) and isinstance(other.data, GaussianData):
        errors = np.array([one.data.plus[i], one.data.minus[i]]), np.array([other.data.plus[k], other.data.minus[k]])
        near = abs(one.data.central[i] - other.data.central[k]) <= _CENTRAL * errors[1].max()
        return bool(near and np.allclose(*errors, rtol=_ERROR, atol=0))
    if isinstance(one.data, LimitData) and isinstance(other.data, LimitData):
        if one.data.upper is None or other.data.upper is None or one.data.cl != other.data.cl:
            return None
        return bool(np.isclose(one.data.upper[i], other.data.upper[k], rtol=_LIMIT, atol=0))
    return None
