"""What a fit may use on a day: nothing counted twice, and a reason in words for everything left out.

Works on pairs (entry, index of one of its observables). The order of the steps matters:

1. usable on the day: not newer, not a theory number, not unverified, projected or off by default (unless asked for);
2. replaced by a usable newer entry, observable by observable;
3. one form of each data set;
4. averages against what is inside them, by policy.

The result depends on the content of the database only, not on the order of files.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import Literal

from fitlq.measurements.entry import Entry, ObservableReference
from fitlq.measurements.family import Family, Quantity, age, combines
from fitlq_theory.errors import InputError
from fitlq_theory.naming import unknown_name_message

__all__ = ["KINDS_OFF_BY_DEFAULT", "LeftOut", "Policy", "Rules", "Selection", "select", "unusable_reason"]

Policy = Literal["average", "individual"]

KINDS_OFF_BY_DEFAULT = ("unverified", "projected")
"""Words of `Rules.include` that mean all entries of a kind."""


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One observable of one entry that is not used, and why."""

    entry_id: str
    reference: ObservableReference
    reason: str

    @property
    def observable(self) -> str:
        """Name of the observable as written in the entry."""
        return self.reference.name

    @property
    def args(self) -> dict[str, float | str]:
        """Arguments of the observable."""
        return self.reference.args


@dataclass(frozen=True, slots=True)
class Rules:
    """What to select by.

    Attributes
    ----------
    as_of : datetime.date
        Entries with a later date do not exist.
    policy : {"average", "individual"}
        Use averages and drop what is inside them, or the other way round.
    include : tuple of str
        Ids or wildcards of entries to use although they are off by default; ``unverified`` and ``projected`` mean all of
        that kind.
    representations : mapping
        Group -> name of the form to use instead of the default one.
    """

    as_of: datetime.date
    policy: Policy = "average"
    include: tuple[str, ...] = ()
    representations: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Selection:
    """The pairs in play and the reasons against all others; filled step by step."""

    family: Family
    in_play: dict[str, list[int]] = field(default_factory=dict)
    reasons: dict[tuple[str, int], str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    _places: dict[Quantity, list[tuple[str, int]]] = field(default_factory=lambda: defaultdict(list))

    def __post_init__(self) -> None:
        for name, quantities in sorted(self.family.quantities.items()):
            for index, quantity in enumerate(quantities):
                self._places[quantity].append((name, index))

    def drop(self, name: str, index: int, reason: str) -> None:
        """Take one observable of an entry out of play."""
        self.in_play[name].remove(index)
        self.reasons[name, index] = reason

    def pairs(self, name: str) -> list[tuple[int, Quantity]]:
        """The observables of an entry in play: (index, quantity)."""
        return [(index, self.family.quantities[name][index]) for index in self.in_play.get(name, ())]

    def where(self, quantity: Quantity) -> list[tuple[str, int]]:
        """The pairs in play for one quantity."""
        return [(name, index) for name, index in self._places[quantity] if index in self.in_play.get(name, ())]

    def with_quantity(self) -> dict[Quantity, list[tuple[str, int]]]:
        """All pairs in play by quantity."""
        found: dict[Quantity, list[tuple[str, int]]] = defaultdict(list)
        for name in sorted(self.in_play):
            for index, quantity in self.pairs(name):
                found[quantity].append((name, index))
        return found

    def left_out(self) -> tuple[LeftOut, ...]:
        """Everything not in play, by entry id."""
        entries = self.family.everything
        return tuple(LeftOut(name, entries[name].observables[i], why) for (name, i), why in sorted(self.reasons.items()))


def select(entries: Mapping[str, Entry], rules: Rules, resolve: Callable[[str], str]) -> Selection:
    """Select the observables to use.

    Parameters
    ----------
    entries : mapping
        The database by id.
    rules : Rules
    resolve : callable
        Maps a name of an observable to its canonical form.

    Raises
    ------
    InputError
        Unknown policy, representation group or form.
    """
    _check(rules, entries)
    family = Family.of(entries, lambda entry: unusable_reason(entry, rules) is None, resolve)
    selection = Selection(family)
    for name, entry in sorted(entries.items()):
        selection.in_play[name] = list(range(len(entry.observables)))
        reason = unusable_reason(entry, rules)
        if reason:
            _drop_all(selection, name, reason)
    _drop_replaced(selection)
    _choose_forms(selection, rules)
    chosen = {
        name
        for name, entry in family.usable.items()
        if entry.representation and rules.representations.get(entry.representation.group) == entry.representation.name
    }
    _drop_older_averages(selection)
    if rules.policy == "average":
        _prefer_averages(selection, chosen)
    else:
        _prefer_inputs(selection)
    _settle_replaced_averages(selection, rules, chosen)
    return selection


def _check(rules: Rules, entries: Mapping[str, Entry]) -> None:
    if rules.policy not in ("average", "individual"):
        raise InputError(unknown_name_message("policy", rules.policy, ["average", "individual"]))
    for pattern in rules.include:
        if pattern not in KINDS_OFF_BY_DEFAULT and not any(fnmatchcase(name, pattern) for name in entries):
            raise InputError(unknown_name_message("entry to include", pattern, [*KINDS_OFF_BY_DEFAULT, *sorted(entries)]))
    forms: dict[str, set[str]] = defaultdict(set)
    for entry in entries.values():
        if entry.representation:
            forms[entry.representation.group].add(entry.representation.name)
    for group, name in rules.representations.items():
        if group not in forms:
            raise InputError(unknown_name_message("representation group", group, sorted(forms)))
        if name not in forms[group]:
            raise InputError(unknown_name_message(f"form of {group}:", name, sorted(forms[group])))


def unusable_reason(entry: Entry, rules: Rules) -> str | None:
    """Why no fit may use an entry, whatever else is in the database; None for a usable one."""
    if entry.kind == "theory":
        return "a theory number, not a measurement"
    if entry.date > rules.as_of:
        short = "" if len(entry.date_text) == 10 else f" (a short date stands for its last day, {entry.date})"
        return f"dated {entry.date_text}{short}, after {rules.as_of}"
    if entry.projected and not _asked_for(entry, rules, "projected"):
        return "a projection of a future measurement, used only when asked for"
    if entry.provenance.level == "unverified" and not _asked_for(entry, rules, "unverified"):
        return "unverified: nobody has compared the number with its source"
    if entry.off_by_default and not _asked_for(entry, rules):
        return f"used only when asked for: {entry.off_by_default}"
    return None


def _asked_for(entry: Entry, rules: Rules, kind: str | None = None) -> bool:
    return kind in rules.include or any(fnmatchcase(entry.id, pattern) for pattern in rules.include)


def _drop_all(selection: Selection, name: str, reason: str) -> None:
    for index in list(selection.in_play[name]):
        selection.drop(name, index, reason)


def _drop_replaced(selection: Selection) -> None:
    for name in selection.family.usable:
        for index, quantity in selection.pairs(name):
            newer = selection.family.replaced_by.get((name, quantity))
            if newer:
                selection.drop(name, index, f"replaced by {newer[0]}")


def _choose_forms(selection: Selection, rules: Rules) -> None:
    groups: dict[str, list[Entry]] = defaultdict(list)
    for entry in sorted(selection.family.usable.values(), key=age):
        if entry.representation:
            groups[entry.representation.group].append(entry)
    for group, members in sorted(groups.items()):
        names = [entry.representation.name for entry in members if entry.representation]
        defaults = [entry.representation.name for entry in members if entry.representation and entry.representation.default]
        wanted = rules.representations.get(group)
        if wanted is not None and wanted not in names:
            selection.warnings.append(f"the form {wanted!r} of {group} is not usable on {rules.as_of}: the default is used")
        used = wanted if wanted in names else (defaults or names)[0]
        for entry in members:
            if entry.representation and entry.representation.name != used:
                _drop_all(selection, entry.id, f"the same data are used in another form ({used!r} of {group})")


def _averages(selection: Selection) -> list[Entry]:
    """Averages in play, oldest first."""
    usable = selection.family.usable.values()
    return sorted((entry for entry in usable if combines(entry) and selection.in_play[entry.id]), key=age)


def _others(selection: Selection, average: str, quantity: Quantity) -> Iterator[tuple[str, int]]:
    # looked up again one by one, because whoever asks takes some of them out of play meanwhile
    for name, index in selection.where(quantity):
        if name != average and index in selection.in_play[name]:
            yield name, index


def _prefer_inputs(selection: Selection) -> None:
    family = selection.family
    for average in _averages(selection):
        for index, quantity in selection.pairs(average.id):
            inside = family.ancestors(average.id, quantity)
            newer = {form for name in inside for form in family.newer_forms(name, quantity)} - {average.id}
            used = [name for name, _ in _others(selection, average.id, quantity) if name in inside | newer]
            if used:
                selection.drop(average.id, index, f"{_worded(average)} of measurements used one by one ({_listed(used)})")


def _prefer_averages(selection: Selection, chosen: set[str]) -> None:
    family = selection.family
    stale: dict[tuple[str, str], list[str]] = defaultdict(list)
    for average in reversed(_averages(selection)):
        for index, quantity in selection.pairs(average.id):
            inside = family.ancestors(average.id, quantity)
            others = list(_others(selection, average.id, quantity))
            wanted = [name for name, _ in others if name in inside & chosen]
            if wanted:
                selection.drop(average.id, index, f"contains {_listed(wanted)}, of which a certain form was asked for")
                continue
            newer = {form for name in inside for form in family.newer_forms(name, quantity)} - inside
            for name, other in others:
                if name in inside:
                    selection.drop(name, other, f"inside the {average.kind} {average.id}")
                elif name in newer:
                    selection.drop(
                        name, other, f"replaces an input of the {average.kind} {average.id}, which does not know it yet"
                    )
                    stale[average.id, name].append(average.observables[index].name)
    selection.warnings.extend(
        f"STALE AVERAGE: {average} does not know {name}, which replaces one of its inputs for {_listed(observables)}; "
        'policy "individual" would use it'
        for (average, name), observables in stale.items()
    )


def _settle_replaced_averages(selection: Selection, rules: Rules, chosen: set[str]) -> None:
    """What replaces an average stands for all that is inside it: either it is used, or what is inside is.

    With the policy "individual", or when a certain form of an input was asked for, what is inside has precedence.
    """
    family = selection.family
    for average in sorted(filter(combines, family.usable.values()), key=age, reverse=True):
        for quantity in dict.fromkeys(family.quantities[average.id]):
            others = list(_others(selection, average.id, quantity))
            newer = sorted({name for name, _ in others} & family.newer_forms(average.id, quantity))
            inside = family.ancestors(average.id, quantity) - set(newer)
            preferred = inside & chosen
            if rules.policy == "individual":
                preferred = inside.union(*(family.newer_forms(name, quantity) for name in inside)) - set(newer)
            used = [name for name, _ in others if name in preferred]
            for name, other in others:
                if used and name in newer:
                    reason = f"replaces the {average.kind} {average.id}, whose inputs are used one by one ({_listed(used)})"
                    selection.drop(name, other, reason)
                elif newer and not used and name in inside:
                    selection.drop(name, other, f"inside the {average.kind} {average.id}, which {newer[0]} replaces")


def _worded(entry: Entry) -> str:
    return f"{'an' if entry.kind == 'average' else 'a'} {entry.kind}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names))


def _drop_older_averages(selection: Selection) -> None:
    """Of two averages that share an input the newer one stays."""
    family = selection.family
    for average in reversed(_averages(selection)):
        for _, quantity in selection.pairs(average.id):
            inside = family.ancestors(average.id, quantity)
            for name, other in list(_others(selection, average.id, quantity)):
                entry = family.everything[name]
                # of one date neither is the newer one, whatever their ids: the check of double counts asks
                if combines(entry) and entry.date < average.date and inside & family.ancestors(name, quantity):
                    selection.drop(name, other, f"shares inputs with the newer {average.kind} {average.id}")
