r"""D+ -> pi+ e mu: total branching ratios with lepton-flavour violation; D+ -> pi+ mu mu away from resonances.

Rates: `lepton_pair_rates`, with :math:`N = \frac{4G_F}{\sqrt2} V_{ub}V_{cb}^*\frac{\alpha_e(\mu)}{4\pi}`; coefficients
``C9_cuemu`` etc., tensor operators among them, at 2 GeV with four flavours, scalar operators with a factor m_c: an extension of
the WCxf basis (`fitlq_theory.evolution.charm_lepton_flavour`). D+ contains the c quark: its decay into :math:`\pi^+ l_1^+ l_2^-`
reads ``cu{l1}{l2}``, contrary to B+ and K+, which contain antiquarks. There are no resonances: no intermediate state of the
Standard Model has two lepton flavours. Form factors at 2 GeV, where those of D -> pi are quoted.

``BR_nonres(D+->pimumu)`` is what LHCb limits (entry lhcb-dp2pill-2020): the rate at dimuon masses below 0.525 GeV and above
1.25 GeV (from memory of that paper), divided by the part of three-body phase space there. It contains new physics only: the
short-distance part of the Standard Model is about 1e-12, and interference with the tails of the resonances is left out.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.ckm import ckm_matrix
from fitlq_theory.constants import HBAR_GEV_PS
from fitlq_theory.contracts import Arguments, Coefficient, Forms, Observable
from fitlq_theory.electromagnetic_coupling import alpha_electromagnetic
from fitlq_theory.observables.lepton_pair_amplitudes import LEPTON_TEX, OPERATORS
from fitlq_theory.observables.lepton_pair_rates import PairDecay, amplitude_rows, width
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.qcd import running_mass
from fitlq_theory.real_rows import linear

__all__ = ["observables"]

Complex = NDArray[np.complex128]
Pair = tuple[str, str]

_EFT, _SCALE, _FLAVOURS = "WET-4", 2.0, 4
_TRANSITION = "D->pi"
_RESONANCES = (0.525, 1.25)  # GeV, dimuon masses that LHCb leaves out (from memory, unverified)
_ALL = (*OPERATORS, "CT", "CTp")
_REFERENCE = (
    "derived in the code; arXiv:1602.00881, section 2 (B -> K l l'), with the quarks replaced; "
    "coefficients from SMEFT: arXiv:1709.04486 (matching), arXiv:1711.05270 (running)"
)


def _coefficients(*pairs: Pair) -> tuple[Coefficient, ...]:
    return tuple(Coefficient(f"{o}_cu{positive}{negative}", _EFT, _SCALE) for positive, negative in pairs for o in _ALL)


def _rows(block: int, blocks: int) -> Complex:
    """C_9^+, C_10^+, C_S^+, C_P^+, T, T_5 of one pair of leptons over x of all pairs."""
    rows = np.zeros((6, 1 + len(_ALL) * blocks), dtype=np.complex128)
    start = 1 + block * len(_ALL)
    for k in range(6):
        rows[k, start + 2 * min(k, 4)] = 1.0
        rows[k, start + 2 * min(k, 4) + 1] = -1.0 if k == 5 else 1.0
    return linear(rows)


def _normalisation(point: ParameterPoint) -> float:
    ckm = ckm_matrix(point["Vus"], point["Vub"], point["Vcb"], point["gamma"])
    coupling = 4 * point["GF"] / math.sqrt(2) * alpha_electromagnetic(point, _SCALE) / (4 * math.pi)
    return float(coupling * abs(ckm[0, 2] * ckm[1, 2]))


def _decay(point: ParameterPoint, positive: str, negative: str) -> PairDecay:
    charm, up = (running_mass(point, quark, _SCALE, _FLAVOURS) for quark in ("c", "u"))
    leptons = point[f"m_{positive}"], point[f"m_{negative}"]
    return PairDecay(point["m_D+"], point["m_pi+"], *leptons, _TRANSITION, charm / (charm - up))


def _away_from_resonances(point: ParameterPoint, _arguments: Arguments) -> Forms:
    whole = _decay(point, "mu", "mu")
    measured = replace(whole, regions=((0.0, _RESONANCES[0] ** 2), (_RESONANCES[1] ** 2, whole.mass**2)))
    parts = []
    for decay in (measured, whole):
        q2, weights = decay.integration()
        parts.append(float(weights @ decay.phase_space(q2)))
    form = width(point, measured, amplitude_rows(), _normalisation(point)) * parts[1] / parts[0]
    return Forms(point["tau_D+"] / HBAR_GEV_PS * form[None])


def _branching_ratio(point: ParameterPoint, _arguments: Arguments, *, pairs: tuple[Pair, ...]) -> Forms:
    """Sum over charge states; `pairs` of a positive and a negative lepton."""
    form = np.zeros((1 + 2 * len(_ALL) * len(pairs),) * 2)
    for k, (positive, negative) in enumerate(pairs):
        form += width(point, _decay(point, positive, negative), _rows(k, len(pairs)), _normalisation(point))
    return Forms(point["tau_D+"] / HBAR_GEV_PS * form[None])


def _single(negative: str, positive: str) -> Observable:
    return Observable(
        name=f"BR(D+->pi{negative}{positive})",
        tex=rf"\mathrm{{BR}}(D^+\to\pi^+ {LEPTON_TEX[negative]}^-{LEPTON_TEX[positive]}^+)",
        description=f"branching ratio of D+ -> pi+ {negative}- {positive}+ and its conjugate",
        coefficients=_coefficients((positive, negative)),
        forms=partial(_branching_ratio, pairs=((positive, negative),)),
        reference=_REFERENCE,
        aliases=(f"BR(D+->pi+{negative}-{positive}+)", f"BR(D+->pi+{positive}+{negative}-)"),
    )


def observables(_point: ParameterPoint) -> tuple[Observable, ...]:
    """BR(D+ -> pi+ e mu) with each charge assignment and both; D+ -> pi+ mu mu away from resonances."""
    pairs = (("mu", "e"), ("e", "mu"))
    both = Observable(
        name="BR(D+->piemu,mue)",
        tex=r"\mathrm{BR}(D^+\to\pi^+ e^\pm\mu^\mp)",
        description="branching ratio of D+ -> pi+ e mu, sum of both charge states",
        coefficients=_coefficients(*pairs),
        forms=partial(_branching_ratio, pairs=pairs),
        reference=_REFERENCE,
        aliases=("BR(D+->pi+emu)", "BR(D+->pi+e+-mu-+)"),
    )
    muons = Observable(
        name="BR_nonres(D+->pimumu)",
        tex=r"\mathrm{BR}(D^+\to\pi^+\mu^+\mu^-)_\mathrm{nonres}",
        description="branching ratio of D+ -> pi+ mu+ mu- from new physics, from regions without resonances by phase space",
        coefficients=tuple(Coefficient(f"{o}_cumumu", _EFT, _SCALE) for o in OPERATORS),
        forms=_away_from_resonances,
        reference="arXiv:1602.00881, section 2 (B -> K l l'), with the quarks replaced",
    )
    return (_single("mu", "e"), _single("e", "mu"), both, muons)
