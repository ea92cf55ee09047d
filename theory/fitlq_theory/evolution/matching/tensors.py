r"""Flavour tensors of SMEFT operators and linear combinations of Wilson coefficients.

WCxf keeps one coefficient per independent operator, L = sum_i C_i O_i (+ h.c. where O_i is not Hermitian). Formulas are
written with the redundant tensor T, L = sum over *all* flavour indices of T_ijkl O_ijkl. Operators with two equal
currents have O_ijkl = O_klij, so C is spread evenly over the equal ones; Hermitian currents give T_jilk = T_ijkl^*.
Flavour indices count from 0 here and from 1 in WCxf names.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.errors import FitlqError

__all__ = ["LinearCombination", "TensorElement", "tensor_element"]

Real = NDArray[np.float64]

# which symmetries the flavour indices of an operator have (arXiv:1008.4884, table 3); ee, which has one more, is not needed
_EQUAL_CURRENTS = frozenset({"ll", "qq1", "qq3", "uu", "dd"})
_HERMITIAN = frozenset(
    {"phil1", "phil3", "phie", "phiq1", "phiq3", "phiu", "phid"}
    | {"lq1", "lq3", "eu", "ed", "lu", "ld", "le", "qe", "ud1", "ud8", "qu1", "qu8", "qd1", "qd8"}
)
_GENERAL = frozenset({"phiud", "ledq", "lequ1", "lequ3"})


@dataclass(frozen=True, slots=True)
class TensorElement:
    """One element of a redundant tensor: `factor` times the WCxf coefficient `name` or its complex conjugate."""

    name: str
    factor: float
    conjugated: bool


def _name(operator: str, indices: tuple[int, ...]) -> str:
    return f"{operator}_{''.join(str(index + 1) for index in indices)}"


def tensor_element(operator: str, indices: tuple[int, ...], known: frozenset[str]) -> TensorElement:
    """The element T_indices of `operator` in terms of the coefficients in `known` (WCxf names, "Warsaw up")."""
    equal = {indices}
    if operator in _EQUAL_CURRENTS:
        equal.add((*indices[2:], *indices[:2]))
    for candidate in sorted(equal):
        if _name(operator, candidate) in known:
            return TensorElement(_name(operator, candidate), 1.0 / len(equal), conjugated=False)
    if operator in _EQUAL_CURRENTS | _HERMITIAN:
        for candidate in sorted(equal):
            swapped = tuple(index for k in range(0, len(candidate), 2) for index in (candidate[k + 1], candidate[k]))
            if _name(operator, swapped) in known:
                return TensorElement(_name(operator, swapped), 1.0 / len(equal), conjugated=True)
    msg = f"no coefficient of the SMEFT basis stands for {_name(operator, indices)}"
    raise FitlqError(msg)


@dataclass(slots=True)
class LinearCombination:
    """A complex number built from coefficients: sum_k a_k C_k + b_k C_k^*, filled term by term.

    Attributes
    ----------
    known : frozenset of str
        The names tensor elements may refer to.
    terms : dict
        Name -> [a, b].
    """

    known: frozenset[str]
    terms: dict[str, list[complex]] = field(default_factory=dict)

    def add(self, factor: complex, operator: str, *indices: int, conjugate: bool = False) -> None:
        """Add `factor` times the tensor element ``operator_indices``, or times its conjugate."""
        if factor == 0:
            return
        element = tensor_element(operator, indices, self.known)
        pair = self.terms.setdefault(element.name, [0j, 0j])
        pair[int(element.conjugated != conjugate)] += factor * element.factor

    def rows(self, positions: dict[tuple[str, str], int]) -> Real:
        """The real matrix (2, n) giving (Re, Im) of the combination from real components at `positions`."""
        rows = np.zeros((2, len(positions)))
        for name, (direct, conjugated) in self.terms.items():
            total, difference = direct + conjugated, direct - conjugated
            rows[:, positions[name, "R"]] += total.real, total.imag
            if (name, "I") in positions:
                rows[:, positions[name, "I"]] += -difference.imag, difference.real
        return rows
