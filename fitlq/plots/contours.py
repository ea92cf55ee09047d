"""Contours of Delta chi2 in two parameters: what several likelihoods say, over each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from fitlq.errors import InputError
from fitlq.fitting.plane import Plane, Ranges, chi2_plane, level
from fitlq.plots.figures import new_figure
from fitlq.plots.palette import COLOURS, INK

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from fitlq.likelihood import Likelihood
    from fitlq_theory.contracts import Parameter

__all__ = ["contours"]

_LINES: tuple[Literal["solid", "dashed", "dotted"], ...] = ("solid", "dashed", "dotted")  # inner to outer contour
_AROUND = 1.5  # half the width of the picture, in widths of the tightest contour
_SHADE = 0.16
_MOST_SHADED = 5  # more shades over each other are mud


def contours(
    likelihoods: Mapping[str, Likelihood | Plane],
    *,
    ranges: Ranges | None = None,
    sigmas: Sequence[float] = (1.0, 2.0),
    emphasised: str | None = None,
    labels: Mapping[str, str] | None = None,
    title: str | None = None,
    figure: Figure | None = None,
) -> Figure:
    """Draw contours of Delta chi2 for likelihoods of the same two parameters.

    Parameters
    ----------
    likelihoods : mapping of str to Likelihood or Plane
        By the name in the legend (`fitlq.likelihood.split` makes them by experiment or class of observables); planes are drawn as
        they are.
    ranges : mapping of str to (low, high), optional
        What to draw, by parameter. When left out, three times the size of the contour of the likelihood with most
        measurements. Delta chi2 is relative to the lowest chi2 in these ranges: a best fit at their edge is not marked, and
        contours around it shrink when the ranges are made wider.
    sigmas : sequence of float
        At most three, in two dimensions: 1 and 2 stand for 68.3 % and 95.4 %, Delta chi2 = 2.30 and 6.18.
    emphasised : str, optional
        The likelihood drawn in black on top, without a colour of its own.
    labels : mapping of str to str, optional
        TeX of the axis labels by parameter (without dollar signs) in place of those of the model.
    title : str, optional
    figure : Figure, optional
        An empty figure to draw on.

    Returns
    -------
    Figure
        Crosses are best fits, the star is the Standard Model; numbers in brackets count measurements.

    Raises
    ------
    InputError
        Nothing to draw, other parameters than two, different ones, or unknown ranges.
    """
    levels = _levels(sigmas)
    if emphasised is not None and emphasised not in likelihoods:
        msg = f"emphasised={emphasised!r} is none of the likelihoods: {', '.join(likelihoods) or 'none'}"
        raise InputError(msg)
    planes = _planes(likelihoods, ranges, max(sigmas))
    first = next(iter(planes.values()))
    drawn = figure or new_figure(6.2, 5.4)
    axes = drawn.add_subplot()
    colours = iter(COLOURS * (len(planes) // len(COLOURS) + 1))
    handles = []
    for name, plane in planes.items():
        top = name == emphasised
        colour = INK if top else next(colours)
        shaded = not top and len(planes) <= _MOST_SHADED
        _draw(axes, plane, levels, colour, top=top, shaded=shaded)
        handles.append(_handle(f"{name} ({plane.n_measurements})", colour, shaded=shaded))
    window = _window(planes, ranges)
    seen = all(low <= 0.0 <= high for low, high in window.values())
    if seen and any(plane.standard_model is not None for plane in planes.values()):
        handles.append(_standard_model(axes))
    _decorate(axes, first.parameters, labels or {}, window, title)
    _legends(axes, handles, sigmas)
    return drawn


def _levels(sigmas: Sequence[float]) -> list[float]:
    if not 0 < len(sigmas) <= len(_LINES) or any(s <= 0 for s in sigmas) or list(sigmas) != sorted(set(sigmas)):
        msg = f"sigmas: expected one to three positive numbers in increasing order, found {tuple(sigmas)}"
        raise InputError(msg)
    return [level(s) for s in sigmas]


def _planes(likelihoods: Mapping[str, Likelihood | Plane], ranges: Ranges | None, sigmas: float) -> dict[str, Plane]:
    if not likelihoods:
        msg = "contours need at least one likelihood"
        raise InputError(msg)
    names = {tuple(_names(one)) for one in likelihoods.values()}
    if len(names) > 1:
        msg = "the likelihoods have different free parameters: " + "; ".join(", ".join(one) for one in sorted(names))
        raise InputError(msg)
    planes = {name: one for name, one in likelihoods.items() if isinstance(one, Plane)}
    others = {name: one for name, one in likelihoods.items() if not isinstance(one, Plane)}
    if ranges is None and others and not planes:
        strongest = max(others, key=lambda name: others[name].n_measurements)
        planes[strongest] = chi2_plane(others.pop(strongest), sigmas=sigmas)
    window = ranges or (_window(planes, None) if planes else None)
    planes |= {name: chi2_plane(one, window, sigmas=sigmas) for name, one in others.items()}
    return {name: planes[name] for name in likelihoods}


def _names(one: Likelihood | Plane) -> Sequence[str]:
    return [parameter.name for parameter in one.parameters] if isinstance(one, Plane) else one.parameters


def _window(planes: Mapping[str, Plane], ranges: Ranges | None) -> Ranges:
    """The ranges asked for, completed by those that show the contours of the likelihood with most measurements and the origin."""
    strongest = max(planes.values(), key=lambda plane: plane.n_measurements)
    found: dict[str, tuple[float, float]] = {}
    for k, (parameter, nodes) in enumerate(zip(strongest.parameters, (strongest.x, strongest.y), strict=True)):
        low, high = float(nodes[0]), float(nodes[-1])
        middle, reach = 0.5 * (low + high), _AROUND * (high - low)
        origin = [] if strongest.standard_model is None else [float(strongest.standard_model[k])]
        low, high = min([middle - reach, *origin]), max([middle + reach, *origin])
        found[parameter.name] = (max(low, parameter.minimum), min(high, parameter.maximum))
    return {**found, **(ranges or {})}


def _draw(axes: Axes, plane: Plane, levels: Sequence[float], colour: str, *, top: bool, shaded: bool) -> None:
    x, y, delta = plane.fine()
    order = 4 if top else 2
    if shaded:
        axes.contourf(x, y, delta.T, [-np.inf, levels[0]], colors=[colour], alpha=_SHADE, zorder=order - 1)
    axes.contour(
        *(x, y, delta.T), levels, colors=[colour], linestyles=_LINES[: len(levels)], linewidths=1.9 if top else 1.4, zorder=order
    )
    if plane.isolated:
        axes.plot(*plane.best, "x", color=colour, markersize=7, markeredgewidth=1.8, zorder=order + 1)


def _standard_model(axes: Axes) -> Any:
    return axes.plot(
        0.0, 0.0, "*", color="white", markeredgecolor=INK, markersize=13, zorder=6, linestyle="none", label="Standard Model"
    )[0]


def _handle(label: str, colour: str, *, shaded: bool) -> Any:
    from matplotlib.colors import to_rgba
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    if not shaded:
        return Line2D([], [], color=colour, linewidth=1.9, label=label)

    return Patch(facecolor=to_rgba(colour, _SHADE), edgecolor=colour, linewidth=1.4, label=label)


def _decorate(
    axes: Axes, parameters: tuple[Parameter, Parameter], labels: Mapping[str, str], window: Ranges, title: str | None
) -> None:
    across, up = parameters
    axes.set_xlabel(_axis_label(across, labels), fontsize=12)
    axes.set_ylabel(_axis_label(up, labels), fontsize=12)
    axes.set_xlim(window[across.name])
    axes.set_ylim(window[up.name])
    for draw_line in (axes.axhline, axes.axvline):
        draw_line(0.0, color="#bbbbbb", linewidth=0.8, zorder=0)
    if title:
        axes.set_title(title, loc="left", fontsize=10)


def _axis_label(parameter: Parameter, labels: Mapping[str, str]) -> str:
    tex = labels.get(parameter.name, parameter.tex).strip("$") or rf"\mathrm{{{parameter.name}}}".replace("_", r"\_")
    return f"${tex}$" + (f"  [{parameter.unit}]" if parameter.unit else "")


def _legends(axes: Axes, handles: Sequence[Any], sigmas: Sequence[float]) -> None:
    from matplotlib.lines import Line2D

    lines = [
        Line2D([], [], color="#666666", linestyle=style, linewidth=1.2, label=rf"{sigma:g}$\sigma$")
        for style, sigma in zip(_LINES, sigmas, strict=False)
    ]
    best = Line2D([], [], color="#666666", marker="x", linestyle="none", markersize=6, markeredgewidth=1.6, label="best fit")
    axes.legend(
        handles=[*handles, best, *lines],
        loc="upper left",
        bbox_to_anchor=(1.01, 1.0),
        frameon=False,
        fontsize=8.5,
        borderaxespad=0.0,
    )
