"""Decomposing in the space of the numbers and in that of the theory inputs is the same thing."""

from __future__ import annotations

import numpy as np
import pytest

from fitlq.likelihood.covariance_block import CovarianceBlock

NUMBERS, SYMMETRIC, POINTS = 12, 8, 5


def experimental() -> np.ndarray:
    """Two correlated groups among the symmetric numbers; nothing for the asymmetric ones."""
    generator = np.random.default_rng(3)
    base = np.zeros((NUMBERS, NUMBERS))
    base[range(SYMMETRIC), range(SYMMETRIC)] = 1.0
    for group in ([0, 3, 4], [5, 6]):
        mixed = generator.normal(size=(len(group), 5))
        covariance = mixed @ mixed.T + np.eye(len(group))
        scale = np.sqrt(np.diag(covariance))
        base[np.ix_(group, group)] = covariance / np.outer(scale, scale)
    return base


@pytest.mark.parametrize("directions", [1, 3, 7, 30])
@pytest.mark.parametrize("correlated", [False, True])
@pytest.mark.parametrize("size", [1e-3, 1.0, 1e3])
def test_chi2_and_volume_as_written_out(directions: int, correlated: bool, size: float) -> None:
    generator = np.random.default_rng(7)
    base, scale = experimental(), generator.uniform(1e-9, 1e3, NUMBERS)
    asymmetric = np.arange(NUMBERS - SYMMETRIC)
    block = CovarianceBlock(np.arange(NUMBERS), np.arange(NUMBERS), None, scale, base, asymmetric)
    jacobian = size * generator.normal(size=(POINTS, NUMBERS, directions)) * scale[:, None]
    residual = generator.normal(size=(POINTS, NUMBERS))
    variance = generator.uniform(0.3, 2.0, (POINTS, len(asymmetric)))
    full = np.einsum("ni,ij->nij", variance, np.eye(len(asymmetric)))
    chi2, log_determinant = block.evaluate(residual, jacobian, full if correlated else variance)
    for k in range(POINTS):
        total = base.copy()
        total[SYMMETRIC:, SYMMETRIC:] += full[k]
        scaled = jacobian[k] / scale[:, None]
        total += scaled @ scaled.T
        # theory errors a thousand times the experimental ones cost six of sixteen digits
        assert chi2[k] == pytest.approx(residual[k] @ np.linalg.solve(total, residual[k]), rel=1e-8, abs=0)
        assert log_determinant[k] == pytest.approx(np.linalg.slogdet(total)[1], rel=1e-9, abs=0)


def test_arguments_are_not_changed() -> None:
    generator = np.random.default_rng(1)
    asymmetric = np.arange(NUMBERS - SYMMETRIC)
    block = CovarianceBlock(np.arange(NUMBERS), np.arange(NUMBERS), None, np.ones(NUMBERS), experimental(), asymmetric)
    arguments = [generator.uniform(1, 2, size=shape) for shape in ((2, NUMBERS), (2, NUMBERS, 3), (2, len(asymmetric)))]
    copies = [a.copy() for a in arguments]
    block.evaluate(*arguments)
    assert all(np.array_equal(a, b) for a, b in zip(arguments, copies, strict=True))
