from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitlq_theory.ckm import ckm_matrix
from fitlq_theory.errors import InputError

ORACLE = json.loads((Path(__file__).parent / "evolution" / "data" / "flavio_ckm.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("point", ORACLE["points"], ids=lambda point: str(point["inp"]))
def test_agrees_with_flavio(point: dict[str, list[float]]) -> None:
    expected = np.array(point["re"]) + 1j * np.array(point["im"])
    # the same exact formula, so only rounding is left: 1e-14 of the largest element, 1
    np.testing.assert_allclose(ckm_matrix(*point["inp"]), expected, rtol=0, atol=1e-14)


def test_element_by_hand() -> None:
    matrix = ckm_matrix(0.2248, 0.00364, 0.04197, 1.15)
    # |V_td| from the unitarity of the first column: sqrt(1 - V_ud^2 - |V_cd|^2)
    expected = np.sqrt(1 - abs(matrix[0, 0]) ** 2 - abs(matrix[1, 0]) ** 2)
    assert abs(matrix[2, 0]) == pytest.approx(expected, rel=1e-9, abs=0)
    assert matrix[0, 0].real == pytest.approx(np.sqrt(1 - 0.2248**2 - 0.00364**2), rel=1e-14, abs=0)


moduli = st.tuples(st.floats(0.1, 0.5), st.floats(1e-4, 0.02), st.floats(1e-3, 0.2), st.floats(-3.1, 3.1, allow_nan=False))


@given(moduli)
def test_unitary_with_the_inputs_it_was_made_from(point: tuple[float, float, float, float]) -> None:
    matrix = ckm_matrix(*point)
    np.testing.assert_allclose(matrix @ matrix.conj().T, np.eye(3), rtol=0, atol=1e-14)
    moduli_found = np.abs([matrix[0, 1], matrix[0, 2], matrix[1, 2]])
    np.testing.assert_allclose(moduli_found, point[:3], rtol=1e-12, atol=0)
    gamma = np.angle(-matrix[0, 0] * matrix[0, 2].conj() / (matrix[1, 0] * matrix[1, 2].conj()))
    # also beyond 90 degrees, where flavio 2.7.1 picks the wrong branch
    assert np.exp(1j * gamma) == pytest.approx(np.exp(1j * point[3]), rel=1e-10, abs=0)


def test_vectorised_equals_loop() -> None:
    us, gamma = np.linspace(0.22, 0.23, 4)[:, None], np.linspace(0.5, 2.5, 3)
    matrices = ckm_matrix(us, 0.0036, 0.042, gamma)
    assert matrices.shape == (4, 3, 3, 3)
    for i, j in np.ndindex(4, 3):
        np.testing.assert_array_equal(matrices[i, j], ckm_matrix(us[i, 0], 0.0036, 0.042, gamma[j]))


@pytest.mark.parametrize(
    ("point", "message"),
    [
        ((-0.2, 0.003, 0.04, 1.0), "Vus is the modulus"),
        ((0.2, 1.5, 0.04, 1.0), "Vub is the modulus"),
        ((0.2, 0.003, float("nan"), 1.0), "Vcb is the modulus"),
        ((0.9, 0.6, 0.04, 1.0), "no unitary CKM matrix"),
        ((0.001, 0.1, 0.2, 1.0), "no unitarity triangle"),
    ],
)
def test_impossible_moduli(point: tuple[float, float, float, float], message: str) -> None:
    with pytest.raises(InputError, match=message):
        ckm_matrix(*point)
