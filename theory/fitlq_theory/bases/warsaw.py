r"""The SMEFT bases "Warsaw" and "Warsaw up": the same operators, with diagonal masses of down or of up quarks.

The left-handed doublets are related by q(up) = V q(down), so every index of a doublet is rotated: C(up)_ij = V_ik C_kl V*_jl for
a current. Names are those of the non-redundant coefficients of the WCxf; a coefficient stands for all equal operators together,
so it is shared out among them before the rotation and collected after it.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.wilson_coefficients import coefficient_names

__all__ = ["rotate_doublets"]

Complex = NDArray[np.complex128]
Index = tuple[int, ...]

# indices that belong to a left-handed quark doublet: of the field (-) and of the conjugate field (+)
_DOUBLETS = {
    **dict.fromkeys(("phiq1", "phiq3", "qe", "qu1", "qu8", "qd1", "qd8"), "+-"),
    **dict.fromkeys(("uphi", "uG", "uW", "uB", "dphi", "dG", "dW", "dB"), "+"),
    **dict.fromkeys(("lq1", "lq3"), "  +-"),
    **dict.fromkeys(("qq1", "qq3"), "+-+-"),
    **dict.fromkeys(("quqd1", "quqd8"), "+ + "),
    **dict.fromkeys(("lequ1", "lequ3"), "  + "),
    "ledq": "   -",
}
# currents: C_ij = C_ji*, for two currents C_ijkl = C_jilk*
_CURRENTS = {"phiq1", "phiq3", "qe", "qu1", "qu8", "qd1", "qd8", "lq1", "lq3", "qq1", "qq3"}
_EQUAL_CURRENTS = {"qq1", "qq3"}


def rotate_doublets(values: Mapping[str, complex], ckm: Complex, *, up: bool) -> dict[str, complex]:
    """Coefficients of "Warsaw up" from those of "Warsaw" (`up`), or the other way."""
    rotation = ckm if up else ckm.conj().T
    names = coefficient_names("SMEFT")
    result = {name: value for name, value in values.items() if name.partition("_")[0] not in _DOUBLETS}
    for operator in sorted({name.partition("_")[0] for name in values} & set(_DOUBLETS)):
        tensor = _tensor(operator, values)
        for position, kind in enumerate(_DOUBLETS[operator]):
            if kind != " ":
                matrix = rotation if kind == "+" else rotation.conj()
                tensor = np.moveaxis(np.tensordot(matrix, tensor, axes=(1, position)), 0, position)
        for name, is_real in names.items():
            if name.partition("_")[0] == operator:
                index = _index(name)
                value = complex(tensor[index]) * len(_equal(operator, index))
                result[name] = complex(value.real) if is_real else value
    return {name: value for name, value in result.items() if value != 0}


def _index(name: str) -> Index:
    return tuple(int(digit) - 1 for digit in name.partition("_")[2])


def _equal(operator: str, index: Index) -> set[Index]:
    """Indices of the same operator."""
    return {index, index[2:] + index[:2]} if operator in _EQUAL_CURRENTS else {index}


def _tensor(operator: str, values: Mapping[str, complex]) -> Complex:
    """All components, the redundant ones included."""
    rank = next(len(_index(name)) for name in values if name.partition("_")[0] == operator)
    tensor = np.zeros((3,) * rank, dtype=np.complex128)
    for index in product(range(3), repeat=rank):
        name = f"{operator}_{''.join(str(i + 1) for i in index)}"
        if name not in values:
            continue
        equal = _equal(operator, index)
        for one in equal:
            tensor[one] = values[name] / len(equal)
            if operator in _CURRENTS:
                tensor[_conjugate(one)] = np.conj(values[name]) / len(equal)
    return tensor


def _conjugate(index: Index) -> Index:
    return tuple(index[k + 1 - 2 * (k % 2)] for k in range(len(index)))
