"""Choosing by name: shell-style wildcards, where a name that exists letter for letter means only itself.

Names of observables contain ``*`` and ``[``: ``R(D*)`` as a wildcard would also take ``R(D)``.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from fitlq.measurements.entry import Entry
from fitlq.measurements.selected import Selected
from fitlq.measurements.selection import LeftOut

__all__ = ["Choice", "Filter", "matching_names", "names_of"]

Choice = str | Sequence[str] | Callable[[Selected], bool]


def matching_names(
    patterns: str | Sequence[str], known: Collection[str], canonical: Callable[[str], str] = str
) -> dict[str, frozenset[str]]:
    """The known names that each pattern means, possibly none.

    Parameters
    ----------
    patterns : str or sequence of str
        A pattern equal to a known name, or to another name of an observable, means that name only; otherwise ``*``, ``?``
        and ``[...]`` are wildcards and case matters.
    known : collection of str
    canonical : callable
        Maps a name of an observable to its canonical form, and any other text to itself.
    """
    return {pattern: _meant(pattern, known, canonical) for pattern in ([patterns] if isinstance(patterns, str) else patterns)}


def _meant(pattern: str, known: Collection[str], canonical: Callable[[str], str]) -> frozenset[str]:
    full_name = canonical(pattern)
    exact = frozenset(name for name in (pattern, full_name) if name in known)
    if exact or full_name != pattern:
        # the alias R(D*) of something that is not measured is no wildcard for R(D)
        return exact
    return frozenset(name for name in known if fnmatchcase(name, pattern))


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice made by the user, to keep or to exclude; entries added later (`exempt`) are not subject to it."""

    keep: bool
    choice: Choice
    exempt: frozenset[str] = frozenset()

    @property
    def reason(self) -> str:
        """Why something was left out by it."""
        wording = ", ".join(self.patterns) or str(getattr(self.choice, "__name__", "a function"))
        return f"not selected ({wording})" if self.keep else f"excluded ({wording})"

    @property
    def patterns(self) -> tuple[str, ...]:
        """The names or wildcards of the choice; none for a function."""
        if callable(self.choice):
            return ()
        return (self.choice,) if isinstance(self.choice, str) else tuple(self.choice)

    def apply(
        self, items: Sequence[Selected], also_known: Collection[str], canonical: Callable[[str], str]
    ) -> tuple[tuple[Selected, ...], list[LeftOut]]:
        """Split items into what is kept and what is dropped.

        `also_known` are names outside the items that a pattern may mean letter for letter.
        """
        hits = self._test(items, also_known, canonical)
        kept: list[Selected] = []
        dropped: list[LeftOut] = []
        for item in items:
            exempt = item.entry.id in self.exempt
            chosen = tuple(i for p, i in enumerate(item.indices) if exempt or hits(item, p) == self.keep)
            dropped.extend(
                LeftOut(item.entry.id, item.entry.observables[i], self.reason) for i in item.indices if i not in chosen
            )
            if chosen:
                kept.append(Selected(item.entry, chosen))
        return tuple(kept), dropped

    def _test(
        self, items: Sequence[Selected], also_known: Collection[str], canonical: Callable[[str], str]
    ) -> Callable[[Selected, int], bool]:
        choice = self.choice
        if callable(choice):
            return lambda item, _: bool(choice(item))
        known = {
            *also_known,
            *(name for item in items for o in item.references for name in names_of(item.entry, o.name, canonical)),
        }
        meant = frozenset().union(*matching_names(choice, known, canonical).values())
        return lambda item, position: not meant.isdisjoint(names_of(item.entry, item.references[position].name, canonical))


def names_of(entry: Entry, observable: str, canonical: Callable[[str], str]) -> tuple[str, ...]:
    """The names by which a number can be chosen: entry id, process, observable as written and canonical."""
    return (entry.id, entry.process, observable, canonical(observable))
