"""Form factors: stored flavio numbers, end-point relations, and what each parametrisation promises."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fitlq_theory.errors import InputError, UnknownNameError
from fitlq_theory.form_factors import FormFactorSet, evaluate
from fitlq_theory.form_factors.heavy_quark_radiative import radiative_corrections
from fitlq_theory.form_factors.z_expansion import conformal_z, optimal_t_zero, pole_factor, thresholds
from fitlq_theory.inputs import load_inputs
from fitlq_theory.parameter_point import ParameterPoint

DATA = json.loads((Path(__file__).parent / "data" / "flavio_form_factors.json").read_text())
REFERENCE = [(transition, entry) for transition, entries in DATA["transitions"].items() for entry in entries]
PSEUDOSCALAR = {"f+", "f0", "fT"}
VECTOR = {"V", "A0", "A1", "A12", "T1", "T2", "T23"}
OPTIONS = [
    ("b->c", option, transition) for option in ("hflav", "hqet", "lattice", "gkvd") for transition in ("B->D", "B->D*")
] + [
    (choice, option, choice)
    for choice, options in {
        "B->K": ("grvdv2023", "hpqcd2022", "flag2021"),
        "B->K*": ("grvdv2023", "bsz2015"),
        "Bs->phi": ("grvdv2023", "bsz2015"),
    }.items()
    for option in options
]


def masses(point: ParameterPoint, transition: str) -> tuple[float, float]:
    parametrisation = point.form_factor_set(transition).parametrisations[transition]
    of_set = parametrisation.get("masses", {}).get(transition, parametrisation)
    return of_set["m_in"], of_set["m_out"]


@pytest.mark.parametrize(("transition", "entry"), REFERENCE, ids=[f"{t}-{e['q2']}" for t, e in REFERENCE])
def test_agrees_with_flavio(transition: str, entry: dict[str, Any]) -> None:
    # same formulas and coefficients: rounding only
    found = evaluate(load_inputs("flavio-2.7.1").point(), transition, entry["q2"])
    for name in found:
        assert float(found[name]) == pytest.approx(entry["values"][name], rel=1e-9, abs=0), name


@pytest.mark.parametrize(("choice", "option", "transition"), OPTIONS)
def test_names_shapes_and_relations_at_zero(choice: str, option: str, transition: str) -> None:
    point = load_inputs("default", {choice: option}).point()
    q2 = np.array([[0.0, 1.0, 4.0], [6.0, 8.0, 10.0]])
    found = evaluate(point, transition, q2)
    assert set(found) == (VECTOR if transition.endswith(("*", "phi")) else PSEUDOSCALAR)
    assert all(values.shape == q2.shape and np.all(np.isfinite(values)) for values in found.values())
    m_in, m_out = masses(point, transition)
    if "f+" in found:
        assert found["f0"][0, 0] == pytest.approx(found["f+"][0, 0], rel=1e-12, abs=0)
    else:
        ratio = (m_in**2 - m_out**2) / (8 * m_in * m_out)
        assert found["A12"][0, 0] == pytest.approx(ratio * found["A0"][0, 0], rel=1e-12, abs=0)
        assert found["T2"][0, 0] == pytest.approx(found["T1"][0, 0], rel=1e-12, abs=0)


@pytest.mark.parametrize(("choice", "option", "transition"), OPTIONS)
def test_array_equals_loop(choice: str, option: str, transition: str) -> None:
    point = load_inputs("default", {choice: option}).point()
    q2 = np.linspace(0.1, 10.0, 5)
    together = evaluate(point, transition, q2)
    for i, value in enumerate(q2):
        alone = evaluate(point, transition, value)
        for name in together:
            assert float(alone[name]) == pytest.approx(together[name][i], rel=1e-14, abs=0)


@pytest.mark.parametrize(
    ("option", "tolerance"),
    # exact in the heavy-quark expansion; imposed to 0.5 % in the lattice fit; not imposed in the fit to sum rules
    [("hqet", 1e-6), ("lattice", 0.01)],
)
def test_zero_recoil_relations(option: str, tolerance: float) -> None:
    point = load_inputs("default", {"b->c": option}).point()
    m_in, m_out = masses(point, "B->D*")
    end = thresholds(m_in, m_out)[1]
    found = evaluate(point, "B->D*", end)
    axial = (m_in + m_out) * (m_in**2 - m_out**2 - end) / (16 * m_in * m_out**2)
    tensor = (m_in + m_out) * (m_in**2 + 3 * m_out**2 - end) / (8 * m_in * m_out**2)
    assert float(found["A12"] / found["A1"]) == pytest.approx(axial, rel=tolerance, abs=0)
    assert float(found["T23"] / found["T2"]) == pytest.approx(tensor, rel=tolerance, abs=0)


def test_heavy_quark_limit() -> None:
    """Without 1/m and alpha_s corrections all functions are the Isgur-Wise function, which is 1 at zero recoil."""
    module = import_module("fitlq_theory.form_factors.heavy_quark_expansion")
    inputs = load_inputs("default", {"b->c": "hqet"})
    of_set = inputs.form_factor_sets["B->D"]
    # a binding energy of zero: m_B_bar = m_b - lambda_1/(2 m_b), and no coupling
    constants = {"alpha_s": 0.0, "m_b_1S": 4.7, "m_b_minus_m_c": 3.4, "m_B_bar": 4.7, "lambda_1": 0.0}
    masses_of_set = {"B->D": {"m_in": 5.28, "m_out": 1.87}, "B->D*": {"m_in": 5.28, "m_out": 2.01}}
    parametrisation = {"constants": constants, "masses": masses_of_set}
    coefficients = of_set.coefficients(inputs.point(), "B->D")
    for transition, (name, power) in {"B->D": ("f+", 1), "B->D*": ("A1", -1)}.items():
        m_in, m_out = masses_of_set[transition].values()
        found = module.hqet(parametrisation, coefficients, np.array([(m_in - m_out) ** 2]), transition)
        expected = ((m_in + m_out) / (2 * np.sqrt(m_in * m_out))) ** power
        assert found[name][0] == pytest.approx(expected, rel=1e-12, abs=0)


@pytest.mark.parametrize("z", [0.15, 0.29, 0.6])
def test_radiative_corrections_at_zero_recoil(z: float) -> None:
    """By hand: eta_V - 1 and eta_A - 1 in units of alpha_s/pi (Neubert, hep-ph/9306320); eta_V = 1 for equal masses."""
    logarithm = -(1 + z) / (1 - z) * np.log(z)
    found = radiative_corrections(np.array([1.0]), z)
    # the closed forms are taken at w = 1 + 1e-7; they cancel to a part in 1e4 for similar masses
    assert sum(part[0] for part in found.vector) == pytest.approx(logarithm - 2, rel=1e-4, abs=0)
    assert found.axial[0][0] == pytest.approx(logarithm - 8 / 3, rel=1e-4, abs=0)


def test_radiative_corrections_are_smooth_at_zero_recoil() -> None:
    near = radiative_corrections(np.array([1.0, 1.0 + 1e-6, 1.0 + 1e-4]), 0.29)
    for part in (*near.vector, *near.axial, *near.tensor):
        assert part[1] == pytest.approx(part[0], rel=1e-4, abs=1e-6)
        assert part[2] == pytest.approx(part[0], rel=1e-3, abs=1e-4)


def test_beyond_zero_recoil_is_held() -> None:
    """B+ -> D0 reaches q2 = 11.659, the masses of the set only 11.628 GeV^2."""
    point = load_inputs("default", {"b->c": "hqet"}).point()
    end = thresholds(*masses(point, "B->D"))[1]
    found = evaluate(point, "B->D", np.array([end, end + 0.03]))
    assert found["f+"][1] == pytest.approx(found["f+"][0], rel=1e-12, abs=0)


def test_bcl_obeys_the_threshold_condition() -> None:
    """d f_+/dz = 0 at z = -1: only then the imaginary part opens like the p-wave (arXiv:0807.2722)."""
    series = import_module("fitlq_theory.form_factors.series_in_z")
    coefficients = {"a0_f+": 0.9, "a1_f+": -7.0, "a2_f+": 40.0}
    step = 1e-6
    z = np.array([-1.0, -1.0 + step])
    values = series._with_threshold_condition("f+", 3, coefficients, z)
    assert abs(values[1] - values[0]) / step < 1e-3


def test_z_expansion() -> None:
    t_plus, t_minus = thresholds(5.28, 1.87)
    t_zero = optimal_t_zero(t_plus, t_minus)
    z = conformal_z(np.array([0.0, t_minus, t_zero]), t_plus, t_zero)
    # the optimal t_0 makes the interval symmetric
    assert z[0] == pytest.approx(-z[1], rel=1e-12, abs=0)
    assert abs(z[2]) < 1e-15
    np.testing.assert_allclose(pole_factor(np.array([4.0]), 4.0), [16 / 12], rtol=1e-14, atol=0)
    np.testing.assert_array_equal(pole_factor(np.array([4.0]), None), [1.0])


def test_unknown_transition_names_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match=r"unknown transition 'B->Dst'.*B->D"):
        evaluate(load_inputs().point(), "B->Dst", 1.0)


def test_unknown_parametrisation() -> None:
    odd = FormFactorSet("odd", {"B->X": {"id": "CLN"}}, {"B->X": {}}, "", "")
    point = ParameterPoint({}, {"B->X": odd}, {})
    with pytest.raises(InputError, match=r"odd: unknown parametrisation 'CLN'; known: BSZ, BCL, BCL-LMVD, HQET"):
        evaluate(point, "B->X", 1.0)
