"""Dispersive K -> pi form factors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["kaon_to_pion"]

Real = NDArray[np.float64]


def kaon_to_pion(parametrisation: Mapping[str, Any], coefficients: Mapping[str, float], q2: Real) -> dict[str, Real]:
    r"""f_+ and f_0 from twice subtracted dispersion relations, and f_T with one pole.

    .. math:: f_+ = f_+(0) \exp\left[\frac{q^2}{m_\pi^2}(\Lambda_+ + H)\right], \quad
              f_0 = f_+(0) \exp\left[\frac{q^2}{m_K^2 - m_\pi^2}(\ln C - G)\right], \quad
              f_T = \frac{f_T(0)}{1 - s_T q^2}

    with :math:`x = q^2/(m_K - m_\pi)^2`, :math:`H = H_1 x + H_2 x^2` and :math:`G = x D + (1-x) d + x (1-x) k`.

    Parameters
    ----------
    parametrisation : mapping
        ``m_in`` and ``m_out``, the masses of neutral kaon and charged pion in GeV.
    coefficients : mapping of str to float
        ``f+(0)``, ``Lambda_+``, ``ln(C)``, ``D``, ``d``, ``k``, ``H1``, ``H2``, ``fT(0)`` (MSbar at 2 GeV), ``sT`` (GeV^-2).
    q2 : array
        GeV^2.

    References
    ----------
    arXiv:1005.2323 eqs. (33) and (37); arXiv:0903.1654 eqs. (A.1) and (A.3) for G and H; arXiv:1108.1021 eq. (4).
    """
    c = coefficients
    m_k, m_pi = parametrisation["m_in"], parametrisation["m_out"]
    x = q2 / (m_k - m_pi) ** 2
    vector_phase = c["H1"] * x + c["H2"] * x**2
    scalar_phase = c["D"] * x + c["d"] * (1 - x) + c["k"] * x * (1 - x)
    return {
        "f+": np.asarray(c["f+(0)"] * np.exp(q2 / m_pi**2 * (c["Lambda_+"] + vector_phase))),
        "f0": np.asarray(c["f+(0)"] * np.exp(q2 / (m_k**2 - m_pi**2) * (c["ln(C)"] - scalar_phase))),
        "fT": np.asarray(c["fT(0)"] / (1 - c["sT"] * q2)),
    }
