"""From the parsed `data` of an entry to one of the forms of data: units and scales applied, lists turned into arrays.

Expects a document without structural or numerical problems.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fitlq.measurements.data_forms import (
    Bound,
    CountingChannel,
    CountingData,
    Data,
    ExclusionData,
    ExternalData,
    GridData,
    LimitData,
)
from fitlq.measurements.gaussian import ErrorComponent, GaussianData, SystematicSource, combined_sources
from fitlq.measurements.histfactory_files import parameters_of_interest
from fitlq.measurements.units import CANONICAL_UNITS, UNIT_FACTORS

__all__ = ["build_data", "correlation_of_source", "unit_factors"]

Real = NDArray[np.float64]


def unit_factors(data: Mapping[str, Any], count: int) -> Real:
    """Factor of each observable from the number in the file to the canonical unit: `unit` times `scale`, (count,)."""
    unit = data.get("unit", "1")
    units = [unit] * count if isinstance(unit, str) else unit
    return float(data.get("scale", 1.0)) * np.array([UNIT_FACTORS[name] for name in units], dtype=np.float64)


def build_data(data: Mapping[str, Any], count: int, file: str = "") -> Data:
    """The data described by the key `data` of an entry with `count` observables.

    `file` is where the entry stands: a file that it names is named as seen from there.
    """
    built = _BUILDERS[data["type"]](data, count)
    if isinstance(built, ExternalData) and built.file is not None:
        return replace(built, file=str(Path(file).parent / built.file))
    return built


def _frozen(values: Any) -> Real:
    array = np.array(values, dtype=np.float64)
    array.flags.writeable = False
    return array


def _errors(errors: Mapping[str, Any], factors: Real) -> tuple[ErrorComponent, ...]:
    return tuple(
        ErrorComponent(label, _side(errors[label], "plus", factors), _side(errors[label], "minus", factors))
        for label in ("stat", "syst", "ext", "total")
        if label in errors
    )


def _side(values: Sequence[Any], side: str, factors: Real) -> Real:
    return _frozen([value[side] if isinstance(value, Mapping) else value for value in values] * factors)


def _gauss(data: Mapping[str, Any], count: int) -> GaussianData:
    factors = unit_factors(data, count)
    correlations = {label: _frozen(matrix) for label, matrix in data.get("correlation", {}).items()}
    errors = _errors(data["errors"], factors)
    sources = tuple(_source(item, factors) for item in data.get("systematics", ()))
    if sources:
        total, correlation = combined_sources(sources)
        labels = {component.label for component in errors}
        if not labels & {"syst", "ext"}:
            errors = (*errors, ErrorComponent("syst", _frozen(total), _frozen(total)))
            labels.add("syst")
        if count > 1 and not {"syst", "total"} & correlations.keys():
            # the sources do not say which of them are external
            correlations |= dict.fromkeys(sorted(labels & {"syst", "ext"}), _frozen(correlation))
    return GaussianData(_frozen(data["central"] * factors), errors, correlations, sources)


def _source(item: Mapping[str, Any], factors: Real) -> SystematicSource:
    errors = _frozen(item["err"] * factors)
    return SystematicSource(item["name"], errors, _frozen(correlation_of_source(item)), item.get("shared", False))


def correlation_of_source(item: Mapping[str, Any]) -> Real:
    """The correlation matrix between the numbers that one source moves, from a matrix, one number for all, or nothing."""
    given = item.get("correlation", 1.0)
    if isinstance(given, list):
        return np.array(given, dtype=np.float64)
    matrix = np.full((len(item["err"]), len(item["err"])), float(given))
    np.fill_diagonal(matrix, 1.0)
    return matrix


def _limit(data: Mapping[str, Any], count: int) -> LimitData:
    factors = unit_factors(data, count)
    scaled = {key: _frozen(_as_list(data[key]) * factors) for key in ("upper", "lower", "expected", "central") if key in data}
    # event numbers and the sensitivity are written in full, `scale` does not apply to them
    plain = {key: _frozen(_as_list(data[key])) for key in ("n_obs", "n_bkg", "bkg_err", "ses") if key in data}
    return LimitData(
        cl=data["cl"],
        **scaled,
        **plain,
        errors=_errors(data.get("errors", {}), factors),
        ses_err=tuple(data.get("ses_err", ())),
        model=data.get("model"),
        also=tuple((one["cl"], _frozen(np.asarray(one["upper"]) * factors)) for one in data.get("also", ())),
    )


def _as_list(value: Any) -> list[float]:
    return list(value) if isinstance(value, list) else [value]


def _counting(data: Mapping[str, Any], count: int) -> CountingData:
    del count
    scale = data.get("scale", 1.0)
    channels = [
        CountingChannel(**{key: float(value) * (scale if key in ("upper", "ses") else 1.0) for key, value in channel.items()})
        for channel in data["channels"]
    ]
    return CountingData(data.get("cl"), tuple(channels))


def _grid(data: Mapping[str, Any], count: int) -> GridData:
    factors = unit_factors(data, count)
    axes = tuple(_frozen(np.asarray(axis) * factor) for axis, factor in zip(data["axes"], factors, strict=True))
    return GridData(axes, _frozen(np.reshape(data["values"], [len(axis) for axis in axes])), data["meaning"])


def _external(data: Mapping[str, Any], count: int) -> ExternalData:
    del count
    return ExternalData(
        data["format"],
        data["ref"],
        data.get("reads"),
        data.get("file"),
        data.get("sha256"),
        data.get("measurement"),
        parameters_of_interest(data),
        tuple(map(float, _as_list(data.get("observable_per_unit", [])))),
    )


def _exclusion(data: Mapping[str, Any], count: int) -> ExclusionData:
    del count
    unit = data.get("unit", "1")
    bounds = [_bound({"quantity": data["quantity"], **one}, UNIT_FACTORS[unit]) for one in (data, *data.get("other", ()))]
    return ExclusionData(data["cl"], tuple(bounds), CANONICAL_UNITS[unit])


def _bound(one: Mapping[str, Any], factor: float) -> Bound:
    quantity, ends, curve = one["quantity"], one.get("lower_range"), one.get("upper_curve")
    return Bound(
        quantity,
        **{key: float(one[key]) * factor for key in ("lower", "upper") if key in one},
        lower_range=(float(ends[0]) * factor, float(ends[1]) * factor) if ends else None,
        # the other column of a curve is a mass in GeV
        upper_curve={
            name: tuple(float(value) * (factor if name == quantity else 1.0) for value in values)
            for name, values in curve.items()
        }
        if curve
        else None,
        conditions=dict(one.get("conditions", {})),
    )


_BUILDERS: Mapping[str, Callable[[Mapping[str, Any], int], Data]] = {
    "gauss": _gauss,
    "limit": _limit,
    "counting": _counting,
    "grid": _grid,
    "external": _external,
    "exclusion": _exclusion,
}
