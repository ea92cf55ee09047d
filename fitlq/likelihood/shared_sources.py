"""Covariance between two entries from sources of systematic errors that both name.

A source moves numbers of one observable together in all entries: the covariance is the product of the errors with their signs.
For two different observables it is that product times a correlation: the one that the entries state inside themselves (the mean,
where the two state different ones), and 1 if neither entry holds both observables. If all entries state the same correlations
this is exactly one common source; if not, the mean is the rule of the averages of HFLAV ("full" correlation, strategy "average").
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from fitlq.measurements.gaussian import SystematicSource

__all__ = ["cross_covariance", "shared_names"]

Real = NDArray[np.float64]


def shared_names(first: Sequence[SystematicSource], second: Sequence[SystematicSource]) -> list[str]:
    """Names of the sources that two entries share, sorted."""
    return sorted({one.name for one in first if one.shared} & {one.name for one in second if one.shared})


def cross_covariance(
    first: Sequence[SystematicSource],
    second: Sequence[SystematicSource],
    first_quantities: Sequence[Hashable],
    second_quantities: Sequence[Hashable],
) -> Real:
    """Covariance of the numbers of one entry with those of another.

    Parameters
    ----------
    first, second : sequence of SystematicSource
        All sources of each entry; those that are not shared do not matter.
    first_quantities, second_quantities : sequences of hashable
        What each number of the entries measures: equal for the same observable with the same arguments. Of all numbers of the
        entries, used or not, as what is left out still tells how a source acts.

    Returns
    -------
    (n_first, n_second) array
    """
    same = np.array([[one == other for other in second_quantities] for one in first_quantities], dtype=np.float64)
    here = {source.name: source for source in first}
    there = {source.name: source for source in second}
    total = np.zeros(same.shape)
    for name in shared_names(first, second):
        relation = _relation(here[name].correlation, there[name].correlation, same)
        total += relation * np.outer(here[name].errors, there[name].errors)
    return total


def _relation(first: Real, second: Real, same: Real) -> Real:
    """How a source relates numbers of two entries: the mean of what the entries state, 1 where they state nothing."""
    here, known_here = _stated(first, same)
    there, known_there = (array.T for array in _stated(second, same.T))
    count = known_here + known_there
    mean = (known_here * here + known_there * there) / np.maximum(count, 1.0)
    return np.where((same > 0) | (count == 0), 1.0, mean)


def _stated(correlation: Real, same: Real) -> tuple[Real, Real]:
    """What an entry states about its numbers (rows) and the observables of another one (columns), and 1 where it does so.

    Several numbers of the entry may measure what one of the other measures: the mean is taken.
    """
    count = same.sum(axis=0)
    known = np.broadcast_to((count > 0).astype(np.float64), same.shape)
    return correlation @ same / np.maximum(count, 1.0), known
