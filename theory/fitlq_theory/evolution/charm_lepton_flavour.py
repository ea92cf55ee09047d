r"""c -> u l l' with two lepton flavours, which the WCxf basis "flavio" leaves out: from SMEFT at M_Z to the low scale.

The coefficients are an extension of the basis in its own style (`fitlq_theory.wilson_coefficients.extension_names`),

.. math::
    \mathcal L = \frac{4G_F}{\sqrt2} V_{ub}V_{cb}^* \frac{e^2}{16\pi^2} \sum_i C_i O_i + \mathrm{h.c.}, \qquad
    O_9 = (\bar u\gamma_\mu P_L c)(\bar l_2\gamma^\mu l_1), \quad O_S = m_c (\bar u P_R c)(\bar l_2 l_1), \quad
    O_T = (\bar u\sigma_{\mu\nu} P_R c)(\bar l_2\sigma^{\mu\nu} l_1)

for ``C9_cu{l1}{l2}``, ...; O_10 and O_P with :math:`\gamma_5` at the leptons, primed ones with the other chirality of the
quarks. Only the tensor operators have no counterpart with equal leptons in the basis.

Matching at tree level (Warsaw up; V stands for the chiral currents, first that of the leptons):

.. math::
    V_{LL} &= C_{lq}^{(1)} - C_{lq}^{(3)}, \quad V_{RL} = C_{qe}, \quad V_{LR} = C_{lu}, \quad V_{RR} = C_{eu}, \\
    S_{RR} &= -C_{lequ}^{(1), l_2l_1uc}, \quad S_{LL} = -C_{lequ}^{(1), l_1l_2cu\,*}, \qquad T\ \text{alike from}\ C_{lequ}^{(3)}

(:math:`\epsilon_{21} = -1` between the doublets). One loop below, :math:`a = \alpha_e/4\pi`, quark mass :math:`m = m_c(\mu)`:

.. math::
    \frac{d V}{d\ln\mu} &= \pm 12\,a\,Q_eQ_u\, V \quad (+: LL, RR), \\
    \frac{d}{d\ln\mu}\frac{S}{m} &= -6a(Q_e^2 + Q_u^2) \frac{S}{m} - 96\,a\,Q_eQ_u \frac{T}{m}, \qquad
    \frac{d T}{d\ln\mu} = \left(2 C_F\frac{\alpha_s}{4\pi} + 2a(Q_e^2 + Q_u^2)\right) T - 2\,a\,Q_eQ_u\, S,

mixing to first order in a; scalars of opposite chiralities do not mix. There are no penguins: the lepton flavours differ.
Scalars run like the mass to all orders in QCD, tensors like its power -1/3 at leading order. References: arXiv:1709.04486
(matching), arXiv:1711.05270 (anomalous dimensions; agree with the tables of rgevolve for other sectors, see the tests).
"""

from __future__ import annotations

import math
import re

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.errors import FitlqError
from fitlq_theory.evolution import rgevolve_data
from fitlq_theory.evolution.inputs import EvolutionInputs
from fitlq_theory.evolution.matching.tensors import LinearCombination

__all__ = ["is_charm_lepton_flavour", "matching_rows", "running", "split_name"]

Real = NDArray[np.float64]

_NAME = re.compile(r"C(9|10|S|P|T)(p?)_(cu(e|mu|tau)(e|mu|tau))")
_KINDS = ("9", "10", "S", "P", "T")
_LEPTON = {"e": 0, "mu": 1, "tau": 2}
_UP, _CHARM, _BOTTOM = 0, 1, 2
_LEPTON_CHARGE, _QUARK_CHARGE = -1.0, 2.0 / 3.0
_PRODUCT, _SQUARES = _LEPTON_CHARGE * _QUARK_CHARGE, _LEPTON_CHARGE**2 + _QUARK_CHARGE**2
_TENSOR_POWER = -1.0 / 3.0  # ratio of the one-loop anomalous dimensions of tensor and mass in QCD
_POSITIONS, _WEIGHTS = np.polynomial.legendre.leggauss(8)  # of smooth functions of ln(scale)


def is_charm_lepton_flavour(name: str) -> bool:
    """Whether `name` is one of the coefficients of c -> u l l' with two lepton flavours."""
    found = _NAME.fullmatch(name)
    return found is not None and found[4] != found[5]


def matching_rows(sector: str, primed: bool, inputs: EvolutionInputs) -> tuple[str, Real]:
    """Tree-level matching at M_Z for one chirality of the quarks and ``sector`` (as ``cuemu``).

    Returns
    -------
    smeft : str
        The SMEFT sector that feeds it.
    rows : ndarray, shape (10, n)
        (Re, Im) of C9, C10, CS, CP, CT over the real components of that sector.
    """
    known = rgevolve_data.sector_of("SMEFT")
    found = _NAME.fullmatch(f"C9_{sector}")
    if found is None:
        msg = f"{sector!r} is no sector of c -> u l l'"
        raise FitlqError(msg)
    annihilated, created = _LEPTON[found[4]], _LEPTON[found[5]]
    norm = _normalisation(inputs)
    combinations = {kind: LinearCombination(frozenset(known)) for kind in _KINDS}
    for kind, sign in (("9", 1.0), ("10", -1.0)):
        _add_vectors(combinations[kind], primed, (annihilated, created), sign / (2.0 * norm), 1.0 / (2.0 * norm))
    flavours = (annihilated, created, _CHARM, _UP) if primed else (created, annihilated, _UP, _CHARM)
    mass = inputs.charm_mass(rgevolve_data.reference_scale("WET"))
    combinations["S"].add(-0.5 / norm / mass, "lequ1", *flavours, conjugate=primed)
    combinations["P"].add((0.5 if primed else -0.5) / norm / mass, "lequ1", *flavours, conjugate=primed)
    combinations["T"].add(-1.0 / norm, "lequ3", *flavours, conjugate=primed)
    smeft = known[next(iter(combinations["T"].terms))]
    positions = rgevolve_data.components("SMEFT", smeft)
    return smeft, np.concatenate([combinations[kind].rows(positions) for kind in _KINDS])


def _normalisation(inputs: EvolutionInputs) -> complex:
    ckm = inputs.ckm[_UP, _BOTTOM] * inputs.ckm[_CHARM, _BOTTOM].conj()
    return complex(4.0 * inputs.fermi_constant / math.sqrt(2.0) * ckm * _loop(inputs))


def _loop(inputs: EvolutionInputs) -> float:
    return inputs.alpha_e(rgevolve_data.reference_scale("WET")) / (4.0 * math.pi)


def _add_vectors(result: LinearCombination, primed: bool, pair: tuple[int, int], left: complex, right: complex) -> None:
    """Chiral vector operators, with factors for left- and right-handed leptons."""
    annihilated, created = pair
    if primed:
        result.add(left, "lu", created, annihilated, _UP, _CHARM)
        result.add(right, "eu", created, annihilated, _UP, _CHARM)
        return
    result.add(left, "lq1", created, annihilated, _UP, _CHARM)
    result.add(-left, "lq3", created, annihilated, _UP, _CHARM)
    result.add(right, "qe", _UP, _CHARM, created, annihilated)


def running(start: float, end: float, primed: bool, inputs: EvolutionInputs) -> Real:
    """Matrix of C9, C10, CS, CP, CT from scale `start` to `end` (GeV), each normalised at its own scale; shape (5, 5)."""
    length, loop = math.log(end / start), _loop(inputs)
    chirality = -1.0 if primed else 1.0
    matrix = np.zeros((5, 5))
    same, opposite = math.exp(12.0 * loop * _PRODUCT * length), math.exp(-12.0 * loop * _PRODUCT * length)
    matrix[:2, :2] = 0.5 * (same + opposite)
    matrix[0, 1] = matrix[1, 0] = 0.5 * chirality * (opposite - same)
    scalar, tensor = -6.0 * loop * _SQUARES, 2.0 * loop * _SQUARES
    mass, power = inputs.charm_mass(start), _TENSOR_POWER - 1.0
    matrix[2, 2] = matrix[3, 3] = math.exp(scalar * length)
    from_tensor = -48.0 * loop * _PRODUCT * matrix[2, 2] / mass * _integral(start, end, power, tensor - scalar, inputs)
    matrix[2, 4], matrix[3, 4] = from_tensor, chirality * from_tensor
    matrix[4, 4] = (inputs.charm_mass(end) / mass) ** _TENSOR_POWER * math.exp(tensor * length)
    from_scalar = -2.0 * loop * _PRODUCT * matrix[4, 4] * mass * _integral(start, end, -power, scalar - tensor, inputs)
    matrix[4, 2], matrix[4, 3] = from_scalar, chirality * from_scalar
    return matrix * (inputs.alpha_e(start) / inputs.alpha_e(end))


def _integral(start: float, end: float, power: float, rate: float, inputs: EvolutionInputs) -> float:
    """Integral of (m_c(mu)/m_c(start))^power (mu/start)^rate over ln(mu) from `start` to `end`."""
    logs = 0.5 * math.log(end / start) * (_POSITIONS + 1.0)
    masses = np.array([inputs.charm_mass(start * math.exp(log)) for log in logs])
    integrand = (masses / inputs.charm_mass(start)) ** power * np.exp(rate * logs)
    return float(0.5 * math.log(end / start) * _WEIGHTS @ integrand)


def split_name(name: str) -> tuple[str, bool, int]:
    """Sector, chirality and position in the vectors of this module of a coefficient: ``C10p_cuemu`` -> ("cuemu", True, 1)."""
    found = _NAME.fullmatch(name)
    if found is None or found[4] == found[5]:
        msg = f"{name} is no coefficient of c -> u l l' with two lepton flavours"
        raise FitlqError(msg)
    return found[3], bool(found[2]), _KINDS.index(found[1])
