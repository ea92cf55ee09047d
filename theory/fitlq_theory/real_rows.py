r"""Amplitudes that mix Wilson coefficients and their complex conjugates, as rows over the real vector x.

An amplitude a.c + (b.c)^* is not linear in c = (1, C_1, ...), but it is in x = (1, Re C_1, Im C_1, ...): a complex row r with
value r.x. Needed where an operator and its Hermitian conjugate lead to the same final state: decays of KL and KS, and
tau decays, where one chirality of the scalar coupling comes from a Hermitian conjugate. Leading axes broadcast.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["antilinear", "linear", "real_product", "square"]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]


def linear(row: ArrayLike) -> Complex:
    """The row over x, shape (..., 2n - 1), of the amplitude v.c with `row` v of shape (..., n)."""
    values = np.asarray(row, dtype=np.complex128)
    result = np.empty((*values.shape[:-1], 2 * values.shape[-1] - 1), dtype=np.complex128)
    result[..., 0] = values[..., 0]
    result[..., 1::2] = values[..., 1:]
    result[..., 2::2] = 1j * values[..., 1:]
    return result


def antilinear(row: ArrayLike) -> Complex:
    """The row over x of the complex conjugate (v.c)^*."""
    return linear(row).conj()


def real_product(first: ArrayLike, second: ArrayLike) -> Real:
    """Symmetric form of Re[(a.x) (b.x)^*] for two rows over x."""
    a, b = np.asarray(first, dtype=np.complex128), np.asarray(second, dtype=np.complex128)
    real = a.real[..., :, None] * b.real[..., None, :] + a.imag[..., :, None] * b.imag[..., None, :]
    return np.asarray(0.5 * (real + np.swapaxes(real, -1, -2)))


def square(row: ArrayLike) -> Real:
    """Symmetric form of |a.x|^2."""
    return real_product(row, row)
