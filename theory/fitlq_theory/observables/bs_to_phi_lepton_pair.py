r"""Bs -> phi(-> K K) l l: untagged observables integrated over time, ratios of leptons.

Mixing, and which of S_i and A_i an untagged measurement sees: `meson_dilepton_mixing`. With I the time-integrated sums (S) or
differences (A) of the two mesons in a bin and D that of the rate:

.. math::
    \mathrm{BR} = \tau D/2, \quad S_i/D, \; A_i/D, \quad F_L = -S_{2c}/D, \quad
    A_{FB}^{CP} = (\tfrac34 A_{6s} + \tfrac38 A_{6c})/D, \\
    A_T^{(2)} = \frac{S_3}{2 S_{2s}}, \quad A_T^{ReCP} = \frac{A_{6s}}{4 S_{2s}}, \quad A_T^{ImCP} = \frac{A_9}{2 S_{2s}}

in the angles of arXiv:1506.08777, those of K- and of the negative lepton; A are differences b minus anti-b. For massless leptons
:math:`S_{2s} = (1-F_L) D/4`. A6 is A6s. The time is that since production of mesons and antimesons in equal numbers; all
decays count, as if the efficiency did not depend on the decay time. Branching ratios are for all decays of the phi.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.constants import HBAR_GEV_PS
from fitlq_theory.contracts import Arguments, Forms, Observable
from fitlq_theory.observables.dilepton_observables import (
    edges_of,
    side_by_side,
)
from fitlq_theory.observables.lepton_pair_amplitudes import LEPTON_TEX
from fitlq_theory.observables.meson_dilepton_amplitudes import decay_amplitudes
from fitlq_theory.observables.meson_dilepton_angular import VECTOR_COEFFICIENTS
from fitlq_theory.observables.meson_dilepton_forms import AngularForms, Edges, angular_forms, nodes_and_kernels
from fitlq_theory.observables.meson_dilepton_mixing import (
    FLIPPED_BY_CP,
    MIXING_COEFFICIENTS,
    interference_forms,
    time_integrated,
    with_mixing,
)
from fitlq_theory.observables.meson_dilepton_modes import BS_PHI, DileptonMode
from fitlq_theory.observables.meson_dilepton_observables import (
    LEPTONS,
    VECTOR_RATE,
    Parts,
    dilepton_observable,
    photon_correction,
)
from fitlq_theory.parameter_point import ParameterPoint

__all__ = ["UNTAGGED_RATIOS", "UntaggedChannel", "UntaggedForms", "UntaggedRatio", "observables", "untagged_forms"]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]

_REFERENCE = "arXiv:1502.05509, eqs. (42), (48); signs: arXiv:1506.03970, appendix C; angles: arXiv:1506.08777"
_TRANSVERSE: Parts = (("2s", 1.0),)


@dataclass(frozen=True, slots=True)
class UntaggedRatio:
    """Angular coefficients divided by others: name, LaTeX, words; `asymmetric` for a difference of the two mesons."""

    name: str
    tex: str
    description: str
    numerator: Parts
    denominator: Parts = VECTOR_RATE
    asymmetric: bool = False


def _coefficient(i: str) -> UntaggedRatio:
    if i in FLIPPED_BY_CP:
        return UntaggedRatio(f"A{i}", f"A_{{{i}}}", f"CP asymmetry of angular coefficient {i}", ((i, 1.0),), asymmetric=True)
    return UntaggedRatio(f"S{i}", f"S_{{{i}}}", f"CP-averaged angular coefficient {i}", ((i, 1.0),))


UNTAGGED_RATIOS = (
    UntaggedRatio("FL", "F_L", "longitudinal polarisation fraction", (("2c", -1.0),)),
    *(_coefficient(i) for i in VECTOR_COEFFICIENTS),
    UntaggedRatio("A6", "A_6", "CP asymmetry of angular coefficient 6s", (("6s", 1.0),), asymmetric=True),
    UntaggedRatio(
        "AFBCP",
        "A_{FB}^{CP}",
        "CP asymmetry of the forward-backward asymmetry of the leptons",
        (("6s", 0.75), ("6c", 0.375)),
        asymmetric=True,
    ),
    UntaggedRatio("AT2", "A_T^{(2)}", "transverse asymmetry A_T^(2)", (("3", 0.5),), _TRANSVERSE),
    UntaggedRatio(
        "ATReCP", r"A_T^{\mathrm{Re}CP}", "transverse asymmetry A_T^ReCP", (("6s", 0.25),), _TRANSVERSE, asymmetric=True
    ),
    UntaggedRatio("ATImCP", r"A_T^{\mathrm{Im}CP}", "transverse asymmetry A_T^ImCP", (("9", 0.5),), _TRANSVERSE, asymmetric=True),
)


@dataclass(frozen=True, slots=True)
class UntaggedForms:
    """Angular coefficients of a bin: without the width difference, and the interference of mixing and decay (12, 13, 13)."""

    plain: AngularForms
    symmetric: Complex

    def combined(self, point: ParameterPoint, parts: Parts, *, asymmetric: bool = False) -> Real:
        """The three forms of a linear combination of time-integrated coefficients, as from `with_mixing`."""
        weights = np.zeros(len(VECTOR_COEFFICIENTS))
        for name, weight in parts:
            weights[VECTOR_COEFFICIENTS.index(name)] += weight
        symmetric = np.tensordot(weights, self.symmetric, axes=1)
        return with_mixing(point, self.plain.combined(parts, difference=asymmetric), symmetric)


def untagged_forms(point: ParameterPoint, mode: DileptonMode, lepton: str, edges: Edges) -> UntaggedForms:
    """Those of a bin or at one q2, for a pair of equal leptons."""

    def compute(p: ParameterPoint) -> Complex:
        q2, kernels = nodes_and_kernels(p, mode, (lepton, lepton), edges)
        masses = 2 * (p[f"m_{lepton}"],)
        decay, antiquark = (decay_amplitudes(p, mode, q2, masses, conjugate=conjugate) for conjugate in (False, True))
        return interference_forms(kernels, decay, antiquark)

    symmetric = point.shared(("meson dilepton mixing", mode.name, lepton, edges), compute)
    return UntaggedForms(angular_forms(point, mode, lepton, edges), symmetric)


@dataclass(frozen=True, slots=True)
class UntaggedChannel:
    """A lepton, and how the angular coefficients of a bin are obtained."""

    lepton: str
    angular: Callable[[ParameterPoint, DileptonMode, str, Edges], UntaggedForms] = untagged_forms
    mode: DileptonMode = BS_PHI

    def combined(self, point: ParameterPoint, edges: Edges, parts: Parts, *, asymmetric: bool = False) -> Real:
        """As `UntaggedForms.combined`."""
        return self.angular(point, self.mode, self.lepton, edges).combined(point, parts, asymmetric=asymmetric)

    def branching_ratio(self, point: ParameterPoint, edges: Edges) -> Real:
        """Branching ratio in a bin, or its density in GeV^-2 at one q2, likewise."""
        return np.asarray(0.5 * point["tau_Bs"] / HBAR_GEV_PS * self.combined(point, edges, VECTOR_RATE))


def _spectrum(channel: UntaggedChannel, point: ParameterPoint, arguments: Arguments) -> Forms:
    edges = edges_of(arguments)
    width = edges[1] - edges[0] if len(edges) > 1 else 1.0
    return time_integrated(point, channel.branching_ratio(point, edges) / width)


def _bin(channel: UntaggedChannel, point: ParameterPoint, arguments: Arguments) -> Forms:
    return time_integrated(point, channel.branching_ratio(point, edges_of(arguments)))


def _total(channel: UntaggedChannel, point: ParameterPoint, arguments: Arguments) -> Forms:  # noqa: ARG001
    edges = (4 * point[f"m_{channel.lepton}"] ** 2, BS_PHI.end_point(point))
    return time_integrated(point, channel.branching_ratio(point, edges))


def _ratio(ratio: UntaggedRatio, channel: UntaggedChannel, point: ParameterPoint, arguments: Arguments) -> Forms:
    edges = edges_of(arguments)
    numerator = channel.combined(point, edges, ratio.numerator, asymmetric=ratio.asymmetric)
    return time_integrated(point, np.concatenate([numerator, channel.combined(point, edges, ratio.denominator)]))


def _lepton_ratio(channels: tuple[UntaggedChannel, UntaggedChannel], point: ParameterPoint, arguments: Arguments) -> Forms:
    edges, leptons = edges_of(arguments), (channels[0].lepton, channels[1].lepton)
    first, second = (channel.branching_ratio(point, edges) for channel in channels)
    # photons matter for muons over electrons, whichever is the first
    second = second * photon_correction(point, BS_PHI, (leptons[1], leptons[0]), edges) if leptons[0] == "e" else second
    return time_integrated(point, side_by_side(photon_correction(point, BS_PHI, leptons, edges) * first, second))


def _observable(
    point: ParameterPoint,
    leptons: tuple[str, ...],
    name: str,
    words: tuple[str, str],
    forms: Callable[[ParameterPoint, Arguments], Forms],
    arguments: tuple[str, ...],
    *,
    aliases: tuple[str, ...] = (),
    unit: str = "",
) -> Observable:
    found = dilepton_observable(point, BS_PHI, leptons, name, *words, forms, arguments, unit)
    return replace(
        found,
        description=f"{words[1]} of Bs -> phi with pairs of {' / '.join(leptons)}, untagged and integrated over time",
        coefficients=(*found.coefficients, *MIXING_COEFFICIENTS),
        reference=_REFERENCE,
        aliases=aliases,
    )


def _binned(
    point: ParameterPoint,
    leptons: tuple[str, ...],
    names: tuple[str, str],
    words: tuple[str, str],
    forms: Callable[[ParameterPoint, Arguments], Forms],
    *,
    aliases: tuple[str, ...] = (),
    unit: str = "",
) -> list[Observable]:
    """In bins and at one q2; `names` are the quantity and the decay."""
    name, decay = names
    return [
        _observable(
            point,
            leptons,
            f"<{name}>({decay})",
            (rf"\langle {words[0]}\rangle", f"{words[1]}, in a bin of q2,"),
            forms,
            ("q2min", "q2max"),
            aliases=aliases,
            unit=unit,
        ),
        _observable(point, leptons, f"{name}({decay})", words, forms, ("q2",), unit=unit),
    ]


def _channel(point: ParameterPoint, lepton: str) -> list[Observable]:
    decay, channel = BS_PHI.name + 2 * lepton, UntaggedChannel(lepton)
    words = r"d\mathrm{BR}/dq^2", "differential branching ratio"
    found = _binned(point, (lepton,), ("dBR/dq2", decay), words, partial(_spectrum, channel), unit="GeV^-2")
    for ratio in UNTAGGED_RATIOS:
        words = ratio.tex, ratio.description
        found += _binned(point, (lepton,), (ratio.name, decay), words, partial(_ratio, ratio, channel))
    words = r"\langle\mathrm{BR}\rangle", "branching ratio, not divided by the width, in a bin of q2"
    found.append(_observable(point, (lepton,), f"<BR>({decay})", words, partial(_bin, channel), ("q2min", "q2max")))
    if lepton == "tau":
        words = r"\mathrm{BR}", "branching ratio"
        found.append(_observable(point, (lepton,), f"BR({decay})", words, partial(_total, channel), ()))
    return found


def observables(point: ParameterPoint) -> tuple[Observable, ...]:
    """Everything for e, mu, tau."""
    found = [observable for lepton in LEPTONS for observable in _channel(point, lepton)]
    for first, second in (("mu", "e"), ("e", "mu"), ("tau", "mu")):
        words = f"R_{{{LEPTON_TEX[first]} {LEPTON_TEX[second]}}}", "ratio of branching ratios"
        forms = partial(_lepton_ratio, (UntaggedChannel(first), UntaggedChannel(second)))
        aliases = ("1/R(phi)",) if first == "e" else ("R(phi)",) if first == "mu" else ()
        found += _binned(point, (first, second), (f"R{first}{second}", f"{BS_PHI.name}ll"), words, forms, aliases=aliases)
    return tuple(found)
