"""One entry of the database: who measured what, when, with which result, and how it relates to other entries."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from fitlq.measurements.building import build_data
from fitlq.measurements.data_forms import Data
from fitlq.measurements.stored_document import StoredDocument

__all__ = [
    "CorrelatedWith",
    "Entry",
    "ObservableReference",
    "Provenance",
    "Relations",
    "Representation",
    "Supersession",
]


@dataclass(frozen=True, slots=True)
class ObservableReference:
    """What was measured: the name of the observable and its arguments (bin edges in GeV units).

    `label` tells apart several determinations of one quantity inside an entry (a tag, a channel); a prediction does
    not see it.
    """

    name: str
    arguments: tuple[tuple[str, float | str], ...] = ()
    label: str | None = None

    @property
    def args(self) -> dict[str, float | str]:
        """The arguments as a new dictionary."""
        return dict(self.arguments)

    def __str__(self) -> str:
        inside = ", ".join(f"{key}={value:g}" if isinstance(value, float) else f"{key}={value}" for key, value in self.arguments)
        text = f"{self.name}[{inside}]" if inside else self.name
        return f"{text} ({self.label})" if self.label else text


@dataclass(frozen=True, slots=True)
class Supersession:
    """An older entry replaced by this one: all of it (`observables` None) or the observables named."""

    id: str
    observables: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class CorrelatedWith:
    """A correlation of the total errors with those of an entry of another paper; `source` says where it was published."""

    id: str
    source: str
    rho: float


@dataclass(frozen=True, slots=True)
class Relations:
    """How an entry relates to others, by id; only one direction is stored, the other is computed."""

    supersedes: tuple[Supersession, ...] = ()
    inputs: tuple[str, ...] = ()
    shares_data_with: tuple[str, ...] = ()
    independent_of: tuple[str, ...] = ()
    correlated_with: tuple[CorrelatedWith, ...] = ()


@dataclass(frozen=True, slots=True)
class Representation:
    """One of several forms of the same data set: exactly one `name` of a `group` is used."""

    group: str
    name: str
    default: bool = False


@dataclass(frozen=True, slots=True)
class Provenance:
    """How the number was checked: `level` is ``primary``, ``secondary`` or ``unverified``."""

    level: str
    how: str


@dataclass(frozen=True, eq=False)
class Entry:
    """One published result.

    Attributes
    ----------
    kind : str
        ``measurement``, ``average``, ``reinterpretation`` or ``theory``.
    date : datetime.date
        First public day; a short date stands for its last day.
    date_text : str
        The date as written in the file.
    observables : tuple of ObservableReference
    refs : mapping
        ``arxiv``, ``inspire``, ``doi``, ... as written.
    file, line : str, int or None
        Where the entry stands.
    projected : bool
        A hypothetical future result: never used unless asked for.
    off_by_default : str or None
        Why a fit uses the entry only when asked for.
    unusual : str or None
        Why something that looks like a mistake is none.
    source : mapping or StoredDocument
        The entry as it was read.
    prepared : GaussianData, ... or None
        The data, of an entry that was not read from a file.
    """

    id: str
    kind: str
    process: str
    experiment: tuple[str, ...]
    date: datetime.date
    date_text: str
    refs: Mapping[str, Any]
    observables: tuple[ObservableReference, ...]
    provenance: Provenance
    assumptions: tuple[str, ...] = ()
    relations: Relations = field(default_factory=Relations)
    representation: Representation | None = None
    dataset: tuple[Mapping[str, Any], ...] = ()
    projected: bool = False
    off_by_default: str | None = None
    unusual: str | None = None
    note: str | None = None
    file: str = ""
    line: int | None = None
    source: Mapping[str, Any] | StoredDocument = field(default_factory=dict)
    prepared: Data | None = None

    @property
    def document(self) -> Mapping[str, Any]:
        """The entry as it was read, before units and scales: what the content hash is made of."""
        return self.source.document if isinstance(self.source, StoredDocument) else self.source

    @property
    def data_header(self) -> Mapping[str, Any]:
        """The keys `type` and, where given, `unit` of the data as read."""
        return self.source.data_header if isinstance(self.source, StoredDocument) else self.source["data"]

    @cached_property
    def data(self) -> Data:
        """GaussianData, LimitData, CountingData, GridData, ExternalData or ExclusionData.

        Runs parallel to `observables`, in canonical units.
        """
        if self.prepared is not None:
            return self.prepared
        return build_data(self.document["data"], len(self.observables), self.file)

    def __repr__(self) -> str:
        more = ", ..." if len(self.observables) > 3 else ""
        return f"<Entry {self.id}: {', '.join(str(observable) for observable in self.observables[:3])}{more}>"
