r"""QCD running of Delta F = 2 operators at next-to-leading order, as a correction to the leading-order running of the tables.

With a = alpha_s/(4 pi), f flavours and C the coefficients of (VLL), (VLR, SLR), (SLL, TLL) or their mirror images,

.. math::

    C(\mu_l) = \left[ U_0 + a(\mu_l) J U_0 - a(\mu_h) U_0 J \right] C(\mu_h), \qquad
    U_0 = (a(\mu_h)/a(\mu_l))^{\gamma_0^T/(2\beta_0)},

J solving :math:`J + [\gamma_0^T/(2\beta_0), J] = \beta_1 \gamma_0^T/(2\beta_0^2) - \gamma_1^T/(2\beta_0)`, in steps from the high
scale to the top quark, to the bottom quark, to the low scale (hep-ph/0102316). The scheme is MSbar-NDR with the evanescent
operators of hep-ph/0005183, that of the bag parameters, which are the matrix elements of the result; coefficients at the high
scale, matched at tree level, are taken to be in the same scheme. The anomalous dimensions below reproduce the master formulae
of hep-ph/0102316 for six, five and four flavours.

Why a correction: rgevolve runs at leading order, electroweak and Yukawa interactions included. Its result is multiplied by
(running at next-to-leading order) times (QCD running at leading order, U_0)^-1 between the same scales.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["MIRRORED_OPERATORS", "OPERATORS", "anomalous_dimensions", "correction", "next_to_leading_running"]

Real = NDArray[np.float64]
StrongCoupling = Callable[[float, int], float]

OPERATORS = ("CVLL", "CVLR", "CSLR", "CSLL", "CTLL")
MIRRORED_OPERATORS = ("CVRR", "CVLR", "CSLR", "CSRR", "CTRR")  # of opposite chirality, in the same order
_TOP, _BOTTOM, _LOWEST = 165.0, 4.2, 1.3  # GeV: thresholds; below the charm quark the correction is that at its mass


@cache
def anomalous_dimensions(flavours: int) -> tuple[Real, Real]:
    """gamma_0 and gamma_1 of `OPERATORS`, (5, 5) each; dC/dln(mu) = (a gamma_0^T + a^2 gamma_1^T) C.

    hep-ph/0005183 for three colours; its second SLL operator has sigma = [gamma, gamma]/2, so that C_TLL is minus its
    coefficient.
    """
    f = float(flavours)
    first, second = np.zeros((5, 5)), np.zeros((5, 5))
    first[0, 0], second[0, 0] = 4.0, -7.0 + 4.0 / 9.0 * f
    first[1:3, 1:3] = [[2.0, 12.0], [0.0, -16.0]]
    second[1:3, 1:3] = [
        [71.0 / 3.0 - 22.0 / 9.0 * f, 198.0 - 44.0 / 3.0 * f],
        [225.0 / 4.0 - 2.0 * f, -1343.0 / 6.0 + 68.0 / 9.0 * f],
    ]
    first[3:, 3:] = [[-10.0, 1.0 / 6.0], [-40.0, 34.0 / 3.0]]
    second[3:, 3:] = [
        [-1459.0 / 9.0 + 74.0 / 9.0 * f, -35.0 / 36.0 - f / 54.0],
        [-6332.0 / 9.0 + 584.0 / 9.0 * f, 2065.0 / 9.0 - 394.0 / 27.0 * f],
    ]
    sign = np.diag([1.0, 1.0, 1.0, 1.0, -1.0])
    return sign @ first @ sign, sign @ second @ sign


@cache
def _eigenbasis(flavours: int) -> tuple[Real, Real, Real, Real]:
    """Exponents gamma_0/(2 beta_0), eigenvectors V of gamma_0^T, V^-1, and J."""
    first, second = anomalous_dimensions(flavours)
    beta_0, beta_1 = 11.0 - 2.0 / 3.0 * flavours, 102.0 - 38.0 / 3.0 * flavours
    # all eigenvalues are real; numpy gives them as complex numbers from version 2.5 on
    eigenvalues, vectors = (np.real(part) for part in np.linalg.eig(first.T))
    inverse = np.linalg.inv(vectors)
    exponents = eigenvalues / (2.0 * beta_0)
    rotated = inverse @ second.T @ vectors / (2.0 * beta_0)
    in_eigenbasis = np.diag(beta_1 / beta_0 * exponents) - rotated / (1.0 + exponents[:, None] - exponents[None, :])
    return exponents, vectors, inverse, vectors @ in_eigenbasis @ inverse


def _segments(low: float, high: float) -> list[tuple[float, float, int]]:
    """(lower scale, upper scale, flavours) from the top down."""
    edges = [(_TOP, math.inf, 6), (_BOTTOM, _TOP, 5), (0.0, _BOTTOM, 4)]
    found = [(max(low, lower), min(high, upper), flavours) for lower, upper, flavours in edges]
    return [segment for segment in found if segment[0] < segment[1]]


def _steps(low: float, high: float, alpha_s: StrongCoupling) -> tuple[Real, Real]:
    """Running at leading and at next-to-leading order."""
    leading, next_to_leading = np.eye(len(OPERATORS)), np.eye(len(OPERATORS))
    for lower, upper, flavours in _segments(low, high):
        exponents, vectors, inverse, j = _eigenbasis(flavours)
        start, end = (alpha_s(scale, flavours) / (4.0 * math.pi) for scale in (upper, lower))
        step = (vectors * (start / end) ** exponents) @ inverse
        leading = step @ leading
        next_to_leading = (step + end * j @ step - start * step @ j) @ next_to_leading
    return leading, next_to_leading


def next_to_leading_running(low: float, high: float, alpha_s: StrongCoupling) -> Real:
    """Matrix (5, 5) from coefficients of `OPERATORS` at `high` to those at `low` (GeV).

    `alpha_s` gives the strong coupling at a scale with a number of flavours.
    """
    return _steps(low, high, alpha_s)[1]


def correction(low: float, high: float, alpha_s: StrongCoupling) -> Real:
    """What turns coefficients at `low` run at leading order from `high` into those at next-to-leading order; (5, 5)."""
    leading, next_to_leading = _steps(max(low, min(_LOWEST, high)), high, alpha_s)
    return next_to_leading @ np.linalg.inv(leading)
