r"""Decays of a lepton into three charged leptons: mu -> 3e and the six modes of tau -> 3 l.

.. math:: \mathrm{BR} = \tau_l \frac{m_l^5}{1536\pi^3} A^\dagger H A

with amplitudes A (coefficients of WCxf operators, in GeV^-2, see `lepton_to_three_leptons_kinematics`). H depends on lepton
masses only. The choice ``charged LFV`` says which:

* ``standard``: all masses kept, from helicity amplitudes; the photon couples with the fine-structure constant at zero momentum
  transfer, because the rate of the dipole comes from small invariant masses of the pair. Masses make tau -> 3 mu by contact
  interactions 8 to 9 % slower than the massless limit, tau -> e mu mu 5 %, tau -> mu e e 3 %.
* ``flavio-2.7.1``: massless limit with the logarithm of the dipole kept (arXiv:hep-ph/0404211, eqs. (22), (23);
  arXiv:hep-ph/9909265, eq. (117)) and the running coupling; mu -> 3e relative to mu -> e nu nu at tree level, i.e. with
  :math:`1/(8 G_F^2)` in front, 0.4 % less. Signs and factors agree with the helicity amplitudes for vanishing masses.

No quantum-electrodynamic corrections beyond that; no contributions of hadrons (tau -> l rho -> l mu mu).
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
from fitlq_theory.observables.conjugated_amplitudes import amplitude_rows, hermitian_rate
from fitlq_theory.observables.lepton_to_three_leptons_kinematics import STRUCTURES, massive_rates
from fitlq_theory.parameter_point import ParameterPoint

__all__ = ["MODES", "Mode", "massless_rates", "observables"]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]

# where coefficients are read: (EFT, scale in GeV)
_READ_AT = {"mu": ("WET-3", 1.0), "tau": ("WET-4", 1.8)}
_TEX = {"e": "e", "mu": r"\mu", "tau": r"\tau"}
# operator of the process: (l1 Gamma l0)(l2 Gamma' l3), or with l1 and l2 exchanged (x); kind and chirality as in `STRUCTURES`
_WRITTEN = {
    "VLL": ("V", "L", "L", False), "VLR": ("V", "L", "R", False), "VRL": ("V", "R", "L", False), "VRR": ("V", "R", "R", False),
    "SLL": ("S", "L", "L", False), "SRR": ("S", "R", "R", False), "DL": ("D", "L", "", False), "DR": ("D", "R", "", False),
    "xVLL": ("V", "L", "L", True), "xVLR": ("V", "L", "R", True), "xVRL": ("V", "R", "L", True), "xVRR": ("V", "R", "R", True),
    "xSLL": ("S", "L", "L", True), "xSRR": ("S", "R", "R", True),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mode:
    """The decay `parent`- -> `first`- `second`- `third`+.

    `operators` lists pairs of a WCxf coefficient and the operator it multiplies, a key of the table above; a star marks
    coefficients whose Hermitian conjugate operator mediates the decay.
    """

    parent: str
    first: str
    second: str
    third: str
    operators: tuple[tuple[str, str], ...]
    aliases: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """As in flavio, where the antiparticle comes second."""
        return f"BR({self.parent}->{self.first}{self.third}{self.second})"

    @property
    def coefficients(self) -> tuple[Coefficient, ...]:
        """In the order of `operators`."""
        return tuple(Coefficient(name, *_READ_AT[self.parent]) for name, _ in self.operators)

    def masses(self, point: ParameterPoint) -> tuple[float, tuple[float, float, float]]:
        """Mass of the parent and of the products."""
        return point[f"m_{self.parent}"], (point[f"m_{self.first}"], point[f"m_{self.second}"], point[f"m_{self.third}"])


def _three_equal(parent: str, lepton: str) -> Mode:
    pair, light = f"{parent}{lepton}", f"{lepton}{lepton}"
    # names sort the flavours of a dipole (mother, daughter) and of four leptons alike for all three decays
    return Mode(
        parent,
        lepton,
        lepton,
        lepton,
        (
            (f"Cgamma_{pair}", "DR"),
            (f"Cgamma_{lepton}{parent}", "DL*"),
            (f"CVLL_{light}{pair}", "VLL"),
            (f"CVLR_{pair}{light}", "VLR"),
            (f"CVLR_{light}{pair}", "VRL"),
            (f"CVRR_{light}{pair}", "VRR"),
            (f"CSRR_{light}{pair}", "SRR"),
            (f"CSRR_{light}{lepton}{parent}", "SLL*"),
        ),
    )


MODES = (
    _three_equal("mu", "e"),
    _three_equal("tau", "mu"),
    _three_equal("tau", "e"),
    Mode(
        "tau", "mu", "e", "e",
        (
            ("Cgamma_taumu", "DR"), ("Cgamma_mutau", "DL*"),
            ("CVLL_eetaumu", "VLL"), ("CVLR_taumuee", "VLR"), ("CVLR_eetaumu", "VRL"), ("CVRR_eetaumu", "VRR"),
            ("CVLR_taueemu", "xVLR"), ("CVLR_mueetau", "xVRL*"),
            ("CSRR_eetaumu", "SRR"), ("CSRR_eemutau", "SLL*"), ("CSRR_taueemu", "xSRR"), ("CSRR_mueetau", "xSLL*"),
        ),
        ("BR(tau->mu-e+e-)",),
    ),
    Mode(
        "tau", "e", "mu", "mu",
        (
            ("Cgamma_taue", "DR"), ("Cgamma_etau", "DL*"),
            ("CVLL_muetaumu", "xVLL"), ("CVLR_tauemumu", "VLR"), ("CVLR_mumutaue", "VRL"), ("CVRR_muetaumu", "xVRR"),
            ("CVLR_taumumue", "xVLR"), ("CVLR_muetaumu", "xVRL"),
            ("CSRR_tauemumu", "SRR"), ("CSRR_mumuetau", "SLL*"), ("CSRR_muetaumu", "xSRR"), ("CSRR_emumutau", "xSLL*"),
        ),
        ("BR(tau->e-mu+mu-)",),
    ),
    Mode(
        "tau", "e", "e", "mu",
        (
            ("CVLL_muetaue", "VLL"), ("CVLR_tauemue", "VLR"), ("CVLR_muetaue", "VRL"), ("CVRR_muetaue", "VRR"),
            ("CSRR_muetaue", "SRR"), ("CSRR_emuetau", "SLL*"),
        ),
        ("BR(tau->e-mu+e-)",),
    ),
    Mode(
        "tau", "mu", "mu", "e",
        (
            ("CVLL_muemutau", "VLL*"), ("CVLR_taumuemu", "VLR"), ("CVLR_muemutau", "VRL*"), ("CVRR_muemutau", "VRR*"),
            ("CSRR_emutaumu", "SRR"), ("CSRR_muemutau", "SLL*"),
        ),
        ("BR(tau->mu-e+mu-)",),
    ),
)  # fmt: skip


def massless_rates(mass: float, pair_mass: float, *, identical: bool) -> Real:
    r"""H of `massive_rates` for vanishing masses of the products, with the logarithm of the dipole.

    Parameters
    ----------
    mass, pair_mass : float
        Mass of the decaying lepton and of the leptons the photon turns into.
    identical : bool
        Whether the two negative leptons are the same particle.

    Returns
    -------
    ndarray, shape (14, 14)

    References
    ----------
    arXiv:hep-ph/0404211, eqs. (22), (23), with Fierz identities for the crossed operators: those of V_LL and V_RR are the direct
    ones, V_LR is -2 S, and S_RR is -S_RR/2 - T_RR/8.
    """
    index = {key: STRUCTURES.index(structure) for key, structure in _WRITTEN.items()}
    rates = np.zeros((len(STRUCTURES), len(STRUCTURES)))

    def put(first: str, second: str, value: float) -> None:
        rates[index[first], index[second]] = rates[index[second], index[first]] = value

    for same in ("LL", "RR"):
        for first in (f"V{same}", f"xV{same}"):
            put(first, f"V{same}", 2.0 if identical else 1.0)
            put(first, f"xV{same}", 2.0 if identical else 1.0)
            put(first, f"D{'R' if same == 'LL' else 'L'}", 8.0 if identical else 4.0)
        for first, second in ((f"S{same}", f"S{same}"), (f"xS{same}", f"xS{same}")):
            put(first, second, 0.125 if identical else 0.25)
        put(f"S{same}", f"xS{same}", 0.125 if identical else -0.125)
    for opposite, dipole in (("LR", "DR"), ("RL", "DL")):
        for first in (f"V{opposite}", f"xV{opposite}"):
            put(first, first, 1.0)
        put(f"V{opposite}", f"xV{opposite}", 1.0 if identical else 0.0)
        put(f"V{opposite}", dipole, 4.0)
        put(f"xV{opposite}", dipole, 4.0 if identical else 0.0)
    for dipole in ("DL", "DR"):
        put(dipole, dipole, 32 * (math.log(mass**2 / pair_mass**2) - (11 / 4 if identical else 3)))
    return rates


def _rows(point: ParameterPoint, mode: Mode) -> Complex:
    """Amplitudes in the order of `STRUCTURES` over x."""
    standard = point.choices["charged LFV"] == "standard"
    eft_scale = _READ_AT[mode.parent][1]
    direct = np.zeros((len(STRUCTURES), len(mode.operators)))
    conjugate = np.zeros_like(direct)
    for column, (_, operator) in enumerate(mode.operators):
        factor = 1.0
        if operator.startswith("D"):
            alpha = point["alpha_em Thomson"] if standard else alpha_electromagnetic(point, eft_scale)
            factor = math.sqrt(4 * math.pi * alpha) / point[f"m_{mode.parent}"]
        target = conjugate if operator.endswith("*") else direct
        target[STRUCTURES.index(_WRITTEN[operator.rstrip("*")]), column] = factor
    return amplitude_rows(direct, conjugate)


def _branching_ratio(point: ParameterPoint, _arguments: Arguments, mode: Mode) -> Forms:
    """The form of the module docstring."""
    mass, masses = mode.masses(point)
    normalisation = point[f"tau_{mode.parent}"] / HBAR_GEV_PS * mass**5 / (1536 * math.pi**3)
    if point.choices["charged LFV"] == "standard":
        rates = massive_rates(mass, masses)
    else:
        rates = massless_rates(mass, masses[2], identical=mode.first == mode.second).astype(np.complex128)
        if mode.parent == "mu":
            normalisation = 1 / (8 * point["GF"] ** 2)
    return Forms(normalisation * hermitian_rate(_rows(point, mode), rates)[None])


def observables(_point: ParameterPoint) -> tuple[Observable, ...]:
    """The seven branching ratios."""
    return tuple(
        Observable(
            name=mode.name,
            tex=rf"\mathrm{{BR}}({_TEX[mode.parent]}^-\to {_TEX[mode.first]}^- {_TEX[mode.third]}^+ {_TEX[mode.second]}^-)",
            description=f"branching ratio of {mode.parent}- -> {mode.first}- {mode.third}+ {mode.second}-",
            coefficients=mode.coefficients,
            forms=partial(_branching_ratio, mode=mode),
            reference="helicity amplitudes; massless limit arXiv:hep-ph/0404211, eqs. (22), (23)",
            aliases=mode.aliases,
        )
        for mode in MODES
    )
