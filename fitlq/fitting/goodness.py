"""How good is a fit: p-value, and the significance of an improvement in units of sigma."""

from __future__ import annotations

import math

from scipy.special import chdtrc, ndtri

__all__ = ["p_value", "significance"]


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
