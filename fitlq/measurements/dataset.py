"""The measurements a fit uses: an immutable selection from the database that knows what was left out and why."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from fitlq.measurements.choosing import Choice, Filter, matching_names, names_of
from fitlq.measurements.dates import first_day
from fitlq.measurements.diagnostics import MeasurementError
from fitlq.measurements.double_counting import double_counts, shared_data_warnings
from fitlq.measurements.entry import Entry
from fitlq.measurements.extended_vocabulary import with_terms_of
from fitlq.measurements.locations import existing, shipped_prefix
from fitlq.measurements.reading import Layer, combine_layers, read_layer, resolver
from fitlq.measurements.selected import Selected, content_hash
from fitlq.measurements.selection import LeftOut, Policy, Rules, select
from fitlq.measurements.vocabulary import ObservableVocabulary
from fitlq_theory.errors import UnknownNameError
from fitlq_theory.naming import unknown_name_message

if TYPE_CHECKING:
    from fitlq.measurements.explanation import Explanation
    from fitlq.measurements.stale import Stale

__all__ = ["Dataset", "build_dataset"]

Addition = Entry | str | Path


@dataclass(frozen=True, slots=True, eq=False)
class Dataset:
    """The measurements a fit uses.

    Iterating gives `Selected` items in the order of their ids.

    Attributes
    ----------
    items : tuple of Selected
    as_of : datetime.date
        Newer entries were not used.
    policy : str
        ``average`` or ``individual``.
    left_out : tuple of LeftOut
        Every observable of every entry that is not used, with the reason in words.
    warnings : tuple of str
        Stale averages, replaced entries, shared data.
    rules : Rules
        What it was selected by.
    content_hash : str
        SHA-256 (hexadecimal) of the selected content: equal data, equal hash.
    """

    items: tuple[Selected, ...]
    as_of: datetime.date
    policy: Policy
    left_out: tuple[LeftOut, ...]
    warnings: tuple[str, ...]
    content_hash: str
    _database: Mapping[str, Entry] = field(repr=False)
    rules: Rules = field(repr=False)
    _vocabulary: ObservableVocabulary | None = field(repr=False)
    _filters: tuple[Filter, ...] = field(default=(), repr=False)
    _concerns: Mapping[str, frozenset[str]] = field(default_factory=dict, repr=False)

    def __iter__(self) -> Iterator[Selected]:
        return iter(self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __contains__(self, name: object) -> bool:
        return name in self.ids

    def __getitem__(self, name: str) -> Selected:
        for item in self.items:
            if item.entry.id == name:
                return item
        reasons = [out.reason for out in self.left_out if out.entry_id == name]
        if reasons:
            msg = f"{name} is not used: {reasons[0]}"
            raise UnknownNameError(msg)
        raise UnknownNameError(unknown_name_message("entry", name, self._database))

    def __repr__(self) -> str:
        return f"<Dataset as of {self.as_of}, policy {self.policy}: {self.n_observables} numbers of {len(self)} entries>"

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the entries used."""
        return tuple(item.entry.id for item in self.items)

    @property
    def n_observables(self) -> int:
        """How many numbers are used."""
        return sum(len(item.indices) for item in self.items)

    @property
    def entries(self) -> Mapping[str, Entry]:
        """All entries of the database by id, used or not."""
        return self._database

    @property
    def chosen(self) -> bool:
        """Whether somebody has chosen from it with `select`."""
        return any(one.keep for one in self._filters)

    @property
    def named(self) -> frozenset[str]:
        """The names and wildcards given to `select`."""
        return frozenset(pattern for one in self._filters if one.keep for pattern in one.patterns)

    def canonical(self, name: str) -> str:
        """The canonical name of an observable, as far as the vocabulary knows it."""
        return resolver(self._vocabulary)(name)

    @property
    def vocabulary(self) -> ObservableVocabulary | None:
        """What knows the names of observables; None if nothing does."""
        return self._vocabulary

    def explain(self, name: str) -> Explanation:
        """What is used, what is left out and why, number by number.

        Parameters
        ----------
        name : str
            An observable under any of its names, an entry id, a process, or a shell-style wildcard for any of them.

        Returns
        -------
        Explanation
            Prints as text, and as a table in a notebook.

        Raises
        ------
        UnknownNameError
            The name means nothing in the database.
        """
        from fitlq.measurements.explanation import explain

        return explain(self, name)

    def stale(self) -> tuple[Stale, ...]:
        """The averages and forms of data sets that newer results have overtaken, on the day of the data set."""
        from fitlq.measurements.stale import stale_entries

        return stale_entries(self._database, self.rules, self._vocabulary)

    def warnings_about(self, ids: Iterable[str]) -> tuple[str, ...]:
        """The warnings that matter to whoever uses only these entries."""
        used = frozenset(ids)
        return tuple(text for text in self.warnings if self._concerns.get(text, frozenset()) <= used)

    def select(self, choice: Choice) -> Dataset:
        """Only what matches.

        Parameters
        ----------
        choice : str, sequence of str, or callable
            Names or shell-style wildcards for entry ids, processes or observables (a name that exists letter for
            letter means only itself, so ``R(D*)`` is not a wildcard); or a function ``f(selected) -> bool``.

        Raises
        ------
        UnknownNameError
            A name or wildcard means nothing in the database. One that means only what is left out gives a warning.
        """
        return self._filtered(Filter(True, choice))

    def without(self, choice: Choice) -> Dataset:
        """All but what matches; `choice` as for `select`."""
        return self._filtered(Filter(False, choice))

    def with_(self, addition: Addition | Iterable[Addition]) -> Dataset:
        """The data set with entries, files or folders laid over the database, selected anew by the same rules.

        Earlier `select` and `without` keep acting on everything but the added entries.

        Raises
        ------
        InputError, MeasurementError
            A path does not exist; an entry is wrong, or counts something twice.
        """
        parts = [addition] if isinstance(addition, (Entry, str, Path)) else list(addition)
        added = _as_layer(parts)
        stack = [Layer(entries=list(self._database.values())), added]
        paths = [part for part in parts if not isinstance(part, Entry)]
        vocabulary = with_terms_of(self._vocabulary, paths)
        database, remarks = combine_layers(stack, vocabulary)
        names = frozenset(entry.id for entry in added.entries)
        filters = [replace(one, exempt=one.exempt | names) for one in self._filters]
        return build_dataset(database, self.rules, vocabulary, remarks, filters)

    def _filtered(self, one: Filter) -> Dataset:
        absent = {
            (out.entry_id, name): out.reason
            for out in self.left_out
            for name in names_of(self._database[out.entry_id], out.observable, self.canonical)
        }
        also_known = {name for _, name in absent}
        warnings = [*self.warnings, *self._empty_patterns(one, absent)]
        kept, dropped = one.apply(self.items, also_known, self.canonical)
        return replace(
            self,
            items=kept,
            left_out=_sorted((*self.left_out, *dropped)),
            warnings=tuple(dict.fromkeys(warnings)),
            content_hash=content_hash(kept),
            _filters=(*self._filters, one),
        )

    def _empty_patterns(self, one: Filter, absent: Mapping[tuple[str, str], str]) -> Iterator[str]:
        """A warning for each pattern to keep that means only what is left out; an error for one that means nothing."""
        present = {name for item in self for o in item.references for name in names_of(item.entry, o.name, self.canonical)}
        known = {*present, *(name for _, name in absent)}
        for pattern, meant in matching_names(one.patterns, known, self.canonical).items():
            if not meant:
                raise UnknownNameError(unknown_name_message("entry, process or observable", pattern, sorted(known)))
            if one.keep and meant.isdisjoint(present):
                entry_id, reason = next((key[0], reason) for key, reason in absent.items() if key[1] in meant)
                yield f"{pattern!r} means only what is not used; {entry_id}: {reason}"


def build_dataset(
    database: Mapping[str, Entry],
    rules: Rules,
    vocabulary: ObservableVocabulary | None = None,
    remarks: Iterable[str] = (),
    filters: Sequence[Filter] = (),
) -> Dataset:
    """Select from a database.

    Parameters
    ----------
    database : mapping
        All entries by id.
    rules : Rules
    vocabulary : ObservableVocabulary, optional
        Gives canonical names; without it, names written differently are different quantities.
    remarks : iterable of str
        Warnings from reading.
    filters : sequence of Filter
        Earlier choices to apply again.

    Raises
    ------
    MeasurementError
        Something would be counted twice.
    InputError
        Unknown policy or representation.
    """
    resolve = resolver(vocabulary)
    selection = select(database, rules, resolve)
    doubles = double_counts(selection)
    if doubles:
        raise MeasurementError(doubles)
    items = tuple(Selected(database[name], tuple(chosen)) for name, chosen in sorted(selection.in_play.items()) if chosen)
    left_out = selection.left_out()
    for one in filters:
        items, dropped = one.apply(items, (), resolve)
        left_out = (*left_out, *dropped)
    remarks = (*remarks, *_not_yet_counting(database.values(), rules.as_of))
    about = (*sorted(set(selection.warnings), key=lambda one: one.text), *shared_data_warnings(selection))
    warnings = (*remarks, *(one.text for one in about))
    return Dataset(
        items,
        rules.as_of,
        rules.policy,
        _sorted(left_out),
        warnings,
        content_hash(items),
        database,
        rules,
        vocabulary,
        tuple(filters),
        {one.text: one.entries for one in about},
    )


def _not_yet_counting(entries: Iterable[Entry], as_of: datetime.date) -> Iterator[str]:
    """A user's own result dated "2026" would otherwise be left out all through 2026 with the reason in small print."""
    shipped = shipped_prefix()
    for entry in entries:
        if first_day(entry.date_text) <= as_of < entry.date and not entry.file.startswith(shipped):
            yield f"{entry.id} is not used before {entry.date}, because it is dated {entry.date_text}; write the day"


def _as_layer(additions: Iterable[Addition]) -> Layer:
    layer = Layer()
    for part in additions:
        if isinstance(part, Entry):
            layer.entries.append(part)
        else:
            layer.extend(read_layer(existing(part)))
    return layer


def _sorted(left_out: Iterable[LeftOut]) -> tuple[LeftOut, ...]:
    return tuple(sorted(left_out, key=lambda one: (one.entry_id, str(one.reference))))
