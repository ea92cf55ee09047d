"""Bins that overlap: two numbers for one observable that hold the same events though their arguments differ."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

import numpy as np

from fitlq.measurements.entry import Entry, ObservableReference
from fitlq.measurements.gaussian import GaussianData

__all__ = ["bins_overlap", "overlapping_inside"]

Arguments = tuple[tuple[str, float | str], ...]


def bins_overlap(first: Arguments, second: Arguments) -> bool:
    """Whether two sets of arguments are different bins with a common part.

    An argument pair ``<x>min``, ``<x>max`` is a bin in x; a missing edge means no restriction. All other arguments must
    be equal. Bins that only touch do not overlap.
    """
    if first == second:
        return False
    if not _may_touch(first, second):
        return False
    one, other = dict(first), dict(second)
    edges = {key for key in (*one, *other) if key.endswith(("min", "max"))}
    if any(one.get(key) != other.get(key) for key in (*one, *other) if key not in edges):
        return False
    for variable in {key[:-3] for key in edges}:
        low = max(_number(args.get(f"{variable}min"), -np.inf) for args in (one, other))
        high = min(_number(args.get(f"{variable}max"), np.inf) for args in (one, other))
        if not low < high:
            return False
    return True


def _may_touch(first: Arguments, second: Arguments) -> bool:
    """False for the usual pair of bins without a common part: both have just q2max and q2min (arguments are sorted)."""
    if len(first) != 2 or len(second) != 2:
        return True
    (a, high), (b, low) = first
    (c, other_high), (d, other_low) = second
    if (a, b) != (c, d) or (a, b) != ("q2max", "q2min"):
        return True
    return max(_number(low, 0.0), _number(other_low, 0.0)) < min(_number(high, 0.0), _number(other_high, 0.0))


def _number(value: float | str | None, otherwise: float) -> float:
    return otherwise if value is None or isinstance(value, str) else value


def overlapping_inside(entry: Entry) -> Iterator[tuple[int, int]]:
    """Pairs of observables of one entry whose bins overlap although no correlation between them is given."""
    by_name: dict[tuple[str, str | None], list[int]] = defaultdict(list)
    for index, observable in enumerate(entry.observables if len(entry.observables) > 1 else ()):
        by_name[observable.name, observable.label].append(index)
    for indices in by_name.values():
        for first, second in _overlapping_pairs(entry.observables, indices):
            if not _correlated(entry, first, second):
                yield first, second


def _overlapping_pairs(observables: tuple[ObservableReference, ...], indices: Iterable[int]) -> Iterator[tuple[int, int]]:
    for first, second in combinations(indices, 2):
        if bins_overlap(observables[first].arguments, observables[second].arguments):
            yield first, second


def _correlated(entry: Entry, first: int, second: int) -> bool:
    data = entry.data
    return isinstance(data, GaussianData) and any(matrix[first, second] != 0 for matrix in data.correlations.values())
