"""B+ -> l nu and Bc -> l nu; what differs for D+ and Ds is in test_light_charged_currents."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from fitlq_theory.constants import HBAR_GEV_PS
from fitlq_theory.contracts import Observable
from fitlq_theory.inputs import load_inputs
from fitlq_theory.observables.leptonic_charged import leptonic_amplitudes, observables
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.qcd import running_mass
from fitlq_theory.quadratic_forms import real_vector
from tests.fitlq_theory.observables.form_values import reference

DATA = reference("leptonic_charged")
NAMES = sorted({entry["observable"] for entry in DATA["entries"]})


@pytest.fixture(scope="module")
def point() -> ParameterPoint:
    return load_inputs("flavio-2.7.1").point()


@pytest.fixture(scope="module")
def by_name(point: ParameterPoint) -> dict[str, Observable]:
    return {observable.name: observable for observable in observables(point)}


def predict(observable: Observable, point: ParameterPoint, coefficients: Mapping[str, complex]) -> float:
    x = real_vector(np.array([coefficients.get(c.name, 0.0) for c in observable.coefficients]))
    return float(x @ observable.forms(point, {}).quadratic[0] @ x)


@pytest.mark.parametrize("name", NAMES)
def test_agrees_with_flavio(name: str, by_name: dict[str, Observable], point: ParameterPoint) -> None:
    entries = [e for e in DATA["entries"] if e["observable"] == name]
    standard_model = next(e["value"] for e in entries if not DATA["points"][e["point"]])
    assert len(entries) > 10
    for entry in entries:
        coefficients = {k: complex(*v) for k, v in DATA["points"][entry["point"]].items()}
        found = predict(by_name[name], point, coefficients)
        # closed form: the running of m_c, 1e-6 apart, is what differs
        assert abs(found - entry["value"]) < 2e-6 * max(entry["value"], standard_model), coefficients


def test_all_names(by_name: dict[str, Observable]) -> None:
    charmed = {f"BR({meson}->{lepton}nu)" for meson in ("D+", "Ds") for lepton in ("e", "mu", "tau")}
    assert set(by_name) == {*NAMES, *charmed}


def test_standard_model_by_hand(by_name: dict[str, Observable], point: ParameterPoint) -> None:
    m_tau, m_b = point["m_tau"], point["m_Bc"]
    coupling = (point["GF"] * point["Vcb"] * point["f_Bc"] * point["C_VL SM of b->q lepton neutrino"]) ** 2
    width = coupling * m_b * m_tau**2 * (1 - m_tau**2 / m_b**2) ** 2 / (8 * np.pi)
    expected = width * point["tau_Bc"] / HBAR_GEV_PS
    assert predict(by_name["BR(Bc->taunu)"], point, {}) == pytest.approx(expected, rel=1e-12, abs=0)


def test_scalar_enhancement_of_bc(by_name: dict[str, Observable], point: ParameterPoint) -> None:
    """|1 + CVL - r CSL|^2 with r = m_Bc^2/((m_b + m_c) m_tau) = 4.4 at 4.8 GeV; flavio has 0.1938 at this point."""
    masses = running_mass(point, "b", 4.8) + running_mass(point, "c", 4.8)
    r = point["m_Bc"] ** 2 / (masses * point["m_tau"])
    assert r == pytest.approx(4.4, rel=0.01, abs=0)
    coefficients = {"CVL_bctaunutau": 0.013, "CSL_bctaunutau": 0.13, "CT_bctaunutau": -0.017}
    ratio = predict(by_name["BR(Bc->taunu)"], point, coefficients) / predict(by_name["BR(Bc->taunu)"], point, {})
    unit = point["C_VL SM of b->q lepton neutrino"]
    assert ratio == pytest.approx(abs(1 + (0.013 - r * 0.13) / unit) ** 2, rel=1e-12, abs=0)
    assert ratio == pytest.approx(0.1938, rel=5e-4, abs=0)


@pytest.mark.parametrize("name", NAMES)
def test_properties(name: str, by_name: dict[str, Observable], point: ParameterPoint) -> None:
    observable = by_name[name]
    names = [c.name for c in observable.coefficients]
    generator = np.random.default_rng(11)
    values = dict(zip(names, generator.normal(size=12) + 1j * generator.normal(size=12), strict=True))
    found = predict(observable, point, values)
    assert found > 0
    conjugated = {k: v.conjugate() for k, v in values.items()}
    assert predict(observable, point, conjugated) == pytest.approx(found, rel=1e-12, abs=0)
    # only the axial and the pseudoscalar combinations count
    shifted = {k: v + (0.3j if k.startswith("CV") else -0.2) for k, v in values.items()}
    assert predict(observable, point, shifted) == pytest.approx(found, rel=1e-10, abs=0)
    # the form is a sum of three squares, one for each neutrino flavour: at most six directions
    assert np.linalg.matrix_rank(observable.forms(point, {}).quadratic[0], hermitian=True) <= 6


def test_amplitudes_of_other_neutrinos_have_no_standard_model_part() -> None:
    rows = leptonic_amplitudes(4.0, 1.007, "mu")
    np.testing.assert_array_equal(rows[:, 0], [0.0, 1.007, 0.0])
    np.testing.assert_array_equal(rows[1, 5:9], [1.0, -1.0, -4.0, 4.0])
    assert np.count_nonzero(rows) == 13


def test_helicity_suppression(by_name: dict[str, Observable], point: ParameterPoint) -> None:
    masses = [point[f"m_{lepton}"] for lepton in ("e", "mu")]
    factors = [m**2 * (1 - m**2 / point["m_B+"] ** 2) ** 2 for m in masses]
    ratio = predict(by_name["BR(B+->enu)"], point, {}) / predict(by_name["BR(B+->munu)"], point, {})
    assert ratio == pytest.approx(factors[0] / factors[1], rel=1e-12, abs=0)


SPREADS = reference("b_to_c_spreads")["entries"]
LEPTONIC = [e for e in SPREADS if e["observable"] in NAMES]


@pytest.mark.parametrize("entry", LEPTONIC, ids=[e["observable"] for e in LEPTONIC])
def test_theory_error_is_near_the_spread_of_flavio(entry: dict[str, Any], by_name: dict[str, Observable]) -> None:
    inputs = load_inputs("flavio-2.7.1")
    variance = 0.0
    for direction in inputs.directions():
        values = [
            predict(by_name[entry["observable"]], inputs.point({k: s * v for k, v in direction.shifts.items()}), {})
            for s in (1, -1)
        ]
        variance += (0.5 * (values[0] - values[1])) ** 2
    # 50 draws know a spread to 10 %
    assert np.sqrt(variance) == pytest.approx(entry["spread"], rel=0.30, abs=0)
