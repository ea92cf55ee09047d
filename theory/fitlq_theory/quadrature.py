"""Gauss-Legendre panels that adapt to poles and thresholds, for each point of a model separately and without loops."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["panel_nodes", "pole_edges"]

Real = NDArray[np.float64]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(8)
_POLE_STEP = 2.5
_POLE_EDGES = 36  # on each side: up to 2.5^35 = 8e13 half widths


def pole_edges(pole: Real, width: Real) -> Real:
    """Edges around the poles of 1/|s - M^2 + iM Gamma|^2, geometric in the distance in units of the width.

    Parameters
    ----------
    pole, width : ndarray, shape (N, 1)
        M and Gamma.

    Returns
    -------
    ndarray, shape (N, 73)
        In units of s; many lie outside any range and are to be clipped.
    """
    offsets = 0.5 * _POLE_STEP ** np.arange(_POLE_EDGES)
    return np.asarray(pole**2 + pole * width * np.concatenate([-offsets[::-1], [0.0], offsets]))


def panel_nodes(edges: Real) -> tuple[Real, Real]:
    """Nodes and weights of the panels between neighbouring edges (N, n), increasing; each (N, 8 (n - 1))."""
    half = 0.5 * np.diff(edges, axis=1)[..., None]
    nodes = (0.5 * (edges[:, 1:] + edges[:, :-1]))[..., None] + half * _NODES
    return nodes.reshape(len(edges), -1), (half * _WEIGHTS).reshape(len(edges), -1)
