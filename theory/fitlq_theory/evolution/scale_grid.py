"""Interpolation weights between stored scales, linear in the logarithm of the scale, one row per point.

Linear interpolation of the matrices between neighbouring nodes agrees with an integration of the renormalisation group
equations (wilson 2.5.2) to better than 1e-3 for coefficients that exist at tree level, and to about 1 to 5 % for those
that arise from loops, whose dependence on the scale is quadratic in the logarithm.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.errors import InputError

__all__ = ["interpolation_weights", "nodes_around"]

Real = NDArray[np.float64]

_SAME = 1e-9  # relative difference below which a scale is taken to be a node


def nodes_around(nodes: Sequence[float], lowest: float, highest: float, what: str) -> tuple[int, ...]:
    """Positions of the nodes needed to interpolate anywhere in [`lowest`, `highest`] (GeV).

    Raises
    ------
    InputError
        A scale that is not a positive number inside the grid; `what` names it in the message.
    """
    grid = np.asarray(nodes)
    if not (lowest <= highest and grid[0] * (1 - _SAME) <= lowest and highest <= grid[-1] * (1 + _SAME)):
        wrong = highest if highest > grid[-1] else lowest
        msg = f"{what} = {wrong:g} GeV is outside the range of the running, {grid[0]:g} to {grid[-1]:g} GeV"
        raise InputError(msg)
    first = int(np.searchsorted(grid, lowest * (1 + _SAME), side="right")) - 1
    last = int(np.searchsorted(grid, highest * (1 - _SAME), side="left"))
    return tuple(range(max(first, 0), min(last, len(grid) - 1) + 1))


def interpolation_weights(nodes: Real, scales: Real, what: str) -> Real:
    """Weights w with ``matrix(scale) = sum_k w[..., k] matrix_k``; shape ``scales.shape + nodes.shape``.

    Raises
    ------
    InputError
        A scale outside the nodes.
    """
    scales = np.asarray(scales, dtype=np.float64)
    if scales.size:
        nodes_around(nodes.tolist(), float(scales.min()), float(scales.max()), what)
    if len(nodes) == 1:
        return np.ones((*scales.shape, 1))
    logs = np.log(nodes)
    position = np.clip(np.searchsorted(nodes, scales, side="right") - 1, 0, len(nodes) - 2)
    fraction = np.clip((np.log(scales) - logs[position]) / (logs[position + 1] - logs[position]), 0.0, 1.0)
    columns = np.arange(len(nodes))
    lower = columns == position[..., None]
    upper = columns == position[..., None] + 1
    return np.asarray(lower * (1.0 - fraction[..., None]) + upper * fraction[..., None])
