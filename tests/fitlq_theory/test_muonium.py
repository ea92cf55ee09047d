"""Muonium conversion against published numbers."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitlq_theory.contracts import Parameter
from fitlq_theory.inputs import load_inputs
from fitlq_theory.muonium import OPERATORS, conversion_matrix, conversion_probability
from fitlq_theory.predictions import Predictions

POINT = load_inputs().point()
FERMI = 1.1663788e-5
COEFFICIENT = st.complex_numbers(max_magnitude=1e-7)


def probability(field: float, **coefficients: complex) -> float:
    c = np.array([coefficients.get(name, 0.0) for name in OPERATORS])
    return float(conversion_probability(c, conversion_matrix(POINT, field)))


def test_v_minus_a_without_field() -> None:
    """H = (G/sqrt 2) (mu gamma (1-gamma_5) e)^2 + h.c.: 2.57e-5 (G/G_F)^2; here C_LL = -4 G/sqrt 2."""
    assert probability(0.0, C_LL=-4 * FERMI / math.sqrt(2)) == pytest.approx(2.57e-5, rel=5e-3, abs=0)


@pytest.mark.parametrize("name", ["C_LL", "C_RR"])
def test_suppression_of_v_minus_a(name: str) -> None:
    """0.75 at 2.6 microtesla and 0.35 at 0.1 tesla in hep-ex/9807011 (from memory)."""
    free = probability(0.0, **{name: 1e-8})
    assert probability(2.6e-6, **{name: 1e-8}) / free == pytest.approx(0.75, abs=0.01)
    assert probability(0.1, **{name: 1e-8}) / free == pytest.approx(0.35, abs=0.01)


def test_suppression_of_opposite_chirality() -> None:
    """Abstract of hep-ph/9504218: less than 20 % up to 300 gauss, 33 % for large fields."""
    free = probability(0.0, C_LR=1e-8)
    assert 0.80 < probability(0.03, C_LR=1e-8) / free < 0.85
    assert probability(100.0, C_LR=1e-8) / free == pytest.approx(2 / 3, abs=0.01)


def test_limit_on_the_coupling() -> None:
    """P < 8.3e-11 in 0.1 T is G < 0.0030 G_F."""
    per_unit = probability(0.1, C_LL=4 * FERMI / math.sqrt(2))
    assert math.sqrt(8.3e-11 / per_unit) == pytest.approx(0.0030, abs=5e-5)


@given(st.lists(COEFFICIENT, min_size=5, max_size=5), st.floats(0, 1))
def test_properties(numbers: list[complex], field: float) -> None:
    matrix = conversion_matrix(POINT, field)
    c = np.array(numbers)
    value = float(conversion_probability(c, matrix))
    assert value >= -1e-12 * np.abs(matrix).max() * float(np.sum(np.abs(c) ** 2))
    # parity: left and right exchanged
    mirrored = c[[1, 0, 2, 4, 3]]
    assert float(conversion_probability(mirrored, matrix)) == pytest.approx(value, rel=1e-9, abs=1e-30)
    # CP
    assert float(conversion_probability(c.conj(), matrix)) == pytest.approx(value, rel=1e-9, abs=1e-30)


def test_arrays() -> None:
    found = conversion_probability(1e-8 * np.ones((4, 3, 5)), conversion_matrix(POINT))
    assert found.shape == (4, 3)


class Dilepton:
    """A model with nothing but a muonium amplitude."""

    name, title, reference, eft, basis, scale = "dilepton", "test model", "none", "WET", "flavio", None
    parameters = (Parameter("g", "g", "", 0.0, 1.0, 0.5),)
    touches = ("P(Mu->Mubar)",)

    def coefficients(self, points: np.ndarray) -> dict[str, np.ndarray]:
        return {"C7_ee": 0.0 * points[:, 0]}

    def predictions(self, points: np.ndarray) -> dict[str, np.ndarray]:
        c = np.zeros((len(points), 5))
        c[:, 2] = 1e-8 * points[:, 0]
        return {"P(Mu->Mubar)": conversion_probability(c, conversion_matrix(POINT))}


def test_observable_of_a_model() -> None:
    values = Predictions(Dilepton(), [("P(Mu->Mubar)", {}), ("a_e", {})]).values(np.array([[0.0], [0.5], [1.0]]))[:, 0]
    assert values == pytest.approx([0.0, 0.25 * values[2], probability(0.1, C_LR=1e-8)], rel=1e-9, abs=0)
    alone, jacobian = Predictions(Dilepton(), [("P(Mu->Mubar)", {})]).values_and_jacobian(np.array([[1.0]]))
    assert alone[0, 0] == values[2]
    assert not jacobian.any()
