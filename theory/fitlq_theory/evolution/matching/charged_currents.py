r"""Tree-level matching of charged currents d_a -> u_b l nu: CVL, CVR, CSL, CSR, CT for every quark and lepton pair.

The WCxf normalisation is L = -(4 G_F/sqrt 2) V_ba [C_VL (u_b gamma P_L d_a)(l gamma P_L nu) + ...] + h.c., so a term
A (ubar ... d)(lbar ... nu) in L is C = -A / ((4 G_F/sqrt 2) V_ba). With q = (u_L, V d_L) ("Warsaw up"):

* O_lq3 contains 2 (ubar_s gamma P_L V_ta d_a)(lbar_p gamma P_L nu_r).
* W exchange with modified couplings: -2 (C_phil3 + C_phiq3), and -C_phiud for right-handed quarks.
* the Hermitian conjugates of O_ledq, O_lequ1, O_lequ3 contain (lbar_r nu_p) with (ubar_t P_R d_s), (ubar_t P_L V_sa d_a)
  and the tensor.
* -2/v_T^2 V is the Standard Model; v_T in terms of the measured G_F moves with what modifies muon decay:
  1/v_T^2 = sqrt 2 G_F + (C_ll[1221] + C_ll[2112])/2 - C_phil3[11] - C_phil3[22].

References
----------
Derived above; the same as the complete tree-level matching in arXiv:1709.04486 (operators nu e d u). Operators:
arXiv:1008.4884, tables 2 and 3.
"""

from __future__ import annotations

import math
import re

from fitlq_theory.evolution.inputs import EvolutionInputs
from fitlq_theory.evolution.matching.tensors import LinearCombination

__all__ = ["match_charged_current"]

_NAME = re.compile(r"C(VL|VR|SL|SR|T)_([bsd])([uc])(e|mu|tau)nu(e|mu|tau)")
_GENERATION = {"d": 0, "s": 1, "b": 2, "u": 0, "c": 1, "e": 0, "mu": 1, "tau": 2}


def match_charged_current(name: str, inputs: EvolutionInputs, result: LinearCombination) -> bool:
    """Fill `result` with coefficient `name` at M_Z; False if `name` is not a charged current."""
    found = _NAME.fullmatch(name)
    if found is None:
        return False
    kind = found[1]
    down, up, lepton, neutrino = (_GENERATION[found[k]] for k in range(2, 6))
    ckm = inputs.ckm
    norm = -math.sqrt(2.0) / (4.0 * inputs.fermi_constant * ckm[up, down])
    if kind == "VL":
        _left_handed(norm, (down, up, lepton, neutrino), inputs, result)
    elif kind == "VR" and lepton == neutrino:
        result.add(-norm, "phiud", up, down)
    elif kind == "SR":
        result.add(norm, "ledq", neutrino, lepton, down, up, conjugate=True)
    elif kind in {"SL", "T"}:
        operator = "lequ1" if kind == "SL" else "lequ3"
        for s in range(3):
            result.add(norm * ckm[s, down], operator, neutrino, lepton, s, up, conjugate=True)
    return True


def _left_handed(norm: complex, flavours: tuple[int, int, int, int], inputs: EvolutionInputs, result: LinearCombination) -> None:
    down, up, lepton, neutrino = flavours
    ckm = inputs.ckm
    for t in range(3):
        result.add(2.0 * norm * ckm[t, down], "lq3", lepton, neutrino, up, t)
        if lepton == neutrino:
            result.add(-2.0 * norm * ckm[t, down], "phiq3", up, t)
    result.add(-2.0 * norm * ckm[up, down], "phil3", lepton, neutrino)
    if lepton == neutrino:
        vacuum = -2.0 * norm * ckm[up, down]  # times the shift of 1/v_T^2
        result.add(0.5 * vacuum, "ll", 0, 1, 1, 0)
        result.add(0.5 * vacuum, "ll", 1, 0, 0, 1)
        result.add(-vacuum, "phil3", 0, 0)
        result.add(-vacuum, "phil3", 1, 1)
