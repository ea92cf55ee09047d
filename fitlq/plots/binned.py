"""An observable measured in bins: the numbers of every experiment, and predictions with their theory errors."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fitlq.errors import InputError
from fitlq.plots.figures import new_figure
from fitlq.plots.measured_bins import MeasuredBins, binning_variable, measured_bins
from fitlq.plots.palette import BEST_FIT, COLOURS, STANDARD_MODEL
from fitlq.plots.predicted_points import Prediction, predictions_at

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from fitlq.measurements import Dataset
    from fitlq_theory.contracts import Model, Observable

__all__ = ["binned"]

Real = NDArray[np.float64]
Bin = tuple[float, float]
Doubt = Callable[[Mapping[str, float]], str | None]

_POINT_COLOURS = (STANDARD_MODEL, BEST_FIT, *(c for c in COLOURS if c not in (STANDARD_MODEL, BEST_FIT)))
_DATA_COLOURS = ("#222222", "#882255", "#666666", "#009E73", "#D55E00", "#CC79A7")
_MARKERS = "osD^vP"
_SCANNED = 2000  # narrow bins that find where predictions are doubtful
_WIDTHS = (0.05, 0.1, 0.2, 0.5, 1.0)  # of the picture: some observables are averages that hold in wide bins only
_PER_UNIT = 4  # points of a curve per unit of the variable
_INSET = 0.08  # of the width of a bin: by how much boxes of later points are narrower
_BESIDE = 0.08  # of the width of a bin: between numbers of different papers


def binned(
    observable: str,
    data: Dataset,
    points: Mapping[str, Any] | None = None,
    *,
    model: Model | str | None = None,
    inputs: Any = None,
    curve: bool = False,
    title: str | None = None,
    figure: Figure | None = None,
) -> Figure:
    """Draw the measured bins of one observable and its predictions.

    Parameters
    ----------
    observable : str
        Name or alias of an observable whose arguments are a bin, such as ``<P5p>(B0->K*mumu)``.
    data : Dataset
        All its selected measurements are drawn. Of a data set that exists in several forms (S or P observables) the one that is
        selected counts: ``load_measurements(representations={...})``.
    points : mapping, optional
        Name in the legend -> None (Standard Model), a `Fit`, or a mapping of Wilson coefficients (of parameters of `model`, if
        given). The Standard Model when left out.
    model : Model or str, optional
        What mappings in `points` are parameters of.
    inputs : str or Inputs, optional
        Theory inputs of all points but fits; when left out those of the first fit, or the default set.
    curve : bool
        Predictions as a smooth band, from the differential observable, instead of boxes in the bins. A ratio of integrals over a
        bin is not the mean of the curve.
    title : str, optional
    figure : Figure, optional
        An empty figure to draw on.

    Returns
    -------
    Figure
        Horizontal bars are bins, vertical ones total experimental errors; bands are theory errors of one standard deviation.
        Where predictions are doubtful (charmonium resonances) the picture is grey, predictions are left out, and numbers are open
        symbols. Boxes stand in the bins of the paper with the most of them (the newer of two), and in bins of others that do not
        overlap these.

    Raises
    ------
    InputError
        An unknown observable or one without bins, none measured, no differential observable for a curve, or a wrong point.
    """
    from fitlq_theory.observables import load_registry

    registry = load_registry()
    what = registry.resolve(observable)
    variable = binning_variable(what)
    series = measured_bins(data, what)
    limits = min(low for one in series for low, _ in one.bins), max(high for one in series for _, high in one.bins)
    wanted = {"Standard Model": None} if points is None else points
    grey = list(_doubtful_regions(what, variable, limits))
    drawn = figure or new_figure(7.6, 4.6)
    axes = drawn.add_subplot()
    power = _power(series)
    scale = 10.0**power
    if curve:
        density = _differential(what, variable, registry)
        _draw_curves(axes, density, variable, _allowed(limits, grey), wanted, scale, model=model, inputs=inputs)
    else:
        _draw_boxes(axes, what, variable, _apart(series), wanted, scale, model=model, inputs=inputs)
    for start, end in grey:
        axes.axvspan(start, end, color="#888888", alpha=0.18, linewidth=0, zorder=0)
    _draw_series(axes, series, scale)
    _decorate(axes, what, variable, limits, power, title)
    return drawn


def _doubtful_regions(observable: Observable, variable: str, limits: Bin) -> Iterator[Bin]:
    """Where every bin is doubtful, narrow or wide."""
    if observable.doubtful is None:
        return
    edges = np.linspace(*limits, _SCANNED + 1)
    doubtful = [
        not _some_bin_is_trusted(observable.doubtful, variable, (float(low), float(high)), limits)
        for low, high in pairwise(edges)
    ]
    changes = np.flatnonzero(np.diff([0, *doubtful, 0]))
    for start, end in changes.reshape(-1, 2):
        yield float(edges[start]), float(edges[end])


def _some_bin_is_trusted(doubtful: Doubt, variable: str, here: Bin, limits: Bin) -> bool:
    """Whether the prediction is trusted in a narrow bin, or in a wider one inside the limits that starts or ends with it."""
    low, high = here
    bins = [here]
    for share in _WIDTHS:
        width = share * (limits[1] - limits[0])
        bins += [(low, low + width)] * (low + width <= limits[1]) + [(high - width, high)] * (high - width >= limits[0])
    return any(doubtful({f"{variable}min": start, f"{variable}max": end}) is None for start, end in bins)


def _allowed(limits: Bin, grey: Sequence[Bin]) -> list[Bin]:
    """What is left of the limits."""
    ends = [limits[0], *(edge for region in grey for edge in region), limits[1]]
    return [(low, high) for low, high in zip(ends[::2], ends[1::2], strict=True) if high > low]


def _apart(series: Sequence[MeasuredBins]) -> list[Bin]:
    """Bins for predictions, none over another: those of the paper with most of them first, of equal ones the newer."""
    chosen: list[Bin] = []
    order = sorted(range(len(series)), key=lambda k: (np.count_nonzero(~series[k].doubtful), k), reverse=True)
    for one in (series[k] for k in order):
        # narrow ones first, should a paper have overlapping ones
        for low, high in sorted((b for b, d in zip(one.bins, one.doubtful, strict=True) if not d), key=lambda b: b[1] - b[0]):
            if all(high <= other[0] or low >= other[1] for other in chosen):
                chosen.append((low, high))
    return sorted(chosen)


def _power(series: Sequence[MeasuredBins]) -> int:
    largest = max(float(np.max(np.abs(one.central) + one.above)) for one in series)
    return 0 if not largest or 1e-2 <= largest < 1e4 else -math.floor(math.log10(largest))


def _differential(observable: Observable, variable: str, registry: Any) -> Observable:
    """The observable as a function of the variable: ``P5p(B0->K*mumu)`` for ``<P5p>(B0->K*mumu)``."""
    name = observable.name.replace("<", "", 1).replace(">", "", 1)
    if observable.name.startswith("<") and name in registry:
        found: Observable = registry.resolve(name)
        if [argument.name for argument in found.arguments] == [variable]:
            return found
    msg = f"{observable.name}: there is no differential observable to draw a curve of; use curve=False"
    raise InputError(msg)


def _draw_curves(
    axes: Axes,
    density: Observable,
    variable: str,
    regions: Sequence[Bin],
    points: Mapping[str, Any],
    scale: float,
    **options: Any,
) -> None:
    lowest, highest = density.arguments[0].minimum, density.arguments[0].maximum
    pieces = [_grid(low, high) for low, high in regions]
    pieces = [piece[[_possible(density, variable, x, lowest, highest) for x in piece]] for piece in pieces]
    requests = [(density.name, {variable: float(x)}) for x in np.concatenate(pieces)]
    ends = np.cumsum([len(piece) for piece in pieces])[:-1]
    for k, (name, (values, errors)) in enumerate(predictions_at(points, requests, **options).items()):
        colour = _POINT_COLOURS[k % len(_POINT_COLOURS)]
        for j, (x, value, error) in enumerate(zip(pieces, np.split(values, ends), np.split(errors, ends), strict=True)):
            y, spread = value * scale, error * scale
            axes.fill_between(
                x, y - spread, y + spread, color=colour, alpha=0.35, linewidth=0, zorder=1, label=None if j else name
            )
            axes.plot(x, y, color=colour, linewidth=1.4, zorder=2)


def _grid(low: float, high: float) -> Real:
    """Denser towards the lower end, next to a photon pole for example."""
    steps = np.linspace(0.0, 1.0, max(2, math.ceil(_PER_UNIT * (high - low)) + 1))
    return np.asarray(low + (high - low) * steps**1.7)


def _possible(density: Observable, variable: str, x: float, lowest: float, highest: float) -> bool:
    return lowest <= x <= highest and not (density.phase_space and density.phase_space({variable: float(x)}))


def _draw_boxes(
    axes: Axes,
    observable: Observable,
    variable: str,
    bins: Sequence[Bin],
    points: Mapping[str, Any],
    scale: float,
    **options: Any,
) -> None:
    if not bins:
        return
    requests = [(observable.name, {f"{variable}min": low, f"{variable}max": high}) for low, high in bins]
    found = predictions_at(points, requests, **options)
    for k, (name, prediction) in enumerate(found.items()):
        _draw_boxes_of_point(axes, bins, prediction, scale, name, k)


def _draw_boxes_of_point(axes: Axes, bins: Sequence[Bin], prediction: Prediction, scale: float, name: str, k: int) -> None:
    colour = _POINT_COLOURS[k % len(_POINT_COLOURS)]
    low, high = np.array(bins).T
    inset = k * _INSET * (high - low)
    value, error = prediction[0] * scale, prediction[1] * scale
    axes.bar(
        low + inset, 2 * error, high - low - 2 * inset, value - error, align="edge", color=colour, alpha=0.35, linewidth=0,
        label=name, zorder=1,
    )  # fmt: skip
    axes.hlines(value, low + inset, high - inset, color=colour, linewidth=1.6, zorder=2)


def _draw_series(axes: Axes, series: Sequence[MeasuredBins], scale: float) -> None:
    for k, one in enumerate(series):
        colour, marker = _DATA_COLOURS[k % len(_DATA_COLOURS)], _MARKERS[k % len(_MARKERS)]
        low, high = np.array(one.bins).T
        # numbers of several papers in one bin stand beside each other
        middle = 0.5 * (low + high) + _BESIDE * (k - 0.5 * (len(series) - 1)) * (high - low)
        for chosen, face in ((~one.doubtful, colour), (one.doubtful, "white")):
            if chosen.any():
                axes.errorbar(
                    middle[chosen], one.central[chosen] * scale,
                    xerr=[(middle - low)[chosen], (high - middle)[chosen]],
                    yerr=[one.below[chosen] * scale, one.above[chosen] * scale],
                    fmt=marker, color=colour, markerfacecolor=face, markersize=4.5, elinewidth=1.1, capsize=0, zorder=4,
                    label=one.label if face == colour or one.doubtful.all() else None,
                )  # fmt: skip


def _decorate(axes: Axes, observable: Observable, variable: str, limits: Bin, power: int, title: str | None) -> None:
    unit = {argument.name: argument.unit for argument in observable.arguments}[f"{variable}min"]
    symbol = "q^2" if variable == "q2" else rf"\mathrm{{{variable}}}"
    margin = 0.02 * (limits[1] - limits[0])
    axes.set_xlim(limits[0] - margin, limits[1] + margin)
    axes.set_xlabel(f"${symbol}$" + _bracket(unit), fontsize=11)
    factor = rf"10^{{{power}}}\,\times\," if power else ""
    axes.set_ylabel(f"${factor}{observable.tex}$" + _bracket(observable.unit), fontsize=11)
    if axes.get_ylim()[0] < 0 < axes.get_ylim()[1]:
        axes.axhline(0.0, color="#bbbbbb", linewidth=0.8, zorder=0)
    axes.legend(loc="upper left", bbox_to_anchor=(1.01, 1.0), frameon=False, fontsize=8.5, borderaxespad=0.0)
    if title:
        axes.set_title(title, loc="left", fontsize=10)


def _bracket(unit: str) -> str:
    """``GeV^-2`` as TeX in brackets."""
    base, _, exponent = unit.partition("^")
    return f"  [{base}$^{{{exponent}}}$]" if exponent else f"  [{unit}]" if unit else ""
