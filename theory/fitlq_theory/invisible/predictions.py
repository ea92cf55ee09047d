"""What a model with a light invisible pair adds to the observables that experiments quote for neutrinos."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fitlq_theory.errors import InputError
from fitlq_theory.invisible.belle2_acceptance import acceptance
from fitlq_theory.invisible.decays import DECAYS
from fitlq_theory.invisible.rates import branching_ratio, bs_to_invisible, find_operator
from fitlq_theory.parameter_point import ParameterPoint

__all__ = ["invisible_predictions"]

Real = NDArray[np.float64]


def invisible_predictions(
    point: ParameterPoint,
    operator: str,
    quark: str,
    coefficient: ArrayLike,
    mass: ArrayLike,
    *,
    self_conjugate: bool = False,
    halved: bool = False,
    mode: Literal["total", "kappa"] = "kappa",
) -> dict[str, Real]:
    """Contributions for `Model.predictions`, by name of the observable, each of the common shape of coefficient and mass.

    Parameters
    ----------
    point : ParameterPoint
        Kept by the model (``load_inputs().point()``), so that form factors are prepared once.
    operator, quark
        See `spectrum`.
    coefficient, mass : array_like
        C (GeV powers; `DarkOperator.coefficient` makes it from a scale) and mass in GeV, one for each parameter point.
    self_conjugate, halved : bool
        See `statistics_factor`.
    mode : {"total", "kappa"}
        ``kappa`` multiplies BR(B+->K+) with the acceptance of the Belle II measurement (`belle2_acceptance`); other
        measurements, which assume the Standard Model spectrum as well, have no published response and are left alone.
        ``total``: the branching ratio itself.

    Returns
    -------
    dict
        ``BR(B+->Knunu)``, ``BR(B0->Knunu)``, ``BR(B+->K*nunu)``, ``BR(B0->K*nunu)``, ``BR(Bs->phinunu)``,
        ``BR(Bs->invisible)``.
    """
    if mode not in ("total", "kappa"):
        msg = f"mode must be 'total' or 'kappa', found {mode!r}"
        raise InputError(msg)
    find_operator(operator)
    strength = np.abs(np.asarray(coefficient)) ** 2
    masses, unique = np.asarray(mass, dtype=np.float64), None
    if masses.size > 1 and np.all(masses == masses.flat[0]):
        masses, unique = masses.ravel()[:1], masses.shape  # a fixed mass: integrate once
    found = {
        f"BR({name})": branching_ratio(point, name, operator, quark, masses, self_conjugate=self_conjugate, halved=halved)
        for name in DECAYS
    }
    found["BR(Bs->invisible)"] = bs_to_invisible(point, operator, quark, masses, self_conjugate=self_conjugate, halved=halved)
    if mode == "kappa":
        found["BR(B+->Knunu)"] = found["BR(B+->Knunu)"] * acceptance(point, operator, quark, masses)
    if unique is not None:
        found = {name: np.broadcast_to(rate, unique) for name, rate in found.items()}
    return {name: np.asarray(strength * rate) for name, rate in found.items()}
