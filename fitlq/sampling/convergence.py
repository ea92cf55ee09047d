"""Is a chain long enough? Autocorrelation times, and an answer in words."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["REQUIRED_TIMES", "Convergence", "autocorrelation_times", "checkpoints_after", "is_checkpoint", "judge"]

Real = NDArray[np.float64]

REQUIRED_TIMES = 50  # a chain shorter than this many autocorrelation times gives no reliable estimate of them
_FIRST_CHECK = 500
_GROWTH = 1.15


@dataclass(frozen=True, slots=True)
class Convergence:
    """True if converged; `text` says why or why not, and what to do."""

    reached: bool
    text: str

    def __bool__(self) -> bool:
        return self.reached

    def __str__(self) -> str:
        return self.text


def autocorrelation_times(values: Real) -> Real:
    """Integrated autocorrelation time of each parameter in steps, (n,), from values (steps, walkers, n).

    Estimated from the autocorrelation averaged over walkers with the window of Sokal; NaN for a parameter that never moves
    or a chain of fewer than four steps.
    """
    if len(values) < 4:
        return np.full(values.shape[2], np.nan)
    from emcee.autocorr import integrated_time

    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(integrated_time(values, tol=0, quiet=True), dtype=np.float64)


def judge(values: Real, names: tuple[str, ...]) -> Convergence:
    """Whether the chain (steps, walkers, n) is at least 50 autocorrelation times long for every parameter."""
    steps = len(values)
    times = autocorrelation_times(values)
    if not np.isfinite(times).any():
        return Convergence(False, f"not converged: {steps} steps are too few to estimate an autocorrelation time")
    worst = int(np.nanargmax(times))
    length = steps / times[worst]
    facts = f"{steps} steps are {length:.0f} autocorrelation times of {names[worst]} (the slowest, {times[worst]:.0f} steps)"
    stuck = [name for name, time in zip(names, times, strict=True) if not np.isfinite(time)]
    if stuck:
        return Convergence(False, f"not converged: {', '.join(stuck)} did not move; {facts}")
    if length >= REQUIRED_TIMES:
        return Convergence(True, f"converged: {facts}, {REQUIRED_TIMES} are required")
    needed = int(np.ceil(REQUIRED_TIMES * times[worst] / 100.0)) * 100
    return Convergence(False, f"not converged: {facts}, {REQUIRED_TIMES} are required; go on to about {needed} steps")


def is_checkpoint(steps: int) -> bool:
    """Whether convergence is judged at this number of steps."""
    return steps > 0 and checkpoints_after(steps - 1) == steps


def checkpoints_after(steps: int) -> int:
    """The next number of steps at which convergence is judged, from a fixed sequence."""
    check = _FIRST_CHECK
    while check <= steps:
        check = max(check + 500, int(np.ceil(_GROWTH * check / 500.0)) * 500)
    return check
