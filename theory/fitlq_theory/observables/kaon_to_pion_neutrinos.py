r"""K+ -> pi+ nu nubar and KL -> pi0 nu nubar.

The hadronic matrix elements come from K_l3 decays by isospin (factors kappa of arXiv:0705.2025). With
:math:`\lambda_q = V_{qd} V_{qs}^*` the amplitude for the neutrinos k, l is, in units of
:math:`(4 G_F/\sqrt2)\,\alpha_e(M_Z)/(2\pi \sin^2\theta_W)`,

.. math::

    A_{kl} = \lambda_t X_{kl} + \delta_{kl} \lambda_c \lambda_0^4 (P_c + \delta P_{cu}), \qquad
    X_{kl} = X_t \delta_{kl}
             - \sin^2\theta_W \frac{\alpha_e(\mu)}{\alpha_e(M_Z)} (C_L^{kl} + C_R^{kl})

with :math:`\mu` = 2 GeV. Top, charm and new physics share one normalisation; P_c is defined with the same
:math:`\alpha_e(M_Z)` as X_t (effective Hamiltonian of hep-ph/0603079). flavio 2.7.1 multiplies the charm part by
:math:`\alpha_e(2\,\mathrm{GeV})/\alpha_e(M_Z) = 0.960`, leaves out Delta_EM (together its rate of K+ is 2 % lower) and has
another flavour structure in KL (see `k_long_to_pion`). The option ``flavio-2.7.1`` of the input choice ``K->pinunu`` does
the same, so that its numbers can be met; it is no alternative.

:math:`P_c \lambda_0^4` is the loop function of charm, with :math:`\lambda_0` the |V_us| at which P_c is quoted: it does not
depend on CKM elements.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.ckm import ckm_matrix
from fitlq_theory.contracts import Arguments, Forms, Observable
from fitlq_theory.electromagnetic_coupling import alpha_electromagnetic
from fitlq_theory.observables.dineutrino_coefficients import (
    FLAVOUR_COUNT,
    chiral_amplitudes,
    dineutrino_coefficients,
)
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.quadratic_forms import from_symmetric, modulus_squared

__all__ = ["charm_contribution", "k_long_to_pion", "k_plus_to_pion", "observables"]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]

_EFT = "WET-3"
_SCALE = 2.0  # GeV, where the coefficients are read
_CHOICE = "K->pinunu"


def _as_flavio(point: ParameterPoint) -> bool:
    return point.choices[_CHOICE] == "flavio-2.7.1"


def charm_contribution(point: ParameterPoint) -> float:
    r"""P_c + delta P_cu, at the reference value of |V_us|; about 0.404.

    .. math:: P_c = P_0 \left(\frac{m_c(m_c)}{1.30\,\mathrm{GeV}}\right)^{2.155}
                        \left(\frac{\alpha_s(M_Z)}{0.1187}\right)^{-1.417}

    at next-to-next-to-leading order with its residual scale uncertainty, and the long-distance part delta P_cu.

    References
    ----------
    hep-ph/0603079, eq. (14); hep-ph/0503107 (delta P_cu).
    """
    mass = math.pow(point["m_c"] / point["Pc reference m_c"], point["Pc exponent of m_c"])
    coupling = math.pow(point["alpha_s"] / point["Pc reference alpha_s"], point["Pc exponent of alpha_s"])
    return point["Pc scale factor"] * point["Pc value"] * mass * coupling + point["deltaPcu"]


def _amplitudes(point: ParameterPoint) -> Complex:
    """A_kl as rows over the coefficient vector, shape (3, 3, 19)."""
    ckm = ckm_matrix(point["Vus"], point["Vub"], point["Vcb"], point["gamma"])
    top, charm = (ckm[quark, 0] * ckm[quark, 1].conj() for quark in (2, 1))
    # new physics is normalised to alpha_e at its own scale, top and charm to the one at the mass of the Z
    weight = point["s2w"] * alpha_electromagnetic(point, _SCALE) / point["alpha_e"]
    amplitudes: Complex = -weight * top * chiral_amplitudes(0.0, 1)
    charm *= point["Pc reference Vus"] ** 4 * charm_contribution(point)
    if _as_flavio(point):
        charm *= alpha_electromagnetic(point, _SCALE) / point["alpha_e"]
    standard_model = top * point["Xt_di->djnunu"] + charm
    amplitudes[..., 0] = standard_model * np.eye(FLAVOUR_COUNT)
    return amplitudes


def _hadronic_factor(point: ParameterPoint, name: str) -> float:
    """kappa / |V_us|^10 for one neutrino flavour, with kappa rescaled to the inputs (arXiv:0705.2025, eq. (11))."""
    couplings = (point["alpha_e"] / point["alpha_e at which kappa_tilde is quoted"]) ** 2
    couplings *= (point["s2w at which kappa_tilde is quoted"] / point["s2w"]) ** 2
    cabibbo = point["Vus at which kappa_tilde is quoted"] ** 8 * point["Vus"] ** 2
    return point[name] * couplings / cabibbo / FLAVOUR_COUNT


def k_plus_to_pion(point: ParameterPoint, _arguments: Arguments) -> Forms:
    r"""Form of BR(K+ -> pi+ nu nubar), summed over neutrino flavours; 37 x 37.

    .. math:: \mathrm{BR} = \frac{\tilde\kappa_+ (1 + \Delta_{EM})}{3 \lambda^{10}} \sum_{kl} |A_{kl}|^2,
              \qquad \tilde\kappa_+ \propto \lambda^8

    References
    ----------
    arXiv:0705.2025, eq. (11); hep-ph/0603079.
    """
    amplitudes = point.shared(("kaon_to_pion_neutrinos",), _amplitudes)
    electromagnetic = 0.0 if _as_flavio(point) else point["Delta_EM K+->pinunu"]
    factor = _hadronic_factor(point, "kappa_plus_tilde") * (1 + electromagnetic)
    return Forms(factor * modulus_squared(amplitudes).sum(axis=(0, 1))[None])


def k_long_to_pion(point: ParameterPoint, _arguments: Arguments) -> Forms:
    r"""Form of BR(KL -> pi0 nu nubar), summed over neutrino flavours; 37 x 37.

    K0 decays into the neutrinos k, l with A_kl, its antiparticle with -A_lk^*, and KL is their even combination:

    .. math:: \mathrm{BR} = \frac{\tilde\kappa_L}{3 \lambda^{10}} \sum_{kl} \frac{|A_{kl} - A_{lk}^*|^2}{4}

    For k = l this is (Im A_kk)^2. For different flavours the final state is no CP eigenstate and the real part counts, too
    (hep-ph/9701313, where this is discussed for the first time); the expression does not change when the neutrino fields
    are rephased, which (Im A_kl)^2, used by flavio 2.7.1 for all k and l, does. Mixing (epsilon_K, 1 % of the rate) and
    the CP-conserving part in the Standard Model (hep-ph/9806501) are neglected.

    References
    ----------
    arXiv:0705.2025, eq. (11); hep-ph/9701313.
    """
    amplitudes = point.shared(("kaon_to_pion_neutrinos",), _amplitudes)
    exchanged = np.swapaxes(amplitudes, 0, 1)
    if _as_flavio(point):  # (Im A_kl)^2 = (|A_kl|^2 - Re A_kl^2) / 2
        exchanged = amplitudes
    # sum |A_kl - A_lk^*|^2 = 2 sum |A_kl|^2 - 2 Re sum A_kl A_lk
    interference = from_symmetric(amplitudes[..., :, None] * exchanged[..., None, :])
    form = 0.5 * (modulus_squared(amplitudes) - interference).sum(axis=(0, 1))
    return Forms(_hadronic_factor(point, "kappa_L_tilde") * form[None])


def observables(_point: ParameterPoint) -> tuple[Observable, ...]:
    """The two branching ratios."""
    coefficients = dineutrino_coefficients("sd", _EFT, _SCALE)
    reference = "hep-ph/0603079; arXiv:0705.2025; arXiv:2105.02868; hep-ph/9701313"
    return (
        Observable(
            name="BR(K+->pinunu)",
            tex=r"\mathrm{BR}(K^+\to\pi^+\nu\bar\nu)",
            description="branching ratio of K+ -> pi+ nu nubar, summed over neutrino flavours",
            coefficients=coefficients,
            forms=k_plus_to_pion,
            reference=reference,
            aliases=("BR(K+->pi+nunu)",),
        ),
        Observable(
            name="BR(KL->pinunu)",
            tex=r"\mathrm{BR}(K_L\to\pi^0\nu\bar\nu)",
            description="branching ratio of KL -> pi0 nu nubar, summed over neutrino flavours",
            coefficients=coefficients,
            forms=k_long_to_pion,
            reference=reference,
            aliases=("BR(KL->pi0nunu)",),
        ),
    )
