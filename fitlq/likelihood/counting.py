"""Counting experiments: Poisson likelihood of the observed events with the background error profiled.

    -2 ln L(x) = min_b { 2 [ s + b - n ln(s + b) ] + ((b - b0) / sigma_b)^2 } - (its value at the best x >= 0),   s = x / k

with n observed events, expected background b0 +- sigma_b and k the value of the observable that makes one event. The minimum
over b is in closed form. k is the published single event sensitivity, or is fixed by asking that the published upper limit
is the credibility limit of this likelihood with a prior flat in x >= 0. Predictions below zero count as zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.errors import InputError

__all__ = ["CountingTerms", "counting_terms", "credibility_limit"]

Real = NDArray[np.float64]

_FEWEST_EVENTS = 1e-300  # in place of no expected event, where some were observed: its logarithm is finite
# The flat-prior integral of a limit runs to this many standard deviations plus events above the best signal, on this many
# points: the tail beyond is below 1e-6, and up to several hundred events the step is below 1e-3 standard deviations.
_TAIL_DEVIATIONS = 12.0
_TAIL_EVENTS = 20.0
_INTEGRATION_POINTS = 40001


@dataclass(frozen=True, slots=True, eq=False)
class CountingTerms:
    """Several counting experiments evaluated together; all arrays are (T,).

    Attributes
    ----------
    columns : (T,) int
        The observable each one constrains.
    observed, background, background_error : (T,) array
        In events.
    per_event : (T,) array
        Value of the observable that makes one expected event.
    """

    columns: NDArray[np.intp]
    observed: Real
    background: Real
    background_error: Real
    per_event: Real

    def minus_two_log_likelihood(self, predictions: Real) -> Real:
        """-2 ln L (..., T) for predictions (..., T), 0 at the best physical prediction."""
        signal = np.maximum(predictions, 0.0) / self.per_event
        best = np.maximum(self.observed - self.background, 0.0)
        return self._unnormalised(signal) - self._unnormalised(best)

    @property
    def best(self) -> Real:
        """The physical predictions that fit best, (T,)."""
        return np.maximum(self.observed - self.background, 0.0) * self.per_event

    @property
    def central(self) -> Real:
        """(observed - background) in units of the observable, (T,); may be negative."""
        return (self.observed - self.background) * self.per_event

    @property
    def errors(self) -> Real:
        """Rough one-sigma errors in units of the observable, (T,), for display only."""
        return np.sqrt(np.maximum(self.observed, 1.0) + self.background_error**2) * self.per_event

    def _unnormalised(self, signal: Real) -> Real:
        n, variance = self.observed, self.background_error**2
        shift = signal + self.background - variance
        total = 0.5 * (shift + np.sqrt(shift * shift + 4.0 * n * variance))
        # the best background cannot be negative; without an error it is not free
        total = np.where(variance > 0, np.maximum(total, signal), signal + self.background)
        pull = np.where(variance > 0, total - signal - self.background, 0.0) / np.where(variance > 0, self.background_error, 1.0)
        # events where none are expected are all but impossible, not infinitely so: a fit must find its way back
        log_term = n * np.log(np.maximum(total, _FEWEST_EVENTS))
        return np.asarray(2.0 * (total - log_term) + pull * pull)


def counting_terms(
    columns: Sequence[int],
    observed: Sequence[float],
    background: Sequence[float],
    background_error: Sequence[float],
    per_event: Sequence[float],
) -> CountingTerms:
    """Collect lists into arrays."""
    return CountingTerms(
        np.asarray(columns, dtype=np.intp),
        np.asarray(observed, dtype=np.float64),
        np.asarray(background, dtype=np.float64),
        np.asarray(background_error, dtype=np.float64),
        np.asarray(per_event, dtype=np.float64),
    )


def credibility_limit(observed: float, background: float, background_error: float, level: float) -> float:
    """Upper limit on the expected signal events: credibility `level`, prior flat in s >= 0, background error profiled.

    Raises
    ------
    InputError
        A level outside (0, 1).
    """
    if not 0.0 < level < 1.0:
        msg = f"a confidence level lies between 0 and 1, found {level!r}"
        raise InputError(msg)
    terms = counting_terms([0], [observed], [background], [background_error], [1.0])
    spread = np.sqrt(max(observed, 1.0) + background_error**2)
    top = max(observed - background, 0.0) + _TAIL_DEVIATIONS * spread + _TAIL_EVENTS
    signal = np.linspace(0.0, top, _INTEGRATION_POINTS)
    likelihood = np.exp(-0.5 * terms.minus_two_log_likelihood(signal[:, None])[:, 0])
    cumulative = np.concatenate([[0.0], np.cumsum(0.5 * (likelihood[1:] + likelihood[:-1]))])
    return float(np.interp(level * cumulative[-1], cumulative, signal))
