"""The layout of an `Explanation`: lines for the terminal, a table for a notebook. Nothing is decided here."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from fitlq.formatting import format_arguments
from fitlq.measurements.explanation import Candidate, Explanation, QuantityExplanation, grouped

__all__ = ["explanation_html", "explanation_text"]

_SHOWN = 3  # bins of a group whose values are written out

Group = Sequence[QuantityExplanation]


def explanation_text(explanation: Explanation, *, each: bool = False) -> str:
    """Blocks of lines, one block per observable (and per bin, with `each` or where the stories differ)."""
    lines = [f"as of {explanation.as_of}, policy {explanation.policy}"]
    for group in grouped(explanation.quantities, each):
        lines += ["", _heading(group), *([] if group[0].chosen else ["  nothing is used"])]
        rows = _rows(group)
        widths = [max(len(row[k]) for row in rows) for k in range(4)]
        lines += ["  " + "  ".join((*(c.ljust(w) for c, w in zip(row, widths, strict=False)), row[4])).rstrip() for row in rows]
        lines.append(f"  {_other(group[0])}")
    return "\n".join(lines)


def explanation_html(explanation: Explanation) -> str:
    """A table per observable."""
    parts = [f"<p>as of {explanation.as_of}, policy {escape(explanation.policy)}</p>"]
    head = "".join(f"<th>{title}</th>" for title in ("", "value", "date", "entry", "reason"))
    for group in grouped(explanation.quantities):
        body = "".join("<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in _rows(group))
        parts.append(
            f"<p><b>{escape(_heading(group))}</b></p><table><tr>{head}</tr>{body}</table><p>{escape(_other(group[0]))}</p>"
        )
    return "<div>" + "".join(parts) + "</div>"


def _heading(group: Group) -> str:
    first = group[0]
    also = f" = {first.canonical}" if first.canonical != first.observable else ""
    if len(group) == 1:
        return format_arguments(first.observable, dict(first.arguments)) + also
    bins = [format_arguments("", dict(one.arguments)).strip(" []") for one in group]
    shown = "; ".join(bins[:_SHOWN]) + (f"; … (first {_SHOWN} shown)" if len(bins) > _SHOWN else "")
    return f"{first.observable}{also}, {len(group)} bins: {shown}"


def _rows(group: Group) -> list[tuple[str, str, str, str, str]]:
    """(status, value, date, entry, reason): the chosen ones first."""
    # without a prediction the data set holds a number, but no fit uses it
    used = "used" if group[0].predicted else "selected"
    return [
        (status, _values(ones), ones[0].date, _entry(ones[0]), ones[0].reason)
        for status, candidates in ((used, [one.chosen for one in group]), ("left out", [one.left_out for one in group]))
        for ones in zip(*candidates, strict=True)
    ]


def _values(ones: Sequence[Candidate]) -> str:
    shown = "; ".join(one.value for one in ones[:_SHOWN])
    return f"{shown}; …" if len(ones) > _SHOWN else shown


def _entry(one: Candidate) -> str:
    label = f" ({one.label})" if one.label else ""
    level = f" [{one.level}]" if one.level != "primary" else ""
    return f"{one.entry_id}{label}{level}"


def _other(one: QuantityExplanation) -> str:
    ids = one.other_chosen
    used = tuple(dict.fromkeys(candidate.entry_id for candidate in one.chosen))
    same = set(ids) == set(used) and bool(ids)
    prediction = "" if one.predicted else "no prediction, so no fit uses it; "
    if same:
        return f"{prediction}policy {one.other_policy} would use the same"
    return f"{prediction}policy {one.other_policy} would use {', '.join(ids) or 'nothing'}"
