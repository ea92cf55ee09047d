"""A vocabulary together with the names that the vocabulary files of further folders bring, and what it says about a name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fitlq.measurements.locations import Places, existing, listed
from fitlq.measurements.shared_systematics import systematics_of_documents
from fitlq.measurements.vocabulary import MeasurementVocabulary, ObservableVocabulary, Term, aliases_of
from fitlq.measurements.vocabulary_files import terms_of_documents, vocabulary_documents
from fitlq_theory.errors import UnknownNameError

__all__ = ["is_predicted", "term_of", "with_terms_of"]


class _Extended:
    """A vocabulary with further terms; the names of the first prevail."""

    def __init__(self, base: ObservableVocabulary, terms: Mapping[str, Term], shared_systematics: Mapping[str, str]) -> None:
        self._base = base
        self.shared_systematics = shared_systematics
        self._terms = dict(terms)
        self._aliases = aliases_of(terms)

    def __contains__(self, name: str) -> bool:
        return _knows(self._base, name) or self._aliases.get(name, name) in self._terms

    def _own(self, name: str) -> Term | None:
        """The term of that name, unless the first vocabulary knows it."""
        term = self._terms.get(self._aliases.get(name, name))
        return None if term is None or _knows(self._base, name) else term

    def resolve(self, name: str) -> str:
        term = self._own(name)
        return self._base.resolve(name) if term is None else term.name

    def check_arguments(self, name: str, args: Mapping[str, Any]) -> str | None:
        term = self._own(name)
        return self._base.check_arguments(name, args) if term is None else term.check_arguments(args)

    def unit(self, name: str) -> str:
        term = self._own(name)
        return self._base.unit(name) if term is None else term.unit

    def term(self, name: str) -> Term | None:
        term = self._own(name)
        return term if term is not None else term_of(self._base, name)

    def predicted(self, name: str) -> bool:
        return self._own(name) is None and is_predicted(self._base, name)


def _knows(vocabulary: ObservableVocabulary, name: str) -> bool:
    if isinstance(vocabulary, (MeasurementVocabulary, _Extended)):
        return name in vocabulary  # without the search for similar names that an unknown one costs
    try:
        vocabulary.resolve(name)
    except UnknownNameError:
        return False
    return True


def term_of(vocabulary: ObservableVocabulary | None, name: str) -> Term | None:
    """What the vocabulary files say about a name or alias; None if they say nothing."""
    return vocabulary.term(name) if isinstance(vocabulary, (MeasurementVocabulary, _Extended)) else None


def is_predicted(vocabulary: ObservableVocabulary | None, name: str) -> bool:
    """Whether the theory layer predicts an observable, as far as the vocabulary knows."""
    if not isinstance(vocabulary, (MeasurementVocabulary, _Extended)) or name not in vocabulary:
        return False
    return vocabulary.predicted(name)


def with_terms_of(vocabulary: ObservableVocabulary | None, directories: Places) -> ObservableVocabulary | None:
    """The vocabulary with what the files ``vocabulary.yaml`` of some folders add; None stays None."""
    documents = [] if vocabulary is None else vocabulary_documents([existing(place) for place in listed(directories)])
    if vocabulary is None or not documents:
        return vocabulary
    return _Extended(
        vocabulary, terms_of_documents(documents), systematics_of_documents(documents, vocabulary.shared_systematics)
    )
