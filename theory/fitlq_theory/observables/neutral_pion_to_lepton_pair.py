r"""pi0 -> e mu with lepton-flavour violation.

Coefficients: WET-3 at 2 GeV, sector mue, quark pairs uu and dd; ``CVLL_mueuu`` has
:math:`(\bar e\gamma P_L\mu)(\bar u\gamma P_L u)`. The amplitude of :math:`\pi^0\to e^-\mu^+` is
:math:`\bar u_e(g_L P_L + g_R P_R)v_\mu` (up to a phase) with

.. math::
    g_R &= m_\mu v_L - m_e v_R + \tfrac12\sum_q h_q (C_{SRR}^{\mu e q} - C_{SRL}^{\mu e q}), \qquad
    v_L = \tfrac12 \sum_q f_q (C_{VLR}^{\mu e q} - C_{VLL}^{\mu e q}), \\
    g_L &= m_\mu v_R - m_e v_L + \tfrac12\sum_q h_q (C_{SRL}^{e\mu q} - C_{SRR}^{e\mu q})^*, \qquad
    v_R = \tfrac12 \sum_q f_q (C_{VRR}^{\mu e q} - C_{VLR}^{q \mu e}),

the crossing of :math:`\mu^-\to e^-\pi^0` (`tau_to_lepton_meson` has the tau instead of the muon), and

.. math:: \Gamma = \frac{\lambda^{1/2}}{16\pi M^3}
          \left[(|g_L|^2 + |g_R|^2)(M^2 - m_\mu^2 - m_e^2) - 4 m_\mu m_e\, \mathrm{Re}(g_L g_R^*)\right].

:math:`f_u = -f_d = f_\pi/\sqrt2`, :math:`h_q = M^2 f_q/(m_u + m_d)`. The rate into :math:`\mu^- e^+` is the same: the pion is
its own antiparticle (CPT at lowest order; the tests exchange the leptons explicitly).
"""

from __future__ import annotations

import math
from functools import partial

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.constants import HBAR_GEV_PS
from fitlq_theory.contracts import Arguments, Coefficient, Forms, Observable
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.qcd import running_mass
from fitlq_theory.real_rows import linear, real_product, square

__all__ = ["observables"]

Complex = NDArray[np.complex128]

_EFT, _SCALE, _FLAVOURS = "WET-3", 2.0, 3
_ISOSPIN = {"uu": 1.0, "dd": -1.0}


def _names() -> tuple[str, ...]:
    names: list[str] = []
    for pair in _ISOSPIN:
        names += [f"CVLL_mue{pair}", f"CVLR_mue{pair}", f"CVRR_mue{pair}", f"CVLR_{pair}mue"]
        names += [f"{kind}_{leptons}{pair}" for leptons in ("mue", "emu") for kind in ("CSRR", "CSRL")]
    return tuple(names)


_NAMES = _names()


def _row(terms: dict[str, float]) -> Complex:
    """Sum over both quarks, weighted with isospin, of coefficients named without the quarks (a ``*`` in their place)."""
    row = np.zeros(len(_NAMES) + 1)
    for pair, sign in _ISOSPIN.items():
        for name, factor in terms.items():
            row[1 + _NAMES.index(name.replace("*", pair))] = sign * factor
    return linear(row)


def _couplings(point: ParameterPoint) -> tuple[Complex, Complex]:
    """g_L and g_R over x, in GeV^2 times the unit of the coefficients."""
    axial = 0.5 * point["f_pi+"] / math.sqrt(2)
    masses = running_mass(point, "u", _SCALE, _FLAVOURS) + running_mass(point, "d", _SCALE, _FLAVOURS)
    density = axial * point["m_pi0"] ** 2 / masses
    left = _row({"CVLR_mue*": axial, "CVLL_mue*": -axial})
    right = _row({"CVRR_mue*": axial, "CVLR_*mue": -axial})
    scalar_right = _row({"CSRR_mue*": density, "CSRL_mue*": -density})
    scalar_left = _row({"CSRL_emu*": density, "CSRR_emu*": -density}).conj()
    muon, electron = point["m_mu"], point["m_e"]
    return muon * right - electron * left + scalar_left, muon * left - electron * right + scalar_right


def _branching_ratio(point: ParameterPoint, _arguments: Arguments, *, states: int) -> Forms:
    left, right = _couplings(point)
    pion, muon, electron = point["m_pi0"], point["m_mu"], point["m_e"]
    momenta = math.sqrt((pion**2 - (muon + electron) ** 2) * (pion**2 - (muon - electron) ** 2))
    form = (pion**2 - muon**2 - electron**2) * (square(left) + square(right))
    form -= 4 * muon * electron * real_product(left, right)
    width = momenta / (16 * math.pi * pion**3) * form
    return Forms(states * point["tau_pi0"] / HBAR_GEV_PS * width[None])


def observables(_point: ParameterPoint) -> tuple[Observable, ...]:
    """BR(pi0 -> mu- e+), BR(pi0 -> e- mu+) and their sum."""
    finals = (
        ("mue", r"\mu^-e^+", "mu- e+", 1, ("BR(pi0->mu-e+)", "BR(pi0->e+mu-)")),
        ("emu", r"e^-\mu^+", "e- mu+", 1, ("BR(pi0->e-mu+)", "BR(pi0->mu+e-)")),
        ("emu,mue", r"e^\pm\mu^\mp", "e mu, sum of both charge states", 2, ("BR(pi0->e+-mu-+)",)),
    )
    return tuple(
        Observable(
            name=f"BR(pi0->{name})",
            tex=rf"\mathrm{{BR}}(\pi^0\to {tex})",
            description=f"branching ratio of pi0 -> {final}",
            coefficients=tuple(Coefficient(c, _EFT, _SCALE) for c in _NAMES),
            forms=partial(_branching_ratio, states=states),
            reference="derived in the code",
            aliases=aliases,
        )
        for name, tex, final, states, aliases in finals
    )
