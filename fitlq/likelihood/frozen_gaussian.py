"""The joint Gaussian part of the likelihood with theory errors frozen at one point: one matrix product for each point.

Everything is in units of the experimental errors: t = (prediction - measurement) / error, where an asymmetric error is the one
that faces the prediction. The covariance of t, C = R + J J^T with the experimental correlations R and the derivatives J of t
along independent unit-variance directions of the theory inputs, is that at the fixed point, inverted beforehand; so is R where it
depends on the sides of the errors. Without theory errors R follows the point.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fitlq.likelihood.asymmetric import AsymmetricGaussian
from fitlq.likelihood.following_gaussian import FollowingGaussian
from fitlq.likelihood.gaussian_terms import CombinedGaussian

__all__ = ["FrozenGaussian"]

Real = NDArray[np.float64]


class FrozenGaussian:
    """Theory covariance fixed at one point (or none).

    Parameters
    ----------
    symmetric : CombinedGaussian
    asymmetric : AsymmetricGaussian
    values : (n_observables,) array
        Predictions at that point: they decide with which side of asymmetric errors the theory errors are compared.
    jacobian : (n_observables, n_directions) array
        Derivatives there; zero for no theory error.
    """

    def __init__(self, symmetric: CombinedGaussian, asymmetric: AsymmetricGaussian, values: Real, jacobian: Real) -> None:
        self._asymmetric = asymmetric
        self._constant = symmetric.constant
        self._columns = np.concatenate([symmetric.columns, asymmetric.columns])
        self._central = np.concatenate([symmetric.central, asymmetric.central])
        self._errors = np.sqrt(np.diag(symmetric.covariance))
        n, m = len(self._errors), len(asymmetric.central)
        fixed = values[self._columns] - self._central
        fixed_errors = self._errors_at(fixed[None])[0]
        follows = bool(asymmetric.varying) and not np.any(jacobian)
        self._general = FollowingGaussian(symmetric, asymmetric) if follows else None
        correlation = np.zeros((n + m, n + m))
        correlation[:n, :n] = symmetric.covariance / np.outer(self._errors, self._errors)
        correlation[n:, n:] = asymmetric.correlations(fixed[n:])
        scaled = jacobian[self._columns] / fixed_errors[:, None]
        total = correlation + scaled @ scaled.T
        scale = np.sqrt(np.diag(total))
        lower = np.linalg.cholesky(total / np.outer(scale, scale))
        self._whiten = (np.linalg.inv(lower) / scale).T
        self._log_determinant = _log_determinant(total) - _log_determinant(correlation)

    def __call__(self, values: Real) -> tuple[Real, Real | float]:
        """Chi2 and the logarithm of the determinant for predictions (N, n_observables); each (N,) or a constant."""
        if self._general is not None:
            return self._general(values, np.zeros((*values.shape, 1)))
        residual = values[:, self._columns] - self._central
        whitened = (residual / self._errors_at(residual)) @ self._whiten
        return np.einsum("ij,ij->i", whitened, whitened) + self._constant, self._log_determinant

    def _errors_at(self, residual: Real) -> Real:
        n = len(self._errors)
        errors = np.empty_like(residual)
        errors[:, :n] = self._errors
        errors[:, n:] = np.sqrt(self._asymmetric.variances(residual[:, n:]))
        return errors


def _log_determinant(matrix: Real) -> float:
    return float(np.linalg.slogdet(matrix)[1]) if len(matrix) else 0.0
