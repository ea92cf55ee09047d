"""The hot path: values of many compiled observables at many points, and their derivatives along the input directions.

No Python loop over points or observables. All monomials x_i x_j that occur are formed at once and multiplied with one matrix
of forms. Observables that read the same coefficients make a block; the derivatives of a block are one more product. Those
that are no product of powers of forms are grouped by the function they are.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.compiled import CompiledObservable
from fitlq_theory.contracts import Combination
from fitlq_theory.quadratic_forms import monomial_indices

__all__ = ["BlockSource", "Predictor"]

Real = NDArray[np.float64]
Index = NDArray[np.intp]

# forms times directions that a block may hold in vain before it is divided: another block costs about as much as this
_WORTH_DIVIDING = 20_000


@dataclass(frozen=True, slots=True)
class BlockSource:
    """Observables that read the same coefficient vector.

    Attributes
    ----------
    columns : tuple of int
        Their columns among all observables.
    observables : tuple of CompiledObservable
    positions : mapping of int to int
        Component of the coefficient vector -> its column in the argument of `Predictor`; component 0 is column 0.
    """

    columns: tuple[int, ...]
    observables: tuple[CompiledObservable, ...]
    positions: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class _Group:
    """Columns (n,) that are the same function of their forms (n, K)."""

    combination: Combination
    columns: Index
    forms: Index


@dataclass(frozen=True, slots=True)
class _Block:
    columns: Index
    left: Index  # (M,) monomials x_left x_right
    right: Index
    forms: Real  # (M, K); the last form is the constant 1
    numerator: Index  # (n,) form with power 1
    factors: Index  # (S, n) other forms
    powers: Real  # (S, n)
    directions: Index  # (J,)
    derivatives: Real  # (M, K J)
    groups: tuple[_Group, ...]  # columns among those of the block, forms among those of the block


class Predictor:
    """Evaluates all observables.

    Parameters
    ----------
    sources : sequence of BlockSource
        Together they have every column exactly once.
    shifted : sequence of int
        Directions of the inputs along which the coefficients themselves change.

    Attributes
    ----------
    directions : tuple of int
        Directions of the inputs that matter: the last axis of the derivatives.
    """

    def __init__(self, sources: Sequence[BlockSource], shifted: Sequence[int] = ()) -> None:
        self._blocks = tuple(_build_block(part) for source in sources for part in _divided(source))
        count = sum(len(block.columns) for block in self._blocks)
        slots = max((len(block.factors) for block in self._blocks), default=0)
        self._left = np.concatenate([block.left for block in self._blocks])
        self._right = np.concatenate([block.right for block in self._blocks])
        self._forms = np.zeros((len(self._left), sum(block.forms.shape[1] for block in self._blocks)))
        self._numerator = np.empty(count, dtype=np.intp)
        self._factors = np.empty((slots, count), dtype=np.intp)
        self._powers = np.full((slots, count), -1.0)
        self._rows: list[slice] = []
        self._groups: list[tuple[_Group, ...]] = []
        row = column = 0
        for block in self._blocks:
            rows, forms = block.forms.shape
            self._rows.append(slice(row, row + rows))
            self._forms[row : row + rows, column : column + forms] = block.forms
            self._numerator[block.columns] = column + block.numerator
            self._factors[:, block.columns] = column + forms - 1  # the constant, where there are fewer factors
            self._factors[: len(block.factors), block.columns] = column + block.factors
            self._powers[: len(block.factors), block.columns] = block.powers
            self._groups.append(tuple(_Group(g.combination, block.columns[g.columns], column + g.forms) for g in block.groups))
            row, column = row + rows, column + forms
        self._only_ratios = bool(np.all(self._powers == -1.0))
        self.directions = tuple(sorted({int(d) for block in self._blocks for d in block.directions} | set(shifted)))
        self._shifted_columns = np.asarray([self.directions.index(d) for d in shifted], dtype=np.intp)
        self._direction_columns = tuple(np.searchsorted(self.directions, block.directions) for block in self._blocks)

    def values(self, x: Real) -> Real:
        """(N, n_observables) from x (N, m) whose first column is 1."""
        f = (x[:, self._left] * x[:, self._right]) @ self._forms
        return self._combined(self._times_factors(f[:, self._numerator], f), f)

    def values_and_jacobian(self, x: Real, shifts: Real | None = None) -> tuple[Real, Real]:
        """(N, n_observables) values and (N, n_observables, n_directions) derivatives.

        `shifts` are the changes of x, (n, N, m) with a first column of zeros, along the directions `shifted`.
        """
        monomials = x[:, self._left] * x[:, self._right]
        f = monomials @ self._forms
        # d(prod) = prod_{k != numerator} * d(numerator) + value * sum_k power_k df_k / f_k; safe for a vanishing numerator
        others = self._times_factors(np.ones((len(x), len(self._numerator))), f)
        values = f[:, self._numerator] * others
        weights = [values * power / f[:, factor] for factor, power in zip(self._factors, self._powers, strict=True)]
        values = self._combined(values, f)
        jacobian = np.zeros((*values.shape, len(self.directions)))
        for block, rows, directions, groups in zip(self._blocks, self._rows, self._direction_columns, self._groups, strict=True):
            if not len(directions):
                continue
            df = (monomials[:, rows] @ block.derivatives).reshape(len(x), block.forms.shape[1], len(directions))
            part = df.take(block.numerator, axis=1)  # a copy: of rows, faster than indexing
            part *= others[:, block.columns, None]
            for slot, factor in enumerate(block.factors):
                rest = df.take(factor, axis=1)
                rest *= weights[slot][:, block.columns, None]
                part += rest
            for local, group in zip(block.groups, groups, strict=True):
                gradient = group.combination.gradient(f[:, group.forms])
                part[:, local.columns] = np.einsum("nck,nckd->ncd", gradient, df[:, local.forms])
            if len(directions) == len(self.directions):
                jacobian[:, block.columns] = part
            else:
                jacobian[:, block.columns[:, None], directions[None, :]] = part
        if shifts is not None and len(shifts):
            df = (shifts[..., self._left] * x[:, self._right] + x[:, self._left] * shifts[..., self._right]) @ self._forms
            change = others * df[..., self._numerator]
            for weight, factor in zip(weights, self._factors, strict=True):
                change += weight * df[..., factor]
            for group in (g for groups in self._groups for g in groups):
                gradient = group.combination.gradient(f[:, group.forms])
                change[..., group.columns] = np.einsum("nck,dnck->dnc", gradient, df[..., group.forms])
            jacobian[:, :, self._shifted_columns] += change.transpose(1, 2, 0)
        return values, jacobian

    def _combined(self, values: Real, f: Real) -> Real:
        """`values` with the columns of all groups filled in."""
        for group in (g for groups in self._groups for g in groups):
            values[:, group.columns] = group.combination.value(f[:, group.forms])
        return values

    def _times_factors(self, result: Real, f: Real) -> Real:
        for factor, power in zip(self._factors, self._powers, strict=True):
            result = result / f[:, factor] if self._only_ratios else result * f[:, factor] ** power
        return result


def _divided(source: BlockSource) -> list[BlockSource]:
    """Parts that read the same directions of the inputs, where one array for all would mostly hold zeros."""
    parts: dict[bytes, list[int]] = {}
    for n, o in enumerate(source.observables):
        parts.setdefault(o.directions.tobytes(), []).append(n)
    whole = sum(len(o.forms) for o in source.observables) * len({int(d) for o in source.observables for d in o.directions})
    divided = sum(len(o.forms) * len(o.directions) for o in source.observables)
    if whole - divided < _WORTH_DIVIDING:
        return [source]
    return [
        BlockSource(tuple(source.columns[n] for n in part), tuple(source.observables[n] for n in part), source.positions)
        for part in parts.values()
    ]


class _DistinctForms:
    """Collects forms with their derivatives, each once: observables of one bin share their denominators."""

    def __init__(self) -> None:
        self._numbers: dict[bytes, int] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def number(self, observable: CompiledObservable, form: int) -> int:
        """Position of a form among the distinct ones."""
        arrays = observable.components, observable.directions, observable.forms[form], observable.derivatives[:, form]
        key = b"|".join(np.ascontiguousarray(array).tobytes() for array in arrays)
        return self._numbers.setdefault(key, len(self._numbers))


def _build_block(source: BlockSource) -> _Block:
    observables = source.observables
    used = sorted({int(c) for o in observables for c in o.components})
    local = {component: k for k, component in enumerate(used)}
    i, j = monomial_indices(len(used))
    where = {pair: k for k, pair in enumerate(zip(i.tolist(), j.tolist(), strict=True))}
    directions = np.asarray(sorted({int(d) for o in observables for d in o.directions}), dtype=np.intp)
    distinct = _DistinctForms()
    numbers = [np.asarray([distinct.number(o, k) for k in range(len(o.forms))], dtype=np.intp) for o in observables]
    total = len(distinct)
    forms = np.zeros((len(i), total + 1))
    forms[where[0, 0], total] = 1.0
    derivatives = np.zeros((len(i), total + 1, len(directions)))
    for o, here in zip(observables, numbers, strict=True):
        mine = [local[int(c)] for c in o.components]
        rows = np.asarray([where[mine[a], mine[b]] for a, b in zip(*monomial_indices(len(mine)), strict=True)], dtype=np.intp)
        forms[rows[:, None], here] = o.forms.T
        along = np.searchsorted(directions, o.directions)
        derivatives[rows[:, None, None], here[None, :, None], along[None, None, :]] = o.derivatives.transpose(2, 1, 0)
    needed = np.flatnonzero(np.any(forms != 0, axis=1) | np.any(derivatives != 0, axis=(1, 2)))
    columns = np.asarray([0 if c == 0 else source.positions[c] for c in used], dtype=np.intp)
    numerator, factors, powers = _exponents(observables, numbers, total)
    return _Block(
        columns=np.asarray(source.columns, dtype=np.intp),
        left=columns[i[needed]],
        right=columns[j[needed]],
        forms=forms[needed],
        numerator=numerator,
        factors=factors,
        powers=powers,
        directions=directions,
        derivatives=np.ascontiguousarray(derivatives[needed].reshape(len(needed), -1)),
        groups=_groups(observables, numbers),
    )


def _groups(observables: Sequence[CompiledObservable], numbers: list[Index]) -> tuple[_Group, ...]:
    members: dict[Combination, list[int]] = {}
    for n, o in enumerate(observables):
        if o.combination is not None:
            members.setdefault(o.combination, []).append(n)
    return tuple(
        _Group(
            combination,
            np.asarray(columns, dtype=np.intp),
            np.asarray([numbers[n] for n in columns], dtype=np.intp),
        )
        for combination, columns in members.items()
    )


def _exponents(observables: Sequence[CompiledObservable], numbers: list[Index], one: int) -> tuple[Index, Index, Real]:
    numerators: list[int] = []
    others: list[list[tuple[int, float]]] = []
    for here, o in zip(numbers, observables, strict=True):
        exponents = () if o.combination is not None else tuple(o.powers)
        linear = [k for k, power in enumerate(exponents) if power == 1.0]
        numerators.append(int(here[linear[0]]) if linear else one)
        others.append([(int(here[k]), float(p)) for k, p in enumerate(exponents) if k not in linear[:1]])
    slots = max((len(rest) for rest in others), default=0)
    factors = np.full((slots, len(observables)), one, dtype=np.intp)
    powers = np.full((slots, len(observables)), -1.0)
    for n, rest in enumerate(others):
        for slot, (k, power) in enumerate(rest):
            factors[slot, n] = k
            powers[slot, n] = power
    return np.asarray(numerators, dtype=np.intp), factors, powers
