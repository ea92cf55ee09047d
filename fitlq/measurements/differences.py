"""What changed between two data sets: new, replaced, removed and shifted numbers."""

from __future__ import annotations

import datetime
import math
from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

import numpy as np

from fitlq.measurements.data_forms import CountingData, LimitData
from fitlq.measurements.dataset import Dataset
from fitlq.measurements.describe import describe_value
from fitlq.measurements.entry import Entry
from fitlq.measurements.gaussian import GaussianData
from fitlq.measurements.loading import load_measurements
from fitlq.measurements.locations import Places
from fitlq.measurements.selection import Policy
from fitlq.measurements.vocabulary import ObservableVocabulary

__all__ = ["Change", "diff_datasets", "diff_measurements"]

Kind = Literal["new", "superseded", "removed", "shifted"]
Use = tuple[Entry, int]


@dataclass(frozen=True, slots=True)
class Change:
    """One quantity whose data changed.

    Attributes
    ----------
    kind : str
        ``new``: numbers were added (`old_ids` empty: measured for the first time); ``superseded``: other entries took
        the place of old ones; ``removed``: numbers are gone; ``shifted``: the same entries with other content.
    observable, args
        The quantity.
    old_ids, new_ids : tuple of str
        The entries used before and after.
    old_value, new_value : float or None
        Weighted mean of the Gaussian numbers, or the strongest upper limit where there is none; canonical units.
    old_error, new_error : float or None
        Error of the weighted mean (mean of the upward and downward one); None for a limit.
    old_text, new_text : str
        The numbers in words.
    pull : float or None
        (new - old) / old error, when both are Gaussian.
    """

    kind: Kind
    observable: str
    arguments: tuple[tuple[str, float | str], ...]
    old_ids: tuple[str, ...]
    new_ids: tuple[str, ...]
    old_value: float | None
    new_value: float | None
    old_error: float | None
    new_error: float | None
    old_text: str
    new_text: str
    pull: float | None

    @property
    def args(self) -> dict[str, float | str]:
        """Arguments of the observable."""
        return dict(self.arguments)


def diff_measurements(
    from_date: str | datetime.date,
    to_date: str | datetime.date,
    *,
    policy: Policy = "average",
    directories: Places = (),
    vocabulary: ObservableVocabulary | None = None,
) -> tuple[Change, ...]:
    """What a fit of `to_date` uses differently from one of `from_date`.

    Parameters
    ----------
    from_date, to_date : str or datetime.date
        Short forms mean their last day.
    policy, directories, vocabulary
        As for `load_measurements`.

    Returns
    -------
    tuple of Change
        By observable and arguments.
    """
    first, second = (
        load_measurements(as_of=day, policy=policy, directories=directories, vocabulary=vocabulary)
        for day in (from_date, to_date)
    )
    return diff_datasets(first, second)


def diff_datasets(old: Dataset, new: Dataset) -> tuple[Change, ...]:
    """What `new` uses differently from `old`, by observable and arguments."""
    before, after = _uses(old), _uses(new)
    changes = []
    for quantity in sorted(before.keys() | after.keys(), key=repr):
        one, other = before.get(quantity, []), after.get(quantity, [])
        kind = _kind(one, other)
        if kind:
            changes.append(_change(kind, quantity, one, other))
    return tuple(changes)


Quantity = tuple[str, tuple[tuple[str, float | str], ...]]


def _uses(dataset: Dataset) -> dict[Quantity, list[Use]]:
    found: dict[Quantity, list[Use]] = defaultdict(list)
    for item in dataset:
        for index in item.indices:
            reference = item.entry.observables[index]
            found[dataset.canonical(reference.name), reference.arguments].append((item.entry, index))
    return found


def _kind(old: list[Use], new: list[Use]) -> Kind | None:
    before = {entry.id for entry, _ in old}
    after = {entry.id for entry, _ in new}
    if before == after:
        same = [entry.document["data"] for entry, _ in old] == [entry.document["data"] for entry, _ in new]
        return None if same else "shifted"
    if before - after and after - before:
        return "superseded"
    return "new" if after - before else "removed"


def _change(kind: Kind, quantity: Quantity, old: list[Use], new: list[Use]) -> Change:
    old_value, old_error = _combined(old)
    new_value, new_error = _combined(new)
    pull = None
    if old_value is not None and new_value is not None and old_error is not None and new_error is not None:
        pull = (new_value - old_value) / old_error
    return Change(
        kind,
        # as written in the data, which is how people look for it
        (new or old)[0][0].observables[(new or old)[0][1]].name,
        quantity[1],
        tuple(entry.id for entry, _ in old),
        tuple(entry.id for entry, _ in new),
        old_value,
        new_value,
        old_error,
        new_error,
        "; ".join(describe_value(*use) for use in old),
        "; ".join(describe_value(*use) for use in new),
        pull,
    )


def _combined(uses: list[Use]) -> tuple[float | None, float | None]:
    """Weighted mean and error of the Gaussian numbers; else the strongest upper limit without an error."""
    gaussian = [(entry.data, index) for entry, index in uses if isinstance(entry.data, GaussianData)]
    if gaussian:
        values = np.array([data.central[index] for data, index in gaussian])
        errors = np.array([0.5 * (data.plus[index] + data.minus[index]) for data, index in gaussian])
        weights = (errors.min() / errors) ** 2
        return float(np.sum(weights * values) / np.sum(weights)), float(errors.min() / math.sqrt(np.sum(weights)))
    limits = [upper for entry, index in uses if (upper := _upper(entry, index)) is not None]
    return (min(limits), None) if limits else (None, None)


def _upper(entry: Entry, index: int) -> float | None:
    if isinstance(entry.data, LimitData) and entry.data.upper is not None:
        return float(entry.data.upper[index])
    return entry.data.channels[index].upper if isinstance(entry.data, CountingData) else None
