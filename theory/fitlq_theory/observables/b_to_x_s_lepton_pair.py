r"""Inclusive B -> Xs l+ l-: branching ratios and forward-backward asymmetries in q2, ratios of leptons.

All are means over B and its antiparticle and over charges; numerator and denominator of ratios are integrated first. The
spectrum is that of `inclusive_dilepton_spectrum`, up to the squared pole mass of the b quark (23 GeV^2). "ll" is the mean of
electrons and muons, of numerator and denominator separately. Narrow charmonium resonances are not included: bins between 8 and 14
GeV^2 mean nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.contracts import Arguments, Forms, Observable
from fitlq_theory.effective_coefficients import COEFFICIENTS, follows_flavio
from fitlq_theory.effective_coefficients.collinear_photons import REGIONS_MEET
from fitlq_theory.observables.dilepton_observables import (
    coefficients_of_leptons,
    edges_of,
    outside_phase_space,
    q2_arguments,
    ratio_of_leptons,
    side_by_side,
)
from fitlq_theory.observables.inclusive_dilepton_spectrum import HIGH_Q2, SCALE, Spectrum, Term, normalisation
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.qcd import pole_mass
from fitlq_theory.quadratic_forms import from_hermitian

__all__ = ["observables"]

Real = NDArray[np.float64]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)
# the photon pole at small q2; flavio's end of QED in the asymmetry
_CUTS = (1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1.0, 14.0)
_LARGEST_Q2 = 25.0  # GeV^2; as bins are quoted, a little beyond the end of the spectrum
_LEPTONS = {"e": ("e",), "mu": ("mu",), "tau": ("tau",), "l": ("e", "mu")}
_LEPTON_TEX = {"e": "e", "mu": r"\mu", "tau": r"\tau", "l": r"\ell"}
_REFERENCE = (
    "arXiv:1503.04849; gluons hep-ph/0109140, hep-ph/0204341, hep-ph/0209006; power corrections hep-ph/9609449; photons "
    "hep-ph/0512066, arXiv:0712.3009; b -> u l nu hep-ph/9903226"
)
_RESONANCES = (8.0, 14.0)  # GeV^2, J/psi and psi(2S)


def _form(point: ParameterPoint, lepton: str, nodes: tuple[Real, Real], terms: Callable[[Spectrum], list[Term]]) -> Real:
    """The CP-averaged form of the sum of `terms` over weighted nodes; flavio 2.7.1 has the decay of the b quark only."""
    q2, weights = nodes
    size = len(COEFFICIENTS) + 1
    matrices = []
    for conjugate in (False,) if follows_flavio(point) else (False, True):
        matrix = np.zeros((size, size), dtype=np.complex128)
        for weight, first, second in terms(Spectrum(point, lepton, q2, conjugate=conjugate)):
            matrix += ((weight * weights)[:, None] * second.conj()).T @ first
        matrices.append(matrix.T if conjugate else matrix)
    return from_hermitian(np.mean(matrices, axis=0))


def _nodes(point: ParameterPoint, lepton: str, lower: float, upper: float) -> tuple[Real, Real]:
    """q2 and weights; q2 = s0 + (s1 - s0) sin^2 t removes the roots and logarithms at the ends of each segment."""
    end = pole_mass(point, "b") ** 2
    lower, upper = max(lower, 4 * point[f"m_{lepton}"] ** 2), min(upper, end)
    inner = (*_CUTS, HIGH_Q2, REGIONS_MEET * end, 4 * pole_mass(point, "c") ** 2, 4 * point["m_c BVgamma"] ** 2)
    edges = [lower, *sorted(c for c in inner if lower < c < upper), upper]
    t = 0.25 * np.pi * (_NODES + 1)
    q2 = [a + (b - a) * np.sin(t) ** 2 for a, b in pairwise(edges)]
    weights = [(b - a) * np.sin(2 * t) * 0.25 * np.pi * _WEIGHTS for a, b in pairwise(edges)]
    return np.concatenate(q2), np.concatenate(weights)


def _at(point: ParameterPoint, q2: float) -> tuple[Real, Real]:
    """One value of q2 as nodes; nothing beyond the end of the spectrum."""
    end = pole_mass(point, "b") ** 2
    return np.array([min(q2, end * (1 - 1e-9))]), np.array([float(q2 < end)])


def _unknown(point: ParameterPoint, lepton: str, q2: Real) -> Real:
    """1 + the unknown relative correction. tau pairs have only the upper region."""
    high = 1 + point[f"delta_BXs{lepton * 2} high"]
    low = high if lepton == "tau" else 1 + point[f"delta_BXs{lepton * 2} low"]
    return np.where(q2 < HIGH_Q2, low, high)


def _rate_form(point: ParameterPoint, lepton: str, nodes: tuple[Real, Real]) -> Real:
    """Branching ratio."""
    q2, weights = nodes
    weighted = q2, weights * _unknown(point, lepton, q2) * normalisation(point)
    return _form(point, lepton, weighted, Spectrum.rate)


def _asymmetry_form(point: ParameterPoint, lepton: str, nodes: tuple[Real, Real]) -> Real:
    q2, weights = nodes
    return _form(point, lepton, (q2, weights * _unknown(point, lepton, q2)), Spectrum.asymmetry)


def _denominator_form(point: ParameterPoint, lepton: str, nodes: tuple[Real, Real]) -> Real:
    """The rate in the units of the asymmetry, without unknown corrections."""
    return _form(point, lepton, nodes, Spectrum.rate_below_asymmetry)


FormOf = Callable[[ParameterPoint, str, tuple[Real, Real]], Real]


def _quantity(form_of: FormOf, lepton: str, point: ParameterPoint, arguments: Arguments) -> Real:
    """Integral over the bin or value at q2."""
    key = ("inclusive dileptons", form_of.__name__, lepton, tuple(sorted(arguments.items())))

    def compute(p: ParameterPoint) -> Real:
        if "q2" in arguments:
            return form_of(p, lepton, _at(p, arguments["q2"]))
        return form_of(p, lepton, _nodes(p, lepton, arguments["q2min"], arguments["q2max"]))

    return point.shared(key, compute)


def _mean(form_of: FormOf, leptons: tuple[str, ...], point: ParameterPoint, arguments: Arguments) -> Real:
    """The quantity of one lepton, or the mean of two in the coefficients of both."""
    first, *others = (_quantity(form_of, lepton, point, arguments) for lepton in leptons)
    return np.asarray(np.mean(side_by_side(first[None], others[0][None]), axis=0)) if others else first


def _rate(leptons: tuple[str, ...], point: ParameterPoint, arguments: Arguments) -> Forms:
    return Forms(_mean(_rate_form, leptons, point, arguments)[None])


def _asymmetry(leptons: tuple[str, ...], point: ParameterPoint, arguments: Arguments) -> Forms:
    forms = [_mean(form_of, leptons, point, arguments) for form_of in (_asymmetry_form, _denominator_form)]
    return Forms(np.stack(forms), (1.0, -1.0))


def _ratio(leptons: tuple[str, ...], point: ParameterPoint, arguments: Arguments) -> Forms:
    first, second = (_quantity(_rate_form, lepton, point, arguments) for lepton in leptons)
    return Forms(ratio_of_leptons(first, second), (1.0, -1.0))


def _doubtful(arguments: Arguments) -> str | None:
    edges = edges_of(arguments)
    if edges[-1] <= _RESONANCES[0] or edges[0] >= _RESONANCES[1]:
        return None
    return f"q2 between {_RESONANCES[0]:g} and {_RESONANCES[1]:g} GeV^2: charmonium resonances are not in the prediction"


def _build(
    point: ParameterPoint,
    leptons: tuple[str, ...],
    label: str,
    head: str,
    tex: str,
    description: str,
    forms: Callable[[tuple[str, ...], ParameterPoint, Arguments], Forms],
) -> Observable:
    threshold, end = 4 * max(point[f"m_{lepton}"] for lepton in leptons) ** 2, pole_mass(point, "b") ** 2
    names = ("q2min", "q2max") if head.startswith("<") else ("q2",)
    lepton_tex = _LEPTON_TEX[label]
    return Observable(
        name=f"{head}(B->Xs{label}{label})",
        tex=rf"{tex}(B\to X_s {lepton_tex}^+{lepton_tex}^-)",
        description=f"{description} of B -> Xs l l, {' / '.join(leptons)}, CP- and isospin-averaged",
        coefficients=coefficients_of_leptons(leptons, SCALE),
        forms=partial(forms, leptons),
        reference=_REFERENCE,
        arguments=q2_arguments(names, threshold, _LARGEST_Q2, to_zero=True),
        unit="GeV^-2" if head == "dBR/dq2" else "",
        phase_space=partial(outside_phase_space, threshold, end),
        doubtful=_doubtful,
    )


def observables(point: ParameterPoint) -> tuple[Observable, ...]:
    """Branching ratios with e, mu, tau and the mean of e and mu, asymmetries of light leptons, ratios of leptons."""
    found = []
    for label, leptons in _LEPTONS.items():
        make = partial(_build, point, leptons, label)
        found.append(make("<BR>", r"\langle\mathrm{BR}\rangle", "branching ratio in a bin", _rate))
        found.append(make("dBR/dq2", r"d\mathrm{BR}/dq^2", "differential branching ratio", _rate))
        if label != "tau":
            asymmetry = "forward-backward asymmetry"
            found.append(make("<AFB>", r"\langle A_{FB}\rangle", f"{asymmetry} in a bin", _asymmetry))
            found.append(make("AFB", "A_{FB}", asymmetry, _asymmetry))
    for leptons in (("mu", "e"), ("tau", "mu")):
        name = "".join(leptons)
        tex = rf"\langle R_{{{''.join(_LEPTON_TEX[x] for x in leptons)}}}\rangle"
        found.append(_build(point, leptons, "l", f"<R{name}>", tex, "ratio of branching ratios in a bin", _ratio))
    return tuple(found)
