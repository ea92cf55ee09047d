"""Pull plot: how far each measurement lies from the Standard Model and from the best fit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from fitlq.errors import InputError
from fitlq.formatting import format_arguments
from fitlq.plots.figures import new_figure

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["pulls"]

_STANDARD_MODEL = "#E69F00"
_BEST_FIT = "#0072B2"
_ROW = 0.24  # inches per measurement
_LABEL_WIDTH = 72


class _Pull(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def observable(self) -> str: ...
    @property
    def args(self) -> Mapping[str, Any]: ...
    @property
    def pull(self) -> float: ...


def pulls(fit: Any, *, figure: Figure | None = None, title: str | None = None) -> Figure:
    """Horizontal pull plot: Standard Model (open) and best fit (filled) for every measurement.

    Parameters
    ----------
    fit : Fit
        Anything with ``pulls`` (at the best fit) and ``likelihood.sm_pulls``, both sequences of pulls in units of the
        combined error; the sign is that of measurement minus prediction.
    figure : Figure, optional
        An empty figure to draw on.
    title : str, optional
        Shown above; none when omitted.

    Returns
    -------
    Figure
        Rows sorted by the size of the Standard Model pull, largest on top.

    Raises
    ------
    InputError
        There is no measurement.
    """
    rows = _rows(fit.pulls, fit.likelihood.sm_pulls)
    if not rows:
        msg = "a pull plot needs at least one measurement"
        raise InputError(msg)
    drawn = figure or new_figure(9.0, 1.3 + _ROW * len(rows))
    axes = drawn.add_subplot()
    heights = range(len(rows), 0, -1)
    axes.axvspan(-1.0, 1.0, color="#000000", alpha=0.07, linewidth=0)
    axes.axvline(0.0, color="#888888", linewidth=0.8)
    for height, (_, standard, best) in zip(heights, rows, strict=True):
        axes.plot([standard, best], [height, height], color="#bbbbbb", linewidth=1.0, zorder=1)
    axes.scatter(
        [row[1] for row in rows], list(heights), s=28, facecolors="white", edgecolors=_STANDARD_MODEL, linewidths=1.5,
        label="Standard Model", zorder=2,
    )  # fmt: skip
    axes.scatter([row[2] for row in rows], list(heights), s=26, color=_BEST_FIT, label="best fit", zorder=3)
    _decorate(axes, [row[0] for row in rows], list(heights), max(max(abs(s), abs(b)) for _, s, b in rows), title)
    return drawn


def _decorate(axes: Any, labels: list[str], heights: list[int], largest: float, title: str | None) -> None:
    axes.set_yticks(heights, labels, fontsize=7.5)
    axes.set_ylim(0.3, len(heights) + 0.7)
    reach = max(3.2, 1.08 * largest)
    axes.set_xlim(-reach, reach)
    axes.set_xlabel("pull: (measured − predicted) / combined error")
    axes.grid(axis="x", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.legend(loc="lower right", frameon=True, framealpha=0.9, edgecolor="none", fontsize=8)
    if title:
        axes.set_title(title, loc="left", fontsize=10)


def _rows(best_fit: Sequence[_Pull], standard_model: Sequence[_Pull]) -> list[tuple[str, float, float]]:
    reference = {_key(p): p.pull for p in standard_model}
    rows = [(_label(p), reference[_key(p)], p.pull) for p in best_fit if _key(p) in reference]
    return sorted(rows, key=lambda row: (-abs(row[1]), row[0]))


def _key(pull: _Pull) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    return (pull.id, pull.observable, tuple(sorted((k, str(v)) for k, v in pull.args.items())))


def _label(pull: _Pull) -> str:
    name = format_arguments(pull.observable, pull.args)
    text = f"{name}   {pull.id}"
    return (text if len(text) <= _LABEL_WIDTH else text[: _LABEL_WIDTH - 1] + "…").replace("$", r"\$")
