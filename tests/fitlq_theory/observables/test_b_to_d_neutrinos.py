"""b -> d nu nubar against flavio 2.7.1; what it shares with b -> s nu nubar is tested there."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from fitlq_theory.contracts import Observable
from fitlq_theory.form_factors import evaluate
from fitlq_theory.inputs import load_inputs
from fitlq_theory.models import wet_model
from fitlq_theory.observables.b_to_d_neutrinos import observables
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.predictions import Predictions
from tests.fitlq_theory.observables.form_values import reference, value_of_numbers

REFERENCE = reference("b_to_d_neutrinos")
INPUTS = load_inputs("flavio-2.7.1")
POINT = INPUTS.point()
OBSERVABLES = {o.name: o for o in observables(POINT)}
RATES = sorted({e["observable"] for e in REFERENCE["entries"]})


def value(observable: Observable, arguments: Mapping[str, float], c: Any, point: ParameterPoint = POINT) -> float:
    """Prediction for coefficients given by name or as an array."""
    numbers = [c.get(o.name, 0.0) for o in observable.coefficients] if isinstance(c, Mapping) else c
    return value_of_numbers(observable, point, numbers, arguments)


def random_coefficients(seed: int) -> NDArray[np.complex128]:
    draw = np.random.default_rng(seed).normal(size=(2, 36)) * 10.0
    return np.asarray(draw[0] + 1j * draw[1])


@pytest.mark.parametrize("name", RATES)
def test_meets_flavio_at_every_point(name: str) -> None:
    observable = OBSERVABLES[name]
    entries = [e for e in REFERENCE["entries"] if e["observable"] == name]
    assert len(entries) == 31
    assert {(c.eft, c.scale) for c in observable.coefficients} == {(REFERENCE["eft"], REFERENCE["scale"])}
    for entry in entries:
        coefficients = {n: complex(*c) for n, c in entry["coefficients"].items()}
        scale = max(abs(entry["value"]), value(observable, {}, {}))
        # flavio integrates to a nominal 0.5 %; found: 1.2e-7 for the pion, 4e-6 for the rho
        assert abs(value(observable, {}, coefficients) - entry["value"]) < 1e-5 * scale, entry["point"]


def test_errors_are_those_of_flavio() -> None:
    predictions = Predictions(wet_model([]), [(name, {}) for name in RATES], INPUTS)
    found = dict(zip(RATES, np.linalg.norm(predictions.sm_jacobian, axis=1), strict=True))
    # spreads of 50 draws
    assert found == pytest.approx({s["observable"]: s["value"] for s in REFERENCE["spreads"]}, rel=0.3, abs=0)


@pytest.mark.parametrize("name", sorted(OBSERVABLES))
def test_forms_are_positive(name: str) -> None:
    arguments = {a.name: {"q2": 5.0, "q2min": 1.0, "q2max": 8.0}[a.name] for a in OBSERVABLES[name].arguments}
    for form in OBSERVABLES[name].forms(POINT, arguments).quadratic:
        eigenvalues = np.linalg.eigvalsh(form)
        assert eigenvalues[0] >= -1e-12 * eigenvalues[-1]  # rounding of the eigenvalue solver


@pytest.mark.parametrize("light", ["pi", "rho"])
@pytest.mark.parametrize("seed", range(3))
def test_isospin(light: str, seed: int) -> None:
    """B+ and B0 differ by lifetimes, masses and the quark content of the neutral meson."""
    charged, neutral = OBSERVABLES[f"BR(B+->{light}nunu)"], OBSERVABLES[f"BR(B0->{light}nunu)"]
    coefficients = random_coefficients(seed)
    ratio = value(charged, {}, coefficients) / value(neutral, {}, coefficients)
    # 0.3 %: the masses of the pions
    assert ratio == pytest.approx(2 * POINT["tau_B+"] / POINT["tau_B0"], rel=5e-3, abs=0)


def test_flavour_universal_left_handed_currents_scale_all_rates() -> None:
    coefficients = {f"CL_bd{k}{k}": 3.0 - 2.0j for k in ("nue", "numu", "nutau")}
    ratios = [value(OBSERVABLES[n], {}, coefficients) / value(OBSERVABLES[n], {}, {}) for n in RATES]
    assert ratios == pytest.approx([ratios[0]] * len(ratios), rel=1e-12, abs=0)


def test_pion_form_factor_at_zero() -> None:
    """Leljak, Melic, van Dyk: f_+(0) = f_0(0) is a parameter, 0.235(19) (arXiv:2102.07233)."""
    form_factors = evaluate(POINT, "B->pi", [0.0, 10.0, 26.0])
    assert form_factors["f+"][0] == pytest.approx(0.2347, abs=1e-4)
    assert form_factors["f0"][0] == pytest.approx(form_factors["f+"][0], rel=1e-12, abs=0)
    assert np.all(np.diff(form_factors["f+"]) > 0)


def test_right_handed_neutrinos_add_incoherently() -> None:
    observable = OBSERVABLES["BR(B+->rhonunu)"]
    standard_model = value(observable, {}, {})
    one = value(observable, {}, {"CL_bdNtauNtau": 4.0, "CR_bdNtauNtau": 1.0j}) - standard_model
    both = value(observable, {}, {"CL_bdNtauNtau": 4.0j, "CR_bdNtauNtau": -1.0}) - standard_model
    assert one == pytest.approx(both, rel=1e-10, abs=0)  # a common phase
    end = OBSERVABLES["FL(B0->rhonunu)"].arguments[0].maximum
    assert value(OBSERVABLES["FL(B0->rhonunu)"], {"q2": 0.0}, {}) == pytest.approx(1.0, rel=1e-12, abs=0)
    assert math.isclose(value(OBSERVABLES["FL(B0->rhonunu)"], {"q2": end}, {}), 1 / 3, rel_tol=0.06)
