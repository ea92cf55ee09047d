"""How good is a fit: p-value, and the significance of an improvement in units of sigma."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import chdtrc, ndtri

from fitlq.likelihood import Pull

__all__ = ["GaussianNumbers", "gaussian_numbers", "p_value", "significance"]


@dataclass(frozen=True, slots=True)
class GaussianNumbers:
    """How well the two-sided Gaussian numbers alone are described, by the best fit to everything and in the Standard Model.

    Attributes
    ----------
    chi2, chi2_sm : float
        The sum of their shares in chi2 (`Pull.chi2`).
    ndof : int
        Their number minus the free parameters that change something.
    p_value, p_value_sm, significance_sm : float
        As in `Fit`; NaN without degrees of freedom.
    """

    chi2: float
    ndof: int
    p_value: float
    chi2_sm: float
    p_value_sm: float
    significance_sm: float


def gaussian_numbers(pulls: Sequence[Pull], sm_pulls: Sequence[Pull], n_free: int) -> GaussianNumbers:
    """Leave out limits, counts and grids, whose chi2 does not follow a chi2 distribution.

    Parameters
    ----------
    pulls, sm_pulls : sequence of Pull
        At the best fit and in the Standard Model.
    n_free : int
        Free parameters that change something.
    """
    chi2, chi2_sm = (math.fsum(pull.chi2 for pull in some if not pull.limit) for some in (pulls, sm_pulls))
    count = sum(not pull.limit for pull in pulls)
    return GaussianNumbers(
        chi2=chi2,
        ndof=count - n_free,
        p_value=p_value(chi2, count - n_free),
        chi2_sm=chi2_sm,
        p_value_sm=p_value(chi2_sm, count),
        significance_sm=significance(chi2_sm, count) if count else math.nan,
    )


def p_value(chi2: float, ndof: int) -> float:
    """Probability of a chi2 at least this large for `ndof` degrees of freedom; NaN if there are none.

    Every measurement counts as one degree of freedom, limits included: a limit adds a chi2 that is usually small, so
    that with many limits the p-value errs on the large side.
    """
    if ndof <= 0:
        return math.nan
    return float(chdtrc(ndof, max(chi2, 0.0)))


def significance(delta_chi2: float, n_parameters: int) -> float:
    """Sigmas at which the point without the parameters is disfavoured, by Wilks' theorem, two-sided.

    One parameter and delta chi2 = 9 give 3. An improvement below zero gives 0; one too large for double precision gives
    sqrt(delta chi2), its leading behaviour.
    """
    if n_parameters <= 0 or not delta_chi2 > 0:
        return 0.0
    tail = float(chdtrc(n_parameters, delta_chi2))
    return float(-ndtri(0.5 * tail)) if tail > 1e-300 else math.sqrt(delta_chi2)
