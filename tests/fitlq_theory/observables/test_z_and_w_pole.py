"""Z and W pole against flavio 2.7.1, and properties that hold for any coefficients."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fitlq_theory.ckm import ckm_matrix
from fitlq_theory.contracts import Observable
from fitlq_theory.inputs import load_inputs
from fitlq_theory.observables import load_registry
from fitlq_theory.observables.electroweak_couplings import COEFFICIENTS
from fitlq_theory.observables.z_and_w_pole import observables
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.wilson_coefficients import coefficient_names
from tests.fitlq_theory.observables.form_values import reference
from tests.fitlq_theory.observables.form_values import value as value_at

REFERENCE = reference("z_and_w_pole")
FLAVIO, DEFAULT = load_inputs("flavio-2.7.1"), load_inputs()
POINT = FLAVIO.point()
OBSERVABLES = {o.name: o for o in observables(POINT)}
CKM = ckm_matrix(POINT["Vus"], POINT["Vub"], POINT["Vcb"], POINT["gamma"])
REAL = coefficient_names("SMEFT")
LEPTONS = ("e", "mu", "tau")


def value(observable: Observable, coefficients: dict[str, complex], point: ParameterPoint = POINT) -> float:
    return value_at(observable, point, coefficients)


def up_aligned(coefficients: dict[str, Any]) -> dict[str, complex]:
    """From the basis Warsaw to Warsaw up: C -> V C V^dagger for the left-handed quarks."""
    result = {name: complex(*number) if isinstance(number, list) else complex(number) for name, number in coefficients.items()}
    pairs = [(i, j) for i in range(3) for j in range(i, 3)]
    for name in ("phiq1", "phiq3"):
        matrix = np.zeros((3, 3), dtype=np.complex128)
        for i, j in pairs:
            matrix[i, j] = result.pop(f"{name}_{i + 1}{j + 1}", 0.0)
            matrix[j, i] = matrix[i, j].conj()
        rotated = CKM @ matrix @ CKM.conj().T
        for i, j in pairs:
            result[f"{name}_{i + 1}{j + 1}"] = complex(rotated[i, j].real) if i == j else complex(rotated[i, j])
    return result


def random_coefficients(seed: int, size: float = 1e-6) -> dict[str, complex]:
    generator = np.random.default_rng(seed)
    found = {}
    for c in COEFFICIENTS:
        real, imaginary = size * generator.normal(size=2)
        found[c.name] = complex(real) if REAL[c.name] else complex(real, imaginary)
    return found


def test_names_are_those_of_the_basis() -> None:
    assert {c.name for c in COEFFICIENTS} <= REAL.keys()


@pytest.mark.parametrize("name", sorted({entry[0] for entry in REFERENCE["entries"]}))
def test_against_flavio(name: str) -> None:
    observable = OBSERVABLES[name]
    standard = abs(value(observable, {}))
    for _, _, index, stored in (entry for entry in REFERENCE["entries"] if entry[0] == name):
        found = value(observable, up_aligned(REFERENCE["points"][index]))
        # all closed form: the digits stored
        assert abs(found - stored) <= 1e-10 * max(abs(stored), standard)


@pytest.mark.parametrize("spread", REFERENCE["spreads"], ids=lambda s: s["observable"])
def test_errors_are_those_of_flavio(spread: dict[str, Any]) -> None:
    observable = OBSERVABLES[spread["observable"]]
    _, reads = POINT.reads_of(lambda p: observable.forms(p, {}))
    total = 0.0
    for direction in FLAVIO.directions():
        if not reads.isdisjoint(direction.shifts):
            up = value(observable, {}, FLAVIO.point(direction.shifts))
            down = value(observable, {}, FLAVIO.point({key: -shift for key, shift in direction.shifts.items()}))
            total += (0.5 * (up - down)) ** 2
    # 200 draws: 5 %
    assert math.sqrt(total) == pytest.approx(spread["value"], rel=0.2, abs=0)


def test_standard_model_against_measurements() -> None:
    """LEP and PDG numbers known for decades, to a per mille or their errors."""
    point = DEFAULT.point()
    for name, measured, tolerance in (
        ("GammaZ", 2.4955, 0.0025),
        ("R_b", 0.2163, 0.0015),
        ("R_l", 20.767, 0.05),
        ("m_W", 80.37, 0.03),
        ("GammaW", 2.09, 0.04),
        ("BR(W->enu)", 0.1086, 0.001),
        ("A(Z->bb)", 0.923, 0.03),
    ):
        assert abs(value(OBSERVABLES[name], {}, point) - measured) < tolerance, name


@settings(max_examples=20, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_bounds_and_sums(seed: int) -> None:
    point, c = DEFAULT.point(), random_coefficients(seed)
    found = {name: value(o, c, point) for name, o in OBSERVABLES.items()}
    for name, number in found.items():
        assert abs(number) <= 1.0 if name.startswith(("A(", "AFB(", "BR(")) else number > 0
    # the widths to equal flavours are at most the hadronic one
    assert sum(found[f"R_{q}"] for q in "ucdsb") <= 1.0 + 1e-12
    total = sum(found[f"BR(W->{lepton}nu)"] for lepton in LEPTONS)
    assert 0.1 < total < 0.6
    assert found["Rtaumu(W->lnu)"] == pytest.approx(found["Rtaue(W->lnu)"] / found["Rmue(W->lnu)"], rel=1e-12, abs=0)
    assert found["AFB(Z->mumu)"] == pytest.approx(0.75 * found["A(Z->ee)"] * found["A(Z->mumu)"], rel=1e-12, abs=0)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_complex_conjugation_and_decoupling(seed: int) -> None:
    """Observables are even under CP; small coefficients change nothing.

    Conjugating coefficients and CKM matrix together: with the coefficients alone the rotation to down quarks would differ.
    """
    gamma = DEFAULT.parameters["gamma"].value
    point, mirrored, c = DEFAULT.point(), DEFAULT.point({"gamma": -2 * gamma}), random_coefficients(seed)
    conjugate = {name: number.conjugate() for name, number in c.items()}
    for name, o in OBSERVABLES.items():
        here = value(o, c, point)
        assert value(o, conjugate, mirrored) == pytest.approx(here, rel=1e-10, abs=0), name
        tiny = {key: 1e-8 * number for key, number in c.items()}
        assert value(o, tiny, point) == pytest.approx(value(o, {}, point), rel=1e-6, abs=1e-15), name


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_exchange_of_electron_and_muon(seed: int) -> None:
    """phil3, ll enter muon decay symmetrically; all else is a change of names, apart from the beam electrons."""
    c = random_coefficients(seed)
    swap = {"1": "2", "2": "1", "3": "3"}
    exchanged = {}
    for name, number in c.items():
        operator, _, pair = name.partition("_")
        if operator in {"phil1", "phil3", "phie"}:
            new = "".join(swap[k] for k in pair)
            exchanged[f"{operator}_{''.join(sorted(new))}"] = number if list(new) == sorted(new) else number.conjugate()
        else:
            exchanged[name] = number
    point = DEFAULT.point()
    pairs = {"R_e": "R_mu", "A(Z->ee)": "A(Z->mumu)", "BR(W->enu)": "BR(W->munu)", "BR(Z->etau)": "BR(Z->mutau)", "m_W": "m_W"}
    for first, second in pairs.items():
        assert value(OBSERVABLES[first], exchanged, point) == pytest.approx(
            value(OBSERVABLES[second], c, point), rel=1e-12, abs=0
        )


def test_universal_couplings_keep_quark_widths_diagonal() -> None:
    """A flavour-universal phiq1 does not generate flavour-changing decays in either basis: the CKM rotation is unitary."""
    c = {f"phiq1_{k}{k}": 1e-6 + 0j for k in (1, 2, 3)}
    point = DEFAULT.point()
    down = [value(OBSERVABLES[f"Gamma(Z->{q}{q})"], c, point) for q in "ds"]
    assert down[0] == pytest.approx(down[1], rel=1e-12, abs=0)


def test_standard_rotation_differs_from_flavio_only_where_documented() -> None:
    """Up quarks of Z decays and quarks of W decays see the CKM rotation; leptons and down quarks do not."""
    c = up_aligned({"phiq1_11": 1e-6, "phiq3_12": [1e-6, 5e-7], "phie_12": [1e-6, 0.0]})
    standard = load_inputs("flavio-2.7.1", {"Z and W": "standard"}).point()
    same = {"Gamma(Z->bb)", "Gamma(Z->dd)", "A(Z->bb)", "BR(Z->emu)", "m_W", "Gamma(Z->ee)"}
    for name in same:
        assert value(OBSERVABLES[name], c, standard) == pytest.approx(value(OBSERVABLES[name], c), rel=1e-13, abs=0), name
    for name in ("Gamma(Z->uu)", "GammaW"):
        assert value(OBSERVABLES[name], c, standard) != pytest.approx(value(OBSERVABLES[name], c), rel=1e-6, abs=0), name


def test_names_of_the_measurements() -> None:
    registry = load_registry()
    for name in ("Gamma_Z", "sigma_had", "R_l", "A(Z->ll)", "AFB(Z->ll)", "A(Z->ss)", "BR(Z->mutau)", "Rtaumu(W->lnu)"):
        assert name in registry
