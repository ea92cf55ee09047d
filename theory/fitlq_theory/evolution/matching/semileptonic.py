r"""Tree-level matching of d_i -> d_j l l vector operators: C9, C10, C9p, C10p for bs, bd, sd and every lepton pair.

WCxf: L = (4 G_F/sqrt 2) V_tq1 V_tq2^* (e^2/16 pi^2) [C_9 (q2bar gamma P_L q1)(l gamma l') + C_10 (...)(l gamma gamma_5 l')],
primed with P_R, for "bs" and "bd" with q1 = b and for "sd" with q1 = s, q2 = d. With A_L, A_R the coefficients of
(q2bar gamma P q1)(l gamma P_L l') and (...)(l gamma P_R l'), C_9 = (A_R + A_L)/2N and C_10 = (A_R - A_L)/2N. With
q = (u_L, V d_L):

* left-handed quarks: A_L from C_lq1 + C_lq3, A_R from C_qe, rotated by V_sa^* V_tb; right-handed: C_ld and C_ed;
* Z exchange with flavour-changing quark couplings (equal lepton flavours): (-1 + 2 s^2) and 2 s^2 times
  C_phiq1 + C_phiq3 or C_phid, with s^2 = sin^2 of the weak angle.

References
----------
Derived above; the same as the complete tree-level matching in arXiv:1709.04486 (operators e d and d e). b -> s l l in
SMEFT: arXiv:1409.4557.
"""

from __future__ import annotations

import math
import re

import numpy as np

from fitlq_theory.evolution import rgevolve_data
from fitlq_theory.evolution.inputs import EvolutionInputs
from fitlq_theory.evolution.matching.tensors import LinearCombination

__all__ = ["match_semileptonic"]

_NAME = re.compile(r"C(9|10)(p?)_(bs|bd|sd)(e|mu|tau)(e|mu|tau)")
_QUARKS = {"bs": (2, 1), "bd": (2, 0), "sd": (1, 0)}  # annihilated and created quark
_LEPTON = {"e": 0, "mu": 1, "tau": 2}
_TOP = 2


def match_semileptonic(name: str, inputs: EvolutionInputs, result: LinearCombination) -> bool:
    """Fill `result` with coefficient `name` at M_Z; False if `name` is not one of C9, C10, C9p, C10p."""
    found = _NAME.fullmatch(name)
    if found is None:
        return False
    sign = 1.0 if found[1] == "9" else -1.0
    annihilated, created = _QUARKS[found[3]]
    incoming, outgoing = _LEPTON[found[4]], _LEPTON[found[5]]
    ckm = inputs.ckm
    electric = 4.0 * math.pi * inputs.alpha_e(rgevolve_data.reference_scale("WET"))
    top = ckm[_TOP, annihilated] * ckm[_TOP, created].conj()
    factor = 1.0 / (2.0 * 4.0 * inputs.fermi_constant / math.sqrt(2.0) * top * electric / (16.0 * math.pi**2))
    left, right = sign * factor, factor
    on_z = left * (2.0 * inputs.sin2_weak - 1.0) + right * 2.0 * inputs.sin2_weak
    if found[2]:
        result.add(left, "ld", outgoing, incoming, created, annihilated)
        result.add(right, "ed", outgoing, incoming, created, annihilated)
        if incoming == outgoing:
            result.add(on_z, "phid", created, annihilated)
        return True
    for s, t in np.ndindex(3, 3):
        rotated = ckm[s, created].conj() * ckm[t, annihilated]
        result.add(left * rotated, "lq1", outgoing, incoming, s, t)
        result.add(left * rotated, "lq3", outgoing, incoming, s, t)
        result.add(right * rotated, "qe", s, t, outgoing, incoming)
        if incoming == outgoing:
            result.add(on_z * rotated, "phiq1", s, t)
            result.add(on_z * rotated, "phiq3", s, t)
    return True
