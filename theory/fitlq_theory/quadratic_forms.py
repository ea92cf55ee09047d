r"""Real quadratic forms in the Wilson coefficients, the common shape of every prediction.

A prediction is built from forms :math:`f = x^T Q x` in the real vector

.. math:: x = (1, \mathrm{Re}\,C_1, \mathrm{Im}\,C_1, \mathrm{Re}\,C_2, \mathrm{Im}\,C_2, \dots)

A rate :math:`c^\dagger H c` with :math:`c = (1, C_1, \dots)` and Hermitian :math:`H` is one (`from_hermitian`), and so are
:math:`\mathrm{Re}(c^T S c)` (`from_symmetric`), needed where a rate depends on :math:`(\mathrm{Im} X)^2` or on the
interference of mixing and decay, and the real or imaginary part of a linear amplitude (`from_linear`).
All functions broadcast over leading axes.
"""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "embedding",
    "from_hermitian",
    "from_linear",
    "from_symmetric",
    "modulus_squared",
    "monomial_indices",
    "pack",
    "real_vector",
    "selected",
]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]


def embedding(count: int) -> Complex:
    """Matrix E with c = E x, shape (count, 2 count - 1); c[0] = 1."""
    embedding = np.zeros((count, 2 * count - 1), dtype=np.complex128)
    embedding[0, 0] = 1.0
    for k in range(1, count):
        embedding[k, 2 * k - 1] = 1.0
        embedding[k, 2 * k] = 1.0j
    return embedding


def from_hermitian(matrix: Complex) -> Real:
    """Real symmetric Q, shape (..., 2n-1, 2n-1), with x^T Q x = c^dagger H c for `matrix` H of shape (..., n, n).

    Only the Hermitian part of `matrix` contributes (the form is real).
    """
    matrix = np.asarray(matrix, dtype=np.complex128)
    adjoint = np.swapaxes(matrix, -1, -2).conj()
    hermitian = 0.5 * (matrix + adjoint)
    symmetric, antisymmetric = hermitian.real, hermitian.imag
    size = 2 * matrix.shape[-1] - 1
    form = np.empty((*matrix.shape[:-2], size, size))
    # with c = a + i b: a^T S a + b^T S b - a^T A b + b^T A a for H = S + i A; b_0 = 0
    form[..., 0, 0] = symmetric[..., 0, 0]
    form[..., 0, 1::2] = form[..., 1::2, 0] = symmetric[..., 0, 1:]
    form[..., 0, 2::2] = form[..., 2::2, 0] = -antisymmetric[..., 0, 1:]
    form[..., 1::2, 1::2] = form[..., 2::2, 2::2] = symmetric[..., 1:, 1:]
    form[..., 1::2, 2::2] = -antisymmetric[..., 1:, 1:]
    form[..., 2::2, 1::2] = antisymmetric[..., 1:, 1:]
    return form


def from_symmetric(matrix: Complex) -> Real:
    """Real symmetric Q with x^T Q x = Re(c^T S c) for `matrix` S of shape (..., n, n)."""
    matrix = np.asarray(matrix, dtype=np.complex128)
    e = embedding(matrix.shape[-1])
    full = (e.T @ matrix @ e).real
    return 0.5 * (full + np.swapaxes(full, -1, -2))


def from_linear(vector: Complex) -> Real:
    """Real symmetric Q with x^T Q x = Re(v . c), `vector` v of shape (..., n); for Im(v . c) pass ``-1j * v``."""
    vector = np.asarray(vector, dtype=np.complex128)
    row = (vector @ embedding(vector.shape[-1])).real
    form = np.zeros((*row.shape, row.shape[-1]))
    form[..., 0, :] += 0.5 * row
    form[..., :, 0] += 0.5 * row
    return form


def modulus_squared(vector: Complex) -> Real:
    """Real symmetric Q with x^T Q x = |v . c|^2, `vector` v of shape (..., n)."""
    vector = np.asarray(vector, dtype=np.complex128)
    return from_hermitian(vector.conj()[..., :, None] * vector[..., None, :])


@cache
def monomial_indices(size: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Row and column indices (i <= j) of the monomials x_i x_j, in the order used by `pack`; read-only."""
    rows, columns = np.triu_indices(size)
    for indices in (rows, columns):
        indices.setflags(write=False)
    return rows, columns


@cache
def _multiplicities(size: int) -> Real:
    """How often each monomial occurs in x^T Q x."""
    i, j = monomial_indices(size)
    found = np.where(i == j, 1.0, 2.0)
    found.setflags(write=False)
    return found


def pack(form: Real) -> Real:
    """Coefficients of the monomials x_i x_j (i <= j) of symmetric `form` (..., m, m); shape (..., m(m+1)/2)."""
    i, j = monomial_indices(form.shape[-1])
    return np.asarray(form[..., i, j] * _multiplicities(form.shape[-1]))


def selected(form: Real, positions: NDArray[np.intp]) -> Real:
    """The sub-form on the given positions of x (the others are zero)."""
    return np.asarray(form[..., positions[:, None], positions[None, :]])


def real_vector(coefficients: Complex) -> Real:
    """x of shape (N, 2n+1) from complex coefficients of shape (N, n)."""
    coefficients = np.asarray(coefficients, dtype=np.complex128)
    x = np.empty((*coefficients.shape[:-1], 2 * coefficients.shape[-1] + 1))
    x[..., 0] = 1.0
    x[..., 1::2] = coefficients.real
    x[..., 2::2] = coefficients.imag
    return x
