"""KL, KS -> l l' against flavio 2.7.1, published numbers and a two-state calculation with explicit spinors; properties."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fitlq_theory.constants import HBAR_GEV_PS
from fitlq_theory.electromagnetic_coupling import alpha_electromagnetic
from fitlq_theory.inputs import load_inputs
from fitlq_theory.observables.charm_to_lepton_pair import observables as charm_observables
from fitlq_theory.observables.kaon_to_lepton_pair import observables
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

DATA = reference("kaon_to_lepton_pair")
FLAVIO = load_inputs("flavio-2.7.1")
DEFAULT = load_inputs()
POINT = DEFAULT.point()
OBSERVABLES = {o.name: o for o in (*observables(POINT), *charm_observables(POINT))}
KAON_NAMES = [n for n in OBSERVABLES if n.startswith("BR(K")]
VIOLATING = ["BR(KL->emu,mue)", "BR(KS->emu,mue)"]
SEEDS = st.integers(0, 10**6)
FEW = settings(max_examples=20)


@pytest.mark.parametrize("name", sorted({e["observable"] for e in DATA["entries"]}))
def test_agrees_with_flavio(name: str) -> None:
    entries = [e for e in DATA["entries"] if e["observable"] == name]
    assert len(entries) > 16
    # the same closed form
    assert worst_deviation(OBSERVABLES[name], FLAVIO.point(), entries) < 1e-10


def test_coefficients() -> None:
    for name in KAON_NAMES:
        assert {(c.eft, c.scale) for c in OBSERVABLES[name].coefficients} == {("WET-3", 2.0)}
    assert "BR(KL->e+-mu-+)" in OBSERVABLES["BR(KL->emu,mue)"].aliases


@pytest.mark.parametrize(
    ("name", "published", "error"),
    [
        # arXiv:2310.17689: value and error
        ("BR(KL->mumu)", 7.44e-9, 0.38e-9),
        ("BR(KL->ee)", 8.46e-12, 0.37e-12),
        # arXiv:1711.11030, long distance
        ("BR(KS->mumu)", 5.0e-12, 1.5e-12),
    ],
)
def test_published_standard_model(name: str, published: float, error: float) -> None:
    # 4 %: a quarter of the published error at least
    assert value(OBSERVABLES[name], POINT) == pytest.approx(published, rel=0.04, abs=0)
    assert linear_error(OBSERVABLES[name], DEFAULT) == pytest.approx(error, rel=0.1, abs=0)


def test_short_distance_part() -> None:
    """BR(KL -> mu mu) without photons: hep-ph/0605203 has 0.79(12)e-9."""
    point = DEFAULT.point({"BR(KL->gammagamma)": -POINT["BR(KL->gammagamma)"]})
    assert value(OBSERVABLES["BR(KL->mumu)"], point) == pytest.approx(0.79e-9, abs=0.12e-9)


def test_absorptive_part_is_the_unitarity_bound() -> None:
    """Without real parts: alpha^2 m^2/(2 beta M^2) ln^2(...) BR(gamma gamma) = 6.5e-9 for muons."""
    mass, muon = POINT["m_K0"], POINT["m_mu"]
    beta = math.sqrt(1 - 4 * muon**2 / mass**2)
    bound = (
        (POINT["alpha_e(0)"] * muon / mass * math.log((1 - beta) / (1 + beta))) ** 2 / (2 * beta) * POINT["BR(KL->gammagamma)"]
    )
    shifts = {"KL->mumu dispersive": -POINT["KL->mumu dispersive"], "C10 SM of s->dll, top": -POINT["C10 SM of s->dll, top"]}
    point = DEFAULT.point({**shifts, "Pc of KL->mumu": -POINT["Pc of KL->mumu"]})
    assert value(OBSERVABLES["BR(KL->mumu)"], point) == pytest.approx(bound, rel=1e-10, abs=0)
    assert bound == pytest.approx(6.5e-9, rel=0.02, abs=0)


def test_sign_of_the_two_photon_amplitude() -> None:
    names = ("BR(KL->mumu)", "BR(KL->ee)")
    values = {
        option: [value(OBSERVABLES[n], load_inputs("default", {"KL->gammagamma": option}).point()) for n in names]
        for option in ("dispersive", "opposite", "unknown")
    }
    for k in range(2):
        assert values["unknown"][k] == pytest.approx(0.5 * (values["dispersive"][k] + values["opposite"][k]), rel=1e-12, abs=0)
    # constructive interference would give 9.9e-12
    assert values["opposite"][1] > values["dispersive"][1]


def test_errors_meet_the_spreads_of_flavio() -> None:
    for spread in DATA["spreads"]:
        error = linear_error(OBSERVABLES[spread["observable"]], FLAVIO)
        # curvature in the dispersive amplitude of KL makes the spread 15 % larger
        assert error == pytest.approx(spread["spread"], rel=0.3, abs=0), spread


def _lepton_matrices(coefficients: dict[str, complex], label: str, total: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Vector and scalar parts of the operators with `label`: (matrix multiplying the axial current, the pseudoscalar one)."""
    c = [coefficients.get(f"{operator}_sd{label}", 0.0) for operator in OPERATORS]
    axial = -0.5 * dirac.slash(total) @ ((c[0] - c[1]) * dirac.UNIT + (c[2] - c[3]) * dirac.GAMMA_5)
    scalar = 0.5 * ((c[4] - c[5]) * dirac.UNIT + (c[6] - c[7]) * dirac.GAMMA_5)
    return axial, scalar


def _two_state_width(kaon: str, first: str, second: str, coefficients: dict[str, complex]) -> float:
    """Width of KL or KS into first+ second- from (K0 +- anti-K0)/sqrt 2 and Hermitian conjugates of operator matrices."""
    mass, m_1, m_2 = POINT["m_K0"], POINT[f"m_{first}"], POINT[f"m_{second}"]
    momentum = dirac.two_body_momentum(mass, m_1, m_2)
    p_1, p_2 = dirac.along_z(m_1, momentum), dirac.along_z(m_2, -momentum)
    total = p_1 + p_2
    strange, down = (running_mass(POINT, quark, 2.0, 3) for quark in ("s", "d"))
    axial, pseudoscalar = 1j * POINT["f_K0"], -1j * POINT["f_K0"] * mass**2 / (strange + down) * strange
    unit = 4 * POINT["GF"] / math.sqrt(2) * alpha_electromagnetic(POINT, 2.0) / (4 * math.pi) * ckm_factor(POINT, "t", ("s", "d"))
    vector, scalar = _lepton_matrices(coefficients, f"{first}{second}", total)
    antiparticle = unit * (axial * vector + pseudoscalar * scalar)
    # Hermitian conjugates of the operators that create the leptons the other way round; P_R becomes P_L in the scalar densities
    vector, scalar = (dirac.bar(m) for m in _lepton_matrices(coefficients, f"{second}{first}", total))
    particle = unit.conjugate() * (axial * vector - pseudoscalar * scalar)
    matrix = (particle + (1 if kaon == "KL" else -1) * antiparticle) / math.sqrt(2)
    square = dirac.spin_sum(dirac.slash(p_2) + m_2 * dirac.UNIT, matrix, dirac.slash(p_1) - m_1 * dirac.UNIT)
    return square * momentum / (8 * math.pi * mass**2)


@pytest.mark.parametrize("kaon", ["KL", "KS"])
@pytest.mark.parametrize("seed", range(3))
def test_interference_from_spinors(kaon: str, seed: int) -> None:
    observable = OBSERVABLES[f"BR({kaon}->emu,mue)"]
    coefficients = random_coefficients(observable, seed)
    widths = [_two_state_width(kaon, *pair, coefficients) for pair in (("e", "mu"), ("mu", "e"))]
    assert widths[0] == pytest.approx(widths[1], rel=1e-10, abs=0)  # CP
    expected = sum(widths) * POINT[f"tau_{kaon}"] / HBAR_GEV_PS
    assert value(observable, POINT, coefficients) == pytest.approx(expected, rel=1e-10, abs=0)


@pytest.mark.parametrize("kaon", ["KL", "KS"])
def test_equal_leptons_from_spinors(kaon: str) -> None:
    observable = OBSERVABLES[f"BR({kaon}->mumu)"]
    coefficients = random_coefficients(observable, 4, 3e4)
    up, down = (value(observable, POINT, {k: sign * c for k, c in coefficients.items()}) for sign in (1, -1))
    found = 0.5 * (up + down) - value(observable, POINT)
    expected = _two_state_width(kaon, "mu", "mu", coefficients) * POINT[f"tau_{kaon}"] / HBAR_GEV_PS
    assert found == pytest.approx(expected, rel=1e-9, abs=0)


@pytest.mark.parametrize("name", VIOLATING)
@FEW
@given(seed=SEEDS, phase=st.floats(-math.pi, math.pi))
def test_phases_of_the_lepton_fields_do_not_count(name: str, seed: int, phase: float) -> None:
    """Fails for the sum of (Re P)^2 of each charge state."""
    coefficients = random_coefficients(OBSERVABLES[name], seed)
    rotated = {k: v * np.exp(1j * phase * (1 if k.endswith("emu") else -1)) for k, v in coefficients.items()}
    found = value(OBSERVABLES[name], POINT, coefficients)
    assert value(OBSERVABLES[name], POINT, rotated) == pytest.approx(found, rel=1e-9, abs=0)


@FEW
@given(seed=SEEDS)
def test_both_kaons_together_have_the_incoherent_rate(seed: int) -> None:
    """Gamma(KL) + Gamma(KS) = Gamma(K0) + Gamma(anti-K0): interference only moves rate between the two."""
    coefficients = random_coefficients(OBSERVABLES[VIOLATING[0]], seed)
    lifetimes = [POINT[f"tau_{kaon}"] for kaon in ("KL", "KS")]
    total = sum(value(OBSERVABLES[n], POINT, coefficients) / tau for n, tau in zip(VIOLATING, lifetimes, strict=True))
    parts = 0.0
    for pair in ("emu", "mue"):
        alone = {k: v for k, v in coefficients.items() if k.endswith(pair)}
        parts += sum(value(OBSERVABLES[n], POINT, alone) / tau for n, tau in zip(VIOLATING, lifetimes, strict=True))
    assert total == pytest.approx(parts, rel=1e-10, abs=0)


def test_pati_salam_benchmark() -> None:
    """Right-handed vector leptoquark: W = |A + B^*|^2, A and B products of its couplings; flavio has no interference."""
    couplings = np.random.default_rng(2).normal(size=(2, 2, 2)) @ np.array([1, 1j])  # rows d, s; columns e, mu
    top = ckm_factor(POINT, "t", ("s", "d"))
    coefficients = {}
    for label, (a, b) in {"emu": (0, 1), "mue": (1, 0)}.items():
        # (dbar s)(l2 l1) with K_{d l1} K^*_{s l2}, right-handed leptons
        amplitude = couplings[0, a] * couplings[1, b].conjugate() / top
        coefficients |= {f"C9p_sd{label}": amplitude, f"C10p_sd{label}": amplitude}
    a, b = couplings[0, 0] * couplings[1, 1].conjugate(), couplings[0, 1] * couplings[1, 0].conjugate()
    found = value(OBSERVABLES["BR(KL->emu,mue)"], POINT, coefficients)
    alone = value(OBSERVABLES["BR(KL->emu,mue)"], POINT, {k: v for k, v in coefficients.items() if k.endswith("emu")})
    assert found / alone == pytest.approx(abs(a + b.conjugate()) ** 2 / abs(a) ** 2, rel=1e-9, abs=0)


@pytest.mark.parametrize("name", list(OBSERVABLES))
@FEW
@given(seed=SEEDS)
def test_rates_are_positive(name: str, seed: int) -> None:
    assert value(OBSERVABLES[name], POINT, random_coefficients(OBSERVABLES[name], seed, 100.0)) > 0


@pytest.mark.parametrize("name", list(OBSERVABLES))
def test_cp_conjugation(name: str) -> None:
    """Opposite weak phases, of the CKM matrix too."""
    conjugated = DEFAULT.point({"gamma": -2 * POINT["gamma"]})
    coefficients = random_coefficients(OBSERVABLES[name], 5, 100.0)
    found = value(OBSERVABLES[name], POINT, coefficients)
    assert value(OBSERVABLES[name], conjugated, {k: v.conjugate() for k, v in coefficients.items()}) == pytest.approx(
        found, rel=1e-10, abs=0
    )


def test_charm() -> None:
    """BR(D0 -> mu mu) from the width of a pseudoscalar with C10 alone, and the two-photon part 2.8e-6 of BR(gamma gamma)."""
    observable = OBSERVABLES["BR(D0->mumu)"]
    assert value(observable, POINT) == pytest.approx(2.8e-6 * POINT["BR(D0->gammagamma)"], rel=0.02, abs=0)
    mass, muon = POINT["m_D0"], POINT["m_mu"]
    coupling = 4 * POINT["GF"] / math.sqrt(2) * alpha_electromagnetic(POINT, 2.0) / (4 * math.pi) * POINT["Vub"] * POINT["Vcb"]
    width = (coupling * POINT["f_D+"]) ** 2 * mass * muon**2 / (8 * math.pi) * math.sqrt(1 - 4 * muon**2 / mass**2)
    found = value(observable, POINT, {"C10_cumumu": 3.0j}) - value(observable, POINT)
    assert found == pytest.approx(9 * width * POINT["tau_D0"] / HBAR_GEV_PS, rel=1e-9, abs=0)


@pytest.mark.parametrize("name", ["BR(KL->mumu)", "BR(KL->emu,mue)"])
def test_compiled_equals_direct(name: str) -> None:
    coefficients = random_coefficients(OBSERVABLES[name], 12, 3.0)
    found = compiled_value(OBSERVABLES[name], DEFAULT, coefficients)
    assert found == pytest.approx(value(OBSERVABLES[name], POINT, coefficients), rel=1e-6, abs=0)


@pytest.mark.parametrize("name", KAON_NAMES)
@pytest.mark.parametrize("seed", [None, 4])
def test_linear_errors_against_draws(name: str, seed: int | None) -> None:
    observable = OBSERVABLES[name]
    coefficients = None if seed is None else random_coefficients(observable, seed, 10.0)
    linear, drawn = linear_error(observable, DEFAULT, coefficients), drawn_error(observable, DEFAULT, coefficients)
    # 400 draws: 4 % statistical error
    assert linear == pytest.approx(drawn, rel=0.15, abs=1e-30)
