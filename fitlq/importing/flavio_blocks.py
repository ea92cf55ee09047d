"""One block of a flavio file: which observables it measures, and what it says about each, or about all of them together.

Three forms exist: `values` as a mapping (name: value), as a list of `{name, value, <arguments>}`, and a list `observables`
with a joint distribution in `values`. With a `correlation` the values of the first two form a joint Gaussian.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fitlq.importing.flavio_distributions import piece_of
from fitlq.importing.matrices import correlation_of_covariance, full_correlation
from fitlq.importing.pieces import NotExpressible, Number, Observable, Piece

__all__ = ["Grid", "JointGaussian", "Lone", "read_block"]

Real = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Lone:
    """A number that stands for itself; `piece` is the reason in words if it cannot be expressed."""

    observable: Observable
    piece: Piece | str


@dataclass(frozen=True, slots=True, eq=False)
class JointGaussian:
    """Numbers with the correlation matrix of their total errors, (n, n)."""

    observables: tuple[Observable, ...]
    numbers: tuple[Number, ...]
    correlation: Real


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """A likelihood on a grid in several observables: one axis each, values of shape (len(axis 0), ...)."""

    observables: tuple[Observable, ...]
    axes: tuple[Real, ...]
    values: Real


def read_block(block: Mapping[str, Any]) -> list[Lone | JointGaussian | Grid]:
    """What a block says.

    Raises
    ------
    NotExpressible
        The block as a whole cannot be expressed.
    """
    values = block.get("values")
    if not isinstance(values, (Mapping, Sequence)) or isinstance(values, str):
        msg = "the block has no `values`"
        raise NotExpressible(msg)
    if "observables" in block:
        return _joint([_observable(one) for one in block["observables"]], values)
    pairs = _pairs(values)
    if "correlation" not in block:
        return [Lone(observable, _or_reason(value)) for observable, value in pairs]
    numbers = [piece_of(value) for _, value in pairs]
    if not all(isinstance(number, Number) for number in numbers):
        msg = "a correlation between values that are not all Gaussian"
        raise NotExpressible(msg)
    correlation = full_correlation(block["correlation"], len(pairs))
    gaussian = tuple(number for number in numbers if isinstance(number, Number))
    return [JointGaussian(tuple(observable for observable, _ in pairs), gaussian, correlation)]


def _or_reason(value: Any) -> Piece | str:
    try:
        return piece_of(value)
    except NotExpressible as error:
        return str(error)


def _pairs(values: Mapping[str, Any] | Sequence[Any]) -> list[tuple[Observable, Any]]:
    if isinstance(values, Mapping):
        return [(Observable(str(name)), value) for name, value in values.items()]
    found = []
    for item in values:
        if not isinstance(item, Mapping) or "name" not in item or "value" not in item:
            msg = f"an item of `values` needs name and value, found {item!r}"
            raise NotExpressible(msg)
        found.append((_observable({key: value for key, value in item.items() if key != "value"}), item["value"]))
    return found


def _observable(item: Any) -> Observable:
    if isinstance(item, str):
        return Observable(item)
    if not isinstance(item, Mapping) or "name" not in item:
        msg = f"an observable is a name, or a mapping with `name` and its arguments; found {item!r}"
        raise NotExpressible(msg)
    return Observable(str(item["name"]), {str(key): _argument(value) for key, value in item.items() if key != "name"})


def _argument(value: Any) -> float | str:
    return float(value) if isinstance(value, (int, float)) else str(value)


def _joint(observables: list[Observable], values: Mapping[str, Any] | Sequence[Any]) -> list[Lone | JointGaussian | Grid]:
    parts = [values] if isinstance(values, Mapping) else list(values)
    kinds = {str(part.get("distribution")) if isinstance(part, Mapping) else "text" for part in parts}
    if len(observables) == 1 and not any(kind.startswith("multivariate") for kind in kinds):
        return [Lone(observables[0], _or_reason(parts))]
    try:
        if kinds == {"multivariate_normal"}:
            return [_gaussian(observables, parts)]
        if kinds == {"multivariate_numerical"} and len(parts) == 1:
            return [_grid(observables, parts[0])]
    except (KeyError, TypeError, ValueError) as error:
        problem = f"there is no {error.args[0]!r}" if isinstance(error, KeyError) else str(error)
        msg = f"the joint distribution cannot be read: {problem}"
        raise NotExpressible(msg) from None
    msg = f"a joint distribution of the kind {' + '.join(sorted(kinds))} is not known"
    raise NotExpressible(msg)


def _gaussian(observables: list[Observable], parts: Sequence[Mapping[str, Any]]) -> JointGaussian:
    count = len(observables)
    central = np.array(parts[0]["central_value"], dtype=np.float64)
    total = np.zeros((count, count))
    for part in parts:
        if not np.array_equal(central, np.array(part["central_value"], dtype=np.float64)):
            msg = "several joint Gaussians with different central values"
            raise NotExpressible(msg)
        deviations, correlation = _covariance(part, count)
        total += correlation * np.outer(deviations, deviations)
    if len(parts) > 1:
        deviations, correlation = correlation_of_covariance(total)
    if central.shape != (count,) or deviations.shape != (count,):
        msg = f"a joint Gaussian of {central.size} numbers for {count} observables"
        raise NotExpressible(msg)
    numbers = tuple(Number(float(c), ((float(d), float(d)),), ("total",)) for c, d in zip(central, deviations, strict=True))
    return JointGaussian(tuple(observables), numbers, correlation)


def _covariance(part: Mapping[str, Any], count: int) -> tuple[Real, Real]:
    if part.get("covariance") is not None:
        return correlation_of_covariance(part["covariance"])
    deviations = np.array(part["standard_deviation"], dtype=np.float64)
    given = part.get("correlation")
    return deviations, full_correlation(0.0 if given is None else given, count)


def _grid(observables: list[Observable], part: Mapping[str, Any]) -> Grid:
    values = np.array(part["y"], dtype=np.float64)
    if values.ndim != len(observables) or len(part["xi"]) != len(observables):
        msg = f"a grid in {len(part['xi'])} dimensions for {len(observables)} observables"
        raise NotExpressible(msg)
    axes = []
    for given, length in zip(part["xi"], values.shape, strict=True):
        # two numbers are the ends of an evenly spaced axis
        axis = np.linspace(given[0], given[1], length) if len(given) == 2 else np.array(given, dtype=np.float64)
        if len(axis) != length:
            msg = f"an axis of {len(axis)} points for {length} rows of a grid"
            raise NotExpressible(msg)
        axes.append(axis)
    return Grid(tuple(observables), tuple(axes), values)
