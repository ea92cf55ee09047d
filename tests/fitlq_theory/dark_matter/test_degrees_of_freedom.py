"""Degrees of freedom of the plasma: values, limits, monotonicity."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from fitlq_theory.dark_matter import (
    DegreesOfFreedom,
    standard_model_plasma,
)

Real = NDArray[np.float64]


class TestDegreesOfFreedom:
    def test_table_and_limits(self) -> None:
        gas = standard_model_plasma()
        assert gas.energy(np.array([1e-6, 1e-3, 1.0, 1e5])) == pytest.approx([3.3626, 10.71, 73.48, 106.75], rel=1e-4, abs=0)
        assert gas.entropy(np.array([1e-6, 1.0])) == pytest.approx([3.9091, 73.48 / 1.01778], rel=1e-4, abs=0)
        # the same free electrons just below and above 1 MeV
        assert gas.energy(7e-4) == pytest.approx(gas.energy(1.5e-3), rel=0.05, abs=0)

    def test_monotonic_and_positive(self) -> None:
        gas = standard_model_plasma()
        temperature = np.geomspace(1e-6, 1e4, 2000)
        for values in (gas.energy(temperature), gas.entropy(temperature)):
            assert np.all(np.diff(values) >= -1e-9)
        assert np.all(gas.root(temperature) > 0)
        constant = DegreesOfFreedom(np.array([1e-3, 1.0]), np.array([10.0, 10.0]), np.array([10.0, 10.0]))
        assert constant.root(np.array([1e-2, 5.0])) == pytest.approx(np.sqrt(10.0), rel=1e-6, abs=0)
