r"""Mixing of the neutral D meson: x, y, q/p and the amplitudes behind them.

Definitions of HFLAV: :math:`x = (m_1 - m_2)/\Gamma`, :math:`y = (\Gamma_1 - \Gamma_2)/(2\Gamma)` where state 1 is CP even if CP
is conserved, :math:`x_{12} = 2|M_{12}|/\Gamma`, :math:`y_{12} = |\Gamma_{12}|/\Gamma`,
:math:`\phi_{12} = \arg(M_{12}/\Gamma_{12})`, :math:`\phi = \arg(q/p)`. Phases that depend on the phases of the quark fields are
relative to :math:`\tfrac14 (\lambda_s - \lambda_d)^2`, :math:`\lambda_q = V_{cq} V_{uq}^*`, the direction of the dominant
(U-spin two) amplitudes: :math:`\phi^M` and :math:`\phi^\Gamma` are those of :math:`M_{12}` and :math:`\Gamma_{12}`
(arXiv:2001.07207), and

.. math:: \tan 2\phi = - \frac{x_{12}^2 \sin 2\phi^M + y_{12}^2 \sin 2\phi^\Gamma}
                               {x_{12}^2 \cos 2\phi^M + y_{12}^2 \cos 2\phi^\Gamma}.

The Standard Model amplitudes are long-distance and not known from theory; as in flavio 2.7.1 they are parametrised by CKM
factors times real numbers of the size of the measurement,

.. math:: M_{12}, \Gamma_{12} = a_{ss} \lambda_s^2 + a_{bs} \lambda_b \lambda_s + a_{bb} \lambda_b^2 .

New physics enters M12 only, with eight operators such as :math:`O_{VLL} = (\bar c_L \gamma_\mu u_L)^2` for ``CVLL_ucuc`` (WET-4,
2 GeV, GeV^-2); its part of Gamma12 is not included.

flavio 2.7.1 has the complex conjugate CKM factors next to the same operators, and phases in the standard parametrisation
of the CKM matrix: phi differs by 7e-4 rad. The option ``flavio-2.7.1`` of the choice ``D mixing`` does the same.
"""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.ckm import ckm_matrix
from fitlq_theory.constants import HBAR_GEV_PS
from fitlq_theory.contracts import Arguments, Coefficient, Combination, Forms, Observable
from fitlq_theory.observables.meson_mixing_amplitude import OPERATORS, Meson, mixing_matrix_elements
from fitlq_theory.observables.neutral_meson_states import (
    DISPERSIVE_IMAGINARY,
    DISPERSIVE_PHASE,
    MASS_DIFFERENCE,
    MIXING_MODULUS,
    MIXING_PHASE,
    RELATIVE_PHASE,
    WIDTH_DIFFERENCE,
    WIDTH_PHASE,
)
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.quadratic_forms import from_linear, modulus_squared

__all__ = ["D0", "amplitudes", "observables"]

Complex = NDArray[np.complex128]

D0 = Meson("D0", ("u", "c"), "WET-4", 2.0, 4)

_CHOICE = "D mixing"
_REFERENCE = "arXiv:2001.07207, section 2; HFLAV, D0 mixing"


def amplitudes(point: ParameterPoint) -> Complex:
    """M12 and Gamma12 in units of the width, rows over (1, C_1, ..., C_8), in the phase convention of the module; (2, 9)."""
    return point.shared(("charm mixing", "amplitudes"), _amplitudes)


def _amplitudes(point: ParameterPoint) -> Complex:
    matrix = ckm_matrix(point["Vus"], point["Vub"], point["Vcb"], point["gamma"])
    strange, bottom = (complex(matrix[1, k] * np.conj(matrix[0, k])) for k in (1, 2))
    flavio = point.choices[_CHOICE] == "flavio-2.7.1"
    if flavio:
        strange, bottom = strange.conjugate(), bottom.conjugate()
    width = HBAR_GEV_PS / point["tau_D0"]
    rows = np.zeros((2, 1 + len(OPERATORS)), dtype=np.complex128)
    for row, name in enumerate(("M12_D", "Gamma12_D")):
        # in 1/ps
        factors = {"ss": strange**2, "bs": bottom * strange, "bb": bottom**2}
        rows[row, 0] = sum(point[f"{name} a_{quarks}"] * factor for quarks, factor in factors.items()) * HBAR_GEV_PS
    elements = mixing_matrix_elements(point, D0)
    rows[0, 1:] = [-elements[name] for name in OPERATORS]
    if not flavio:
        # lambda_d = -lambda_s - lambda_b, so the reference is (lambda_s + lambda_b/2)^2
        reference = strange + 0.5 * bottom
        rows *= np.conj(reference) ** 2 / abs(reference) ** 2
    return rows / width


def _combined(point: ParameterPoint, _arguments: Arguments, *, combination: Combination) -> Forms:
    """A function of the real and imaginary parts of M12 and Gamma12."""
    dispersive, absorptive = amplitudes(point)
    rows = (dispersive, -1j * dispersive, absorptive, -1j * absorptive)
    return Forms(np.stack([from_linear(row) for row in rows]), (1.0,) * len(rows), combination)


def _modulus(point: ParameterPoint, _arguments: Arguments, *, row: int, factor: float) -> Forms:
    return Forms(modulus_squared(factor * amplitudes(point)[row])[None], (0.5,))


def observables(_point: ParameterPoint) -> tuple[Observable, ...]:
    """x_D, y_D, q/p_D, phi_D; x12_D, y12_D, phi12_D, x12Im_D, phiM_D and phiGamma_D."""
    return (
        _observable("x_D", "x_D", "Mass difference of the D mesons, (m1 - m2)/Gamma, 1 CP even", MASS_DIFFERENCE),
        _observable("y_D", "y_D", "Width difference of the D mesons, (Gamma1 - Gamma2)/(2 Gamma), 1 CP even", WIDTH_DIFFERENCE),
        _observable("q/p_D", r"|q/p|_D", "Absolute value of q/p of the D mesons", MIXING_MODULUS, ("|q/p|_D",)),
        _observable("phi_D", r"\phi_D", "Phase of q/p of the D mesons", MIXING_PHASE, unit="rad"),
        _moduli("x12_D", "x_{12}^D", "2 |M12| / Gamma of the D mesons", 0, 2.0),
        _moduli("y12_D", "y_{12}^D", "|Gamma12| / Gamma of the D mesons", 1, 1.0),
        _observable("phi12_D", r"\phi_{12}^D", "Phase of M12/Gamma12 of the D mesons", RELATIVE_PHASE, unit="rad"),
        _observable("x12Im_D", r"x_{12}^{\mathrm{Im},D}", "x12 sin(phi12) of the D mesons", DISPERSIVE_IMAGINARY),
        _observable(
            "phiM_D",
            r"\phi^M_D",
            "Weak phase of M12 of the D mesons",
            DISPERSIVE_PHASE,
            unit="rad",
        ),
        _observable(
            "phiGamma_D",
            r"\phi^\Gamma_D",
            "Weak phase of Gamma12 of the D mesons",
            WIDTH_PHASE,
            unit="rad",
        ),
    )


def _coefficients() -> tuple[Coefficient, ...]:
    return tuple(Coefficient(f"{operator}_{D0.sector}", D0.eft, D0.scale) for operator in OPERATORS)


def _observable(
    name: str, tex: str, description: str, combination: Combination, aliases: tuple[str, ...] = (), unit: str = ""
) -> Observable:
    return Observable(
        name=name,
        aliases=aliases,
        tex=tex,
        description=description,
        coefficients=_coefficients(),
        forms=partial(_combined, combination=combination),
        reference=_REFERENCE,
        unit=unit,
    )


def _moduli(name: str, tex: str, description: str, row: int, factor: float) -> Observable:
    return Observable(
        name=name,
        tex=tex,
        description=description,
        coefficients=_coefficients(),
        forms=partial(_modulus, row=row, factor=factor),
        reference=_REFERENCE,
    )
