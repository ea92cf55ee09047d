r"""Angular coefficients of :math:`\Lambda_b \to \Lambda^{(*)} \ell^+ \ell^-` from transversity amplitudes, with lepton masses.

Each coefficient is a list of terms ``(weight, part, first, second)``: weight(q2) times the real (``part`` = 1) or imaginary
(-1j) part of
first * conj(second). With :math:`\hat m = m_\ell/\sqrt{q^2}`, :math:`\beta = \sqrt{1 - 4\hat m^2}`, the lepton current
distributes

* helicity +-1: V as :math:`1 + \cos^2 + 4\hat m^2 \sin^2`, A as :math:`\beta^2 (1 + \cos^2)`,
* helicity 0: V as :math:`2 \sin^2 + 8\hat m^2\cos^2`, A as :math:`2\beta^2 \sin^2`; P as 2, S as :math:`2\beta^2`,
* interference of V and A, and of S and V with helicity 0 (times :math:`2\hat m`): odd in :math:`\cos\theta_\ell`, times
:math:`\beta`.

For massless leptons: arXiv:1410.2115, eqs. (3.29)-(3.32), and arXiv:1903.00448, eqs. (4.2). The common :math:`\beta` of the
phase space is
in the normalisation.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

__all__ = ["LAMBDA_COEFFICIENTS", "Term", "coefficient_terms", "forward_backward_terms", "longitudinal_terms", "rate_terms"]

Real = NDArray[np.float64]
Weight = Callable[[Real], Real]  # of m_l^2/q2
Term = tuple[Weight, complex, str, str]

_REAL, _IMAGINARY = 1.0, -1j
LAMBDA_COEFFICIENTS = ("1ss", "1cc", "1c", "2ss", "2cc", "2c", "3sc", "3s", "4sc", "4s")


def _constant(factor: float) -> Weight:
    return lambda x: np.full_like(x, factor)


def _velocity(power: int, factor: float) -> Weight:
    return lambda x: factor * np.clip(1 - 4 * x, 0.0, None) ** (power / 2)


def _mass(factor: float) -> Weight:
    return lambda x: factor * x


def _transverse_sine(factor: float) -> Weight:
    return lambda x: factor * (1 + 4 * x)


def _mass_velocity(factor: float) -> Weight:
    return lambda x: factor * np.sqrt(x * np.clip(1 - 4 * x, 0.0, None))


def _sine(scale: float, kinds: tuple[str, str], helicities: tuple[str, ...]) -> list[Term]:
    """Coefficient of sin^2 for Re(first second*) with `kinds` of quark current; `scale` 1 for |V1|^2."""
    a, b = kinds
    terms: list[Term] = []
    for h in helicities:
        if h == "0":
            terms += [(_constant(2 * scale), _REAL, f"V {a}0", f"V {b}0"), (_velocity(2, 2 * scale), _REAL, f"A {a}0", f"A {b}0")]
            terms += [(_constant(2 * scale), _REAL, f"P {a}", f"P {b}"), (_velocity(2, 2 * scale), _REAL, f"S {a}", f"S {b}")]
        else:
            terms += [
                (_transverse_sine(scale), _REAL, f"V {a}{h}", f"V {b}{h}"),
                (_velocity(2, scale), _REAL, f"A {a}{h}", f"A {b}{h}"),
            ]
    return terms


def _cosine(scale: float, kinds: tuple[str, str], helicities: tuple[str, ...]) -> list[Term]:
    """Coefficient of cos^2, as `_sine`."""
    a, b = kinds
    terms: list[Term] = []
    for h in helicities:
        if h == "0":
            terms += [(_mass(8 * scale), _REAL, f"V {a}0", f"V {b}0")]
            terms += [(_constant(2 * scale), _REAL, f"P {a}", f"P {b}"), (_velocity(2, 2 * scale), _REAL, f"S {a}", f"S {b}")]
        else:
            terms += [(_constant(2 * scale), _REAL, f"V {a}{h}", f"V {b}{h}")]
            terms += [(_velocity(2, 2 * scale), _REAL, f"A {a}{h}", f"A {b}{h}")]
    return terms


def _odd(scale: float, *, same: bool, helicities: tuple[str, ...]) -> list[Term]:
    """Coefficient of cos: Re(V_perp A_para* + A_perp V_para*), or with equal currents, and scalar interference."""
    pairs = (("perp", "perp"), ("para", "para")) if same else (("perp", "para"), ("para", "perp"))
    terms: list[Term] = [(_velocity(1, scale), _REAL, f"V {a}{h}", f"A {b}{h}") for h in helicities for a, b in pairs]
    others = (("perp", "para"), ("para", "perp")) if same else (("perp", "perp"), ("para", "para"))
    return terms + [(_mass_velocity(-2 * scale), _REAL, f"V {a}0", f"S {b}") for a, b in others]


def _transverse(name: str) -> list[Term]:
    """The coefficients of sin(theta_h): interference of the helicities 0 and 1."""
    part = _IMAGINARY if name.startswith("3") else _REAL
    same = name in ("3sc", "4s")
    pairs = (("perp", "perp", 1.0), ("para", "para", -1.0)) if same else (("perp", "para", 1.0), ("para", "perp", -1.0))
    if name.endswith("sc"):
        return [(_velocity(2, np.sqrt(2) * sign), part, f"{x} {a}1", f"{x} {b}0") for a, b, sign in pairs for x in ("V", "A")]
    currents = (("V", "A"), ("A", "V"))
    terms: list[Term] = [
        (_velocity(1, np.sqrt(2) * sign), part, f"{x} {a}1", f"{y} {b}0") for a, b, sign in pairs for x, y in currents
    ]
    scalar = (("perp", "para"), ("para", "perp")) if same else (("perp", "perp"), ("para", "para"))
    signs = (-1.0, 1.0)
    return terms + [
        (_mass_velocity(2 * np.sqrt(2) * sign), part, f"V {a}1", f"S {b}") for (a, b), sign in zip(scalar, signs, strict=True)
    ]


def coefficient_terms(name: str) -> list[Term]:
    """K_name of Lambda_b -> Lambda l l; those of the Lambda decay (not 1ss, 1cc, 1c) without the factor alpha."""
    mixed, squares = ("perp", "para"), (("perp", "perp"), ("para", "para"))
    match name:
        case "1ss":
            return [t for pair in squares for t in _sine(0.5, pair, ("1", "0"))]
        case "1cc":
            return [t for pair in squares for t in _cosine(0.5, pair, ("1", "0"))]
        case "1c":
            return _odd(-2.0, same=False, helicities=("1",))
        case "2ss":
            return _sine(1.0, mixed, ("1", "0"))
        case "2cc":
            return _cosine(1.0, mixed, ("1", "0"))
        case "2c":
            return _odd(-2.0, same=True, helicities=("1",))
        case _:
            return _transverse(name)


def rate_terms(helicities: tuple[str, ...]) -> list[Term]:
    """2 K_1ss + K_1cc with all `helicities` of the final baryon."""
    pairs = (("perp", "perp"), ("para", "para"))
    return [t for pair in pairs for t in (*_sine(1.0, pair, helicities), *_cosine(0.5, pair, helicities))]


def longitudinal_terms(helicities: tuple[str, ...]) -> list[Term]:
    """2 K_1ss - K_1cc, the numerator of F_L; for massless leptons the rate of helicity 0."""
    pairs = (("perp", "perp"), ("para", "para"))
    return [t for pair in pairs for t in (*_sine(1.0, pair, helicities), *_cosine(-0.5, pair, helicities))]


def forward_backward_terms(helicities: tuple[str, ...], sign: float) -> list[Term]:
    """3/2 K_1c with all transverse `helicities`; `sign` is that of the mode's convention for helicity."""
    terms = _odd(-2.0, same=False, helicities=helicities)
    return [
        (_scaled(w, 1.5 * (sign if second.startswith("A") else 1.0)), part, first, second) for w, part, first, second in terms
    ]


def _scaled(weight: Weight, factor: float) -> Weight:
    return lambda x: factor * weight(x)
