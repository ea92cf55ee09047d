"""Imported entries that may hold data which a fit would use already: found before they are written."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping

from fitlq.importing.flavio_metadata import NOT_STATED
from fitlq.measurements.double_counting import conflicts
from fitlq.measurements.entry import Entry
from fitlq.measurements.reading import resolver
from fitlq.measurements.selection import Policy, Rules, Selection, select
from fitlq.measurements.vocabulary import ObservableVocabulary

__all__ = ["held_back"]

_NAMED = 3  # of the other entries, in a reason


def held_back(
    imported: Mapping[str, Entry], database: Mapping[str, Entry], vocabulary: ObservableVocabulary, silent: Collection[str]
) -> dict[str, str]:
    """Which imported entries a fit must not use, id -> reason.

    Of two imported entries that measure one quantity and do not say how they stand to each other, the newer one stays, of
    one date the one that comes first; against an entry of the database the imported one is held back.

    Parameters
    ----------
    imported, database : mapping of id to Entry
        `imported` in the order of the source.
    silent : collection of str
        Ids of imported entries that are off by default for another reason: they disturb nobody.
    """
    usable = {name: entry for name, entry in imported.items() if name not in silent}
    resolve = resolver(vocabulary)
    policies: tuple[Policy, ...] = ("average", "individual")
    # an imported entry with the id of one of the database replaces it
    together = {**{name: entry for name, entry in database.items() if name not in imported}, **usable}
    selections = [select(together, Rules(datetime.date.max, policy), resolve) for policy in policies]
    found = [(one.entry.id, one.other.id) for selection in selections for one in conflicts(selection)]
    found += [pair for selection in selections for pair in _of_nobody(selection, usable)]
    # from strong to weak: the database, then by date, then by position
    position = {name: (2, datetime.date.max.toordinal(), 0) for name in together}
    position |= {name: (1, entry.date.toordinal(), -place) for place, (name, entry) in enumerate(usable.items())}
    pairs = {tuple(sorted(names, key=lambda name: (position[name], name))) for names in found}
    reasons: dict[str, list[str]] = defaultdict(list)
    for loser, winner in sorted(pairs, key=lambda pair: (position[pair[1]], position[pair[0]], pair), reverse=True):
        if loser in usable and winner not in reasons:
            reasons[loser].append(winner)
    return {name: _reason(others) for name, others in sorted(reasons.items())}


def _of_nobody(selection: Selection, imported: Mapping[str, Entry]) -> Iterator[tuple[str, str]]:
    """Imported entries of no stated experiment, with what else measures the same: nothing says that the data differ."""
    for uses in selection.with_quantity().values():
        names = {name for name, _ in uses}
        for name in names & set(imported):
            if NOT_STATED in imported[name].experiment:
                yield from ((name, other) for other in names - {name})


def _reason(others: list[str]) -> str:
    shown = ", ".join(others[:_NAMED]) + (f" and {len(others) - _NAMED} more" if len(others) > _NAMED else "")
    return f"may hold the same data as {shown}; say in relations how they stand to each other, then remove this line"
