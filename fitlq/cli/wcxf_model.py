"""A WCxf file as a model without parameters, so that it predicts like any other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fitlq.errors import InputError
from fitlq_theory.contracts import Coefficient, Parameter

if TYPE_CHECKING:
    from fitlq_theory.inputs import Inputs
    from fitlq_theory.wilson_coefficients import WilsonCoefficients

__all__ = ["WcxfModel", "check_low_scale", "wcxf_model"]

# a coefficient in WET is used where the observable needs it without running: scales may differ by this factor at most
_SAME_SCALE = 1.2


@dataclass(frozen=True, slots=True)
class WcxfModel:
    """Fixed Wilson coefficients of a file; fulfils the model contract with no parameters."""

    name: str
    title: str
    reference: str
    eft: str
    basis: str
    scale: float | None
    values: Mapping[str, Any]
    parameters: tuple[Parameter, ...] = ()

    def coefficients(self, points: NDArray[np.float64]) -> Mapping[str, Any]:
        """The coefficients, the same at each of the N points (N, 0)."""
        return {name: np.full(len(points), value) for name, value in self.values.items()}


def wcxf_model(path: str, inputs: Inputs | None = None) -> tuple[WcxfModel, WilsonCoefficients]:
    """Read a file in SMEFT (Warsaw up or Warsaw) or in WET (flavio or JMS); the second ones are translated to the first.

    The translation takes CKM matrix, couplings and masses from `inputs`, the default set when None.

    Raises
    ------
    InputError
        The file cannot be read, or is in another EFT or basis.
    """
    from fitlq_theory.wilson_coefficients import BASES, read_wcxf

    coefficients = read_wcxf(path)
    if coefficients.basis != BASES[coefficients.eft]:
        from fitlq_theory.bases import translate

        coefficients = translate(coefficients, BASES[coefficients.eft], inputs)
    low = coefficients.eft.startswith("WET")
    return (
        WcxfModel(
            name=path,
            title=f"Wilson coefficients of {path}",
            reference=path,
            eft="WET" if low else coefficients.eft,
            basis=coefficients.basis,
            scale=None if low else float(coefficients.scale),
            values=dict(coefficients.values),
        ),
        coefficients,
    )


def check_low_scale(path: str, coefficients: WilsonCoefficients, used: Mapping[Coefficient, Any]) -> None:
    """Refuse coefficients of a WET file that observables need at another scale: they would have to run first.

    Raises
    ------
    InputError
        The scales differ by more than 20 %.
    """
    if not coefficients.eft.startswith("WET"):
        return
    for needed in used:
        ratio = needed.scale / coefficients.scale
        if not 1.0 / _SAME_SCALE <= ratio <= _SAME_SCALE:
            msg = (
                f"{path}: scale: {needed.name} is given at {coefficients.scale:g} GeV but needed at {needed.scale:g} GeV; "
                f"give the file at the scale of the observables, or leave those out that need another (--observables)"
            )
            raise InputError(msg)
