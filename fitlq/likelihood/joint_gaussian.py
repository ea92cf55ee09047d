"""The joint Gaussian part of the likelihood: r^T (S_exp + J J^T)^-1 r and its determinant, for many points at once.

r is prediction minus measurement and J the derivative of the predictions along independent unit-variance directions of the
theory inputs, so that J J^T is the theory covariance. `FollowingGaussian` takes J at every point, `FrozenGaussian` once and
for all (or zero): there everything constant is inverted beforehand and a point costs one matrix product.

Both return chi2 and log det(S_exp + J J^T) - log det(S_exp), the volume the theory errors add.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fitlq.likelihood.asymmetric import AsymmetricGaussian
from fitlq.likelihood.gaussian_terms import CombinedGaussian

__all__ = ["FollowingGaussian", "FrozenGaussian", "quadratic_form_and_log_determinant"]

Real = NDArray[np.float64]

_CORNER = 1e10  # times 1 + v^T v: above v^T M^-1 v for every M whose smallest eigenvalue exceeds 1e-10


def quadratic_form_and_log_determinant(matrix: Real, vector: Real) -> tuple[Real, Real]:
    """v^T M^-1 v and log det M for positive definite M (N, n, n) with a diagonal of order one and v (N, n).

    One Cholesky decomposition of M bordered by v does both: the last row of the factor is L^-1 v.
    """
    n = vector.shape[-1]
    bordered = np.empty((*vector.shape[:-1], n + 1, n + 1))
    bordered[..., :n, :n] = matrix
    bordered[..., n, :n] = vector
    bordered[..., :n, n] = vector
    # The corner only has to exceed v^T M^-1 v; it enters nothing but the last diagonal element, which is not used.
    bordered[..., n, n] = _CORNER * (1.0 + np.einsum("...i,...i->...", vector, vector))
    factor = np.linalg.cholesky(bordered)
    row = factor[..., n, :n]
    diagonal = np.einsum("...ii->...i", factor)[..., :n]
    return np.einsum("...i,...i->...", row, row), 2.0 * np.log(diagonal).sum(axis=-1)


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


class FollowingGaussian:
    """Theory covariance at the point itself.

    Parameters
    ----------
    symmetric : CombinedGaussian
    asymmetric : AsymmetricGaussian
    pattern : (n_observables, n_directions) bool, optional
        Where derivatives can differ from zero. Numbers that share neither a direction nor an experimental correlation form
        separate blocks, which are decomposed one by one.
    """

    def __init__(
        self, symmetric: CombinedGaussian, asymmetric: AsymmetricGaussian, pattern: NDArray[np.bool_] | None = None
    ) -> None:
        self._asymmetric = asymmetric
        self._constant = symmetric.constant
        self._columns = np.concatenate([symmetric.columns, asymmetric.columns])
        self._central = np.concatenate([symmetric.central, asymmetric.central])
        errors = np.sqrt(np.diag(symmetric.covariance))
        n, m = len(errors), len(asymmetric.central)
        self._n_symmetric = n
        scale = np.concatenate([errors, asymmetric.mean_error])
        base = np.zeros((n + m, n + m))
        base[:n, :n] = symmetric.covariance / np.outer(errors, errors)
        linked = base != 0
        linked[n:, n:] |= asymmetric.correlated
        self._scale = scale
        self._blocks = [
            _block(rows, directions, self._columns, scale, base, n) for rows, directions in _split(linked, pattern, self._columns)
        ]
        self._experimental = _log_determinant(base[:n, :n])

    def __call__(self, values: Real, jacobian: Real) -> tuple[Real, Real]:
        """Chi2 and logarithm of the determinant, each (N,).

        Parameters
        ----------
        values : (N, n_observables) array
        jacobian : (N, n_observables, n_directions) array
        """
        residual = values[:, self._columns] - self._central
        standardised = residual / self._scale
        extra, experimental = self._asymmetric_part(residual[:, self._n_symmetric :])
        chi2 = np.full(len(values), self._constant)
        log_determinant = -(self._experimental + experimental)
        for block in self._blocks:
            part, volume = block.evaluate(standardised, jacobian, extra)
            chi2 += part
            log_determinant = log_determinant + volume
        return chi2, log_determinant

    def _asymmetric_part(self, residual: Real) -> tuple[Real | None, Real]:
        """Standardised covariance of the asymmetric numbers (its diagonal if they are uncorrelated) and its log det."""
        if not residual.shape[1]:
            return None, np.zeros(len(residual))
        error = self._asymmetric.mean_error
        if self._asymmetric.correlated:
            covariance = self._asymmetric.covariance(residual) / np.outer(error, error)
            return covariance, np.asarray(np.linalg.slogdet(covariance)[1])
        variance = self._asymmetric.variances(residual) / error**2
        return variance, np.asarray(np.log(variance).sum(axis=1))


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """Numbers whose covariance is decomposed together.

    Attributes
    ----------
    rows : (k,) int
        Positions among all numbers, symmetric ones first.
    columns, directions : int arrays
        What to take of the derivatives.
    asymmetric : (a,) int
        Positions among the asymmetric numbers, which are the last `a` rows.
    """

    rows: NDArray[np.intp]
    columns: NDArray[np.intp]
    directions: NDArray[np.intp] | None
    inverse_scale: Real
    base: Real
    asymmetric: NDArray[np.intp]

    def evaluate(self, standardised: Real, jacobian: Real, extra: Real | None) -> tuple[Real, Real]:
        """Chi2 and log det of the whole standardised covariance, each (N,)."""
        if self.directions is None:
            taken = jacobian.take(self.columns, axis=1)
        else:
            taken = jacobian[:, self.columns[:, None], self.directions]
        # contiguous, or the matrix product would not be done by BLAS
        directions = np.ascontiguousarray(taken) * self.inverse_scale[:, None]
        vector = standardised[:, self.rows]
        if len(self.rows) == 1:
            variance = np.einsum("nij,nij->n", directions, directions) + self.base[0, 0]
            if len(self.asymmetric) and extra is not None:
                variance += extra.reshape(len(extra), -1)[:, self.asymmetric[0]]
            return vector[:, 0] ** 2 / variance, np.log(variance)
        matrix = directions @ directions.transpose(0, 2, 1)
        matrix += self.base
        if len(self.asymmetric) and extra is not None:
            last = np.arange(len(self.rows) - len(self.asymmetric), len(self.rows))
            if extra.ndim == 3:
                matrix[:, last[:, None], last] += extra[:, self.asymmetric[:, None], self.asymmetric]
            else:
                matrix[:, last, last] += extra[:, self.asymmetric]
        return quadratic_form_and_log_determinant(matrix, vector)


def _block(
    rows: NDArray[np.intp],
    directions: NDArray[np.intp] | None,
    columns: NDArray[np.intp],
    scale: Real,
    base: Real,
    n_symmetric: int,
) -> _Block:
    asymmetric = rows[rows >= n_symmetric] - n_symmetric
    return _Block(rows, columns[rows], directions, 1.0 / scale[rows], base[np.ix_(rows, rows)], asymmetric)


def _split(
    linked: NDArray[np.bool_], pattern: NDArray[np.bool_] | None, columns: NDArray[np.intp]
) -> list[tuple[NDArray[np.intp], NDArray[np.intp] | None]]:
    """Rows and directions of each block; one block with all directions (None) if no pattern is known."""
    everything = np.arange(len(columns))
    if pattern is None:
        return [(everything, None)] if len(columns) else []
    uses = pattern[columns]
    linked = linked | (uses.astype(np.int64) @ uses.T.astype(np.int64) > 0)
    blocks: list[tuple[NDArray[np.intp], NDArray[np.intp] | None]] = []
    left = np.ones(len(columns), dtype=bool)
    while left.any():
        member = np.zeros(len(columns), dtype=bool)
        member[np.flatnonzero(left)[0]] = True
        while True:
            grown = member | linked[member].any(axis=0)
            if np.array_equal(grown, member):
                break
            member = grown
        left &= ~member
        blocks.append((everything[member], np.flatnonzero(uses[member].any(axis=0))))
    return blocks


def _log_determinant(matrix: Real) -> float:
    return float(np.linalg.slogdet(matrix)[1]) if len(matrix) else 0.0
