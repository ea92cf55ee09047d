"""Where the walkers start: around the minima of a fit, as wide as the posterior is expected to be."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fitlq.fitting import Fit
from fitlq.likelihood import Likelihood
from fitlq.sampling.coordinates import Coordinates
from fitlq_theory.errors import FitlqError

__all__ = ["default_walkers", "initial_coordinates"]

Real = NDArray[np.float64]

_WITHIN = 9.0  # minima less likely than this in chi2 get no walkers
_TRIES = 200
_WIDEST = 0.2  # of the range


def default_walkers(n_parameters: int) -> int:
    """An even number, at least 32 and four per parameter."""
    return max(32, 4 * n_parameters)


def initial_coordinates(likelihood: Likelihood, fit: Fit, walkers: int, seed: int) -> Real:
    """Starting coordinates of the walkers, (walkers, n).

    Walkers are shared among the minima with delta chi2 < 9 by exp(-delta chi2 / 2), each with a Gaussian of the
    covariance of the fit around it; a parameter without a usable error is spread over its range.

    Raises
    ------
    FitlqError
        No point with a finite likelihood is found near the minima.
    """
    coordinates = Coordinates.of(likelihood.parameter_info)
    generator = np.random.default_rng(seed)
    low, high = coordinates.edges
    near = [minimum for minimum in fit.minima if minimum.chi2 < fit.chi2 + _WITHIN]
    weights = np.exp([-0.5 * (minimum.chi2 - fit.chi2) for minimum in near])
    centres = coordinates.from_natural(np.array([[minimum.values[name] for name in likelihood.parameters] for minimum in near]))
    which = generator.choice(len(near), size=walkers, p=weights / weights.sum())
    factor, loose = _spread(coordinates, fit, high - low)
    start = np.empty((walkers, len(low)))
    missing = np.arange(walkers)
    for attempt in range(_TRIES):
        shrink = 1.0 if attempt < _TRIES // 2 else 0.1
        n = len(missing)
        proposal = centres[which[missing]] + shrink * generator.normal(size=(n, len(low))) @ factor.T
        proposal[:, loose] = (low + (high - low) * generator.random((n, len(low))))[:, loose]
        start[missing] = proposal
        inside = np.all((proposal > low) & (proposal < high), axis=1)
        good = np.zeros(n, dtype=bool)
        if inside.any():
            good[inside] = np.isfinite(likelihood(coordinates.to_natural(proposal[inside])))
        missing = missing[~good]
        if not len(missing):
            return start
    msg = f"no starting point with a finite likelihood was found for {len(missing)} of {walkers} walkers near the best fit"
    raise FitlqError(msg)


def _spread(coordinates: Coordinates, fit: Fit, span: Real) -> tuple[Real, NDArray[np.bool_]]:
    """Factor of the covariance in sampled coordinates, and which parameters have no usable error."""
    slope = np.where(coordinates.logarithmic, 1.0 / np.where(coordinates.logarithmic, fit.point, 1.0), 1.0)
    covariance = fit.covariance * np.outer(slope, slope)
    errors = np.sqrt(np.where(np.diag(covariance) > 0, np.diag(covariance), np.nan))
    loose = ~np.isfinite(errors)
    errors = np.where(loose, 0.0, np.where(errors > 0, errors, 0.0))
    narrowed = np.minimum(errors, _WIDEST * span)
    with np.errstate(invalid="ignore", divide="ignore"):
        correlation = covariance / np.outer(errors, errors)
    correlation = np.where(np.isfinite(correlation), correlation, 0.0)
    np.fill_diagonal(correlation, 1.0)
    values, vectors = np.linalg.eigh(0.5 * (correlation + correlation.T))
    root = vectors * np.sqrt(np.maximum(values, 1e-3))
    return np.asarray(narrowed[:, None] * root), loose
