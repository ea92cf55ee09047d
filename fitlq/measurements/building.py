"""From the parsed text of an entry to an `Entry`: units and scales applied, lists turned into arrays.

Expects a document without structural or numerical problems.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fitlq.measurements.data_forms import (
    CountingChannel,
    CountingData,
    Data,
    ExclusionData,
    ExternalData,
    GridData,
    LimitData,
)
from fitlq.measurements.dates import resolve_date
from fitlq.measurements.entry import (
    CorrelatedWith,
    Entry,
    ObservableReference,
    Provenance,
    Relations,
    Representation,
    Supersession,
)
from fitlq.measurements.gaussian import ErrorComponent, GaussianData, SystematicSource, combined_sources
from fitlq.measurements.units import CANONICAL_UNITS, UNIT_FACTORS

__all__ = ["build_entry", "correlation_of_source", "unit_factors"]

Real = NDArray[np.float64]


def build_entry(document: Mapping[str, Any], file: str = "", line: int | None = None) -> Entry:
    """The entry described by one item of a file's `entries` list."""
    representation = document.get("representation")
    observables = tuple(_observable(item) for item in document["observables"])
    return Entry(
        id=document["id"],
        kind=document["kind"],
        process=document["process"],
        experiment=tuple(document["experiment"]),
        date=resolve_date(document["date"]),
        date_text=document["date"],
        refs=dict(document["refs"]),
        observables=observables,
        data=_data(document["data"], len(observables)),
        provenance=Provenance(**document["provenance"]),
        assumptions=tuple(document.get("assumptions", ())),
        relations=_relations(document.get("relations", {})),
        representation=Representation(**representation) if representation else None,
        dataset=tuple(document.get("dataset", ())),
        projected=document.get("projected", False),
        off_by_default=document.get("off_by_default"),
        note=document.get("note"),
        file=file,
        line=line,
        document=document,
    )


def _observable(item: Mapping[str, Any]) -> ObservableReference:
    arguments = item.get("args", {})
    pairs = tuple((key, value if isinstance(value, str) else float(value)) for key, value in sorted(arguments.items()))
    return ObservableReference(item["name"], pairs, item.get("label"))


def _relations(item: Mapping[str, Any]) -> Relations:
    supersedes = tuple(
        Supersession(one) if isinstance(one, str) else Supersession(one["id"], tuple(one["observables"]))
        for one in item.get("supersedes", ())
    )
    return Relations(
        supersedes,
        tuple(item.get("inputs", ())),
        tuple(item.get("shares_data_with", ())),
        tuple(item.get("independent_of", ())),
        tuple(CorrelatedWith(**one) for one in item.get("correlated_with", ())),
    )


def unit_factors(data: Mapping[str, Any], count: int) -> Real:
    """Factor of each observable from the number in the file to the canonical unit: `unit` times `scale`, (count,)."""
    unit = data.get("unit", "1")
    units = [unit] * count if isinstance(unit, str) else unit
    return float(data.get("scale", 1.0)) * np.array([UNIT_FACTORS[name] for name in units], dtype=np.float64)


def _data(data: Mapping[str, Any], count: int) -> Data:
    return _BUILDERS[data["type"]](data, count)


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
        CountingChannel(**{key: float(value) * (scale if key == "upper" else 1.0) for key, value in channel.items()})
        for channel in data["channels"]
    ]
    return CountingData(data["cl"], tuple(channels))


def _grid(data: Mapping[str, Any], count: int) -> GridData:
    factors = unit_factors(data, count)
    axes = tuple(_frozen(np.asarray(axis) * factor) for axis, factor in zip(data["axes"], factors, strict=True))
    return GridData(axes, _frozen(np.reshape(data["values"], [len(axis) for axis in axes])), data["meaning"])


def _external(data: Mapping[str, Any], count: int) -> ExternalData:
    del count
    return ExternalData(data["format"], data["ref"], data.get("reads"))


def _exclusion(data: Mapping[str, Any], count: int) -> ExclusionData:
    del count
    unit = data.get("unit", "1")
    factor = UNIT_FACTORS[unit]
    bounds = {key: float(data[key]) * factor for key in ("lower", "upper") if key in data}
    return ExclusionData(
        data["quantity"],
        data["cl"],
        **bounds,
        unit=CANONICAL_UNITS[unit],
        conditions=dict(data.get("conditions", {})),
        other=tuple(data.get("other", ())),
        details={key: data[key] for key in ("lower_range", "upper_curve", "also") if key in data},
    )


_BUILDERS: Mapping[str, Callable[[Mapping[str, Any], int], Data]] = {
    "gauss": _gauss,
    "limit": _limit,
    "counting": _counting,
    "grid": _grid,
    "external": _external,
    "exclusion": _exclusion,
}
