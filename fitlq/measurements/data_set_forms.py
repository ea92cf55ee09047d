"""Data sets that were published in several forms, of which one is used: which there are, and how to choose."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from fitlq.measurements.entry import Entry

__all__ = ["DataSetForm", "data_set_forms", "describe_forms"]


@dataclass(frozen=True, slots=True)
class DataSetForm:
    """One form of a data set.

    Attributes
    ----------
    group, name : str
        What ``representations={group: name}`` or ``--form group=name`` chooses it by.
    default : bool
    entry_ids : tuple of str
        The entries that make up the form.
    n_numbers : int
    """

    group: str
    name: str
    default: bool
    entry_ids: tuple[str, ...]
    n_numbers: int


def data_set_forms(entries: Mapping[str, Entry]) -> tuple[DataSetForm, ...]:
    """The forms of all data sets that have several, by group, the default form first."""
    groups: dict[str, dict[str, list[Entry]]] = defaultdict(lambda: defaultdict(list))
    for _, entry in sorted(entries.items()):
        if entry.representation:
            groups[entry.representation.group][entry.representation.name].append(entry)
    found = []
    for group, forms in sorted(groups.items()):
        for name, members in forms.items():
            default = any(entry.representation is not None and entry.representation.default for entry in members)
            count = sum(len(entry.observables) for entry in members)
            found.append(DataSetForm(group, name, default, tuple(entry.id for entry in members), count))
    several = {group for group, forms in groups.items() if len(forms) > 1}
    return tuple(sorted((one for one in found if one.group in several), key=lambda one: (one.group, not one.default, one.name)))


def describe_forms(entry: Entry, entries: Mapping[str, Entry]) -> str:
    """The forms of the data set of an entry and how to choose one, several lines; empty if there is only one form."""
    if entry.representation is None:
        return ""
    forms = [one for one in data_set_forms(entries) if one.group == entry.representation.group]
    lines = [f"  forms of the data set {entry.representation.group}, of which one is used:"] if forms else []
    for one in forms:
        choice = "the default" if one.default else f"--form {one.group}={one.name}"
        shown = ", ".join(one.entry_ids[:3]) + (f" and {len(one.entry_ids) - 3} more" if len(one.entry_ids) > 3 else "")
        lines.append(f"    {one.name}: {shown}; {one.n_numbers} {'number' if one.n_numbers == 1 else 'numbers'}; {choice}")
    return "\n".join(lines)
