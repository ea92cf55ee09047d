"""What fitlq knows about the observables of another file: units, arguments, processes; and what it does not know."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from fitlq.importing.pieces import Observable
from fitlq.measurements.entry import Entry
from fitlq.measurements.units import CANONICAL_UNITS
from fitlq.measurements.vocabulary import MeasurementVocabulary, ObservableVocabulary

__all__ = ["IMPORTED_PROCESS", "Names"]

IMPORTED_PROCESS = "imported"
"""The process of entries none of whose observables stands in the database."""

_UNKNOWN_UNIT = "not stated"


class Names:
    """Looks names up, and remembers those that are unknown.

    Parameters
    ----------
    vocabulary : MeasurementVocabulary
    database : iterable of Entry
        Entries whose processes are the example for new ones.

    Attributes
    ----------
    tolerant : ObservableVocabulary
        A vocabulary to which every name is known: those that are unknown stand for themselves.
    """

    def __init__(self, vocabulary: MeasurementVocabulary, database: Iterable[Entry]) -> None:
        self.vocabulary = vocabulary
        self.tolerant: ObservableVocabulary = _Tolerant(vocabulary)
        self._processes: dict[str, Counter[str]] = defaultdict(Counter)
        self._unknown: dict[str, set[str]] = {}
        self._stated_units: dict[str, str] = {}
        for entry in database:
            for observable in entry.observables:
                self._processes[self.canonical(observable.name)][entry.process] += 1

    def canonical(self, name: str) -> str:
        """The canonical name; the name itself if it is unknown."""
        return self.tolerant.resolve(name)

    def known(self, observable: Observable) -> bool:
        """Whether the theory layer or the vocabulary knows the name; if not, it is remembered with its arguments."""
        known = observable.name in self.vocabulary
        if not known:
            self._unknown.setdefault(observable.name, set()).update(observable.args)
        return known

    def problem(self, observable: Observable, natural_units: bool = False) -> str | None:
        """Why a known observable cannot be as it is written, or None.

        With `natural_units` its number comes in powers of GeV, and a quantity in cm2 or e cm cannot.
        """
        if not self.known(observable):
            return None
        reason = self.vocabulary.check_arguments(observable.name, observable.args)
        unit = self.unit(observable)
        if reason is None and natural_units and unit in ("cm2", "e cm"):
            return f"is in {unit} here and in natural units there"
        return reason

    def unit(self, observable: Observable) -> str:
        """The unit that the number has in the files; ``1`` for pure numbers and for what is unknown."""
        unit = self.vocabulary.unit(observable.name) if self.known(observable) else ""
        return CANONICAL_UNITS.get(unit, "1") if unit not in ("", "rad") else "1"

    def state_unit(self, name: str, unit: str) -> None:
        """Remember the unit that the source states for an observable, for the vocabulary of unknown names."""
        self._stated_units[name] = CANONICAL_UNITS.get(unit, unit)

    def process(self, observables: Sequence[Observable]) -> str:
        """The process under which most of the observables stand in the database, or `IMPORTED_PROCESS`."""
        found: Counter[str] = Counter()
        for observable in observables:
            most = self._processes.get(self.canonical(observable.name))
            if most:
                found[min(most, key=lambda name: (-most[name], name))] += 1
        return min(found, key=lambda name: (-found[name], name)) if found else IMPORTED_PROCESS

    @property
    def unknown(self) -> tuple[str, ...]:
        """The unknown names met so far, sorted."""
        return tuple(sorted(self._unknown))

    def vocabulary_document(self, source: str) -> dict[str, Any] | None:
        """The content of a ``vocabulary.yaml`` for the unknown names, None if there are none."""
        if not self._unknown:
            return None
        terms: list[Mapping[str, Any]] = []
        for name in self.unknown:
            unit = self._stated_units.get(name, _UNKNOWN_UNIT)
            term: dict[str, Any] = {"name": name, "unit": unit, "meaning": f"as in {source}; not explained there"}
            arguments = sorted(self._unknown[name])
            terms.append({**term, "arguments": arguments} if arguments else term)
        return {"schema": "fitlq-vocabulary/1", "terms": terms}


class _Tolerant:
    def __init__(self, base: MeasurementVocabulary) -> None:
        self._base = base
        self.shared_systematics = base.shared_systematics

    def resolve(self, name: str) -> str:
        return self._base.resolve(name) if name in self._base else name

    def check_arguments(self, name: str, args: Mapping[str, Any]) -> str | None:
        return self._base.check_arguments(name, args) if name in self._base else None

    def unit(self, name: str) -> str:
        return self._base.unit(name) if name in self._base else _UNKNOWN_UNIT
