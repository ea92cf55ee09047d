"""A fit as plain text and as HTML: layout only."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import TYPE_CHECKING

from fitlq.fitting.quality_text import gaussian_words, p_value_words, standard_model_words, two_decimals
from fitlq.formatting import format_arguments, format_pull, format_with_error

if TYPE_CHECKING:
    from fitlq.fitting.result import Fit

__all__ = ["as_html", "as_text", "columns_of_text"]

_PULLS_SHOWN = 8


def _head(fit: Fit) -> list[tuple[str, str]]:
    improvement = f"delta chi2 = {two_decimals(fit.delta_chi2)} for {fit.n_free} parameters: {fit.significance:.1f} sigma"
    lines = [
        ("chi2 / degrees of freedom", f"{two_decimals(fit.chi2)} / {fit.ndof}"),
        ("p-value", p_value_words(fit)),
        ("chi2 of the Standard Model", standard_model_words(fit)),
        *([("Gaussian numbers alone", gaussian_words(fit))] if fit.n_limits else []),
        ("improvement", improvement),
        ("state", fit.message),
    ]
    if len(fit.minima) > 1:
        others = ", ".join(f"{format_pull(minimum.chi2 - fit.chi2)}" for minimum in fit.minima[1:6])
        more = f" and {len(fit.minima) - 6} more" if len(fit.minima) > 6 else ""
        lines.append(("other minima at", f"delta chi2 = {others}{more}"))
    return lines


def _parameter_rows(fit: Fit) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for name, row in fit._parameter_rows().items():
        shown = f"{row['value']:.6g}" if row["fixed"] else format_with_error(row["value"], row["error"])
        minos = ""
        if name in fit.minos:
            minus, plus = fit.minos[name]
            minos = f"+{plus:.3g} -{minus:.3g}"
        remark = "fixed" if row["fixed"] else "changes nothing" if name in fit.likelihood.idle else minos
        rows.append((name, shown, row["unit"], remark))
    return rows


def _pull_rows(fit: Fit) -> list[tuple[str, ...]]:
    pairs = sorted(zip(fit.pulls, fit.likelihood.sm_pulls, strict=True), key=lambda pair: -abs(pair[0].pull))
    rows: list[tuple[str, ...]] = []
    for here, standard in pairs[:_PULLS_SHOWN]:
        name = format_arguments(here.observable, here.args)
        if isinstance(here.error, tuple):
            measured = f"{here.measured:.4g} +{here.error[0]:.2g} -{here.error[1]:.2g}"
        else:
            measured = format_with_error(here.measured, here.error)
        predicted = format_with_error(here.predicted, here.theory_error)
        rows.append((name, here.id, measured, predicted, format_pull(here.pull), format_pull(standard.pull)))
    return rows


def as_text(fit: Fit) -> str:
    """The fit as plain text."""
    head = _head(fit)
    width = max(len(key) for key, _ in head)
    title = f"Fit of {fit.likelihood.model.name} to {fit.likelihood.n_measurements} measurements"
    parts = [title, *(f"  {key.ljust(width)}  {value}" for key, value in head), ""]
    parts += columns_of_text(("parameter", "value", "unit", ""), _parameter_rows(fit))
    rows = _pull_rows(fit)
    parts += ["", f"Largest pulls ({len(rows)} of {fit.likelihood.n_measurements})"]
    parts += columns_of_text(("observable", "measurement", "measured", "predicted", "pull", "SM"), rows)
    parts += [f"warning: {warning}" for warning in fit.likelihood.warnings]
    return "\n".join(parts)


def as_html(fit: Fit) -> str:
    """The fit as HTML for notebooks."""
    head = "".join(f"<tr><td>{escape(key)}</td><td>{escape(value)}</td></tr>" for key, value in _head(fit))
    parameters = _html_table(("parameter", "value", "unit", ""), _parameter_rows(fit))
    pulls = _html_table(("observable", "measurement", "measured", "predicted", "pull", "SM"), _pull_rows(fit))
    title = f"Fit of {escape(fit.likelihood.model.name)} to {fit.likelihood.n_measurements} measurements"
    return f"<div><b>{title}</b><table>{head}</table>{parameters}{pulls}</div>"


def columns_of_text(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Rows under a header, left-aligned, indented by two."""
    widths = [max(len(row[k]) for row in (header, *rows)) for k in range(len(header))]
    return [
        "  " + "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in (header, *rows)
    ]


def _html_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    head = "".join(f"<th>{escape(cell)}</th>" for cell in header)
    body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><tr>{head}</tr>{body}</table>"
