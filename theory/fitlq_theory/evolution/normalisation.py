r"""Normalisation factors of the WET basis "flavio" that depend on inputs, and what the tables were made with.

Flavour-changing operators carry (4 G_F/sqrt 2) times a CKM factor, the same for all operators of one sector, so it
commutes with the running; dipoles carry e, semileptonic operators e^2. rgevolve 0.2.0 normalises with one CKM matrix and
rotates quark fields in the matching with another, and keeps alpha_e fixed (all three read off its tables).
"""

from __future__ import annotations

import math
import re
from functools import cache

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.ckm import ckm_matrix
from fitlq_theory.evolution import rgevolve_data
from fitlq_theory.evolution.inputs import EvolutionInputs

__all__ = ["TABLE_ALPHA_E", "TABLE_CKM", "coupling_power", "coupling_ratio", "table_rescaling"]

# inputs of the "flavio" normalisation in the tables: the CKM defaults of wilson 2.5.2, and alpha_e(M_Z) of PDG 2023
TABLE_CKM = {"Vus": 0.2243, "Vub": 0.00362, "Vcb": 0.04221, "gamma": 1.27}
TABLE_ALPHA_E = 1 / 127.951

_E_SQUARED = re.compile(r"C(9|10|S|P)p?_(bs|bd|sd|cu)(e|mu|tau)(e|mu|tau)|C[LR]_(bs|bd|sd)nu(e|mu|tau)nu(e|mu|tau)")
_E = re.compile(r"C7p?_(bs|bd|sd|cu|uu|dd|ss|cc|bb|ee|mumu|tautau)")
_SECTOR = re.compile(r"(sb|db|sd)((e|mu|tau)(e|mu|tau))?|cu|dbcu|sbcu")


def coupling_power(name: str) -> int:
    """Power of the electric charge e in the normalisation of a WET coefficient: 0, 1 or 2."""
    if _E_SQUARED.fullmatch(name):
        return 2
    return 1 if _E.fullmatch(name) else 0


def coupling_ratio(name: str, scale: float, inputs: EvolutionInputs) -> float:
    """(e(M_Z)/e(scale))^power: turns a coefficient normalised at M_Z into one normalised at `scale` (GeV)."""
    power = coupling_power(name)
    if power == 0:
        return 1.0
    reference = rgevolve_data.reference_scale("WET")
    return float((inputs.alpha_e(reference) / inputs.alpha_e(scale)) ** (power / 2))


def _ckm_factor(sector: str, ckm: NDArray[np.complex128]) -> complex:
    """CKM factor in the normalisation of all operators of a sector that is not matched with our own formulas."""
    if _SECTOR.fullmatch(sector) is None:
        return 1.0
    down_pairs = {"sb": (1, 2), "db": (0, 2), "sd": (0, 1)}
    if sector == "cu":
        return complex(ckm[1, 2].conj() * ckm[0, 2])
    if sector in {"dbcu", "sbcu"}:
        return complex(ckm[1, 2] * ckm[0, "ds".index(sector[0])].conj())
    created, annihilated = down_pairs[sector[:2]]
    return complex(ckm[2, created].conj() * ckm[2, annihilated])


@cache
def _table_ckm() -> NDArray[np.complex128]:
    return ckm_matrix(**TABLE_CKM)


def table_rescaling(name: str, sector: str, inputs: EvolutionInputs) -> complex:
    """Factor that turns a coefficient of the tables at M_Z into one normalised with `inputs`."""
    ratio = _ckm_factor(sector, _table_ckm()) / _ckm_factor(sector, inputs.ckm)
    alpha_e = inputs.alpha_e(rgevolve_data.reference_scale("WET"))
    return ratio * math.sqrt(TABLE_ALPHA_E / alpha_e) ** coupling_power(name)
