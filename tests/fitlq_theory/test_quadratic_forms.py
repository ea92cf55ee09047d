"""Real quadratic forms against direct complex arithmetic."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitlq_theory.quadratic_forms import (
    from_hermitian,
    from_linear,
    from_symmetric,
    modulus_squared,
    monomial_indices,
    pack,
    real_vector,
    selected,
)

seeds = st.integers(0, 2**32 - 1)


def _random(seed: int, *shape: int) -> np.ndarray:
    generator = np.random.default_rng(seed)
    return generator.normal(size=shape) + 1j * generator.normal(size=shape)


def _vectors(seed: int, n: int) -> tuple[np.ndarray, np.ndarray]:
    coefficients = _random(seed, 5, n)
    c = np.concatenate([np.ones((5, 1)), coefficients], axis=1)
    return c, real_vector(coefficients)


@given(seeds, st.integers(0, 4))
def test_hermitian(seed: int, n: int) -> None:
    a = _random(seed, n + 1, n + 1)
    h = a.conj().T @ a
    c, x = _vectors(seed + 1, n)
    direct = np.einsum("ni,ij,nj->n", c.conj(), h, c).real
    assert np.einsum("ni,ij,nj->n", x, from_hermitian(h), x) == pytest.approx(direct, rel=1e-12, abs=1e-12)


@given(seeds, st.integers(0, 4))
def test_symmetric(seed: int, n: int) -> None:
    s = _random(seed, n + 1, n + 1)
    c, x = _vectors(seed + 1, n)
    direct = np.einsum("ni,ij,nj->n", c, s, c).real
    # sums of O(30) terms of order one cancel: absolute tolerance in units of rounding
    assert np.einsum("ni,ij,nj->n", x, from_symmetric(s), x) == pytest.approx(direct, rel=1e-12, abs=1e-11)


@given(seeds, st.integers(0, 4))
def test_linear_and_modulus(seed: int, n: int) -> None:
    v = _random(seed, n + 1)
    c, x = _vectors(seed + 1, n)
    amplitude = c @ v
    assert np.einsum("ni,ij,nj->n", x, from_linear(v), x) == pytest.approx(amplitude.real, rel=1e-12, abs=1e-12)
    assert np.einsum("ni,ij,nj->n", x, from_linear(-1j * v), x) == pytest.approx(amplitude.imag, rel=1e-12, abs=1e-12)
    assert np.einsum("ni,ij,nj->n", x, modulus_squared(v), x) == pytest.approx(np.abs(amplitude) ** 2, rel=1e-11, abs=1e-12)


@given(seeds)
def test_packed_form_is_the_form(seed: int) -> None:
    a = _random(seed, 4, 4)
    form = from_hermitian(a.conj().T @ a)
    _, x = _vectors(seed, 3)
    i, j = monomial_indices(7)
    assert (x[:, i] * x[:, j]) @ pack(form) == pytest.approx(np.einsum("ni,ij,nj->n", x, form, x), rel=1e-12, abs=0)


def test_selected_keeps_the_named_components() -> None:
    form = np.arange(25.0).reshape(5, 5)
    assert selected(form, np.array([0, 3])).tolist() == [[0.0, 3.0], [15.0, 18.0]]
