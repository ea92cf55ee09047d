"""Shapes of the likelihood for an upper limit that comes without the events behind it.

half-normal (default)
    A Gaussian centred at zero whose width makes the limit the two-sided quantile: sigma = upper / Phi^-1((1 + CL) / 2), for
    90 % upper / 1.645. For a quantity that cannot be negative, CL of the half-normal lies below the limit. It joins the
    Gaussian part with measurement 0.

one-sided-gaussian
    -2 ln L = ((x - c) / sigma)^2 above the centre c and 0 below; c is the published central value, or 0;
    sigma = (upper - c) / Phi^-1(CL), the one-sided quantile. Weaker than the half-normal without a central value.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

__all__ = ["LIMIT_SHAPES", "OneSidedTerms", "half_normal_error", "one_sided_error"]

Real = NDArray[np.float64]

LIMIT_SHAPES = ("half-normal", "one-sided-gaussian")


def half_normal_error(upper: float, level: float) -> float:
    """Width of the half-normal whose quantile `level` is `upper`."""
    return float(upper / ndtri(0.5 * (1.0 + level)))


def one_sided_error(upper: float, level: float, centre: float) -> float:
    """Width of the Gaussian about `centre` whose quantile `level` is `upper`; NaN if the limit is not above the centre."""
    quantile = float(ndtri(level))
    return (upper - centre) / quantile if upper > centre and quantile > 0 else float("nan")


@dataclass(frozen=True, slots=True, eq=False)
class OneSidedTerms:
    """Several one-sided Gaussian limits evaluated together; all arrays are (T,)."""

    columns: NDArray[np.intp]
    centre: Real
    sigma: Real

    def minus_two_log_likelihood(self, predictions: Real) -> Real:
        """-2 ln L (..., T) for predictions (..., T)."""
        excess = np.maximum(predictions - self.centre, 0.0) / self.sigma
        return np.asarray(excess * excess)
