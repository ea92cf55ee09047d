r"""Mixing of neutral kaons and B mesons: mass differences, eps_K and mixing-induced CP asymmetries.

Built on M12 of `meson_mixing_amplitude`. For B mesons the absorptive part Gamma12 changes these quantities only at second
order in :math:`|\Gamma_{12}/M_{12}| \approx 5\times10^{-3}` and is neglected. Lifetime differences and
semileptonic asymmetries: `beauty_lifetime_differences`; D mesons: `charm_mixing`.
"""

from __future__ import annotations

from functools import partial

import numpy as np

from fitlq_theory.contracts import Arguments, Coefficient, Forms, Observable
from fitlq_theory.observables.meson_mixing_amplitude import (
    B0,
    BS,
    K0,
    OPERATORS,
    Complex,
    Meson,
    ckm_factor,
    mixing_amplitude,
)
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.quadratic_forms import Real, from_linear, modulus_squared

__all__ = ["observables"]


def observables(_point: ParameterPoint) -> tuple[Observable, ...]:
    """DeltaM_d, DeltaM_s, their ratio, S_psiK, S_psiphi, eps_K and DeltaM_K."""
    return (*_mass_differences(), *_asymmetries(), *_kaon_observables())


def _mass_differences() -> tuple[Observable, ...]:
    reference = "hep-ph/9512380, section XVIII"
    tex_names = {"d": r"\Delta M_d", "s": r"\Delta M_s"}
    single = (
        Observable(
            name=f"DeltaM_{meson.quarks[1]}",
            tex=f"{tex_names[meson.quarks[1]]}",
            description=f"Mass difference of the two {meson.name} mass eigenstates",
            coefficients=_coefficients(meson),
            forms=partial(_mass_difference, meson=meson),
            reference=reference,
            unit="GeV",
        )
        for meson in (B0, BS)
    )
    ratio = Observable(
        name="DeltaM_d/DeltaM_s",
        tex=rf"{tex_names['d']} / {tex_names['s']}",
        description="Ratio of the mass differences of B0 and Bs mesons",
        coefficients=(*_coefficients(B0), *_coefficients(BS)),
        forms=_mass_difference_ratio,
        reference=reference,
    )
    return (*single, ratio)


def _asymmetries() -> tuple[Observable, ...]:
    return (
        Observable(
            name="S_psiK",
            aliases=("S_psiKS", "S(B0->J/psiKS)"),
            tex=r"S_{\psi K_S}",
            description="Mixing-induced CP asymmetry in B0 -> J/psi KS; sin(2 beta) in the Standard Model without penguins",
            coefficients=_coefficients(B0),
            forms=partial(_asymmetry, meson=B0, cp_eigenvalue=-1),
            reference="hep-ph/0201071, chapter 1; derivation in the code",
        ),
        Observable(
            name="S_psiphi",
            aliases=("S(Bs->J/psiphi)",),
            tex=r"S_{\psi\phi}",
            description="Mixing-induced CP asymmetry in Bs -> J/psi phi, -sin(phi_s); penguin contributions neglected",
            coefficients=_coefficients(BS),
            forms=partial(_asymmetry, meson=BS, cp_eigenvalue=1),
            reference="hep-ph/0201071, chapter 1; derivation in the code",
        ),
    )


def _kaon_observables() -> tuple[Observable, ...]:
    return (
        Observable(
            name="eps_K",
            aliases=("epsilon_K",),
            tex=r"|\epsilon_K|",
            description="Indirect CP violation in neutral kaon mixing",
            coefficients=_coefficients(K0),
            forms=_epsilon,
            reference="arXiv:1911.06822; arXiv:1002.3612 for kappa_epsilon",
        ),
        Observable(
            name="DeltaM_K",
            tex=r"\Delta M_K",
            description="Mass difference of KL and KS: short distance plus a long-distance part from lattice QCD",
            coefficients=_coefficients(K0),
            forms=_kaon_mass_difference,
            reference="hep-ph/9512380, section XVIII; long distance: arXiv:2301.01387",
            unit="GeV",
        ),
    )


def _coefficients(meson: Meson) -> tuple[Coefficient, ...]:
    return tuple(Coefficient(f"{operator}_{meson.sector}", meson.eft, meson.scale) for operator in OPERATORS)


def _mass_difference(point: ParameterPoint, _arguments: Arguments, *, meson: Meson) -> Forms:
    """2 |M12|."""
    return Forms(modulus_squared(2.0 * mixing_amplitude(point, meson))[None], (0.5,))


def _mass_difference_ratio(point: ParameterPoint, _arguments: Arguments) -> Forms:
    """|M12(B0)| / |M12(Bs)|; the coefficients of B0 come first."""
    down, strange = mixing_amplitude(point, B0), mixing_amplitude(point, BS)
    none = np.zeros(len(OPERATORS))
    numerator = np.concatenate([down, none])
    denominator = np.concatenate([strange[:1], none, strange[1:]])
    return Forms(np.stack([modulus_squared(numerator), modulus_squared(denominator)]), (0.5, -0.5))


def _asymmetry(point: ParameterPoint, _arguments: Arguments, *, meson: Meson, cp_eigenvalue: int) -> Forms:
    r""":math:`S = -\mathrm{Im}\,\xi` with :math:`\xi = \eta_{CP} (q/p) \lambda_c / \lambda_c^*`.

    Here :math:`q/p = -M_{12}^*/|M_{12}|`, and the decay amplitude is that of the tree operator, with the CKM factor
    :math:`\lambda_c = V_{cb} V_{cq}^*`. The result is
    :math:`-\eta_{CP}\, \mathrm{Im}(M_{12} \lambda_c^{*2}/|\lambda_c|^2) / |M_{12}|`.
    """
    amplitude = mixing_amplitude(point, meson)
    decay = ckm_factor(point, "c", meson.quarks)
    rotated = amplitude * np.conj(decay) ** 2 / abs(decay) ** 2
    return Forms(np.stack([-cp_eigenvalue * _imaginary_part(rotated), modulus_squared(amplitude)]), (1.0, -0.5))


def _epsilon(point: ParameterPoint, _arguments: Arguments) -> Forms:
    r""":math:`\kappa_\epsilon\, \mathrm{Im} M_{12} / (\sqrt 2 \Delta M_K)` with the measured mass difference."""
    factor = point["kappa_epsilon"] / (np.sqrt(2.0) * point["DeltaM_K0"])
    return Forms(factor * _imaginary_part(mixing_amplitude(point, K0))[None])


def _kaon_mass_difference(point: ParameterPoint, _arguments: Arguments) -> Forms:
    r""":math:`m_{K_L} - m_{K_S} = 2\,\mathrm{Re} M_{12} + \Delta_\mathrm{LD}`, positive for the Standard Model charm box.

    The long-distance part is an input of the size of the whole; it is defined as what the lattice finds beyond the short
    distance, so that the Standard Model sum has the value and the error of the lattice.
    """
    form = from_linear(2.0 * mixing_amplitude(point, K0))
    form[0, 0] += point["DeltaM_K long distance"]
    return Forms(form[None])


def _imaginary_part(amplitude: Complex) -> Real:
    return from_linear(-1j * amplitude)
