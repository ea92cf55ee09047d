"""Measurement by measurement: how far is it from the prediction, and what does it add to chi2."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fitlq.likelihood.assembling import Assembly, Row
from fitlq.likelihood.asymmetric import AsymmetricGaussian
from fitlq.likelihood.between_entries import Between
from fitlq.likelihood.gaussian_terms import joint_covariance
from fitlq.likelihood.separate_terms import SeparateTerms

__all__ = ["Pull", "pulls_at"]

Real = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Pull:
    """One measurement against its prediction.

    Attributes
    ----------
    measured : float
        0 for a half-normal limit; (observed - background) in units of the observable for counts.
    error : float or (float, float)
        Experimental error; (upward, downward) if they differ. For a limit the width of its Gaussian, for counts a rough one.
    theory_error : float
        Of the prediction as it enters the likelihood (at the point, in the Standard Model for "sm", 0 for "none").
    pull : float
        (measured - predicted) / total error; for a non-Gaussian term the square root of `chi2` with that sign.
    chi2 : float
        Contribution to chi2, r_i (S^-1 r)_i: the contributions add up to chi2 exactly. With correlations it differs from
        pull^2 and may be negative.
    limit : bool
        Whether the number is a limit, a count or a likelihood on a grid rather than a two-sided Gaussian.
    """

    id: str
    observable: str
    args: Mapping[str, float | str]
    measured: float
    error: float | tuple[float, float]
    predicted: float
    theory_error: float
    pull: float
    chi2: float
    limit: bool = False


def pulls_at(
    assembly: Assembly,
    asymmetric: AsymmetricGaussian,
    between: Between,
    values: Real,
    jacobian: Real | None,
    frozen_at: Real | None = None,
) -> tuple[Pull, ...]:
    """All pulls at one point.

    Parameters
    ----------
    values : (n_observables,) array
    jacobian : (n_observables, n_directions) array or None
        None: no theory errors.
    frozen_at : (n_observables,) array, optional
        The predictions where `jacobian` was taken, if elsewhere: theory errors keep their size in units of experimental ones,
        and correlations of asymmetric errors are those of there.
    """
    errors = np.zeros(len(values)) if jacobian is None else np.sqrt(np.einsum("ij,ij->i", jacobian, jacobian))
    return (
        *_gaussian_pulls(assembly, asymmetric, between, values, jacobian, errors, frozen_at),
        *_separate_pulls(assembly, values, jacobian, errors),
    )


def _gaussian_pulls(
    assembly: Assembly,
    asymmetric: AsymmetricGaussian,
    between: Between,
    values: Real,
    jacobian: Real | None,
    errors: Real,
    frozen_at: Real | None,
) -> list[Pull]:
    rows = (*assembly.symmetric_rows, *assembly.asymmetric_rows)
    if not rows:
        return []
    columns = np.array([row.column for row in rows])
    central = np.concatenate([term.central for term in (*assembly.symmetric, *assembly.asymmetric)])
    residual = values[columns] - central
    covariance, upward, downward = _experimental_covariance(assembly, asymmetric, between, residual)
    if jacobian is not None:
        derivatives = jacobian[columns]
        if frozen_at is not None:
            n = len(assembly.symmetric_rows)
            fixed = (frozen_at[columns] - central)[n:]
            now, then = (np.sqrt(asymmetric.variances(at)) for at in (residual[n:], fixed))
            derivatives[n:] *= (now / then)[:, None]
            covariance[n:, n:] = asymmetric.correlations(fixed) * np.outer(now, now)
        covariance += derivatives @ derivatives.T
    scale = np.sqrt(np.diag(covariance))
    solved = np.linalg.solve(covariance / np.outer(scale, scale), residual / scale)
    return [
        Pull(
            id=row.id,
            observable=row.observable,
            args=row.args,
            measured=float(central[k]),
            error=float(upward[k]) if upward[k] == downward[k] else (float(upward[k]), float(downward[k])),
            predicted=float(values[row.column]),
            theory_error=float(errors[row.column]),
            pull=float(-residual[k] / scale[k]),
            chi2=float(residual[k] / scale[k] * solved[k]),
            limit=row.limit,
        )
        for k, row in enumerate(rows)
    ]


def _experimental_covariance(
    assembly: Assembly, asymmetric: AsymmetricGaussian, between: Between, residual: Real
) -> tuple[Real, Real, Real]:
    """Covariance of all Gaussian numbers at the given prediction - measurement, and their upward and downward errors."""
    n = len(assembly.symmetric_rows)
    covariance = np.zeros((len(residual), len(residual)))
    if n:
        covariance[:n, :n] = joint_covariance(assembly.symmetric, between)
    upward = np.sqrt(np.diag(covariance))
    downward = upward.copy()
    if len(residual) > n:
        covariance[n:, n:] = asymmetric.covariance(residual[n:])
        upward[n:], downward[n:] = np.sqrt(np.diag(asymmetric.above)), np.sqrt(np.diag(asymmetric.below))
    return covariance, upward, downward


def _separate_pulls(assembly: Assembly, values: Real, jacobian: Real | None, errors: Real) -> list[Pull]:
    pulls = []
    for terms, rows, measured, widths in (
        (assembly.counting, assembly.counting_rows, assembly.counting.central, assembly.counting.errors),
        (assembly.one_sided, assembly.one_sided_rows, assembly.one_sided.centre, assembly.one_sided.sigma),
    ):
        if rows:
            chi2 = SeparateTerms.each(terms, values[None, :], jacobian)[0]
            pulls += [
                _separate_pull(row, float(m), float(w), values, errors, float(c))
                for row, m, w, c in zip(rows, measured, widths, chi2, strict=True)
            ]
    position = 0
    for grid in assembly.grids:
        chi2 = SeparateTerms.of_grid(grid, values[None, :], jacobian)
        share = float(chi2[0]) / len(grid.best)  # a grid in two observables is one number; shown half with each
        for best in grid.best:
            row = assembly.grid_rows[position]
            pulls.append(_separate_pull(row, float(best), float("nan"), values, errors, share))
            position += 1
    return pulls


def _separate_pull(row: Row, measured: float, width: float, values: Real, errors: Real, chi2: float) -> Pull:
    predicted = float(values[row.column])
    sign = 1.0 if measured >= predicted else -1.0
    pull = sign * float(np.sqrt(max(chi2, 0.0)))
    return Pull(row.id, row.observable, row.args, measured, width, predicted, float(errors[row.column]), pull, chi2, row.limit)
