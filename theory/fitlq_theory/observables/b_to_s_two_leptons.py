r"""B -> K l l', B -> K* l l' and Bs -> phi l l' with leptons of different flavour: total branching ratios.

The operators with the label :math:`bs\,l_1 l_2` contain :math:`(\bar s \Gamma b)(\bar l_2 \Gamma' l_1)` (WCxf): a b quark decays
into :math:`l_1^+ l_2^-`, so that in `meson_dilepton_amplitudes` the mass :math:`m_1` of the negative lepton is that of the second
label. Names are those of the decays of B+, B0 and Bs, which contain the antiquark: ``BR(B+->Kmue)`` is
:math:`B^+\to K^+\mu^- e^+` and its conjugate, from coefficients ``bsmue``. Only form factors enter, the same for both. flavio
2.7.1 has the two masses exchanged, which reverses the interference of C9 and CS.

Bs mixes with its antiparticle. The sum of both charge states, untagged and integrated over time, contains the interference of
:math:`\bar B_s \to \phi\, l_1^- l_2^+` (coefficients ``21``) and :math:`B_s \to \phi\, l_1^- l_2^+` (``12``, conjugated), as in
`meson_dilepton_mixing`; the branching ratios of single charge states are those at the time of production, as flavio has them. Its
sum, the option ``flavio-2.7.1`` of the choice ``M->ll'``, is without the width difference, too.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.constants import HBAR_GEV_PS
from fitlq_theory.contracts import Arguments, Coefficient, Forms, Observable
from fitlq_theory.effective_coefficients import SCALE
from fitlq_theory.observables.lepton_pair_amplitudes import LEPTON_TEX, as_flavio, pair_coefficients
from fitlq_theory.observables.meson_dilepton_amplitudes import local_amplitudes
from fitlq_theory.observables.meson_dilepton_angular import PSEUDOSCALAR_COEFFICIENTS, VECTOR_COEFFICIENTS, integrated_forms
from fitlq_theory.observables.meson_dilepton_forms import nodes_and_kernels
from fitlq_theory.observables.meson_dilepton_mixing import (
    MIXING_COEFFICIENTS,
    interference_forms,
    time_integrated,
    with_mixing,
)
from fitlq_theory.observables.meson_dilepton_modes import BPLUS_K, BPLUS_KSTAR, BS_PHI, BZERO_K, BZERO_KSTAR, DileptonMode
from fitlq_theory.observables.meson_dilepton_observables import PSEUDOSCALAR_RATE, VECTOR_RATE
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.quadratic_forms import from_hermitian

__all__ = ["observables", "rate_nodes"]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]
# flavours of l1 and l2: names of the coefficients; the negative and the positive lepton in the decay of the antiquark
Pair = tuple[str, str]

_PAIRS: tuple[Pair, ...] = (("e", "mu"), ("e", "tau"), ("mu", "tau"))
_REFERENCE = "arXiv:1506.03970, appendix C; arXiv:1602.00881, section 2"


def rate_nodes(point: ParameterPoint, mode: DileptonMode, pair: Pair) -> tuple[Real, Complex]:
    """Nodes q2 (n,) of phase space and kernels (n, a, a) of the branching ratio of the b decay, times weights."""
    leptons = pair[1], pair[0]
    edges = (point[f"m_{pair[0]}"] + point[f"m_{pair[1]}"]) ** 2, mode.end_point(point)
    q2, kernels = nodes_and_kernels(point, mode, leptons, edges)
    names, parts = (VECTOR_COEFFICIENTS, VECTOR_RATE) if mode.vector else (PSEUDOSCALAR_COEFFICIENTS, PSEUDOSCALAR_RATE)
    factor = point[f"tau_{mode.parent}"] / HBAR_GEV_PS
    return q2, np.asarray(factor * sum(weight * kernels[:, names.index(name)] for name, weight in parts))


def _rows(point: ParameterPoint, mode: DileptonMode, pair: Pair, q2: Real, *, conjugate: bool = False) -> Complex:
    return local_amplitudes(point, mode, q2, (point[f"m_{pair[1]}"], point[f"m_{pair[0]}"]), conjugate=conjugate)


def _branching_ratio(point: ParameterPoint, mode: DileptonMode, pair: Pair) -> Complex:
    """Hermitian form (9, 9) in (1, coefficients of the pair)."""

    def compute(p: ParameterPoint) -> Complex:
        q2, kernels = rate_nodes(p, mode, pair)
        rows = _rows(p, mode, pair, q2)
        return np.asarray(integrated_forms(kernels[:, None], rows, rows)[0])

    return point.shared(("two leptons", mode.name, pair), compute)


def _interference(point: ParameterPoint, pair: Pair) -> Complex:
    """Symmetric form (9, 9) between the coefficients of the pair (b decay) and of the exchanged one."""
    q2, kernels = rate_nodes(point, BS_PHI, pair)
    antiquark = _rows(point, BS_PHI, (pair[1], pair[0]), q2, conjugate=True)
    return np.asarray(interference_forms(kernels[:, None], _rows(point, BS_PHI, pair, q2), antiquark)[0])


def _both(upper: Complex | float, lower: Complex | float, off: Complex | float, size: int) -> Complex:
    """Blocks of a form in (1, coefficients of one pair, coefficients of the exchanged pair); columns of 1 are empty."""
    form = np.zeros((2 * size - 1, 2 * size - 1), dtype=np.complex128)
    form[:size, :size] += upper
    second = np.r_[0, size : 2 * size - 1]
    form[second[:, None], second] += lower
    form[np.arange(size)[:, None], second] += off
    return form


def _single(point: ParameterPoint, _arguments: Arguments, *, mode: DileptonMode, pair: Pair) -> Forms:
    return Forms(from_hermitian(_branching_ratio(point, mode, pair))[None])


def _sum(point: ParameterPoint, _arguments: Arguments, *, mode: DileptonMode, pair: Pair) -> Forms:
    one, other = (_branching_ratio(point, mode, p) for p in (pair, pair[::-1]))
    size = len(one)
    plain = from_hermitian(_both(one, other, 0.0, size))
    if mode != BS_PHI:
        return Forms(plain[None])
    if as_flavio(point.choices):
        return Forms(np.pad(plain, (0, 2 * len(MIXING_COEFFICIENTS)))[None])
    # production of Bs and its antiparticle in equal numbers: the mean of both; each final state from both
    mixed = _interference(point, pair) + _interference(point, pair[::-1]).T
    return time_integrated(point, with_mixing(point, plain, 0.5 * _both(0.0, 0.0, mixed, size)))


def _charges(mode: DileptonMode, pair: Pair) -> tuple[str, ...]:
    decay = f"{mode.parent}->{mode.meson}"
    return f"BR({decay}{pair[0]}-{pair[1]}+)", f"BR({decay}{pair[1]}+{pair[0]}-)"


def _single_observable(mode: DileptonMode, pair: Pair) -> Observable:
    mixing = ", without mixing" if mode == BS_PHI else ""
    return Observable(
        name=f"BR({mode.name}{pair[0]}{pair[1]})",
        tex=rf"\mathrm{{BR}}({mode.tex} {LEPTON_TEX[pair[0]]}^-{LEPTON_TEX[pair[1]]}^+)",
        description=f"branching ratio of {mode.transition} {pair[0]}- {pair[1]}+ and its conjugate{mixing}",
        coefficients=_coefficients(pair),
        forms=partial(_single, mode=mode, pair=pair),
        reference=_REFERENCE,
        aliases=_charges(mode, pair),
    )


def _coefficients(pair: Pair) -> tuple[Coefficient, ...]:
    return pair_coefficients("bs", *pair, "WET", SCALE)


def _sum_observable(mode: DileptonMode, pair: Pair) -> Observable:
    one, other = pair
    decay = f"{mode.parent}->{mode.meson}"
    # where the name of the meson says nothing about its charge, the short form is one charge state
    short = (f"BR({decay}{one}{other})", f"BR({decay}{other}{one})") if decay != mode.name else ()
    mixing = ", untagged and integrated over time" if mode == BS_PHI else ""
    return Observable(
        name=f"BR({mode.name}{one}{other},{other}{one})",
        tex=rf"\mathrm{{BR}}({mode.tex} {LEPTON_TEX[one]}^\pm{LEPTON_TEX[other]}^\mp)",
        description=f"branching ratio of {mode.transition} {one} {other}, sum of both charge states{mixing}",
        coefficients=(
            *_coefficients((one, other)),
            *_coefficients((other, one)),
            *(MIXING_COEFFICIENTS if mode == BS_PHI else ()),
        ),
        forms=partial(_sum, mode=mode, pair=pair),
        reference=_REFERENCE + ("; width difference: derived in the code" if mode == BS_PHI else ""),
        aliases=(f"BR({decay}{one}+-{other}-+)", *short),
    )


def observables(point: ParameterPoint) -> tuple[Observable, ...]:  # noqa: ARG001 - nothing depends on phase space
    """Branching ratios of single charge states and their sums."""
    return tuple(
        observable
        for mode in (BZERO_K, BPLUS_K, BZERO_KSTAR, BPLUS_KSTAR, BS_PHI)
        for pair in _PAIRS
        for observable in (
            _single_observable(mode, pair),
            _single_observable(mode, (pair[1], pair[0])),
            _sum_observable(mode, pair),
        )
    )
