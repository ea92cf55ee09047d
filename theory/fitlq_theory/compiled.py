r"""Compiling: from physics code to arrays.

An observable is a product of powers of quadratic forms :math:`f_k = x^T Q_k(\nu) x` (`contracts.Forms`). Compiling evaluates
the forms at the central inputs and one standard deviation up and down along every principal direction :math:`d` of the
input covariance that the observable reads, and keeps

.. math:: Q_k, \qquad \partial_d Q_k = \tfrac12 [Q_k(\nu_0 + d) - Q_k(\nu_0 - d)]

on the components of x that the model can move at all. The step is a full standard deviation, so that curvature of third
order is averaged over. Where curvature of second order matters in the Standard Model (`curvature`), it is one more direction.
Errors compared with a Monte Carlo over the inputs agree to 20 % (docs/validation.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.contracts import Coefficient, Combination, Forms, Observable
from fitlq_theory.curvature import second_order_changes
from fitlq_theory.inputs import Inputs
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.quadratic_forms import pack, selected

__all__ = [
    "CompiledObservable",
    "Request",
    "active_components",
    "compile_derivatives",
    "compile_forms",
    "direction_names",
    "second_order_name",
]

Real = NDArray[np.float64]
Index = NDArray[np.intp]

# a component of x is dropped if its removal changes the observable, anywhere, by less than this fraction
_NEGLIGIBLE_EFFECT = 1e-6
# of the effect of all new physics together, plus this fraction of the Standard Model value: a_mu is known to 1e-7
_NEGLIGIBLE_IN_STANDARD_MODEL = 1e-3


@dataclass(frozen=True, slots=True)
class Request:
    """One observable with its arguments."""

    observable: Observable
    arguments: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class CompiledObservable:
    """Arrays of one observable.

    Attributes
    ----------
    components : (m,) int
        Positions kept of x = (1, Re C_1, Im C_1, ...); the first is 0.
    forms : (K, m(m+1)/2)
        Coefficients of the monomials x_i x_j, i <= j, of the K forms.
    powers : (K,)
    directions : (J,) int
        Which directions of the inputs matter; positions in `direction_names`.
    derivatives : (J, K, m(m+1)/2)
        Change of the forms for one standard deviation along each.
    combination : Combination or None
        The function of the forms where the value is no product of powers.
    """

    components: Index
    forms: Real
    powers: Real
    directions: Index
    derivatives: Real
    combination: Combination | None = None


def evaluate_forms(quadratic: Real, x: Real) -> Real:
    """Values (N, K) of forms (K, m, m) at x (N, m)."""
    return np.asarray(np.einsum("kni,ni->nk", np.matmul(x, quadratic), x))


def combine(values: Real, powers: Sequence[float] | Real, combination: Combination | None = None) -> Real:
    """prod_k values[:, k] ** powers[k], or the `combination` of values[:, k]; a form with power 1 may have any sign."""
    if combination is not None:
        return combination.value(values)
    result = np.ones(len(values))
    for k, power in enumerate(powers):
        result = result * (values[:, k] if power == 1 else values[:, k] ** power)
    return result


def active_components(forms: Forms, x: Real) -> Index:
    """Positions of x (N, m, samples over the model's range) that change the observable noticeably, 0 always among them.

    "Noticeably": at any of the samples, by more than a millionth of what all new physics does there, or of a thousandth of the
    Standard Model value.
    """
    moved = np.flatnonzero(np.any(x[:, 1:] != 0, axis=0)) + 1
    kept = np.concatenate([[0], moved]).astype(np.intp)
    reduced = forms.quadratic[:, kept[:, None], kept[None, :]]
    xs = x[:, kept]
    rows = np.matmul(xs, reduced)  # (K, N, m)
    values = np.einsum("kni,ni->nk", rows, xs)
    reference = combine(values, forms.powers, forms.combination)
    standard_model = combine(evaluate_forms(reduced[:, :1, :1], xs[:, :1]), forms.powers, forms.combination)
    scale = np.abs(reference - standard_model) + _NEGLIGIBLE_IN_STANDARD_MODEL * np.abs(standard_model)
    keep = [0]
    for position in range(1, len(kept)):
        here = xs[:, position, None]
        # the forms without this component, from those with it
        without = values - 2.0 * here * rows[:, :, position].T + here**2 * reduced[:, position, position]
        change = combine(without, forms.powers, forms.combination) - reference
        if not np.all(np.abs(change) <= _NEGLIGIBLE_EFFECT * scale):
            keep.append(position)
    return np.asarray(kept[keep])


def compile_forms(
    requests: Sequence[Request],
    inputs: Inputs,
    samples: Mapping[tuple[Coefficient, ...], Real],
    point: ParameterPoint | None = None,
) -> tuple[CompiledObservable, ...]:
    """The forms at the central inputs, without derivatives.

    Parameters
    ----------
    requests : sequence of Request
    inputs : Inputs
    samples : mapping of coefficient tuples to (N, 2n+1) arrays
        For every coefficient tuple that occurs, the vectors x at sample points of the model (they decide which components
        are kept).
    point : ParameterPoint, optional
        The central point, if it is already there: what its observables share is not computed again.
    """
    central = point or inputs.point()
    compiled = []
    for request in requests:
        forms = request.observable.forms(central, request.arguments)
        components = active_components(forms, samples[request.observable.coefficients])
        forms = forms.restricted(components)
        packed = pack(selected(forms.quadratic, components))
        nothing = np.zeros((0, *packed.shape))
        powers = np.asarray(forms.powers, dtype=np.float64)
        unread = np.zeros(0, dtype=np.intp)
        compiled.append(CompiledObservable(components, packed, powers, unread, nothing, forms.combination))
    return tuple(compiled)


def direction_names(inputs: Inputs) -> tuple[str, ...]:
    """Names of the directions of the inputs, then of the second-order part of each (`curvature`)."""
    names = [direction.name for direction in inputs.directions()]
    return (*names, *(second_order_name(name) for name in names))


def second_order_name(direction: str) -> str:
    """What the second-order part of a direction of the inputs is called."""
    return f"{direction}^2"


def compile_derivatives(
    requests: Sequence[Request], inputs: Inputs, central: Sequence[CompiledObservable], point: ParameterPoint | None = None
) -> tuple[CompiledObservable, ...]:
    """The same with derivatives along the directions of the inputs that each observable reads; `point` as above."""
    point = point or inputs.point()
    reads = [point.reads_of(lambda p, r=r: r.observable.forms(p, r.arguments))[1] for r in requests]  # type: ignore[misc]
    changes: list[list[tuple[int, Real, Real]]] = [[] for _ in requests]
    directions = inputs.directions()
    for d, direction in enumerate(directions):
        readers = [i for i, names in enumerate(reads) if not names.isdisjoint(direction.shifts)]
        if not readers:
            continue
        up = point.shifted(direction.shifts)
        down = point.shifted({name: -shift for name, shift in direction.shifts.items()})
        for i in readers:
            components = central[i].components
            above, below = _packed(requests[i], up, components), _packed(requests[i], down, components)
            odd, even = 0.5 * (above - below), 0.5 * (above + below) - central[i].forms
            if np.any(odd):
                changes[i].append((d, odd, even))
    return tuple(_with_changes(o, here, len(directions)) for o, here in zip(central, changes, strict=True))


def _with_changes(observable: CompiledObservable, changes: list[tuple[int, Real, Real]], count: int) -> CompiledObservable:
    """The observable with derivatives from odd and even changes along some of `count` directions."""
    directions = np.asarray([d for d, _, _ in changes], dtype=np.intp)
    shape = (len(changes), *observable.forms.shape)
    odd, even = (np.asarray([change[k] for change in changes], dtype=np.float64).reshape(shape) for k in (1, 2))
    if observable.combination is None:
        bent, second = second_order_changes(observable.forms, observable.powers, odd, even)
        directions, odd = np.concatenate([directions, count + directions[bent]]), np.concatenate([odd, second])
    return replace(observable, directions=directions, derivatives=odd)


def _packed(request: Request, point: ParameterPoint, components: Index) -> Real:
    return pack(selected(request.observable.forms(point, request.arguments).restricted(components).quadratic, components))
