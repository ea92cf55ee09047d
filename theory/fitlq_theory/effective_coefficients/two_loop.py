r"""Two-loop matrix elements of O1, O2 and one-loop ones of O8 in O7 and O9, basis of hep-ph/9612313.

.. math:: \langle O_i \rangle = -\frac{\alpha_s}{4\pi} \left( F_i^{(7)} \langle O_7 \rangle + F_i^{(9)} \langle O_9 \rangle
\right)

in the sign convention of arXiv:0810.4077; hep-ph/0412400 and hep-ph/0403185 use the opposite sign for massless quarks, which is
turned here. :math:`\hat s = q^2/m_b^2`, :math:`z = m_c^2/m_b^2`, pole masses. Everything is vectorised over :math:`\hat s`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["TwoLoop", "charm_two_loop", "chromomagnetic", "chromomagnetic_expanded", "massless_two_loop"]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]

_ZETA_3 = 1.2020569031595942
# beyond it the closed forms lose digits to powers of 1/(1 - s); they are smooth there
_LARGEST_MOMENTUM = 0.998
# below it (0.02 GeV^2) the functions are frozen: the table holds s F9, and the photon pole of O7 is all that matters
_SMALLEST_MOMENTUM = 1e-3
_NAMES = ("F17", "F27", "F19", "F29")
_SEGMENT_NODES, _SEGMENT_WEIGHTS = np.polynomial.legendre.leggauss(40)


@dataclass(frozen=True, slots=True)
class TwoLoop:
    """F_1^(7), F_2^(7), F_1^(9), F_2^(9)."""

    f17: Complex
    f27: Complex
    f19: Complex
    f29: Complex


@cache
def _table() -> tuple[Any, Complex]:
    content = json.loads(files("fitlq_theory.effective_coefficients").joinpath("two_loop_charm.json").read_text(encoding="utf-8"))
    parts = np.array([content["values"][name] for name in _NAMES])
    return content, parts[..., 0, :] + 1j * parts[..., 1, :]


def _lagrange(nodes: Real, x: float) -> Real:
    """Weights of the values at `nodes` in the polynomial through them at x."""
    return np.array([np.prod([(x - other) / (node - other) for other in nodes if other != node]) for node in nodes])


def _interpolated(values: Complex, lower: float, upper: float, u: Real) -> Complex:
    """Polynomial through values (..., nodes) at Chebyshev nodes of [lower, upper], barycentric; shape (..., len(u))."""
    count = values.shape[-1]
    angle = (np.arange(count) + 0.5) * np.pi / count
    nodes = lower + (upper - lower) * (0.5 - 0.5 * np.cos(angle))
    distance = u[:, None] - nodes
    distance[np.abs(distance) < 1e-14] = 1e-14
    weights = (-1.0) ** np.arange(count) * np.sin(angle) / distance
    return np.asarray(values @ (weights / weights.sum(axis=1, keepdims=True)).T)


def charm_two_loop(s: Real, mass_ratio: float, log_scale: float) -> TwoLoop:
    r"""The functions with a charm quark, exact in both masses: calculated and tabulated by ``make_two_loop_table.py``.

    The table agrees with an evaluation of the analytic result of arXiv:1912.09099 (EOS 1.0.21) to 2e-4 of F9, 5e-4 of F_2^(7).

    Interpolated in :math:`u = \sqrt{1 - \hat s/4z}` below and :math:`\sqrt{(\hat s - 4z)/(1 - 4z)}` above the charm threshold,
    where F9 is logarithmically singular, and in log z; exactly quadratic in the logarithm of the scale. Interpolation is good
    to 2e-4 of the function up to :math:`\hat s = 0.995`, except within 1e-3 of the threshold, where the functions are frozen.

    Parameters
    ----------
    s : ndarray, shape (n,)
        Between 0 and 1.
    mass_ratio : float
        z, between 0.06 and 0.15 (extrapolated a little beyond).
    log_scale : float
        log(mu/m_b).
    """
    content, values = _table()
    s = np.maximum(s, _SMALLEST_MOMENTUM)
    in_scale = _lagrange(np.array(content["log_scales"]), log_scale)
    in_mass = _lagrange(np.log(content["mass_ratios"]), float(np.log(mass_ratio)))
    nodal = np.einsum("k,i,fkiaj->faj", in_scale, in_mass, values)
    threshold = 4 * mass_ratio
    above = s > threshold
    found = np.empty((len(_NAMES), len(s)), dtype=np.complex128)
    for segment, chosen in enumerate((~above, above)):
        scaled = (s - threshold) / (1 - threshold) if segment else 1 - s / threshold
        lower, upper = content["ranges"][segment]
        u = np.clip(np.sqrt(np.clip(scaled[chosen], 0.0, None)), lower, 1.0)
        found[:, chosen] = _interpolated(nodal[:, segment], lower, upper, u)
    return TwoLoop(found[0], found[1], found[2] / s, found[3] / s)


def _dilogarithm(z: Any) -> Any:
    # imported here: the import is slow and most sessions do not need it
    from scipy.special import spence

    return spence(1.0 - np.asarray(z))


def massless_two_loop(s: Real, log_scale: float) -> TwoLoop:
    """The functions for a massless quark in the loop, hep-ph/0403185, eqs. (29)-(31): F_1^(7) = -A, F_2^(7) = 6A, ..."""
    s = np.minimum(s, _LARGEST_MOMENTUM)
    a, b, c = _a(s, -2 * log_scale), _b(s, -2 * log_scale), _c(s, -2 * log_scale)
    return TwoLoop(-a, 6 * a, -(b + 4 * c), 6 * b - 3 * c)


def _a(s: Real, log_mass: float) -> Complex:
    """A(s); `log_mass` is log(m_b^2/mu^2)."""
    t, log = 1 - s, np.log(s)
    root = np.sqrt(4 / s - 1)
    angle = np.arctan2(1.0, root)
    dilogarithm = _dilogarithm(s) + log * np.log(t)
    second = 785 - 1600 * s + 833 * s**2 + 6 * s * (29 - 47 * s) * log + 6j * np.pi * (20 - 49 * s + 47 * s**2)
    third = 2 * root * angle * (4 * s**3 - 15 * s**2 + 9 * s - 4) + 9 * s**3 * log**2 + 18j * np.pi * s * (1 - 2 * s) * log
    fourth = 36 * angle**2 + np.pi**2 * (3 * s**3 - 9 * s**2 + 9 * s - 4)
    return np.asarray(
        -104 / 243 * log_mass
        + 4 * s / (27 * t) * dilogarithm
        + second / (729 * t**2)
        - 2 * third / (243 * t**3)
        + 2 * s * fourth / (243 * t**4)
    )


def _b(s: Real, log_mass: float) -> Complex:
    t, log = 1 - s, np.log(s)
    root = np.sqrt(4 / s - 1)
    angle = np.arctan2(1.0, root)
    scale_terms = (4 - 34 * s - 17j * np.pi * s + 17 * s * log) * log_mass + 8 * s * log_mass**2
    first = 4 * s * (17 * s - 8) * (_dilogarithm(s) + log * np.log(t)) - 3 * (2 + s) * (3 - s) * (np.pi - 2 * angle) ** 2
    first = first + 12 * np.pi * (s**2 - s - 6) * angle
    second = 934 * s**2 - 288 - 8 * s - 692 * s**3 - 18 * s * (120 - 211 * s + 73 * s**2) * log
    second = second + 18j * np.pi * s * (82 - 173 * s + 73 * s**2)
    third = -2 * root * angle * (4 - 3 * s - 18 * s**2 + 16 * s**3 - 5 * s**4) - 9 * s**3 * log**2
    third = third + 2j * np.pi * s * (8 - 33 * s + 51 * s**2 - 17 * s**3) * log
    fourth = 72 * (3 - 8 * s + 2 * s**2) * angle**2
    fourth = fourth - np.pi**2 * (54 - 53 * s - 286 * s**2 + 612 * s**3 - 446 * s**4 + 113 * s**5)
    total = 8 / 243 * scale_terms + (2 + s) * root / 729 * _b_logarithms(root, angle, log_mass)
    total = total - 2 / 243 * first / t + 2 / 2187 * second / t**2 - 4 / 243 * third / t**3 + 2 / 729 * fourth / t**4
    return np.asarray(total / s)


def _b_logarithms(root: Real, angle: Real, log_mass: float) -> Complex:
    """The bracket of B that multiplies the square root of 4/s - 1."""
    x1, x2, x3, x4 = (0.5 + 0.5j * w for w in (root, -root, 1 / root, -1 / root))
    l1, l2, l3, l4 = (np.log(x) for x in (x1, x2, x3, x4))
    squares = -9 * l1**2 + l2**2 - 2 * l4**2 + 6 * l1 * l2 - 4 * l1 * l3 + 8 * l1 * l4
    log_root = 2 * np.log(root)
    return np.asarray(
        -48 * log_mass * angle
        - 18 * np.pi * log_root
        + 3j * log_root**2
        - 24j * _dilogarithm(-x2 / x1)
        - 5j * np.pi**2
        + 6j * squares
        - 12 * np.pi * (2 * l1 + l3 + l4)
    )


def _c(s: Real, log_mass: float) -> Complex:
    return np.asarray(-16 / 81 * (np.log(s) + log_mass) + 428 / 243 - 64 / 27 * _ZETA_3 + 16j / 81 * np.pi)


def chromomagnetic(s: Real, log_scale: float) -> tuple[Complex, Complex]:
    r"""F_8^(7) and F_8^(9), hep-ph/0106067, eqs. (82), (83), exact in s.

    flavio 2.7.1 has the expansion to third order in s, `chromomagnetic_expanded`.
    """
    s = np.minimum(s, _LARGEST_MOMENTUM)
    t, log = 1 - s, np.log(s)
    root = np.sqrt(4 / s - 1)
    bubble = -2 * root * np.arctan2(1.0, root)
    x = 0.5 * (_SEGMENT_NODES + 1)
    x = x**2  # removes the logarithm at x = 0
    weight = _SEGMENT_WEIGHTS * np.sqrt(x)
    grid = s[:, None]
    triangle = (np.log(x**2 / (1 - x * (1 - x) * grid)) / (x * (1 - grid) + 1)) @ weight
    seven = -32 / 9 * log_scale - 8 / 9 * s / t * log - 8j / 9 * np.pi - 4 / 9 * (11 - 16 * s + 8 * s**2) / t**2
    seven = seven + 4 / 9 * ((9 * s - 5 * s**2 + 2 * s**3) * bubble - (4 + 2 * s) * triangle) / t**3
    nine = 16 / 9 * log / t + 8 / 9 * (5 - 2 * s) / t**2 - 8 / 9 * (4 - s) / t**3 * ((1 + s) * bubble - 2 * triangle)
    return np.asarray(seven), np.asarray(nine + 0j)


def chromomagnetic_expanded(s: Real, log_scale: float) -> tuple[Complex, Complex]:
    """F_8^(7) and F_8^(9) to third order in s, hep-ph/0312063, as flavio 2.7.1 has them: 10 % off at s = 0.6."""
    powers = s ** np.arange(4)[:, None]
    pi_squared = np.pi**2
    seven = [
        8 / 27 * pi_squared - 44 / 9,
        4 / 3 * pi_squared - 40 / 3,
        32 / 9 * pi_squared - 316 / 9,
        200 / 27 * pi_squared - 658 / 9,
    ]
    nine = [
        104 / 9 - 32 / 27 * pi_squared,
        1184 / 27 - 40 / 9 * pi_squared,
        14212 / 135 - 32 / 3 * pi_squared,
        193444 / 945 - 560 / 27 * pi_squared,
    ]
    log = np.log(s)
    return (
        np.asarray(np.array(seven) @ powers - 32 / 9 * log_scale - 8j / 9 * np.pi - 8 / 9 * log * powers[1:].sum(axis=0)),
        np.asarray(np.array(nine) @ powers + 16 / 9 * log * powers.sum(axis=0) + 0j),
    )
