"""Width differences and flavour-specific asymmetries of B mesons against flavio 2.7.1, and exact relations."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fitlq_theory.constants import HBAR_GEV_PS
from fitlq_theory.contracts import Observable
from fitlq_theory.inputs import load_inputs
from fitlq_theory.observables.beauty_lifetime_differences import absorptive_amplitude, observables
from fitlq_theory.observables.meson_mixing_amplitude import B0, BS, Meson, mixing_amplitude
from fitlq_theory.parameter_point import ParameterPoint
from tests.fitlq_theory.observables.form_values import reference
from tests.fitlq_theory.observables.form_values import value as value_at

REFERENCE = reference("beauty_lifetime_differences")
INPUTS = load_inputs("flavio-2.7.1")
POINT = INPUTS.point()
OBSERVABLES = {o.name: o for o in observables(POINT)}
MESONS = {"d": B0, "s": BS}


def value(observable: Observable, coefficients: Mapping[str, complex], point: ParameterPoint = POINT) -> float:
    return value_at(observable, point, coefficients)


def random_coefficients(meson: Meson, seed: int) -> dict[str, complex]:
    generator = np.random.default_rng(seed)
    row = mixing_amplitude(POINT, meson)
    names = [c.name for c in OBSERVABLES[f"a_fs_{meson.quarks[1]}"].coefficients]
    return {n: complex(abs(row[0] / m) * complex(*generator.normal(size=2))) for n, m in zip(names, row[1:], strict=True)}


@pytest.mark.parametrize("name", sorted(OBSERVABLES))
def test_meets_flavio_at_every_point(name: str) -> None:
    entries = [e for e in REFERENCE["entries"] if e["observable"] == name]
    assert len(entries) >= 17
    for entry in entries:
        observable = OBSERVABLES[name]
        assert {(c.eft, c.scale) for c in observable.coefficients} == {(entry["eft"], entry["scale"])}
        coefficients = {n: complex(*c) for n, c in entry["coefficients"].items()}
        scale = max(abs(entry["value"]), abs(value(observable, {})))
        # flavio's m_t(m_t) is 8.7e-5 smaller: 1.3e-4 of the Standard Model's M12, 3.7e-4 where new physics cancels part of it
        assert abs(value(observable, coefficients) - entry["value"]) < 4e-4 * scale, entry["point"]


@pytest.mark.parametrize("spread", REFERENCE["spreads"], ids=lambda s: s["observable"])
def test_errors_are_those_of_flavio(spread: dict[str, Any]) -> None:
    observable = OBSERVABLES[spread["observable"]]
    square = 0.0
    for direction in INPUTS.directions():
        up, down = (value(observable, {}, INPUTS.point({n: sign * s for n, s in direction.shifts.items()})) for sign in (1, -1))
        square += ((up - down) / 2) ** 2
    # spreads of 200 draws
    assert math.sqrt(square) == pytest.approx(spread["value"], rel=0.15, abs=0)


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6))
def test_exact_eigenvalues(seed: int) -> None:
    for light, meson in MESONS.items():
        coefficients = random_coefficients(meson, seed)
        dispersive = complex(mixing_amplitude(POINT, meson) @ np.array([1.0, *coefficients.values()]))
        absorptive = absorptive_amplitude(POINT, meson)
        forward = dispersive - 0.5j * absorptive
        backward = np.conj(dispersive) - 0.5j * np.conj(absorptive)
        splitting = np.sqrt(forward * backward)
        if splitting.real > 0:
            splitting = -splitting  # the lighter minus the heavier
        relative = abs(absorptive / dispersive) ** 2
        width = value(OBSERVABLES[f"DeltaGamma_{light}"], coefficients)
        # corrections of second order of Gamma12/M12, relative to its largest value 2 abs(Gamma12)
        assert abs(width + 4 * splitting.imag) <= max(relative, 1e-12) * 2 * abs(absorptive)
        ratio = abs(backward / forward) ** 2  # |q/p|^4
        asymmetry = value(OBSERVABLES[f"a_fs_{light}"], coefficients)
        assert asymmetry == pytest.approx((1 - ratio) / (1 + ratio), rel=1e-6, abs=1e-14)
        assert abs(width) <= 2 * abs(absorptive) * (1 + 1e-12)  # new physics in M12 can only reduce it


def test_cp_conjugation() -> None:
    mirror = INPUTS.point({"gamma": -2 * POINT["gamma"]})
    for name, observable in OBSERVABLES.items():
        coefficients = random_coefficients(MESONS[name[-1]], 3)
        conjugated = {n: c.conjugate() for n, c in coefficients.items()}
        sign = -1 if name.startswith("a_fs") else 1
        here, there = value(observable, coefficients), value(observable, conjugated, mirror)
        assert there == pytest.approx(sign * here, rel=1e-9, abs=0)


def test_default_inputs_reproduce_the_published_predictions() -> None:
    """arXiv:1511.09466, abstract: 0.085(15)/ps and 2.22(27)e-5; the width difference scales with our M12."""
    point = load_inputs().point()
    assert value(OBSERVABLES["DeltaGamma_s"], {}, point) / HBAR_GEV_PS == pytest.approx(0.085, abs=0.005)
    assert value(OBSERVABLES["a_fs_s"], {}, point) == pytest.approx(2.22e-5, abs=0.1e-5)


def test_width_of_a_rescaled_amplitude() -> None:
    """New physics with the phase of the Standard Model leaves the width difference alone and dilutes the asymmetry."""
    row = mixing_amplitude(POINT, BS)
    coefficients = {"CVLL_bsbs": complex(row[0] / row[1])}
    width, asymmetry = OBSERVABLES["DeltaGamma_s"], OBSERVABLES["a_fs_s"]
    assert value(width, coefficients) == pytest.approx(value(width, {}), rel=1e-12, abs=0)
    assert value(asymmetry, coefficients) == pytest.approx(0.5 * value(asymmetry, {}), rel=1e-5, abs=0)
