"""Which names a measurement file may use: what the theory layer predicts, and what is measured without a prediction."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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
    """A quantity that is measured and may have no prediction.

    Attributes
    ----------
    name, unit, meaning : str
    aliases : tuple of str
        Other names of it.
    arguments : mapping
        Keys that `args` may hold, and the range of their values (None: any), e.g. the phase space of a bin edge.
    """

    name: str
    unit: str
    meaning: str
    aliases: tuple[str, ...] = ()
    arguments: Mapping[str, tuple[float, float] | None] = field(default_factory=dict)

    def check_arguments(self, args: Mapping[str, Any]) -> str | None:
        """The reason why `args` cannot belong to it, or None."""
        unknown = [key for key in args if key not in self.arguments]
        if unknown:
            allowed = ", ".join(self.arguments) or "none"
            return f"{self.name} takes no argument {', '.join(map(repr, unknown))} (allowed: {allowed})"
        for key, value in args.items():
            ends = self.arguments[key]
            if ends is not None and not isinstance(value, str) and not ends[0] <= value <= ends[1]:
                return f"{self.name}: {key} = {value:g} is outside {ends[0]:g} to {ends[1]:g}"
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
        self._term_aliases = _aliases(self._terms)
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

    def predicted(self, name: str) -> bool:
        """Whether the theory layer predicts it."""
        return self.resolve(name) in self._observables

    @property
    def terms(self) -> Mapping[str, Term]:
        """The quantities of the files ``vocabulary.yaml`` by name, with a prediction or without."""
        return self._terms

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
        self._aliases = _aliases(terms)

    def _term(self, name: str) -> Term | None:
        return self._terms.get(self._aliases.get(name, name))

    def resolve(self, name: str) -> str:
        try:
            return self._base.resolve(name)
        except UnknownNameError:
            term = self._term(name)
            if term is not None:
                return term.name
            raise

    def check_arguments(self, name: str, args: Mapping[str, Any]) -> str | None:
        try:
            return self._base.check_arguments(name, args)
        except UnknownNameError:
            term = self._term(name)
            if term is not None:
                return term.check_arguments(args)
            raise

    def unit(self, name: str) -> str:
        try:
            return self._base.unit(name)
        except UnknownNameError:
            term = self._term(name)
            if term is not None:
                return term.unit
            raise


def _aliases(terms: Mapping[str, Term]) -> dict[str, str]:
    return {alias: term.name for term in terms.values() for alias in term.aliases}


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
    found: list[Term] = []
    problems: list[Diagnostic] = []
    for index, item in enumerate(document["terms"]):
        problem = _problem(item)
        if problem is None:
            found.extend(_terms(item))
        else:
            problems.append(Diagnostic(file, None, None, f"terms[{index}]", f"{problem}; found {item!r}"))
    problems.extend(_repeated(file, found))
    if problems:
        raise MeasurementError(problems)
    return found


def _repeated(file: str, terms: Sequence[Term]) -> list[Diagnostic]:
    counts = Counter(name for term in terms for name in (term.name, *term.aliases))
    return [Diagnostic(file, None, None, "terms", f"the name {name!r} is given twice") for name, n in counts.items() if n > 1]


def _terms(item: Mapping[str, Any]) -> list[Term]:
    given = item.get("arguments", {})
    ranges = dict.fromkeys(given) if isinstance(given, list) else given
    arguments = {key: None if ends is None else (float(ends[0]), float(ends[1])) for key, ends in ranges.items()}
    names = [item["name"]] if "name" in item else item["names"]
    aliases = tuple(item.get("aliases", ()))
    return [Term(name, str(item["unit"]), item["meaning"], aliases, arguments) for name in names]


def _problem(item: Any) -> str | None:
    """Why an item of the list is not a term, or None."""
    if not isinstance(item, dict) or ("name" in item) == ("names" in item) or not {"unit", "meaning"} <= set(item):
        return "needs name (or a list names), unit, meaning"
    unknown = set(item) - {"name", "names", "unit", "meaning", "aliases", "arguments"}
    if unknown:
        return f"unknown key {sorted(unknown)[0]!r} (allowed: name, names, unit, meaning, aliases, arguments)"
    names, aliases = item.get("names", [item.get("name")]), item.get("aliases", [])
    texts = [*names, item["meaning"], *aliases] if isinstance(names, list) and isinstance(aliases, list) else [None]
    if not all(isinstance(text, str) and text for text in texts):
        return "name, names, aliases and meaning must be text"
    if aliases and len(names) > 1:
        return "aliases belong to one name, not to several"
    arguments = item.get("arguments", [])
    if isinstance(arguments, dict) and all(_is_range(ends) for ends in arguments.values()):
        return None
    if isinstance(arguments, list) and all(isinstance(name, str) for name in arguments):
        return None
    return "arguments must be a list of names, or a mapping of names to [lowest, highest]"


def _is_range(ends: Any) -> bool:
    if ends is None:
        return True
    numbers = isinstance(ends, list) and len(ends) == 2 and all(isinstance(end, (int, float)) for end in ends)
    return numbers and ends[0] < ends[1]
