r"""Nodes of Gauss and Legendre in a bin of q2 for pairs of charged leptons.

Below 1 GeV^2 (2 GeV^2 for bins that reach beyond 3) :math:`q^2 = s_0 \cosh^2 t` from the threshold :math:`s_0`, which removes
the root of the threshold together with the photon pole; elsewhere :math:`q^2 = s_0 + (s_1 - s_0) \sin^2 t` with the end point
:math:`s_1`, which removes the root there. Bins are cut where amplitudes are not smooth. Eight
nodes in each piece are good to 1e-6 of every pair of coefficients for muons and taus, to 1e-4 for electrons at the photon pole,
where two-loop functions are frozen (compared with 40 nodes).
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

__all__ = ["bin_nodes"]

Real = NDArray[np.float64]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(8)
# GeV^2: where the photon pole matters, and where a bin that contains it is cut if it reaches beyond the last number
_POLE, _POLE_CUT, _LONG_BIN = 1.0, 2.0, 3.0
# electrons: the region of the threshold, in its units, is a piece of its own
_NEAR = 100.0
# cuts closer together than this are one
_RESOLUTION = 1e-9


def bin_nodes(edges: tuple[float, float], limits: tuple[float, float], cuts: Iterable[float]) -> tuple[Real, Real]:
    """Nodes and weights of the part of a bin inside phase space.

    Parameters
    ----------
    edges : tuple of float
        Of the bin in GeV^2.
    limits : tuple of float
        Threshold (above zero) and end point of phase space in GeV^2.
    cuts : iterable of float
        Points in q2 where the integrand is not smooth.

    Returns
    -------
    q2, weights : ndarray, shape (n,)
    """
    threshold, end = limits
    lower, upper = max(edges[0], threshold), min(edges[1], end)
    cuts = [*cuts, *([_POLE_CUT] if lower < _POLE and upper > _LONG_BIN else [])]
    if _NEAR * threshold < _POLE:
        cuts.append(_NEAR * threshold)
    inner = sorted(c for c in cuts if lower < c < upper)
    borders = [lower]
    for border in (*inner, upper):
        if border > borders[-1] + _RESOLUTION:
            borders.append(border)
    grid, weights = zip(*(_piece(a, b, threshold, end) for a, b in pairwise(borders)), strict=True)
    return np.concatenate(grid), np.concatenate(weights)


def _piece(lower: float, upper: float, threshold: float, end: float) -> tuple[Real, Real]:
    if lower < _POLE:
        first, last = (float(np.arccosh(np.sqrt(max(edge / threshold, 1.0)))) for edge in (lower, upper))
    else:
        first, last = (
            float(np.arcsin(np.sqrt(min(max((edge - threshold) / (end - threshold), 0.0), 1.0)))) for edge in (lower, upper)
        )
    t = 0.5 * (last - first) * _NODES + 0.5 * (last + first)
    weights = 0.5 * (last - first) * _WEIGHTS
    if lower < _POLE:
        return threshold * np.cosh(t) ** 2, weights * threshold * np.sinh(2 * t)
    return threshold + (end - threshold) * np.sin(t) ** 2, weights * (end - threshold) * np.sin(2 * t)
