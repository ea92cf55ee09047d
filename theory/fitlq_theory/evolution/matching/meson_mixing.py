r"""Tree-level matching of Delta F = 2 operators: B_s, B_d, K and D mixing.

WCxf: L = sum C O without normalisation (GeV^-2), ``bsbs``: (sbar b)(sbar b), ``bdbd``: (dbar b)(dbar b), ``sdsd``:
(dbar s)(dbar s), ``ucuc``: (cbar u)(cbar u). With q = (u_L, V d_L), T the redundant tensor:

* C_VLL = sum T[qq1 + qq3]_ijkl V_ia^* V_jb V_ka^* V_lb for down quarks (the element abab itself for up quarks),
* C_VRR = T[dd]_abab or T[uu]_abab,
* C_VLR = C1 - C8/6 and C_SLR = -C8, with C1, C8 from qd1, qd8 (qu1, qu8) with the left-handed indices rotated:
  T^A T^A = (crossed colours)/2 - 1/6, and (abar gamma P_L b)(cbar gamma P_R d) = -2 (abar P_R d)(cbar P_L b).
* The scalar and tensor operators CSLL, CSRR, CTLL, CTRR get nothing at dimension six.

References
----------
Derived above; the same as the complete tree-level matching in arXiv:1709.04486 (operators d d and u u).
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.evolution.inputs import EvolutionInputs
from fitlq_theory.evolution.matching.tensors import LinearCombination

__all__ = ["match_meson_mixing"]

_NAME = re.compile(r"C(VLL|VRR|VLR|SLR|SLL|SRR|TLL|TRR)_(bsbs|bdbd|sdsd|ucuc)")
_QUARKS = {"bsbs": (1, 2), "bdbd": (0, 2), "sdsd": (0, 1), "ucuc": (1, 0)}  # created and annihilated quark


def match_meson_mixing(name: str, inputs: EvolutionInputs, result: LinearCombination) -> bool:
    """Fill `result` with coefficient `name` at M_Z; False if `name` is not a Delta F = 2 coefficient."""
    found = _NAME.fullmatch(name)
    if found is None:
        return False
    kind = found[1]
    created, annihilated = _QUARKS[found[2]]
    right = "u" if found[2] == "ucuc" else "d"
    left = np.eye(3, dtype=np.complex128) if right == "u" else inputs.ckm
    current = left[:, created].conj()[:, None] * left[:, annihilated]
    if kind == "VLL":
        _both_left(current, result)
    elif kind == "VRR":
        result.add(1.0, 2 * right, created, annihilated, created, annihilated)
    elif kind in {"VLR", "SLR"}:
        singlet, octet = (1.0, -1.0 / 6.0) if kind == "VLR" else (0.0, -1.0)
        for s, t in np.ndindex(3, 3):
            result.add(singlet * complex(current[s, t]), f"q{right}1", s, t, created, annihilated)
            result.add(octet * complex(current[s, t]), f"q{right}8", s, t, created, annihilated)
    return True


def _both_left(current: NDArray[np.complex128], result: LinearCombination) -> None:
    for i, j, m, n in np.ndindex(3, 3, 3, 3):
        for operator in ("qq1", "qq3"):
            result.add(complex(current[i, j] * current[m, n]), operator, i, j, m, n)
