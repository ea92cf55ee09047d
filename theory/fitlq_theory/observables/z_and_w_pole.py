r"""Z and W bosons: widths, ratios, asymmetries at the pole, lepton-flavour violation, m_W.

.. math:: \Gamma(Z\to f_i \bar f_j) = \Gamma_\mathrm{SM} + N_c \frac{\sqrt2 G_F m_Z^3}{3\pi}
          \left(|g_V|^2 + |g_A|^2 - \mathrm{SM}\right), \qquad A_f = \frac{2 g_V g_A}{g_V^2 + g_A^2}

with the couplings of `electroweak_couplings`; the squares of new physics are kept. Partial widths of the Standard Model:
two loops, arXiv:1401.2447, eq. (28) and table 5, at fixed Delta alpha; m_W: hep-ph/0311148, eq. (6). Asymmetries at the level of
effective couplings. Lepton-flavour violation is the sum of both charges, over the measured width.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.contracts import Arguments, Forms, Observable
from fitlq_theory.observables.electroweak_couplings import (
    COEFFICIENTS,
    FERMIONS,
    w_lepton_couplings,
    w_mass_shift,
    w_quark_couplings,
    z_couplings,
)
from fitlq_theory.parameter_point import ParameterPoint

__all__ = ["observables"]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]

# hep-ph/0311148, eq. (6): reference values of m_h, m_t, m_Z (GeV), Delta alpha and alpha_s, then the factors in GeV of
# 1, h = ln m_h, h^2, h^4, m_h^2 - 1, Delta alpha - 1, t = m_t^2 - 1, t^2, h t, m_h^2 t, alpha_s - 1, m_Z - 1 in units of those
_W_MASS_AT = (100.0, 174.3, 91.1875, 0.05907, 0.119)
_W_MASS = (80.3779, -0.05427, -0.008931, 8.82e-5, 1.61e-4, -1.070, 0.5237, -0.0679, -0.00179, 6.64e-5, -0.0795, 114.9)
_LEPTONS, _NEUTRINOS, _UP, _DOWN = ("e", "mu", "tau"), ("nue", "numu", "nutau"), ("u", "c"), ("d", "s", "b")
_TEX = {"mu": r"\mu", "tau": r"\tau"}
# reference points of the widths (m_h, m_t, alpha_s, m_Z; masses in GeV): arXiv:1401.2447, eq. (28)
_WIDTHS_AT = (125.7, 173.2, 0.1184, 91.1876)
# MeV: constant, then factors of h = ln m_h, t = m_t^2 - 1, a = alpha_s - 1, a^2, a t and m_Z - 1 in units of those
_WIDTHS = {
    "e,mu": (83.966, -0.047, 0.807, -0.095, -0.01, 0.25, 285.0),
    "tau": (83.776, -0.047, 0.806, -0.095, -0.01, 0.25, 285.0),
    "nu": (167.157, -0.055, 1.26, -0.19, -0.02, 0.36, 503.0),
    "u": (299.936, -0.34, 4.07, 14.27, 1.6, 1.8, 1253.0),
    "c": (299.860, -0.34, 4.07, 14.27, 1.6, 1.8, 1253.0),
    "d,s": (382.770, -0.34, 3.83, 10.20, -2.4, 0.67, 1469.0),
    "b": (375.724, -0.30, -2.28, 10.53, -2.4, 1.2, 1458.0),
}
_MEV_PER_GEV = 1e3
_CLASS = {"e": "e,mu", "mu": "e,mu", "tau": "tau", "nue": "nu", "numu": "nu", "nutau": "nu", "d": "d,s", "s": "d,s"}


def _standard_width(point: ParameterPoint, fermion: str) -> float:
    name = _CLASS.get(fermion, fermion)
    m_h, m_t, alpha_s, m_z = _WIDTHS_AT
    higgs, top = math.log(point["m_h"] / m_h), (point["m_t"] / m_t) ** 2 - 1.0
    strong, mass = point["alpha_s"] / alpha_s - 1.0, point["m_Z"] / m_z - 1.0
    terms = (1.0, higgs, top, strong, strong**2, strong * top, mass)
    series = sum(c * t for c, t in zip(_WIDTHS[name], terms, strict=True))
    return series / _MEV_PER_GEV + point[f"delta_Gamma{name}"]


def _square(row: Complex) -> Real:
    """Form of the modulus squared of row . x, x real."""
    return np.asarray(np.outer(row.real, row.real) + np.outer(row.imag, row.imag))


def _product(first: Real, second: Real) -> Real:
    outer = np.outer(first, second)
    return np.asarray(0.5 * (outer + outer.T))


def _width(point: ParameterPoint, first: str, second: str) -> Real:
    """Form of the partial width in GeV."""
    return point.shared(("Z width", first, second), lambda p: _compute_width(p, first, second))


def _compute_width(point: ParameterPoint, first: str, second: str) -> Real:
    colours = 3.0 if first in (*_UP, *_DOWN) else 1.0
    factor = colours * math.sqrt(2.0) * point["GF"] * point["m_Z"] ** 3 / (3.0 * math.pi)
    form = factor * sum((_square(row) for row in z_couplings(point, first, second)), start=np.zeros((1, 1)))
    form[0, 0] = _standard_width(point, first) if first == second else 0.0
    return form


def _sum(point: ParameterPoint, *groups: Sequence[str]) -> Real:
    """Widths of all pairs inside each group."""
    parts = [_width(point, first, second) for group in groups for first in group for second in group]
    return np.asarray(np.sum(parts, axis=0))


def _hadrons(point: ParameterPoint) -> Real:
    return point.shared("Z width hadrons", lambda p: _sum(p, _UP, _DOWN))


def _total(point: ParameterPoint) -> Real:
    leptons = sum((_width(point, lepton, lepton) for lepton in _LEPTONS), start=np.zeros((1, 1)))
    return _hadrons(point) + leptons + _sum(point, _NEUTRINOS)


def _mean(point: ParameterPoint, fermions: Sequence[str]) -> Real:
    return np.asarray(np.mean([_width(point, f, f) for f in fermions], axis=0))


def _single(form: Callable[[ParameterPoint], Real], point: ParameterPoint, _arguments: Arguments) -> Forms:
    return Forms(form(point)[None])


def _ratio(
    numerator: Callable[[ParameterPoint], Real],
    denominator: Callable[[ParameterPoint], Real],
    point: ParameterPoint,
    _arguments: Arguments,
) -> Forms:
    return Forms(np.stack([numerator(point), denominator(point)]), (1.0, -1.0))


def _cross_section(point: ParameterPoint, _arguments: Arguments) -> Forms:
    electrons = 12.0 * math.pi / point["m_Z"] ** 2 * _width(point, "e", "e")
    return Forms(np.stack([electrons, _hadrons(point), _total(point)]), (1.0, 1.0, -2.0))


def _asymmetry_forms(point: ParameterPoint, fermions: Sequence[str]) -> list[Real]:
    """Numerator and denominator of A_f, summed over `fermions`."""
    pairs = [[row.real for row in z_couplings(point, f, f)] for f in fermions]
    numerator = np.sum([2.0 * _product(vector, axial) for vector, axial in pairs], axis=0)
    return [numerator, np.sum([_product(g, g) for pair in pairs for g in pair], axis=0)]


def _asymmetry(fermions: Sequence[str], point: ParameterPoint, _arguments: Arguments) -> Forms:
    return Forms(np.stack(_asymmetry_forms(point, fermions)), (1.0, -1.0))


def _forward_backward(fermions: Sequence[str], point: ParameterPoint, _arguments: Arguments) -> Forms:
    forms = _asymmetry_forms(point, ("e",)) + _asymmetry_forms(point, fermions)
    forms[0] = 0.75 * forms[0]
    return Forms(np.stack(forms), (1.0, -1.0, 1.0, -1.0))


def _flavour_violation(first: str, second: str, point: ParameterPoint) -> Real:
    return 2.0 * _width(point, first, second) / point["GammaZ measured"]


def _w_mass(point: ParameterPoint) -> Real:
    form = np.zeros((2 * len(COEFFICIENTS) + 1,) * 2)
    row = -_standard_w_mass(point) * w_mass_shift(point)
    form[0] += 0.5 * row
    form[:, 0] += 0.5 * row
    form[0, 0] += _standard_w_mass(point)
    return form


def _standard_w_mass(point: ParameterPoint) -> float:
    """GeV; hep-ph/0311148, eq. (6)."""
    m_h, m_t, m_z, running, alpha_s = _W_MASS_AT
    log, square = math.log(point["m_h"] / m_h), (point["m_h"] / m_h) ** 2
    top, boson = (point["m_t"] / m_t) ** 2 - 1.0, point["m_Z"] / m_z - 1.0
    coupling = (point["Delta_alpha_e_had"] + point["Delta_alpha_e_lep"]) / running - 1.0
    strong = point["alpha_s"] / alpha_s - 1.0
    terms = (1.0, log, log**2, log**4, square - 1.0, coupling, top, top**2, log * top, square * top, strong, boson)
    return math.fsum(c * t for c, t in zip(_W_MASS, terms, strict=True))


def _w_form(point: ParameterPoint, couplings: Complex, colours: float, standard: float) -> Real:
    """Width summed over the pairs of `couplings` (any leading axes): `standard` in GeV plus new physics."""
    rows = couplings.reshape(-1, couplings.shape[-1])
    factor = colours * math.sqrt(2.0) * point["GF"] * point["m_W"] ** 3 / (3.0 * math.pi)
    form = factor * sum((_square(row) for row in rows), start=np.zeros((1, 1)))
    form[0, 0] = standard * 4.0 * float(np.sum(np.abs(rows[:, 0]) ** 2))
    return form


def _w_lepton(lepton: str, point: ParameterPoint) -> Real:
    return _w_form(point, w_lepton_couplings(point)[FERMIONS[lepton][1]], 1.0, point["GammaW_lep"] / 3.0)


def _w_total(point: ParameterPoint) -> Real:
    leptons = sum((_w_lepton(lepton, point) for lepton in _LEPTONS), start=np.zeros((1, 1)))
    return leptons + _w_form(point, w_quark_couplings(point), 3.0, point["GammaW_had"] / 2.0)


def _observable(
    name: str, tex: str, description: str, forms: Callable[[ParameterPoint, Arguments], Forms], unit: str = "",
    aliases: tuple[str, ...] = (), reference: str = "arXiv:1401.2447, eq. (28); arXiv:1706.08945, appendix A.1",
) -> Observable:  # fmt: skip
    return Observable(
        name=name, tex=tex, description=description, coefficients=COEFFICIENTS, forms=forms, reference=reference,
        aliases=aliases, unit=unit,
    )  # fmt: skip


def observables(_point: ParameterPoint) -> tuple[Observable, ...]:
    """Z: widths, ratios, asymmetries, lepton-flavour violation; W: mass, width, leptonic branching ratios and their ratios."""
    return (*_z_widths(), *_z_ratios(), *_z_asymmetries(), *_w_observables())


def _z_widths() -> list[Observable]:
    found = []
    for f in (*_LEPTONS, *_UP, *_DOWN):
        tex = rf"\Gamma(Z\to {_TEX.get(f, f)}\bar {{{_TEX.get(f, f)}}})"
        description = f"partial width of Z -> {f} anti-{f}"
        found.append(
            _observable(f"Gamma(Z->{f}{f})", tex, description, partial(_single, partial(_width, first=f, second=f)), "GeV")
        )
    invisible = "invisible width of the Z boson divided by three"
    third = partial(_single, lambda p: _sum(p, _NEUTRINOS) / 3.0)
    found.append(_observable("Gamma(Z->nunu)", r"\Gamma(Z\to\nu\bar\nu)", invisible, third, "GeV"))
    found.append(
        _observable("GammaZ", r"\Gamma_Z", "total width of the Z boson", partial(_single, _total), "GeV", aliases=("Gamma_Z",))
    )
    cross_section = "hadronic cross section of e+ e- at the pole"
    found.append(_observable("sigma_had", r"\sigma_\mathrm{had}^0", cross_section, _cross_section, "GeV^-2"))
    return found


def _z_ratios() -> list[Observable]:
    found = []
    for name, leptons in (*((lepton, (lepton,)) for lepton in _LEPTONS), ("l", _LEPTONS)):
        description = f"hadronic width of the Z boson over that to {name} pairs" + (", mean of the flavours" * (name == "l"))
        tex = f"R_{{{_TEX.get(name, name)}}}"
        found.append(_observable(f"R_{name}", tex, description, partial(_ratio, _hadrons, partial(_mean, fermions=leptons))))
    for name, quarks in (*((q, (q,)) for q in (*_UP, *_DOWN)), ("uc", _UP)):
        description = f"width of the Z boson to {name} pairs over the hadronic width" + (", mean of u and c" * (name == "uc"))
        found.append(
            _observable(f"R_{name}", f"R_{{{name}}}", description, partial(_ratio, partial(_mean, fermions=quarks), _hadrons))
        )
    for first, second in (("e", "mu"), ("e", "tau"), ("mu", "tau")):
        form = partial(_flavour_violation, first, second)
        tex = rf"\mathrm{{BR}}(Z\to {_TEX.get(first, first)}{_TEX[second]})"
        description = f"branching ratio of Z -> {first}+ {second}- and {first}- {second}+"
        found.append(_observable(f"BR(Z->{first}{second})", tex, description, partial(_single, form)))
    return found


def _z_asymmetries() -> list[Observable]:
    found = []
    for name in ("e", "mu", "tau", "l", "s", "c", "b"):
        fermions = _LEPTONS if name == "l" else (name,)
        what = "charged leptons, weighted by their widths" if name == "l" else name
        tex = _TEX.get(name, name)
        asymmetry = f"asymmetry parameter of the coupling of the Z boson to {what}"
        found.append(_observable(f"A(Z->{name}{name})", f"A_{{{tex}}}", asymmetry, partial(_asymmetry, fermions)))
        if name != "s":
            description = f"forward-backward asymmetry at the pole of e+ e- to pairs of {what}"
            forms = partial(_forward_backward, fermions)
            found.append(_observable(f"AFB(Z->{name}{name})", rf"A_{{FB}}^{{{tex}}}", description, forms))
    return found


def _w_observables() -> list[Observable]:
    mass = _observable("m_W", "m_W", "mass of the W boson", partial(_single, _w_mass), "GeV",
                       reference="hep-ph/0311148, eq. (6); arXiv:1606.06502, eq. (2)")  # fmt: skip
    reference = "arXiv:1706.08945, appendix A.1; Standard Model arXiv:1603.06501"
    found = [mass, _observable("GammaW", r"\Gamma_W", "total width of the W boson", partial(_single, _w_total), "GeV",
                               reference=reference)]  # fmt: skip
    for lepton in _LEPTONS:
        tex = rf"\mathrm{{BR}}(W\to {_TEX.get(lepton, lepton)}\nu)"
        description = f"branching ratio of W -> {lepton} nu, all neutrinos"
        forms = partial(_ratio, partial(_w_lepton, lepton), _w_total)
        found.append(_observable(f"BR(W->{lepton}nu)", tex, description, forms, reference=reference))
    for first, second in (("mu", "e"), ("tau", "e"), ("tau", "mu")):
        tex = rf"R_{{{_TEX[first]}/{_TEX.get(second, second)}}}(W\to\ell\nu)"
        description = f"branching ratio of W -> {first} nu over that of W -> {second} nu"
        forms = partial(_ratio, partial(_w_lepton, first), partial(_w_lepton, second))
        alias = (f"R(W->{first}nu/{second}nu)",)
        found.append(_observable(f"R{first}{second}(W->lnu)", tex, description, forms, aliases=alias, reference=reference))
    return found
