"""One point in the space of theory inputs, as physics code sees it: names to numbers, with shared intermediate results.

Compiling differentiates predictions with respect to the inputs. To know which inputs matter, the point records what was
read; to integrate form factors only once for all observables that need them, it keeps intermediate results.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

from fitlq_theory.errors import UnknownNameError
from fitlq_theory.naming import unknown_name_message

if TYPE_CHECKING:
    from fitlq_theory.form_factors import FormFactorSet

__all__ = ["ParameterPoint"]

T = TypeVar("T")


class ParameterPoint:
    """Read-only view of input values at one point.

    Parameters
    ----------
    values : mapping of str to float
        All input parameters, including the coefficients of the form-factor sets, in GeV (powers); lifetimes in ps.
    form_factor_sets : mapping of str to FormFactorSet
        The chosen set for each transition (``"B->D*"``).
    choices : mapping of str to str
        The named options in force (``{"b->c": "hflav", ...}``).

    Notes
    -----
    A point made with `shifted` takes over the intermediate results whose inputs did not change. Therefore whatever a
    computation given to `shared` uses must come from the point it is called with or be part of its key.
    """

    def __init__(
        self,
        values: Mapping[str, float],
        form_factor_sets: Mapping[str, FormFactorSet],
        choices: Mapping[str, str],
    ) -> None:
        self._values = values
        self._sets = form_factor_sets
        self.choices = choices
        self._reads: set[str] = set()
        self._memo: dict[Hashable, tuple[Any, frozenset[str]]] = {}
        self._origin: ParameterPoint | None = None
        self._changed: frozenset[str] = frozenset()

    def shifted(self, shifts: Mapping[str, float]) -> ParameterPoint:
        """This point with `shifts` (absolute, by parameter name) added; unaffected intermediate results are not repeated."""
        values = dict(self._values)
        for name, shift in shifts.items():
            values[name] += shift
        point = ParameterPoint(values, self._sets, self.choices)
        point._origin = self
        point._changed = frozenset(shifts)
        return point

    def __getitem__(self, name: str) -> float:
        try:
            value = self._values[name]
        except KeyError:
            raise UnknownNameError(unknown_name_message("input parameter", name, self._values)) from None
        self._reads.add(name)
        return value

    def form_factor_set(self, transition: str) -> FormFactorSet:
        """The chosen form-factor set of a transition such as ``"B->D*"``."""
        try:
            return self._sets[transition]
        except KeyError:
            raise UnknownNameError(unknown_name_message("transition", transition, self._sets)) from None

    def shared(self, key: Hashable, compute: Callable[[ParameterPoint], T]) -> T:
        """Result of ``compute(self)``, computed once per point; what it read counts as read by every user of it."""
        if key not in self._memo and (unaffected := self._from_origin(key)) is not None:
            self._memo[key] = unaffected
        if key not in self._memo:
            outer, self._reads = self._reads, set()
            try:
                result = compute(self)
                self._memo[key] = (result, frozenset(self._reads))
            finally:
                self._reads = outer
        result, reads = self._memo[key]
        self._reads |= reads
        return result

    def _from_origin(self, key: Hashable) -> tuple[Any, frozenset[str]] | None:
        found = None if self._origin is None else self._origin._memo.get(key)
        return found if found is not None and self._changed.isdisjoint(found[1]) else None

    def reads_of(self, compute: Callable[[ParameterPoint], T]) -> tuple[T, frozenset[str]]:
        """Run ``compute(self)`` and also return the names of the inputs it read."""
        outer, self._reads = self._reads, set()
        try:
            return compute(self), frozenset(self._reads)
        finally:
            self._reads = outer
