"""Which columns of predictions a likelihood needs, and what a user's choice of measurements means."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from fitlq.measurements.choosing import matching_names
from fitlq.measurements.entry import Entry, ObservableReference
from fitlq_theory.contracts import Parameter
from fitlq_theory.errors import InputError, UnknownNameError
from fitlq_theory.naming import unknown_name_message

if TYPE_CHECKING:
    from fitlq.likelihood.assembling import SelectedEntry
    from fitlq_theory.observables import ObservableRegistry

__all__ = ["NO_PREDICTION", "ObservableColumns", "Patterns", "PredictionsLike", "choice_of_measurements", "pattern_list"]

Real = NDArray[np.float64]
Patterns = str | Sequence[str] | None
Key = tuple[str, tuple[tuple[str, Any], ...]]

NO_PREDICTION = "no prediction"
NOT_BY_THIS_MODEL = "not predicted by this model"


class PredictionsLike(Protocol):
    """What a likelihood asks of predictions; see `fitlq_theory.predictions.Predictions`."""

    @property
    def parameters(self) -> tuple[Parameter, ...]:
        """All parameters of the model."""
        ...

    @property
    def observables(self) -> Sequence[tuple[str, Mapping[str, float]]]:
        """Canonical name and arguments of each column."""
        ...

    @property
    def sm_values(self) -> Real:
        """Standard Model predictions, (n_observables,)."""
        ...

    @property
    def sm_jacobian(self) -> Real:
        """Their derivatives along unit-variance directions, (n_observables, n_directions)."""
        ...

    @property
    def content_hash(self) -> str:
        """Fingerprint of model, observables, inputs and code."""
        ...

    def values(self, points: Real) -> Real:
        """Predictions (N, n_observables)."""
        ...

    def values_and_jacobian(self, points: Real) -> tuple[Real, Real]:
        """Predictions and derivatives along unit-variance directions."""
        ...


class ObservableColumns:
    """Collects the observables that are needed, each once, under their canonical names.

    Parameters
    ----------
    registry : ObservableRegistry or None
        Knows canonical names and aliases.
    available : sequence of (name, arguments) or None
        The columns of predictions that exist already; None: whatever the registry knows can be had.
    direct : collection of str
        What the model adds by itself; observables that only models predict are left out unless they are among these.
    """

    def __init__(
        self,
        registry: ObservableRegistry | None,
        available: Sequence[tuple[str, Mapping[str, float]]] | None,
        direct: Collection[str] = (),
    ) -> None:
        self._registry = registry
        self._direct = {self.canonical(name) for name in direct}
        self._available = None if available is None else {_key(name, args): i for i, (name, args) in enumerate(available)}
        self._columns: dict[Key, int] = {}
        self.requests: list[tuple[str, dict[str, float]]] = []

    def canonical(self, name: str) -> str:
        """The canonical name, or the name itself if nothing predicts it."""
        if self._registry is not None and name in self._registry:
            return self._registry.resolve(name).name
        return name

    def column(self, name: str, arguments: Mapping[str, Any]) -> int | str:
        """The column of an observable, newly made if need be; a reason in words if there is no prediction."""
        canonical = self.canonical(name)
        key = _key(canonical, arguments)
        if key in self._columns:
            return self._columns[key]
        if self._available is not None:
            if key not in self._available:
                return NO_PREDICTION
        elif self._registry is None or canonical not in self._registry:
            return NO_PREDICTION
        elif self._registry.resolve(canonical).only_from_models and canonical not in self._direct:
            return NOT_BY_THIS_MODEL
        else:
            self._registry.check(canonical, arguments)
        self._columns[key] = len(self.requests)
        self.requests.append((canonical, dict(arguments)))
        return self._columns[key]

    def doubt(self, name: str, arguments: Mapping[str, Any]) -> str | None:
        """Why the prediction of an observable is not to be trusted for these arguments, if so."""
        if self._registry is None or name not in self._registry:
            return None
        doubtful = self._registry.resolve(name).doubtful
        reason = doubtful(arguments) if doubtful else None
        return f"the prediction is doubtful: {reason} (used if the observable or entry is chosen by name)" if reason else None

    def positions(self, existing: Sequence[tuple[str, Mapping[str, float]]]) -> NDArray[np.intp]:
        """Where the requests stand among the columns of existing predictions."""
        where = {_key(name, args): i for i, (name, args) in enumerate(existing)}
        return np.array([where[_key(name, args)] for name, args in self.requests], dtype=np.intp)


def choice_of_measurements(
    items: Iterable[SelectedEntry],
    canonical: Callable[[str], str],
    observables: Patterns,
    exclude: Patterns,
    also_known: Iterable[str] = (),
) -> Callable[[Entry, ObservableReference], str | None]:
    """A test ``wanted(entry, observable)`` that returns None or the reason why a number is not wanted.

    Parameters
    ----------
    observables, exclude : str or sequence of str or None
        A name that exists means only itself (``R(D*)`` is no wildcard); otherwise ``*``, ``?``, ``[...]`` are wildcards.
    also_known : iterable of str
        Names that exist although nothing of that name is in play: they match nothing, but are no mistake.

    Raises
    ------
    UnknownNameError
        A pattern matches no entry id, process or observable.
    """
    if not observables and not exclude:
        return lambda _entry, _reference: None
    known = {
        name for item in items for index in item.indices for name in _names(item.entry, item.entry.observables[index], canonical)
    }
    known.update(also_known)
    kept = _matching(pattern_list(observables), known, canonical) if observables else None
    dropped = _matching(pattern_list(exclude), known, canonical)

    def wanted(entry: Entry, reference: ObservableReference) -> str | None:
        names = _names(entry, reference, canonical)
        if kept is not None and kept.isdisjoint(names):
            return "not among the observables asked for"
        return None if dropped.isdisjoint(names) else "excluded by the user"

    return wanted


def _matching(patterns: Sequence[str], known: Collection[str], canonical: Callable[[str], str]) -> frozenset[str]:
    found: set[str] = set()
    for pattern, matched in matching_names(patterns, known, canonical).items():
        if not matched:
            raise UnknownNameError(unknown_name_message("entry, process or observable", pattern, sorted(known)))
        found |= matched
    return frozenset(found)


def pattern_list(patterns: Patterns) -> list[str]:
    """The patterns one by one.

    Raises
    ------
    InputError
        A pattern that is no text.
    """
    found = [patterns] if isinstance(patterns, str) else list(patterns or ())
    for pattern in found:
        if not isinstance(pattern, str):
            msg = f"a pattern for measurements is text, found {pattern!r}"
            raise InputError(msg)
    return found


def _names(entry: Entry, reference: ObservableReference, canonical: Callable[[str], str]) -> tuple[str, ...]:
    return (entry.id, entry.process, reference.name, canonical(reference.name))


def _key(name: str, arguments: Mapping[str, Any]) -> Key:
    return name, tuple(sorted(arguments.items()))
