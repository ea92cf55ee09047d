"""Which measurements a model can move at all: the others would only cost time and dilute the goodness of fit.

The effect of a model on a number is the largest change of its prediction, anywhere in the ranges of the free parameters,
from that of the Standard Model, in units of the experimental error. Numbers of one entry stay together, as they are
correlated: an entry is used if the model moves one of its numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from fitlq.likelihood.assembling import Assembly, Row
from fitlq.likelihood.columns import PredictionsLike
from fitlq.likelihood.parameters import FreeParameters

__all__ = ["effects_by_entry", "errors_of_numbers"]

Real = NDArray[np.float64]

_SEED = 11
_INSIDE, _CORNERS = 64, 64  # points inside the ranges, and corners of them, where effects of products are largest


def effects_by_entry(assembly: Assembly, free: FreeParameters, predictions: PredictionsLike) -> dict[str, float]:
    """The largest effect on a number of each entry, in units of the experimental error.

    Parameters
    ----------
    assembly : Assembly
        Its rows are the columns of `predictions`.
    free : FreeParameters
        At least one of them is free.
    predictions : PredictionsLike
    """
    generator = np.random.default_rng(_SEED)
    count = len(free.free)
    inside = generator.random((_INSIDE, count))
    corners = generator.integers(0, 2, (_CORNERS, count)).astype(np.float64)
    points = free.lower + (free.upper - free.lower) * np.concatenate([inside, corners])
    values = predictions.values(free.embed(points))
    effects: dict[str, float] = defaultdict(float)
    change = _largest(np.abs(values - predictions.sm_values))
    for row, error in errors_of_numbers(assembly):
        effects[row.id] = max(effects[row.id], float(change[row.column]) / error)
    for term in assembly.grids:
        # half of the change of -2 ln L is what a shift by as many standard deviations does at one standard deviation
        heights = term.interpolate(np.concatenate([predictions.sm_values[None], values])[:, term.columns])
        effects[term.id] = max(effects[term.id], 0.5 * float(_largest(heights - heights.min())))
    return dict(effects)


def _largest(changes: Real) -> Real:
    """Largest of each column; infinite where one is not a number: such an entry stays, and the likelihood names it."""
    return np.asarray(np.where(np.isnan(changes), np.inf, changes).max(axis=0))


def errors_of_numbers(assembly: Assembly) -> Iterator[tuple[Row, float]]:
    """Each number that is no grid, and its experimental error."""
    for terms, rows in (
        (assembly.symmetric, assembly.symmetric_rows),
        (assembly.asymmetric, assembly.asymmetric_rows),
    ):
        errors = [float(error) for term in terms for error in term.errors]
        yield from zip(rows, errors, strict=True)
    yield from zip(assembly.counting_rows, map(float, assembly.counting.per_event), strict=True)
    yield from zip(assembly.one_sided_rows, map(float, assembly.one_sided.sigma), strict=True)
