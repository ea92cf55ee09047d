r"""Decays of charged leptons into neutrinos, l -> l' nu nu, and what they do to the Fermi constant.

.. math:: \mathcal L = -\frac{4 G_F^0}{\sqrt 2} (\bar\nu_l \gamma^\mu P_L \nu_{l'}) (\bar l' \gamma_\mu P_L l)
          + \sum C_{VLL} (\bar\nu_i \gamma^\mu P_L \nu_j) (\bar l' \gamma_\mu P_L l)
          + \sum C_{VLR} (\bar\nu_i \gamma^\mu P_L \nu_j) (\bar l' \gamma_\mu P_R l) + \mathrm{h.c.}

in the WCxf basis "flavio" (GeV^-2). The rate is, with :math:`x = m_{l'}^2/m_l^2` and for each pair of neutrino flavours,

.. math:: \Gamma \propto f(x) (|L|^2 + |R|^2) - 4 \sqrt x\, g(x)\, \mathrm{Re}(L R^*)

(arXiv:1310.7922: the last term is that of the Michel parameter eta, 4 eta sqrt(x) g, after a Fierz transformation of R into a
scalar; the tests integrate it). flavio 2.7.1 lacks the factor sqrt(x) (docs/differences.md).

The Fermi constant that is measured in mu -> e nu nu contains new physics: :math:`G_F^2 = (G_F^0)^2 r`, with
r = 1 + rho the rate relative to the Standard Model. Elsewhere amplitudes of the Standard Model are then multiplied by
1/sqrt(r), which no form contains. With :math:`h = 1 - \rho_1/2`, where :math:`\rho_1` is the part of rho that is linear in the
coefficients,

.. math:: \left| \frac{s}{\sqrt r} + C \right|^2 \to \frac{|s h + C|^2}{r h^2}

is exact when either the new physics in muon decay or C vanishes, or in the sum of first and second order; what is missed is
C times :math:`\rho^2`, 1e-5 for a change of the Fermi constant by 0.3 %."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.contracts import Coefficient, Forms
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.quadratic_forms import embedding

__all__ = [
    "MUON_DECAY",
    "decay_coefficients",
    "decay_rows",
    "interference_factor",
    "linear_form",
    "muon_decay_forms",
    "neutrino_channels",
    "rate_form",
    "with_measured_fermi_constant",
]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]

_NEUTRINO_PAIRS = (("e", "e"), ("mu", "e"), ("mu", "mu"), ("tau", "e"), ("tau", "mu"), ("tau", "tau"))


def neutrino_channels(heavy: str, light: str) -> tuple[str, ...]:
    """Flavour labels of the nine coefficients of heavy -> light nu nu; the first is that of the Standard Model.

    The label nu_a nu_b x y belongs to (nu_b nu_a)(y x). Where it has y = heavy, x = light, the operator is the conjugate of
    the one of the decay, which matters neither for squares nor for interference with the Standard Model.
    """
    standard = f"nu{heavy}nu{light}{light}{heavy}"
    labels = [f"nu{a}nu{b}{heavy}{light}" for a, b in _NEUTRINO_PAIRS]
    labels += [f"nu{a}nu{b}{light}{heavy}" for a, b in _NEUTRINO_PAIRS if a != b]
    return (standard, *(label for label in labels if label != standard))


def decay_coefficients(heavy: str, light: str, eft: str, scale: float) -> tuple[Coefficient, ...]:
    """The 18 coefficients of a decay: for each of `neutrino_channels` CVLL, then CVLR."""
    return tuple(
        Coefficient(f"{operator}_{label}", eft, scale)
        for label in neutrino_channels(heavy, light)
        for operator in ("CVLL", "CVLR")
    )


MUON_DECAY = decay_coefficients("mu", "e", "WET-3", 1.0)


def _phase_space(x: float) -> float:
    return float(1 - 8 * x + 8 * x**3 - x**4 - 12 * x**2 * np.log(x))


def interference_factor(x: float) -> float:
    """4 sqrt(x) g(x)/f(x): the coefficient of -Re(L R*) in the rate, relative to that of \\|L\\|^2."""
    g = 1 + 9 * x - 9 * x**2 - x**3 + 6 * x * (1 + x) * np.log(x)
    return float(4 * np.sqrt(x) * g / _phase_space(x))


def rate_form(left: Complex, right: Complex, x: float) -> Real:
    """Rate over that of left-handed amplitude 1, for amplitudes that are rows over the real vector x.

    Parameters
    ----------
    left, right : (n_channels, m) array of complex
        L and R relative to the Standard Model's L.
    x : float
        m_l'^2/m_l^2.

    Returns
    -------
    (m, m) array, symmetric.
    """
    products = np.einsum("ki,kj->ij", left.conj(), left) + np.einsum("ki,kj->ij", right.conj(), right)
    products = products - interference_factor(x) * np.einsum("ki,kj->ij", left.conj(), right)
    return np.asarray(0.5 * (products + products.T).real)


def decay_rows(point: ParameterPoint, count: int, start: int, total: int) -> tuple[Complex, Complex]:
    """Rows of L and R of `count` channels over x, without the Standard Model, relative to its L.

    The coefficients of the decay begin at position `start` (from 0) among `total` coefficients.
    """
    unit = -np.sqrt(2) / (4 * point["GF"])
    rows = unit * embedding(1 + total)[1 + start : 1 + start + 2 * count]
    return rows[0::2], rows[1::2]


def muon_decay_forms(point: ParameterPoint, start: int, total: int) -> tuple[Real, Real]:
    """The relative rate r of mu -> e nu nu as a form, and h = 1 - rho_1/2 as a row over x; see the head of this module."""
    left, right = decay_rows(point, len(MUON_DECAY) // 2, start, total)
    left[0, 0] += 1.0
    rate = rate_form(left, right, (point["m_e"] / point["m_mu"]) ** 2)
    row = -rate[0].copy()
    row[0] = 1.0
    return rate, row


def with_measured_fermi_constant(point: ParameterPoint, rows: Complex, standard_model: Complex) -> Forms:
    """Sum of squared amplitudes whose part of the Standard Model is given in terms of the measured Fermi constant.

    Parameters
    ----------
    point : ParameterPoint
    rows : (n, 1 + k) array of complex
        Amplitudes over c = (1, C_1, ..., C_k), the Standard Model (first column) left out.
    standard_model : (n,) array
        Their values in the Standard Model.

    Returns
    -------
    Forms
        Over the k coefficients and those of `MUON_DECAY` after them; powers (1, -1, -2).
    """
    known = rows.shape[1] - 1
    total = known + len(MUON_DECAY)
    rate, row = muon_decay_forms(point, known, total)
    amplitudes = rows @ embedding(1 + total)[: 1 + known] + np.outer(standard_model, row)
    square = np.einsum("ki,kj->ij", amplitudes.conj(), amplitudes).real
    return Forms(np.stack([square, rate, linear_form(row)]), powers=(1.0, -1.0, -2.0))


def linear_form(row: Real) -> Real:
    """Symmetric form with x^T Q x = row . x (x_0 = 1)."""
    form = np.zeros((len(row), len(row)))
    form[0] += 0.5 * row
    form[:, 0] += 0.5 * row
    return form
