"""Muon conversion against flavio 2.7.1; overlap integrals and the sign of the dipole from the Dirac equation; properties."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitlq_theory.contracts import Observable
from fitlq_theory.inputs import load_inputs
from fitlq_theory.observables.muon_conversion import NUCLEI, observables, scalar_charges
from fitlq_theory.wilson_coefficients import check_coefficient_name
from tests.fitlq_theory.observables.lfv_checks import entries, lfv_coefficients, value
from tests.fitlq_theory.observables.muon_overlap_integrals import NUCLEI as SHAPES
from tests.fitlq_theory.observables.muon_overlap_integrals import overlaps

FLAVIO = load_inputs("flavio-2.7.1").point()
STANDARD = load_inputs("default").point()
BY_NAME: dict[str, Observable] = {o.name: o for o in observables(STANDARD)}
ALUMINIUM = BY_NAME["CR(mu->e, Al)"]


@pytest.mark.parametrize("entry", entries("muon_conversion"), ids=lambda e: f"{e['observable']}-{e['point']}")
def test_against_flavio(entry: dict[str, Any]) -> None:
    # 5e-9 from the running of light quark masses
    assert value(BY_NAME[entry["observable"]], FLAVIO, lfv_coefficients(entry)) == pytest.approx(entry["value"], rel=1e-7, abs=0)


def test_coefficients_are_in_the_basis() -> None:
    for coefficient in ALUMINIUM.coefficients:
        check_coefficient_name(coefficient.name, coefficient.eft)  # raises for a name that the basis does not have
    assert {coefficient.eft for coefficient in ALUMINIUM.coefficients} == {"WET-3", "WET-4", "WET"}


@pytest.mark.parametrize("nucleus", sorted(NUCLEI))
def test_overlap_integrals_from_the_dirac_equation(nucleus: str) -> None:
    found = overlaps(SHAPES[nucleus])
    # charge distributions differ from those of the table; that of titanium by more
    tolerance = 0.055 if nucleus == "Ti" else 0.016
    for name, sign in (("D", -1), ("S", 1), ("V", 1)):
        assert sign * found[name] == pytest.approx(
            STANDARD[f"{name}{'' if name == 'D' else 'p'} {nucleus}"], rel=tolerance, abs=0
        )


def test_binding_energy() -> None:
    # muonic lead: 10.5 MeV, far from 19 MeV of a point-like nucleus
    assert overlaps(SHAPES["Pb"])["binding"] == pytest.approx(0.0105, rel=0.01, abs=0)


def test_sign_of_the_dipole_for_plane_waves() -> None:
    """A dipole C in the Coulomb field acts like a vector coupling -2 e C/m_mu of the proton, for D = partial + i e Q A.

    Muon at rest, massless electron along z with energy m: u-bar sigma^{0i} P_R u_mu E_i against u-bar gamma^0 P_L u_mu.
    """
    sigma = np.array([[[0, 1], [1, 0]], [[0, -1j], [1j, 0]], [[1, 0], [0, -1]]])
    zero, one = np.zeros((2, 2)), np.eye(2)
    gamma = [np.block([[zero, one], [one, zero]]), *(np.block([[zero, s], [-s, zero]]) for s in sigma)]
    left, right = np.diag([1, 1, 0, 0]), np.diag([0, 0, 1, 1])
    mass, dipole, charge = 0.1056583755, 1.0, 0.3
    electron = np.array([0, 1, 0, 0])  # left-handed, along z
    muon = np.array([0, 1, 0, 1]) / math.sqrt(2)
    bar = electron.conj() @ gamma[0]
    # potential phi = e/q^2 for a unit charge density; E_z = -d phi/dz -> -i q_z phi with the outgoing momentum q_z = m
    field = -1j * mass * charge / mass**2
    sigma_03 = 0.5j * (gamma[0] @ gamma[3] - gamma[3] @ gamma[0])
    amplitude = 2 * dipole * (bar @ sigma_03 @ right @ muon) * field
    vector = bar @ gamma[0] @ left @ muon
    assert amplitude / vector == pytest.approx(-2 * charge * dipole / mass, rel=1e-12, abs=0)


def test_interference_in_light_nuclei() -> None:
    """D is 8 e V up to 10 %, so that a dipole cancels the vector coupling 2 e C/m of the proton (2 c_u + c_d)/2."""
    charge = math.sqrt(4 * math.pi / 137.036)
    dipole = 1e-13
    # c_d = -2 c_u: a proton couples with zero, a neutron not; the other way round leaves protons alone
    up, down = 4 / 3, -2 / 3  # (2 c_u + c_d)/2 = 1, c_u + 2 c_d = 0
    size = 2 * charge * dipole / STANDARD["m_mu"]
    together = {"Cgamma_mue": dipole, "CVLL_mueuu": up * size, "CVLL_muedd": down * size}
    alone = value(ALUMINIUM, STANDARD, {"Cgamma_mue": dipole})
    assert value(ALUMINIUM, STANDARD, together) < 0.02 * alone
    assert value(ALUMINIUM, FLAVIO, together) > 3.5 * alone


def test_by_hand() -> None:
    # 4 G_F^2 ... : vector coupling of d quarks only, m^5/Gamma (Vp + 2 Vn)^2 c^2
    expected = 0.1056583755**5 / (0.7054e6 * 6.582119569e-25) * (0.0161 + 2 * 0.0173) ** 2 * 1e-24
    assert value(ALUMINIUM, STANDARD, {"CVRR_muedd": 1e-12}) == pytest.approx(expected, rel=1e-4, abs=0)


def test_scalar_charges() -> None:
    charges = scalar_charges(FLAVIO)
    # as in flavio's proton_charges at 1 GeV
    assert sum(charges["u"]) == pytest.approx(13.214126080850322, rel=1e-6, abs=0)
    assert charges["u"][0] - charges["d"][0] == pytest.approx(1.022, rel=1e-12, abs=0)
    assert charges["s"][0] == pytest.approx(0.3387992870113717, rel=1e-6, abs=0)
    assert charges["c"] == charges["b"] == (0.0, 0.0)
    standard = scalar_charges(STANDARD)
    # m_c <c-bar c> = m_b <b-bar b> = 2/27 (m_N - 59 MeV - 41 MeV) = 62 MeV
    assert standard["b"][0] * 4.094 == pytest.approx(0.0621, rel=5e-3, abs=0)
    assert standard["c"][0] / standard["b"][0] == pytest.approx(4.094 / 1.097, rel=1e-2, abs=0)
    # lighter quarks at 2 GeV than at 1 GeV
    assert standard["u"][0] - standard["d"][0] == pytest.approx(1.022 * 0.764, rel=1e-2, abs=0)


@given(st.sampled_from(sorted(BY_NAME)), st.lists(st.complex_numbers(max_magnitude=1e-10), min_size=30, max_size=30))
def test_properties(name: str, numbers: list[complex]) -> None:
    """Positive; zero without new physics; CP; electron chiralities do not interfere, and each may be rotated by a phase."""
    observable = BY_NAME[name]
    wilson = {c.name: number for c, number in zip(observable.coefficients, numbers, strict=True)}
    rate = value(observable, STANDARD, wilson)
    assert rate >= 0
    assert value(observable, STANDARD, {}) == 0.0
    assert value(observable, STANDARD, {k: c.conjugate() for k, c in wilson.items()}) == pytest.approx(rate, rel=1e-9, abs=0)
    left = {k: c for k, c in wilson.items() if _electron(k) == "L"}
    right = {k: c for k, c in wilson.items() if _electron(k) != "L"}
    assert value(observable, STANDARD, left) + value(observable, STANDARD, right) == pytest.approx(rate, rel=1e-9, abs=0)
    phase = np.exp(0.7j)
    rotated = {k: c * (phase if _electron(k) != "R*" else phase.conjugate()) for k, c in wilson.items()}
    assert value(observable, STANDARD, rotated) == pytest.approx(rate, rel=1e-9, abs=0)


def _electron(name: str) -> str:
    """Chirality of the electron; a star where the Hermitian conjugate operator acts."""
    operator, flavours = name.split("_")
    if operator.startswith(("CS", "Cg")):
        return "L" if flavours.startswith("mue") else "R*"
    return "L" if operator in {"CVLL", "CVLR"} and flavours.startswith("mue") else "R"
