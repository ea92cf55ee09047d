r"""Amplitudes that contain Wilson coefficients and their complex conjugates, as needed where an operator and its Hermitian
conjugate lead to the same final state with different chirality.

An amplitude :math:`A = a_0 + \sum_k (a_k C_k + b_k C_k^*)` is linear in the real vector x = (1, Re C_1, Im C_1, ...) of
`fitlq_theory.quadratic_forms`; here amplitudes are complex arrays whose last axis runs over x.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["amplitude_rows", "hermitian_rate"]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]


def amplitude_rows(direct: ArrayLike, conjugate: ArrayLike | None = None, constant: complex = 0.0) -> Complex:
    r"""Rows over x of :math:`a_0 + a \cdot C + b \cdot C^*`.

    Parameters
    ----------
    direct, conjugate : array_like of complex, shape (..., n)
        a and b, one entry per coefficient; `conjugate` is zero when None.
    constant : complex
        a_0, the same for all leading axes.

    Returns
    -------
    ndarray of complex, shape (..., 2n+1)
    """
    a = np.asarray(direct, dtype=np.complex128)
    b = np.zeros_like(a) if conjugate is None else np.asarray(conjugate, dtype=np.complex128)
    rows = np.zeros((*a.shape[:-1], 2 * a.shape[-1] + 1), dtype=np.complex128)
    rows[..., 0] = constant
    rows[..., 1::2] = a + b
    rows[..., 2::2] = 1j * (a - b)
    return rows


def hermitian_rate(rows: Complex, matrix: ArrayLike) -> Real:
    r"""Real symmetric form of :math:`\sum_{ij} A_i^* H_{ij} A_j` for `rows` (m, 2n+1) and Hermitian `matrix` H (m, m)."""
    full = (rows.conj().T @ np.asarray(matrix, dtype=np.complex128) @ rows).real
    return np.asarray(0.5 * (full + full.T))
