"""Lifetime of the Bc against flavio 2.7.1; limits."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fitlq_theory.constants import HBAR_GEV_PS
from fitlq_theory.inputs import load_inputs
from fitlq_theory.observables import load_registry
from fitlq_theory.standard_model import standard_model_predictions
from tests.fitlq_theory.observables.form_values import compiled_value, random_coefficients, reference, value, worst_deviation

REGISTRY = load_registry()
LIFETIME = REGISTRY.resolve("tau_Bc")
FLAVIO = load_inputs("flavio-2.7.1")


def test_agrees_with_flavio() -> None:
    data: dict[str, Any] = reference("bc_lifetime")
    assert len(data["entries"]) == 49
    # closed formulas; the masses and alpha_s of flavio have nine digits here
    assert worst_deviation(LIFETIME, FLAVIO.point(), data["entries"]) < 1e-6


def test_standard_model_is_the_expectation_with_its_error() -> None:
    (prediction,) = standard_model_predictions([(LIFETIME, {})], load_inputs())
    assert prediction.value == pytest.approx(0.549 / HBAR_GEV_PS, rel=1e-3, abs=0)
    # flavio: 2.37(12)e11 from 200 draws
    assert prediction.error == pytest.approx(2.28e11, rel=1e-3, abs=0)


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10**6))
def test_widths_add_up(seed: int) -> None:
    """1/tau - 1/tau_SM is the sum of what the three leptonic branching ratios gain, in units of the measured lifetime."""
    point, coefficients = FLAVIO.point(), random_coefficients(LIFETIME, seed, 0.3)
    measured = point["tau_Bc"] / HBAR_GEV_PS
    modes = [REGISTRY.resolve(f"BR(Bc->{lepton}nu)") for lepton in ("e", "mu", "tau")]
    gain = sum(value(mode, point, coefficients) - value(mode, point) for mode in modes)
    expected = 1 / (1 / value(LIFETIME, point) + gain / measured)
    assert value(LIFETIME, point, coefficients) == pytest.approx(expected, rel=1e-10, abs=0)


def test_left_handed_vectors_and_phases() -> None:
    point = FLAVIO.point()
    assert math.isclose(
        value(LIFETIME, point, {"CSR_bctaunue": 0.3 + 0.2j}), value(LIFETIME, point, {"CSR_bctaunue": 0.3 - 0.2j}), rel_tol=1e-12
    )
    # a wrong-flavour neutrino cannot lengthen it
    assert value(LIFETIME, point, {"CSL_bcmunue": 0.5j}) < value(LIFETIME, point)
    assert value(LIFETIME, point, {"CVL_bctaunutau": -0.1}) > value(LIFETIME, point)


def test_compiled_equals_direct() -> None:
    coefficients = random_coefficients(LIFETIME, 5, 0.2)
    direct = value(LIFETIME, FLAVIO.point(), coefficients)
    assert compiled_value(LIFETIME, FLAVIO, coefficients) == pytest.approx(direct, rel=1e-6, abs=0)
