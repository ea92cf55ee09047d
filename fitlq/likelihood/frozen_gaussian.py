"""The joint Gaussian part of the likelihood with theory errors frozen: r^T (S_exp + J J^T)^-1 r and its determinant.

r is prediction minus measurement and J the derivative of the predictions along independent unit-variance directions of the
theory inputs, so that J J^T is the theory covariance, here taken once and for all (or zero): everything constant is inverted
beforehand and a point costs one matrix product.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from fitlq.likelihood.asymmetric import AsymmetricGaussian
from fitlq.likelihood.covariance_block import quadratic_form_and_log_determinant
from fitlq.likelihood.gaussian_terms import CombinedGaussian

__all__ = ["FrozenGaussian"]

Real = NDArray[np.float64]


class FrozenGaussian:
    """Theory covariance fixed at one point (or none).

    Parameters
    ----------
    symmetric : CombinedGaussian
    asymmetric : AsymmetricGaussian
    jacobian : (n_observables, n_directions) array
        Zero columns for no theory error.

    Notes
    -----
    Numbers with asymmetric errors have a covariance D that depends on the point. Conditioning them on the symmetric ones
    leaves a constant Q, and only the small matrix D + Q is decomposed at each point.
    """

    def __init__(self, symmetric: CombinedGaussian, asymmetric: AsymmetricGaussian, jacobian: Real) -> None:
        self._asymmetric = asymmetric
        self._constant = symmetric.constant
        n_observables = len(jacobian)
        self._central = np.zeros(n_observables)
        self._central[symmetric.columns] = symmetric.central
        j_s, j_a = jacobian[symmetric.columns], jacobian[asymmetric.columns]
        covariance = symmetric.covariance + j_s @ j_s.T
        scale = np.sqrt(np.diag(covariance))
        lower = np.linalg.cholesky(covariance / np.outer(scale, scale))
        whiten = np.linalg.inv(lower) / scale
        self._whiten = np.zeros((n_observables, len(scale)))
        self._whiten[symmetric.columns] = whiten.T
        self._log_determinant = _log_determinant(covariance) - _log_determinant(symmetric.covariance)
        cross = whiten @ (j_s @ j_a.T)  # (n_s, m), whitened
        self._regression = cross
        self._error = asymmetric.mean_error
        standardised = (j_a @ j_a.T - cross.T @ cross) / np.outer(self._error, self._error)
        self._theory = 0.5 * (standardised + standardised.T)
        self._diagonal = not asymmetric.correlated and not np.any(self._theory - np.diag(np.diag(self._theory)))

    def __call__(self, values: Real) -> tuple[Real, Real | float]:
        """Chi2 and the logarithm of the determinant for predictions (N, n_observables); each (N,) or a constant."""
        whitened = (values - self._central) @ self._whiten
        chi2 = np.einsum("ij,ij->i", whitened, whitened) + self._constant
        if not len(self._error):
            return chi2, self._log_determinant
        residual = values[:, self._asymmetric.columns] - self._asymmetric.central
        extra, log_determinant = self._asymmetric_part(residual, whitened)
        return chi2 + extra, self._log_determinant + log_determinant

    def _asymmetric_part(self, residual: Real, whitened: Real) -> tuple[Real, Real]:
        conditioned = (residual - whitened @ self._regression) / self._error
        if self._diagonal:
            variance = self._asymmetric.variances(residual) / self._error**2
            total = variance + np.diag(self._theory)
            return (conditioned**2 / total).sum(axis=1), np.log(total / variance).sum(axis=1)
        covariance = self._asymmetric.covariance(residual) / np.outer(self._error, self._error)
        chi2, log_determinant = quadratic_form_and_log_determinant(covariance + self._theory, conditioned)
        return chi2, log_determinant - np.linalg.slogdet(covariance)[1]


def _log_determinant(matrix: Real) -> float:
    return float(np.linalg.slogdet(matrix)[1]) if len(matrix) else 0.0
