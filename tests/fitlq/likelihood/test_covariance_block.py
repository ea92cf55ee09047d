"""Decomposing in the space of the numbers and in that of the theory inputs is the same thing."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fitlq.likelihood.covariance_block import CovarianceBlock

NUMBERS, POINTS = 12, 5
VARYING = np.array([7, 9, 10])


def correlations(count: int, generator: np.random.Generator, size: int) -> Any:
    mixed = generator.normal(size=(count, size, size + 2))
    covariance = mixed @ mixed.transpose(0, 2, 1) + np.eye(size)
    scale = np.sqrt(np.einsum("nii->ni", covariance))
    return covariance / (scale[:, :, None] * scale[:, None, :])


def experimental() -> Any:
    """Two groups with correlations that do not depend on the point."""
    base = np.eye(NUMBERS)
    generator = np.random.default_rng(3)
    for group in ([0, 3, 4], [5, 6]):
        base[np.ix_(group, group)] = correlations(1, generator, len(group))[0]
    return base


@pytest.mark.parametrize("directions", [1, 3, 7, 30])
@pytest.mark.parametrize("varying", [False, True])
@pytest.mark.parametrize("size", [1e-3, 1.0, 1e3])
def test_chi2_and_volume_as_written_out(directions: int, varying: bool, size: float) -> None:
    generator = np.random.default_rng(7)
    base, errors = experimental(), generator.uniform(1e-9, 1e3, (POINTS, NUMBERS))
    block = CovarianceBlock(np.arange(NUMBERS), np.arange(NUMBERS), None, base, [(1, VARYING)] if varying else [])
    jacobian = size * generator.normal(size=(POINTS, NUMBERS, directions)) * errors[..., None]
    pull = generator.normal(size=(POINTS, NUMBERS))
    moving = [correlations(POINTS, generator, 2), correlations(POINTS, generator, len(VARYING))]
    chi2, log_determinant = block.evaluate(pull, jacobian, errors, moving)
    for k in range(POINTS):
        total = base.copy()
        if varying:
            total[np.ix_(VARYING, VARYING)] = moving[1][k]
        scaled = jacobian[k] / errors[k][:, None]
        total += scaled @ scaled.T
        # theory errors a thousand times the experimental ones cost six of sixteen digits
        assert chi2[k] == pytest.approx(pull[k] @ np.linalg.solve(total, pull[k]), rel=1e-8, abs=0)
        assert log_determinant[k] == pytest.approx(np.linalg.slogdet(total)[1], rel=1e-9, abs=0)


def test_arguments_are_not_changed() -> None:
    generator = np.random.default_rng(1)
    block = CovarianceBlock(np.arange(NUMBERS), np.arange(NUMBERS), None, experimental())
    arguments = [generator.uniform(1, 2, size=shape) for shape in ((2, NUMBERS), (2, NUMBERS, 3), (2, NUMBERS))]
    copies = [a.copy() for a in arguments]
    block.evaluate(*arguments)
    assert all(np.array_equal(a, b) for a, b in zip(arguments, copies, strict=True))
