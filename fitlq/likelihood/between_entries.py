"""Correlations between numbers of different entries, as the database states them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fitlq.likelihood.assembling import Assembly
from fitlq.measurements.entry import CorrelatedWith
from fitlq_theory.errors import InputError

__all__ = ["correlations_between_entries"]


def correlations_between_entries(items: Sequence[Any], assembly: Assembly) -> tuple[dict[tuple[str, str], float], list[str]]:
    """Correlations in use, by the sorted pair of ids, and remarks on those that are not used.

    `rho` is the correlation of the total errors of two entries, for the numbers of the same observable.

    Raises
    ------
    InputError
        `rho` together with the name of one systematic (a correlation of that error alone), or two values for one pair.
    """
    symmetric = {term.id for term in assembly.symmetric}
    used = {row.id for row in assembly.rows}
    found: dict[tuple[str, str], float] = {}
    remarks: list[str] = []
    for item in items:
        for other in item.entry.relations.correlated_with:
            first, second = sorted((item.entry.id, other.id))
            if first not in used or second not in used:
                continue
            if other.rho is None:
                remarks.append(f"{first} and {second} share {other.systematic_name}, but no correlation is given: not used")
            elif first not in symmetric or second not in symmetric:
                remarks.append(f"the correlation between {first} and {second} is not used: their errors are not symmetric")
            else:
                _check(item.entry.id, other, found.get((first, second)))
                found[first, second] = other.rho
    return found, sorted(set(remarks))


def _check(identifier: str, other: CorrelatedWith, known: float | None) -> None:
    where = f"measurements {identifier!r} and {other.id!r}: relations.correlated_with"
    if other.systematic_name is not None:
        msg = (
            f"{where} gives rho = {other.rho:g} for the systematic {other.systematic_name!r}; rho is the correlation of the "
            "total errors: give that one without systematic_name, or systematic_name without rho"
        )
        raise InputError(msg)
    if known is not None and known != other.rho:
        msg = f"{where} gives two correlations for this pair, {known:g} and {other.rho:g}; only one is possible"
        raise InputError(msg)
