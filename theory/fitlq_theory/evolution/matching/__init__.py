"""Tree-level matching at M_Z, SMEFT "Warsaw up" -> WET "flavio" (five flavours), process group by process group.

Each group is a module with one function; a new group is one more entry of `PROCESS_GROUPS`. They use the caller's CKM
matrix and inputs. What no group covers is taken from rgevolve: its normalisation is changed to the caller's CKM factors
and alpha_e, but left-handed down quarks are rotated with the matrix built into its matching (|Vus| 0.2248,
|Vub| 0.003714, |Vcb| 0.04197, gamma 1.15). `has_own_matching` tells which is which.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.evolution import rgevolve_data
from fitlq_theory.evolution.inputs import EvolutionInputs
from fitlq_theory.evolution.matching.charged_currents import match_charged_current
from fitlq_theory.evolution.matching.dineutrinos import match_dineutrino
from fitlq_theory.evolution.matching.meson_mixing import match_meson_mixing
from fitlq_theory.evolution.matching.semileptonic import match_semileptonic
from fitlq_theory.evolution.matching.tensors import LinearCombination
from fitlq_theory.evolution.normalisation import table_rescaling

__all__ = ["PROCESS_GROUPS", "has_own_matching", "matching_matrix"]

Real = NDArray[np.float64]
ProcessGroup = Callable[[str, EvolutionInputs, LinearCombination], bool]

PROCESS_GROUPS: tuple[ProcessGroup, ...] = (
    match_charged_current,
    match_dineutrino,
    match_meson_mixing,
    match_semileptonic,
)


def _own_combination(name: str, inputs: EvolutionInputs, known: frozenset[str]) -> LinearCombination | None:
    for group in PROCESS_GROUPS:
        result = LinearCombination(known)
        if group(name, inputs, result):
            return result
    return None


def has_own_matching(name: str, inputs: EvolutionInputs) -> bool:
    """Whether the WET coefficient `name` is matched with `inputs` (else with what is built into rgevolve)."""
    return _own_combination(name, inputs, frozenset(rgevolve_data.sector_of("SMEFT"))) is not None


def matching_matrix(wet_sector: str, inputs: EvolutionInputs) -> Real:
    """Matrix from the SMEFT components at M_Z to the WET "flavio" components at M_Z of one WET sector.

    Both sides in the real components of `rgevolve_data.components`; shape (n_wet, n_smeft).
    """
    known = frozenset(rgevolve_data.sector_of("SMEFT"))
    smeft = rgevolve_data.components("SMEFT", rgevolve_data.smeft_sector(wet_sector))
    wet = rgevolve_data.components("WET", wet_sector)
    names = [name for name, _ in rgevolve_data.sectors("WET")[wet_sector]]
    own = {name: _own_combination(name, inputs, known) for name in names}
    if any(combination is None for combination in own.values()):
        jms = rgevolve_data.smeft_matching_matrix(wet_sector)
        matrix = rgevolve_data.translation("WET", "JMS", "flavio", wet_sector) @ jms
    else:
        matrix = np.zeros((len(wet), len(smeft)))
    for name, combination in own.items():
        if combination is not None:
            matrix[[wet[name, "R"], wet[name, "I"]]] = combination.rows(smeft)
        elif (name, "I") in wet:
            factor = table_rescaling(name, wet_sector, inputs)
            rotation = np.array([[factor.real, -factor.imag], [factor.imag, factor.real]])
            matrix[[wet[name, "R"], wet[name, "I"]]] = rotation @ matrix[[wet[name, "R"], wet[name, "I"]]]
        else:
            matrix[wet[name, "R"]] *= table_rescaling(name, wet_sector, inputs).real
    return matrix
