"""Loop functions of b -> s gamma: the two-loop series, limits, cancellations."""

from __future__ import annotations

import math

import numpy as np
import pytest

from fitlq_theory.effective_coefficients.threshold_functions import triangle
from fitlq_theory.inputs import load_inputs
from fitlq_theory.observables.radiative_matrix_elements import (
    charm_loop_function,
    two_loop_matrix_elements,
)
from tests.fitlq_theory.observables.form_values import reference

REFERENCE = reference("radiative_beauty")


@pytest.mark.parametrize("row", REFERENCE["two_loop"]["values"])
def test_two_loop_series_is_the_numerical_function(row: list[float]) -> None:
    # the last digit of the table; the series stops at z^3
    assert abs(charm_loop_function(row[0], 0.0) - complex(row[1], row[2])) < 1.5e-5


def test_loop_functions() -> None:
    # massless limit: 6 A of hep-ph/0403185 at q2 = 0
    assert charm_loop_function(0.0, 0.0) == pytest.approx(6 / 729 * complex(833, 120 * math.pi), rel=1e-12, abs=0)
    assert abs(charm_loop_function(1e-9, 0.0) - charm_loop_function(0.0, 0.0)) < 1e-4
    near = triangle(np.array([1 - 1e-9, 1.0, 1 + 1e-9]))
    assert np.abs(near - near[1]).max() < 3e-4  # a square root at threshold
    assert triangle(np.array([0.0]))[0] == 1
    assert abs(triangle(np.array([1e-8]))[0] - 1) < 1e-5
    assert abs(triangle(np.array([1e6]))[0]) < 1e-6


def test_up_quark_loops_cancel_for_equal_masses() -> None:
    """GIM in the two-loop function: lambda_u multiplies F(m_c) - F(m_u)."""
    mass = load_inputs().parameters["m_c BVgamma"].value
    for choice, cancels in (("standard", True), ("flavio-2.7.1", False)):
        inputs = load_inputs("default", {"b->q gamma": choice})
        _, light, _ = two_loop_matrix_elements(inputs.point({"m_c BVgamma": -mass}), "s")
        assert (abs(light) < 1e-15) is cancels
