"""Inclusive B -> X_c l nu against flavio and against closed formulas."""

from __future__ import annotations

import numpy as np
import pytest

from fitlq_theory.contracts import Observable
from fitlq_theory.inputs import load_inputs
from fitlq_theory.observables.b_to_x_c_lepton_neutrino import observables, quark_rate
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.qcd import running_mass
from fitlq_theory.quadratic_forms import real_vector
from tests.fitlq_theory.observables.form_values import reference

DATA = reference("b_to_x_c_lepton_neutrino")
NAMES = sorted({entry["observable"] for entry in DATA["entries"]})


@pytest.fixture(scope="module")
def point() -> ParameterPoint:
    return load_inputs("flavio-2.7.1").point()


@pytest.fixture(scope="module")
def by_name(point: ParameterPoint) -> dict[str, Observable]:
    return {observable.name: observable for observable in observables(point)}


def without_conjugation(form: np.ndarray, c: np.ndarray) -> float:
    """flavio's form: Re(C_i C_j) where |sum a_i C_i|^2 has Re(C_i C_j*)."""
    positions = np.array([0, *range(1, len(form), 2)])
    matrix = form[np.ix_(positions, positions)]
    diagonal = np.diag(matrix)
    products = np.real(np.outer(c, c))
    return float(diagonal @ np.abs(c) ** 2 + np.sum((matrix - np.diag(diagonal)) * products))


@pytest.mark.parametrize("name", NAMES)
def test_agrees_with_flavio(name: str, by_name: dict[str, Observable], point: ParameterPoint) -> None:
    observable = by_name[name]
    forms = observable.forms(point, {})
    entries = [e for e in DATA["entries"] if e["observable"] == name]
    for entry in entries:
        coefficients = DATA["points"][entry["point"]]
        c = np.array([complex(*coefficients.get(k.name, (0.0, 0.0))) for k in observable.coefficients])
        as_flavio = [without_conjugation(form, np.array([1.0, *c])) for form in forms.quadratic]
        found = float(np.prod(np.array(as_flavio) ** np.array(forms.powers)))
        # 1e-4 of C_VL(SM): here its value at 4.8 GeV, in flavio at 4.6 GeV
        assert found == pytest.approx(entry["value"], rel=3e-4, abs=0), entry["name"]
        if len(coefficients) < 2:
            x = real_vector(c)
            value = float(np.prod(np.einsum("i,kij,j->k", x, forms.quadratic, x) ** np.array(forms.powers)))
            assert value == pytest.approx(entry["value"], rel=3e-4, abs=0), entry["name"]


def test_conjugation_matters_only_in_products_of_complex_coefficients(
    by_name: dict[str, Observable], point: ParameterPoint
) -> None:
    """A common phase of the coefficients of a neutrino without Standard Model part is unphysical; not so in flavio."""
    observable = by_name["BR(B->Xctaunu)"]
    form = observable.forms(point, {}).quadratic[0]
    names = [k.name for k in observable.coefficients]
    c = np.zeros(1 + len(names), dtype=np.complex128)
    c[1 + names.index("CVL_bctaunumu")], c[1 + names.index("CVR_bctaunumu")] = 1.0, 1.0

    def proper(phase: complex) -> float:
        x = real_vector(phase * c[1:])
        return float(x @ form @ x)

    assert proper(1j) == pytest.approx(proper(1.0), rel=1e-12, abs=0)
    assert abs(without_conjugation(form, 1j * c) / without_conjugation(form, c) - 1) > 0.1


def test_massless_lepton_in_closed_form(point: ParameterPoint) -> None:
    """1 - 8x + 8x^3 - x^4 - 12x^2 log x for the Standard Model, and its multiples for scalars and tensors."""
    x = (running_mass(point, "c", 3.0) / point["m_b kinetic"]) ** 2
    closed = 1 - 8 * x + 8 * x**3 - x**4 - 12 * x**2 * np.log(x)
    matrix = quark_rate(point, "e")
    # the mass of the electron is a correction of 1e-7
    np.testing.assert_allclose(np.diag(matrix), closed * np.array([1, 1, 0.25, 0.25, 12]), rtol=1e-6, atol=0)
    mixed = 4 * np.sqrt(x) * (1 + 9 * x - 9 * x**2 - x**3 + 6 * x * (1 + x) * np.log(x))
    assert 2 * matrix[0, 1] == pytest.approx(-mixed, rel=1e-5, abs=0)


def test_standard_model_of_the_default_inputs(by_name: dict[str, Observable]) -> None:
    inputs = load_inputs()
    point = inputs.point()

    def value(name: str) -> float:
        forms = by_name[name].forms(point, {})
        return float(np.prod(forms.quadratic[:, 0, 0] ** np.array(forms.powers)))

    assert value("Rtaul(B->Xclnu)") == pytest.approx(inputs.parameters["R(X_tau/l) SM"].value, rel=1e-12, abs=0)
    assert value("BR(B->Xctaunu)") / value("BR(B->Xclnu)") == pytest.approx(value("Rtaul(B->Xclnu)"), rel=1e-12, abs=0)
    mean = 0.5 * (value("BR(B->Xcenu)") + value("BR(B->Xcmunu)"))
    assert value("BR(B->Xclnu)") == pytest.approx(mean, rel=1e-12, abs=0)


def test_alias(by_name: dict[str, Observable]) -> None:
    assert "R(X_tau/l)" in by_name["Rtaul(B->Xclnu)"].aliases
