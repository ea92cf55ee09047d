"""What the tests of charged lepton-flavour violation share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from fitlq_theory.contracts import Observable
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.quadratic_forms import real_vector
from tests.fitlq_theory.observables.form_values import reference


def entries(name: str) -> list[dict[str, Any]]:
    """Reference entries of ``data/<name>.json``."""
    return list(reference(name)["entries"])


def value(observable: Observable, point: ParameterPoint, coefficients: Mapping[str, complex]) -> float:
    """Prediction for coefficients by name; those it does not read are ignored."""
    forms = observable.forms(point, {})
    x = real_vector(np.array([coefficients.get(c.name, 0.0) for c in observable.coefficients], dtype=np.complex128))
    assert forms.powers == (1.0,)
    assert forms.quadratic.shape == (1, len(x), len(x))
    return float(x @ forms.quadratic[0] @ x)


def lfv_coefficients(entry: Mapping[str, Any]) -> dict[str, complex]:
    """The coefficients of a reference entry."""
    return {name: complex(*pair) for name, pair in entry["coefficients"].items()}
