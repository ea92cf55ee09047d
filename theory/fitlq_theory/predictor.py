"""The hot path: values of many compiled observables at many points, and their derivatives along the input directions.

No Python loop over points or observables: observables that share a coefficient vector form a group; per group the
monomials x_i x_j are multiplied with one matrix of forms and one matrix of derivatives.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.compiled import CompiledObservable
from fitlq_theory.quadratic_forms import monomial_indices

__all__ = ["Group", "build_group"]

Real = NDArray[np.float64]
Index = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Group:
    """Observables that read the same coefficient vector.

    Attributes
    ----------
    columns : (n,) int
        Their columns among all observables.
    components : (m,) int
        Positions of x that any of them uses, without the leading 1.
    """

    columns: Index
    components: Index
    left: Index  # (M,) monomials x_left x_right
    right: Index
    forms: Real  # (M, K + 1); the last form is the constant 1
    numerator: Index  # (n,) form with power 1
    factors: Index  # (S, n) other forms
    powers: Real  # (S, n)
    only_ratios: bool
    directions: Index  # (J,)
    derivatives: Real  # (M, (K + 1) J)

    def values(self, x: Real) -> Real:
        """(N, n) from x (N, m + 1) whose first column is 1."""
        return self._combine(self._monomials(x) @ self.forms)

    def values_and_jacobian(self, x: Real) -> tuple[Real, Real]:
        """(N, n) values and (N, n, J) derivatives along `directions`."""
        monomials = self._monomials(x)
        f = monomials @ self.forms
        values = self._combine(f)
        count = self.forms.shape[1]
        df = (monomials @ self.derivatives).reshape(len(x), count, len(self.directions))
        # d(prod) = prod_{k != numerator} * d(numerator) + value * sum_k power_k df_k / f_k; safe for a vanishing numerator
        others = self._combine(f, with_numerator=False)
        jacobian = others[:, :, None] * df[:, self.numerator]
        for factor, power in zip(self.factors, self.powers, strict=True):
            jacobian += (values * power / f[:, factor])[:, :, None] * df[:, factor]
        return values, jacobian

    def _monomials(self, x: Real) -> Real:
        return x[:, self.left] * x[:, self.right]

    def _combine(self, f: Real, with_numerator: bool = True) -> Real:
        result = f[:, self.numerator] if with_numerator else np.ones((len(f), len(self.columns)))
        for factor, power in zip(self.factors, self.powers, strict=True):
            result = result / f[:, factor] if self.only_ratios else result * f[:, factor] ** power
        return result


def build_group(columns: Sequence[int], observables: Sequence[CompiledObservable]) -> Group:
    """Merge compiled observables with a common coefficient vector into one `Group`."""
    used = sorted({int(c) for o in observables for c in o.components})
    size = len(used)
    position = {component: k for k, component in enumerate(used)}
    i, j = monomial_indices(size)
    where = {(a, b): k for k, (a, b) in enumerate(zip(i.tolist(), j.tolist(), strict=True))}
    directions = np.asarray(sorted({int(d) for o in observables for d in o.directions}), dtype=np.intp)
    total = sum(len(o.forms) for o in observables)
    forms = np.zeros((len(i), total + 1))
    forms[where[0, 0], total] = 1.0
    derivatives = np.zeros((len(i), total + 1, len(directions)))
    offset = 0
    starts = []
    for o in observables:
        local = [position[int(c)] for c in o.components]
        li, lj = monomial_indices(len(local))
        rows = np.asarray([where[local[a], local[b]] for a, b in zip(li, lj, strict=True)], dtype=np.intp)
        count = len(o.forms)
        forms[rows, offset : offset + count] = o.forms.T
        here = np.searchsorted(directions, o.directions)
        derivatives[rows[:, None, None], np.arange(offset, offset + count)[None, :, None], here[None, None, :]] = (
            o.derivatives.transpose(2, 1, 0)
        )
        starts.append(offset)
        offset += count
    numerator, factors, powers = _exponents(observables, starts, total)
    used_rows = np.flatnonzero(np.any(forms != 0, axis=1) | np.any(derivatives != 0, axis=(1, 2)))
    return Group(
        columns=np.asarray(columns, dtype=np.intp),
        components=np.asarray(used[1:], dtype=np.intp),
        left=i[used_rows],
        right=j[used_rows],
        forms=np.ascontiguousarray(forms[used_rows]),
        numerator=numerator,
        factors=factors,
        powers=powers,
        only_ratios=bool(np.all(powers == -1.0)),
        directions=directions,
        derivatives=np.ascontiguousarray(derivatives[used_rows].reshape(len(used_rows), -1)),
    )


def _exponents(observables: Sequence[CompiledObservable], starts: list[int], one: int) -> tuple[Index, Index, Real]:
    numerators: list[int] = []
    others: list[list[tuple[int, float]]] = []
    for start, o in zip(starts, observables, strict=True):
        linear = [k for k, power in enumerate(o.powers) if power == 1.0]
        numerators.append(start + linear[0] if linear else one)
        others.append([(start + k, float(p)) for k, p in enumerate(o.powers) if k not in linear[:1]])
    slots = max((len(rest) for rest in others), default=0)
    factors = np.full((slots, len(observables)), one, dtype=np.intp)
    powers = np.full((slots, len(observables)), -1.0)
    for n, rest in enumerate(others):
        for slot, (k, power) in enumerate(rest):
            factors[slot, n] = k
            powers[slot, n] = power
    return np.asarray(numerators, dtype=np.intp), factors, powers
