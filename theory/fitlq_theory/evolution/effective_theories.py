"""Matrices between the reference scales of the effective theories, and from there to any scale inside one of them.

The chain is SMEFT (M_Z) -> WET (M_Z) -> WET-4 (m_b threshold) -> WET-3 (m_c threshold); every theory has its reference
scale, from which the stored matrices run. All matrices act on the real components of `rgevolve_data.components`.
"""

from __future__ import annotations

from functools import cache, lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.errors import InputError
from fitlq_theory.evolution import rgevolve_data
from fitlq_theory.evolution.inputs import EvolutionInputs
from fitlq_theory.evolution.matching import matching_matrix
from fitlq_theory.evolution.scale_grid import interpolation_weights, nodes_around

__all__ = ["from_scale", "source_sector", "to_scale", "tower"]

Real = NDArray[np.float64]


def tower(source: str, target: str) -> tuple[str, ...]:
    """The theories from `source` down to `target`, both included.

    Raises
    ------
    InputError
        If `target` lies above `source`.
    """
    order = rgevolve_data.EFTS
    first, last = order.index(source), order.index(target)
    if last < first:
        msg = f"coefficients of {source} cannot be evolved up to {target}; the order is {', '.join(order)}"
        raise InputError(msg)
    return order[first : last + 1]


def source_sector(source: str, target: str, sector: str) -> str:
    """The sector of `source` that feeds `sector` of `target`."""
    return rgevolve_data.smeft_sector(sector) if source == "SMEFT" != target else sector


def _steps(source: str, target: str, sector: str, inputs: EvolutionInputs) -> list[Real]:
    """Matrices from the reference scale of one theory to that of the next, from `source` to `target`."""
    return [
        matching_matrix(sector, inputs) if upper == "SMEFT" else _threshold(upper, lower, sector)
        for upper, lower in pairwise(tower(source, target))
    ]


@cache
def _threshold(upper: str, lower: str, sector: str) -> Real:
    matrix = rgevolve_data.reference_running(upper, sector) @ rgevolve_data.translation(upper, "flavio", "JMS", sector)
    matrix = rgevolve_data.lower_matching_matrix(lower, sector) @ matrix
    return np.asarray(rgevolve_data.translation(lower, "JMS", "flavio", sector) @ matrix)


# what does not depend on the inputs is asked for again for each direction in which the inputs are varied
@lru_cache(maxsize=1024)
def _running(eft: str, sector: str, scale: float) -> Real:
    """Matrix from the reference scale of a theory to `scale`; not to be changed."""
    nodes = np.asarray(rgevolve_data.scale_nodes(eft))
    weights = interpolation_weights(nodes, np.asarray(scale), f"the scale of {eft} coefficients")
    return np.asarray(sum(weights[k] * rgevolve_data.running_matrix(eft, sector, int(k)) for k in np.flatnonzero(weights)))


def to_scale(source: str, target: str, sector: str, scale: float, inputs: EvolutionInputs) -> Real:
    """Matrix from the reference scale of `source` to `scale` (GeV) in `target`, for a sector of `target`."""
    matrix = _running(target, sector, scale)
    for step in reversed(_steps(source, target, sector, inputs)):
        matrix = matrix @ step
    return matrix


@lru_cache(maxsize=64)
def from_scale(source: str, sector: str, coefficients: tuple[str, ...], lowest: float, highest: float) -> tuple[Real, Real]:
    """Columns that carry `coefficients` of one sector of `source` from scales in a range to its reference scale.

    Returns
    -------
    nodes : ndarray, shape (K,)
        Stored scales (GeV) that bracket [`lowest`, `highest`].
    columns : ndarray, shape (K, n_components, 2 len(coefficients))
        Columns of the inverse running matrices, (Re, Im) of each coefficient; the Im column of a real one is zero.
        Not to be changed: they are kept for the next call.
    """
    grid = rgevolve_data.scale_nodes(source)
    positions = nodes_around(grid, lowest, highest, f"the scale of {source} coefficients")
    component = rgevolve_data.components(source, sector)
    start = np.zeros((len(component), 2 * len(coefficients)))
    for k, name in enumerate(coefficients):
        start[component[name, "R"], 2 * k] = 1.0
        if (name, "I") in component:
            start[component[name, "I"], 2 * k + 1] = 1.0
    columns = [np.linalg.solve(rgevolve_data.running_matrix(source, sector, node), start) for node in positions]
    return np.array([grid[node] for node in positions]), np.array(columns)
