"""D0 -> e mu, D+ -> pi+ e mu and pi0 -> e mu against explicit spinors; properties."""

from __future__ import annotations

import dataclasses
import math
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from fitlq_theory.ckm import ckm_matrix
from fitlq_theory.constants import HBAR_GEV_PS
from fitlq_theory.electromagnetic_coupling import alpha_electromagnetic
from fitlq_theory.form_factors import evaluate
from fitlq_theory.inputs import load_inputs
from fitlq_theory.observables import (
    charm_to_lepton_pair,
    charm_to_pion_lepton_pair,
    lepton_pair_rates,
    neutral_pion_to_lepton_pair,
)
from fitlq_theory.qcd import running_mass
from tests.fitlq_theory.observables import dirac
from tests.fitlq_theory.observables.form_values import (
    Coefficients,
    compiled_value,
    drawn_error,
    linear_error,
    random_coefficients,
    value,
)

DEFAULT = load_inputs()
POINT = DEFAULT.point()
MODULES = (charm_to_lepton_pair, charm_to_pion_lepton_pair, neutral_pion_to_lepton_pair)
OBSERVABLES = {o.name: o for module in MODULES for o in module.observables(POINT) if "mumu" not in o.name and "ee" not in o.name}
SEEDS = st.integers(0, 10**6)
FEW = settings(max_examples=10)
SCALE = 2.0
Matrix = NDArray[np.complex128]


def _charm_unit() -> complex:
    ckm = ckm_matrix(POINT["Vus"], POINT["Vub"], POINT["Vcb"], POINT["gamma"])
    coupling = 4 * POINT["GF"] / math.sqrt(2) * alpha_electromagnetic(POINT, SCALE) / (4 * math.pi)
    return complex(coupling * ckm[0, 2] * ckm[1, 2].conj())


def _get(coefficients: Coefficients, operator: str, label: str) -> tuple[complex, complex]:
    """Sum and difference of an operator and its primed partner."""
    one, other = (coefficients.get(f"{operator}{prime}_cu{label}", 0.0) for prime in ("", "p"))
    return complex(one + other), complex(one - other)


def _two_body(mass: float, matrix: Matrix, first: float, second: float) -> float:
    """Width (GeV) into l2- (mass `second`) and l1+ (mass `first`) of a constant matrix between their spinors."""
    momentum = dirac.two_body_momentum(mass, first, second)
    minus = dirac.slash(dirac.along_z(second, momentum)) + second * dirac.UNIT
    plus = dirac.slash(dirac.along_z(first, -momentum)) - first * dirac.UNIT
    return dirac.spin_sum(minus, matrix, plus) * momentum / (8 * math.pi * mass**2)


@pytest.mark.parametrize(("name", "positive", "negative"), [("BR(D0->emu)", "mu", "e"), ("BR(D0->mue)", "e", "mu")])
def test_two_leptons_from_spinors(name: str, positive: str, negative: str) -> None:
    coefficients = random_coefficients(OBSERVABLES[name], 3)
    label, mass = positive + negative, POINT["m_D0"]
    charm, up = (running_mass(POINT, q, SCALE, 4) for q in ("c", "u"))
    # <0|u-bar gamma^mu gamma_5 c|D0(p)> = i f p^mu, <0|u-bar gamma_5 c|D0> = -i f M^2/(m_c + m_u); P_L has -gamma_5/2
    momentum = dirac.slash(np.array([mass, 0.0, 0.0, 0.0]))
    axial, density = 0.5j * POINT["f_D+"], -0.5j * POINT["f_D+"] * mass**2 / (charm + up) * charm
    matrix = (
        -axial
        * momentum
        @ (_get(coefficients, "C9", label)[1] * dirac.UNIT + _get(coefficients, "C10", label)[1] * dirac.GAMMA_5)
    )
    matrix = matrix + density * (
        _get(coefficients, "CS", label)[1] * dirac.UNIT + _get(coefficients, "CP", label)[1] * dirac.GAMMA_5
    )
    expected = _two_body(mass, _charm_unit() * matrix, POINT[f"m_{positive}"], POINT[f"m_{negative}"])
    expected *= POINT["tau_D0"] / HBAR_GEV_PS
    assert value(OBSERVABLES[name], POINT, coefficients) == pytest.approx(expected, rel=1e-10, abs=0)


def _with_pion(coefficients: Coefficients, label: str, big: NDArray[np.float64], small: NDArray[np.float64]) -> Matrix:
    """Matrix between the spinors of D+(big) -> pi+(small) l1+ l2-."""
    q = big - small
    q2 = float(q @ dirac.METRIC @ q)
    mass, light = POINT["m_D+"], POINT["m_pi+"]
    charm, up = (running_mass(POINT, quark, SCALE, 4) for quark in ("c", "u"))
    f = {k: float(v[0]) for k, v in evaluate(POINT, "D->pi", np.array([q2])).items()}
    ratio = (mass**2 - light**2) / q2
    hadron = f["f+"] * (big + small - ratio * q) + f["f0"] * ratio * q
    density = f["f0"] * (mass**2 - light**2) / (charm - up) * charm

    def pair(operator: str, partner: str) -> Matrix:
        return _get(coefficients, operator, label)[0] * dirac.UNIT + _get(coefficients, partner, label)[0] * dirac.GAMMA_5

    matrix = 0.5 * (dirac.slash(hadron) @ pair("C9", "C10") + density * pair("CS", "CP"))
    plus, minus = _get(coefficients, "CT", label)
    lower_sum, lower_q = dirac.METRIC @ (big + small), dirac.METRIC @ q
    tensor = 1j * f["fT"] / (mass + light)
    for mu, nu in np.ndindex(4, 4):
        # <pi|u-bar sigma^{mu nu} c|D> = i f_T/(M + m) (P^mu q^nu - q^mu P^nu); sigma gamma_5 moves to the leptons
        element = tensor * (lower_sum[mu] * lower_q[nu] - lower_q[mu] * lower_sum[nu])
        matrix = matrix + 0.5 * element * dirac.sigma(mu, nu) @ (plus * dirac.UNIT + minus * dirac.GAMMA_5)
    return np.asarray(_charm_unit() * matrix)


@pytest.mark.parametrize(("name", "positive", "negative"), [("BR(D+->pimue)", "e", "mu"), ("BR(D+->piemu)", "mu", "e")])
def test_three_bodies_from_spinors(name: str, positive: str, negative: str, monkeypatch: pytest.MonkeyPatch) -> None:
    nodes, weights = np.polynomial.legendre.leggauss(24)
    monkeypatch.setattr(lepton_pair_rates, "_NODES", nodes)  # the same few nodes for both
    monkeypatch.setattr(lepton_pair_rates, "_WEIGHTS", weights)
    coefficients = random_coefficients(OBSERVABLES[name], 5)
    mass, light = POINT["m_D+"], POINT["m_pi+"]
    m_1, m_2 = POINT[f"m_{positive}"], POINT[f"m_{negative}"]
    lower, upper = (m_1 + m_2) ** 2, (mass - light) ** 2
    cosines, cosine_weights = np.polynomial.legendre.leggauss(3)  # the trace is a quadratic polynomial
    total = 0.0
    for node, weight in zip(nodes, weights, strict=True):
        angle = 0.25 * math.pi * (node + 1)
        root = math.sqrt(lower + (upper - lower) * math.sin(angle) ** 2)
        jacobian = 0.25 * math.pi * weight * (upper - lower) * math.sin(2 * angle)
        meson = dirac.two_body_momentum(mass, root, light) * mass / root  # in the rest frame of the leptons
        lepton = dirac.two_body_momentum(root, m_1, m_2)
        matrix = _with_pion(coefficients, positive + negative, dirac.along_z(mass, meson), dirac.along_z(light, meson))
        phase_space = meson * root / mass / (4 * math.pi * mass) * lepton / (4 * math.pi * root) / (2 * math.pi) / (2 * mass)
        for cosine, cosine_weight in zip(cosines, cosine_weights, strict=True):
            direction = np.array([math.sqrt(1 - cosine**2), 0.0, cosine]) * lepton
            plus = dirac.slash(np.concatenate([[math.hypot(m_1, lepton)], direction])) - m_1 * dirac.UNIT
            minus = dirac.slash(np.concatenate([[math.hypot(m_2, lepton)], -direction])) + m_2 * dirac.UNIT
            total += jacobian * 0.5 * cosine_weight * phase_space * dirac.spin_sum(minus, matrix, plus)
    expected = total * POINT["tau_D+"] / HBAR_GEV_PS
    assert value(OBSERVABLES[name], POINT, coefficients) == pytest.approx(expected, rel=1e-10, abs=0)


@pytest.mark.parametrize("negative", ["e", "mu"])
def test_pion_from_spinors(negative: str) -> None:
    """Both charge states explicitly: the second one through the Hermitian conjugates of the operators."""
    c = random_coefficients(OBSERVABLES["BR(pi0->mue)"], 7)
    mass = POINT["m_pi0"]
    momentum = dirac.slash(np.array([mass, 0.0, 0.0, 0.0]))
    masses = sum(running_mass(POINT, q, SCALE, 3) for q in ("u", "d"))
    right, left = dirac.RIGHT, dirac.LEFT
    currents, densities = np.zeros((2, 4, 4), dtype=np.complex128)
    for q, sign in (("uu", 1.0), ("dd", -1.0)):
        # <0|q-bar gamma^mu gamma_5 q|pi> = i f p^mu, <0|q-bar gamma_5 q|pi> = -i h
        axial = 0.5j * sign * POINT["f_pi+"] / math.sqrt(2)
        density = -axial * mass**2 / masses
        currents += axial * momentum @ left * (c[f"CVLR_mue{q}"] - c[f"CVLL_mue{q}"])
        currents += axial * momentum @ right * (c[f"CVRR_mue{q}"] - c[f"CVLR_{q}mue"])
        # (e-bar P_R mu)(q-bar P_R q) and (q-bar P_L q); conjugates of (mu-bar P_R e)(q-bar P_R q) and (q-bar P_L q)
        densities += density * right * (c[f"CSRR_mue{q}"] - c[f"CSRL_mue{q}"])
        densities += density * left * (c[f"CSRL_emu{q}"] - c[f"CSRR_emu{q}"]).conjugate()
    matrix = currents + densities
    if negative == "mu":
        # axial currents of the quarks are Hermitian, +i f p again; pseudoscalar densities anti-Hermitian, +i h
        matrix = -dirac.bar(currents) + dirac.bar(densities)
    other = "mu" if negative == "e" else "e"
    expected = _two_body(mass, matrix, POINT[f"m_{other}"], POINT[f"m_{negative}"]) * POINT["tau_pi0"] / HBAR_GEV_PS
    name = "BR(pi0->emu)" if negative == "e" else "BR(pi0->mue)"
    assert value(OBSERVABLES[name], POINT, c) == pytest.approx(expected, rel=1e-10, abs=0)


@pytest.mark.parametrize("name", list(OBSERVABLES))
@FEW
@given(seed=SEEDS, phase=st.floats(-math.pi, math.pi))
def test_positive_and_blind_to_lepton_phases(name: str, seed: int, phase: float) -> None:
    observable = OBSERVABLES[name]
    coefficients = random_coefficients(observable, seed)
    found = value(observable, POINT, coefficients)
    assert found > 0
    assert value(observable, POINT) == 0
    rotated = {k: v * np.exp(1j * phase * (1 if "mue" in k else -1)) for k, v in coefficients.items()}
    assert value(observable, POINT, rotated) == pytest.approx(found, rel=1e-9, abs=0)
    conjugated = DEFAULT.point({"gamma": -2 * POINT["gamma"]})
    assert value(observable, conjugated, {k: v.conjugate() for k, v in coefficients.items()}) == pytest.approx(
        found, rel=1e-9, abs=0
    )


@pytest.mark.parametrize("head", ["BR(D0->{})", "BR(D+->pi{})", "BR(pi0->{})"])
def test_sums(head: str) -> None:
    both = OBSERVABLES[head.format("emu,mue")]
    coefficients = random_coefficients(both, 1)
    parts = sum(value(OBSERVABLES[head.format(pair)], POINT, coefficients) for pair in ("emu", "mue"))
    assert value(both, POINT, coefficients) == pytest.approx(parts, rel=1e-12, abs=0)


def test_order_of_the_leptons() -> None:
    """D+ contains the c quark: (mu-bar e) operators make mu- e+."""
    assert value(OBSERVABLES["BR(D+->pimue)"], POINT, {"C9_cuemu": 1.0}) > 0
    assert value(OBSERVABLES["BR(D+->piemu)"], POINT, {"C9_cuemu": 1.0}) == 0
    assert value(OBSERVABLES["BR(D0->mue)"], POINT, {"C10_cuemu": 1.0}) > 0
    assert value(OBSERVABLES["BR(D0->emu)"], POINT, {"C10_cuemu": 1.0}) == 0
    assert "BR(D+->pi+mu-e+)" in OBSERVABLES["BR(D+->pimue)"].aliases
    assert "BR(pi0->e+mu-)" in OBSERVABLES["BR(pi0->mue)"].aliases


def test_helicity_suppression() -> None:
    """Vector operators need the mass of a lepton, scalar ones do not; isoscalar operators do not make a pion."""
    vector = value(OBSERVABLES["BR(D0->emu)"], POINT, {"C9_cumue": 1.0})
    scalar = value(OBSERVABLES["BR(D0->emu)"], POINT, {"CS_cumue": 1.0})
    charm, up = (running_mass(POINT, q, SCALE, 4) for q in ("c", "u"))
    ratio = (POINT["m_mu"] - POINT["m_e"]) / POINT["m_D0"] / (POINT["m_D0"] * charm / (charm + up))
    assert vector / scalar == pytest.approx(ratio**2, rel=1e-12, abs=0)
    isoscalar = {"CVLL_mueuu": 1e-8, "CVLL_muedd": 1e-8}
    isovector = {"CVLL_mueuu": 1e-8, "CVLL_muedd": -1e-8}
    pion = OBSERVABLES["BR(pi0->mue)"]
    assert value(pion, POINT, isoscalar) < 1e-20 * value(pion, POINT, isovector)


@pytest.mark.parametrize("name", ["BR(D0->emu,mue)", "BR(D+->pimue)", "BR(pi0->mue)"])
def test_compiled_and_errors(name: str) -> None:
    coefficients = random_coefficients(OBSERVABLES[name], 12)
    found = compiled_value(OBSERVABLES[name], DEFAULT, coefficients)
    assert found == pytest.approx(value(OBSERVABLES[name], POINT, coefficients), rel=1e-6, abs=0)
    linear = linear_error(OBSERVABLES[name], DEFAULT, coefficients)
    # 400 draws: 4 % statistical error
    assert linear == pytest.approx(drawn_error(OBSERVABLES[name], DEFAULT, coefficients), rel=0.2, abs=0)


def test_two_muons_away_from_resonances() -> None:
    """The rate in the two regions, divided by the part of phase space there."""
    (muons,) = (o for o in charm_to_pion_lepton_pair.observables(POINT) if o.name == "BR_nonres(D+->pimumu)")
    assert value(muons, POINT) == 0
    decay = lepton_pair_rates.PairDecay(POINT["m_D+"], POINT["m_pi+"], POINT["m_mu"], POINT["m_mu"], "D->pi", 1.0)
    edges = np.array([decay.positive + decay.negative, 0.525, 1.25, decay.mass - decay.light]) ** 2
    regions = [dataclasses.replace(decay, regions=((a, b),)).integration() for a, b in pairwise(edges)]
    whole, parts = decay.integration(), [weights @ decay.phase_space(q2) for q2, weights in regions]
    assert sum(parts) == pytest.approx(whole[1] @ decay.phase_space(whole[0]), rel=1e-7, abs=0)
    rows = lepton_pair_rates.amplitude_rows()
    for name, coefficients in (("C9", {"C9_cumumu": 1.0}), ("CS", {"CS_cumumu": 1.0})):
        position = 1 if name == "C9" else 9
        widths = [
            lepton_pair_rates.width(POINT, d, rows, 1.0)[position, position]
            for d in (decay, dataclasses.replace(decay, regions=((edges[0], edges[1]), (edges[2], edges[3]))))
        ]
        assert widths[1] < widths[0]
        charm, up = (running_mass(POINT, q, SCALE, 4) for q in ("c", "u"))
        scalar = 1.0 if name == "C9" else (charm / (charm - up)) ** 2
        expected = widths[1] * scalar * abs(_charm_unit()) ** 2 * sum(parts) / (parts[0] + parts[2])
        expected *= POINT["tau_D+"] / HBAR_GEV_PS
        assert value(muons, POINT, coefficients) == pytest.approx(expected, rel=1e-9, abs=0)
