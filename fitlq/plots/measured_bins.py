"""The measured bins of one observable, as they are drawn: one series for each paper."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fitlq.errors import InputError
from fitlq.likelihood.grids import grid_term
from fitlq.measurements.data_forms import GridData
from fitlq.measurements.gaussian import GaussianData

if TYPE_CHECKING:
    from fitlq.measurements import Dataset, Selected
    from fitlq.measurements.entry import Entry
    from fitlq_theory.contracts import Observable

__all__ = ["MeasuredBins", "binning_variable", "measured_bins"]

Real = NDArray[np.float64]
Bin = tuple[float, float]

_FINE = 8001  # points of a published likelihood


@dataclass(frozen=True, slots=True, eq=False)
class MeasuredBins:
    """What one paper measured.

    Attributes
    ----------
    label : str
        Experiments, year and paper.
    bins : tuple of (low, high)
        In the order of their lower edges.
    central, above, below : (n,) arrays
        Values and their upward and downward total errors, in the unit of the observable.
    doubtful : (n,) bool
        Where the prediction is not to be trusted; a fit leaves these numbers out.
    """

    label: str
    bins: tuple[Bin, ...]
    central: Real
    above: Real
    below: Real
    doubtful: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Number:
    paper: tuple[str, str, str]  # of the series: date, name, arXiv number
    edges: Bin
    central: float
    above: float
    below: float
    doubtful: bool


def binning_variable(observable: Observable) -> str:
    """The variable whose bins are the arguments of an observable, ``q2`` for ``q2min`` and ``q2max``.

    Raises
    ------
    InputError
        It has other arguments, or none.
    """
    names = sorted(argument.name for argument in observable.arguments)
    variable = names[0][:-3] if len(names) == 2 else ""
    if not variable or names != [f"{variable}max", f"{variable}min"]:
        msg = f"{observable.name} has no bins: its arguments are ({', '.join(names) or 'none'})"
        raise InputError(msg)
    return variable


def measured_bins(data: Dataset, observable: Observable) -> tuple[MeasuredBins, ...]:
    """The selected measurements of a binned observable, one series for each paper, older ones first.

    Raises
    ------
    InputError
        None is selected (the reasons are in the message), or one is neither a number with errors nor a likelihood on a grid.
    """
    numbers = list(_numbers(data, observable))
    if not numbers:
        reasons = {out.reason: None for out in data.left_out if out.observable in _names(observable)}
        why = "; left out: " + "; ".join(list(reasons)[:3]) if reasons else ""
        msg = f"no measurement of {observable.name} is selected{why}"
        raise InputError(msg)
    papers = sorted({one.paper for one in numbers})
    return tuple(_series(paper, [one for one in numbers if one.paper == paper]) for paper in papers)


def _numbers(data: Dataset, observable: Observable) -> Iterator[_Number]:
    variable = binning_variable(observable)
    for item in data:
        for position, reference in enumerate(item.references):
            if reference.name not in _names(observable):
                continue
            edges = _edges(reference.args, variable)
            central, above, below = _value(item, position)
            yield _Number(_paper(item.entry), edges, central, above, below, _doubtful(observable, variable, edges))


def _value(item: Selected, position: int) -> tuple[float, float, float]:
    """Value, upward and downward error of one number of an entry."""
    values = item.data
    if isinstance(values, GaussianData):
        return float(values.central[position]), float(values.plus[position]), float(values.minus[position])
    if isinstance(values, GridData):
        return _best_of_grid(item.entry.id, values.restricted([position]))
    kind = item.entry.data_header["type"]
    msg = f"{item.entry.id}: {item.references[position]} is of type {kind}, which cannot be drawn as a value with errors"
    raise InputError(msg)


def _best_of_grid(identifier: str, values: GridData) -> tuple[float, float, float]:
    """The best point of a published likelihood, and how far from it -2 ln L has risen by one."""
    term = grid_term(identifier, [0], values.axes, values.values, values.meaning)
    axis = np.linspace(values.axes[0][0], values.axes[0][-1], _FINE)
    rise = term.interpolate(axis[:, None])
    best = int(np.argmin(rise))
    inside = axis[rise <= rise[best] + 1.0]
    return float(axis[best]), float(inside[-1] - axis[best]), float(axis[best] - inside[0])


def _names(observable: Observable) -> tuple[str, ...]:
    return observable.name, *observable.aliases


def _edges(arguments: Mapping[str, Any], variable: str) -> Bin:
    return float(arguments[f"{variable}min"]), float(arguments[f"{variable}max"])


def _doubtful(observable: Observable, variable: str, edges: Bin) -> bool:
    arguments = {f"{variable}min": edges[0], f"{variable}max": edges[1]}
    return observable.doubtful is not None and observable.doubtful(arguments) is not None


def _paper(entry: Entry) -> tuple[str, str, str]:
    arxiv = entry.refs.get("arxiv", "")
    return str(entry.date), " + ".join(entry.experiment), str(arxiv[0] if isinstance(arxiv, list) else arxiv) or entry.id


def _series(paper: tuple[str, str, str], numbers: list[_Number]) -> MeasuredBins:
    date, experiment, source = paper
    ordered = sorted(numbers, key=lambda one: one.edges)
    where = f"arXiv:{source}" if source[:1].isdigit() else source
    return MeasuredBins(
        label=f"{experiment} {date[:4]} ({where})",
        bins=tuple(one.edges for one in ordered),
        central=np.array([one.central for one in ordered]),
        above=np.array([one.above for one in ordered]),
        below=np.array([one.below for one in ordered]),
        doubtful=np.array([one.doubtful for one in ordered]),
    )
