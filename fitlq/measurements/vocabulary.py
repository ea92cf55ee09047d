"""Which names a measurement file may use: what the theory layer predicts, and what is measured without a prediction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol

from fitlq.measurements.locations import Places, layers
from fitlq.measurements.shared_systematics import systematics_of_documents
from fitlq.measurements.vocabulary_files import Term, terms_of_documents, vocabulary_documents
from fitlq_theory.errors import InputError, UnknownNameError
from fitlq_theory.naming import unknown_name_message

__all__ = ["MeasurementVocabulary", "ObservableVocabulary", "PredictedObservable", "Term", "aliases_of", "load_terms"]


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

    @property
    def shared_systematics(self) -> Mapping[str, str]:
        """Sources of systematic errors that entries may share: name -> meaning."""
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


class MeasurementVocabulary:
    """The names of predicted observables and of measured quantities without a prediction.

    A name that has both is a predicted one.

    Parameters
    ----------
    observables : iterable of PredictedObservable
        E.g. everything in the theory layer's registry.
    terms : mapping, optional
        Name -> `Term`; those of the shipped vocabulary when None.
    shared_systematics : mapping, optional
        Name -> meaning; those of the shipped vocabulary when None.
    """

    def __init__(
        self,
        observables: Iterable[PredictedObservable] = (),
        terms: Mapping[str, Term] | None = None,
        shared_systematics: Mapping[str, str] | None = None,
    ) -> None:
        documents = vocabulary_documents(layers()) if terms is None or shared_systematics is None else []
        self._terms = terms_of_documents(documents) if terms is None else dict(terms)
        self._systematics = systematics_of_documents(documents) if shared_systematics is None else dict(shared_systematics)
        self._term_aliases = aliases_of(self._terms)
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
        if name in self._term_aliases:
            # a term that has got a prediction keeps its aliases
            return self.resolve(self._term_aliases[name])
        known = [*self._observables, *self._aliases, *self._terms, *self._term_aliases]
        raise UnknownNameError(unknown_name_message("observable", name, known))

    def __contains__(self, name: str) -> bool:
        return any(name in names for names in (self._observables, self._aliases, self._terms, self._term_aliases))

    def predicted(self, name: str) -> bool:
        """Whether the theory layer predicts it."""
        return self.resolve(name) in self._observables

    def term(self, name: str) -> Term | None:
        """What the vocabulary files say about a name or alias; None if they say nothing."""
        return self._terms.get(self._term_aliases.get(name, name))

    @property
    def terms(self) -> Mapping[str, Term]:
        """The quantities of the files ``vocabulary.yaml`` by name, with a prediction or without."""
        return self._terms

    @property
    def shared_systematics(self) -> Mapping[str, str]:
        """Sources of systematic errors that entries may share: name -> meaning."""
        return self._systematics

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


def aliases_of(terms: Mapping[str, Term]) -> dict[str, str]:
    """Each alias of some terms, and the name it stands for."""
    return {alias: term.name for term in terms.values() for alias in term.aliases}


def load_terms(directories: Places = ()) -> dict[str, Term]:
    """The quantities listed in the files ``vocabulary.yaml`` of the shipped and the user's folders.

    Raises
    ------
    MeasurementError
        A file is malformed.
    """
    return terms_of_documents(vocabulary_documents(layers(directories)))
