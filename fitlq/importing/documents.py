"""From numbers to entries: the documents of a measurement file. One entry holds one form of data, so a block may need several."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fitlq.importing.flavio_blocks import Grid, JointGaussian, Lone
from fitlq.importing.pieces import Counts, Curve, Limit, Number, Observable
from fitlq.measurements.overlapping_bins import bins_overlap

__all__ = ["documents_of", "gaussian_data"]

Real = NDArray[np.float64]
Unit = Callable[[Observable], str]
Document = dict[str, Any]

_LABELS = {1: ("total",), 2: ("stat", "syst"), 3: ("stat", "syst", "ext")}
_DIGITS = 12  # of correlations: beyond that there is only the rounding of the arithmetic


def documents_of(
    items: Sequence[Lone | JointGaussian | Grid], identifier: str, base: Mapping[str, Any], unit: Unit
) -> list[Document]:
    """The entries for the items of one block.

    Parameters
    ----------
    items : sequence
        What can be expressed; a `Lone` with a reason instead of a piece is ignored.
    identifier : str
        Id of the entry; if there are several they get endings.
    base : mapping
        What all entries have in common (kind, experiment, date, refs, provenance, ...).
    unit : callable
        The unit in the file of an observable's number.
    """
    found: list[tuple[str, list[Observable], Document]] = []
    for item in items:
        if isinstance(item, JointGaussian):
            data = gaussian_data(item.observables, item.numbers, {"total": item.correlation}, unit)
            found.append(("values", list(item.observables), data))
        elif isinstance(item, Grid):
            found.append(("grid", list(item.observables), _grid(item, unit)))
    found += _lone([item for item in items if isinstance(item, Lone)], unit)
    endings = _endings([ending for ending, _, _ in found])
    return [
        {"id": f"{identifier}{ending}", **base, "observables": [one.document for one in observables], "data": data}
        for ending, (_, observables, data) in zip(endings, found, strict=True)
    ]


def _endings(forms: Sequence[str]) -> list[str]:
    if len(forms) == 1:
        return [""]
    counts: dict[str, int] = defaultdict(int)
    endings = []
    for form in forms:
        counts[form] += 1
        endings.append(f"-{form}" if forms.count(form) == 1 else f"-{form}-{counts[form]}")
    return endings


def _lone(items: Sequence[Lone], unit: Unit) -> list[tuple[str, list[Observable], Document]]:
    numbers = [item for item in items if isinstance(item.piece, Number)]
    limits: dict[float, list[Lone]] = defaultdict(list)
    counts: dict[float | None, list[Lone]] = defaultdict(list)
    for item in items:
        if isinstance(item.piece, Limit):
            limits[item.piece.cl].append(item)
        elif isinstance(item.piece, Counts):
            counts[item.piece.cl].append(item)
    found = []
    for group in _without_overlap(numbers):
        pieces = [item.piece for item in group if isinstance(item.piece, Number)]
        observables = [item.observable for item in group]
        found.append(("values", observables, gaussian_data(observables, pieces, {}, unit)))
    for cl, of_level in limits.items():
        found += [("limits", [one.observable for one in group], _limits(group, cl, unit)) for group in _without_overlap(of_level)]
    for level, members in counts.items():
        found += [("counts", [one.observable for one in group], _counts(group, level)) for group in _without_overlap(members)]
    for item in items:
        if isinstance(item.piece, Curve):
            data: Document = {"type": "grid", **_unit([item.observable], unit), "axes": [list(item.piece.points)]}
            found.append(("grid", [item.observable], {**data, "values": list(item.piece.values), "meaning": "likelihood"}))
    return found


def _without_overlap(items: Sequence[Lone]) -> list[list[Lone]]:
    """Groups in each of which no bin occurs twice or overlaps another of the same observable."""
    groups: list[list[Lone]] = []
    for item in items:
        for group in groups:
            if not any(_same_events(item.observable, other.observable) for other in group):
                group.append(item)
                break
        else:
            groups.append([item])
    return groups


def _same_events(one: Observable, other: Observable) -> bool:
    if one.name != other.name:
        return False
    first, second = tuple(sorted(one.args.items())), tuple(sorted(other.args.items()))
    return first == second or bins_overlap(first, second)


def gaussian_data(
    observables: Sequence[Observable], numbers: Sequence[Number], correlations: Mapping[str, Real], unit: Unit
) -> Document:
    """`data` of type gauss; unlabelled errors are statistical, systematic, external in this order, or the total if alone."""
    labelled = [_by_label(number) for number in numbers]
    errors: Document = {}
    for label in ("stat", "syst", "ext", "total"):
        if any(label in one for one in labelled):
            sides = [one.get(label, (0.0, 0.0)) for one in labelled]
            errors[label] = [up if up == down else {"plus": up, "minus": down} for up, down in sides]
    data: Document = {"type": "gauss", **_unit(observables, unit), "central": [number.central for number in numbers]}
    data["errors"] = errors
    if correlations:
        data["correlation"] = {label: np.round(matrix, _DIGITS).tolist() for label, matrix in correlations.items()}
    return data


def _by_label(number: Number) -> dict[str, tuple[float, float]]:
    labels = number.labels or _LABELS.get(len(number.errors)) or ("stat", "syst", *["ext"] * (len(number.errors) - 2))
    found: dict[str, tuple[float, float]] = {}
    for label, (up, down) in zip(labels, number.errors, strict=True):
        before = found.get(label)
        # in quadrature only where there is something to add: a single error keeps its digits
        found[label] = (up, down) if before is None else (float(np.hypot(before[0], up)), float(np.hypot(before[1], down)))
    return found


def _limits(group: Sequence[Lone], cl: float, unit: Unit) -> Document:
    upper = [item.piece.upper for item in group if isinstance(item.piece, Limit)]
    return {"type": "limit", **_unit([item.observable for item in group], unit), "cl": cl, "upper": upper}


def _counts(group: Sequence[Lone], level: float | None) -> Document:
    channels = []
    for item in group:
        counts = item.piece
        if isinstance(counts, Counts):
            pairs = {
                "upper": counts.upper,
                "ses": counts.per_event,
                "n_obs": counts.n_obs,
                "n_bkg": counts.n_bkg,
                "n_sig": counts.n_sig,
                "bkg_err": counts.bkg_err,
            }
            channels.append({key: value for key, value in pairs.items() if value is not None})
    return {"type": "counting", **({} if level is None else {"cl": level}), "channels": channels}


def _grid(item: Grid, unit: Unit) -> Document:
    data: Document = {"type": "grid", **_unit(item.observables, unit), "axes": [axis.tolist() for axis in item.axes]}
    return {**data, "values": item.values.ravel().tolist(), "meaning": "likelihood"}


def _unit(observables: Sequence[Observable], unit: Unit) -> Document:
    units = [unit(observable) for observable in observables]
    if set(units) == {"1"}:
        return {}
    return {"unit": units[0]} if len(set(units)) == 1 else {"unit": units}
