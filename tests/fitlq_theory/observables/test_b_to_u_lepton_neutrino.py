"""B -> pi l nu, B -> rho l nu, B -> omega l nu against stored predictions of flavio, errors and properties."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitlq_theory.contracts import Observable
from fitlq_theory.inputs import load_inputs
from fitlq_theory.observables.b_to_u_lepton_neutrino import observables
from fitlq_theory.observables.bc_to_jpsi_lepton_neutrino import observables as jpsi
from fitlq_theory.observables.lambda_b_to_lambda_c_lepton_neutrino import observables as lambda_c
from fitlq_theory.parameter_point import ParameterPoint
from tests.fitlq_theory.observables.form_values import reference
from tests.fitlq_theory.observables.form_values import value as value_at

DATA = reference("b_to_u_lepton_neutrino")
NAMES = sorted({entry["observable"] for entry in DATA["entries"]})
PROCESSES = (
    "B0->pitaunu", "B0->pimunu", "B+->omegataunu", "B0->rhotaunu", "B0->rhoenu", "Bc->J/psitaunu", "Bc->J/psimunu",
    "Lambdab->Lambdactaunu", "Lambdab->Lambdacenu",
)  # fmt: skip


@pytest.fixture(scope="module")
def point() -> ParameterPoint:
    return load_inputs("flavio-2.7.1").point()


@pytest.fixture(scope="module")
def by_name(point: ParameterPoint) -> dict[str, Observable]:
    return {o.name: o for o in (*observables(point), *jpsi(point), *lambda_c(point))}


def predict(
    observable: Observable, point: ParameterPoint, coefficients: Mapping[str, complex], args: Mapping[str, float] | None = None
) -> float:
    return value_at(observable, point, coefficients, args)


@pytest.mark.parametrize("name", NAMES)
def test_agrees_with_flavio(name: str, by_name: dict[str, Observable], point: ParameterPoint) -> None:
    entries = [e for e in DATA["entries"] if e["observable"] == name]
    standard_model = next(e["value"] for e in entries if e["name"] == "SM")
    assert len(entries) > 20
    for entry in entries:
        coefficients = {k: complex(*v) for k, v in DATA["points"][entry["point"]].items()}
        found = predict(by_name[name], point, coefficients)
        # flavio integrates to about 1e-5
        assert abs(found - entry["value"]) < 3e-5 * max(entry["value"], standard_model), entry["name"]


@pytest.mark.parametrize("name", DATA["spreads"])
def test_theory_error_is_near_the_spread_of_flavio(name: str, by_name: dict[str, Observable]) -> None:
    inputs, observable = load_inputs("flavio-2.7.1"), by_name[name]
    _, reads = inputs.point().reads_of(lambda p: observable.forms(p, {}))
    variance = 0.0
    for direction in inputs.directions():
        if reads & set(direction.shifts):
            values = [predict(observable, inputs.point({k: s * v for k, v in direction.shifts.items()}), {}) for s in (1, -1)]
            variance += (0.5 * (values[0] - values[1])) ** 2
    # 50 draws know a spread to 10 %
    assert np.sqrt(variance) == pytest.approx(DATA["spreads"][name], rel=0.30, abs=0)


@given(seed=st.integers(0, 2**31), process=st.sampled_from(PROCESSES))
def test_properties_for_random_coefficients(seed: int, process: str) -> None:
    point = load_inputs().point()
    everything = (*observables(point), *jpsi(point), *lambda_c(point))
    rate = next(o for o in everything if o.name == f"BR({process})")
    generator = np.random.default_rng(seed)
    values = {c.name: complex(*generator.normal(size=2)) for c in rate.coefficients}
    found = predict(rate, point, values)
    assert found > 0
    assert predict(rate, point, {k: v.conjugate() for k, v in values.items()}) == pytest.approx(found, rel=1e-12, abs=0)
    lepton = next(name for name in ("tau", "mu", "e") if process.endswith(f"{name}nu"))
    others = {k: v for k, v in values.items() if not k.endswith(f"{lepton}nu{lepton}")}
    rotated = {k: 1j * v for k, v in others.items()}
    assert predict(rate, point, rotated) == pytest.approx(predict(rate, point, others), rel=1e-12, abs=0)
    if lepton == "tau":
        polarisation = next(o for o in everything if o.name == f"Ptau({process})")
        assert abs(predict(polarisation, point, values)) <= 1 + 1e-12


@pytest.mark.parametrize("process", PROCESSES)
def test_bins_add_up(process: str, by_name: dict[str, Observable], point: ParameterPoint) -> None:
    binned = by_name[f"<BR>({process})"]
    end = binned.arguments[1].maximum
    edges = [0.0, 0.3 * end, 0.7 * end, end]
    parts = [predict(binned, point, {}, {"q2min": a, "q2max": b}) for a, b in pairwise(edges)]
    assert sum(parts) == pytest.approx(predict(by_name[f"BR({process})"], point, {}), rel=1e-6, abs=0)


def test_small_lepton_mass(by_name: dict[str, Observable], point: ParameterPoint) -> None:
    """Electrons and muons differ by the mass of the muon only."""
    ratio = predict(by_name["Rmue(B->pilnu)"], point, {})
    assert 0.99 < ratio < 1.0


@pytest.mark.parametrize("name", ["BR(B0->pitaunu)", "R(pi)", "R(rho)", "R(J/psi)", "R(Lambda_c)", "BR(Lambdab->Lambdactaunu)"])
def test_names_in_use(name: str, by_name: dict[str, Observable]) -> None:
    assert any(name in (o.name, *o.aliases) for o in by_name.values())
