"""Pull plot: how far each measurement lies from the Standard Model and from the best fit."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from fitlq.errors import InputError
from fitlq.formatting import format_arguments
from fitlq.plots.figures import new_figure
from fitlq.plots.palette import BEST_FIT, STANDARD_MODEL

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["pulls"]

_ROW = 0.24  # inches per measurement
_LABEL_WIDTH = 72
_LARGEST = 40  # rows that fit on a page


class _Pull(Protocol):
    @property
    def id(self) -> str: ...
    @property
    def observable(self) -> str: ...
    @property
    def args(self) -> Mapping[str, Any]: ...
    @property
    def pull(self) -> float: ...
    @property
    def chi2(self) -> float: ...


@dataclass(frozen=True, slots=True)
class _Row:
    """One measurement: pulls and contributions to chi2 in the Standard Model and at the best fit."""

    label: str
    group: str
    pulls: tuple[float, float]
    chi2: tuple[float, float]

    @property
    def size(self) -> float:
        return max(abs(pull) for pull in self.pulls)


def pulls(
    fit: Any,
    *,
    largest: int | None = _LARGEST,
    by: str | None = None,
    figure: Figure | None = None,
    title: str | None = None,
) -> Figure:
    """Horizontal pull plot: Standard Model (open) and best fit (filled) for every measurement.

    Parameters
    ----------
    fit : Fit
        Anything with ``pulls`` (at the best fit) and ``likelihood.sm_pulls``, both sequences of pulls in units of the
        combined error; the sign is that of measurement minus prediction.
    largest : int or None
        How many to show, those with the largest pull in the Standard Model or at the best fit; None shows all.
    by : {"experiment", "process"}, optional
        Rows in groups, each under a line with the number of its measurements and what they add to chi2 in the Standard Model and
        at the best fit (with correlations, so that it is not the sum of squared pulls, and of all of them, shown or not).
    figure : Figure, optional
        An empty figure to draw on.
    title : str, optional
        Shown above; when omitted it says how many of the pulls are shown, if not all.

    Returns
    -------
    Figure
        Rows (in each group) sorted by the size of the Standard Model pull, largest on top; the group of the largest comes first.

    Raises
    ------
    InputError
        There is no measurement, `largest` is not positive, or groups of another kind.
    """
    rows = _rows(fit, by)
    if not rows:
        msg = "a pull plot needs at least one measurement"
        raise InputError(msg)
    if largest is not None and largest < 1:
        msg = f"largest must be at least 1, or None for all, found {largest}"
        raise InputError(msg)
    shown = sorted(rows, key=lambda row: -row.size)[:largest]
    shown.sort(key=lambda row: -abs(row.pulls[0]))
    if title is None and len(shown) < len(rows):
        title = f"the {len(shown)} largest of {len(rows)} pulls"
    lines = list(_grouped(shown, rows)) if by else list(shown)
    drawn = figure or new_figure(9.0, 1.3 + _ROW * len(lines))
    _draw(drawn.add_subplot(), lines, title)
    return drawn


def _rows(fit: Any, by: str | None) -> list[_Row]:
    """In the order of their names."""
    groups: Mapping[str, str] = {}
    if by is not None:
        from fitlq.likelihood.splitting import groups_of_entries

        groups = groups_of_entries(fit.likelihood.data, by)
    reference: dict[Any, _Pull] = {_key(p): p for p in fit.likelihood.sm_pulls}
    rows = []
    for best in fit.pulls:
        standard = reference.get(_key(best))
        if standard is not None:
            label = _label(best)
            rows.append(_Row(label, groups.get(best.id, ""), (standard.pull, best.pull), (standard.chi2, best.chi2)))
    return sorted(rows, key=lambda row: row.label)


def _grouped(shown: Sequence[_Row], rows: Sequence[_Row]) -> Iterator[_Row | str]:
    """The rows, each group under a line of text."""
    for group in dict.fromkeys(row.group for row in shown):
        members = [row for row in rows if row.group == group]
        standard, best = (sum(row.chi2[k] for row in members) for k in (0, 1))
        here = [row for row in shown if row.group == group]
        some = f"{len(here)} of {len(members)}" if len(here) < len(members) else str(len(members))
        yield rf"{group}: {some}, $\chi^2$ {standard:.1f} → {best:.1f}"
        yield from here


def _draw(axes: Any, lines: Sequence[_Row | str], title: str | None) -> None:
    heights = list(range(len(lines), 0, -1))
    placed = [(height, line.pulls) for height, line in zip(heights, lines, strict=True) if isinstance(line, _Row)]
    levels = [height for height, _ in placed]
    axes.axvspan(-1.0, 1.0, color="#000000", alpha=0.07, linewidth=0)
    axes.axvline(0.0, color="#888888", linewidth=0.8)
    axes.hlines(levels, [p[0] for _, p in placed], [p[1] for _, p in placed], color="#bbbbbb", linewidth=1.0, zorder=1)
    axes.scatter(
        [p[0] for _, p in placed], levels, s=28, facecolors="white", edgecolors=STANDARD_MODEL, linewidths=1.5,
        label="Standard Model", zorder=2,
    )  # fmt: skip
    axes.scatter([p[1] for _, p in placed], levels, s=26, color=BEST_FIT, label="best fit", zorder=3)
    _decorate(axes, lines, heights, max(abs(pull) for _, pair in placed for pull in pair), title)


def _decorate(axes: Any, lines: Sequence[_Row | str], heights: list[int], largest: float, title: str | None) -> None:
    axes.set_yticks(heights, [line.label if isinstance(line, _Row) else line for line in lines], fontsize=7.5)
    for height, line, text in zip(heights, lines, axes.get_yticklabels(), strict=True):
        if isinstance(line, str):
            text.set_fontweight("bold")
            axes.axhline(height + 0.5, color="#dddddd", linewidth=0.6)
    axes.set_ylim(0.3, len(heights) + 0.7)
    reach = max(3.2, 1.08 * largest)
    axes.set_xlim(-reach, reach)
    axes.set_xlabel("pull: (measured − predicted) / combined error")
    axes.grid(axis="x", color="#dddddd", linewidth=0.6)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(axis="y", length=0)
    axes.legend(
        loc="lower right", bbox_to_anchor=(1.0, 1.0), ncols=2, frameon=False, fontsize=8, borderaxespad=0.2, handletextpad=0.2
    )
    if title:
        axes.set_title(title, loc="left", fontsize=10)


def _key(pull: _Pull) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    return (pull.id, pull.observable, tuple(sorted((k, str(v)) for k, v in pull.args.items())))


def _label(pull: _Pull) -> str:
    name = format_arguments(pull.observable, pull.args)
    text = f"{name}   {pull.id}"
    return (text if len(text) <= _LABEL_WIDTH else text[: _LABEL_WIDTH - 1] + "…").replace("$", r"\$")
