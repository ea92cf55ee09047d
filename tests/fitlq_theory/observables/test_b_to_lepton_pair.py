"""Bs, B0 -> l l' against flavio 2.7.1, EOS and a calculation with explicit spinors; properties."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fitlq_theory.constants import HBAR_GEV_PS
from fitlq_theory.electromagnetic_coupling import alpha_electromagnetic
from fitlq_theory.inputs import load_inputs
from fitlq_theory.observables.b_to_lepton_pair import observables
from fitlq_theory.observables.lepton_pair_amplitudes import OPERATORS
from fitlq_theory.observables.meson_mixing_amplitude import ckm_factor
from fitlq_theory.qcd import running_mass
from tests.fitlq_theory.observables import dirac
from tests.fitlq_theory.observables.form_values import (
    compiled_value,
    drawn_error,
    linear_error,
    random_coefficients,
    reference,
    value,
    worst_deviation,
)

DATA = reference("b_to_lepton_pair")
FLAVIO = load_inputs("flavio-2.7.1")
DEFAULT = load_inputs()
POINT = DEFAULT.point()
OBSERVABLES = {o.name: o for o in observables(POINT)}
REFERENCE_NAMES = sorted({e["observable"] for e in DATA["entries"]})
EQUAL = [n for n in OBSERVABLES if n.startswith("BR") and any(f"{x}{x}" in n for x in ("e", "mu", "tau")) and "," not in n]
SUMS = [n for n in OBSERVABLES if "," in n]
SINGLE = [n for n in OBSERVABLES if n.startswith("BR") and n not in EQUAL and n not in SUMS]
SEEDS = st.integers(0, 10**6)
FEW = settings(max_examples=20)


@pytest.mark.parametrize("name", REFERENCE_NAMES)
def test_agrees_with_flavio(name: str) -> None:
    entries = [e for e in DATA["entries"] if e["observable"] == name]
    assert len(entries) > 10
    # closed form; the quark masses in the scalar operators, 4e-7 apart, are what differs
    assert worst_deviation(OBSERVABLES[name], FLAVIO.point(), entries) < 2e-6


def test_scale_and_names() -> None:
    assert set(REFERENCE_NAMES) < set(OBSERVABLES)
    for observable in OBSERVABLES.values():
        assert {(c.eft, c.scale) for c in observable.coefficients} == {(DATA["eft"], DATA["scale_GeV"])}
    assert "tau_mumu(Bs)" in OBSERVABLES["tau_mumu"].aliases
    assert "BR(Bs->e+-mu-+)" in OBSERVABLES["BR(Bs->emu,mue)"].aliases


@pytest.mark.parametrize(
    ("coefficients", "ratio"),
    [
        # EOS 1.0.21, B_q->ll::BR@Untagged, value over its Standard Model
        ({"C10_bsmumu": 0.7 - 0.4j}, 0.7002991),
        ({"C10p_bsmumu": 0.3 - 0.6j}, 1.1674563),
        ({"C9_bsmumu": -0.8, "C10_bsmumu": 0.5, "C9p_bsmumu": 0.3j, "C10p_bsmumu": 0.2}, 0.8611664),
    ],
)
def test_dependence_on_new_physics_in_eos(coefficients: dict[str, complex], ratio: float) -> None:
    observable = OBSERVABLES["BR(Bs->mumu)"]
    point = FLAVIO.point()
    # C10 of the Standard Model differs by 1e-4
    assert value(observable, point, coefficients) / value(observable, point) == pytest.approx(ratio, rel=1e-4, abs=0)


def test_standard_model_of_eos() -> None:
    """EOS with the same CKM elements, lifetimes and decay constants has alpha_e = 1/133 instead of 1/132.1."""
    coupling = (1 / 133) ** 2 / alpha_electromagnetic(FLAVIO.point(), 4.8) ** 2
    found = value(OBSERVABLES["BR(Bs->mumu)"], FLAVIO.point()) * coupling
    assert found == pytest.approx(3.5779e-9, rel=0.01, abs=0)


def test_published_standard_model() -> None:
    # arXiv:1908.07011: 3.66(14)e-9 and 1.03(5)e-10, with other CKM elements and decay constants
    assert value(OBSERVABLES["BR(Bs->mumu)"], POINT) == pytest.approx(3.66e-9, abs=0.14e-9)
    assert value(OBSERVABLES["BR(B0->mumu)"], POINT) == pytest.approx(1.03e-10, abs=0.06e-10)


@pytest.mark.parametrize("spread", DATA["spreads"], ids=lambda s: s["observable"])
def test_errors_meet_the_spreads_of_flavio(spread: dict[str, float]) -> None:
    error = linear_error(OBSERVABLES[str(spread["observable"])], FLAVIO)
    # 200 draws: 5 % statistical error
    assert error == pytest.approx(spread["spread"], rel=0.3, abs=0)


def _spinor_width(first: str, second: str, coefficients: dict[str, complex], meson: str = "Bs") -> float:
    """Width of the antiparticle of `meson` into first+ second-, from traces."""
    mass, m_1, m_2 = POINT[f"m_{meson}"], POINT[f"m_{first}"], POINT[f"m_{second}"]
    quarks = ("b", "s" if meson == "Bs" else "d")
    heavy, light = (running_mass(POINT, quark, 4.8, 5) for quark in quarks)
    momentum = dirac.two_body_momentum(mass, m_1, m_2)
    p_1, p_2 = dirac.along_z(m_1, momentum), dirac.along_z(m_2, -momentum)
    total = p_1 + p_2
    label = f"{''.join(quarks)}{first}{second}"
    c = [coefficients.get(f"{operator}_{label}", 0.0) for operator in OPERATORS]
    # quark currents between meson and vacuum: i f p (axial vector), -i f M^2/(m_1 + m_2) (pseudoscalar); halves from P_R, P_L
    axial, scalar = 0.5j * POINT[f"f_{meson}"], -0.5j * POINT[f"f_{meson}"] * mass**2 / (heavy + light) * heavy
    matrix = -axial * dirac.slash(total) @ ((c[0] - c[1]) * dirac.UNIT + (c[2] - c[3]) * dirac.GAMMA_5)
    matrix = matrix + scalar * ((c[4] - c[5]) * dirac.UNIT + (c[6] - c[7]) * dirac.GAMMA_5)
    unit = 4 * POINT["GF"] / math.sqrt(2) * alpha_electromagnetic(POINT, 4.8) / (4 * math.pi)
    unit *= abs(ckm_factor(POINT, "t", quarks))  # type: ignore[arg-type]
    square = dirac.spin_sum(dirac.slash(p_2) + m_2 * dirac.UNIT, matrix, dirac.slash(p_1) - m_1 * dirac.UNIT)
    return float(unit**2 * square * momentum / (8 * math.pi * mass**2))


@pytest.mark.parametrize("name", SINGLE)
def test_widths_from_spinors(name: str) -> None:
    meson, pair = name[3:-1].split("->")
    first = next(x for x in ("e", "mu", "tau") if pair.startswith(x))
    coefficients = random_coefficients(OBSERVABLES[name], 3)
    expected = _spinor_width(first, pair[len(first) :], coefficients, meson) * POINT[f"tau_{meson}"] / HBAR_GEV_PS
    assert value(OBSERVABLES[name], POINT, coefficients) == pytest.approx(expected, rel=1e-10, abs=0)


@pytest.mark.parametrize("name", [*EQUAL, *SINGLE, *SUMS])
@FEW
@given(seed=SEEDS)
def test_rates_are_positive_and_cp_even(name: str, seed: int) -> None:
    coefficients = random_coefficients(OBSERVABLES[name], seed, 3.0)
    found = value(OBSERVABLES[name], POINT, coefficients)
    assert found > 0
    conjugated = {k: v.conjugate() for k, v in coefficients.items()}
    assert value(OBSERVABLES[name], POINT, conjugated) == pytest.approx(found, rel=1e-12, abs=0)


@pytest.mark.parametrize("name", [*SINGLE, *SUMS])
@FEW
@given(seed=SEEDS, phase=st.floats(-math.pi, math.pi))
def test_phases_of_the_lepton_fields_do_not_count(name: str, seed: int, phase: float) -> None:
    coefficients = random_coefficients(OBSERVABLES[name], seed)
    pair = name[:-1].split("->")[1].split(",")[0]
    rotated = {k: v * np.exp(1j * phase * (1 if k.endswith(pair) else -1)) for k, v in coefficients.items()}
    found = value(OBSERVABLES[name], POINT, coefficients)
    assert value(OBSERVABLES[name], POINT, rotated) == pytest.approx(found, rel=1e-10, abs=0)


@pytest.mark.parametrize("name", SUMS)
def test_sum_of_charge_states(name: str) -> None:
    """Without the width difference the sum is the sum; with it, it lies between the lifetimes of the two mass eigenstates."""
    meson, pairs = name[3:-1].split("->")
    coefficients = random_coefficients(OBSERVABLES[name], 8)
    for point in (POINT, FLAVIO.point()):
        parts = sum(value(OBSERVABLES[f"BR({meson}->{pair})"], point, coefficients) for pair in pairs.split(","))
        ratio = value(OBSERVABLES[name], point, coefficients) / parts
        if meson == "B0" or point.choices["M->ll'"] == "flavio-2.7.1":
            assert ratio == pytest.approx(1.0, rel=1e-12, abs=0)
        else:
            y = 0.5 * point["DeltaGamma/Gamma_Bs"]
            assert 1 / (1 + y) < ratio < 1 / (1 - y)
            assert ratio != pytest.approx(1 / (1 - y**2), rel=1e-6, abs=0)


@pytest.mark.parametrize("operator", ["C10", "CP", "CS"])
def test_width_difference_of_unequal_leptons(operator: str) -> None:
    """Only pseudoscalar amplitudes of equal phase: the CP-odd, long-lived state decays. Only scalar ones: the short-lived one."""
    observable = OBSERVABLES["BR(Bs->emu,mue)"]
    y = 0.5 * POINT["DeltaGamma/Gamma_Bs"]
    coefficients = {f"{operator}_bsemu": 1.0, f"{operator}_bsmue": 1.0}
    parts = sum(value(OBSERVABLES[f"BR(Bs->{pair})"], POINT, coefficients) for pair in ("emu", "mue"))
    expected = 1 / (1 + y) if operator == "CS" else 1 / (1 - y)
    assert value(observable, POINT, coefficients) / parts == pytest.approx(expected, rel=1e-10, abs=0)


@FEW
@given(seed=SEEDS)
def test_lifetime_and_asymmetry(seed: int) -> None:
    y = 0.5 * POINT["DeltaGamma/Gamma_Bs"]
    lifetime = POINT["tau_Bs"] / HBAR_GEV_PS
    for lepton in ("e", "mu", "tau"):
        asymmetry, effective = OBSERVABLES[f"ADeltaGamma(Bs->{lepton}{lepton})"], OBSERVABLES[f"tau_{lepton}{lepton}"]
        coefficients = random_coefficients(asymmetry, seed, 2.0)
        a = value(asymmetry, POINT, coefficients)
        assert -1 - 1e-12 <= a <= 1 + 1e-12
        tau = value(effective, POINT, coefficients)
        assert lifetime / (1 + y) * (1 - 1e-12) <= tau <= lifetime / (1 - y) * (1 + 1e-12)
        assert tau == pytest.approx(lifetime / (1 - y**2) * (1 + 2 * a * y + y**2) / (1 + a * y), rel=1e-10, abs=0)


def test_standard_model_asymmetry_is_one() -> None:
    assert value(OBSERVABLES["ADeltaGamma(Bs->mumu)"], POINT) == pytest.approx(1.0, abs=1e-14)


def test_helicity_suppression() -> None:
    beta = {x: math.sqrt(1 - 4 * POINT[f"m_{x}"] ** 2 / POINT["m_Bs"] ** 2) for x in ("e", "tau")}
    ratio = value(OBSERVABLES["BR(Bs->ee)"], POINT) / value(OBSERVABLES["BR(Bs->tautau)"], POINT)
    assert ratio == pytest.approx((POINT["m_e"] / POINT["m_tau"]) ** 2 * beta["e"] / beta["tau"], rel=1e-12, abs=0)


@pytest.mark.parametrize("name", ["BR(Bs->mumu)", "tau_mumu", "BR(Bs->emu,mue)"])
def test_compiled_equals_direct(name: str) -> None:
    coefficients = random_coefficients(OBSERVABLES[name], 12, 0.3)
    found = compiled_value(OBSERVABLES[name], DEFAULT, coefficients)
    assert found == pytest.approx(value(OBSERVABLES[name], POINT, coefficients), rel=1e-6, abs=0)


@pytest.mark.parametrize("name", ["BR(Bs->mumu)", "BR(B0->mumu)", "tau_mumu", "BR(Bs->mutau,taumu)"])
@pytest.mark.parametrize("seed", [None, 4])
def test_linear_errors_against_draws(name: str, seed: int | None) -> None:
    observable = OBSERVABLES[name]
    coefficients = None if seed is None else random_coefficients(observable, seed)
    linear, drawn = linear_error(observable, DEFAULT, coefficients), drawn_error(observable, DEFAULT, coefficients)
    # 400 draws: 4 % statistical error
    assert linear == pytest.approx(drawn, rel=0.15, abs=1e-12 * abs(value(observable, POINT, coefficients)))
