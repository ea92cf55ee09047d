"""Small problems whose answers are known: hand-made measurements, and predictions given by a function."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fitlq.likelihood import Likelihood
from fitlq.measurements.data_forms import Data
from fitlq.measurements.entry import Entry, ObservableReference, Provenance, Relations
from fitlq.measurements.gaussian import ErrorComponent, GaussianData
from fitlq_theory.contracts import Parameter

Real = NDArray[np.float64]


@dataclass(frozen=True)
class ToyModel:
    parameters: tuple[Parameter, ...]
    name: str = "toy"
    title: str = "a toy"
    reference: str = ""
    eft: str = "WET"
    basis: str = "flavio"
    scale: float | None = None

    def coefficients(self, points: Real) -> Mapping[str, Any]:
        del points
        return {}


@dataclass(frozen=True)
class Item:
    entry: Entry
    indices: tuple[int, ...]


@dataclass(frozen=True)
class ToyData:
    items: tuple[Item, ...]
    left_out: tuple[Any, ...] = ()
    as_of: datetime.date = datetime.date(2026, 1, 1)
    policy: str = "average"
    content_hash: str = "toy"
    warnings: tuple[str, ...] = ()

    def __iter__(self) -> Iterator[Item]:
        return iter(self.items)


@dataclass(frozen=True)
class ToyPredictions:
    """`function(points) -> (N, n_obs)`, `derivatives(points) -> (N, n_obs, n_dir)`; the Standard Model is points = 0."""

    parameters: tuple[Parameter, ...]
    names: tuple[str, ...]
    function: Callable[[Real], Real]
    derivatives: Callable[[Real], Real]
    content_hash: str = "toy predictions"
    calls: list[int] = field(default_factory=list)

    @property
    def observables(self) -> tuple[tuple[str, Mapping[str, float]], ...]:
        return tuple((name, {}) for name in self.names)

    def values(self, points: Real) -> Real:
        self.calls.append(len(points))
        return self.function(points)

    def values_and_jacobian(self, points: Real) -> tuple[Real, Real]:
        self.calls.append(len(points))
        return self.function(points), self.derivatives(points)

    @property
    def sm_values(self) -> Real:
        return self.function(np.zeros((1, len(self.parameters))))[0]

    @property
    def sm_jacobian(self) -> Real:
        return self.derivatives(np.zeros((1, len(self.parameters))))[0]


def parameter(name: str, low: float = -10.0, high: float = 10.0, default: float = 0.0, **more: Any) -> Parameter:
    return Parameter(name, name, "", low, high, default, **more)


def gaussian(
    central: Sequence[float],
    plus: Sequence[float],
    minus: Sequence[float] | None = None,
    correlation: Sequence[Sequence[float]] | None = None,
) -> GaussianData:
    up = np.array(plus, dtype=float)
    down = up if minus is None else np.array(minus, dtype=float)
    correlations = {} if correlation is None else {"total": np.array(correlation, dtype=float)}
    return GaussianData(np.array(central, dtype=float), (ErrorComponent("total", up, down),), correlations)


def entry(identifier: str, names: Sequence[str], data: Data, relations: Relations | None = None) -> Entry:
    return Entry(
        id=identifier,
        kind="measurement",
        process="toy",
        experiment=("Toy",),
        date=datetime.date(2025, 1, 1),
        date_text="2025",
        refs={},
        observables=tuple(ObservableReference(name) for name in names),
        prepared=data,
        provenance=Provenance("primary", "made up"),
        relations=relations or Relations(),
    )


def data_set(entries: Iterable[Entry]) -> ToyData:
    return ToyData(tuple(Item(one, tuple(range(len(one.observables)))) for one in entries))


def linear_predictions(
    parameters: Sequence[Parameter], names: Sequence[str], offset: Any, slope: Any, jacobian: Any = None
) -> ToyPredictions:
    """offset + points @ slope.T with a constant theory error `jacobian` (n_obs, n_dir)."""
    a, b = np.asarray(offset, dtype=float), np.asarray(slope, dtype=float)
    j = np.zeros((len(a), 1)) if jacobian is None else np.asarray(jacobian, dtype=float)
    return ToyPredictions(
        tuple(parameters),
        tuple(names),
        lambda points: a + points @ b.T,
        lambda points: np.broadcast_to(j, (len(points), *j.shape)),
    )


def likelihood(predictions: ToyPredictions, entries: Iterable[Entry], **options: Any) -> Likelihood:
    return Likelihood(ToyModel(predictions.parameters), data_set(entries), predictions=predictions, **options)
