"""Why a number is used or not: for each observable and bin the chosen entries and, newest first, those left out."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from fitlq.measurements.choosing import matching_names
from fitlq.measurements.describe import describe_value
from fitlq.measurements.entry import Entry
from fitlq.measurements.extended_vocabulary import is_predicted
from fitlq.measurements.family import Quantity, order_of_quantity
from fitlq.measurements.selection import Policy, select
from fitlq_theory.errors import UnknownNameError
from fitlq_theory.naming import unknown_name_message

if TYPE_CHECKING:
    from fitlq.measurements.dataset import Dataset

__all__ = ["Candidate", "Explanation", "QuantityExplanation", "explain", "grouped"]

Number = tuple[str, int]
"""Id of an entry, and the position of one of its observables."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """One number for a quantity: the entry it stands in, its value in words, and why it is not used (empty: it is).

    `label` tells apart several numbers of one entry; `level` says how the number was checked (see `Provenance`).
    """

    entry_id: str
    label: str | None
    value: str
    date: str
    level: str
    reason: str


@dataclass(frozen=True, slots=True)
class QuantityExplanation:
    """One observable, in one bin, and all numbers the database has for it.

    Attributes
    ----------
    observable, canonical : str
        The name as the data write it, and the name of the prediction.
    arguments : tuple of (str, float or str)
    process : str
    chosen, left_out : tuple of Candidate
        Newest first.
    predicted : bool
        Whether the theory layer predicts it; without a prediction no fit uses it.
    other_policy : str
    other_chosen : tuple of str
        Ids of the entries that the other policy would use.
    """

    observable: str
    canonical: str
    arguments: tuple[tuple[str, float | str], ...]
    process: str
    chosen: tuple[Candidate, ...]
    left_out: tuple[Candidate, ...]
    predicted: bool
    other_policy: Policy
    other_chosen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """What a name stands for in a data set; prints as text, and as a table in a notebook."""

    name: str
    as_of: datetime.date
    policy: Policy
    quantities: tuple[QuantityExplanation, ...]

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        quantities = [{**asdict(one), "arguments": dict(one.arguments)} for one in self.quantities]
        return {"name": self.name, "as_of": str(self.as_of), "policy": self.policy, "quantities": quantities}

    def text(self, *, each: bool = False) -> str:
        """In words; with `each`, bins with the same story are not put together."""
        from fitlq.measurements.explanation_text import explanation_text

        return explanation_text(self, each=each)

    def __str__(self) -> str:
        return self.text()

    def _repr_html_(self) -> str:
        from fitlq.measurements.explanation_text import explanation_html

        return explanation_html(self)


def explain(dataset: Dataset, name: str, *, not_in_fit: Mapping[tuple[str, str, str], str] | None = None) -> Explanation:
    """What is used for a name and what is left out, and why.

    Parameters
    ----------
    dataset : Dataset
    name : str
        As for `Dataset.explain`.
    not_in_fit : mapping, optional
        (id, observable, arguments as text) of numbers that the data set holds and a fit does not use -> the reason.

    Raises
    ------
    UnknownNameError
        The name means nothing in the database.
    """
    numbers = _numbers(dataset, name)
    chosen = {(item.entry.id, index) for item in dataset for index in item.indices}
    reasons = _reasons(dataset)
    other: Policy = "individual" if dataset.policy == "average" else "average"
    in_play = select(dataset.entries, replace(dataset.rules, policy=other), dataset.canonical).in_play
    found = []
    for quantity, uses in sorted(numbers.items(), key=lambda pair: order_of_quantity(pair[0])):
        candidates = [_candidate(dataset.entries[i], k, "" if (i, k) in chosen else reasons[i, k], not_in_fit) for i, k in uses]
        entry = dataset.entries[uses[0][0]]
        found.append(
            QuantityExplanation(
                observable=entry.observables[uses[0][1]].name,
                canonical=quantity[0],
                arguments=quantity[1],
                process=entry.process,
                chosen=tuple(one for one in candidates if not one.reason),
                left_out=tuple(one for one in candidates if one.reason),
                predicted=is_predicted(dataset.vocabulary, quantity[0]),
                other_policy=other,
                other_chosen=tuple(dict.fromkeys(i for i, k in uses if k in in_play[i])),
            )
        )
    return Explanation(name, dataset.as_of, dataset.policy, tuple(found))


def _numbers(dataset: Dataset, name: str) -> dict[Quantity, list[Number]]:
    """All numbers for the quantities that a name means, newest first.

    A name of an entry or process means the quantities measured there.
    """
    names: dict[Quantity, set[str]] = defaultdict(set)
    numbers: dict[Quantity, list[Number]] = defaultdict(list)
    for entry in sorted(dataset.entries.values(), key=lambda one: (one.date, one.id), reverse=True):
        for index, reference in enumerate(entry.observables):
            quantity = (dataset.canonical(reference.name), reference.arguments)
            names[quantity].update((entry.id, entry.process, reference.name, quantity[0]))
            numbers[quantity].append((entry.id, index))
    known = frozenset[str]().union(*names.values())
    meant = matching_names(name, known, dataset.canonical)[name]
    if not meant:
        raise UnknownNameError(unknown_name_message("entry, process or observable", name, sorted(known)))
    return {quantity: uses for quantity, uses in numbers.items() if not meant.isdisjoint(names[quantity])}


def _reasons(dataset: Dataset) -> dict[Number, str]:
    positions = {
        (entry.id, reference): index for entry in dataset.entries.values() for index, reference in enumerate(entry.observables)
    }
    return {(out.entry_id, positions[out.entry_id, out.reference]): out.reason for out in dataset.left_out}


def _candidate(entry: Entry, index: int, reason: str, not_in_fit: Mapping[tuple[str, str, str], str] | None) -> Candidate:
    reference = entry.observables[index]
    unused = (not_in_fit or {}).get((entry.id, reference.name, str(sorted(reference.args.items()))), "")
    return Candidate(
        entry.id, reference.label, describe_value(entry, index), entry.date_text, entry.provenance.level, reason or unused
    )


def grouped(quantities: Iterable[QuantityExplanation], each: bool = False) -> list[list[QuantityExplanation]]:
    """Bins of one observable with the same story together: the same entries used, and left out for the same reasons."""
    groups: dict[Any, list[QuantityExplanation]] = {}
    for one in quantities:
        key = (one.canonical, _story(one.chosen), _story(one.left_out), one.other_chosen, one.arguments if each else ())
        groups.setdefault(key, []).append(one)
    return list(groups.values())


def _story(candidates: Iterable[Candidate]) -> tuple[tuple[str, str | None, str], ...]:
    return tuple((one.entry_id, one.label, one.reason) for one in candidates)
