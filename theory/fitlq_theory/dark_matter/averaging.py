r"""Thermally averaged annihilation cross section, also near narrow resonances and thresholds.

.. math:: \langle\sigma v\rangle = \frac{1}{8 m^4 T K_2^2(m/T)} \int_{4m^2}^\infty ds\, \sigma (s - 4m^2) \sqrt s\, K_1(\sqrt s/T)

P. Gondolo, G. Gelmini, Nucl. Phys. B 360 (1991) 145, eq. (3.8). Cross sections enter as sigma times
:math:`\beta = \sqrt{1 - 4m^2/s}`, which is finite at threshold (sigma v in the limit of small velocities is twice it).

The integral is a sum over Gauss-Legendre panels whose edges are, for every point of the model separately, geometric in
s - 4m^2, geometric in the distance to each resonance in units of its width, and geometric above each threshold: nothing
has to be tuned, a width of 1e-10 of the mass is resolved like a broad one (far below, s - M^2 is lost in rounding). The same
nodes serve all temperatures.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special

from fitlq_theory.errors import InputError
from fitlq_theory.quadrature import panel_nodes, pole_edges

__all__ = ["Resonance", "thermal_average"]

Real = NDArray[np.float64]
CrossSection = Callable[[Real], Real]

_SMALLEST = 1e-9  # first panel edge in s/4m^2 - 1
_REACH = 45.0  # energies above threshold in units of the highest temperature
_STEP = 2.2  # ratio of neighbouring edges in s - 4m^2
_ABOVE_THRESHOLD = np.concatenate([[0.0], np.geomspace(1e-5, 1.0, 11)])


@dataclass(frozen=True, slots=True)
class Resonance:
    """Mass and width in GeV, numbers or one for each point."""

    mass: ArrayLike
    width: ArrayLike


def _edges(mass: Real, hottest: Real, resonances: Sequence[Resonance], thresholds: Sequence[ArrayLike]) -> Real:
    """Panel edges in s for each point, shape (N, n), increasing."""
    lowest = 4.0 * mass**2
    highest = (2.0 * mass + _REACH * hottest) ** 2
    span = float(np.max(highest / lowest))
    count = int(np.log(span / _SMALLEST) / np.log(_STEP)) + 2
    edges = [lowest, lowest * (1.0 + np.geomspace(_SMALLEST, span, count))]
    for resonance in resonances:
        pole, width = (np.asarray(value, dtype=np.float64).reshape(-1, 1) for value in (resonance.mass, resonance.width))
        if not (np.all(pole > 0.0) and np.all(width > 0.0)):
            smallest = f"{np.min(pole):g} and {np.min(width):g} GeV"
            msg = f"thermal average: mass and width of a resonance must be positive, found {smallest} at the smallest"
            raise InputError(msg)
        edges.append(pole_edges(pole, width) + 0.0 * lowest)
    for threshold in thresholds:
        start = np.asarray(threshold, dtype=np.float64).reshape(-1, 1) ** 2
        edges.append(start * (1.0 + _ABOVE_THRESHOLD) + 0.0 * lowest)
    together = np.concatenate(edges, axis=1)
    return np.sort(np.clip(together, lowest, highest), axis=1)


def thermal_average(
    sigma_beta: CrossSection,
    mass: ArrayLike,
    x: ArrayLike,
    *,
    resonances: Sequence[Resonance] = (),
    thresholds: Sequence[ArrayLike] = (),
) -> Real:
    """<sigma v> in GeV^-2.

    Parameters
    ----------
    sigma_beta : callable
        ``sigma_beta(s)``: annihilation cross section times beta, GeV^-2; takes s of shape (N, n) and returns that shape (its
        own parameters have the shape (N, 1)).
    mass : array_like, shape (N,) or number
        Mass of the dark-matter particle in GeV.
    x : array_like, shape (n_x,)
        m/T, increasing.
    resonances : sequence of Resonance
        In the s channel; only where they are, the cross section comes from `sigma_beta`.
    thresholds : sequence of array_like
        Invariant masses (GeV) at which channels open or the cross section has another kink; those below 2m are ignored.

    Returns
    -------
    ndarray, shape (N, n_x)
        Relative accuracy 1e-5.

    Raises
    ------
    InputError
        A mass, a width or x that is not positive; a cross section that is not finite.
    """
    masses = np.atleast_1d(np.asarray(mass, dtype=np.float64))[:, None]
    inverse = np.atleast_1d(np.asarray(x, dtype=np.float64))
    if not (np.all(masses > 0.0) and np.all(inverse > 0.0)):
        msg = "thermal average: mass and x = m/T must be positive"
        raise InputError(msg)
    edges = _edges(masses, masses / inverse.min(), resonances, thresholds)
    s, weights = panel_nodes(edges)
    excess = np.maximum(s - 4.0 * masses**2, 0.0)
    weights = weights * sigma_beta(s) * np.sqrt(excess) * s
    # sqrt(s) - 2m without cancellation
    kinetic = excess / (np.sqrt(s) + 2.0 * masses)
    found = np.empty((len(masses), len(inverse)))
    for k, value in enumerate(inverse):
        temperature = masses / value
        bessel = special.k1e(np.sqrt(s) / temperature) * np.exp(-kinetic / temperature)
        norm = 8.0 * masses**4 * temperature * special.kve(2, value) ** 2
        found[:, k] = np.sum(weights * bessel, axis=1) / norm[:, 0]
    if not np.all(np.isfinite(found)):
        mass_there = float(masses[~np.isfinite(found).all(axis=1), 0][0])
        msg = f"thermal average: the annihilation cross section is not finite everywhere for the mass {mass_there:g} GeV"
        raise InputError(msg)
    return found
