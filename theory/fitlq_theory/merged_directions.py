"""Fewer directions of the inputs for the same covariance: those that act on the same observables are rotated, idle ones dropped.

A decay rate that reads twenty form-factor coefficients moves in a few combinations of them only. Rotating directions of unit
variance among each other changes no covariance; afterwards most carry nothing. What is left of all observables that share some
direction is rotated once more if that saves more, in the decomposition of the covariance, than full derivatives cost.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.compiled import CompiledObservable

__all__ = ["merge_directions"]

Real = NDArray[np.float64]

# of the variance of any prediction and what it is compared with, at any sample point, dropped in one group of directions
_NEGLIGIBLE_VARIANCE = 1e-6
# and in the second rotation, summed over all predictions: a bound for what any combination of independent numbers loses
_NEGLIGIBLE_SUM = 5e-4
# time of one number in the derivatives of forms (memory) over that of one in the decomposition (matrix product)
_COST_OF_DERIVATIVES = 4


@dataclass(frozen=True, slots=True, eq=False)
class _Rotation:
    """Directions `members` (n,) of the observables `readers` become the columns of `matrix` (n, m)."""

    readers: tuple[int, ...]
    members: tuple[int, ...]
    matrix: Real


def merge_directions(
    compiled: Sequence[CompiledObservable], jacobian: Real, directions: Sequence[int], kept: Collection[int], errors: Real
) -> tuple[CompiledObservable, ...]:
    """The same observables with derivatives along rotated directions, numbered anew from the largest of `kept` onwards.

    Parameters
    ----------
    compiled : sequence of CompiledObservable
    jacobian : (n_samples, n_observables, n_directions) array
        Derivatives of the predictions at sample points, to judge what matters.
    directions : sequence of int
        The directions of its last axis.
    kept : collection of int
        Directions that stay as they are.
    errors : (n_observables,) array
        Errors of what the predictions are compared with (0: unknown): theory errors far below them need not be exact.

    Raises
    ------
    ValueError
        `jacobian` has another number of observables or directions.
    """
    if jacobian.shape[1:] != (len(compiled), len(directions)):
        msg = f"jacobian has the shape {jacobian.shape}, expected (n_samples, {len(compiled)}, {len(directions)})"
        raise ValueError(msg)
    length = np.sqrt(np.einsum("nij,nij->ni", jacobian, jacobian) + errors**2)[..., None]
    relative = np.divide(jacobian, length, out=np.zeros_like(jacobian), where=length > 0)
    position = {d: k for k, d in enumerate(directions)}
    rotations = []
    for readers, members in _groups(compiled, kept).items():
        rows = relative[:, list(readers)][..., [position[d] for d in members]].reshape(-1, 1, len(members))
        rotations.append(_Rotation(readers, tuple(members), _rotation(rows, _NEGLIGIBLE_VARIANCE)))
    fresh = max((*kept, *directions), default=-1) + 1
    changed: list[list[tuple[NDArray[np.intp], Real]]] = [[] for _ in compiled]
    for parts in _sharing_observables(rotations):
        for rotation in _together(parts, compiled, relative, position):
            labels = np.arange(fresh, fresh + rotation.matrix.shape[1])
            fresh += len(labels)
            for i in rotation.readers:
                changed[i].append((labels, _rotated(compiled[i], rotation)))
    return tuple(_with_directions(o, changed[i], kept) for i, o in enumerate(compiled))


def _rotated(observable: CompiledObservable, rotation: _Rotation) -> Real:
    """Derivatives along the columns of the rotation; those of `members` the observable does not read vanish."""
    place = {int(d): k for k, d in enumerate(observable.directions)}
    read = [k for k, d in enumerate(rotation.members) if d in place]
    along = observable.derivatives[[place[rotation.members[k]] for k in read]]
    return np.tensordot(rotation.matrix[read].T, along, axes=1)


def _sharing_observables(rotations: Sequence[_Rotation]) -> list[list[_Rotation]]:
    """Rotations sorted into sets without a common observable."""
    sets: list[tuple[set[int], list[_Rotation]]] = []
    for rotation in rotations:
        readers, parts = set(rotation.readers), [rotation]
        apart = []
        for others, rest in sets:
            if readers.isdisjoint(others):
                apart.append((others, rest))
            else:
                readers |= others
                parts = [*rest, *parts]
        sets = [*apart, (readers, parts)]
    return [parts for _, parts in sets]


def _together(
    parts: list[_Rotation], compiled: Sequence[CompiledObservable], relative: Real, position: Mapping[int, int]
) -> list[_Rotation]:
    """One rotation in place of all `parts` if it is worth its cost."""
    readers = sorted({i for part in parts for i in part.readers})
    rows = [relative[:, readers][..., [position[d] for d in part.members]] @ part.matrix for part in parts]
    second = _rotation(np.concatenate(rows, axis=2), _NEGLIGIBLE_SUM)
    before, after = second.shape
    added = sum(
        (after - sum(part.matrix.shape[1] for part in parts if i in part.readers)) * compiled[i].forms.size for i in readers
    )
    if len(readers) * (before**2 - after**2) <= _COST_OF_DERIVATIVES * added or before == after:
        return parts
    cuts = np.cumsum([part.matrix.shape[1] for part in parts])[:-1]
    matrix = np.concatenate([part.matrix @ block for part, block in zip(parts, np.split(second, cuts), strict=True)])
    return [_Rotation(tuple(readers), tuple(d for part in parts for d in part.members), matrix)]


def _groups(compiled: Sequence[CompiledObservable], kept: Collection[int]) -> dict[tuple[int, ...], list[int]]:
    """Directions by the observables that read them."""
    readers: dict[int, list[int]] = {}
    for i, observable in enumerate(compiled):
        for direction in observable.directions:
            if direction not in kept:
                readers.setdefault(int(direction), []).append(i)
    groups: dict[tuple[int, ...], list[int]] = {}
    for direction, by in sorted(readers.items()):
        groups.setdefault(tuple(by), []).append(direction)
    return groups


def _rotation(rows: Real, negligible: float) -> Real:
    """Orthonormal columns (n, m): all directions but those whose sum of squares over the middle axis of `rows` (N, k, n) is
    `negligible` at each of N samples."""
    flat = rows.reshape(rows.shape[0] * rows.shape[1], rows.shape[2])
    vectors = np.linalg.eigh(flat.T @ flat)[1]  # the smallest first
    dropped = np.cumsum(((rows @ vectors) ** 2).sum(axis=1), axis=1).max(axis=0, initial=0.0)
    idle = int(np.searchsorted(dropped, negligible, side="right"))
    return np.asarray(vectors[:, idle:])


def _with_directions(
    observable: CompiledObservable, changed: Sequence[tuple[NDArray[np.intp], Real]], kept: Collection[int]
) -> CompiledObservable:
    stay = np.asarray([k for k, d in enumerate(observable.directions) if d in kept], dtype=np.intp)
    labels = [observable.directions[stay], *(labels for labels, _ in changed)]
    derivatives = [observable.derivatives[stay], *(array for _, array in changed)]
    return replace(observable, directions=np.concatenate(labels).astype(np.intp), derivatives=np.concatenate(derivatives))
