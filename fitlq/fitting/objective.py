"""chi2 as a minimiser wants it: scalar, with a gradient from one vectorised call."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fitlq.likelihood import Likelihood

__all__ = ["Objective"]

Real = NDArray[np.float64]

_STEP = 0.01  # step of the central differences in units of the distance over which chi2 changes by one
_WALL = 1e30


class Objective:
    """chi2 of a likelihood and its gradient.

    Parameters
    ----------
    likelihood : Likelihood

    Attributes
    ----------
    lower, upper : (n,) array
        Ranges of the parameters; differences never step outside.
    """

    def __init__(self, likelihood: Likelihood) -> None:
        self._likelihood = likelihood
        self.names = likelihood.parameters
        self.lower = np.array([p.minimum for p in likelihood.parameter_info])
        self.upper = np.array([p.maximum for p in likelihood.parameter_info])
        self.start = likelihood.start
        self.logarithmic = np.array([p.prior == "log" for p in likelihood.parameter_info], dtype=bool)
        self.moving = np.array([name not in likelihood.idle for name in self.names], dtype=bool)

    def chi2(self, points: Real) -> Real:
        """(N, n) -> (N,)."""
        return np.asarray(self._likelihood.chi2(points))

    def rough_chi2(self, points: Real) -> Real:
        """(N, n) -> (N,), fast and approximate."""
        return np.asarray(self._likelihood.rough_chi2(points))

    def value(self, point: Real) -> float:
        """(n,) -> chi2. Minuit, when lost, tries points that are not numbers: they meet a wall."""
        x = np.asarray(point, dtype=np.float64)
        return float(self._likelihood.chi2(x)) if np.isfinite(x).all() else _WALL

    def gradient(self, point: Real, scale: Real) -> Real:
        """Central differences in one call; one-sided at the edge of a range.

        Parameters
        ----------
        point : (n,) array
        scale : (n,) array
            Distance over which chi2 changes by about one, see `scale_at`.
        """
        x = np.asarray(point, dtype=np.float64)
        if not np.isfinite(x).all():
            return np.zeros(len(x))
        step = np.maximum(_STEP * scale, 4.0 * np.spacing(np.abs(x)))
        n = len(x)
        batch = np.tile(x, (2 * n, 1))
        index = np.arange(n)
        batch[index, index] = np.minimum(x + step, self.upper)
        batch[n + index, index] = np.maximum(x - step, self.lower)
        width = batch[index, index] - batch[n + index, index]
        values = self.chi2(batch)
        return np.asarray(np.where(width > 0, (values[:n] - values[n:]) / np.where(width > 0, width, 1.0), 0.0))

    def scale_at(self, point: Real) -> Real:
        """For each parameter the largest step, on a ladder of factors of 5.6, that changes chi2 by at most one, (n,)."""
        x = np.asarray(point, dtype=np.float64)
        n, span = len(x), self.upper - self.lower
        ladder = 10.0 ** np.arange(-9.0, 0.1, 0.75)
        batch = np.tile(x, (2, len(ladder), n, 1))
        index = np.arange(n)
        batch[0, :, index, index] += (span * ladder[:, None]).T
        batch[1, :, index, index] -= (span * ladder[:, None]).T
        np.clip(batch, self.lower, self.upper, out=batch)
        values = self.chi2(batch.reshape(-1, n)).reshape(2, len(ladder), n)
        change = np.abs(values - self.value(x)).max(axis=0)
        small = np.where(np.isfinite(change), change, np.inf) <= 1.0
        # the first rung that changes chi2 by more than one ends the ladder, whatever comes after it
        reached = np.cumprod(small, axis=0).sum(axis=0)
        return np.asarray(span * ladder[np.maximum(reached - 1, 0)])
