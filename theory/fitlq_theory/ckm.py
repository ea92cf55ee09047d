r"""The CKM matrix from tree-level inputs, exactly unitary, in the standard phase convention.

Rows are (u, c, t), columns (d, s, b). Dimensionless; gamma in radians. Nothing here is expanded in the Wolfenstein
parameter.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fitlq_theory.errors import InputError

__all__ = ["ckm_matrix"]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]


def ckm_matrix(Vus: ArrayLike, Vub: ArrayLike, Vcb: ArrayLike, gamma: ArrayLike) -> Complex:
    r"""CKM matrix from the moduli of three elements and the angle gamma of the unitarity triangle.

    Standard parametrisation with :math:`s_{13} = |V_{ub}|`, :math:`s_{12} c_{13} = |V_{us}|`,
    :math:`s_{23} c_{13} = |V_{cb}|`. The angle
    :math:`\gamma = \arg(-V_{ud} V_{ub}^* / (V_{cd} V_{cb}^*))` differs from the phase :math:`\delta = -\arg V_{ub}`
    by the argument of :math:`-V_{cd} = s_{12} c_{23} (1 + r e^{i\delta})`,
    :math:`r = s_{13} s_{23} c_{12} / (s_{12} c_{23})`. Writing :math:`\delta = \gamma + \epsilon`, the condition that
    :math:`(1 + r e^{i\delta}) e^{-i\epsilon}` is real gives :math:`\sin\epsilon = r \sin\gamma`, so

    .. math:: \delta = \gamma + \arcsin(r \sin\gamma),

    exact for every gamma.

    Parameters
    ----------
    Vus, Vub, Vcb : array_like
        Moduli, positive; broadcast against each other (leading axes are parameter points).
    gamma : array_like
        In radians.

    Returns
    -------
    ndarray of complex
        Shape (..., 3, 3). V_us, V_cb (and V_ud, V_tb) are real and positive.

    Raises
    ------
    InputError
        If no unitary matrix has these moduli.

    References
    ----------
    PDG review "CKM quark-mixing matrix", standard parametrisation (Chau and Keung, PRL 53 (1984) 1802). The definition
    of the inputs is that of flavio 2.7.1 ("Tree"), whose numbers the tests reproduce for :math:`\gamma < \pi/2`.
    """
    us, ub, cb, angle = np.broadcast_arrays(*(np.asarray(x, dtype=np.float64) for x in (Vus, Vub, Vcb, gamma)))
    _check_moduli(us, ub, cb)
    s13 = ub
    c13 = np.sqrt(1.0 - s13**2)
    s12, s23 = us / c13, cb / c13
    c12, c23 = np.sqrt(1.0 - s12**2), np.sqrt(1.0 - s23**2)
    ratio = s13 * s23 * c12 / (s12 * c23)
    if np.any(ratio >= 1):
        msg = "no unitarity triangle for every gamma: |Vub| |Vcb| is too large against |Vus|"
        raise InputError(msg)
    phase = np.exp(1j * (angle + np.arcsin(ratio * np.sin(angle))))
    matrix = np.empty((*us.shape, 3, 3), dtype=np.complex128)
    matrix[..., 0, 0] = c12 * c13
    matrix[..., 0, 1] = s12 * c13
    matrix[..., 0, 2] = s13 / phase
    matrix[..., 1, 0] = -s12 * c23 - c12 * s23 * s13 * phase
    matrix[..., 1, 1] = c12 * c23 - s12 * s23 * s13 * phase
    matrix[..., 1, 2] = s23 * c13
    matrix[..., 2, 0] = s12 * s23 - c12 * c23 * s13 * phase
    matrix[..., 2, 1] = -c12 * s23 - s12 * c23 * s13 * phase
    matrix[..., 2, 2] = c23 * c13
    return matrix


def _check_moduli(us: Real, ub: Real, cb: Real) -> None:
    for name, value in (("Vus", us), ("Vub", ub), ("Vcb", cb)):
        wrong = ~((value > 0) & (value < 1))
        if np.any(wrong):
            msg = f"{name} is the modulus of a CKM element, between 0 and 1; found {value[wrong].flat[0]:g}"
            raise InputError(msg)
    if np.any(us**2 + ub**2 >= 1) or np.any(cb**2 + ub**2 >= 1):
        msg = "no unitary CKM matrix: |Vus|^2 + |Vub|^2 and |Vcb|^2 + |Vub|^2 must be below 1"
        raise InputError(msg)
