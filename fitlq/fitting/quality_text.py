"""Goodness of fit in words, for the printed fit and the report: what the p-value of a fit with limits is worth."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fitlq.fitting.result import Fit

__all__ = ["gaussian_words", "limits_words", "p_value_words", "standard_model_words", "two_decimals"]

_NONE = "none (no degrees of freedom)"


def two_decimals(value: float) -> str:
    """``12.34``; never minus nothing."""
    return f"{round(value, 2) + 0.0:.2f}"


def limits_words(fit: Fit) -> str:
    """What limits and counts do to the p-value; empty if there are none."""
    if not fit.n_limits:
        return ""
    number = f"{fit.n_limits} of the {fit.likelihood.n_measurements} numbers"
    return (
        f"{number} {'is a limit or count' if fit.n_limits == 1 else 'are limits or counts'}, for which it errs on the large side"
    )


def p_value_words(fit: Fit) -> str:
    """The p-value of the best fit to all numbers."""
    remark = limits_words(fit)
    return (_NONE if math.isnan(fit.p_value) else f"{fit.p_value:.3g}") + (f" ({remark})" if remark else "")


def standard_model_words(fit: Fit, sigma: str = "sigma") -> str:
    """chi2 and p-value of the Standard Model; in sigmas only if no limit makes them too few."""
    text = f"{two_decimals(fit.chi2_sm)} / {fit.likelihood.n_measurements}: p-value {fit.p_value_sm:.3g}"
    return text if fit.n_limits else f"{text}, {fit.significance_sm:.2f} {sigma}"


def gaussian_words(fit: Fit, sigma: str = "sigma") -> str:
    """chi2 / degrees of freedom and p-value of the Gaussian numbers alone, at the best fit and in the Standard Model."""
    count = fit.likelihood.n_measurements - fit.n_limits
    if not count:
        return "there are none"
    alone = fit.gaussian
    probability = "none" if math.isnan(alone.p_value) else f"{alone.p_value:.3g}"
    return (
        f"best fit {two_decimals(alone.chi2)} / {alone.ndof}: p-value {probability}; "
        f"Standard Model {two_decimals(alone.chi2_sm)} / {count}: p-value {alone.p_value_sm:.3g}, "
        f"{alone.significance_sm:.2f} {sigma}"
    )
