r"""Running of the strong coupling and of the quark masses in the MSbar scheme: three loops, two-loop threshold matching.

With :math:`a = \alpha_s/\pi` the equations solved here are

.. math:: \frac{da}{d\ln\mu^2} = -a^2 (b_0 + b_1 a + b_2 a^2), \qquad
          \frac{d\ln m}{d\ln\mu^2} = -a (g_0 + g_1 a + g_2 a^2),

with the coefficients of van Ritbergen, Vermaseren, Larin (hep-ph/9701390, hep-ph/9703284) as collected in RunDec
(hep-ph/0004189) and decoupling in the on-shell scheme (hep-ph/9708255) at fixed thresholds. Scales and masses
are in GeV.

How good is it? With five flavours the fourth loop changes masses at 4.8 GeV by 1e-4. Crossing the charm threshold is
worse, because the coupling is large there: MSbar instead of on-shell thresholds raise m_s(4.8 GeV) and m_c(4.8 GeV) by
0.2 %, and four loops (RunDec 3) lower them by 0.3 % and 0.7 %.
"""

from __future__ import annotations

import math
from typing import Literal

from fitlq_theory.errors import InputError, UnknownNameError
from fitlq_theory.naming import unknown_name_message
from fitlq_theory.parameter_point import ParameterPoint

__all__ = ["Quark", "active_flavours", "alpha_strong", "pole_mass", "running_mass", "top_mass_msbar"]

Quark = Literal["u", "d", "s", "c", "b", "t"]

_ZETA_3 = 1.2020569031595942
# the lowest scale at which the perturbative series still makes sense
_LOWEST_SCALE = 1.0
_FEWEST, _MOST = 3, 6
# scale of the light-quark mass inputs (FLAG quotes u, d, s in the MSbar scheme with three flavours at 2 GeV)
_LIGHT_MASS_SCALE = 2.0
# decoupling at second order in a, at the scale of the pole mass: hep-ph/9708255
_COUPLING_DECOUPLING = -7.0 / 24.0
_MASS_DECOUPLING = 89.0 / 432.0
# Pole masses at which the 4th, 5th and 6th flavour decouple. The dependence on them is of higher order than what is kept, so
# they are conventions, not inputs with an error; 1.3, 4.8 and 170 GeV are the choice of flavio 2.7.1 and wilson 2.5.2.
_DECOUPLING_MASSES = {4: 1.3, 5: 4.8, 6: 170.0}
# from these scales on a flavour counts as active by default; fixed, so that a shifted mass never changes the theory
_ACTIVE_FROM = (1.275, 4.18, 173.21)
# Pole over running mass m(m) as a series in a = alpha_s(m)/pi: coefficients of powers of n_l, the number of lighter flavours.
# Two loops: hep-ph/0004189, eq. (17); three: hep-ph/9911434.
_POLE_MASS = ((4.0 / 3.0,), (13.4434, -1.0414), (190.595, -26.655, 0.6527))
_FIRST_FLAVOURS = {"u": 3, "d": 3, "s": 3, "c": 4, "b": 5, "t": 6}
_STEPS = 60


def _beta(flavours: int) -> tuple[float, float, float]:
    n = float(flavours)
    return (
        (11.0 - 2.0 / 3.0 * n) / 4.0,
        (102.0 - 38.0 / 3.0 * n) / 16.0,
        (2857.0 / 2.0 - 5033.0 / 18.0 * n + 325.0 / 54.0 * n**2) / 64.0,
    )


def _gamma(flavours: int) -> tuple[float, float, float]:
    n = float(flavours)
    return (
        1.0,
        (202.0 / 3.0 - 20.0 / 9.0 * n) / 16.0,
        (1249.0 - (2216.0 / 27.0 + 160.0 / 3.0 * _ZETA_3) * n - 140.0 / 81.0 * n**2) / 64.0,
    )


def _run_coupling(alpha: float, start: float, end: float, flavours: int) -> float:
    """Solve the three-loop equation for 1/a, whose derivative varies slowly, by fourth-order Runge-Kutta steps."""
    b0, b1, b2 = _beta(flavours)
    u = math.pi / alpha
    h = 2.0 * math.log(end / start) / _STEPS

    def slope(x: float) -> float:
        return b0 + (b1 + b2 / x) / x

    for _ in range(_STEPS):
        k1 = slope(u)
        k2 = slope(u + 0.5 * h * k1)
        k3 = slope(u + 0.5 * h * k2)
        u += h / 6.0 * (k1 + 2.0 * k2 + 2.0 * k3 + slope(u + h * k3))
    return math.pi / u


def _mass_function(alpha: float, flavours: int) -> float:
    """c(a) with m(mu) = m(mu_0) c(a) / c(a_0), to three loops (hep-ph/0004189)."""
    b0 = _beta(flavours)[0]
    b1, b2 = (b / b0 for b in _beta(flavours)[1:])
    c0, c1, c2 = (g / b0 for g in _gamma(flavours))
    a = alpha / math.pi
    first = c1 - b1 * c0
    second = 0.5 * (first**2 + c2 - b1 * c1 + b1**2 * c0 - b2 * c0)
    return float(a**c0 * (1.0 + first * a + second * a**2))


def _checked(scale: float, flavours: int) -> None:
    if not scale >= _LOWEST_SCALE or not math.isfinite(scale):
        msg = f"QCD running: scale = {scale!r} GeV, perturbation theory is used from {_LOWEST_SCALE:g} GeV upwards"
        raise InputError(msg)
    if not _FEWEST <= flavours <= _MOST:
        msg = f"QCD running: flavours = {flavours!r}, allowed are {_FEWEST} to {_MOST}"
        raise InputError(msg)


def active_flavours(scale: float) -> int:
    """Number of quark flavours active by default at `scale` (GeV); flavio's thresholds 1.275, 4.18 and 173.21 GeV."""
    return _FEWEST + sum(scale >= threshold for threshold in _ACTIVE_FROM)


def alpha_strong(point: ParameterPoint, scale: float, flavours: int | None = None) -> float:
    r"""Strong coupling :math:`\alpha_s(\mu)` in the MSbar scheme.

    Parameters
    ----------
    point : ParameterPoint
        Reads ``alpha_s`` (five flavours, at ``m_Z``) and ``m_Z``.
    scale : float
        Renormalisation scale in GeV, at least 1.
    flavours : int, optional
        Number of flavours of the theory, 3 to 6; `active_flavours` when not given.

    Raises
    ------
    InputError
        Scale below 1 GeV, or impossible number of flavours.

    References
    ----------
    hep-ph/0004189 (running), hep-ph/9708255 (decoupling).
    """
    count = active_flavours(scale) if flavours is None else flavours
    _checked(scale, count)
    return point.shared(("qcd", "alpha_strong", scale, count), lambda p: _alpha(p, scale, count))


def _alpha(point: ParameterPoint, scale: float, flavours: int) -> float:
    if flavours == 5:
        return _run_coupling(point["alpha_s"], point["m_Z"], scale, 5)
    if flavours == 6:
        threshold = _DECOUPLING_MASSES[6]
        below = alpha_strong(point, threshold, 5)
        return _run_coupling(below * (1.0 - _COUPLING_DECOUPLING * (below / math.pi) ** 2), threshold, scale, 6)
    threshold = _DECOUPLING_MASSES[flavours + 1]
    above = alpha_strong(point, threshold, flavours + 1)
    return _run_coupling(above * (1.0 + _COUPLING_DECOUPLING * (above / math.pi) ** 2), threshold, scale, flavours)


def _pole_over_running(a: float, lighter: int, loops: int) -> float:
    orders = (sum(c * float(lighter) ** power for power, c in enumerate(row)) for row in _POLE_MASS[:loops])
    return 1.0 + sum(order * a**k for k, order in enumerate(orders, start=1))


def top_mass_msbar(point: ParameterPoint) -> float:
    r"""Scale-invariant top mass :math:`m_t(m_t)` in GeV from the pole mass ``m_t``.

    Solves :math:`M/m = 1 + \frac43 a + 8.2364\,a^2 + 73.64\,a^3` with :math:`a = \alpha_s^{(6)}(m)/\pi` and five light
    flavours (three loops, hep-ph/9911434). The fourth loop would lower it by 0.19 GeV (arXiv:1502.01030).
    """
    return point.shared(("qcd", "top mass"), _top_mass_msbar)


def _top_mass_msbar(point: ParameterPoint) -> float:
    pole = point["m_t"]
    coupling = alpha_strong(point, pole, 6)
    mass = pole
    # each round gains a factor 20: the coupling hardly depends on the mass
    for _ in range(8):
        a = _run_coupling(coupling, pole, mass, 6) / math.pi
        mass = pole / _pole_over_running(a, 5, loops=3)
    return mass


def running_mass(point: ParameterPoint, flavour: Quark, scale: float, flavours: int | None = None) -> float:
    """MSbar mass of a quark at a scale.

    Parameters
    ----------
    point : ParameterPoint
        Reads ``m_b`` = m_b(m_b) (five flavours), ``m_c`` = m_c(m_c) (four), ``m_s``, ``m_d``, ``m_u`` at 2 GeV (three),
        the top pole mass ``m_t``, and what `alpha_strong` reads.
    flavour : {"u", "d", "s", "c", "b", "t"}
    scale : float
        GeV, at least 1.
    flavours : int, optional
        Number of flavours of the theory. When not given: `active_flavours`, but never without the quark itself.

    Returns
    -------
    float
        GeV.

    Raises
    ------
    InputError
        Unknown flavour, scale below 1 GeV, or a number of flavours in which the quark does not exist.

    References
    ----------
    hep-ph/0004189 (running), hep-ph/9708255 (decoupling).
    """
    if flavour not in _FIRST_FLAVOURS:
        raise UnknownNameError(unknown_name_message("quark flavour", flavour, _FIRST_FLAVOURS))
    fewest = _FIRST_FLAVOURS[flavour]
    count = max(active_flavours(scale), fewest) if flavours is None else flavours
    _checked(scale, count)
    if count < fewest:
        msg = f"QCD running: the {flavour} quark needs at least {fewest} flavours, found flavours = {count}"
        raise InputError(msg)
    key = ("qcd", "running_mass", flavour, scale, count)
    return point.shared(key, lambda p: _mass(p, flavour, scale, count))


def _mass(point: ParameterPoint, flavour: Quark, scale: float, final: int) -> float:
    if flavour == "t":
        mass = at = top_mass_msbar(point)
    else:
        mass = point[f"m_{flavour}"]
        at = mass if flavour in "cb" else _LIGHT_MASS_SCALE
    for flavours in range(_FIRST_FLAVOURS[flavour], final):
        threshold = _DECOUPLING_MASSES[flavours + 1]
        mass *= _mass_ratio(point, at, threshold, flavours)
        below = alpha_strong(point, threshold, flavours) / math.pi
        mass /= 1.0 + _MASS_DECOUPLING * below**2
        at = threshold
    return mass * _mass_ratio(point, at, scale, final)


def _mass_ratio(point: ParameterPoint, start: float, end: float, flavours: int) -> float:
    """m(end) / m(start) without crossing a threshold."""
    if start == end:
        return 1.0
    numerator = _mass_function(alpha_strong(point, end, flavours), flavours)
    return numerator / _mass_function(alpha_strong(point, start, flavours), flavours)


def pole_mass(point: ParameterPoint, flavour: Literal["c", "b"]) -> float:
    r"""Pole mass of the charm or beauty quark in GeV, to two loops: :math:`M = m (1 + \frac43 a + K a^2)`.

    Here m = m(m), :math:`a = \alpha_s(m)/\pi` and :math:`K = 13.4434 - 1.0414\, n_l` with the n_l lighter flavours, 9.28 for
    beauty and 10.32 for charm. The series does not converge (renormalon): the next term would add 0.2 GeV to either mass.
    As a definition of the mass in a loop it is as good as any, and it is that of flavio 2.7.1. Coupling of five flavours
    for beauty, of three for charm.

    References
    ----------
    Gray, Broadhurst, Grafe, Schilcher, Z. Phys. C48 (1990) 673, as collected in hep-ph/0004189, eq. (17).
    """
    mass = point[f"m_{flavour}"]
    lighter, active = {"c": (3, 3), "b": (4, 5)}[flavour]
    a = alpha_strong(point, mass, active) / math.pi
    return mass * _pole_over_running(a, lighter, loops=2)
