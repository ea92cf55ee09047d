"""The global fit: find all minima, take the best, errors by HESSE and on demand by MINOS."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fitlq.fitting.minimisation import LocalMinimum, distinct, minimise, search, with_neighbours
from fitlq.fitting.minos import MinosErrors, minos_errors
from fitlq.fitting.objective import Objective
from fitlq.fitting.result import Fit, Minimum
from fitlq.fitting.starting_points import candidates, quasi_random_points
from fitlq.likelihood import Likelihood
from fitlq_theory.errors import InputError, UnknownNameError
from fitlq_theory.naming import unknown_name_message

__all__ = ["fit"]

Real = NDArray[np.float64]
Starts = int | Sequence[Mapping[str, float]] | Sequence[Sequence[float]] | Real

# points at which chi2 is evaluated before any minimisation: up to two parameters, and more
_SAMPLES = (2048, 8192)
_STARTS = 24
_WORSE_BY = 1e-3  # in chi2: a careful minimisation that ends higher than the quick one is discarded
_AT_THE_END = 1e-4  # of the range: a value this close to one of its ends is at the end
_ABOVE_LOGARITHMIC_END = 1.01  # relative; with a log prior the lower end is a matter of ratios
_HARDLY_CONSTRAINED = 0.5  # error in units of the range
_POLISHED_WITHIN = 16.0  # minima whose rough chi2 is this close to the best one are minimised to full accuracy


def fit(
    likelihood: Likelihood,
    *,
    seed: int = 0,
    starts: Starts = _STARTS,
    minos: bool = False,
    progress: bool | Callable[[str], None] = False,
) -> Fit:
    """Minimise chi2 over the free parameters.

    chi2 is evaluated (with frozen theory errors) at thousands of quasi-random points over the ranges. MIGRAD runs from the
    best of them that lie apart; once some have been followed, one is skipped if the straight way from there to a minimum
    already known only descends. The best minimum gets MIGRAD and HESSE at full accuracy. Of equally good minima (a sign
    that the data do not fix) the one nearest to the model's defaults is taken, and of two equally near ones that with the
    larger first parameter.

    Parameters
    ----------
    likelihood : Likelihood
    seed : int
        Of the quasi-random points; the result does not depend on it unless minima are missed.
    starts : int or sequence of points
        The largest number of candidates, or the points to start from (dictionaries or rows), and only those.
    minos : bool
        Also asymmetric errors.
    progress : bool or callable
        True: lines on standard error; a callable gets each line.

    Raises
    ------
    InputError
        No free parameter, or none that changes anything; starting points of the wrong shape or outside the ranges.
    """
    report = _reporter(progress)
    _check(likelihood)
    objective = Objective(likelihood)
    points = _starting_points(objective, likelihood, starts, seed)
    report(f"minimising from up to {len(points)} starting points")
    rough = search(objective, points)
    minima = with_neighbours(objective, _polished(objective, rough), seed)
    report(f"{len(minima)} distinct {'minimum' if len(minima) == 1 else 'minima'}, lowest chi2 {minima[0].chi2:.3f}")
    best = minimise(objective, minima[0].point, fine=True, scale=minima[0].errors, errors=True)
    if best.chi2 > minima[0].chi2 + _WORSE_BY:
        best = minima[0]
    intervals = minos_errors(objective, best) if minos else MinosErrors()
    return _result(likelihood, objective, best, minima, intervals, seed)


def _check(likelihood: Likelihood) -> None:
    if not likelihood.parameters:
        msg = f"model {likelihood.model.name!r}: no parameter is free, there is nothing to fit"
        raise InputError(msg)
    if set(likelihood.idle) == set(likelihood.parameters):
        msg = f"none of the free parameters ({', '.join(likelihood.parameters)}) changes any prediction: nothing to fit"
        raise InputError(msg)


def _starting_points(objective: Objective, likelihood: Likelihood, starts: Starts, seed: int) -> Real:
    if isinstance(starts, (int, np.integer)):
        if starts < 1:
            msg = f"the number of starting points must be at least 1, found {starts}"
            raise InputError(msg)
        points = np.concatenate(
            [likelihood.start[None], quasi_random_points(objective, _SAMPLES[len(objective.names) > 2], seed)]
        )
        found = candidates(objective, points, int(starts))
        return found if len(found) else likelihood.start[None]
    rows = [_as_row(objective, start) for start in starts]
    points = np.array(rows, dtype=np.float64).reshape(len(rows), -1)
    if not len(points) or points.shape[1] != len(objective.names) or not likelihood.inside(points).all():
        msg = f"starting points must be inside the ranges and have the columns {', '.join(objective.names)}"
        raise InputError(msg)
    return points


def _as_row(objective: Objective, start: Any) -> Any:
    if not isinstance(start, Mapping):
        return start
    for name in start:
        if name not in objective.names:
            raise UnknownNameError(unknown_name_message("free parameter", name, objective.names))
    missing = [name for name in objective.names if name not in start]
    if missing:
        msg = f"a starting point needs every free parameter; missing: {', '.join(missing)}"
        raise InputError(msg)
    return [start[name] for name in objective.names]


def _polished(objective: Objective, rough: list[LocalMinimum]) -> list[LocalMinimum]:
    limit = rough[0].chi2 + _POLISHED_WITHIN
    better = [minimise(objective, one.point, fine=True, scale=one.errors) if one.chi2 < limit else one for one in rough]
    return distinct(objective, better)


def _result(
    likelihood: Likelihood,
    objective: Objective,
    best: LocalMinimum,
    minima: list[LocalMinimum],
    intervals: MinosErrors,
    seed: int,
) -> Fit:
    names, n = objective.names, len(objective.names)
    covariance = np.full((n, n), np.nan)
    moving = np.ix_(objective.moving, objective.moving)
    if best.minuit.covariance is not None:
        covariance[moving] = np.array(best.minuit.covariance)[moving]
    errors = np.where(objective.moving, np.array(best.minuit.errors), np.nan)
    return Fit(
        likelihood=likelihood,
        values=dict(zip(names, best.point.tolist(), strict=True)),
        errors=dict(zip(names, errors.tolist(), strict=True)),
        minos=intervals.intervals,
        covariance=covariance,
        chi2=best.chi2,
        valid=bool(best.minuit.valid and best.minuit.covariance is not None),
        message="; ".join([*_message(likelihood, objective, best), *intervals.remarks]),
        minima=tuple(Minimum(one.chi2, dict(zip(names, one.point.tolist(), strict=True))) for one in minima),
        minuit=best.minuit,
        seed=seed,
    )


def _message(likelihood: Likelihood, objective: Objective, best: LocalMinimum) -> list[str]:
    """The state of the fit as sentences."""
    minimum: Any = best.minuit.fmin
    if best.minuit.valid and best.minuit.accurate:
        sentences = ["converged"]
    elif best.minuit.valid:
        sentences = ["converged, but the covariance matrix is not accurate: prefer MINOS or samples for errors"]
    else:
        reason = "too many calls" if minimum.has_reached_call_limit else "the distance to the minimum stays too large"
        sentences = [f"Minuit did not converge ({reason}); try other ranges, fewer free parameters or more starts"]
    span = objective.upper - objective.lower
    low = (best.point - objective.lower) < _AT_THE_END * span
    low &= ~(objective.logarithmic & (best.point > _ABOVE_LOGARITHMIC_END * objective.lower))
    high = (objective.upper - best.point) < _AT_THE_END * span
    for side, at in (("lower", low), ("upper", high)):
        stuck = [name for name, is_at, moves in zip(objective.names, at, objective.moving, strict=True) if is_at and moves]
        if stuck:
            sentences.append(f"at the {side} end of its range: {', '.join(stuck)}; its error is not meaningful")
    loose = [
        name
        for name, error, width, moves in zip(objective.names, best.errors, span, objective.moving, strict=True)
        if moves and error > _HARDLY_CONSTRAINED * width
    ]
    if loose:
        sentences.append(f"hardly constrained within its range: {', '.join(loose)}")
    if likelihood.idle:
        sentences.append(f"changes nothing and was left at its start: {', '.join(likelihood.idle)}")
    return sentences


def _reporter(progress: bool | Callable[[str], None]) -> Callable[[str], None]:
    if callable(progress):
        return progress
    if not progress:
        return lambda _line: None
    import sys

    return lambda line: print(line, file=sys.stderr, flush=True)
