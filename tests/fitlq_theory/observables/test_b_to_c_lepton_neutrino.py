"""B -> D(*) l nu against stored predictions of flavio, in the Standard Model and with every operator and lepton flavour."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from fitlq_theory.contracts import Forms, Observable
from fitlq_theory.inputs import load_inputs
from fitlq_theory.observables.b_to_c_lepton_neutrino import observables
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.quadratic_forms import real_vector
from tests.fitlq_theory.observables.form_values import reference

FILES = {
    name: reference(name)
    for name in (
        "b_to_c_tau_neutrino",
        "b_to_c_light_lepton_neutrino",
        "b_to_c_bins",
        "b_to_c_tau_polarisation",
    )
}
# flavio integrates to about 1e-5; what is not integrated or integrated tightly agrees to the rounding of the inputs
TOLERANCES = {
    "b_to_c_tau_neutrino": 3e-5,
    "b_to_c_light_lepton_neutrino": 3e-5,
    "b_to_c_bins": 1e-6,
    "b_to_c_tau_polarisation": 1e-6,
}
GROUPS = sorted({(name, e["observable"], tuple(e["args"])) for name, data in FILES.items() for e in data["entries"]})


@pytest.fixture(scope="module")
def point() -> ParameterPoint:
    return load_inputs("flavio-2.7.1").point()


@pytest.fixture(scope="module")
def by_name(point: ParameterPoint) -> dict[str, Observable]:
    return {observable.name: observable for observable in observables(point)}


def predict(observable: Observable, forms: Forms, coefficients: dict[str, list[float]]) -> float:
    values = np.array([complex(*coefficients.get(c.name, (0.0, 0.0))) for c in observable.coefficients])
    x = real_vector(values)
    return float(np.prod(np.einsum("i,kij,j->k", x, forms.quadratic, x) ** np.array(forms.powers)))


@pytest.mark.parametrize(("file", "name", "args"), GROUPS)
def test_agrees_with_flavio(
    file: str, name: str, args: tuple[float, ...], by_name: dict[str, Observable], point: ParameterPoint
) -> None:
    data, observable = FILES[file], by_name[name]
    arguments = dict(zip((a.name for a in observable.arguments), args, strict=True))
    observable.check_arguments(arguments)
    forms = observable.forms(point, arguments)
    entries = [e for e in data["entries"] if e["observable"] == name and tuple(e["args"]) == args]
    standard_model = next(e["value"] for e in entries if not data["points"][e["point"]])
    assert len(entries) > 1
    for entry in entries:
        found = predict(observable, forms, data["points"][entry["point"]])
        scale = max(abs(entry["value"]), abs(standard_model))
        assert abs(found - entry["value"]) < TOLERANCES[file] * scale, data["points"][entry["point"]]


def test_coefficients_are_read_where_flavio_reads_them(by_name: dict[str, Observable]) -> None:
    found = by_name["Rtaul(B->D*lnu)"].coefficients
    assert {(c.eft, c.scale) for c in found} == {("WET", 4.8)}
    assert len(found) == len(set(found)) == 45
    assert "CSR_bcmunutau" in {c.name for c in found}


SPREADS = [e for e in reference("b_to_c_spreads")["entries"] if "->D" in e["observable"]]


@pytest.mark.parametrize("entry", SPREADS, ids=[e["observable"] for e in SPREADS])
def test_theory_error_is_near_the_spread_of_flavio(entry: dict[str, Any], by_name: dict[str, Observable]) -> None:
    # 30 %: 50 draws know a spread to 10 %; and the linear error of R(D) is 23 % smaller than that of 600 draws, because
    # R(D) bends with the slope of the Isgur-Wise function
    inputs = load_inputs("flavio-2.7.1")
    observable = by_name[entry["observable"]]
    arguments = dict(zip((a.name for a in observable.arguments), entry["args"], strict=True))

    def value(shifts: dict[str, float]) -> float:
        return predict(observable, observable.forms(inputs.point(shifts), arguments), {})

    _, reads = inputs.point().reads_of(lambda p: observable.forms(p, arguments))
    variance = 0.0
    for direction in inputs.directions():
        if reads & set(direction.shifts):
            down = {name: -shift for name, shift in direction.shifts.items()}
            variance += (0.5 * (value(dict(direction.shifts)) - value(down))) ** 2
    assert np.sqrt(variance) == pytest.approx(entry["spread"], rel=0.30, abs=0)
