"""What has been overtaken: averages that do not know a newer result, and forms of a data set left behind by their siblings.

Independent of the policy, because it looks at the ties between entries and not at what is in play. An input that is newer than
its average is not among the findings: such a file is refused on reading.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from fitlq.measurements.entry import Entry
from fitlq.measurements.family import Family, Quantity, combines
from fitlq.measurements.reading import resolver
from fitlq.measurements.selection import Rules, select, unusable_reason
from fitlq.measurements.vocabulary import ObservableVocabulary

__all__ = ["Stale", "stale_entries"]

Kind = Literal["input replaced", "newer measurement", "form left behind"]


@dataclass(frozen=True, slots=True)
class Stale:
    """One entry that newer results have overtaken.

    Attributes
    ----------
    entry_id : str
    kind : str
        ``input replaced``: something newer replaces a result inside the average; ``newer measurement``: a newer result for the
        same quantity is neither inside the average nor replaces anything inside it; ``form left behind``: another form of the
        data set was replaced, this one was not.
    newer : tuple of str
        Ids of the newer entries, newest first.
    since : datetime.date
        Day of the first of them.
    observables : tuple of str
        The numbers concerned, as the stale entry writes them.
    reason, remedy : str
        Why it is stale, and what to do, in words.
    """

    entry_id: str
    kind: Kind
    newer: tuple[str, ...]
    since: datetime.date
    observables: tuple[str, ...]
    reason: str
    remedy: str


def stale_entries(
    entries: Mapping[str, Entry], rules: Rules, vocabulary: ObservableVocabulary | None = None
) -> tuple[Stale, ...]:
    """The stale entries of a database on the day of `rules`, the most recently overtaken first.

    Parameters
    ----------
    entries : mapping
        All entries by id.
    rules : Rules
        The day, and what is used although it is off by default; the policy plays no role.
    vocabulary : ObservableVocabulary, optional
        Gives canonical names.
    """
    resolve = resolver(vocabulary)
    family = Family.of(entries, lambda entry: unusable_reason(entry, rules) is None, resolve)
    with_averages = select(entries, Rules(rules.as_of, "average", rules.include), resolve).in_play
    found = [*_averages(family, with_averages), *_forms(family)]
    return tuple(sorted(found, key=lambda one: (-one.since.toordinal(), one.entry_id, one.kind, one.newer)))


def _averages(family: Family, in_play: Mapping[str, list[int]]) -> Iterator[Stale]:
    for average in filter(combines, family.usable.values()):
        by_reason: dict[tuple[Kind, str], list[int]] = defaultdict(list)
        for index, quantity in enumerate(family.quantities[average.id]):
            if not _overtaken(family, average, quantity):
                for kind, name in _newer(family, average, quantity):
                    by_reason[kind, name].append(index)
        together: dict[tuple[Kind, tuple[int, ...]], list[str]] = defaultdict(list)
        for (kind, name), indices in by_reason.items():
            together[kind, tuple(indices)].append(name)
        for (kind, same), names in together.items():
            yield _stale_average(family, average, kind, same, names, in_play)


def _overtaken(family: Family, average: Entry, quantity: Quantity) -> bool:
    """Whether an average is replaced, or a newer one contains it or shares an input with it: nobody uses it any more."""
    if (average.id, quantity) in family.replaced_by:
        return True
    inside = family.ancestors(average.id, quantity) | {average.id}
    newer = (one for one in family.usable.values() if combines(one) and one.date > average.date)
    return any(quantity in family.quantities[one.id] and inside & family.ancestors(one.id, quantity) for one in newer)


def _newer(family: Family, average: Entry, quantity: Quantity) -> Iterator[tuple[Kind, str]]:
    """The newer results for a quantity that an average does not contain, unless they are replaced themselves."""
    inside = family.ancestors(average.id, quantity)
    replacing = {form for name in inside for form in family.newer_forms(name, quantity)}
    for name, entry in family.usable.items():
        if name == average.id or name in inside or quantity not in family.quantities[name]:
            continue
        if (name, quantity) in family.replaced_by or _secondary_form(entry) or average.id in _contents(family, name, quantity):
            continue
        if name in replacing:
            yield "input replaced", name
        elif average.kind == "average" and entry.date > average.date and not combines(entry):
            yield "newer measurement", name


def _contents(family: Family, name: str, quantity: Quantity) -> set[str]:
    return family.content(name, quantity) | family.ancestors(name, quantity)


def _secondary_form(entry: Entry) -> bool:
    """Whether another form of the same data speaks for the data set."""
    return entry.representation is not None and not entry.representation.default


def _stale_average(
    family: Family,
    average: Entry,
    kind: Kind,
    indices: tuple[int, ...],
    names: list[str],
    in_play: Mapping[str, list[int]],
) -> Stale:
    newest_first = sorted(names, key=lambda name: (family.everything[name].date, name), reverse=True)
    quantities = {family.quantities[average.id][index] for index in indices}
    used = [name for name in names if any(family.quantities[name][index] in quantities for index in in_play[name])]
    listed = ", ".join(f"{name} ({family.everything[name].date_text})" for name in newest_first)
    if kind == "input replaced":
        inputs = _replaced_inputs(family, average, quantities, names)
        reason = f"{listed} {_verb(names, 'replaces', 'replace')} its {_noun(inputs, 'input')} {', '.join(inputs)}"
    else:
        reason = f"{listed} {_verb(names, 'is', 'are')} newer and not among its inputs"
    if len(used) == len(names):
        remedy = f"policy average uses {_verb(names, 'it', 'them')} together with the average, policy individual with its inputs"
    else:
        left = ", ".join(name for name in newest_first if name not in used)
        remedy = f"policy average leaves out {left}; choose policy individual to use it, or wait for the next average"
    observables = tuple(str(average.observables[index]) for index in indices)
    since = min(family.everything[name].date for name in names)
    return Stale(average.id, kind, tuple(newest_first), since, observables, reason, remedy)


def _replaced_inputs(family: Family, average: Entry, quantities: set[Quantity], names: list[str]) -> list[str]:
    found = {
        name
        for quantity in quantities
        for name in family.ancestors(average.id, quantity)
        if set(family.replaced_by.get((name, quantity), ())) & set(names)
    }
    return sorted(found)


def _forms(family: Family) -> Iterator[Stale]:
    """Forms of a data set of which another form was replaced altogether."""
    for name, entry in family.usable.items():
        form = entry.representation
        kept = [i for i, q in enumerate(family.quantities[name]) if (name, q) not in family.replaced_by]
        if form is None or not kept:
            continue
        for sibling in family.siblings[name]:
            replacers = _replacers(family, sibling)
            if sibling == name or not replacers or name in replacers:
                continue
            newer = sorted(replacers, key=lambda one: (family.everything[one].date, one), reverse=True)
            other = family.everything[sibling].representation
            words = f"the form {other.name!r} of the same data ({sibling})" if other else sibling
            yield Stale(
                name,
                "form left behind",
                tuple(newer),
                min(family.everything[one].date for one in newer),
                tuple(str(entry.observables[i]) for i in kept),
                f"{words} was replaced by {', '.join(newer)}, this form ({form.name!r}) was not",
                f"do not choose this form with --form {form.group}={form.name}, or say in `relations` what replaces it",
            )


def _replacers(family: Family, name: str) -> set[str]:
    """What replaces an entry, if every number of it is replaced."""
    by_quantity = [family.replaced_by.get((name, quantity), ()) for quantity in family.quantities[name]]
    return {one for names in by_quantity for one in names} if all(by_quantity) else set()


def _verb(names: list[str], one: str, several: str) -> str:
    return one if len(names) == 1 else several


def _noun(names: list[str], word: str) -> str:
    return word if len(names) == 1 else f"{word}s"
