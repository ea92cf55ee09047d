"""Which likelihood a published limit becomes, and with which numbers.

The events behind a limit are used when they were published (observed, expected background, and either the single event
sensitivity or the limit itself, which then fixes the scale); otherwise the limit takes the shape the user chose.
The error of the single event sensitivity is not used.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fitlq.likelihood.counting import credibility_limit
from fitlq.likelihood.limits import half_normal_error, one_sided_error
from fitlq.measurements.data_forms import CountingChannel, LimitData
from fitlq_theory.errors import InputError

__all__ = ["Event", "LimitChoice", "Width", "counting_choice", "limit_choice"]


@dataclass(frozen=True, slots=True)
class Event:
    """A counting experiment; `per_event` is the value of the observable that makes one expected event."""

    observed: float
    background: float
    background_error: float
    per_event: float


@dataclass(frozen=True, slots=True)
class Width:
    """A Gaussian shape: half-normal about zero, or one-sided above `centre`."""

    half_normal: bool
    centre: float
    sigma: float


LimitChoice = Event | Width | str  # str: why the limit cannot be used


def limit_choice(data: LimitData, k: int, shape: str, identifier: str) -> LimitChoice:
    """The likelihood of number `k` of a limit."""
    upper = _at(data.upper, k)
    observed, per_event = _at(data.n_obs, k), _at(data.ses, k)
    background = _at(data.n_bkg, k)
    if background is None and observed == 0:
        background = 0.0  # with no event observed the expected background changes nothing but a constant
    if observed is not None and background is not None:
        error = _at(data.bkg_err, k) or 0.0
        if per_event is None and upper is not None:
            per_event = _scale(observed, background, error, upper, data.cl, identifier)
        if per_event is not None:
            return Event(observed, background, error, per_event)
    if upper is None:
        return "a lower limit alone is not supported as a likelihood term"
    return _width(upper, data.cl, shape, _at(data.central, k), identifier)


def counting_choice(channel: CountingChannel, level: float | None, shape: str, identifier: str) -> LimitChoice:
    """The likelihood of one channel of counts."""
    background = channel.n_bkg
    if background is None and channel.n_sig is not None:
        background = channel.n_obs - channel.n_sig
    error = channel.bkg_err or 0.0
    if channel.ses is not None and background is not None:
        return Event(channel.n_obs, max(background, 0.0), error, channel.ses)
    if channel.upper is None or level is None:
        return "counts without a limit to fix their scale"
    if background is None:
        return _width(channel.upper, level, shape, None, identifier)
    background = max(background, 0.0)
    per_event = _scale(channel.n_obs, background, error, channel.upper, level, identifier)
    return Event(channel.n_obs, background, error, per_event)


def _width(upper: float, level: float, shape: str, central: float | None, identifier: str) -> Width:
    if not upper > 0:
        msg = f"measurement {identifier!r}: an upper limit must be above zero to become a likelihood, found {upper:g}"
        raise InputError(msg)
    if shape == "half-normal":
        return Width(True, 0.0, half_normal_error(upper, level))
    centre = 0.0 if central is None else central
    sigma = one_sided_error(upper, level, centre)
    if not np.isfinite(sigma):
        msg = (
            f"measurement {identifier!r}: no one-sided Gaussian has its {level:.0%} quantile at {upper:g} "
            f"and its centre at {centre:g}; use the half-normal shape"
        )
        raise InputError(msg)
    return Width(False, centre, sigma)


def _scale(observed: float, background: float, error: float, upper: float, level: float, identifier: str) -> float:
    if not upper > 0:
        msg = f"measurement {identifier!r}: the limit that fixes the scale of the counts must be above zero, found {upper:g}"
        raise InputError(msg)
    return upper / credibility_limit(observed, background, error, level)


def _at(values: NDArray[np.float64] | None, k: int) -> float | None:
    return None if values is None else float(values[k])
