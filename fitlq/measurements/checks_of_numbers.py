"""Checks of one entry that a schema cannot express: lengths, errors, correlation matrices, dates, bins, units."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from fitlq.measurements.checks_of_matrices import correlation_problems
from fitlq.measurements.checks_of_systematics import systematics_problems
from fitlq.measurements.dates import resolve_date
from fitlq.measurements.histfactory_files import connection_problems
from fitlq.measurements.structure import Problem
from fitlq.measurements.units import UNIT_FACTORS
from fitlq_theory.naming import nearest_names

__all__ = ["numerical_problems"]


def numerical_problems(entry: Mapping[str, Any]) -> list[Problem]:
    """Everything impossible in an entry whose structure is right."""
    count = len(entry["observables"])
    data = entry["data"]
    found = [*_date(entry), *_observables(entry["observables"]), *_units(data, count), *_finite(("data",), data)]
    if not found:
        found.extend((("data", *path), message) for path, message in _CHECKS[data["type"]](data, count))
    return found


def _date(entry: Mapping[str, Any]) -> Iterator[Problem]:
    try:
        resolve_date(entry["date"])
    except ValueError as error:
        yield ("date",), str(error)


def _observables(observables: Sequence[Mapping[str, Any]]) -> Iterator[Problem]:
    seen: dict[tuple[Any, ...], int] = {}
    for index, item in enumerate(observables):
        args = item.get("args", {})
        # sorted by key, as values may be numbers and text
        key = (item["name"], tuple(sorted(args.items(), key=lambda pair: pair[0])), item.get("label"))
        if key in seen:
            yield ("observables", index), f"{item['name']} with the same arguments is also observable number {seen[key] + 1}"
        seen.setdefault(key, index)
        yield from ((("observables", index, "args", name), message) for name, message in _edges(args))


def _edges(args: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Bin edges that are no numbers or stand the wrong way round: (argument, message)."""
    for lower in [name for name in args if name.endswith("min")]:
        upper = f"{lower[:-3]}max"
        texts = [name for name in (lower, upper) if isinstance(args.get(name), str)]
        for name in texts:
            yield name, f"must be a number, found the text {args[name]!r}"
        if not texts and upper in args and not args[lower] < args[upper]:
            yield lower, f"must be below {upper} = {args[upper]}, found {args[lower]}"


def _units(data: Mapping[str, Any], count: int) -> Iterator[Problem]:
    unit = data.get("unit", "1")
    if isinstance(unit, list) and len(unit) != count:
        yield ("data", "unit"), _length_message(len(unit), count)
    for name in [unit] if isinstance(unit, str) else unit:
        if name not in UNIT_FACTORS:
            near = nearest_names(name, UNIT_FACTORS, count=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            yield ("data", "unit"), f"unknown unit {name!r}{hint} (allowed: {', '.join(map(repr, UNIT_FACTORS))})"


def _finite(path: tuple[str | int, ...], value: Any) -> Iterator[Problem]:
    if isinstance(value, list) and set(map(type, value)) <= {int, float} and all(map(math.isfinite, value)):
        return
    if isinstance(value, float) and not math.isfinite(value):
        yield path, f"must be a finite number, found {value}"
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _finite((*path, key), item)
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _finite((*path, index), item)


def _length_message(found: int, count: int) -> str:
    return f"has {found} value{'s' if found != 1 else ''}, the entry has {count} observable{'s' if count != 1 else ''}"


def _lengths(data: Mapping[str, Any], keys: Sequence[str], count: int) -> Iterator[Problem]:
    for key in keys:
        value = data.get(key)
        if isinstance(value, list) and len(value) != count:
            yield (key,), _length_message(len(value), count)
        if isinstance(value, (int, float)) and count != 1:
            yield (key,), f"is one number, the entry has {count} observables: give a list"


def _errors(errors: Mapping[str, Any], count: int) -> Iterator[Problem]:
    totals = np.zeros((2, count))
    complete = True
    for label, values in errors.items():
        if len(values) != count:
            complete = False
            yield ("errors", label), _length_message(len(values), count)
            continue
        for index, value in enumerate(values):
            sides = (value["plus"], value["minus"]) if isinstance(value, Mapping) else (value, value)
            if min(sides) < 0:
                complete = False
                yield (
                    ("errors", label, index),
                    f"an error must not be negative, found {value}; write both sides as positive numbers",
                )
            else:
                totals[:, index] += sides
    if complete:
        for number in np.flatnonzero(np.any(totals <= 0, axis=0)) + 1:
            yield ("errors",), f"the error of observable number {number} is zero: it would have infinite weight"


def _gauss(data: Mapping[str, Any], count: int) -> Iterator[Problem]:
    yield from _lengths(data, ("central",), count)
    yield from _errors(data["errors"], count)
    for label, matrix in data.get("correlation", {}).items():
        from_sources = label == "syst" and "systematics" in data
        if label != "total" and label not in data["errors"] and not from_sources:
            yield (
                ("correlation", label),
                f"there is no {label} error it could apply to (errors: {', '.join(data['errors'])})",
            )
        yield from correlation_problems(("correlation", label), matrix, count)
    yield from systematics_problems(data, count)


def _limit(data: Mapping[str, Any], count: int) -> Iterator[Problem]:
    yield from _lengths(data, ("upper", "lower", "expected", "central", "n_obs", "n_bkg", "bkg_err", "ses"), count)
    for key in ("n_obs", "n_bkg", "bkg_err", "ses", "expected"):
        values = data.get(key, [])
        if any(value < 0 for value in (values if isinstance(values, list) else [values])):
            yield (key,), f"must not be negative, found {values}"
    if "errors" in data:
        if "central" not in data:
            yield ("errors",), "errors need a central value"
        yield from _errors(data["errors"], count)
    for number, other in enumerate(data.get("also", [])):
        path = ("also", number, "upper")
        if len(other["upper"]) != count:
            yield path, _length_message(len(other["upper"]), count)
        for index, (here, there) in enumerate(zip(data.get("upper", []), other["upper"], strict=False)):
            if (other["cl"] - data["cl"]) * (there - here) <= 0:
                yield (
                    (*path, index),
                    f"a limit grows with its confidence level: {there:g} at {other['cl']:g}, {here:g} at {data['cl']:g}",
                )
    for index, (lower, upper) in enumerate(zip(data.get("lower", []), data.get("upper", []), strict=False)):
        if not lower < upper:
            yield ("lower", index), f"must be below the upper limit {upper}, found {lower}"


def _counting(data: Mapping[str, Any], count: int) -> Iterator[Problem]:
    if len(data["channels"]) != count:
        yield ("channels",), _length_message(len(data["channels"]), count)
    for index, channel in enumerate(data["channels"]):
        if ("n_bkg" in channel) == ("n_sig" in channel):
            yield ("channels", index), "needs exactly one of n_bkg, n_sig"
        if channel["n_obs"] < 0:
            yield ("channels", index, "n_obs"), f"must not be negative, found {channel['n_obs']}"
        if "upper" in channel and "cl" not in data:
            yield ("channels", index, "upper"), "a limit needs its confidence level: give cl under data, e.g. cl: 0.9"


def _grid(data: Mapping[str, Any], count: int) -> Iterator[Problem]:
    if len(data["axes"]) != count:
        yield ("axes",), _length_message(len(data["axes"]), count)
    for index, axis in enumerate(data["axes"]):
        if len(axis) < 2 or np.any(np.diff(axis) <= 0):
            yield ("axes", index), "must be at least two strictly increasing numbers"
    expected = int(np.prod([len(axis) for axis in data["axes"]]))
    if "values" in data and len(data["values"]) != expected:
        yield ("values",), f"has {len(data['values'])} values, the axes span {expected} points"


def _external(data: Mapping[str, Any], count: int) -> Iterator[Problem]:
    return connection_problems(data, count)


def _exclusion(data: Mapping[str, Any], count: int) -> Iterator[Problem]:
    if count != 1:
        yield (), f"an exclusion has one observable, found {count}"
    yield from _bound(data, data["quantity"])
    for index, one in enumerate(data.get("other", [])):
        yield from ((("other", index, *path), message) for path, message in _bound(one, one.get("quantity", data["quantity"])))


def _bound(one: Mapping[str, Any], quantity: str) -> Iterator[Problem]:
    if not {"lower", "upper", "lower_range", "upper_curve"} & set(one):
        yield (), "needs lower or upper, lower_range or upper_curve"
    ends = one.get("lower_range", [0, 1])
    if len(ends) != 2 or not ends[0] < ends[1]:
        yield ("lower_range",), f"must be two numbers, the smaller one first, found {ends}"
    curve = one.get("upper_curve")
    if curve is None:
        return
    masses = [name for name in curve if name != quantity]
    if quantity not in curve or len(masses) != 1:
        yield ("upper_curve",), f"must hold {quantity} and the mass it depends on, found {', '.join(curve)}"
    elif len(curve[quantity]) != len(curve[masses[0]]):
        found = f"{len(curve[masses[0]])} and {len(curve[quantity])}"
        yield ("upper_curve",), f"{masses[0]} and {quantity} must have as many numbers, found {found}"
    elif np.any(np.diff(curve[masses[0]]) <= 0):
        yield ("upper_curve", masses[0]), "must be strictly increasing"


_CHECKS: Mapping[str, Callable[[Mapping[str, Any], int], Iterator[Problem]]] = {
    "gauss": _gauss,
    "limit": _limit,
    "counting": _counting,
    "grid": _grid,
    "external": _external,
    "exclusion": _exclusion,
}
