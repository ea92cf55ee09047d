"""From measurements to likelihood terms: which numbers have a prediction, and which shape each of them takes.

Nothing disappears silently: every number that does not enter is reported with its reason.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from fitlq.likelihood.counting import CountingTerms, counting_terms
from fitlq.likelihood.gaussian_terms import GaussianTerm
from fitlq.likelihood.grids import GridTerm, grid_term
from fitlq.likelihood.histfactory import histfactory_term, reason_not_to_read
from fitlq.likelihood.limits import OneSidedTerms
from fitlq.likelihood.numbers_of_limits import Event, LimitChoice, counting_choice, limit_choice
from fitlq.measurements.data_forms import CountingData, Data, ExclusionData, ExternalData, GridData, LimitData
from fitlq.measurements.entry import Entry, ObservableReference
from fitlq.measurements.exclusions import bound_in_words
from fitlq.measurements.gaussian import GaussianData
from fitlq.measurements.reasons import Reason, ReasonKind

__all__ = ["Assembly", "NotUsed", "Row", "SelectedEntry", "Terms", "assemble"]

Real = NDArray[np.float64]
Arguments = Mapping[str, float | str]


class SelectedEntry(Protocol):
    """What is read of an item of a data set."""

    @property
    def entry(self) -> Entry:
        """The entry."""
        ...

    @property
    def indices(self) -> tuple[int, ...]:
        """Which of its observables are used."""
        ...


@dataclass(frozen=True, slots=True)
class Row:
    """One number that enters: the entry it belongs to, its observable as the entry spells it, and its column.

    `index` is its position among the observables of the entry; `limit` marks all but two-sided Gaussian numbers: limits of
    every shape, counts and grids.
    """

    id: str
    observable: str
    args: Arguments
    column: int
    limit: bool = False
    index: int = 0


class NotUsed(NamedTuple):
    """One number that does not enter, and why."""

    id: str
    observable: str
    args: Arguments
    reason: str


@dataclass(frozen=True, slots=True)
class Assembly:
    """The terms, each list parallel to its rows."""

    symmetric: tuple[GaussianTerm, ...]
    symmetric_rows: tuple[Row, ...]
    asymmetric: tuple[GaussianTerm, ...]
    asymmetric_rows: tuple[Row, ...]
    counting: CountingTerms
    counting_rows: tuple[Row, ...]
    one_sided: OneSidedTerms
    one_sided_rows: tuple[Row, ...]
    grids: tuple[GridTerm, ...]
    grid_rows: tuple[Row, ...]
    not_used: tuple[NotUsed, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """All numbers, in the order Gaussian, asymmetric, counting, one-sided, grid."""
        return (
            *self.symmetric_rows,
            *self.asymmetric_rows,
            *self.counting_rows,
            *self.one_sided_rows,
            *self.grid_rows,
        )


@dataclass(slots=True)
class Terms:
    """Grows while entries are read."""

    limit_shape: str
    symmetric: list[tuple[GaussianTerm, list[Row]]] = field(default_factory=list)
    asymmetric: list[tuple[GaussianTerm, list[Row]]] = field(default_factory=list)
    events: list[tuple[Event, Row]] = field(default_factory=list)
    one_sided: list[tuple[float, float, Row]] = field(default_factory=list)
    grids: list[tuple[GridTerm, list[Row]]] = field(default_factory=list)
    not_used: list[NotUsed] = field(default_factory=list)

    def add(self, data: Data, rows: list[Row]) -> None:
        """Read the data of one entry, restricted to the numbers in `rows`."""
        if not isinstance(data, GaussianData):
            rows = [replace(row, limit=True) for row in rows]
        if isinstance(data, GaussianData):
            self._add_gaussian(data, rows)
        elif isinstance(data, LimitData):
            for k, row in enumerate(rows):
                self._add_limit(limit_choice(data, k, self.limit_shape, row.id), row)
        elif isinstance(data, CountingData):
            for channel, row in zip(data.channels, rows, strict=True):
                self._add_limit(counting_choice(channel, data.cl, self.limit_shape, row.id), row)
        elif isinstance(data, GridData):
            columns = [row.column for row in rows]
            self.grids.append((grid_term(rows[0].id, columns, data.axes, data.values, data.meaning), rows))
        elif isinstance(data, ExternalData):
            self._add_external(data, rows)
        else:
            self.leave_out(rows, _not_a_term(data))

    def _add_external(self, data: ExternalData, rows: list[Row]) -> None:
        reason = reason_not_to_read(data)
        if reason is not None:
            self.leave_out(rows, reason)
            return
        term = histfactory_term(rows[0].id, [row.column for row in rows], data)
        self.grids.append((term, rows))

    def leave_out(self, rows: Iterable[Row], reason: str) -> None:
        """Record numbers that do not enter."""
        self.not_used.extend(NotUsed(row.id, row.observable, row.args, reason) for row in rows)

    def _add_gaussian(self, data: GaussianData, rows: list[Row]) -> None:
        columns = np.array([row.column for row in rows], dtype=np.intp)
        ones = np.ones(len(rows))
        above, below = data.covariance(ones), data.covariance(-ones)
        mixed = np.empty_like(above)
        for i in range(len(rows)):
            side = -ones
            side[i] = 1.0
            mixed[i] = data.covariance(side)[i]
        term = GaussianTerm(rows[0].id, columns, data.central, above, below, mixed)
        (self.symmetric if term.symmetric else self.asymmetric).append((term, rows))

    def _add_limit(self, choice: LimitChoice, row: Row) -> None:
        if isinstance(choice, str):
            self.leave_out([row], choice)
        elif isinstance(choice, Event):
            self.events.append((choice, row))
        elif choice.half_normal:
            covariance = np.array([[choice.sigma**2]])
            term = GaussianTerm.with_covariance(row.id, [row.column], np.zeros(1), covariance)
            self.symmetric.append((term, [row]))
        else:
            self.one_sided.append((choice.centre, choice.sigma, row))

    def finished(self) -> Assembly:
        """All terms as arrays."""
        events = [event for event, _ in self.events]
        event_rows = tuple(row for _, row in self.events)
        one_sided_rows = tuple(row for _, _, row in self.one_sided)
        return Assembly(
            symmetric=tuple(term for term, _ in self.symmetric),
            symmetric_rows=_flat(self.symmetric),
            asymmetric=tuple(term for term, _ in self.asymmetric),
            asymmetric_rows=_flat(self.asymmetric),
            counting=counting_terms(
                [row.column for row in event_rows],
                [event.observed for event in events],
                [event.background for event in events],
                [event.background_error for event in events],
                [event.per_event for event in events],
            ),
            counting_rows=event_rows,
            one_sided=OneSidedTerms(
                np.array([row.column for row in one_sided_rows], dtype=np.intp),
                np.array([centre for centre, _, _ in self.one_sided]),
                np.array([sigma for _, sigma, _ in self.one_sided]),
            ),
            one_sided_rows=one_sided_rows,
            grids=tuple(term for term, _ in self.grids),
            grid_rows=_flat(self.grids),
            not_used=tuple(self.not_used),
        )


def assemble(
    items: Iterable[SelectedEntry],
    column_of: Callable[[str, Arguments], int | str],
    wanted: Callable[[Entry, ObservableReference], str | None],
    limit_shape: str,
) -> Assembly:
    """Turn entries into terms.

    Parameters
    ----------
    items : iterable of selected entries
    column_of : callable
        ``column_of(observable, arguments)``: its column, or the reason why it has none.
    wanted : callable
        ``wanted(entry, observable)``: None, or the reason why the user does not want it.
    limit_shape : str
        One of `LIMIT_SHAPES`.

    Raises
    ------
    InputError
        Data that no likelihood can be made of; the message names the entry.
    """
    terms = Terms(limit_shape)
    for item in items:
        kept, rows = _usable(item, column_of, wanted, terms)
        if not kept:
            continue
        terms.add(item.entry.data.restricted(kept), rows)
    return terms.finished()


def _usable(
    item: SelectedEntry,
    column_of: Callable[[str, Arguments], int | str],
    wanted: Callable[[Entry, ObservableReference], str | None],
    terms: Terms,
) -> tuple[list[int], list[Row]]:
    kept: list[int] = []
    rows: list[Row] = []
    for index in item.indices:
        reference = item.entry.observables[index]
        problem = wanted(item.entry, reference)
        if problem is None and isinstance(item.entry.data, ExclusionData):
            # said before "no prediction": the bound would not be a term with one either
            problem = _not_a_term(item.entry.data)
        column = problem if problem is not None else column_of(reference.name, reference.args)
        if isinstance(column, str):
            terms.not_used.append(NotUsed(item.entry.id, reference.name, reference.args, column))
            continue
        kept.append(index)
        rows.append(Row(item.entry.id, reference.name, reference.args, column, index=index))
    return kept, rows


def _not_a_term(data: ExclusionData) -> Reason:
    """Why a bound is left out, with the bound itself, so that a list of what is left out can be read."""
    words = f"{bound_in_words(data.bounds[0], data.unit)}: a step under conditions, no likelihood term"
    return Reason(ReasonKind.STEP, words)


def _flat(pairs: Sequence[tuple[object, list[Row]]]) -> tuple[Row, ...]:
    return tuple(row for _, rows in pairs for row in rows)
