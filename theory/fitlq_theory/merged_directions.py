"""Fewer directions of the inputs for the same covariance: those that act on the same observables are rotated, idle ones dropped.

A decay rate that reads twenty form-factor coefficients moves in a few combinations of them only. Rotating directions of unit
variance among each other changes no covariance; afterwards most carry nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.compiled import CompiledObservable

__all__ = ["merge_directions"]

Real = NDArray[np.float64]

# of the variance of any prediction and what it is compared with, at any sample point, dropped in one group of directions
_NEGLIGIBLE_VARIANCE = 1e-6


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
    fresh = max((*kept, *directions), default=-1) + 1
    changed: list[list[tuple[NDArray[np.intp], Real]]] = [[] for _ in compiled]
    for readers, members in _groups(compiled, kept).items():
        rows = relative[:, list(readers)][..., [position[d] for d in members]].reshape(-1, len(members))
        rotation = _rotation(rows)
        labels = np.arange(fresh, fresh + rotation.shape[1])
        fresh += rotation.shape[1]
        for i in readers:
            at = [int(np.flatnonzero(compiled[i].directions == d)[0]) for d in members]
            changed[i].append((labels, np.tensordot(rotation.T, compiled[i].derivatives[at], axes=1)))
    return tuple(_with_directions(o, changed[i], kept) for i, o in enumerate(compiled))


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


def _rotation(rows: Real) -> Real:
    """Orthonormal columns (n, m): the directions that carry all but a negligible part of the variance of every row."""
    vectors = np.linalg.eigh(rows.T @ rows)[1]  # the smallest first
    dropped = np.cumsum((rows @ vectors) ** 2, axis=1).max(axis=0, initial=0.0)
    idle = int(np.searchsorted(dropped, _NEGLIGIBLE_VARIANCE, side="right"))
    return np.asarray(vectors[:, idle:])


def _with_directions(
    observable: CompiledObservable, changed: Sequence[tuple[NDArray[np.intp], Real]], kept: Collection[int]
) -> CompiledObservable:
    stay = np.asarray([k for k, d in enumerate(observable.directions) if d in kept], dtype=np.intp)
    labels = [observable.directions[stay], *(labels for labels, _ in changed)]
    derivatives = [observable.derivatives[stay], *(array for _, array in changed)]
    return replace(observable, directions=np.concatenate(labels).astype(np.intp), derivatives=np.concatenate(derivatives))
