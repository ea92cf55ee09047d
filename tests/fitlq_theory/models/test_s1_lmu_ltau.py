"""S1 with gauged L_mu - L_tau: matching against closed formulas and against wilson, symmetries, direct predictions."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from fitlq_theory.contracts import Model
from fitlq_theory.errors import InputError
from fitlq_theory.evolution import EvolutionInputs, evolve
from fitlq_theory.inputs import load_inputs
from fitlq_theory.light_vector import trident_ratio
from fitlq_theory.models import S1LmuLtau, check_model
from fitlq_theory.observables.registry import load_registry
from fitlq_theory.wilson_coefficients import coefficient_names

MODEL = S1LmuLtau()
NAMES = [p.name for p in MODEL.parameters]
UNDERFLOW = 1e-290  # products of Yukawas below the smallest normal number lose their digits
YUKAWAS = ("yL1", "yL2", "yL3", "yR1", "yR2", "yR3")
ORACLE: dict[str, Any] = json.loads((Path(__file__).parent / "data" / "s1_lmu_ltau_wilson.json").read_text())
CKM = np.array(ORACLE["ckm"])[..., 0] + 1j * np.array(ORACLE["ckm"])[..., 1]

points_in_range = st.fixed_dictionaries({p.name: st.floats(p.minimum, p.maximum) for p in MODEL.parameters})


def row(**values: float) -> NDArray[np.float64]:
    point = {p.name: p.default for p in MODEL.parameters} | values
    return np.array([[point[name] for name in NAMES]])


def matrix(coefficients: Any, operator: str) -> NDArray[np.float64]:
    """C_ij of an operator with tau leptons at the first point, from the non-redundant values (all are real)."""
    found = np.zeros((3, 3))
    for i in range(3):
        for j in range(3):
            key = f"{operator}_33{i + 1}{j + 1}"
            found[i, j] = coefficients[key if key in coefficients else f"{operator}_33{j + 1}{i + 1}"][0]
    return found


def test_is_a_model_without_problems() -> None:
    assert isinstance(MODEL, Model)
    assert check_model(MODEL) == []


def test_free_and_fixed_parameters() -> None:
    assert [p.name for p in MODEL.parameters if p.free] == ["yL1", "yL2", "yR2", "gZp"]
    fixed = {p.name: p.default for p in MODEL.parameters if not p.free}
    assert fixed == {"yL3": 0.8, "mS1": 1500.0, "mZp": 0.1, "yR1": 0.0, "yR3": 0.0}
    assert {p.name: p.prior for p in MODEL.parameters if p.prior != "flat"} == {"gZp": "log"}
    assert MODEL.scale == "mS1"


def test_names_are_the_non_redundant_ones_of_the_basis() -> None:
    found = set(MODEL.coefficients(row()))
    basis = set(coefficient_names("SMEFT"))
    prefixes = ("lq1_33", "lq3_33", "lequ1_33", "lequ3_33", "eu_33", "qq1_", "qq3_")
    assert found == {name for name in basis if name.startswith(prefixes)}


@given(points_in_range)
def test_tree_level_relations(values: dict[str, float]) -> None:
    c = MODEL.coefficients(row(**values))
    left = np.array([values[f"yL{k}"] for k in (1, 2, 3)])
    right = np.array([values[f"yR{k}"] for k in (1, 2, 3)])
    m2 = values["mS1"] ** 2
    assert np.array_equal(matrix(c, "lq1") + matrix(c, "lq3"), np.zeros((3, 3)))
    np.testing.assert_allclose(matrix(c, "lq1"), np.outer(left, left) / (4 * m2), rtol=1e-14, atol=UNDERFLOW)
    np.testing.assert_allclose(matrix(c, "lequ1"), np.outer(left, right) / (2 * m2), rtol=1e-14, atol=UNDERFLOW)
    np.testing.assert_allclose(matrix(c, "lequ3"), -matrix(c, "lequ1") / 4, rtol=1e-14, atol=UNDERFLOW)
    np.testing.assert_allclose(matrix(c, "eu"), np.outer(right, right) / (2 * m2), rtol=1e-14, atol=UNDERFLOW)


@given(points_in_range)
def test_boxes_are_negative_definite_and_sum_to_the_full_tensor(values: dict[str, float]) -> None:
    """Summed over all non-redundant elements the operator at one common field is the sum of the redundant tensor."""
    c = MODEL.coefficients(row(**values))
    y = np.array([values[f"yL{k}"] for k in (1, 2, 3)])
    total = 0.0
    real = coefficient_names("SMEFT")
    for name, value in c.items():
        if name.startswith("qq1_"):
            total += value[0] * (1 if real[name] else 2)  # complex ones stand for themselves and their conjugates
            assert value[0] == c["qq3_" + name[4:]][0]
    expected = -(y.sum() ** 4) / (256 * np.pi**2 * values["mS1"] ** 2)
    scale = np.abs(y).sum() ** 4 / (256 * np.pi**2 * values["mS1"] ** 2)
    assert total == pytest.approx(expected, rel=0, abs=1e-13 * scale + UNDERFLOW)
    assert c["qq1_2323"][0] <= 0


@pytest.mark.parametrize("entry", ORACLE["points"])
def test_matching_to_wet_agrees_with_the_formulas_and_wilson(entry: dict[str, Any]) -> None:
    """Closed tree and box formulas with wilson's CKM matrix against wilson's matching of the coefficients of the model.

    wilson carries the b -> c and box coefficients through the same formulas, so 1e-5 is its own numerical accuracy.
    """
    values = dict(zip(NAMES, entry["point"], strict=True))
    formulas = wet_formulas(values)
    assert len(formulas) == 13
    for name, expected in formulas.items():
        oracle = complex(*entry["matched"][name])
        if name.startswith("CL_sd"):  # wilson returns the complex conjugate of the WCxf definition
            oracle = oracle.conjugate()
        scale = max(abs(expected), 1e-30)
        assert abs(oracle - expected) < 1e-5 * scale, name


def wet_formulas(values: dict[str, float]) -> dict[str, complex]:
    """Tree level and boxes, WET flavio basis, from Y = V^T y_L."""
    left = np.array([values[f"yL{k}"] for k in (1, 2, 3)])
    down = CKM.T @ left
    m2 = values["mS1"] ** 2
    fermi, alpha = ORACLE["parameters"]["GF"], ORACLE["parameters"]["alpha_e"]
    n = 1 / (2 * np.sqrt(2) * fermi)
    found: dict[str, complex] = {}
    for label, u in (("bc", 1), ("bu", 0)):
        unit = n / CKM[u, 2] * down[2] / m2
        yr = values[f"yR{u + 1}"]
        found[f"CVL_{label}taunutau"] = unit * left[u] / 2
        found[f"CSL_{label}taunutau"] = -unit * yr / 2
        found[f"CT_{label}taunutau"] = unit * yr / 8
    e2 = 4 * np.pi * alpha
    for label, out, into, ckm in (
        ("bs", 1, 2, CKM[2, 2] * CKM[2, 1].conj()),
        ("bd", 0, 2, CKM[2, 2] * CKM[2, 0].conj()),
        ("sd", 1, 0, CKM[2, 0] * CKM[2, 1].conj()),
    ):
        norm = 4 * fermi / np.sqrt(2) * ckm * e2 / (16 * np.pi**2) * 2
        found[f"CL_{label}nutaunutau"] = down[out].conj() * down[into] / (2 * m2) / norm
    box = -1 / (128 * np.pi**2 * m2)
    for label, out, into in (("bsbs", 1, 2), ("bdbd", 0, 2), ("sdsd", 0, 1)):
        found[f"CVLL_{label}"] = box * (down[out].conj() * down[into]) ** 2
    found["CVLL_ucuc"] = box * (left[0] * left[1]) ** 2
    return found


def test_benchmark_numbers() -> None:
    """(yL1, yL2, yL3, yR2) = (0.01, 0.10, 0.8, -0.6), m = 1.5 TeV with the CKM matrix of flavio 2.7.1.

    Tree level: CVL, CSL, CT (b -> c tau nu) = 0.012896, 0.077375, -0.019344. Vcb = 0.04197 instead of 0.04221.
    """
    values = dict(zip(NAMES, ORACLE["points"][0]["point"], strict=True))
    found = wet_formulas(values)
    for name, expected in (("CVL", 0.012896), ("CSL", 0.077375), ("CT", -0.019344)):
        rescaled = found[f"{name}_bctaunutau"] * 0.04221 / 0.04197
        assert rescaled.real == pytest.approx(expected, rel=2e-4, abs=0)


def test_run_down_to_the_b_scale_agrees_with_wilson() -> None:
    """To 2 %: other inputs (CKM matrix, couplings, masses) than wilson's move these ratios by up to 0.7 %."""
    entry = ORACLE["points"][0]
    point = np.array([entry["point"]])
    inputs = EvolutionInputs.from_point(load_inputs("default", {"Delta F=2": "lo"}).point())
    found = evolve({k: v[0] for k, v in MODEL.coefficients(point).items()}, scale=1500.0, to_scale=4.8, inputs=inputs)
    for name in ("CVL_bctaunutau", "CSL_bctaunutau", "CT_bctaunutau", "CVLL_bsbs"):
        assert np.real(found[name]) == pytest.approx(entry["run_4_8"][name][0], rel=0.02, abs=0)


@given(points_in_range)
def test_flipping_all_yukawas_changes_nothing(values: dict[str, float]) -> None:
    flipped = values | {name: -values[name] for name in YUKAWAS}
    plus, minus = MODEL.coefficients(row(**values)), MODEL.coefficients(row(**flipped))
    for name, value in plus.items():
        assert np.array_equal(value, minus[name])


@given(points_in_range)
def test_heavy_leptoquarks_decouple(values: dict[str, float]) -> None:
    light = MODEL.coefficients(row(**values | {"mS1": 1e3}))
    heavy = MODEL.coefficients(row(**values | {"mS1": 1e6}))
    for name, value in light.items():
        np.testing.assert_allclose(heavy[name], 1e-6 * value, rtol=1e-12, atol=UNDERFLOW)


def test_no_yukawas_no_coefficients() -> None:
    assert all(v[0] == 0 for v in MODEL.coefficients(row(**dict.fromkeys(YUKAWAS, 0.0))).values())


def test_many_points_equal_a_loop() -> None:
    rng = np.random.default_rng(1)
    low, high = (np.array([getattr(p, edge) for p in MODEL.parameters]) for edge in ("minimum", "maximum"))
    points = low + (high - low) * rng.random((50, len(low)))
    for method in (MODEL.coefficients, MODEL.predictions):
        together = method(points)
        single = [method(point[None]) for point in points]
        for name, value in together.items():
            assert value.shape == (50,)
            assert value.dtype == np.float64
            np.testing.assert_allclose(value, [one[name][0] for one in single], rtol=1e-13, atol=0)


def test_direct_predictions() -> None:
    found = MODEL.predictions(row(gZp=6.51e-4))
    assert set(found) == set(MODEL.touches)
    assert found["a_mu"][0] == pytest.approx(1.19e-9, rel=5e-3, abs=0)
    for name, experiment in (("R_trident", "CCFR"), ("R_trident(CHARM-II)", "CHARM-II")):
        assert found[name][0] == pytest.approx(trident_ratio(6.51e-4, 0.1, experiment) - 1, rel=1e-12, abs=0)
    # a lower energy makes the light vector more visible
    assert found["R_trident(CHARM-II)"][0] > 2 * found["R_trident"][0]


def test_direct_predictions_are_observables() -> None:
    registry = load_registry()
    assert [registry.resolve(name).name for name in MODEL.touches] == ["a_mu", "R_trident", "R_trident(CHARM-II)"]


@given(points_in_range)
def test_direct_predictions_depend_on_the_vector_only(values: dict[str, float]) -> None:
    found = MODEL.predictions(row(**values))
    reference = MODEL.predictions(row(gZp=values["gZp"], mZp=values["mZp"]))
    assert all(np.array_equal(found[name], reference[name]) for name in found)
    assert all(value[0] > 0 for value in found.values())


@pytest.mark.parametrize("shape", [(9,), (2, 8), (2, 3, 9)])
def test_points_of_another_shape_are_an_error(shape: tuple[int, ...]) -> None:
    with pytest.raises(InputError, match=r"shape \(N, 9\)"):
        MODEL.coefficients(np.ones(shape))


def test_vector_mass_outside_the_trident_table_is_an_error() -> None:
    with pytest.raises(InputError, match="trident rate"):
        MODEL.predictions(row(mZp=1e-3))
