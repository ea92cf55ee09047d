"""Form factors of a transition at a point of the inputs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fitlq_theory.errors import InputError
from fitlq_theory.form_factors.baryons import baryon_series, lambda1520_lattice_points, lambda1520_quark_model, linear_in_recoil
from fitlq_theory.form_factors.heavy_quark_expansion import hqet
from fitlq_theory.form_factors.kaon_to_pion import kaon_to_pion
from fitlq_theory.form_factors.series_in_z import bcl, bcl_normalised, bsz

if TYPE_CHECKING:
    from fitlq_theory.parameter_point import ParameterPoint

__all__ = ["evaluate"]


def evaluate(point: ParameterPoint, transition: str, q2: ArrayLike) -> dict[str, NDArray[np.float64]]:
    """Form factors of `transition` with the set chosen in the inputs.

    Parameters
    ----------
    point : ParameterPoint
    transition : str
        ``"B->D"``, ``"B->K*"``, ...
    q2 : array_like
        Momentum transfer in GeV^2, any shape.

    Returns
    -------
    dict
        Arrays of the shape of `q2`, dimensionless: ``f+``, ``f0``, ``fT`` for a pseudoscalar, ``V``, ``A0``, ``A1``,
        ``A12``, ``T1``, ``T2``, ``T23`` for a vector meson (lattice basis of arXiv:1310.3722, which the end points make
        regular), ``V_time``, ``V_long``, ``V_perp``, ``A_...``, ``T_...``, ``T5_...`` for a baryon of spin
        1/2. Masses of the transition are those of the set, not those of the point.

    Raises
    ------
    UnknownNameError
        No form factors for this transition.
    InputError
        The file names a parametrisation that does not exist.
    """
    form_factors = point.form_factor_set(transition)
    parametrisation = form_factors.parametrisations[transition]
    coefficients = form_factors.coefficients(point, transition)
    momentum = np.asarray(q2, dtype=np.float64)
    match parametrisation["id"]:
        case "BSZ":
            return bsz(parametrisation, coefficients, momentum)
        case "BCL":
            return bcl(parametrisation, coefficients, momentum)
        case "HQET":
            return hqet(parametrisation, coefficients, momentum, transition)
        case "BCL-LMVD":
            return bcl_normalised(parametrisation, coefficients, momentum)
        case "Kpi-dispersive":
            return kaon_to_pion(parametrisation, coefficients, momentum)
        case "SSE-baryon":
            return baryon_series(parametrisation, coefficients, momentum)
        case "linear-recoil":
            return linear_in_recoil(parametrisation, coefficients, momentum)
        case "Lambda1520-points":
            return lambda1520_lattice_points(parametrisation, coefficients, momentum)
        case "Lambda1520-quark-model":
            return lambda1520_quark_model(parametrisation, coefficients, momentum)
        case other:
            known = (
                "BSZ, BCL, BCL-LMVD, HQET, Kpi-dispersive, SSE-baryon, linear-recoil, Lambda1520-points, Lambda1520-quark-model"
            )
            msg = f"form factors {form_factors.name}: unknown parametrisation {other!r}; known: {known}"
            raise InputError(msg)
