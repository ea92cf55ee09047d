"""Corner plots: one- and two-dimensional views of one posterior, or of several laid over each other."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from fitlq.errors import InputError
from fitlq.plots.figures import new_figure
from fitlq.plots.palette import COLOURS, INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["Posterior", "corner"]

Real = NDArray[np.float64]

_PROBABILITIES = (0.683, 0.954)
_EDGE = 0.0005  # share of the samples cut off at each side of an axis
_MARGIN = 0.04
_DRAWN = 200_000  # samples at most: more do not change the picture


class Posterior(Protocol):
    """What is drawn: samples with named columns."""

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the columns."""
        ...

    def samples(self, discard: int | None = None, thin: int | None = None) -> Real:
        """The samples, (M, n)."""
        ...


def corner(
    chains: Posterior | Sequence[Posterior],
    *,
    names: Sequence[str] | None = None,
    parameters: Sequence[str] | None = None,
    best_fit: Mapping[str, float] | Sequence[Mapping[str, float] | None] | None = None,
    labels: Mapping[str, str] | None = None,
    bins: int = 40,
    figure: Figure | None = None,
) -> Figure:
    """Draw one posterior, or several over each other.

    Parameters
    ----------
    chains : Posterior or sequence of Posterior
        Objects with ``parameters`` and ``samples(discard, thin)`` -> (M, n).
    names : sequence of str, optional
        One name per chain for the legend.
    parameters : sequence of str, optional
        What to draw, in this order; all parameters the chains have in common when None.
    best_fit : mapping or sequence of mappings, optional
        Best-fit values by parameter name, marked by a cross and lines; one mapping per chain for several chains.
    labels : mapping, optional
        TeX of the axis labels by parameter name (without dollar signs).
    bins : int
        Bins per axis.
    figure : Figure, optional
        An empty figure to draw on.

    Returns
    -------
    Figure
        Contours hold 68.3 % and 95.4 % of the probability of each pair of parameters.

    Raises
    ------
    InputError
        No chain, nothing in common, an unknown parameter, or a parameter that does not vary.
    """
    several = list(chains) if isinstance(chains, Sequence) else [chains]
    if not several:
        msg = "a corner plot needs at least one chain"
        raise InputError(msg)
    columns = _columns(several, parameters)
    marks = _marks(best_fit, len(several))
    samples = [_selected(chain, columns) for chain in several]
    axes_of = [_axis(name, [points[:, k] for points in samples], labels) for k, name in enumerate(columns)]
    size = max(1.2 + 2.1 * len(columns), 4.2)
    drawn = figure or new_figure(size, size)
    for index, points in enumerate(samples):
        _draw(drawn, points, axes_of, COLOURS[index % len(COLOURS)], bins, filled=len(several) == 1)
    diagonal = [drawn.axes[k * (len(columns) + 1)] for k in range(len(columns))]
    _finish_histograms(diagonal)
    if len(several) == 1:
        _annotate(diagonal, samples[0], axes_of)
    for index, mark in enumerate(marks):
        if mark:
            colour = INK if len(several) == 1 else COLOURS[index % len(COLOURS)]
            _mark_best_fit(drawn, mark, axes_of, colour)
    _legend(drawn, len(several), len(columns), names, any(marks))
    return drawn


def _columns(chains: Sequence[Posterior], wanted: Sequence[str] | None) -> list[str]:
    common = [name for name in chains[0].parameters if all(name in chain.parameters for chain in chains)]
    if wanted is None:
        if not common:
            msg = "the chains have no parameter in common: " + "; ".join(", ".join(c.parameters) for c in chains)
            raise InputError(msg)
        return common
    for name in wanted:
        if name not in common:
            msg = f"parameter {name!r} is not in every chain; in common: {', '.join(common) or 'none'}"
            raise InputError(msg)
    return list(wanted)


def _selected(chain: Posterior, columns: Sequence[str]) -> Real:
    points = np.asarray(chain.samples(thin=1), dtype=np.float64)
    points = points[:: len(points) // _DRAWN + 1]
    if len(points) < 2:
        msg = "a chain holds fewer than two samples after its burn-in is discarded; sample more steps"
        raise InputError(msg)
    return points[:, [chain.parameters.index(name) for name in columns]]


@dataclass(frozen=True, slots=True)
class _Axis:
    """One drawn parameter: its values are multiplied by ``10**power`` so that tick labels stay short."""

    name: str
    tex: str
    low: float
    high: float
    power: int

    @property
    def factor(self) -> float:
        return float(10.0**self.power)

    @property
    def label(self) -> str:
        tex = self.tex or rf"\mathrm{{{self.name}}}".replace("_", r"\_")
        return f"$10^{{{self.power}}}\\,{tex}$" if self.power else f"${tex}$"


def _axis(name: str, columns: Sequence[Real], labels: Mapping[str, str] | None) -> _Axis:
    low = min(float(np.quantile(column, _EDGE)) for column in columns)
    high = max(float(np.quantile(column, 1.0 - _EDGE)) for column in columns)
    if not high > low:
        msg = f"parameter {name!r} does not vary in the samples, so there is nothing to draw"
        raise InputError(msg)
    margin = _MARGIN * (high - low)
    largest = max(abs(low), abs(high))
    power = 0 if 1e-2 <= largest < 1e4 else -math.floor(math.log10(largest))
    return _Axis(name, (labels or {}).get(name, "").strip("$"), low - margin, high + margin, power)


def _marks(
    best_fit: Mapping[str, float] | Sequence[Mapping[str, float] | None] | None, count: int
) -> list[Mapping[str, float] | None]:
    if best_fit is None:
        return [None] * count
    if isinstance(best_fit, Mapping):
        return [best_fit] + [None] * (count - 1)
    if len(best_fit) != count:
        msg = f"{count} chains need {count} best fits (None where there is none), found {len(best_fit)}"
        raise InputError(msg)
    return list(best_fit)


def _draw(figure: Figure, points: Real, axes_of: Sequence[_Axis], colour: str, bins: int, *, filled: bool) -> None:
    import corner as corner_package

    factors = np.array([axis.factor for axis in axes_of])
    corner_package.corner(
        points * factors,
        bins=bins,
        range=[(axis.low * axis.factor, axis.high * axis.factor) for axis in axes_of],
        labels=[axis.label for axis in axes_of],
        color=colour,
        fig=figure,
        levels=_PROBABILITIES,
        smooth=1.0,
        plot_datapoints=False,
        plot_density=False,
        fill_contours=filled,
        no_fill_contours=not filled,
        max_n_ticks=4,
        labelpad=0.0,
        hist_kwargs={"density": True, "linewidth": 1.4},
        contour_kwargs={"linewidths": 1.4},
    )


def _finish_histograms(diagonal: Sequence[Axes]) -> None:
    # corner fits the height to the chain drawn last
    for axes in diagonal:
        axes.relim()
        axes.autoscale(axis="y")
        axes.set_ylim(0.0, axes.get_ylim()[1])


def _annotate(diagonal: Sequence[Axes], points: Real, axes_of: Sequence[_Axis]) -> None:
    for axes, column, axis in zip(diagonal, points.T, axes_of, strict=True):
        low, middle, high = np.quantile(column * axis.factor, (0.16, 0.5, 0.84))
        for edge in (low, high):
            axes.axvline(edge, color=COLOURS[0], linestyle=":", linewidth=1.0)
        decimals = max(0, 1 - math.floor(math.log10(max(min(high - middle, middle - low), 1e-12))))
        numbers = f"{middle:.{decimals}f}^{{+{high - middle:.{decimals}f}}}_{{-{middle - low:.{decimals}f}}}"
        axes.set_title(f"{axis.label} $= {numbers}$", fontsize=9)


def _mark_best_fit(figure: Figure, best_fit: Mapping[str, float], axes_of: Sequence[_Axis], colour: str) -> None:
    size = len(axes_of)
    axes = np.array(figure.axes[: size * size]).reshape(size, size)
    values = [best_fit[axis.name] * axis.factor if axis.name in best_fit else None for axis in axes_of]
    for row, below in enumerate(values):
        if below is None:
            continue
        axes[row, row].axvline(below, color=colour, linestyle="--", linewidth=1.0)
        for column, across in enumerate(values[:row]):
            if across is not None:
                axes[row, column].plot(across, below, "x", color=colour, markersize=7, markeredgewidth=1.6)


def _legend(figure: Figure, count: int, size: int, names: Sequence[str] | None, marked: bool) -> None:
    from matplotlib.lines import Line2D

    handles = []
    if count > 1 or names:
        shown = list(names or [f"chain {k + 1}" for k in range(count)])
        handles = [Line2D([], [], color=COLOURS[k % len(COLOURS)], linewidth=2, label=shown[k]) for k in range(count)]
    if marked:
        colour = INK if count == 1 else "#666666"
        handles.append(Line2D([], [], color=colour, marker="x", linestyle="--", linewidth=1.0, markersize=7, label="best fit"))
    if not handles:
        return
    # the empty upper triangle holds the legend from three parameters on; below that it goes above the figure
    place: dict[str, Any] = {"loc": "upper right", "bbox_to_anchor": (0.98, 0.98)}
    if size < 3:
        place = {"loc": "lower center", "bbox_to_anchor": (0.5, 1.0)}
    title = "contours: 68.3 % and 95.4 % of the posterior" if size > 1 else None
    figure.legend(handles=handles, frameon=False, title=title, alignment="left", **place)
