r"""Helicity amplitudes of P -> P' l nu and P -> V l nu for general left-handed-neutrino operators.

Named after B -> D and B -> D*; the quarks b and c stand for any down-type and up-type quark.

.. math:: \mathcal L = -\frac{4 G_F}{\sqrt 2} V_{cb} \sum_k C_k O_k + \mathrm{h.c.}

with (names of the WCxf basis "WET, flavio")

========  =====================================================================================
``CVL``   :math:`(\bar c \gamma_\mu P_L b)(\bar l \gamma^\mu P_L \nu)`; the Standard Model adds its value for equal flavours
``CVR``   :math:`(\bar c \gamma_\mu P_R b)(\bar l \gamma^\mu P_L \nu)`
``CSL``   :math:`(\bar c P_L b)(\bar l P_L \nu)`, no quark mass in the normalisation
``CSR``   :math:`(\bar c P_R b)(\bar l P_L \nu)`
``CT``    :math:`(\bar c \sigma_{\mu\nu} P_L b)(\bar l \sigma^{\mu\nu} P_L \nu)`
========  =====================================================================================

Every amplitude is a row over these five coefficients. The rates of arXiv:1309.0301 (sums over the helicities of the lepton)
and arXiv:1212.1878 (each helicity) are sums of squared moduli times `rate_normalisation`. The tensor amplitude of B -> D is
the one of these papers and of EOS; flavio 2.7.1 has it smaller by sqrt 2. GeV throughout.

Where the up-type quark decays (D -> K l nu) the same operators act, between charge-conjugate states. Under C the vector and
the tensor current change sign and the scalar one does not, so that scalar amplitudes enter with the opposite sign. This is
what the formulas give with the quark masses at their places, (m_D^2 - m_K^2)/(m_s - m_c) < 0: the equation of motion
of the current, as in arXiv:1502.07488.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "OPERATORS",
    "PSEUDOSCALAR_STATES",
    "VECTOR_STATES",
    "FormFactors",
    "Kinematics",
    "State",
    "lepton_helicities",
    "pseudoscalar_amplitudes",
    "rate_normalisation",
    "vector_amplitudes",
]

Real = NDArray[np.float64]
FormFactors = Mapping[str, Real]

OPERATORS = ("CVL", "CVR", "CSL", "CSR", "CT")


@dataclass(frozen=True, slots=True)
class State:
    """A final state with definite helicities; states of different spin of the lepton pair do not interfere in rates.

    Attributes
    ----------
    lepton_helicity : {-1, 1}
        Twice the helicity of the charged lepton in the rest frame of the lepton pair.
    longitudinal : bool
        Whether the daughter meson has helicity 0 (always so for a pseudoscalar).
    """

    lepton_helicity: int
    longitudinal: bool


# the last state of each has a lepton pair of spin 0
PSEUDOSCALAR_STATES = (State(-1, True), State(1, True), State(1, True))
VECTOR_STATES = (
    *(State(-1, longitudinal) for longitudinal in (True, False, False)),
    *(State(1, longitudinal) for longitudinal in (True, False, False)),
    State(1, True),
)


@dataclass(frozen=True, slots=True)
class Kinematics:
    """Momentum transfer q2 (GeV^2, array) and the masses (GeV) of the mesons, lepton and MSbar down- and up-type quark."""

    q2: Real
    m_in: float
    m_out: float
    m_lepton: float
    m_down: float
    m_up: float

    @property
    def triangle(self) -> Real:
        """lambda(m_in^2, m_out^2, q2) in GeV^4; zero beyond the end point."""
        above, below = (self.m_in + self.m_out) ** 2 - self.q2, (self.m_in - self.m_out) ** 2 - self.q2
        return np.asarray(above * np.maximum(below, 0.0))


def rate_normalisation(kinematics: Kinematics, fermi_constant: float, ckm_element: float) -> Real:
    r"""What multiplies the sum of squared amplitudes in dGamma/dq2, in GeV^-3 for amplitudes in GeV, shape of q2.

    .. math:: \frac{G_F^2 |V_{cb}|^2}{192 \pi^3 m_B^3} q^2 \sqrt{\lambda} \left(1 - \frac{m_l^2}{q^2}\right)^2

    arXiv:1309.0301, common factor of the rates. Zero below the threshold.
    """
    q2 = kinematics.q2
    phase_space = np.maximum(1.0 - kinematics.m_lepton**2 / q2, 0.0) ** 2
    constant = (fermi_constant * ckm_element) ** 2 / (192 * np.pi**3 * kinematics.m_in**3)
    return np.asarray(constant * q2 * np.sqrt(kinematics.triangle) * phase_space)


def _rows(count: int, q2: Real) -> Real:
    return np.zeros((*q2.shape, count, len(OPERATORS)))


def lepton_helicities(vector: Real, tensor: Real, ratio: Real) -> tuple[Real, Real]:
    """Combine current and tensor amplitudes into lepton helicity -1/2 and +1/2; `ratio` is m_l/sqrt(q2)."""
    ratio = ratio[..., None]
    return vector - 4 * ratio * tensor, (ratio * vector - 4 * tensor) / np.sqrt(2)


def pseudoscalar_amplitudes(kinematics: Kinematics, form_factors: FormFactors) -> Real:
    """Amplitudes of P -> P' l nu in the order of `PSEUDOSCALAR_STATES`.

    Parameters
    ----------
    kinematics : Kinematics
    form_factors : mapping
        ``f+``, ``f0``, ``fT`` at q2.

    Returns
    -------
    ndarray of float, shape (*q2.shape, 3, 5)
        States, operators; in GeV.

    References
    ----------
    arXiv:1309.0301 (hadronic amplitudes H_V0, H_Vt, H_S, H_T of B -> D); arXiv:1212.1878 (helicities of the lepton).
    """
    k, root = kinematics, np.sqrt(kinematics.q2)
    momentum = np.sqrt(k.triangle)
    difference = k.m_in**2 - k.m_out**2
    vector, tensor, spin_0 = (np.zeros((*k.q2.shape, len(OPERATORS))) for _ in range(3))
    vector[..., :2] = (momentum / root * form_factors["f+"])[..., None]
    tensor[..., 4] = -momentum / (k.m_in + k.m_out) * form_factors["fT"]
    spin_0[..., :2] = (k.m_lepton * difference / k.q2 * form_factors["f0"])[..., None]
    spin_0[..., 2:4] = (difference / (k.m_down - k.m_up) * form_factors["f0"])[..., None]
    rows = _rows(len(PSEUDOSCALAR_STATES), k.q2)
    rows[..., 0, :], rows[..., 1, :] = lepton_helicities(vector, tensor, k.m_lepton / root)
    rows[..., 2, :] = np.sqrt(1.5) * spin_0
    return rows


def vector_amplitudes(kinematics: Kinematics, form_factors: FormFactors) -> Real:
    """Amplitudes of P -> V l nu in the order of `VECTOR_STATES` (helicities of V 0, +, -).

    Parameters
    ----------
    kinematics : Kinematics
    form_factors : mapping
        ``V``, ``A0``, ``A1``, ``A12``, ``T1``, ``T2``, ``T23`` at q2.

    Returns
    -------
    ndarray of float, shape (*q2.shape, 7, 5)
        States, operators; in GeV.

    References
    ----------
    arXiv:1309.0301 (hadronic amplitudes of B -> D*); arXiv:1212.1878 (helicities of the lepton). The longitudinal
    amplitudes are written with A_12, T_23 of arXiv:1310.3722.
    """
    k, root = kinematics, np.sqrt(kinematics.q2)
    momentum, ratio = np.sqrt(k.triangle), k.m_lepton / np.sqrt(k.q2)
    total = k.m_in + k.m_out
    axial, magnetic = total * form_factors["A1"], momentum / total * form_factors["V"]
    longitudinal = -8 * k.m_in * k.m_out / root * form_factors["A12"]
    # helicities 0, +, - of the left-handed and of the right-handed quark current
    left = (longitudinal, axial - magnetic, axial + magnetic)
    right = (-longitudinal, -axial - magnetic, -axial + magnetic)
    odd, even = momentum * form_factors["T1"], total * (k.m_in - k.m_out) * form_factors["T2"]
    tensor_longitudinal = -4 * k.m_in * k.m_out / total * form_factors["T23"]
    tensors = (tensor_longitudinal, (odd + even) / root, (even - odd) / root)
    rows = _rows(len(VECTOR_STATES), k.q2)
    for helicity in range(3):
        vector, tensor = (np.zeros((*k.q2.shape, len(OPERATORS))) for _ in range(2))
        vector[..., 0], vector[..., 1] = left[helicity], right[helicity]
        tensor[..., 4] = tensors[helicity]
        rows[..., helicity, :], rows[..., helicity + 3, :] = lepton_helicities(vector, tensor, ratio)
    pseudoscalar = momentum * form_factors["A0"]
    rows[..., 6, 0] = -k.m_lepton * pseudoscalar / k.q2
    rows[..., 6, 1] = -rows[..., 6, 0]
    rows[..., 6, 2] = pseudoscalar / (k.m_down + k.m_up)
    rows[..., 6, 3] = -rows[..., 6, 2]
    rows[..., 6, :] *= np.sqrt(1.5)
    return rows
