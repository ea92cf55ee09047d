"""Covariances between numbers of different entries: from correlations that the database states and from shared sources."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fitlq.likelihood.assembling import Assembly
from fitlq.likelihood.gaussian_terms import GaussianTerm
from fitlq.likelihood.shared_sources import cross_covariance, shared_names
from fitlq.measurements.entry import CorrelatedWith, Entry
from fitlq.measurements.gaussian import GaussianData
from fitlq_theory.errors import InputError

__all__ = ["Between", "covariances_between_entries"]

Real = NDArray[np.float64]
Between = Mapping[tuple[str, str], Real]
"""Sorted pair of ids -> covariance of the numbers used of the first entry with those of the second."""


def covariances_between_entries(
    items: Sequence[Any], assembly: Assembly, canonical: Callable[[str], str]
) -> tuple[dict[tuple[str, str], Real], list[str]]:
    """Covariances of the numbers in use with those of other entries, and remarks on those that are not used.

    `rho` of `correlated_with` is the correlation of the total errors of two entries, for the numbers of the same observable.
    Shared sources add up; see `fitlq.likelihood.shared_sources`. Only numbers with symmetric errors are correlated.

    Parameters
    ----------
    items : sequence of selected entries
    assembly : Assembly
        The terms made of them.
    canonical : callable
        Canonical name of an observable.

    Raises
    ------
    InputError
        Two values of `rho` for one pair, or `rho` for a pair that shares sources.
    """
    used = {row.id for row in assembly.rows}
    entries = {item.entry.id: item.entry for item in items if item.entry.id in used}
    symmetric = {term.id: term for term in assembly.symmetric}
    stated = _stated(entries)
    found = {
        (first, second): _from_rho(symmetric[first], symmetric[second], rho)
        for (first, second), rho in stated.items()
        if first in symmetric and second in symmetric
    }
    remarks = [
        f"the correlation between {first} and {second} is not used: their errors are not symmetric"
        for first, second in stated
        if first not in symmetric or second not in symmetric
    ]
    for first, second, names in _sharing(entries):
        pair = (first.id, second.id)
        if pair in stated:
            listed = ", ".join(names)
            msg = f"measurements {first.id!r} and {second.id!r} share {listed}: relations.correlated_with must not give a rho"
            raise InputError(msg)
        if first.id in symmetric and second.id in symmetric:
            found[pair] = _from_sources(first, second, assembly, canonical)
        else:
            odd = " and ".join(name for name in pair if name not in symmetric)
            remarks.append(
                f"the systematic errors that {pair[0]} and {pair[1]} share ({', '.join(names)}) are taken as independent: "
                f"the errors of {odd} are not symmetric"
            )
    return found, sorted(remarks)


def _stated(entries: Mapping[str, Entry]) -> dict[tuple[str, str], float]:
    """`rho` by the sorted pair of ids, both of which are used."""
    found: dict[tuple[str, str], float] = {}
    for entry in entries.values():
        for other in entry.relations.correlated_with:
            if other.id in entries:
                first, second = sorted((entry.id, other.id))
                _check(entry.id, other, found.get((first, second)))
                found[first, second] = other.rho
    return found


def _check(identifier: str, other: CorrelatedWith, known: float | None) -> None:
    if known is not None and known != other.rho:
        msg = (
            f"measurements {identifier!r} and {other.id!r}: relations.correlated_with gives two correlations for this pair, "
            f"{known:g} and {other.rho:g}; only one is possible"
        )
        raise InputError(msg)


def _from_rho(first: GaussianTerm, second: GaussianTerm, rho: float) -> Real:
    same = first.columns[:, None] == second.columns[None, :]
    return np.asarray(rho * same * np.outer(first.errors, second.errors))


def _sharing(entries: Mapping[str, Entry]) -> Iterator[tuple[Entry, Entry, list[str]]]:
    """Pairs of entries with the names of the sources they share."""
    with_sources = [(entries[name], _sources(entries[name])) for name in sorted(entries)]
    candidates = [(entry, sources) for entry, sources in with_sources if any(source.shared for source in sources)]
    for (first, here), (second, there) in combinations(candidates, 2):
        names = shared_names(here, there)
        if names:
            yield first, second, names


def _sources(entry: Entry) -> tuple[Any, ...]:
    return entry.data.sources if isinstance(entry.data, GaussianData) else ()


def _from_sources(first: Entry, second: Entry, assembly: Assembly, canonical: Callable[[str], str]) -> Real:
    quantities = [[(canonical(one.name), one.arguments) for one in entry.observables] for entry in (first, second)]
    whole = cross_covariance(_sources(first), _sources(second), *quantities)
    rows, columns = ([row.index for row in assembly.symmetric_rows if row.id == entry.id] for entry in (first, second))
    return np.asarray(whole[np.ix_(rows, columns)])
