"""Decays of b hadrons into a light hadron and two charged leptons: arguments, coefficients of pairs of leptons, ratios."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.contracts import Argument, Arguments, Coefficient
from fitlq_theory.effective_coefficients import SCALE, coefficients_of

__all__ = ["coefficients_of_leptons", "edges_of", "outside_phase_space", "q2_arguments", "ratio_of_leptons", "side_by_side"]

Real = NDArray[np.float64]

# the leading coefficients C7, C7p, C8, C8p do not depend on the lepton
_DIPOLES = 4
_VALUES = 2  # axes of values of forms, instead of three of forms
_SHARED = 1 + 2 * _DIPOLES  # real components: 1 and the real and imaginary parts of the dipoles
_MEANINGS: Mapping[str, str] = {
    "q2": "invariant mass squared of the leptons",
    "q2min": "lower bin edge",
    "q2max": "upper bin edge",
}


def coefficients_of_leptons(leptons: tuple[str, ...], scale: float = SCALE) -> tuple[Coefficient, ...]:
    """The coefficients of the first lepton at `scale`, then those of the others without the dipoles, which are common."""
    first, *others = (coefficients_of(lepton, scale) for lepton in leptons)
    return first + tuple(c for coefficients in others for c in coefficients[_DIPOLES:])


def side_by_side(first: Real, second: Real) -> Real:
    """Forms (k, m, m) and (l, m, m) of two leptons, in the coefficients of both: (k + l, M, M).

    Their values (k, N) and (l, N) at N points are just listed: (k + l, N).
    """
    if first.ndim == _VALUES:
        return np.concatenate([first, second])
    own = first.shape[-1]
    size = own + second.shape[-1] - _SHARED
    forms = np.zeros((len(first) + len(second), size, size))
    forms[: len(first), :own, :own] = first
    positions = np.r_[0:_SHARED, own:size]
    forms[len(first) :, positions[:, None], positions] = second
    return forms


def ratio_of_leptons(first: Real, second: Real) -> Real:
    """Numerator (m, m) and denominator (m, m) of two leptons in the coefficients of both: (2, M, M)."""
    return side_by_side(first[None], second[None])


def edges_of(arguments: Arguments) -> tuple[float, ...]:
    """(q2min, q2max), or (q2,) where there is no bin."""
    return (arguments["q2"],) if "q2" in arguments else (arguments["q2min"], arguments["q2max"])


def q2_arguments(names: tuple[str, ...], threshold: float, end: float, *, to_zero: bool) -> tuple[Argument, ...]:
    """The arguments called `names`; bins may reach a little beyond the end point, and to 0, as experiments quote them.

    Parameters
    ----------
    names : tuple of str
        ``q2``, or ``q2min`` and ``q2max``.
    threshold, end : float
        Limits of phase space in GeV^2.
    to_zero : bool
        Whether bins may start below the threshold.
    """
    least = 0.0 if to_zero and names != ("q2",) else threshold
    return tuple(Argument(name, "GeV^2", least, math.ceil(end), _MEANINGS[name]) for name in names)


def outside_phase_space(threshold: float, end: float, arguments: Arguments) -> str | None:
    """Why there is nothing to predict for these arguments, None if there is."""
    if "q2" in arguments:
        return None if arguments["q2"] <= end else f"q2 = {arguments['q2']:g} is above the end point {end:.6g}"
    lower, upper = edges_of(arguments)
    if not lower < upper:
        return f"q2min = {lower:g} must be below q2max = {upper:g}"
    if lower >= end or upper <= threshold:
        return f"the bin lies outside phase space [{threshold:.6g}, {end:.6g}]"
    return None
