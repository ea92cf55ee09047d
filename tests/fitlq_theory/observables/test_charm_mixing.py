"""D mixing against flavio 2.7.1, against the eigenvalues of the Hamiltonian, and properties for any coefficients."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fitlq_theory.ckm import ckm_matrix
from fitlq_theory.contracts import Combination, Observable
from fitlq_theory.inputs import load_inputs
from fitlq_theory.models import wet_model
from fitlq_theory.observables import neutral_meson_states as states
from fitlq_theory.observables.charm_mixing import amplitudes, observables
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.predictions import Predictions
from tests.fitlq_theory.observables.form_values import reference
from tests.fitlq_theory.observables.form_values import value as value_at

REFERENCE = reference("charm_mixing")
INPUTS = load_inputs("flavio-2.7.1")
POINT = INPUTS.point()
STANDARD = load_inputs().point()
OBSERVABLES = {o.name: o for o in observables(POINT)}
COMBINATIONS = {name: c for name, c in vars(states).items() if isinstance(c, Combination)}
PHASES = ("phi_D", "phi12_D", "phiM_D", "phiGamma_D", "x12Im_D")


def value(observable: Observable, coefficients: Mapping[str, complex], point: ParameterPoint = POINT) -> float:
    return value_at(observable, point, coefficients)


def random_coefficients(seed: int) -> dict[str, complex]:
    """Each of the size of the Standard Model amplitude."""
    generator = np.random.default_rng(seed)
    dispersive = amplitudes(POINT)[0]
    names = [c.name for c in OBSERVABLES["x_D"].coefficients]
    return {
        name: complex(abs(dispersive[0] / row) * complex(*generator.normal(size=2)))
        for name, row in zip(names, dispersive[1:], strict=True)
    }


@pytest.mark.parametrize("name", sorted({e["observable"] for e in REFERENCE["entries"]}))
def test_meets_flavio_at_every_point(name: str) -> None:
    for entry in (e for e in REFERENCE["entries"] if e["observable"] == name):
        observable = OBSERVABLES[name]
        assert {(c.eft, c.scale) for c in observable.coefficients} == {(entry["eft"], entry["scale"])}
        coefficients = {n: complex(*c) for n, c in entry["coefficients"].items()}
        # flavio's picosecond differs by 4e-8; phases have a rounding error of 1e-18 around zero
        assert value(observable, coefficients) == pytest.approx(entry["value"], rel=1e-6, abs=1e-18), entry["point"]


@pytest.mark.parametrize("spread", REFERENCE["spreads"], ids=lambda s: s["observable"])
def test_errors_are_those_of_flavio(spread: dict[str, Any]) -> None:
    """The linear error; the spreads of flavio come from 200 draws."""
    name = spread["observable"]
    model = wet_model(["CVLL_ucuc"], {"CVLL_ucuc": (-1e-18, 1e-18)})
    predictions = Predictions(model, [(name, {})], INPUTS)
    found = float(np.linalg.norm(predictions.sm_jacobian[0]))
    # where flavio's draws leave the linear regime, because M12 passes through zero within its error (and see docs/differences.md)
    linear = {
        "phi12_D": (0.0, 0.01),  # jumps by pi
        "x12_D": (1.1, 1.4),  # folded at zero: 0.0039 becomes 0.0031
        "x12Im_D": (0.6, 0.8),  # a product of two uncertain numbers
    }
    lowest, highest = linear.get(name, (0.75, 1.25))
    assert lowest < found / spread["value"] < highest


def eigenvalues(dispersive: complex, absorptive: complex) -> tuple[complex, complex, complex]:
    """Eigenvalue of the state that is rather CP even minus that of the other, and q/p in the convention of HFLAV."""
    forward = dispersive - 0.5j * absorptive
    backward = np.conj(dispersive) - 0.5j * np.conj(absorptive)
    found, vectors = np.linalg.eig(np.array([[1.0 - 0.5j, forward], [backward, 1.0 - 0.5j]]))
    overlap = np.abs(vectors[0] - vectors[1])  # CP even is M minus its antiparticle
    even = int(np.argmax(overlap))
    ratio = -vectors[1, even] / vectors[0, even]
    return found[even], found[1 - even], ratio


@pytest.mark.parametrize("seed", range(20))
def test_against_the_eigenvalues_of_the_hamiltonian(seed: int) -> None:
    coefficients = random_coefficients(seed)
    vector = np.array([1.0, *coefficients.values()])
    dispersive, absorptive = (complex(row @ vector) for row in amplitudes(STANDARD))
    even, odd, ratio = eigenvalues(dispersive, absorptive)
    difference = even - odd
    expected = {
        "x_D": difference.real,
        "y_D": -difference.imag,
        "q/p_D": abs(ratio),
        "phi_D": float(np.angle(ratio)),
        "x12_D": 2 * abs(dispersive),
        "y12_D": abs(absorptive),
        "phi12_D": float(np.angle(dispersive / absorptive)),
        "x12Im_D": float(2 * abs(dispersive) * np.sin(np.angle(dispersive / absorptive))),
        "phiM_D": float(np.angle(-dispersive)),
        "phiGamma_D": float(np.angle(-absorptive)),
    }
    found = {name: value(observable, coefficients, STANDARD) for name, observable in OBSERVABLES.items()}
    # eigenvalues 1 - i/2 with splittings of 1e-3: 1e-13 of rounding
    assert found == pytest.approx(expected, rel=1e-8, abs=1e-12)


@settings(max_examples=50, deadline=None)
@given(st.integers(0, 10**6))
def test_relations_of_the_observables(seed: int) -> None:
    coefficients = random_coefficients(seed)
    v = {name: value(observable, coefficients, STANDARD) for name, observable in OBSERVABLES.items()}
    # hep-ph/0205113 and arXiv:2001.07207
    assert v["x_D"] ** 2 - v["y_D"] ** 2 == pytest.approx(v["x12_D"] ** 2 - v["y12_D"] ** 2, rel=1e-8, abs=1e-16)
    assert v["x_D"] * v["y_D"] == pytest.approx(v["x12_D"] * v["y12_D"] * math.cos(v["phi12_D"]), rel=1e-8, abs=1e-16)
    assert math.cos(v["phi12_D"] - v["phiM_D"] + v["phiGamma_D"]) == pytest.approx(1.0, rel=1e-12, abs=0)
    assert v["x12Im_D"] == pytest.approx(v["x12_D"] * math.sin(v["phi12_D"]), rel=1e-9, abs=1e-18)
    sine, cosine = (v["x12_D"] ** 2 * f(2 * v["phiM_D"]) + v["y12_D"] ** 2 * f(2 * v["phiGamma_D"]) for f in (math.sin, math.cos))
    assert math.cos(2 * v["phi_D"] + math.atan2(sine, cosine)) == pytest.approx(1.0, rel=1e-12, abs=0)
    assert abs(v["phi_D"]) <= math.pi / 2 + 1e-12


@pytest.mark.parametrize("point", [POINT, STANDARD], ids=["flavio", "standard"])
def test_cp_conjugation(point: ParameterPoint) -> None:
    inputs = INPUTS if point is POINT else load_inputs()
    mirror = inputs.point({"gamma": -2 * point["gamma"]})
    coefficients = random_coefficients(4)
    conjugated = {name: c.conjugate() for name, c in coefficients.items()}
    for name, observable in OBSERVABLES.items():
        here, there = value(observable, coefficients, point), value(observable, conjugated, mirror)
        expected = 1 / here if name == "q/p_D" else (-here if name in PHASES else here)
        assert there == pytest.approx(expected, rel=1e-9, abs=0)


def test_rephasing_of_quarks_changes_no_phase_by_itself() -> None:
    """Against the definition, from the CKM matrix and the amplitudes of the flavio option, which are not rotated."""
    matrix = ckm_matrix(STANDARD["Vus"], STANDARD["Vub"], STANDARD["Vcb"], STANDARD["gamma"])
    down, strange = (matrix[1, k] * np.conj(matrix[0, k]) for k in (0, 1))
    reference = 0.25 * (strange - down) ** 2
    here, there = amplitudes(STANDARD)[0, 1:], amplitudes(POINT)[0, 1:]
    assert here / there == pytest.approx(np.full(8, np.conj(reference) / abs(reference)), rel=1e-9, abs=0)
    expected = np.angle(strange**2 / reference)
    assert value(OBSERVABLES["phiGamma_D"], {}, STANDARD) == pytest.approx(expected, rel=1e-9, abs=0)


def test_standard_model_phases_are_small() -> None:
    for name in PHASES:
        assert abs(value(OBSERVABLES[name], {}, STANDARD)) < 1e-3
    assert value(OBSERVABLES["q/p_D"], {}, STANDARD) == pytest.approx(1.0, abs=1e-6)


@pytest.mark.parametrize("name", sorted(COMBINATIONS))
@pytest.mark.parametrize("seed", range(5))
def test_gradients(name: str, seed: int) -> None:
    combination = COMBINATIONS[name]
    forms = np.random.default_rng(seed).normal(size=(7, 4))
    step = 1e-6
    numeric = np.stack(
        [(combination.value(forms + step * e) - combination.value(forms - step * e)) / (2 * step) for e in np.eye(4)], axis=-1
    )
    assert combination.gradient(forms) == pytest.approx(numeric, rel=1e-6, abs=1e-8)
    assert combination.value(forms[None]).shape == (1, 7)


@pytest.mark.parametrize("choices", [{}, {"D mixing": "flavio-2.7.1"}], ids=["standard", "flavio"])
def test_compiled_predictions_and_derivatives(choices: dict[str, str]) -> None:
    """All observables of D mixing at once, mixed with one that is a product of powers; derivatives by shifts of the inputs."""
    inputs = load_inputs("default", choices)
    model = wet_model(["Re_CVLL_ucuc", "Im_CVLL_ucuc", "CSLR_ucuc"])
    names = [*OBSERVABLES, "DeltaM_d"]
    predictions = Predictions(model, [(name, {}) for name in names], inputs)
    points = np.array([[1e-13, 5e-14, 2e-14], [-2e-13, 1e-13, -1e-14], [3e-14, -1e-13, 0.0]])
    values, jacobian = predictions.values_and_jacobian(points)
    assert predictions.values(points) == pytest.approx(values, rel=1e-12, abs=0)
    directions = {d.name: d for d in inputs.directions()}
    for n, point in enumerate(points):
        coefficients = {"CVLL_ucuc": complex(point[0], point[1]), "CSLR_ucuc": complex(point[2])}
        for k, name in enumerate(OBSERVABLES):
            assert values[n, k] == pytest.approx(value(OBSERVABLES[name], coefficients, inputs.point()), rel=1e-9, abs=1e-18)
            for d, direction in enumerate(predictions.directions):
                if direction == "tau_D0":
                    continue  # tested with all others; its step is a full standard deviation of a power
                shift = {i: 0.01 * s for i, s in directions[direction].shifts.items()}
                up = value(OBSERVABLES[name], coefficients, inputs.point(shift))
                down = value(OBSERVABLES[name], coefficients, inputs.point({i: -s for i, s in shift.items()}))
                # the compiled derivative of the forms has the step of a full standard deviation; M12 is linear up to CKM
                assert jacobian[n, k, d] == pytest.approx(
                    (up - down) / 0.02, rel=1e-2, abs=1e-3 * abs(values[n, k]) * 0.01 + 1e-12
                )
