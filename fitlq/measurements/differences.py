"""What changed between two data sets: new, replaced, removed and shifted numbers."""

from __future__ import annotations

import datetime
import math
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, fields
from typing import Any, Literal

import numpy as np

from fitlq.measurements.data_forms import CountingData, LimitData
from fitlq.measurements.dataset import Dataset
from fitlq.measurements.describe import describe_value
from fitlq.measurements.entry import Entry
from fitlq.measurements.family import Quantity, order_of_quantity
from fitlq.measurements.gaussian import GaussianData
from fitlq.measurements.loading import load_measurements
from fitlq.measurements.locations import Places
from fitlq.measurements.selection import Policy
from fitlq.measurements.vocabulary import ObservableVocabulary

__all__ = ["Change", "Use", "diff_datasets", "diff_measurements", "uses_by_quantity"]

Kind = Literal["new", "superseded", "removed", "shifted"]
Use = tuple[Entry, int]
"""An entry, and the position of one of its observables."""


@dataclass(frozen=True, slots=True)
class Change:
    """One quantity whose data changed.

    Attributes
    ----------
    kind : str
        ``new``: numbers were added (`old_ids` empty: measured for the first time); ``superseded``: other entries took
        the place of old ones; ``shifted``: the same entries, or others of the same paper, with other content; ``removed``:
        numbers are gone.
    process, observable, args
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
    limit_ratio : float or None
        New over old limit, when both are limits.
    remark : str
        What changed, if the number itself did not.
    """

    kind: Kind
    process: str
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
    limit_ratio: float | None = None
    remark: str = ""

    @property
    def args(self) -> dict[str, float | str]:
        """Arguments of the observable."""
        return dict(self.arguments)


def diff_measurements(
    from_date: str | datetime.date | None,
    to_date: str | datetime.date | None,
    *,
    policy: Policy = "average",
    directories: Places = (),
    vocabulary: ObservableVocabulary | None = None,
) -> tuple[Change, ...]:
    """What a fit of `to_date` uses differently from one of `from_date`.

    Parameters
    ----------
    from_date, to_date : str or datetime.date or None
        Short forms mean their last day; None: today.
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
    before, after = uses_by_quantity(old), uses_by_quantity(new)
    changes = []
    for quantity in sorted(before.keys() | after.keys(), key=order_of_quantity):
        one, other = before.get(quantity, []), after.get(quantity, [])
        kind, remark = _kind(one, other, old.canonical)
        if kind:
            changes.append(_change(kind, quantity, one, other, remark))
    return tuple(changes)


def uses_by_quantity(dataset: Dataset) -> dict[Quantity, list[Use]]:
    """The numbers in use: for each quantity the entries and the position of the number in them."""
    found: dict[Quantity, list[Use]] = defaultdict(list)
    for item in dataset:
        for index in item.indices:
            reference = item.entry.observables[index]
            found[dataset.canonical(reference.name), reference.arguments].append((item.entry, index))
    return found


def _kind(old: list[Use], new: list[Use], canonical: Callable[[str], str]) -> tuple[Kind | None, str]:
    """The kind of a change and, if the number itself is the same, what else changed."""
    before = {entry.id: entry for entry, _ in old}
    after = {entry.id: entry for entry, _ in new}
    gone = [entry for name, entry in before.items() if name not in after]
    come = [entry for name, entry in after.items() if name not in before]
    if not gone and not come:
        if [_content(*use) for use in old] != [_content(*use) for use in new]:
            return "shifted", ""
        correlations = [_correlations(*use, canonical) for use in old] != [_correlations(*use, canonical) for use in new]
        return ("shifted", "its correlations changed") if correlations else (None, "")
    if not gone or not come:
        return ("new" if come else "removed"), ""
    same = all(any(_same_paper(one, other) for other in come) for one in gone)
    same = same and all(any(_same_paper(one, other) for other in gone) for one in come)
    return ("shifted", "another entry of the same paper") if same else ("superseded", "")


def _same_paper(one: Entry, other: Entry) -> bool:
    return any(key in one.refs and one.refs[key] == other.refs.get(key) for key in ("arxiv", "inspire", "doi"))


def _content(entry: Entry, index: int) -> str:
    """All that an entry says about one of its numbers, apart from correlations."""
    data = entry.data
    if isinstance(data, GaussianData):
        return repr([data.central[index], *((c.label, c.plus[index], c.minus[index]) for c in data.errors)])
    if isinstance(data, CountingData):
        return repr((data.cl, data.channels[index]))
    if isinstance(data, LimitData):
        one = data.restricted([index])
        return repr([getattr(one, field.name) for field in fields(one)])
    return repr(entry.document["data"])


def _correlations(entry: Entry, index: int, canonical: Callable[[str], str]) -> dict[Any, float]:
    """Correlations of a number with the others of its entry, by what these measure."""
    if not isinstance(entry.data, GaussianData):
        return {}
    names = [(canonical(o.name), o.arguments, o.label) for o in entry.observables]
    return {
        (label, names[other]): float(rho)
        for label, matrix in entry.data.correlations.items()
        for other, rho in enumerate(matrix[index])
    }


def _change(kind: Kind, quantity: Quantity, old: list[Use], new: list[Use], remark: str) -> Change:
    old_value, old_error = _combined(old)
    new_value, new_error = _combined(new)
    pull = ratio = None
    if old_value is not None and new_value is not None:
        if old_error is not None and new_error is not None:
            pull = (new_value - old_value) / old_error
        elif old_error is None and new_error is None and old_value > 0:
            ratio = new_value / old_value
    entry, index = (new or old)[0]
    return Change(
        kind=kind,
        process=entry.process,
        # as written in the data, which is how people look for it
        observable=entry.observables[index].name,
        arguments=quantity[1],
        old_ids=tuple(dict.fromkeys(entry.id for entry, _ in old)),
        new_ids=tuple(dict.fromkeys(entry.id for entry, _ in new)),
        old_value=old_value,
        new_value=new_value,
        old_error=old_error,
        new_error=new_error,
        old_text="; ".join(describe_value(*use) for use in old),
        new_text="; ".join(describe_value(*use) for use in new),
        pull=pull,
        limit_ratio=ratio,
        remark=remark,
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
