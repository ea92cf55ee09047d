r"""B -> P nu nubar and B -> V nu nubar: branching ratios, spectra, longitudinal polarisation, for b -> s and b -> d.

Coefficients: WET at 4.8 GeV, see `dineutrino_coefficients`, with massless left- and right-handed neutrinos.

With :math:`n = |\frac{4G_F}{\sqrt2} V_{tb} V_{tq}^* \frac{\alpha_e(\mu)}{4\pi}|^2`,
:math:`\lambda = \lambda(m_B^2, m_M^2, q^2)` and :math:`C_\pm^{kl} = C_L^{kl} \pm C_R^{kl}`:

.. math::

    \frac{d\Gamma(B\to P)}{dq^2} &= \frac{n \lambda^{3/2}}{384\pi^3 m_B^3} f_+^2 \sum_{kl} |C_+^{kl}|^2 \\
    \frac{d\Gamma(B\to V)}{dq^2} &= \sum_{kl} \left[ \rho_V |C_+^{kl}|^2 + (\rho_{A_1} + \rho_0) |C_-^{kl}|^2 \right] \\
    \rho_V = \frac{n \lambda^{3/2} q^2}{192\pi^3 m_B^3} \frac{V^2}{(m_B+m_V)^2}, \quad
    \rho_{A_1} &= \frac{n \lambda^{1/2} q^2}{192\pi^3 m_B^3} (m_B+m_V)^2 A_1^2, \quad
    \rho_0 = \frac{n \lambda^{1/2}}{6\pi^3 m_B} m_V^2 A_{12}^2

and :math:`F_L` is the part of :math:`\rho_0`; sums over nine pairs of left-handed and nine of right-handed neutrinos. A neutral
pion or rho meson has a factor 1/2: the d quark is one of its two components. See arXiv:0902.0160, section 2, and
arXiv:1409.4557, section 2, there with the transversity form factors; the numbers are checked against flavio 2.7.1.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.ckm import ckm_matrix
from fitlq_theory.constants import HBAR_GEV_PS
from fitlq_theory.contracts import Argument, Arguments, Coefficient, Forms, Observable
from fitlq_theory.electromagnetic_coupling import alpha_electromagnetic
from fitlq_theory.form_factors import evaluate
from fitlq_theory.observables.dineutrino_coefficients import (
    dineutrino_coefficients,
    flavour_sum,
    standard_model_coefficient,
)
from fitlq_theory.parameter_point import ParameterPoint

__all__ = [
    "_EFT",
    "_REFERENCE",
    "_SCALE",
    "DineutrinoMode",
    "mode_observables",
    "normalisation",
    "ratio_observable",
    "reduced_densities",
]

Real = NDArray[np.float64]

_EFT = "WET"
_SCALE = 4.8  # GeV, where the coefficients are read
_REFERENCE = "arXiv:0902.0160, section 2; arXiv:1409.4557, section 2"
# the integrand is analytic in the integration variable: 24 nodes differ from 100 by less than 1e-10
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)


@dataclass(frozen=True, slots=True)
class DineutrinoMode:
    """A decay B -> M nu nubar: `name` as in flavio, names of masses and lifetime among the inputs, form factors, quarks."""

    name: str
    alias: str
    tex: str
    parent: str
    meson: str
    transition: str
    vector: bool
    quarks: str = "bs"
    weight: float = 1.0  # of the quark content of a neutral light meson

    def masses(self, point: ParameterPoint) -> tuple[float, float]:
        """Masses of the B meson and of the light meson in GeV."""
        return point[f"m_{self.parent}"], point[f"m_{self.meson}"]

    def end_point(self, point: ParameterPoint) -> float:
        """Largest q2 in GeV^2."""
        mass, light = self.masses(point)
        return (mass - light) ** 2


def normalisation(point: ParameterPoint, quarks: str) -> float:
    """n of the module docstring for the quarks ``"bs"`` or ``"bd"``, in GeV^-4."""
    ckm = ckm_matrix(point["Vus"], point["Vub"], point["Vcb"], point["gamma"])
    coupling = 4 * point["GF"] / math.sqrt(2) * alpha_electromagnetic(point, _SCALE) / (4 * math.pi)
    return float(abs(coupling * ckm[2, 2] * ckm[2, "ds".index(quarks[1])].conj()) ** 2)


def _flavour_sums(point: ParameterPoint) -> tuple[Real, Real]:
    """The forms sum_kl |C_+^kl|^2 and sum_kl |C_-^kl|^2, each 73 x 73."""
    standard_model = standard_model_coefficient(point, _SCALE)
    return flavour_sum(standard_model, 1), flavour_sum(standard_model, -1)


def reduced_densities(point: ParameterPoint, mode: DineutrinoMode, q2: Real) -> Real:
    r"""Branching-ratio densities per unit \|C\|^2, divided by :math:`\lambda^{1/2}`.

    The common factor is left out because ratios of them stay finite at the end point.

    Parameters
    ----------
    q2 : ndarray, shape (n,)
        In GeV^2, from 0 to the end point.

    Returns
    -------
    ndarray, shape (3, n)
        Rows: multiplying \|C_+\|^2; multiplying \|C_-\|^2 with transverse, and with longitudinal polarisation. In GeV^-4.
    """
    mass, light = mode.masses(point)
    factor = mode.weight * point.shared(("dineutrino", "normalisation", mode.quarks), lambda p: normalisation(p, mode.quarks))
    factor *= point[f"tau_{mode.parent}"] / HBAR_GEV_PS / (192 * math.pi**3 * mass**3)
    triangle = ((mass + light) ** 2 - q2) * ((mass - light) ** 2 - q2)
    form_factors = evaluate(point, mode.transition, q2)
    densities = np.zeros((3, len(q2)))
    if not mode.vector:
        densities[0] = 0.5 * factor * triangle * form_factors["f+"] ** 2
        return densities
    densities[0] = factor * q2 * triangle * (form_factors["V"] / (mass + light)) ** 2
    densities[1] = factor * q2 * ((mass + light) * form_factors["A1"]) ** 2
    densities[2] = factor * 32 * (mass * light * form_factors["A12"]) ** 2
    return densities


def _integrated(point: ParameterPoint, mode: DineutrinoMode, lower: float, upper: float) -> Real:
    r"""Densities integrated over q2, shape (3,): branching ratios per unit \|C\|^2.

    In :math:`u = \sqrt{q^2_{max} - q^2}` the phase space has no square root at the end point.
    """
    mass, light = mode.masses(point)
    end = mode.end_point(point)
    first, last = (math.sqrt(max(end - edge, 0.0)) for edge in (upper, lower))
    u = 0.5 * (last - first) * _NODES + 0.5 * (last + first)
    q2 = end - u**2
    jacobian = 0.5 * (last - first) * _WEIGHTS * 2 * u
    root = u * np.sqrt((mass + light) ** 2 - q2)
    return np.asarray(reduced_densities(point, mode, q2) @ (jacobian * root))


def _rates(point: ParameterPoint, densities: Real) -> tuple[Real, Real]:
    """Forms of the rate and of its longitudinal part, each 73 x 73."""
    plus, minus = point.shared(("dineutrino", "flavour sums"), _flavour_sums)
    return densities[0] * plus + (densities[1] + densities[2]) * minus, densities[2] * minus


def _bin(point: ParameterPoint, mode: DineutrinoMode, lower: float, upper: float) -> Real:
    return point.shared(("dineutrino", mode.name, lower, upper), lambda p: _integrated(p, mode, lower, upper))


def _at(point: ParameterPoint, mode: DineutrinoMode, q2: float) -> Real:
    inside = min(q2, mode.end_point(point))
    return point.shared(("dineutrino", mode.name, inside), lambda p: reduced_densities(p, mode, np.array([inside]))[:, 0])


def _total(mode: DineutrinoMode, point: ParameterPoint, _arguments: Arguments) -> Forms:
    total, _ = _rates(point, _bin(point, mode, 0.0, mode.end_point(point)))
    return Forms(total[None])


def _binned(mode: DineutrinoMode, point: ParameterPoint, arguments: Arguments) -> Forms:
    lower, upper = arguments["q2min"], arguments["q2max"]
    total, _ = _rates(point, _bin(point, mode, lower, upper))
    return Forms(total[None] / (upper - lower))


def _differential(mode: DineutrinoMode, point: ParameterPoint, arguments: Arguments) -> Forms:
    mass, light = mode.masses(point)
    q2 = arguments["q2"]
    root = math.sqrt(max(((mass + light) ** 2 - q2) * (mode.end_point(point) - q2), 0.0))
    total, _ = _rates(point, _at(point, mode, q2))
    return Forms(root * total[None])


def _polarisation_binned(mode: DineutrinoMode, point: ParameterPoint, arguments: Arguments) -> Forms:
    total, longitudinal = _rates(point, _bin(point, mode, arguments["q2min"], arguments["q2max"]))
    return Forms(np.stack([longitudinal, total]), (1.0, -1.0))


def _polarisation(mode: DineutrinoMode, point: ParameterPoint, arguments: Arguments) -> Forms:
    total, longitudinal = _rates(point, _at(point, mode, arguments["q2"]))
    return Forms(np.stack([longitudinal, total]), (1.0, -1.0))


def _ratio(mode: DineutrinoMode, point: ParameterPoint, _arguments: Arguments) -> Forms:
    total, _ = _rates(point, _bin(point, mode, 0.0, mode.end_point(point)))
    standard_model = np.zeros_like(total)
    standard_model[0, 0] = total[0, 0]
    return Forms(np.stack([total, standard_model]), (1.0, -1.0))


def _q2_arguments(point: ParameterPoint, mode: DineutrinoMode, *names: str) -> tuple[Argument, ...]:
    meanings = {"q2": "invariant mass squared of the neutrinos", "q2min": "lower bin edge", "q2max": "upper bin edge"}
    return tuple(Argument(name, "GeV^2", 0.0, mode.end_point(point), meanings[name]) for name in names)


@dataclass(frozen=True, slots=True)
class _Quantity:
    """What is predicted for a mode: `prefix` of the name, LaTeX pattern, words, arguments, forms."""

    prefix: str
    tex: str
    description: str
    arguments: tuple[str, ...]
    forms: Callable[[DineutrinoMode, ParameterPoint, Arguments], Forms]
    unit: str = ""


_RATES = (
    _Quantity("BR", r"\mathrm{{BR}}({})", "branching ratio", (), _total),
    _Quantity(
        "<dBR/dq2>",
        r"\langle d\mathrm{{BR}}/dq^2\rangle({})",
        "differential branching ratio, mean over a bin in q2",
        ("q2min", "q2max"),
        _binned,
        "GeV^-2",
    ),
    _Quantity("dBR/dq2", r"d\mathrm{{BR}}/dq^2({})", "differential branching ratio", ("q2",), _differential, "GeV^-2"),
)
_POLARISATIONS = (
    _Quantity(
        "<FL>",
        r"\langle F_L\rangle({})",
        "longitudinal polarisation fraction in a bin of q2",
        ("q2min", "q2max"),
        _polarisation_binned,
    ),
    _Quantity("FL", r"F_L({})", "longitudinal polarisation fraction", ("q2",), _polarisation),
)


def _observable(
    point: ParameterPoint, mode: DineutrinoMode, quantity: _Quantity, coefficients: tuple[Coefficient, ...]
) -> Observable:
    return Observable(
        name=f"{quantity.prefix}({mode.name})",
        tex=quantity.tex.format(mode.tex),
        description=f"{quantity.description} of {mode.name[:-4]} nu nubar, short distance, summed over neutrino flavours",
        coefficients=coefficients,
        forms=partial(quantity.forms, mode),
        reference=_REFERENCE,
        aliases=(f"{quantity.prefix}({mode.alias})",) if mode.alias else (),
        arguments=_q2_arguments(point, mode, *quantity.arguments),
        unit=quantity.unit,
    )


def mode_observables(point: ParameterPoint, modes: tuple[DineutrinoMode, ...]) -> tuple[Observable, ...]:
    """Rates of all modes, polarisation fractions of the vector mesons."""
    return tuple(
        _observable(point, mode, quantity, dineutrino_coefficients(mode.quarks, _EFT, _SCALE, right_handed=True))
        for mode in modes
        for quantity in _RATES + (_POLARISATIONS if mode.vector else ())
    )


def ratio_observable(mode: DineutrinoMode) -> Observable:
    """Branching ratio over its Standard Model value at the same inputs."""
    return Observable(
        name=f"Rnu({mode.transition})",
        tex=rf"R_\nu({mode.tex})",
        description=f"branching ratio of {mode.transition} nu nubar over its Standard Model value",
        coefficients=dineutrino_coefficients(mode.quarks, _EFT, _SCALE, right_handed=True),
        forms=partial(_ratio, mode),
        reference=_REFERENCE,
    )
