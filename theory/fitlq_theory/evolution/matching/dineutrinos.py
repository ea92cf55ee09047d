r"""Tree-level matching of d_i -> d_j nu nubar: CL, CR for bs, bd, sd and every pair of neutrino flavours.

The WCxf normalisation of ``CL_<q1><q2>nu<l1>nu<l2>`` is

.. math:: L = \frac{4 G_F}{\sqrt2} V_{tq_1} V_{tq_2}^* \frac{e^2}{16\pi^2} C_L\,
   (\bar q_2 \gamma^\mu P_L q_1)(\bar\nu_{l_2} \gamma_\mu (1 - \gamma_5) \nu_{l_1})

for q1 q2 = bs and bd; for "sd" the definition in the basis file is the (sbar d) operator with V_td V_ts^*, that is q1 = d
and q2 = s. wilson 2.5.2 and rgevolve 0.2.0 return the coefficient of the conjugate quark current for "sd" when they
start from SMEFT; here the definition is followed (flavio 2.7.1 reads K -> pi nu nu by the definition, too).
With 1 - gamma_5 = 2 P_L and q = (u_L, V d_L):

* (C_lq1 - C_lq3) multiplies (dbar_a gamma P_L d_b)(nubar_p gamma P_L nu_r) V_sa^* V_tb, C_ld the right-handed quarks;
* Z exchange with flavour-changing quark couplings adds C_phiq1 + C_phiq3 and C_phid for equal neutrino flavours.

References
----------
Derived above; the same as the complete tree-level matching in arXiv:1709.04486 (operators nu d). b -> s nu nu in
SMEFT: arXiv:1409.4557.
"""

from __future__ import annotations

import math
import re

from fitlq_theory.evolution import rgevolve_data
from fitlq_theory.evolution.inputs import EvolutionInputs
from fitlq_theory.evolution.matching.tensors import LinearCombination

__all__ = ["match_dineutrino"]

_NAME = re.compile(r"C([LR])_(bs|bd|sd)nu(e|mu|tau)nu(e|mu|tau)")
_QUARKS = {"bs": (2, 1), "bd": (2, 0), "sd": (0, 1)}  # annihilated and created quark of the basis file's operator
_NEUTRINO = {"e": 0, "mu": 1, "tau": 2}
_TOP = 2


def match_dineutrino(name: str, inputs: EvolutionInputs, result: LinearCombination) -> bool:
    """Fill `result` with coefficient `name` at M_Z; False if `name` is not a dineutrino coefficient."""
    found = _NAME.fullmatch(name)
    if found is None:
        return False
    chirality = found[1]
    annihilated, created = _QUARKS[found[2]]
    r, p = _NEUTRINO[found[3]], _NEUTRINO[found[4]]
    ckm = inputs.ckm
    electric = 4.0 * math.pi * inputs.alpha_e(rgevolve_data.reference_scale("WET"))
    top = ckm[_TOP, annihilated] * ckm[_TOP, created].conj()
    factor = 1.0 / (2.0 * 4.0 * inputs.fermi_constant / math.sqrt(2.0) * top * electric / (16.0 * math.pi**2))
    if chirality == "R":
        result.add(factor, "ld", p, r, created, annihilated)
        if p == r:
            result.add(factor, "phid", created, annihilated)
        return True
    for s in range(3):
        for t in range(3):
            rotated = factor * ckm[s, created].conj() * ckm[t, annihilated]
            result.add(rotated, "lq1", p, r, s, t)
            result.add(-rotated, "lq3", p, r, s, t)
            if p == r:
                result.add(rotated, "phiq1", s, t)
                result.add(rotated, "phiq3", s, t)
    return True
