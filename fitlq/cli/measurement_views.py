"""``fitlq measurements --stale`` and ``--forms``: what newer results have overtaken, and which forms data sets have."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from fitlq.cli.answer import Answer
from fitlq.cli.measurement_listing import count_of
from fitlq.cli.text_table import render_table

__all__ = ["forms_answer", "stale_answer"]


def stale_answer(dataset: Any, meant: frozenset[str] | None) -> Answer:
    """The stale entries, those that a pattern means."""
    found = [one for one in dataset.stale() if _concerns(dataset, one.entry_id, meant)]
    stale = [
        {
            "id": one.entry_id,
            "kind": one.kind,
            "since": str(one.since),
            "observables": list(one.observables),
            "newer": list(one.newer),
            "reason": one.reason,
            "remedy": one.remedy,
        }
        for one in found
    ]
    data = {"as_of": str(dataset.as_of), "stale": stale, "warnings": list(dataset.warnings)}
    return Answer(lambda: _stale_text(str(dataset.as_of), stale), data)


def _stale_text(as_of: str, stale: Sequence[dict[str, Any]]) -> str:
    if not stale:
        return f"nothing is stale as of {as_of}"
    lines = [f"{count_of(len(stale), 'finding')} as of {as_of}, the latest first"]
    for one in stale:
        shown = ", ".join(one["observables"][:4])
        more = f" and {len(one['observables']) - 4} more" if len(one["observables"]) > 4 else ""
        lines += [
            "",
            f"{one['id']}  since {one['since']}",
            f"  {shown}{more}",
            f"  why: {one['reason']}",
            f"  what to do: {one['remedy']}",
        ]
    return "\n".join(lines)


def forms_answer(dataset: Any, meant: frozenset[str] | None) -> Answer:
    """The data sets with several forms, those that a pattern means, and which form is used."""
    from fitlq.measurements.data_set_forms import data_set_forms

    all_forms = data_set_forms(dataset.entries)
    groups = {form.group for form in all_forms if any(_concerns(dataset, name, meant) for name in form.entry_ids)}
    used = set(dataset.ids)
    forms = [
        {
            "group": form.group,
            "name": form.name,
            "default": form.default,
            "entries": list(form.entry_ids),
            "n_numbers": form.n_numbers,
            "selected": not used.isdisjoint(form.entry_ids),
        }
        for form in all_forms
        if form.group in groups
    ]
    return Answer(lambda: _forms_text(forms), {"as_of": str(dataset.as_of), "policy": dataset.policy, "forms": forms})


def _forms_text(forms: Sequence[dict[str, Any]]) -> str:
    if not forms:
        return "no data set has several forms"
    rows = [
        [
            form["group"] if form["default"] else "",
            form["name"],
            str(form["n_numbers"]),
            ", ".join(form["entries"][:2]) + (f" and {len(form['entries']) - 2} more" if len(form["entries"]) > 2 else ""),
            "yes" if form["selected"] else "",
            "the default" if form["default"] else f"--form {form['group']}={form['name']}",
        ]
        for form in forms
    ]
    return render_table(["data set", "form", "numbers", "entries", "selected", "chosen by"], rows, right=[2])


def _concerns(dataset: Any, entry_id: str, meant: frozenset[str] | None) -> bool:
    entry = dataset.entries[entry_id]
    names = {
        entry_id,
        entry.process,
        *(o.name for o in entry.observables),
        *(dataset.canonical(o.name) for o in entry.observables),
    }
    return meant is None or not meant.isdisjoint(names)
