"""The coordinates the walkers move in: parameters with a log prior by their logarithm, all others as they are.

A density flat in these coordinates inside the ranges is the prior: flat, or flat in the logarithm. So the quantity to
sample is the likelihood itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.contracts import Parameter

__all__ = ["Coordinates"]

Real = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Coordinates:
    """Transformation between natural values and sampled coordinates.

    Attributes
    ----------
    logarithmic : (n,) bool
    lower, upper : (n,) array
        Ranges in natural values.
    """

    logarithmic: NDArray[np.bool_]
    lower: Real
    upper: Real

    @classmethod
    def of(cls, parameters: Sequence[Parameter]) -> Coordinates:
        """From the free parameters of a likelihood."""
        return cls(
            np.array([p.prior == "log" for p in parameters], dtype=bool),
            np.array([p.minimum for p in parameters], dtype=np.float64),
            np.array([p.maximum for p in parameters], dtype=np.float64),
        )

    def to_natural(self, coordinates: Real) -> Real:
        """Sampled coordinates (..., n) -> natural values."""
        if not self.logarithmic.any():
            return coordinates
        natural = coordinates.copy()
        with np.errstate(over="ignore"):  # a wild proposal becomes inf, which is outside every range
            natural[..., self.logarithmic] = np.exp(coordinates[..., self.logarithmic])
        return natural

    def from_natural(self, values: Real) -> Real:
        """Natural values (..., n) -> sampled coordinates."""
        coordinates = np.array(values, dtype=np.float64)
        coordinates[..., self.logarithmic] = np.log(coordinates[..., self.logarithmic])
        return coordinates

    @property
    def edges(self) -> tuple[Real, Real]:
        """Ranges in sampled coordinates."""
        return self.from_natural(self.lower), self.from_natural(self.upper)
