r"""Decay constants and light-cone distribution amplitudes of B mesons and light vector mesons.

Distribution amplitudes of vector mesons are :math:`\phi(u) = 6 u (1 - u) [1 + a_1 C_1^{3/2}(2u - 1) + a_2 C_2^{3/2}(2u - 1)]`;
K* of both charges share their inputs. The strange quark carries the fraction u. Decay constants and moments in GeV.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.qcd import alpha_strong, pole_mass

__all__ = [
    "b_meson_moment",
    "inverse_minus_moment",
    "longitudinal_decay_constant",
    "longitudinal_moments",
    "transverse_decay_constant",
    "transverse_moments",
]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]

_TRANSVERSE_SCALE = 2.0  # GeV, of the inputs f_perp
# C_F/beta_0 for four flavours
_TRANSVERSE_EXPONENT = 4.0 / 25.0
_BINDING_FRACTION = 2.0 / 3.0


def _family(vector: str) -> str:
    return "phi" if vector == "phi" else "K*"


def b_meson_moment(point: ParameterPoint, parent: str, *, from_binding_energy: bool) -> float:
    r""":math:`\lambda_B`, one over the mean of :math:`1/\omega` in the B meson, GeV.

    Parameters
    ----------
    point : ParameterPoint
    parent : {"B0", "B+", "Bs"}
    from_binding_energy : bool
        Treatment of flavio 2.7.1: :math:`\frac23 (m_B - m_b)` with the pole mass, without an error.
    """
    if from_binding_energy:
        return _BINDING_FRACTION * (point[f"m_{parent}"] - pole_mass(point, "b"))
    value = point["lambda_B"]
    return value * point["lambda_Bs/lambda_B"] if parent == "Bs" else value


def inverse_minus_moment(q2: Real, mass: float, moment: float) -> Complex:
    r""":math:`\lambda_{B,-}^{-1}(q^2)` of the exponential model, hep-ph/0106067, around eq. (54).

    .. math:: \frac{e^{-y}}{\omega_0} [-\mathrm{Ei}(y) + i\pi], \qquad y = \frac{q^2}{m_B \omega_0},

    with :math:`\omega_0 = \lambda_B`: the model's own relation. It diverges like a logarithm for :math:`q^2 \to 0`.

    Parameters
    ----------
    q2 : ndarray, shape (n,)
        GeV^2, above 0.
    mass, moment : float
        m_B and lambda_B, GeV.
    """
    from scipy.special import expi

    y = q2 / (mass * moment)
    return np.asarray(np.exp(-y) / moment * (-expi(y) + 1j * math.pi))


def longitudinal_decay_constant(point: ParameterPoint, vector: str) -> float:
    """f_V of the vector current."""
    return point["f_phi" if vector == "phi" else "f_K*+"]


def transverse_decay_constant(point: ParameterPoint, vector: str, scale: float) -> float:
    """f_V of the tensor current at `scale` from the input at 2 GeV, at leading order, four flavours."""
    ratio = alpha_strong(point, scale, 4) / alpha_strong(point, _TRANSVERSE_SCALE, 4)
    return float(point[f"f_perp_{_family(vector)}"] * ratio**_TRANSVERSE_EXPONENT)


def longitudinal_moments(point: ParameterPoint, vector: str) -> Real:
    """(1, a_1, a_2) of longitudinal mesons."""
    return np.array([1.0, point[f"a1_para_{_family(vector)}"], point[f"a2_para_{_family(vector)}"]])


def transverse_moments(point: ParameterPoint, vector: str) -> Real:
    """(1, a_1, a_2) of transverse mesons."""
    return np.array([1.0, point[f"a1_perp_{_family(vector)}"], point[f"a2_perp_{_family(vector)}"]])
