"""Gluon within the charm loop: the two-loop vacuum polarisation."""

from __future__ import annotations

import numpy as np

from fitlq_theory.effective_coefficients.two_loop_calculation.quadrature import unit_interval

__all__ = ["two_loop_polarisation"]

_ZETA_3 = 1.2020569031595942
_NODES = 80


def _half_velocity(s: float, z: float) -> tuple[complex, complex]:
    """q2/4m^2 just above the real axis and sqrt(1 - 4m^2/q2)."""
    ratio = s / (4 * z) + (1e-15j if s > 4 * z else 0.0)
    return complex(ratio), complex(np.sqrt(complex(1 - 1 / ratio)))


def _dilogarithm(x: complex) -> complex:
    # imported here: only the calculation of the table needs it
    from scipy.special import spence

    return complex(spence(1 - complex(x)))


def _trilogarithm(x: complex) -> complex:
    """Li_3 within and on the unit circle, the integral of Li_2(x t)/t."""
    t, weight = unit_interval(_NODES)
    return complex(sum(w * _dilogarithm(x * node) / node for node, w in zip(t, weight, strict=True)))


def two_loop_polarisation(s: float, z: float) -> complex:
    r"""Two-loop vacuum polarisation with the pole mass, subtracted at q2 = 0.

    :math:`\frac{16\pi^2}{3} \Pi^{(1)}` of hep-ph/9606230 (the part of :math:`C_F \alpha_s/\pi`), in terms of
    :math:`G = \frac{2 u \log u}{u^2 - 1}`, :math:`u = \frac{v - 1}{v + 1}` and I of weight three. Written from memory
    of that paper; the signs were fixed by what the function must fulfil (tests): real below the threshold, 4 (82/81) q2/4m^2 at
    small q2 (Källén, Sabry) and :math:`\frac56 - 4 \zeta_3 - \log(-q^2/m^2)` at large q2.
    """
    t, velocity = _half_velocity(s, z)
    u = (velocity - 1) / (velocity + 1)
    log, log_plus, log_minus = np.log(u), np.log(1 + u), np.log(1 - u)
    bubble = 2 * u * log / (u * u - 1)
    dilogarithms = 2 * _dilogarithm(-u) + _dilogarithm(u)
    logarithms = 2 * log_plus + log_minus
    weight_three = 6 * (_ZETA_3 + 4 * _trilogarithm(-u) + 2 * _trilogarithm(u)) - 8 * dilogarithms * log - 2 * logarithms * log**2
    # u d/du of it, then t d/dt with d log t/d log u = -(1 + u)/(1 - u)
    in_log_u = 4 * dilogarithms + 4 * logarithms * log - 2 * (2 * u / (1 + u) - u / (1 - u)) * log**2
    derivative = (-in_log_u * (1 - u) / (1 + u) - weight_three) / t**2
    rational = 5 / 6 + 13 / (6 * t) - (1 - t) * (3 + 2 * t) / t * bubble + (1 - t) * (1 - 16 * t) / (6 * t) * bubble**2
    return complex(rational - (1 + 2 * t) / (6 * t) * (weight_three / t + 2 * t * (1 - t) * derivative))
