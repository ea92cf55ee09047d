"""Which names a measurement file may use: what the theory layer predicts, and what is measured without a prediction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from fitlq.measurements.diagnostics import Diagnostic, MeasurementError, unreadable_file
from fitlq.measurements.locations import Folder, Places, existing, layers, listed, vocabulary_files
from fitlq_theory.errors import InputError, UnknownNameError
from fitlq_theory.naming import unknown_name_message
from fitlq_theory.strict_yaml import load_yaml

__all__ = ["MeasurementVocabulary", "ObservableVocabulary", "PredictedObservable", "Term", "load_terms", "with_terms_of"]

_SCHEMA = "fitlq-vocabulary/1"


class ObservableVocabulary(Protocol):
    """What the database asks about observables; it knows no physics itself."""

    def resolve(self, name: str) -> str:
        """The canonical name; raises `UnknownNameError` for a name nobody knows."""
        ...

    def check_arguments(self, name: str, args: Mapping[str, Any]) -> str | None:
        """Why these arguments are impossible (unknown, missing, outside phase space), or None."""
        ...

    def unit(self, name: str) -> str:
        """Unit of the quantity as the fit sees it (or as a term states it); empty for a pure number."""
        ...


class PredictedObservable(Protocol):
    """The part of the theory layer's `Observable` that is used here."""

    @property
    def name(self) -> str:
        """Canonical name."""
        ...

    @property
    def aliases(self) -> tuple[str, ...]:
        """Other names."""
        ...

    @property
    def unit(self) -> str:
        """Unit of its values; empty for a pure number."""
        ...

    def check_arguments(self, arguments: Mapping[str, Any]) -> None:
        """Raise `InputError` for arguments the observable cannot have."""
        ...


@dataclass(frozen=True, slots=True)
class Term:
    """A quantity that is measured and may have no prediction; `arguments` are the keys that `args` may hold."""

    name: str
    unit: str
    meaning: str
    arguments: tuple[str, ...] = ()

    def check_arguments(self, args: Mapping[str, Any]) -> str | None:
        """The reason why `args` cannot belong to it, or None."""
        unknown = [key for key in args if key not in self.arguments]
        if unknown:
            allowed = ", ".join(self.arguments) or "none"
            return f"{self.name} takes no argument {', '.join(map(repr, unknown))} (allowed: {allowed})"
        return None


class MeasurementVocabulary:
    """The names of predicted observables and of measured quantities without a prediction.

    A name that has both is a predicted one.

    Parameters
    ----------
    observables : iterable of PredictedObservable
        E.g. everything in the theory layer's registry.
    terms : mapping, optional
        Name -> `Term`; the shipped ``vocabulary.yaml`` when None.
    """

    def __init__(self, observables: Iterable[PredictedObservable] = (), terms: Mapping[str, Term] | None = None) -> None:
        self._terms = dict(load_terms() if terms is None else terms)
        self._observables = {observable.name: observable for observable in observables}
        self._aliases = {alias: o.name for o in self._observables.values() for alias in o.aliases}

    def resolve(self, name: str) -> str:
        """The canonical name of an observable, an alias or a term.

        Raises
        ------
        UnknownNameError
            With the nearest names that exist.
        """
        if name in self._observables:
            return name
        if name in self._aliases:
            return self._aliases[name]
        if name in self._terms:
            return name
        raise UnknownNameError(unknown_name_message("observable", name, [*self._observables, *self._aliases, *self._terms]))

    def predicted(self, name: str) -> bool:
        """Whether the theory layer predicts it."""
        return name in self._observables or name in self._aliases

    def check_arguments(self, name: str, args: Mapping[str, Any]) -> str | None:
        """The reason why `args` cannot belong to `name`, or None."""
        canonical = self.resolve(name)
        if canonical not in self._observables:
            return self._terms[canonical].check_arguments(args)
        try:
            self._observables[canonical].check_arguments(args)
        except InputError as error:
            return str(error)
        return None

    def unit(self, name: str) -> str:
        """Unit of a predicted observable, or of a term as it states it."""
        canonical = self.resolve(name)
        known = self._observables.get(canonical)
        return self._terms[canonical].unit if known is None else known.unit


class _Extended:
    """A vocabulary with further terms; the names of the first prevail."""

    def __init__(self, base: ObservableVocabulary, terms: Mapping[str, Term]) -> None:
        self._base = base
        self._terms = dict(terms)

    def resolve(self, name: str) -> str:
        try:
            return self._base.resolve(name)
        except UnknownNameError:
            if name in self._terms:
                return name
            raise

    def check_arguments(self, name: str, args: Mapping[str, Any]) -> str | None:
        try:
            return self._base.check_arguments(name, args)
        except UnknownNameError:
            if name in self._terms:
                return self._terms[name].check_arguments(args)
            raise

    def unit(self, name: str) -> str:
        try:
            return self._base.unit(name)
        except UnknownNameError:
            if name in self._terms:
                return self._terms[name].unit
            raise


def with_terms_of(vocabulary: ObservableVocabulary | None, directories: Places) -> ObservableVocabulary | None:
    """The vocabulary with what the files ``vocabulary.yaml`` of some folders add; None stays None."""
    terms = {} if vocabulary is None else _terms_of([existing(place) for place in listed(directories)])
    return _Extended(vocabulary, terms) if vocabulary is not None and terms else vocabulary


def load_terms(directories: Places = ()) -> dict[str, Term]:
    """The quantities listed in the files ``vocabulary.yaml`` of the shipped and the user's folders.

    Raises
    ------
    MeasurementError
        A file is malformed.
    """
    return _terms_of(layers(directories))


def _terms_of(folders: Sequence[Folder]) -> dict[str, Term]:
    terms: dict[str, Term] = {}
    for layer in folders:
        for name, file in vocabulary_files(layer):
            terms.update({term.name: term for term in _read(name, _text(name, file))})
    return terms


def _text(name: str, file: Folder) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise MeasurementError([Diagnostic(name, None, None, None, "is not UTF-8 text")]) from None


def _read(file: str, text: str) -> list[Term]:
    try:
        document = load_yaml(text, file)
    except InputError as error:
        raise MeasurementError([unreadable_file(file, error)]) from None
    if not isinstance(document, dict) or document.get("schema") != _SCHEMA or not isinstance(document.get("terms"), list):
        message = f"must start with 'schema: {_SCHEMA}' and hold a list 'terms'"
        raise MeasurementError([Diagnostic(file, None, None, None, message)])
    faulty = [(index, item) for index, item in enumerate(document["terms"]) if not _is_term(item)]
    if faulty:
        raise MeasurementError(
            Diagnostic(
                file,
                None,
                None,
                f"terms[{index}]",
                f"needs name, unit, meaning, may have a list arguments; found {item!r}",
            )
            for index, item in faulty
        )
    return [
        Term(item["name"], str(item["unit"]), item["meaning"], tuple(item.get("arguments", ()))) for item in document["terms"]
    ]


def _is_term(item: Any) -> bool:
    return (
        isinstance(item, dict)
        and {"name", "unit", "meaning"} <= set(item) <= {"name", "unit", "meaning", "arguments"}
        and isinstance(item["name"], str)
        and isinstance(item["meaning"], str)
        and isinstance(item.get("arguments", []), list)
    )
