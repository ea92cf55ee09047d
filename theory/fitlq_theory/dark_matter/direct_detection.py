r"""Cross sections of dark matter on a nucleon at zero momentum transfer, in cm^2; functions broadcast over the model.

:math:`\mu = m m_N/(m + m_N)`. Limits are quoted for a nucleon, spin-independent ones for equal couplings to p and n.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fitlq_theory.errors import UnknownNameError
from fitlq_theory.naming import unknown_name_message
from fitlq_theory.parameter_point import ParameterPoint

__all__ = [
    "axial_coupling_of_scalar_exchange",
    "quark_spins",
    "real_scalar_cross_section",
    "scalar_nucleon_coupling",
    "spin_dependent_cross_section",
    "spin_independent_cross_section",
]

Real = NDArray[np.float64]
Nucleon = Literal["proton", "neutron"]
Couplings = Mapping[str, ArrayLike]  # quark -> coupling

GEV2_TO_CM2 = 0.3893793721e-27
_NUCLEON_MASSES = {"proton": "m_p", "neutron": "m_n"}
_QUARKS = ("u", "d", "s", "c", "b", "t")


def _check(kind: str, names: Iterable[str], allowed: Collection[str]) -> None:
    for name in names:
        if name not in allowed:
            raise UnknownNameError(unknown_name_message(kind, name, allowed))


def _nucleon_mass(point: ParameterPoint, nucleon: Nucleon) -> float:
    _check("nucleon", [nucleon], _NUCLEON_MASSES)
    return point[_NUCLEON_MASSES[nucleon]]


def _reduced_mass_squared(mass: ArrayLike, nucleon_mass: float) -> Real:
    m = np.asarray(mass, dtype=np.float64)
    return np.asarray(np.square(m * nucleon_mass / (m + nucleon_mass)))


def quark_spins(point: ParameterPoint, nucleon: Nucleon) -> dict[str, float]:
    """Delta_q of the nucleon, <N|qbar gamma gamma_5 q|N> = 2 s Delta_q, for q = u, d, s."""
    _check("nucleon", [nucleon], _NUCLEON_MASSES)
    u, d = point["nucleon spin Delta_u"], point["nucleon spin Delta_d"]
    if nucleon == "neutron":
        u, d = d, u
    return {"u": u, "d": d, "s": point["nucleon spin Delta_s"]}


def axial_coupling_of_scalar_exchange(coupling: ArrayLike, mass: ArrayLike, mediator: ArrayLike) -> Real:
    r"""d_q = y^2 / (8 (M^2 - m^2)) of `spin_dependent_cross_section` for a Majorana particle and a scalar of mass M.

    From :math:`L = -y\,\bar q P_{R,L}\chi\,\phi + h.c.`: the Fierz identity
    :math:`(\bar q P_R\chi)(\bar\chi P_L q) = \frac12 (\bar q\gamma^\mu P_L q)(\bar\chi\gamma_\mu P_R\chi)` gives
    :math:`\frac{y^2}{2(M^2-m^2)}` times that, a quarter of which is the product of the axial currents.
    """
    return np.asarray(np.square(np.asarray(coupling)) / (8.0 * (np.square(np.asarray(mediator)) - np.square(np.asarray(mass)))))


def spin_dependent_cross_section(
    point: ParameterPoint,
    mass: ArrayLike,
    axial: Couplings,
    nucleon: Nucleon,
    *,
    self_conjugate: bool = True,
    spins: Mapping[str, float] | None = None,
) -> Real:
    r"""sigma_SD for :math:`L = \sum_q d_q (\bar\chi\gamma^\mu\gamma_5\chi)(\bar q\gamma_\mu\gamma_5 q)`, q = u, d, s.

    .. math:: \sigma = \frac{12\mu^2}{\pi} \left(\sum_q d_q\Delta_q\right)^2 \ (\text{Majorana}), \text{ a quarter of it (Dirac)}

    Parameters
    ----------
    mass : array_like
        GeV.
    axial : mapping
        d_q in GeV^-2 by quark; missing ones are zero.
    spins : mapping, optional
        Delta_q of this nucleon, `quark_spins` by default.

    References
    ----------
    arXiv:1003.1912, section 2, with J = 1/2: 16 mu^2/pi J(J+1) = 12 mu^2/pi.
    """
    used = quark_spins(point, nucleon) if spins is None else spins
    _check("quark", axial, used)
    amplitude = sum((np.asarray(d) * used[quark] for quark, d in axial.items()), np.zeros(()))
    factor = (12.0 if self_conjugate else 3.0) / math.pi * GEV2_TO_CM2
    return np.asarray(factor * _reduced_mass_squared(mass, _nucleon_mass(point, nucleon)) * np.square(amplitude))


def scalar_nucleon_coupling(
    point: ParameterPoint, scalar: Couplings, nucleon: Nucleon, quark_masses: Mapping[str, float]
) -> Real:
    r"""f_N of :math:`f_N \bar\chi\chi\bar N N` for :math:`\sum_q a_q \bar\chi\chi\,\bar q q`.

    .. math:: \frac{f_N}{m_N} = \sum_{u,d,s} f_{Tq} \frac{a_q}{m_q} + \frac{2}{27}\Big(1 - \sum_{u,d,s} f_{Tq}\Big)
              \sum_{c,b,t} \frac{a_q}{m_q}

    Parameters
    ----------
    scalar : mapping
        a_q by quark (u, d, s, c, b, t); missing ones are zero.
    quark_masses : mapping
        In GeV, at the scale of a_q (only a_q/m_q matters).

    References
    ----------
    Heavy quarks through gluons: Shifman, Vainshtein, Zakharov, Phys. Lett. B 78 (1978) 443, at leading order.
    """
    _check("quark", scalar, _QUARKS)
    nucleon_mass = _nucleon_mass(point, nucleon)
    light = {
        "u": point[f"nucleon f_Tu {nucleon}"],
        "d": point[f"nucleon f_Td {nucleon}"],
        "s": point["nucleon f_Ts"],
    }
    gluons = 2.0 / 27.0 * (1.0 - sum(light.values()))
    shares = (np.asarray(a) / quark_masses[quark] * light.get(quark, gluons) for quark, a in scalar.items())
    return np.asarray(nucleon_mass * sum(shares, np.zeros(())))


def spin_independent_cross_section(
    point: ParameterPoint, mass: ArrayLike, coupling: ArrayLike, nucleon: Nucleon, *, self_conjugate: bool = True
) -> Real:
    r""":math:`\sigma = 4\mu^2 f^2/\pi` (Majorana) or :math:`\mu^2 f^2/\pi` (Dirac) for :math:`L = f\,\bar\chi\chi\,\bar N N`.

    For a Dirac particle also that of :math:`f\,\bar\chi\gamma^\mu\chi\,\bar N\gamma_\mu N`, with f_p = 2 b_u + b_d from quark
    couplings. `coupling` in GeV^-2.
    """
    factor = (4.0 if self_conjugate else 1.0) / math.pi * GEV2_TO_CM2
    return np.asarray(factor * _reduced_mass_squared(mass, _nucleon_mass(point, nucleon)) * np.square(np.asarray(coupling)))


def real_scalar_cross_section(point: ParameterPoint, mass: ArrayLike, coupling: ArrayLike, nucleon: Nucleon) -> Real:
    r""":math:`\sigma = \mu^2 c^2 / (4\pi m^2)` for a real scalar with :math:`L = \frac{c}{2}\phi^2 \bar N N`, c in GeV^-1."""
    strength = np.square(np.asarray(coupling) / np.asarray(mass)) / (4.0 * math.pi) * GEV2_TO_CM2
    return np.asarray(strength * _reduced_mass_squared(mass, _nucleon_mass(point, nucleon)))
