r"""B -> pi l l' and K -> pi mu e with lepton-flavour violation: total branching ratios.

Rates: `lepton_pair_rates`. Coefficients: b -> d at 4.8 GeV (WET), s -> d at 2 GeV (WET-3), scalar operators with a factor m_b
or m_s. In the decay of the meson that is named the first lepton is the negative one (B+, K+ contain the antiquarks).

Neutral pions have a factor 1/2 from isospin. For KL both quark contents lead to the same final state and interfere. With
:math:`CP|K^0\rangle = -|\bar K^0\rangle` the matrix elements of the vector current have opposite signs for the two, those of
the scalar density equal ones, so that KL into :math:`\pi^0 l_1^+ l_2^-` has, up to an overall sign,

.. math::
    \sqrt2 V &= \xi C_9^{12} - (\xi C_9^{21})^*, & \sqrt2 A &= \xi C_{10}^{12} - (\xi C_{10}^{21})^*, \\
    \sqrt2 S &= \xi C_S^{12} + (\xi C_S^{21})^*, & \sqrt2 P &= \xi C_P^{12} - (\xi C_P^{21})^*

with :math:`\xi = V_{ts}V_{td}^*`. flavio 2.7.1 has the opposite sign of the interference of C9 and CS, see docs/differences.md;
it neglects m_d beside m_b in scalar amplitudes (0.2 % of the rate), as does the option ``flavio-2.7.1`` of the choice ``M->ll'``.
D -> pi l l': `charm_to_pion_lepton_pair`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.constants import HBAR_GEV_PS
from fitlq_theory.contracts import Arguments, Coefficient, Forms, Observable
from fitlq_theory.electromagnetic_coupling import alpha_electromagnetic
from fitlq_theory.observables.lepton_pair_amplitudes import LEPTON_TEX, as_flavio, pair_coefficients
from fitlq_theory.observables.lepton_pair_rates import PairDecay, amplitude_rows, width
from fitlq_theory.observables.meson_mixing_amplitude import ckm_factor
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.qcd import Quark, running_mass

__all__ = ["observables"]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]

_PAIRS = (("e", "mu"), ("e", "tau"), ("mu", "tau"))
_REFERENCE = "derived in the code; arXiv:1602.00881, section 2 (B -> K l l')"


@dataclass(frozen=True, slots=True)
class _Mode:
    """A decay into a pion: names of the mesons in the inputs, quarks, where the coefficients are, share of the charged rate."""

    name: str
    parent: str
    pion: str
    quarks: tuple[Quark, Quark]
    eft: str
    scale: float
    flavours: int
    transition: str
    isospin: float
    tex: str

    @property
    def sector(self) -> str:
        return "".join(self.quarks)

    def coefficients(self, *pairs: tuple[str, str]) -> tuple[Coefficient, ...]:
        """Those of all operators for each pair, in this order."""
        return tuple(c for pair in pairs for c in pair_coefficients(self.sector, *pair, self.eft, self.scale))


_B_PLUS = _Mode("B+->pi", "B+", "pi+", ("b", "d"), "WET", 4.8, 5, "B->pi", 1.0, r"B^+\to\pi^+")
_B_ZERO = _Mode("B0->pi", "B0", "pi0", ("b", "d"), "WET", 4.8, 5, "B->pi", 0.5, r"B^0\to\pi^0")
_K_PLUS = _Mode("K+->pi", "K+", "pi+", ("s", "d"), "WET-3", 2.0, 3, "K->pi", 1.0, r"K^+\to\pi^+")
_K_LONG = _Mode("KL->pi", "KL", "pi0", ("s", "d"), "WET-3", 2.0, 3, "K->pi", 0.5, r"K_L\to\pi^0")


def _decay(point: ParameterPoint, mode: _Mode, first: str, second: str) -> PairDecay:
    heavy, light = (running_mass(point, quark, mode.scale, mode.flavours) for quark in mode.quarks)
    if as_flavio(point.choices):
        light = 0.0
    mass = point["m_K0" if mode.parent == "KL" else f"m_{mode.parent}"]
    leptons = point[f"m_{first}"], point[f"m_{second}"]
    return PairDecay(mass, point[f"m_{mode.pion}"], *leptons, mode.transition, heavy / (heavy - light))


def _normalisation(point: ParameterPoint, mode: _Mode) -> float:
    return 4 * point["GF"] / math.sqrt(2) * alpha_electromagnetic(point, mode.scale) / (4 * math.pi)


def _branching_ratio(point: ParameterPoint, mode: _Mode, first: str, second: str, rows: Complex) -> Real:
    """Form of one charge state with the CKM factor in `rows`."""
    form = width(point, _decay(point, mode, first, second), rows, _normalisation(point, mode))
    return mode.isospin * point[f"tau_{mode.parent}"] / HBAR_GEV_PS * form


def _single(point: ParameterPoint, _arguments: Arguments, *, mode: _Mode, first: str, second: str) -> Forms:
    rows = amplitude_rows(abs(ckm_factor(point, "t", mode.quarks)))
    return Forms(_branching_ratio(point, mode, first, second, rows)[None])


def _padded(rows: Complex, *, second: bool) -> Complex:
    """Rows over the coefficients of one pair as rows over those of two."""
    padding = np.zeros((len(rows), rows.shape[1] - 1))
    return np.concatenate([rows[:, :1], padding, rows[:, 1:]] if second else [rows, padding], axis=1)


def _sum(point: ParameterPoint, _arguments: Arguments, *, mode: _Mode, first: str, second: str) -> Forms:
    rows = amplitude_rows(abs(ckm_factor(point, "t", mode.quarks)))
    one = _branching_ratio(point, mode, first, second, _padded(rows, second=False))
    other = _branching_ratio(point, mode, second, first, _padded(rows, second=True))
    return Forms((one + other)[None])


def _long_kaon(point: ParameterPoint, _arguments: Arguments, *, mode: _Mode, first: str, second: str) -> Forms:
    """Sum of the two charge states, which have equal rates."""
    rows = amplitude_rows(ckm_factor(point, "t", mode.quarks)) / math.sqrt(2)
    signs = np.array([-1.0, -1.0, 1.0, -1.0])
    both = _padded(rows, second=False) + signs[:, None] * _padded(rows, second=True).conj()
    return Forms(2 * _branching_ratio(point, mode, first, second, both)[None])


def _single_observable(mode: _Mode, first: str, second: str) -> Observable:
    charged = mode.pion == "pi+"
    aliases = (f"BR({mode.name}+{first}-{second}+)", f"BR({mode.name}+{second}+{first}-)") if charged else ()
    return Observable(
        name=f"BR({mode.name}{first}{second})",
        tex=rf"\mathrm{{BR}}({mode.tex} {LEPTON_TEX[first]}^-{LEPTON_TEX[second]}^+)",
        description=f"branching ratio of {mode.parent} -> {mode.pion} {first}- {second}+ and its conjugate",
        coefficients=mode.coefficients((first, second)),
        forms=partial(_single, mode=mode, first=first, second=second),
        reference=_REFERENCE,
        aliases=aliases,
    )


def _sum_observable(mode: _Mode, first: str, second: str) -> Observable:
    pion = "pi+" if mode.pion == "pi+" else "pi0"
    alias = f"BR({mode.parent}->{pion}{first}{second})"
    return Observable(
        name=f"BR({mode.name}{first}{second},{second}{first})",
        tex=rf"\mathrm{{BR}}({mode.tex} {LEPTON_TEX[first]}^\pm{LEPTON_TEX[second]}^\mp)",
        description=f"branching ratio of {mode.parent} -> {mode.pion} {first} {second}, sum of both charge states",
        coefficients=mode.coefficients((first, second), (second, first)),
        forms=partial(_long_kaon if mode == _K_LONG else _sum, mode=mode, first=first, second=second),
        reference=_REFERENCE + ("; interference derived in the code" if mode == _K_LONG else ""),
        aliases=(alias, f"BR({mode.parent}->{pion}{first}+-{second}-+)"),
    )


def observables(_point: ParameterPoint) -> tuple[Observable, ...]:
    """Branching ratios of B and K mesons into a pion and two leptons of different flavour."""
    found = [
        observable
        for mode in (_B_PLUS, _B_ZERO)
        for first, second in _PAIRS
        for observable in (
            _single_observable(mode, first, second),
            _single_observable(mode, second, first),
            _sum_observable(mode, first, second),
        )
    ]
    found += [_single_observable(_K_PLUS, *pair) for pair in (("mu", "e"), ("e", "mu"))]
    return (*found, _sum_observable(_K_PLUS, "e", "mu"), _sum_observable(_K_LONG, "e", "mu"))
