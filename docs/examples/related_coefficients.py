"""Models with one parameter for several Wilson coefficients of b -> s l l, for `fitlq fit NAME --model-file THIS_FILE`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.contracts import Parameter


@dataclass(frozen=True, slots=True)
class RelatedCoefficients:
    """Coefficients of WET (basis "flavio", 4.8 GeV) that are fixed multiples of one parameter C."""

    name: str
    title: str
    factors: tuple[tuple[str, float], ...]
    parameters: tuple[Parameter, ...] = (Parameter("C", "C", "the first coefficient", -10.0, 10.0, 0.0),)
    reference: str = "WCxf basis WET, flavio"
    eft: str = "WET"
    basis: str = "flavio"
    scale: None = None

    def coefficients(self, points: NDArray[np.float64]) -> Mapping[str, NDArray[np.float64]]:
        """The coefficients, each (N,), for points (N, 1)."""
        return {coefficient: factor * points[:, 0] for coefficient, factor in self.factors}


# the one called "model" is used if no name is given
model = RelatedCoefficients("left-handed-muons", "C9 = -C10 of muons", (("C9_bsmumu", 1.0), ("C10_bsmumu", -1.0)))
universal = RelatedCoefficients("universal-c9", "C9 of all leptons", (("C9_bsee", 1.0), ("C9_bsmumu", 1.0), ("C9_bstautau", 1.0)))
