r"""B -> K* gamma and Bs -> phi gamma: rates, direct and mixing-induced CP asymmetries, isospin asymmetry.

With the amplitudes of `vector_photon_amplitudes`, A for the meson with a b quark and :math:`\bar A` for that with its
antiquark (L, R: polarisation of the photon), :math:`\Gamma = \frac12 \sum (|A|^2 + |\bar A|^2)` and
:math:`X = A_L \bar A_L^* + A_R \bar A_R^*`,

.. math:: A_{CP} = \frac{\sum (|A|^2 - |\bar A|^2)}{\sum (|A|^2 + |\bar A|^2)}, \qquad
          A_{\Delta\Gamma} + i S = -\frac{q}{p} \frac{X}{\Gamma}, \qquad
          \overline{\mathrm{BR}} = \tau \Gamma \frac{1 - y A_{\Delta\Gamma}}{1 - y^2}.

The final state of K* gamma is K_S pi0 gamma, and :math:`q/p = -\sqrt{B/A}` with :math:`A = M_{12} - \frac{i}{2} \Gamma_{12}`,
:math:`B = M_{12}^* - \frac{i}{2} \Gamma_{12}^*` and the root that makes the mass difference positive, near
:math:`-M_{12}^*/|M_{12}|`. In the Standard Model :math:`S_{K^*\gamma} = -2 (m_s/m_b) \sin 2\beta`,
:math:`A_{\Delta\Gamma} > 0` and :math:`S_{\phi\gamma} \approx 0`, as in
arXiv:0802.0876 (there H for :math:`A_{\Delta\Gamma}`). y is half of the measured
width difference. Coefficients: dipoles at 4.8 GeV, mixing at 4.2 GeV.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.contracts import Arguments, Coefficient, Combination, Forms, Observable
from fitlq_theory.observables.beauty_lifetime_differences import absorptive_amplitude
from fitlq_theory.observables.meson_mixing_amplitude import B0, BS, OPERATORS, Meson, mixing_amplitude
from fitlq_theory.observables.vector_photon_amplitudes import COEFFICIENTS, PhotonMode, amplitudes
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.quadratic_forms import from_hermitian, from_linear, from_symmetric

__all__ = ["MODES", "observables"]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]

MODES = {
    "B0": PhotonMode("B0->K*gamma", r"B^0\to K^{*0}\gamma", "B0", "K*0", "B->K*", "d"),
    "B+": PhotonMode("B+->K*gamma", r"B^+\to K^{*+}\gamma", "B+", "K*+", "B->K*", "u"),
    "Bs": PhotonMode("Bs->phigamma", r"B_s\to\phi\gamma", "Bs", "phi", "Bs->phi", "s"),
}
_MIXING = {"B0": B0, "Bs": BS}
_REFERENCE = "hep-ph/0106067, section 2; arXiv:0802.0876, section 2"
_DIPOLES = len(COEFFICIENTS)


def _coefficients(meson: Meson) -> tuple[Coefficient, ...]:
    """Dipoles, then mixing operators."""
    return COEFFICIENTS + tuple(Coefficient(f"{operator}_{meson.sector}", meson.eft, meson.scale) for operator in OPERATORS)


def _rates(point: ParameterPoint, mode: PhotonMode) -> tuple[Real, Real]:
    """Branching ratios at time zero of the mesons with b quark and with its antiquark, forms 9 x 9."""
    a = amplitudes(point, mode)
    # the rate of row . c* is that of row* . c
    pairs = ((a.left, a.right), (a.left_conjugate.conj(), a.right_conjugate.conj()))
    rows = (np.stack(pair) for pair in pairs)
    with_quark, with_antiquark = (from_hermitian(row.conj().T @ row) for row in rows)
    return with_quark, with_antiquark


def _interference(point: ParameterPoint, mode: PhotonMode) -> tuple[Real, Real]:
    """Real and imaginary part of X, forms 9 x 9."""
    a = amplitudes(point, mode)
    matrix = np.outer(a.left, a.left_conjugate.conj()) + np.outer(a.right, a.right_conjugate.conj())
    return from_symmetric(matrix), from_symmetric(-1j * matrix)


def _with_mixing(point: ParameterPoint, mode: PhotonMode) -> Real:
    """Forms Gamma and real and imaginary parts of X, A, B, the last two in units of the Standard Model M12."""
    meson = _MIXING[mode.parent]
    dispersive, absorptive = mixing_amplitude(point, meson), absorptive_amplitude(point, meson)
    row = np.concatenate([dispersive[:1], np.zeros(_DIPOLES), dispersive[1:]]) / abs(dispersive[0])
    shift = np.zeros_like(row)
    shift[0] = -0.5j * absorptive / abs(dispersive[0])
    with_quark, with_antiquark = _rates(point, mode)
    dipole = np.stack([0.5 * (with_quark + with_antiquark), *_interference(point, mode)])
    size = 2 * len(row) - 1
    forms = np.zeros((7, size, size))
    forms[:3, : 2 * _DIPOLES + 1, : 2 * _DIPOLES + 1] = dipole
    # B = (M12 + i Gamma12 / 2)^*
    forms[3:5] = from_linear(row + shift), from_linear(-1j * (row + shift))
    forms[5:] = from_linear(row - shift), from_linear(1j * (row - shift))
    return forms


def _time_integrated(point: ParameterPoint, mode: PhotonMode) -> Real:
    """Forms of `_with_mixing` in units such that the branching ratio is Gamma + Re(q/p X)."""
    half = 0.5 * point[f"DeltaGamma/Gamma_{mode.parent}"]
    forms = _with_mixing(point, mode)
    forms[0] /= 1.0 - half**2
    forms[1:3] *= half / (1.0 - half**2)
    return forms


def _asymmetry(forms: Real, numerator: Callable[[Complex], Real]) -> Real:
    return np.asarray(numerator(_phase(forms)) / forms[..., 0])


def _phase(forms: Real) -> Complex:
    """-q/p X of the forms Gamma, X, A, B."""
    return np.asarray((forms[..., 1] + 1j * forms[..., 2]) * _root(forms))


def _root(forms: Real) -> Complex:
    """-q/p = (B/A)^(1/2), the root with Re(A root) > 0, for which the mass difference is positive."""
    forward, backward = forms[..., 3] + 1j * forms[..., 4], forms[..., 5] + 1j * forms[..., 6]
    root = np.sqrt(backward / forward)
    return np.asarray(np.where((root * forward).real < 0, -root, root))


def _phase_gradient(forms: Real) -> Complex:
    """Derivatives of `_phase` along the seven forms."""
    root, half = _root(forms), 0.5 * _phase(forms)
    forward, backward = half / (forms[..., 3] + 1j * forms[..., 4]), half / (forms[..., 5] + 1j * forms[..., 6])
    return np.stack([np.zeros_like(root), root, 1j * root, -forward, -1j * forward, backward, 1j * backward], axis=-1)


def _asymmetry_gradient(forms: Real, part: Callable[[Complex], Real]) -> Real:
    gradient = part(_phase_gradient(forms)) / forms[..., :1]
    gradient[..., 0] -= part(_phase(forms)) / forms[..., 0] ** 2
    return np.asarray(gradient)


def _integrated(forms: Real) -> Real:
    return np.asarray(forms[..., 0] - _phase(forms).real)


def _integrated_gradient(forms: Real) -> Real:
    gradient = -_phase_gradient(forms).real
    gradient[..., 0] += 1.0
    return np.asarray(gradient)


def _ratio(forms: Real) -> Real:
    return np.asarray(forms[..., 7] / _integrated(forms[..., :7]))


def _ratio_gradient(forms: Real) -> Real:
    denominator = _integrated(forms[..., :7])
    inner = -_ratio(forms)[..., None] * _integrated_gradient(forms[..., :7])
    return np.concatenate([inner, np.ones_like(forms[..., :1])], axis=-1) / denominator[..., None]


SINE = Combination(lambda f: _asymmetry(f, np.imag), lambda f: _asymmetry_gradient(f, np.imag))
WIDTH_ASYMMETRY = Combination(lambda f: _asymmetry(f, np.real), lambda f: _asymmetry_gradient(f, np.real))
TIME_INTEGRATED = Combination(_integrated, _integrated_gradient)
RATE_OVER_TIME_INTEGRATED = Combination(_ratio, _ratio_gradient)


def _branching_ratio(point: ParameterPoint, _arguments: Arguments, mode: PhotonMode) -> Forms:
    with_quark, with_antiquark = _rates(point, mode)
    return Forms(0.5 * (with_quark + with_antiquark)[None])


def _direct_asymmetry(point: ParameterPoint, _arguments: Arguments, mode: PhotonMode, sign: float = 1.0) -> Forms:
    with_quark, with_antiquark = _rates(point, mode)
    return Forms(np.stack([sign * (with_quark - with_antiquark), with_quark + with_antiquark]), (1.0, -1.0))


def _sine(point: ParameterPoint, _arguments: Arguments, mode: PhotonMode) -> Forms:
    return Forms(_with_mixing(point, mode), combination=SINE)


def _width_asymmetry(point: ParameterPoint, _arguments: Arguments, mode: PhotonMode) -> Forms:
    return Forms(_with_mixing(point, mode), combination=WIDTH_ASYMMETRY)


def _integrated_branching_ratio(point: ParameterPoint, _arguments: Arguments, mode: PhotonMode) -> Forms:
    return Forms(_time_integrated(point, mode), combination=TIME_INTEGRATED)


def _ratio_to_phi(point: ParameterPoint, arguments: Arguments, mode: PhotonMode) -> Forms:
    denominator = _time_integrated(point, MODES["Bs"])
    numerator = np.zeros_like(denominator[:1])
    numerator[0, : 2 * _DIPOLES + 1, : 2 * _DIPOLES + 1] = _branching_ratio(point, arguments, mode).quadratic[0]
    return Forms(np.concatenate([denominator, numerator]), combination=RATE_OVER_TIME_INTEGRATED)


def _isospin_asymmetry(point: ParameterPoint, arguments: Arguments) -> Forms:
    neutral, charged = (_branching_ratio(point, arguments, MODES[b]).quadratic[0] / point[f"tau_{b}"] for b in ("B0", "B+"))
    return Forms(np.stack([neutral - charged, neutral + charged]), (1.0, -1.0))


@dataclass(frozen=True, slots=True)
class _Quantity:
    name: str
    tex: str
    description: str
    mode: PhotonMode
    forms: Callable[..., Forms]
    mixing: Meson | None = None
    aliases: tuple[str, ...] = ()


def _list() -> tuple[_Quantity, ...]:
    neutral, charged, strange = MODES["B0"], MODES["B+"], MODES["Bs"]
    rates = tuple(
        _Quantity(f"BR({m.name})", rf"\mathrm{{BR}}({m.tex})", "CP-averaged branching ratio", m, _branching_ratio)
        for m in (neutral, charged)
    )
    direct = tuple(
        _Quantity(f"ACP({m.name})", rf"A_{{CP}}({m.tex})", "direct CP asymmetry, b-quark meson first", m, _direct_asymmetry)
        for m in (neutral, charged, strange)
    )
    cosine = _Quantity(
        "C_phigamma", r"C_{\phi\gamma}", "coefficient of cos(Delta m t), minus the direct CP asymmetry", strange,
        partial(_direct_asymmetry, sign=-1.0), aliases=("C(Bs->phigamma)",),
    )  # fmt: skip
    sine = "mixing-induced CP asymmetry, coefficient of sin(Delta m t)"
    width = "coefficient of sinh(Delta Gamma t / 2) in the decay rate"
    integrated = "time-integrated branching ratio, CP-averaged"
    ratio = "branching ratio over the time-integrated one of Bs -> phi gamma"
    return (
        *rates, *direct, cosine,
        _Quantity("S_K*gamma", r"S_{K^*\gamma}", sine, neutral, _sine, B0, ("S(B0->K*gamma)",)),
        _Quantity("S_phigamma", r"S_{\phi\gamma}", sine, strange, _sine, BS, ("S(Bs->phigamma)",)),
        _Quantity("ADeltaGamma(Bs->phigamma)", r"A_{\Delta\Gamma}(B_s\to\phi\gamma)", width, strange, _width_asymmetry, BS),
        _Quantity("BR(Bs->phigamma)", r"\overline{\mathrm{BR}}(B_s\to\phi\gamma)", integrated, strange,
                  _integrated_branching_ratio, BS),
        _Quantity("BR(B0->K*gamma)/BR(Bs->phigamma)",
                  r"\mathrm{BR}(B^0\to K^{*0}\gamma)/\overline{\mathrm{BR}}(B_s\to\phi\gamma)", ratio, neutral,
                  _ratio_to_phi, BS),
    )  # fmt: skip


def observables(_point: ParameterPoint) -> tuple[Observable, ...]:
    """Branching ratios, CP asymmetries, S, C and A_DeltaGamma, the ratio to Bs -> phi gamma, the isospin asymmetry."""
    found = [
        Observable(
            name=q.name,
            aliases=q.aliases,
            tex=q.tex,
            description=f"{q.description}; {q.mode.name.replace('gamma', ' gamma').replace('->', ' -> ')}",
            coefficients=COEFFICIENTS if q.mixing is None else _coefficients(q.mixing),
            forms=partial(q.forms, mode=q.mode),
            reference=_REFERENCE,
        )
        for q in _list()
    ]
    found.append(
        Observable(
            name="AI(B->K*gamma)",
            aliases=("Delta0-(B->K*gamma)",),
            tex=r"\Delta_{0-}(B\to K^*\gamma)",
            description="isospin asymmetry of B -> K* gamma: difference over sum of the CP-averaged widths of B0 and B+",
            coefficients=COEFFICIENTS,
            forms=_isospin_asymmetry,
            reference="hep-ph/0412400, section 5",
        )
    )
    return tuple(found)
