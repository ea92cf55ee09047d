"""Averages against what is inside them: either is used, by policy, and never both."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from fitlq.measurements.entry import Entry
from fitlq.measurements.family import Quantity, age, combines
from fitlq.measurements.reasons import Reason, ReasonKind
from fitlq.measurements.selection_state import Policy, Remark, Selection

__all__ = ["settle_averages"]


def settle_averages(selection: Selection, policy: Policy, chosen: set[str]) -> None:
    """Take averages, or what is inside them, out of play; `chosen` are entries whose form was asked for by name."""
    _drop_older_averages(selection)
    if policy == "average":
        _prefer_averages(selection, chosen)
    else:
        _prefer_inputs(selection)
    _settle_replaced_averages(selection, policy, chosen)


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
                words = f"{_worded(average)} of measurements used one by one ({_listed(used)})"
                selection.drop(average.id, index, Reason(ReasonKind.ONE_BY_ONE, words))


def _prefer_averages(selection: Selection, chosen: set[str]) -> None:
    family = selection.family
    stale: dict[tuple[str, str], list[str]] = defaultdict(list)
    for average in reversed(_averages(selection)):
        for index, quantity in selection.pairs(average.id):
            inside = family.ancestors(average.id, quantity)
            others = list(_others(selection, average.id, quantity))
            wanted = [name for name, _ in others if name in inside & chosen]
            if wanted:
                words = f"contains {_listed(wanted)}, of which a certain form was asked for"
                selection.drop(average.id, index, Reason(ReasonKind.CONTAINS_FORM, words))
                continue
            newer = {form for name in inside for form in family.newer_forms(name, quantity)} - inside
            for name, other in others:
                if name in inside:
                    selection.drop(name, other, Reason(ReasonKind.INSIDE, f"inside the {average.kind} {average.id}"))
                elif name in newer:
                    words = f"replaces an input of the {average.kind} {average.id}, which does not know it yet"
                    selection.drop(name, other, Reason(ReasonKind.NEWER_THAN_AVERAGE, words))
                    stale[average.id, name].append(average.observables[index].name)
    selection.warnings.extend(
        Remark(
            f"STALE AVERAGE: {average} does not know {name}, which replaces one of its inputs for {_listed(observables)}; "
            'policy "individual" would use it',
            frozenset([average]),
        )
        for (average, name), observables in stale.items()
    )


def _settle_replaced_averages(selection: Selection, policy: Policy, chosen: set[str]) -> None:
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
            if policy == "individual":
                preferred = inside.union(*(family.newer_forms(name, quantity) for name in inside)) - set(newer)
            used = [name for name, _ in others if name in preferred]
            for name, other in others:
                if used and name in newer:
                    words = f"replaces the {average.kind} {average.id}, whose inputs are used one by one ({_listed(used)})"
                    selection.drop(name, other, Reason(ReasonKind.REPLACES_AVERAGE, words))
                elif newer and not used and name in inside:
                    words = f"inside the {average.kind} {average.id}, which {newer[0]} replaces"
                    selection.drop(name, other, Reason(ReasonKind.INSIDE, words))


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
                    words = f"shares inputs with the newer {average.kind} {average.id}"
                    selection.drop(name, other, Reason(ReasonKind.OLDER_AVERAGE, words))
