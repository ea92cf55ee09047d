"""B -> D(*) l nu: properties that hold whatever the form factors are, formulas by hand, arguments that are refused."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from fitlq_theory.constants import HBAR_GEV_PS
from fitlq_theory.contracts import Observable
from fitlq_theory.errors import InputError
from fitlq_theory.form_factors import evaluate
from fitlq_theory.inputs import load_inputs
from fitlq_theory.observables.b_to_c_lepton_neutrino import observables
from fitlq_theory.observables.semileptonic_meson_amplitudes import (
    OPERATORS,
    Kinematics,
    pseudoscalar_amplitudes,
    vector_amplitudes,
)
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.quadratic_forms import real_vector

TOTALS = ["BR(B+->Dtaunu)", "BR(B0->D*taunu)", "BR(B0->Dmunu)", "BR(B+->D*enu)", "BR(B0->D*lnu)"]
QUOTIENTS = ["Rtaul(B->Dlnu)", "Rmue(B->D*lnu)", "FLtot(B0->D*taunu)", "Ptau(B0->Dtaunu)", "Ptau(B+->D*taunu)"]
BIN = {"q2min": 5.0, "q2max": 7.0}


@pytest.fixture(scope="module", params=["hqet", "lattice"])
def point(request: pytest.FixtureRequest) -> ParameterPoint:
    return load_inputs("default", {"b->c": request.param}).point()


@pytest.fixture(scope="module")
def by_name(point: ParameterPoint) -> dict[str, Observable]:
    return {observable.name: observable for observable in observables(point)}


def random_coefficients(observable: Observable, seed: int, count: int = 20) -> np.ndarray:
    generator = np.random.default_rng(seed)
    shape = (count, len(observable.coefficients))
    return generator.normal(size=shape) + 1j * generator.normal(size=shape)


def predict(
    observable: Observable, point: ParameterPoint, values: np.ndarray, arguments: dict[str, float] | None = None
) -> np.ndarray:
    forms = observable.forms(point, arguments or {})
    x = real_vector(values)
    factors = np.einsum("ni,kij,nj->nk", x, forms.quadratic, x)
    return np.asarray(np.prod(factors ** np.array(forms.powers), axis=1))


def column(observable: Observable, name: str) -> int:
    return [c.name for c in observable.coefficients].index(name)


@pytest.mark.parametrize("name", TOTALS)
def test_rates_are_positive(name: str, by_name: dict[str, Observable], point: ParameterPoint) -> None:
    form = by_name[name].forms(point, {}).quadratic[0]
    eigenvalues = np.linalg.eigvalsh(form)
    # a sum of squares: eigenvalues below zero are rounding
    assert eigenvalues[0] > -1e-12 * eigenvalues[-1]
    assert np.all(predict(by_name[name], point, random_coefficients(by_name[name], 1)) > 0)


@pytest.mark.parametrize("name", TOTALS + QUOTIENTS)
def test_conjugation(name: str, by_name: dict[str, Observable], point: ParameterPoint) -> None:
    """No strong phases: rates of B and of its antiparticle are equal."""
    values = random_coefficients(by_name[name], 2)
    found = predict(by_name[name], point, values.conj())
    np.testing.assert_allclose(found, predict(by_name[name], point, values), rtol=1e-12, atol=0)


@pytest.mark.parametrize("name", TOTALS + QUOTIENTS)
def test_neutrino_phases(name: str, by_name: dict[str, Observable], point: ParameterPoint) -> None:
    """A common phase of all coefficients with another neutrino flavour is unobservable."""
    observable = by_name[name]
    values = random_coefficients(observable, 3)
    rotated = values.copy()
    for i, coefficient in enumerate(observable.coefficients):
        lepton, neutrino = coefficient.name.split("_bc")[1].split("nu")
        if lepton != neutrino:
            rotated[:, i] *= np.exp(0.7j)
    found = predict(observable, point, rotated)
    np.testing.assert_allclose(found, predict(observable, point, values), rtol=1e-12, atol=0)


@pytest.mark.parametrize(("decay", "lepton"), [("B0->D", "tau"), ("B+->D*", "tau"), ("B0->D*", "mu")])
def test_left_handed_current_rescales(decay: str, lepton: str, by_name: dict[str, Observable], point: ParameterPoint) -> None:
    observable = by_name[f"BR({decay}{lepton}nu)"]
    standard_model = point["C_VL SM of b->q lepton neutrino"]
    values = np.zeros((3, 15), dtype=complex)
    values[0, column(observable, f"CVL_bc{lepton}nu{lepton}")] = -standard_model
    values[1, column(observable, f"CVL_bc{lepton}nu{lepton}")] = 0.1 + 0.2j
    values[2, column(observable, f"CVL_bc{lepton}nue")] = 0.3j
    found = predict(observable, point, values) / predict(observable, point, np.zeros((1, 15), dtype=complex))
    assert abs(found[0]) < 1e-14
    assert found[1] == pytest.approx(abs(standard_model + 0.1 + 0.2j) ** 2 / standard_model**2, rel=1e-12, abs=0)
    assert found[2] == pytest.approx(1 + 0.09 / standard_model**2, rel=1e-12, abs=0)


@pytest.mark.parametrize("name", ["FLtot(B0->D*taunu)", "Ptau(B0->D*taunu)", "Ptau(B0->Dtaunu)"])
def test_left_handed_current_leaves_polarisations(name: str, by_name: dict[str, Observable], point: ParameterPoint) -> None:
    observable = by_name[name]
    values = np.zeros((2, 15), dtype=complex)
    values[1, column(observable, "CVL_bctaunutau")] = 0.3 - 0.4j
    found = predict(observable, point, values)
    assert found[1] == pytest.approx(found[0], rel=1e-12, abs=0)


@pytest.mark.parametrize(
    ("name", "sign"), [("BR(B0->Dtaunu)", 1), ("Ptau(B+->Dtaunu)", 1), ("BR(B0->Dmunu)", 1), ("BR(B0->D*taunu)", -1)]
)
def test_parity_of_the_meson(name: str, sign: int, by_name: dict[str, Observable], point: ParameterPoint) -> None:
    """A D sees the scalar density CSR + CSL, a D* (spin-0 lepton pair) the pseudoscalar one CSR - CSL; D: CVL + CVR."""
    observable = by_name[name]
    names = [c.name for c in observable.coefficients]
    values = random_coefficients(observable, 4)
    moved = values.copy()
    for i, coefficient in enumerate(names):
        if coefficient.startswith("CSL"):
            partner = names.index(coefficient.replace("CSL", "CSR"))
            moved[:, i] += 0.3 + 0.1j
            moved[:, partner] -= sign * (0.3 + 0.1j)
        if coefficient.startswith("CVL") and sign == 1:
            moved[:, i] += 0.2j
            moved[:, names.index(coefficient.replace("CVL", "CVR"))] -= 0.2j
    found = predict(observable, point, moved)
    np.testing.assert_allclose(found, predict(observable, point, values), rtol=1e-10, atol=0)


@pytest.mark.parametrize("seed", range(3))
def test_fractions_stay_in_range(seed: int, by_name: dict[str, Observable], point: ParameterPoint) -> None:
    observable = by_name["FLtot(B0->D*taunu)"]
    values = random_coefficients(observable, seed)
    longitudinal = predict(observable, point, values)
    assert np.all((longitudinal > 0) & (longitudinal < 1))
    for name in ("Ptau(B0->Dtaunu)", "Ptau(B0->D*taunu)"):
        assert np.all(np.abs(predict(by_name[name], point, values)) < 1)


def test_scalar_operators_make_right_handed_taus(by_name: dict[str, Observable], point: ParameterPoint) -> None:
    observable = by_name["Ptau(B0->Dtaunu)"]
    values = np.zeros((1, 15), dtype=complex)
    values[0, column(observable, "CVL_bctaunutau")] = -point["C_VL SM of b->q lepton neutrino"]
    values[0, column(observable, "CSR_bctaunutau")] = 0.5
    assert predict(observable, point, values)[0] == pytest.approx(1.0, rel=1e-12, abs=0)


@pytest.mark.parametrize("lepton", ["e", "mu", "tau"])
def test_other_charged_leptons_decouple(lepton: str, by_name: dict[str, Observable]) -> None:
    names = {c.name for c in by_name[f"BR(B0->D*{lepton}nu)"].coefficients}
    assert names == {f"{o}_bc{lepton}nu{n}" for o in OPERATORS for n in ("e", "mu", "tau")}


def test_mean_of_light_leptons(by_name: dict[str, Observable], point: ParameterPoint) -> None:
    parts = [predict(by_name[f"BR(B+->D{lepton}nu)"], point, np.zeros((1, 15))) for lepton in ("e", "mu")]
    both = predict(by_name["BR(B+->Dlnu)"], point, np.zeros((1, 30)))
    np.testing.assert_allclose(both, 0.5 * (parts[0] + parts[1]), rtol=1e-12, atol=0)


@pytest.mark.parametrize("process", ["B0->Dtaunu", "B0->D*taunu", "B+->D*munu"])
def test_bins_add_up(process: str, by_name: dict[str, Observable], point: ParameterPoint) -> None:
    edges = [0.0, 0.2, 1.0, 3.5, 6.0, 9.0, by_name[f"<BR>({process})"].arguments[1].maximum]
    values = random_coefficients(by_name[f"BR({process})"], 5, count=4)
    parts = [predict(by_name[f"<BR>({process})"], point, values, {"q2min": low, "q2max": high}) for low, high in pairwise(edges)]
    # quadrature is good to 2e-7
    np.testing.assert_allclose(sum(parts), predict(by_name[f"BR({process})"], point, values), rtol=1e-6, atol=0)


def test_bin_is_the_integral_of_the_spectrum(by_name: dict[str, Observable], point: ParameterPoint) -> None:
    values = random_coefficients(by_name["BR(B0->D*taunu)"], 6, count=3)
    q2 = np.linspace(BIN["q2min"], BIN["q2max"], 201)
    spectrum = [predict(by_name["dBR/dq2(B0->D*taunu)"], point, values, {"q2": x}) for x in q2]
    total = predict(by_name["<BR>(B0->D*taunu)"], point, values, BIN)
    trapezoids = np.diff(q2) @ (0.5 * (np.array(spectrum[1:]) + np.array(spectrum[:-1])))
    np.testing.assert_allclose(trapezoids, total, rtol=1e-5, atol=0)


def test_share_of_a_bin(by_name: dict[str, Observable], point: ParameterPoint) -> None:
    values = random_coefficients(by_name["BR(B0->D*taunu)"], 7, count=3)
    share = predict(by_name["<BR>/BR(B->D*taunu)"], point, values, BIN)
    inside = predict(by_name["<BR>(B0->D*taunu)"], point, values, BIN)
    np.testing.assert_allclose(share, inside / predict(by_name["BR(B0->D*taunu)"], point, values), rtol=1e-12, atol=0)


@pytest.mark.parametrize("lepton", ["mu", "tau"])
def test_zero_recoil_is_isotropic(lepton: str, by_name: dict[str, Observable], point: ParameterPoint) -> None:
    """At the end point the D* is at rest: all three helicities are equally likely in the Standard Model."""
    observable = by_name[f"FL(B0->D*{lepton}nu)"]
    end = observable.arguments[0].maximum
    found = predict(observable, point, np.zeros((1, 15)), {"q2": end - 1e-7})
    # 1 %: the lattice fit imposes the relation between A_12 and A_1 to half a percent
    assert found[0] == pytest.approx(1 / 3, rel=1e-2, abs=0)


def test_spectrum_of_massless_leptons_by_hand(by_name: dict[str, Observable], point: ParameterPoint) -> None:
    """dGamma/dq2 (B -> D e nu) = G_F^2 |Vcb|^2 |p|^3 f_+^2/(24 pi^3), and its analogue for the D*."""
    q2 = 4.0
    constant = point["tau_B0"] / HBAR_GEV_PS * (point["GF"] * point["Vcb"] * point["C_VL SM of b->q lepton neutrino"]) ** 2
    m_b, m_d, m_v = point["m_B0"], point["m_D+"], point["m_D*+"]
    momentum = np.sqrt(((m_b**2 + m_d**2 - q2) / (2 * m_b)) ** 2 - m_d**2)
    plus = float(evaluate(point, "B->D", q2)["f+"])
    found = predict(by_name["dBR/dq2(B0->Denu)"], point, np.zeros((1, 15)), {"q2": q2})
    # corrections are of order m_e^2/q2 = 6e-8
    assert found[0] == pytest.approx(constant * momentum**3 * plus**2 / (24 * np.pi**3), rel=1e-6, abs=0)

    momentum = np.sqrt(((m_b**2 + m_v**2 - q2) / (2 * m_b)) ** 2 - m_v**2)
    v = {name: float(value) for name, value in evaluate(point, "B->D*", q2).items()}
    transverse = [(m_b + m_v) * v["A1"] + s * 2 * m_b * momentum / (m_b + m_v) * v["V"] for s in (1, -1)]
    longitudinal = 8 * m_b * m_v / np.sqrt(q2) * v["A12"]
    squares = transverse[0] ** 2 + transverse[1] ** 2 + longitudinal**2
    expected = constant * momentum * q2 / (96 * np.pi**3 * m_b**2) * squares
    found = predict(by_name["dBR/dq2(B0->D*enu)"], point, np.zeros((1, 15)), {"q2": q2})
    assert found[0] == pytest.approx(expected, rel=1e-6, abs=0)


def test_helicity_of_massless_leptons() -> None:
    """Vector currents make left-handed, scalar and tensor operators right-handed massless leptons."""
    kinematics = Kinematics(np.array([5.0]), 5.28, 1.87, 0.0, 4.1, 0.9)
    scalar = pseudoscalar_amplitudes(kinematics, {name: np.ones(1) for name in ("f+", "f0", "fT")})[0]
    names = ("V", "A0", "A1", "A12", "T1", "T2", "T23")
    vector = vector_amplitudes(kinematics, {name: np.ones(1) for name in names})[0]
    assert not np.any(scalar[1:, :2])
    assert not np.any(scalar[0, 2:])
    assert not np.any(vector[3:, :2])
    assert not np.any(vector[:3, 2:])
    assert np.all(np.any(vector, axis=1))


@pytest.mark.parametrize(
    ("name", "arguments", "message"),
    [
        ("<BR>(B0->D*taunu)", {"q2min": 6.0, "q2max": 5.0}, "q2min = 6 must be below q2max = 5"),
        ("<BR>(B0->D*taunu)", {"q2min": 1.0, "q2max": 3.0}, r"the bin \[1, 3\] GeV\^2 lies outside phase space"),
        ("<BR>(B0->D*taunu)", {"q2min": 10.8, "q2max": 11.0}, "lies outside phase space"),
        ("<BR>(B0->D*taunu)", {"q2min": 5.0, "q2max": 12.0}, "q2max = 12 GeV"),
        ("<BR>(B0->D*taunu)", {"q2min": -1.0, "q2max": 5.0}, "q2min = -1"),
        ("<BR>/BR(B->Dtaunu)", {"q2": 5.0}, r"takes the arguments \(q2min, q2max\), found \(q2\)"),
        ("dBR/dq2(B0->D*taunu)", {"q2": 2.0}, r"q2 = 2 GeV\^2 is outside phase space"),
        ("FL(B0->D*taunu)", {"q2": 1.77686**2}, "must lie strictly inside phase space"),
        ("Rtaul(B->Dlnu)", BIN, r"takes the arguments \(none\)"),
    ],
)
def test_impossible_arguments(name: str, arguments: dict[str, float], message: str, by_name: dict[str, Observable]) -> None:
    with pytest.raises(InputError, match=message):
        by_name[name].check_arguments(arguments)


@pytest.mark.parametrize(("name", "upper"), [("<BR>/BR(B->Dtaunu)", 12.0), ("<BR>/BR(B->D*taunu)", 11.0)])
def test_last_bins_of_the_measured_spectra(
    name: str, upper: float, by_name: dict[str, Observable], point: ParameterPoint
) -> None:
    """They reach beyond the end point, where nothing is found."""
    observable = by_name[name]
    end = observable.arguments[1].maximum - 0.5
    reaching, inside = {"q2min": upper - 0.5, "q2max": upper}, {"q2min": upper - 0.5, "q2max": end}
    observable.check_arguments(reaching)
    shares = [predict(observable, point, np.zeros((1, 15)), arguments)[0] for arguments in (reaching, inside)]
    assert shares[0] == pytest.approx(shares[1], rel=1e-12, abs=0)
    assert 0 < shares[0] < 0.05
