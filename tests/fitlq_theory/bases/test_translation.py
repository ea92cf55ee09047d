"""Translations between WCxf bases: against wilson, against the definitions written out by hand, and there and back."""

from __future__ import annotations

import json
import math
from pathlib import Path

import numpy as np
import pytest

from fitlq_theory.bases import translate
from fitlq_theory.bases.jms import _table_factors, from_flavio, jms_names, to_flavio
from fitlq_theory.bases.warsaw import rotate_doublets
from fitlq_theory.ckm import ckm_matrix
from fitlq_theory.electromagnetic_coupling import alpha_electromagnetic
from fitlq_theory.errors import InputError
from fitlq_theory.evolution import evolve
from fitlq_theory.inputs import load_inputs
from fitlq_theory.qcd import alpha_strong, running_mass
from fitlq_theory.wilson_coefficients import WilsonCoefficients, coefficient_names

REFERENCE = json.loads((Path(__file__).parent / "translations.json").read_text(encoding="utf-8"))
POINT = load_inputs().point()
V = ckm_matrix(POINT["Vus"], POINT["Vub"], POINT["Vcb"], POINT["gamma"])
FERMI = 4 * POINT["GF"] / math.sqrt(2)


def numbers(stored: dict[str, list[float]]) -> dict[str, complex]:
    return {name: complex(*parts) for name, parts in stored.items()}


def random_values(names: dict[str, bool], seed: int = 1) -> dict[str, complex]:
    generator = np.random.default_rng(seed)
    return {name: complex(generator.normal(), 0 if real else generator.normal()) for name, real in names.items()}


def agree(found: dict[str, complex], wanted: dict[str, complex], relative: float) -> None:
    for name in found.keys() | wanted.keys():
        scale = max(abs(wanted.get(name, 0)), relative * max(map(abs, wanted.values())))
        assert abs(found.get(name, 0) - wanted.get(name, 0)) <= relative * scale, name


@pytest.mark.parametrize("entry", REFERENCE["smeft"], ids=lambda e: next(iter(e["warsaw"])))
def test_warsaw_up_against_wilson(entry: dict[str, dict[str, list[float]]]) -> None:
    p = REFERENCE["parameters"]
    ckm = ckm_matrix(p["Vus"], p["Vub"], p["Vcb"], p["gamma"])
    found = rotate_doublets(numbers(entry["warsaw"]), ckm, up=True)
    wanted = numbers(entry["up"])
    for name in found.keys() | wanted.keys():  # stored above 1e-16, of 1e-8
        assert abs(found.get(name, 0) - wanted.get(name, 0)) < 1e-15, name


def test_warsaw_there_and_back_for_all_names() -> None:
    original = WilsonCoefficients("SMEFT", "Warsaw", 1e3, random_values(coefficient_names("SMEFT")))
    back = translate(translate(original, "Warsaw up"), "Warsaw")
    agree(dict(back.values), dict(original.values), 1e-12)


def test_the_rotation_is_that_of_a_current_and_leaves_right_handed_quarks_alone() -> None:
    given = WilsonCoefficients("SMEFT", "Warsaw", 1e3, {"lq3_3323": 1e-8, "lu_3323": 1e-8})
    found = translate(given, "Warsaw up").values
    assert found["lu_3323"] == 1e-8
    expected = 1e-8 * (V[1, 1] * V[2, 2].conj() + V[1, 2] * V[2, 1].conj())
    assert found["lq3_3323"] == pytest.approx(expected, rel=1e-12, abs=0)


def test_jms_against_wilson() -> None:
    given, wanted = numbers(REFERENCE["wet"]["flavio"]), numbers(REFERENCE["wet"]["jms"])
    found = from_flavio("WET", given, _table_factors("WET"))
    # wilson runs masses and couplings to M_Z by itself; the tables have single precision
    agree(found, wanted, 2e-6)


@pytest.mark.parametrize("eft", ["WET", "WET-4", "WET-3"])
def test_flavio_to_jms_and_back_for_all_names(eft: str) -> None:
    scale = {"WET": 4.8, "WET-4": 2.0, "WET-3": 1.3}[eft]
    original = WilsonCoefficients(eft, "flavio", scale, random_values(coefficient_names(eft)))
    jms = translate(original, "JMS")
    assert set(jms.values) <= set(jms_names(eft))
    back = translate(jms, "flavio")
    for name, value in original.values.items():
        assert back.values[name] == pytest.approx(value, rel=0, abs=1e-5), name


def at(name: str, value: complex, scale: float = 4.8, eft: str = "WET") -> dict[str, complex]:
    return dict(translate(WilsonCoefficients(eft, "flavio", scale, {name: value}), "JMS").values)


def test_charged_current_from_its_definition() -> None:
    # -4 G_F/sqrt 2 V_cb C (c b)(tau nu_tau) + h.c. is the conjugate of (nu_tau tau)(b c)
    c = 0.3 - 0.2j
    expected = (-FERMI * V[1, 2] * c).conjugate()
    assert at("CVL_bctaunutau", c) == {"VnueduLL_3332": pytest.approx(expected, rel=1e-6, abs=0)}


def test_semileptonic_operators_from_their_definition() -> None:
    c, scale = 0.7 + 0.4j, 4.8
    norm = FERMI * V[2, 2] * V[2, 1].conj() * alpha_electromagnetic(POINT, scale) / (4 * math.pi)
    nine = at("C9_bsmumu", c, scale)
    # (s_L b_L)(mu mu) with mu = mu_L + mu_R
    assert nine == {name: pytest.approx(norm * c, rel=1e-6, abs=0) for name in ("VedLL_2223", "VdeLR_2322")}
    ten = at("C10_bsmumu", c, scale)
    assert ten["VdeLR_2322"] == pytest.approx(norm * c, rel=1e-6, abs=0)
    assert ten["VedLL_2223"] == pytest.approx(-norm * c, rel=1e-6, abs=0)
    scalar = at("CS_bsmumu", c, scale)
    mass = running_mass(POINT, "b", scale, 5)
    assert [abs(one) for one in scalar.values()] == pytest.approx([abs(norm * c) * mass] * 2, rel=1e-6, abs=0)


def test_dipoles_from_their_definition() -> None:
    scale, c = 4.8, 0.2j + 0.1
    norm = FERMI * V[2, 2] * V[2, 1].conj() / (16 * math.pi**2) * running_mass(POINT, "b", scale, 5)
    e, g = (math.sqrt(4 * math.pi * a) for a in (alpha_electromagnetic(POINT, scale), alpha_strong(POINT, scale, 5)))
    assert at("C7_bs", c) == {"dgamma_23": pytest.approx(norm * e * c, rel=1e-6, abs=0)}
    assert at("C8_bs", c) == {"dG_23": pytest.approx(norm * g * c, rel=1e-6, abs=0)}
    assert at("CVLL_bsbs", c) == {"VddLL_2323": pytest.approx(c, rel=1e-6, abs=0)}


def test_strange_neutrino_operators_are_those_of_the_definition_and_not_of_the_tables() -> None:
    # C N (sbar d)(nubar_mu (1 - gamma_5) nu_e) + h.c.: the coefficient of (nubar_e nu_mu)(dbar s) in JMS is (2 C N)*
    c = 0.7 + 0.4j
    norm = FERMI * V[2, 0] * V[2, 1].conj() * alpha_electromagnetic(POINT, 2.0) / (4 * math.pi)
    found = at("CL_sdnuenumu", c, 2.0, "WET-3")
    assert found == {"VnudLL_1212": pytest.approx((2 * norm * c).conjugate(), rel=1e-6, abs=0)}
    # the same for C N (sbar b)(nubar_mu (1 - gamma_5) nu_e), which the tables have as defined
    norm = FERMI * V[2, 2] * V[2, 1].conj() * alpha_electromagnetic(POINT, 4.8) / (4 * math.pi)
    assert at("CL_bsnuenumu", c) == {"VnudLL_1232": pytest.approx((2 * norm * c).conjugate(), rel=1e-6, abs=0)}


def test_real_coefficients_stay_real() -> None:
    values = random_values(jms_names("WET-3"))
    values = {name: value for name, value in values.items() if not name.startswith("TedRR")}
    found = to_flavio("WET-3", values, _table_factors("WET-3"))
    # a real coefficient with an imaginary part would be refused
    accepted = WilsonCoefficients("WET-3", "flavio", 1.3, found)
    assert dict(accepted.values) == found
    assert any(np.imag(value) != 0 for value in found.values())  # the others may be complex


@pytest.mark.parametrize(
    ("given", "basis", "message"),
    [
        (WilsonCoefficients("WET", "JMS", 4.8, {"TedRR_2223": 1e-9}), "flavio", "TedRR_2223 has no counterpart"),
        (WilsonCoefficients("WET", "flavio", 4.8, {}), "Warsaw", "unknown basis 'Warsaw' of WET"),
        (WilsonCoefficients("SMEFT", "Warsaw", 1e3, {"lu_3323": np.ones(2)}), "Warsaw up", "one point at a time"),
    ],
)
def test_what_cannot_be_translated(given: WilsonCoefficients, basis: str, message: str) -> None:
    with pytest.raises(InputError, match=message):
        translate(given, basis)


def test_evolution_wants_its_own_basis() -> None:
    given = WilsonCoefficients("SMEFT", "Warsaw", 1e3, {"lq3_3323": 1e-9})
    with pytest.raises(InputError, match="translate the coefficients from 'Warsaw' to 'Warsaw up'"):
        evolve(given, to_scale=4.8)
    assert evolve(translate(given, "Warsaw up"), to_scale=4.8).values["CVL_bctaunutau"] != 0
