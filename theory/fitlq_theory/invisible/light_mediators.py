r"""B -> M + one light boson, and B -> M + a pair through a light boson, on and off its mass shell.

The boson couples to quarks as :math:`L = g\,\phi\,(\bar s b)`, :math:`g\,\phi\,(\bar s i\gamma_5 b)`,
:math:`g\,V^\mu(\bar s\gamma_\mu b)` or :math:`g\,V^\mu(\bar s\gamma_\mu\gamma_5 b)` + h.c. (a chiral current
:math:`g\,\bar s\gamma_\mu P_R b` is g/2 of the vector and g/2 of the axial one, which do not interfere in these rates). The
coupling is a constant: loops with particles lighter than the B mesons, and the kinetic mixing of a vector with the photon
(whose current is conserved), are something else.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fitlq_theory.constants import HBAR_GEV_PS
from fitlq_theory.errors import InputError
from fitlq_theory.invisible.dark_operators import statistics_factor
from fitlq_theory.invisible.decays import InvisibleDecay, hadronic_weights, triangle
from fitlq_theory.invisible.rates import checked, find_decay, find_operator, prefactor
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.quadrature import panel_nodes, pole_edges

__all__ = ["mediated_branching_ratio", "two_body_branching_ratio"]

Real = NDArray[np.float64]

_ON_SHELL = {"S": "S", "P": "P", "V": "VT", "A": "AT"}
# panels towards both ends of phase space, as fractions of it
_ENDS = np.concatenate([[0.0], np.geomspace(1e-6, 0.5, 16)])


def two_body_branching_ratio(point: ParameterPoint, decay: str, quark: str, mass: ArrayLike) -> Real:
    r"""BR(B -> M + boson) for unit g^2 (dimensionless), of the shape of `mass`; zero above threshold.

    .. math:: \Gamma = \frac{\sqrt\lambda}{16\pi m_B^3} W_h(M^2), \qquad h = \text{S, P (scalar boson), VT, AT (vector boson)}

    Grows like 1/M^2 for a light vector, which couples to a current that is not conserved.

    Parameters
    ----------
    decay : str
        A key of `DECAYS`.
    quark : {"S", "P", "V", "A"}
    mass : array_like
        Mass M > 0 of the boson in GeV.
    """
    mode = find_decay(decay)
    if quark not in _ON_SHELL:
        msg = f"a single boson couples to the quark bilinear S, P, V or A, found {quark!r}"
        raise InputError(msg)
    masses = np.asarray(mass, dtype=np.float64)
    if not np.all(masses > 0.0):
        msg = "the mass of the boson must be positive"
        raise InputError(msg)
    end = mode.end_point(point)
    q2 = np.minimum(masses**2, end)
    weights = hadronic_weights(point, mode, q2)
    parent, _ = mode.masses(point)
    factor = point[f"tau_{mode.parent}"] / HBAR_GEV_PS / (16.0 * math.pi * parent**3)
    strength = weights.get(_ON_SHELL[quark], np.zeros_like(q2))
    return np.where(masses**2 < end, factor * np.sqrt(triangle(point, mode, q2)) * strength, 0.0)


def mediated_branching_ratio(
    point: ParameterPoint,
    decay: str,
    operator: str,
    quark: str,
    mass: ArrayLike,
    mediator: ArrayLike,
    width: ArrayLike,
    *,
    self_conjugate: bool = False,
    halved: bool = False,
) -> Real:
    r"""BR(B -> M + pair) for unit coupling to quarks and to the dark bilinear, through a boson of mass M and width Gamma.

    The coefficient C of `rates` becomes :math:`1/(q^2 - M^2 + iM\Gamma)` for densities and the spin-1 part of currents, and
    :math:`(1 - q^2/M^2)/(q^2 - M^2 + iM\Gamma)` for the spin-0 part (unitary gauge), which has no pole. The pole is
    integrated over whatever its width; for :math:`\Gamma \ll M` the result is `two_body_branching_ratio` times the branching
    ratio of the boson into the pair, plus the part off the mass shell.

    Parameters
    ----------
    operator, quark, mass, self_conjugate, halved
        As `fitlq_theory.invisible.rates.spectrum`; densities and currents only.
    mediator, width : array_like
        M > 0 and Gamma > 0 in GeV; broadcast against `mass`.
    """
    mode, dark = find_decay(decay), find_operator(operator)
    if dark.structure == "tensor":
        msg = f"{operator}: a tensor is not induced by the exchange of one boson of spin 0 or 1"
        raise InputError(msg)
    masses, poles, widths = np.broadcast_arrays(
        checked(dark, quark, mass), np.asarray(mediator, dtype=np.float64), np.asarray(width, dtype=np.float64)
    )
    if not (np.all(poles > 0.0) and np.all(widths > 0.0)):
        msg = "mass and width of the boson must be positive"
        raise InputError(msg)
    shape = masses.shape
    m, pole, gamma = (values.reshape(-1, 1) for values in (masses, poles, widths))
    q2, weights = panel_nodes(_edges(point, mode, m, pole, gamma))
    end = mode.end_point(point)
    q2 = np.maximum(q2, 1e-12 * end)  # panels clipped to a point at zero have no weight
    m = np.minimum(m, 0.5 * math.sqrt(end))
    beta = np.sqrt(np.maximum(1.0 - 4.0 * m**2 / q2, 0.0))
    propagator = 1.0 / (np.square(q2 - pole**2) + np.square(pole * gamma))
    hadronic = hadronic_weights(point, mode, q2)
    total = np.zeros_like(q2)
    for component, function in dark.functions(q2, m).items():
        key = quark if component == "D" else f"{quark}{component}"
        spin_zero = np.square(1.0 - q2 / pole**2) if component == "L" else 1.0
        if key in hadronic:
            total = total + hadronic[key] * function * spin_zero
    rate = np.sum(weights * np.sqrt(triangle(point, mode, q2)) * beta * propagator * total, axis=1)
    factor = prefactor(point, mode) * statistics_factor(dark, self_conjugate=self_conjugate, halved=halved)
    return np.asarray(factor * rate.reshape(shape))


def _edges(point: ParameterPoint, decay: InvisibleDecay, mass: Real, pole: Real, width: Real) -> Real:
    """Increasing edges in q2, all equal where there is no phase space."""
    end = decay.end_point(point)
    begin = np.minimum(4.0 * mass**2, end)
    span = end - begin
    edges = np.concatenate([begin + span * _ENDS, end - span * _ENDS, pole_edges(pole, width)], axis=1)
    return np.sort(np.clip(edges, begin, end), axis=1)
