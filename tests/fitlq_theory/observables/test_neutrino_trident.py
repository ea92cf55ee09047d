"""Neutrino trident production against flavio 2.7.1, a heavy Z' by hand, and properties."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitlq_theory.inputs import load_inputs
from fitlq_theory.observables.neutrino_trident import observables
from fitlq_theory.quadratic_forms import real_vector
from tests.fitlq_theory.observables.form_values import reference

REFERENCE = reference("neutrino_trident")
POINT = load_inputs("flavio-2.7.1").point()
R_TRIDENT, CHARM2 = observables(POINT)
FORM = R_TRIDENT.forms(POINT, {}).quadratic[0]
NAMES = [c.name for c in R_TRIDENT.coefficients]
numbers = st.lists(st.floats(-3, 3), min_size=12, max_size=12)


def value(coefficients: Mapping[str, complex]) -> float:
    assert set(coefficients) <= set(NAMES)
    x = real_vector(np.array([coefficients.get(name, 0.0) for name in NAMES], dtype=np.complex128))
    return float(x @ FORM @ x)


@pytest.mark.parametrize("entry", REFERENCE["entries"], ids=lambda e: e["point"])
def test_against_flavio(entry: dict[str, Any]) -> None:
    assert {(c.eft, c.scale) for c in R_TRIDENT.coefficients} == {(entry["eft"], entry["scale"])}
    found = value({name: complex(*number) for name, number in entry["coefficients"].items()})
    # the same closed formula
    assert found == pytest.approx(entry["value"], rel=1e-12, abs=0)


def test_contact_interactions_do_not_depend_on_beam_and_target() -> None:
    assert (R_TRIDENT.name, CHARM2.name) == ("R_trident", "R_trident(CHARM-II)")
    assert R_TRIDENT.aliases == ("R_trident(CCFR)",)
    assert CHARM2.coefficients == R_TRIDENT.coefficients
    assert CHARM2.forms(POINT, {}).powers == R_TRIDENT.forms(POINT, {}).powers
    assert np.array_equal(CHARM2.forms(POINT, {}).quadratic[0], FORM)


def test_standard_model() -> None:
    assert value({}) == pytest.approx(1.0, rel=1e-14, abs=0)


@pytest.mark.parametrize("coupling_over_mass", [1 / 545, 1 / 300])
def test_heavy_gauge_boson_of_muon_minus_tau_number(coupling_over_mass: float) -> None:
    # arXiv:1406.2332: [1 + (1 + 4 s^2 + 2 v^2 g^2/M^2)^2] / [1 + (1 + 4 s^2)^2], v^2 = 1/(sqrt 2 G_F).
    # Integrating out the boson: L = -(g/M)^2 (nu_mu nu_mu)(mu mu), so C = -(g/M)^2 v^2/2 for both chiralities.
    v2 = 1 / (np.sqrt(2) * POINT["GF"])
    coefficient = -(coupling_over_mass**2) * v2 / 2
    vector = 1 + 4 * POINT["s2w"]
    expected = (1 + (vector + 2 * v2 * coupling_over_mass**2) ** 2) / (1 + vector**2)
    found = value({"CVLL_numunumumumu": coefficient, "CVLR_numunumumumu": coefficient})
    assert found == pytest.approx(expected, rel=1e-12, abs=0)


@given(numbers)
def test_cross_section_is_positive(parts: list[float]) -> None:
    assert value(dict(zip(NAMES, np.array(parts[:6]) + 1j * np.array(parts[6:]), strict=True))) > -1e-12


@given(numbers)
def test_lepton_flavour_violation_only_adds(parts: list[float]) -> None:
    coefficients = dict(zip(NAMES, np.array(parts[:6]) + 1j * np.array(parts[6:]), strict=True))
    conserving = {name: c for name, c in coefficients.items() if "numunumu" in name}
    violating = {name: c for name, c in coefficients.items() if name not in conserving}
    together = value(coefficients)
    assert together == pytest.approx(value(conserving) + value(violating) - 1, rel=1e-10, abs=1e-10)
    assert value(violating) > 1 - 1e-12
    # no interference: the phase does not matter
    assert value({n: c * np.exp(0.7j) for n, c in violating.items()}) == pytest.approx(value(violating), rel=1e-10, abs=0)
