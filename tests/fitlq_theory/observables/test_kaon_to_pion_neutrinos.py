r"""K -> pi nu nubar against flavio 2.7.1, whose differences are put in by hand, and properties that must hold.

flavio 2.7.1 (a) multiplies the charm part by alpha_e(2 GeV)/alpha_e(M_Z), (b) leaves out Delta_EM and (c) uses
(Im A_kl)^2 for neutrinos of different flavour in KL decays; the option flavio-2.7.1 of the choice K->pinunu does the same.
All other tests are of the default treatment.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from fitlq_theory.electromagnetic_coupling import alpha_electromagnetic
from fitlq_theory.inputs import load_inputs
from fitlq_theory.observables.kaon_to_pion_neutrinos import charm_contribution, observables
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.quadratic_forms import real_vector
from tests.fitlq_theory.observables.form_values import reference

REFERENCE = reference("kaon_to_pion_neutrinos")
INPUTS = load_inputs("flavio-2.7.1", {"K->pinunu": "standard"})
POINT = INPUTS.point()
OBSERVABLES = {o.name: o for o in observables(POINT)}
CHARGED, NEUTRAL = "BR(K+->pinunu)", "BR(KL->pinunu)"
FLAVOURS = ("nue", "numu", "nutau")
NO_NEW_PHYSICS = np.zeros((2, 3, 3), dtype=np.complex128)

Matrices = np.ndarray[Any, np.dtype[np.complex128]]


def matrices_of(coefficients: Mapping[str, list[float]]) -> Matrices:
    """(CL, CR) as an array (2, 3, 3) from coefficients by name."""
    return np.array(
        [
            [[complex(*coefficients.get(f"{kind}_sd{k}{m}", (0.0, 0.0))) for m in FLAVOURS] for k in FLAVOURS]
            for kind in ("CL", "CR")
        ]
    )


def value(name: str, matrices: Matrices = NO_NEW_PHYSICS, point: ParameterPoint = POINT) -> float:
    x = real_vector(np.ravel(matrices))
    forms = OBSERVABLES[name].forms(point, {})
    assert forms.powers == (1.0,)
    return float(x @ forms.quadratic[0] @ x)


def random_matrices(seed: int) -> Matrices:
    draw = np.random.default_rng(seed).normal(size=(2, 2, 3, 3)) * 5.0
    return np.asarray(draw[0] + 1j * draw[1])


@pytest.mark.parametrize("name", [CHARGED, NEUTRAL])
def test_meets_flavio_at_every_point(name: str) -> None:
    entries = [e for e in REFERENCE["entries"] if e["observable"] == name]
    assert len(entries) == 31
    point = load_inputs("flavio-2.7.1").point()
    for entry in entries:
        scale = max(abs(entry["value"]), value(name, point=point))
        # 1e-5: thresholds of the electromagnetic coupling (4e-6 in new physics)
        found = value(name, matrices_of(entry["coefficients"]), point)
        assert found == pytest.approx(entry["value"], rel=0, abs=1e-5 * scale), entry["point"]


def test_k_long_with_different_neutrino_flavours_from_amplitudes_of_both_kaons() -> None:
    """The default treatment equals |A(K0) + A(anti-K0)|^2 / 2, summed by hand."""
    top = complex(REFERENCE["lambda_t"]["re"], REFERENCE["lambda_t"]["im"])
    weight = POINT["s2w"] * alpha_electromagnetic(POINT, 2.0) / POINT["alpha_e"]
    diagonal = np.zeros((2, 3, 3), dtype=np.complex128)
    diagonal[0, 0, 0] = 100j
    # the rate per squared amplitude, from a flavour-diagonal coefficient, where all agree
    up, down = (value(NEUTRAL, sign * diagonal) for sign in (1, -1))
    rate = (0.5 * (up + down) - value(NEUTRAL)) / (-weight * top * 100j).imag ** 2
    matrices = random_matrices(11)
    matrices[:, np.arange(3), np.arange(3)] = 0.0
    amplitudes = -weight * top * (matrices[0] + matrices[1])
    expected = rate * np.sum(np.abs(amplitudes - amplitudes.conj().T) ** 2) / 4
    assert value(NEUTRAL, matrices) - value(NEUTRAL) == pytest.approx(expected, rel=1e-9, abs=0)


def test_differences_from_flavio_in_the_standard_model() -> None:
    flavio = {e["observable"]: e["value"] for e in REFERENCE["entries"] if e["point"] == "SM"}
    # 0.960 instead of 1 times the charm part, and Delta_EM = -0.3 %
    assert value(CHARGED) / flavio[CHARGED] == pytest.approx(1.0211, abs=2e-4)
    # charm in Im A
    assert value(NEUTRAL) / flavio[NEUTRAL] == pytest.approx(1.0, abs=1e-4)


@pytest.mark.parametrize("spread", REFERENCE["spreads"], ids=lambda s: s["observable"])
def test_standard_model_errors_meet_the_spreads_of_flavio(spread: dict[str, Any]) -> None:
    name = spread["observable"]
    variance = 0.0
    for direction in INPUTS.directions():
        up, down = (value(name, point=INPUTS.point({n: sign * s for n, s in direction.shifts.items()})) for sign in (1, -1))
        variance += (0.5 * (up - down)) ** 2
    # 200 draws: 5 % statistical error
    assert math.sqrt(variance) == pytest.approx(spread["value"], rel=0.3, abs=0)


@pytest.mark.parametrize(
    ("inputs", "charged", "neutral"),
    [
        # CKM inputs and results of arXiv:2203.10099 (8.60(42), 2.94(15)) and of arXiv:2105.02868 (7.73(61), 2.59(29));
        # the CKM inputs are from memory
        ({"Vus": 0.2253, "Vcb": 0.0426, "Vub": 0.00372, "gamma": math.radians(64.6)}, 8.60e-11, 2.94e-11),
        ({"Vus": 0.2265, "Vcb": 0.04053, "Vub": 0.003616, "gamma": math.atan2(0.357, 0.141)}, 7.73e-11, 2.59e-11),
    ],
)
def test_published_standard_model(inputs: dict[str, float], charged: float, neutral: float) -> None:
    point = INPUTS.point({name: number - POINT[name] for name, number in inputs.items()})
    # 1.5 %: a tenth of the published errors; other inputs differ slightly
    assert value(CHARGED, point=point) == pytest.approx(charged, rel=0.015, abs=0)
    assert value(NEUTRAL, point=point) == pytest.approx(neutral, rel=0.015, abs=0)


def test_charm_contribution() -> None:
    # hep-ph/0603079, abstract: P_c = 0.38 at m_c = 1.30 GeV, alpha_s = 0.1187; delta P_cu = 0.04
    point = INPUTS.point({"m_c": 1.30 - POINT["m_c"], "alpha_s": 0.1187 - POINT["alpha_s"]})
    assert charm_contribution(point) == pytest.approx(0.379 + 0.04, rel=1e-12)
    # arXiv:1503.02693: 0.404(24) with today's m_c
    assert charm_contribution(POINT) == pytest.approx(0.404, abs=0.002)


def test_coefficients_and_names() -> None:
    wanted = {f"{kind}_sd{k}{m}" for kind in ("CL", "CR") for k in FLAVOURS for m in FLAVOURS}
    for observable in OBSERVABLES.values():
        assert {c.name for c in observable.coefficients} == wanted
        assert {(c.eft, c.scale) for c in observable.coefficients} == {(REFERENCE["eft"], REFERENCE["scale"])}
    assert "BR(K+->pi+nunu)" in OBSERVABLES[CHARGED].aliases
    assert "BR(KL->pi0nunu)" in OBSERVABLES[NEUTRAL].aliases


@pytest.mark.parametrize("name", [CHARGED, NEUTRAL])
def test_forms_are_positive(name: str) -> None:
    eigenvalues = np.linalg.eigvalsh(OBSERVABLES[name].forms(POINT, {}).quadratic[0])
    assert eigenvalues[0] >= -1e-12 * eigenvalues[-1]  # rounding of the eigenvalue solver


@pytest.mark.parametrize("name", [CHARGED, NEUTRAL])
@pytest.mark.parametrize("seed", range(5))
def test_neutrino_flavours_can_be_rotated(name: str, seed: int) -> None:
    # fails for (Im A_kl)^2 with k != l
    matrices = random_matrices(seed)
    unitary, _ = np.linalg.qr(random_matrices(100 + seed)[0])
    rotated = unitary @ matrices @ unitary.conj().T
    assert value(name, rotated) == pytest.approx(value(name, matrices), rel=1e-10, abs=0)


@pytest.mark.parametrize("seed", range(5))
def test_grossman_nir_bound(seed: int) -> None:
    bound = POINT["kappa_L_tilde"] / (POINT["kappa_plus_tilde"] * (1 + POINT["Delta_EM K+->pinunu"]))
    matrices = random_matrices(seed)
    assert value(NEUTRAL, matrices) <= bound * value(CHARGED, matrices)
    # saturated by an imaginary amplitude: A_kl anti-Hermitian and large
    top = complex(REFERENCE["lambda_t"]["re"], REFERENCE["lambda_t"]["im"])
    hermitian = matrices[0] + matrices[0].conj().T
    saturating = np.array([1e6 * 1j * hermitian / top, np.zeros((3, 3))])
    ratio = value(NEUTRAL, saturating) / value(CHARGED, saturating)
    assert ratio == pytest.approx(bound, rel=1e-6)


def test_real_amplitudes_do_not_feed_k_long() -> None:
    top = complex(REFERENCE["lambda_t"]["re"], REFERENCE["lambda_t"]["im"])
    hermitian = random_matrices(1)[0] + random_matrices(1)[0].conj().T
    matrices = np.array([hermitian / top, np.zeros((3, 3))])
    assert value(NEUTRAL, matrices) == pytest.approx(value(NEUTRAL), rel=1e-7, abs=0)
    assert value(CHARGED, matrices) > 10 * value(CHARGED)


def test_only_the_vector_current_counts() -> None:
    matrices = random_matrices(2)
    matrices[1] = -matrices[0]
    for name in (CHARGED, NEUTRAL):
        assert value(name, matrices) == pytest.approx(value(name), rel=1e-10, abs=0)


def test_charm_does_not_depend_on_the_cabibbo_angle_through_its_normalisation() -> None:
    # X_c = P_c lambda^4 is a loop function: switching off the top leaves a rate that scales with |lambda_c / Vus|^2
    no_top = {"Xt_di->djnunu": -POINT["Xt_di->djnunu"]}
    central, shifted = (value(CHARGED, point=INPUTS.point(no_top | s)) for s in ({}, {"Vus": 0.002}))
    expected = (1 - (POINT["Vus"] + 0.002) ** 2) / (1 - POINT["Vus"] ** 2)  # |V_cs|^2 |V_cd / V_us|^2 ~ 1 - Vus^2
    assert shifted / central == pytest.approx(expected, rel=2e-5)
