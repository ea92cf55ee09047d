"""Checks of systematic errors by source: lengths, correlations, repeated names, their sum, names that entries share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np

from fitlq.measurements.building import correlation_of_source
from fitlq.measurements.checks_of_matrices import correlation_problems
from fitlq.measurements.gaussian import GaussianData
from fitlq.measurements.shared_systematics import plain_name
from fitlq.measurements.structure import Problem
from fitlq_theory.naming import nearest_names

__all__ = ["shared_name_problems", "systematics_problems"]

# Tables of systematic errors are rounded, partly symmetrised, and at times add up to several per cent more or less than the
# total printed below them; a forgotten main source or a slipped digit shows anyway.
_TOLERANCE = 0.1


def systematics_problems(data: Mapping[str, Any], count: int) -> Iterator[Problem]:
    """What is wrong with the `systematics` of Gaussian data of `count` numbers."""
    if "systematics" not in data:
        return
    if "total" in data["errors"]:
        yield ("systematics",), "a total error has no sources: give stat, and syst or nothing in place of total"
    found = [*_rows(data["systematics"], count)]
    yield from found
    if not found and all(len(values) == count for values in data["errors"].values()):
        yield from _sum(data, count)


def _rows(rows: list[Mapping[str, Any]], count: int) -> Iterator[Problem]:
    seen: dict[str, int] = {}
    for index, row in enumerate(rows):
        path = ("systematics", index)
        if row["name"] in seen:
            yield (*path, "name"), f"{row['name']!r} is also systematic number {seen[row['name']] + 1} of this entry"
        seen.setdefault(row["name"], index)
        if len(row["err"]) != count:
            values, observables = f"{len(row['err'])} value{'s' * (len(row['err']) != 1)}", f"observable{'s' * (count != 1)}"
            yield (*path, "err"), f"has {values}, the entry has {count} {observables}"
        elif not any(row["err"]):
            yield (*path, "err"), "is zero for every observable: leave the source out"
        elif "correlation" in row:
            given = row["correlation"]
            matrix = given if isinstance(given, list) else correlation_of_source(row).tolist()
            yield from correlation_problems((*path, "correlation"), matrix, count)


def _sum(data: Mapping[str, Any], count: int) -> Iterator[Problem]:
    """The sources must add up to the systematic and external errors, where these are given."""
    given = [data["errors"][label] for label in ("syst", "ext") if label in data["errors"]]
    if not given:
        return
    words = " and ".join(label for label in ("syst", "ext") if label in data["errors"])
    for index in range(count):
        total = float(np.hypot.reduce([row["err"][index] for row in data["systematics"]]))
        sides = [float(np.hypot.reduce([_side(values[index], side) for values in given])) for side in ("plus", "minus")]
        if not min(sides) * (1 - _TOLERANCE) <= total <= max(sides) * (1 + _TOLERANCE):
            stated = f"{sides[0]:.4g}" if sides[0] == sides[1] else f"+{sides[0]:.4g} -{sides[1]:.4g}"
            yield (
                ("systematics",),
                f"the sources of observable number {index + 1} add up to {total:.4g}, but {words} is {stated}; write what is "
                f"missing as a source of its own, e.g. {{name: rest, err: [...]}}",
            )


def _side(value: float | Mapping[str, float], side: str) -> float:
    return value[side] if isinstance(value, Mapping) else value


def shared_name_problems(data: GaussianData, shared: Mapping[str, str]) -> Iterator[Problem]:
    """Names of sources that are misspelt, or not clearly an entry's own.

    Parameters
    ----------
    shared : mapping
        The sources that entries may share, by name; see `fitlq.measurements.shared_systematics`.
    """
    spelt = {plain_name(name): name for name in shared}
    for index, source in enumerate(data.sources):
        path = ("data", "systematics", index, "name")
        similar = spelt.get(plain_name(source.name))
        if source.shared and source.name not in shared:
            near = [similar] if similar else nearest_names(source.name, shared, count=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            yield (
                path,
                f"no systematic error shared between entries is called {source.name!r}{hint} (a new one must stand under "
                "`systematics` in a vocabulary.yaml)",
            )
        elif not source.shared and similar:
            yield (
                path,
                f"{source.name!r} looks like the systematic error {similar!r} that entries share: write shared: true and that "
                "name, or choose another name for one that only this entry has",
            )
