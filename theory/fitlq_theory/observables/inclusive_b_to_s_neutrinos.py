r"""Inclusive B -> Xs nu nubar: the total branching ratio, relative to B -> Xu l nu.

Both decays are a light quark and a left-handed lepton pair from a b quark; for a left-handed current and massless s quark
their hadronic tensors are the same, QCD corrections and power corrections of the heavy-quark expansion included. With

.. math:: C = \left|\frac{V_{ub}}{V_{cb}}\right|^2 \frac{\Gamma(B\to X_c e\nu)}{\Gamma(B\to X_u e\nu)}

from fits to moments of B -> Xc l nu and the measured BR(B -> Xc e nu),

.. math::

    \mathrm{BR} = \frac{\mathrm{BR}(X_c e \nu)}{C} \left|\frac{V_{tb} V_{ts}^*}{V_{cb}}\right|^2
    4 \left(\frac{\alpha_e(\mu)}{4\pi}\right)^2 \sum_{kl} \left[ f(r) (|C_L^{kl}|^2 + |C_R^{kl}|^2)
    - 4 \sqrt r\, g(r)\, \mathrm{Re}(C_L^{kl} C_R^{kl*}) \right], \qquad r = m_s^2/m_b^2,

.. math:: f = 1 - 8r + 8r^3 - r^4 - 12 r^2 \ln r, \qquad g = 1 + 9r - 9r^2 - r^3 + 6r(1+r) \ln r,

plus right-handed neutrinos alike. The interference, 7 % of the product of the amplitudes, is taken without QCD corrections.
Bins of the hadronic mass: `b_to_s_neutrinos_hadronic_mass`.

Weak annihilation differs between the two decays; its effect, some per cent of the total rate, is not included in the error.
arXiv:1409.4557 has 2.9(3)e-5 from m_b^5, with a 5 % smaller CKM factor; see docs/differences.md.
"""

from __future__ import annotations

import math

from fitlq_theory.ckm import ckm_matrix
from fitlq_theory.contracts import Arguments, Forms, Observable
from fitlq_theory.electromagnetic_coupling import alpha_electromagnetic
from fitlq_theory.observables.dineutrino_coefficients import (
    dineutrino_coefficients,
    flavour_sum,
    standard_model_coefficient,
)
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.qcd import running_mass

__all__ = ["inclusive_rate", "observables", "phase_space"]

_EFT = "WET"
_SCALE = 4.8  # GeV, where the coefficients are read


def phase_space(ratio: float) -> tuple[float, float]:
    """f(r) and g(r) of the module docstring, r the square of the ratio of quark masses; both 1 for r -> 0."""
    log = math.log(ratio)
    f = 1 - 8 * ratio + 8 * ratio**3 - ratio**4 - 12 * ratio**2 * log
    g = 1 + 9 * ratio - 9 * ratio**2 - ratio**3 + 6 * ratio * (1 + ratio) * log
    return f, g


def inclusive_rate(point: ParameterPoint, _arguments: Arguments) -> Forms:
    """Form of the branching ratio, summed over neutrino flavours; 73 x 73."""
    ckm = ckm_matrix(point["Vus"], point["Vub"], point["Vcb"], point["gamma"])
    factor = point["BR(B->Xcenu)_exp"] / point["C_BXlnu"] * abs(ckm[2, 2] * ckm[2, 1] / ckm[1, 2]) ** 2
    factor *= 4 * (alpha_electromagnetic(point, _SCALE) / (4 * math.pi)) ** 2
    mass_ratio = running_mass(point, "s", _SCALE) / running_mass(point, "b", _SCALE)
    f, g = phase_space(mass_ratio**2)
    standard_model = standard_model_coefficient(point, _SCALE)
    plus, minus = flavour_sum(standard_model, 1), flavour_sum(standard_model, -1)
    # |L|^2 + |R|^2 = (|L + R|^2 + |L - R|^2)/2 and Re(L R*) = (|L + R|^2 - |L - R|^2)/4
    form = 0.5 * f * (plus + minus) - mass_ratio * g * (plus - minus)
    return Forms(factor * form[None])


def observables(_point: ParameterPoint) -> tuple[Observable, ...]:
    """BR(B->Xsnunu)."""
    return (
        Observable(
            name="BR(B->Xsnunu)",
            tex=r"\mathrm{BR}(B\to X_s\nu\bar\nu)",
            description="inclusive branching ratio of B -> Xs nu nubar, short distance, summed over neutrino flavours",
            coefficients=dineutrino_coefficients("bs", _EFT, _SCALE, right_handed=True),
            forms=inclusive_rate,
            reference="arXiv:0902.0160, section 2; derivation in the code",
        ),
    )
