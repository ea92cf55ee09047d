r"""Relic density of a thermal particle from the Boltzmann equation.

.. math:: \frac{dY}{dx} = -\sqrt{\frac{\pi}{45}}\, \frac{M_{Pl}\, m\, g_*^{1/2} \langle\sigma v\rangle}{x^2}
          (Y^2 - Y_{eq}^2), \qquad Y_{eq} = \frac{45 g}{4\pi^4 g_s} x^2 K_2(x), \qquad
          \Omega h^2 = \frac{m\, s_0\, Y_\infty}{\rho_c/h^2}

(P. Gondolo, G. Gelmini, Nucl. Phys. B 360 (1991) 145), with the degrees of freedom of `degrees_of_freedom`. The equation is
stiff; each step of the L-stable scheme of second order TR-BDF2 is a quadratic equation, solved exactly, so that all points
advance together without iterations and Y stays positive.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special
from scipy.interpolate import CubicSpline

from fitlq_theory.dark_matter.averaging import CrossSection, Resonance, thermal_average
from fitlq_theory.dark_matter.degrees_of_freedom import DegreesOfFreedom, standard_model_plasma
from fitlq_theory.errors import InputError
from fitlq_theory.parameter_point import ParameterPoint

__all__ = ["boltzmann_yield", "relic_density"]

Real = NDArray[np.float64]

# m/T at which <sigma v> is computed; between them its logarithm is a cubic spline in log x
AVERAGE_NODES = np.geomspace(1.8, 1.05e5, 90)
# steps of the equation: linear while the particle leaves equilibrium, geometric later
_STEPS = np.concatenate([np.arange(2.0, 60.0, 0.05), np.geomspace(60.0, 1e5, 400)])
_GAMMA = 2.0 - math.sqrt(2.0)
_TINY = 1e-300
_LIGHTEST = 1e-3  # GeV


def relic_density(
    point: ParameterPoint,
    sigma_beta: CrossSection,
    mass: ArrayLike,
    *,
    degrees: float = 2.0,
    self_conjugate: bool = True,
    resonances: Sequence[Resonance] = (),
    thresholds: Sequence[ArrayLike] = (),
    plasma: DegreesOfFreedom | None = None,
) -> Real:
    """Omega h^2, shape (N,).

    Parameters
    ----------
    point : ParameterPoint
        Reads ``M_Planck``, ``entropy density today``, ``critical density over h2``, ``relic density degrees of freedom``.
    sigma_beta, mass, resonances, thresholds
        See `thermal_average`; spin-averaged cross section of a pair.
    degrees : float
        Internal degrees of freedom g of the particle: 2 for a Majorana fermion or one helicity state each, 1 for a real scalar.
    self_conjugate : bool
        False: particle and antiparticle are different, the result is the sum of both.
    plasma : DegreesOfFreedom, optional
        Standard Model by default.

    Raises
    ------
    InputError
        No annihilation at all, or masses below 1 MeV (the particle would freeze out with or after the neutrinos).

    Notes
    -----
    Thermal equilibrium is assumed until x = 2: particles that leave it while relativistic, are never in it, or are kept from
    kinetic equilibrium (resonances much narrower than their distance to threshold) are outside this treatment. Accuracy of
    the solution 1e-4; of the physics some per cent (arXiv:1606.07494 and radiative corrections).
    """
    masses = np.atleast_1d(np.asarray(mass, dtype=np.float64))
    if not np.all(masses >= _LIGHTEST):
        msg = f"relic density: masses must be at least 1 MeV, found {masses.min():g} GeV"
        raise InputError(msg)
    average = thermal_average(sigma_beta, masses, AVERAGE_NODES, resonances=resonances, thresholds=thresholds)
    y = boltzmann_yield(point, average, masses, degrees=degrees, plasma=plasma)
    count = 1.0 if self_conjugate else 2.0
    return np.asarray(count * masses * y * point["entropy density today"] / point["critical density over h2"])


def boltzmann_yield(
    point: ParameterPoint, average: Real, mass: Real, *, degrees: float = 2.0, plasma: DegreesOfFreedom | None = None
) -> Real:
    """Y today, shape (N,), for <sigma v> (N, 90) in GeV^-2 at `AVERAGE_NODES`; `mass` (N,) in GeV."""
    if not np.all(average.max(axis=1) > _TINY):
        msg = "relic density: a point without annihilation never freezes out"
        raise InputError(msg)
    gas = plasma or standard_model_plasma()
    spline = CubicSpline(np.log(AVERAGE_NODES), np.log(np.maximum(average, _TINY)), axis=1)
    planck = point["M_Planck"] * point["relic density degrees of freedom"]

    def coefficients(x: Real) -> tuple[Real, Real]:
        """Rate A and Y_eq^2 in dY/dx = -A (Y^2 - Y_eq^2), each (N, n)."""
        temperature = mass[:, None] / x
        rate = math.sqrt(math.pi / 45.0) * planck * mass[:, None] * gas.root(temperature) / x**2
        # below e-350 everything is zero anyhow
        density = x**2 * special.kve(2, x) * np.exp(-np.minimum(x, 700.0))
        equilibrium = 45.0 * degrees / (4.0 * math.pi**4 * gas.entropy(temperature)) * density
        return rate * np.exp(spline(np.log(x))), equilibrium**2

    rate, equilibrium = coefficients(_STEPS)
    inner = coefficients(_STEPS[:-1] + _GAMMA * np.diff(_STEPS))
    final = _advance(rate, equilibrium, *inner)
    # beyond the last step, with <sigma v> constant
    return np.asarray(final / (1.0 + final * rate[:, -1] * _STEPS[-1]))


def _advance(rate: Real, equilibrium: Real, inner_rate: Real, inner_equilibrium: Real) -> Real:
    """Y at the last step from Y = Y_eq at the first one."""
    y = np.sqrt(equilibrium[:, 0])
    for k, h in enumerate(np.diff(_STEPS)):
        known = y - 0.5 * _GAMMA * h * rate[:, k] * (y**2 - equilibrium[:, k])
        middle = _implicit(known, 0.5 * _GAMMA * h * inner_rate[:, k], inner_equilibrium[:, k])
        known = (middle - (1.0 - _GAMMA) ** 2 * y) / (_GAMMA * (2.0 - _GAMMA))
        y = _implicit(known, (1.0 - _GAMMA) / (2.0 - _GAMMA) * h * rate[:, k + 1], equilibrium[:, k + 1])
    return y


def _implicit(known: Real, strength: Real, equilibrium: Real) -> Real:
    """The positive solution of Y + strength (Y^2 - equilibrium) = known."""
    right = np.maximum(known + strength * equilibrium, 0.0)
    return np.asarray(2.0 * right / (1.0 + np.sqrt(1.0 + 4.0 * strength * right)))
