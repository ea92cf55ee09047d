"""Changes that belong together: the numbers that the same new entries took over from the same old ones, and their joint shift."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fitlq.measurements.dataset import Dataset
from fitlq.measurements.differences import Change, Use, uses_by_quantity
from fitlq.measurements.entry import Entry
from fitlq.measurements.family import Quantity
from fitlq.measurements.gaussian import GaussianData

__all__ = ["ChangeSet", "change_sets"]

Real = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ChangeSet:
    """Changes of one kind, from the same old entries to the same new ones.

    Attributes
    ----------
    changes : tuple of Change
    chi2 : float or None
        Size of the joint shift d = new - old in the covariance C of the old numbers, d C^-1 d; None for a single number, or
        unless all numbers before and after are Gaussian. Numbers of several entries are combined first, without correlations
        between entries. The ndof is the number of changes.
    """

    changes: tuple[Change, ...]
    chi2: float | None


def change_sets(changes: Sequence[Change], old: Dataset, new: Dataset) -> tuple[ChangeSet, ...]:
    """Put changes together that have process, kind and entries in common, in the order in which they first occur."""
    groups: dict[tuple[object, ...], list[Change]] = {}
    for change in changes:
        groups.setdefault((change.process, change.kind, change.old_ids, change.new_ids), []).append(change)
    before, after = uses_by_quantity(old), uses_by_quantity(new)
    found = []
    for group in groups.values():
        quantities = [(new.canonical(change.observable), change.arguments) for change in group]
        chi2 = None if len(group) == 1 else _joint_shift(quantities, before, after)
        found.append(ChangeSet(tuple(group), chi2))
    return tuple(found)


def _joint_shift(
    quantities: Sequence[Quantity], before: Mapping[Quantity, list[Use]], after: Mapping[Quantity, list[Use]]
) -> float | None:
    one, other = _combined(quantities, before), _combined(quantities, after)
    if one is None or other is None:
        return None
    shift = other[0] - one[0]
    scale = np.sqrt(np.diag(one[1]))
    correlation = one[1] / np.outer(scale, scale)
    try:
        return float(shift / scale @ np.linalg.solve(correlation, shift / scale))
    except np.linalg.LinAlgError:
        return None


def _combined(quantities: Sequence[Quantity], uses: Mapping[Quantity, list[Use]]) -> tuple[Real, Real] | None:
    """Values and covariance of quantities from all Gaussian entries in use; None if another kind is among them."""
    positions: dict[str, tuple[Entry, list[tuple[int, int]]]] = {}
    for column, quantity in enumerate(quantities):
        for entry, index in uses.get(quantity, ()):
            positions.setdefault(entry.id, (entry, []))[1].append((index, column))
    n = len(quantities)
    parts = [_part(entry, pairs, n) for entry, pairs in positions.values()]
    if not parts or any(part is None for part in parts):
        return None
    if len(parts) == 1 and parts[0] is not None and np.array_equal(parts[0][2], np.eye(n)):
        return parts[0][0], parts[0][1]
    return _least_squares([part for part in parts if part is not None])


def _part(entry: Entry, pairs: Sequence[tuple[int, int]], n: int) -> tuple[Real, Real, Real] | None:
    """Values, covariance, and the matrix from quantities to values, of the numbers of one entry."""
    if not isinstance(entry.data, GaussianData):
        return None
    data = entry.data.restricted([index for index, _ in pairs])
    design = np.zeros((len(pairs), n))
    design[np.arange(len(pairs)), [column for _, column in pairs]] = 1.0
    return data.central, data.covariance(), design


def _least_squares(parts: Sequence[tuple[Real, Real, Real]]) -> tuple[Real, Real] | None:
    n = parts[0][2].shape[1]
    # quantities of very different size in one matrix: each in units of its error
    scale = np.full(n, np.inf)
    for _, covariance, design in parts:
        scale = np.minimum(scale, np.where(design > 0, np.sqrt(np.diag(covariance))[:, None], np.inf).min(axis=0))
    information, weighted = np.zeros((n, n)), np.zeros(n)
    try:
        for central, covariance, design in parts:
            unit = design @ scale
            weight = design.T @ np.linalg.inv(covariance / np.outer(unit, unit))
            information += weight @ design
            weighted += weight @ (central / unit)
        combined = np.linalg.inv(information)
    except np.linalg.LinAlgError:
        return None
    return scale * (combined @ weighted), np.outer(scale, scale) * combined
