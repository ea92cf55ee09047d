"""Linear theory errors of quantities that are no forms in Wilson coefficients: direct predictions of models."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.inputs import Inputs
from fitlq_theory.parameter_point import ParameterPoint

__all__ = ["value_and_jacobian"]

Real = NDArray[np.float64]


def value_and_jacobian(inputs: Inputs, compute: Callable[[ParameterPoint], Real]) -> tuple[Real, Real]:
    """``compute(point)`` at the central inputs and its change for one standard deviation along each direction that matters.

    Parameters
    ----------
    inputs : Inputs
    compute : callable
        Any array-valued function of the inputs.

    Returns
    -------
    value : ndarray, shape (...)
    jacobian : ndarray, shape (..., n_directions)
        Half the difference between one standard deviation up and down; the covariance is ``jacobian @ jacobian.T``.
    """
    central = inputs.point()
    value, reads = central.reads_of(lambda point: np.asarray(compute(point), dtype=np.float64))
    columns = []
    for direction in inputs.directions():
        shifts = {name: shift for name, shift in direction.shifts.items() if name in reads}
        if not shifts:
            continue
        down = {name: -shift for name, shift in shifts.items()}
        columns.append(0.5 * (np.asarray(compute(central.shifted(shifts))) - np.asarray(compute(central.shifted(down)))))
    return value, np.stack(columns, axis=-1) if columns else np.zeros((*value.shape, 0))
