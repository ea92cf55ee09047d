"""What a fit may use on a day: nothing counted twice, and a reason in words for everything left out.

Works on pairs (entry, index of one of its observables). The order of the steps matters:

1. usable on the day: not newer, not a theory number, not unverified, projected or off by default (unless asked for);
2. replaced by a usable newer entry, observable by observable;
3. one form of each data set;
4. averages against what is inside them, by policy.

The result depends on the content of the database only, not on the order of files.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase

from fitlq.measurements.entry import Entry
from fitlq.measurements.family import Family, age
from fitlq.measurements.reasons import Reason, ReasonKind
from fitlq.measurements.selection_of_averages import settle_averages
from fitlq.measurements.selection_state import LeftOut, Policy, Remark, Rules, Selection
from fitlq_theory.errors import InputError
from fitlq_theory.naming import unknown_name_message

__all__ = ["KINDS_OFF_BY_DEFAULT", "LeftOut", "Policy", "Remark", "Rules", "Selection", "select", "unusable_reason"]

KINDS_OFF_BY_DEFAULT = ("unverified", "projected")
"""Words of `Rules.include` that mean all entries of a kind."""


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
    settle_averages(selection, rules.policy, chosen)
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


def unusable_reason(entry: Entry, rules: Rules) -> Reason | None:
    """Why no fit may use an entry, whatever else is in the database; None for a usable one."""
    if entry.kind == "theory":
        return Reason(ReasonKind.THEORY, "a theory number, not a measurement")
    if entry.date > rules.as_of:
        short = "" if len(entry.date_text) == 10 else f" (a short date stands for its last day, {entry.date})"
        return Reason(ReasonKind.TOO_NEW, f"dated {entry.date_text}{short}, after {rules.as_of}")
    if entry.projected and not _asked_for(entry, rules, "projected"):
        return Reason(ReasonKind.PROJECTED, "a projection of a future measurement, used only when asked for")
    if entry.provenance.level == "unverified" and not _asked_for(entry, rules, "unverified"):
        return Reason(ReasonKind.UNVERIFIED, "unverified: nobody has compared the number with its source")
    if entry.off_by_default and not _asked_for(entry, rules):
        return Reason(ReasonKind.OFF_BY_DEFAULT, f"used only when asked for: {entry.off_by_default}")
    return None


def _asked_for(entry: Entry, rules: Rules, kind: str | None = None) -> bool:
    return kind in rules.include or any(fnmatchcase(entry.id, pattern) for pattern in rules.include)


def _drop_all(selection: Selection, name: str, reason: Reason) -> None:
    for index in list(selection.in_play[name]):
        selection.drop(name, index, reason)


def _drop_replaced(selection: Selection) -> None:
    for name in selection.family.usable:
        for index, quantity in selection.pairs(name):
            newer = selection.family.replaced_by.get((name, quantity))
            if newer:
                selection.drop(name, index, Reason(ReasonKind.REPLACED, f"replaced by {newer[0]}"))


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
            text = f"the form {wanted!r} of {group} is not usable on {rules.as_of}: the default is used"
            selection.warnings.append(Remark(text))
        used = wanted if wanted in names else (defaults or names)[0]
        reason = Reason(ReasonKind.OTHER_FORM, f"the same data are used in another form ({used!r} of {group})")
        for entry in members:
            if entry.representation and entry.representation.name != used:
                _drop_all(selection, entry.id, reason)
