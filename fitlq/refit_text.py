"""A refit as plain text: layout only."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from fitlq.fitting.quality_text import limits_words, two_decimals
from fitlq.fitting.text import columns_of_text
from fitlq.formatting import format_pull, format_with_error

if TYPE_CHECKING:
    from fitlq.refit_changes import Number
    from fitlq.refitting import Refit

__all__ = ["refit_text"]


def refit_text(result: Refit) -> str:
    """Data changes, shifts of the parameters, and impacts (each in the minimum of the fit it belongs to)."""
    old, new = result.old, result.new
    limits = limits_words(new)
    remark = f" ({limits})" if limits else ""
    parts = [
        f"Refit of {new.likelihood.model.name}: data as of {old.likelihood.data.as_of} -> {new.likelihood.data.as_of}",
        f"  chi2 / degrees of freedom  {two_decimals(old.chi2)} / {old.ndof} -> {two_decimals(new.chi2)} / {new.ndof}",
        f"  p-value                    {_probability(old.p_value)} -> {_probability(new.p_value)}{remark}",
        f"  state                      {new.message}",
        "",
        f"Data: {len(result.data_changes)} numbers changed" if result.data_changes else "Data: no change",
    ]
    if result.data_changes:
        rows = [
            (change.kind, change.observable, change.id, _number(change.old), _number(change.new), change.reason)
            for change in result.data_changes
        ]
        parts += columns_of_text(("", "observable", "measurement", "old", "new", ""), rows)
    shifts = [
        (s.name, format_with_error(s.old, s.old_error), format_with_error(s.new, s.new_error), _shift(s.shift))
        for s in result.parameter_shifts
    ]
    parts += ["", "Parameters (shift in old sigma)", *columns_of_text(("parameter", "old", "new", "shift"), shifts)]
    if result.impacts:
        names = tuple(new.values)
        parts += ["", "What each changed measurement does alone (shift in old sigma)"]
        parts += columns_of_text(
            ("measurement", "", *names, ""), [_impact_row(result, k, names) for k in range(len(result.impacts))]
        )
    parts += [f"remark: {remark}" for remark in result.remarks]
    return "\n".join(parts)


def _impact_row(result: Refit, k: int, names: tuple[str, ...]) -> tuple[str, ...]:
    impact = result.impacts[k]
    if impact.shifts is None:
        return (impact.id, impact.kind, *("cannot be fitted without it" if i == 0 else "" for i in range(len(names))), "")
    shifts = []
    for name in names:
        moved, error = impact.shifts[name], result.old.errors[name]
        shifts.append(_shift(None if moved is None or not error else moved / error))
    remark = "without it another minimum is best" if impact.other_minimum_better else ""
    return (impact.id, impact.kind, *shifts, remark)


def _shift(value: float | None) -> str:
    """In units of the old error; a dash where there is none."""
    return "-" if value is None or not math.isfinite(value) else format_pull(value)


def _probability(value: float) -> str:
    return "none" if math.isnan(value) else f"{value:.3g}"


def _number(value: Number | None) -> str:
    if value is None:
        return ""
    central, error = value
    if isinstance(error, tuple):
        return f"{central:.4g} +{error[0]:.2g} -{error[1]:.2g}"
    return format_with_error(central, error)
