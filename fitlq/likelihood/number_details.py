"""What the numbers of a likelihood rest on besides value and error: correlations, counts, grids. To tell two data sets apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fitlq.likelihood.assembling import Assembly
from fitlq.likelihood.asymmetric import AsymmetricGaussian
from fitlq.likelihood.between_entries import Between
from fitlq.likelihood.gaussian_terms import joint_covariance

__all__ = ["NumberDetails", "number_details"]

Real = NDArray[np.float64]
Correlations = Mapping[int, tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class NumberDetails:
    """What one number rests on.

    Attributes
    ----------
    correlations : mapping of int to tuple of float
        By the position of the other number, where not zero: with the upward errors of both, the downward errors of both,
        and with this one's upward error and the other's downward one, and the reverse; equal for symmetric errors.
    shape : tuple
        Of a number that is not Gaussian: events observed, background, its error and the value of the observable that makes
        one event; centre and width of a one-sided limit; the fingerprint of a grid.
    """

    correlations: Correlations
    shape: tuple[float | str, ...] = ()


def number_details(assembly: Assembly, asymmetric: AsymmetricGaussian, between: Between) -> tuple[NumberDetails, ...]:
    """Details of every number, in the order of ``assembly.rows``."""
    found: list[NumberDetails] = []
    if assembly.symmetric:
        joint = joint_covariance(assembly.symmetric, between)
        found += [NumberDetails(one) for one in _correlations(joint, joint, joint, 0)]
    if assembly.asymmetric:
        start = len(assembly.symmetric_rows)
        parts = _correlations(asymmetric.above, asymmetric.below, asymmetric.mixed, start)
        found += [NumberDetails(one) for one in parts]
    counting, one_sided = assembly.counting, assembly.one_sided
    events = zip(counting.observed, counting.background, counting.background_error, counting.per_event, strict=True)
    found += [NumberDetails({}, tuple(float(number) for number in event)) for event in events]
    widths = zip(one_sided.centre, one_sided.sigma, strict=True)
    found += [NumberDetails({}, (float(centre), float(sigma))) for centre, sigma in widths]
    found += [NumberDetails({}, (grid.content_hash,)) for grid in assembly.grids for _ in grid.columns]
    return tuple(found)


def _correlations(above: Real, below: Real, mixed: Real, start: int) -> list[Correlations]:
    up, down = np.sqrt(np.diag(above)), np.sqrt(np.diag(below))
    here_up = mixed / np.outer(up, down)
    all_four = np.stack([above / np.outer(up, up), below / np.outer(down, down), here_up, here_up.T], axis=-1)
    return [
        {start + int(j): tuple(row[j].tolist()) for j in np.flatnonzero(row.any(axis=-1)) if j != k}
        for k, row in enumerate(all_four)
    ]
