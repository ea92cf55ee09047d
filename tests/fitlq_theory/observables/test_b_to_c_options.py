"""B -> D(*) l nu: the options of the choice "b->c" and numbers printed in papers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import numpy as np
import pytest

from fitlq_theory.contracts import Observable
from fitlq_theory.inputs import Inputs, load_inputs
from fitlq_theory.observables.b_to_c_lepton_neutrino import observables
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.quadratic_forms import real_vector
from fitlq_theory.strict_yaml import load_yaml

R_D, R_DST = "Rtaul(B->Dlnu)", "Rtaul(B->D*lnu)"
STANDARD_MODEL_VALUE = "C_VL SM of b->q lepton neutrino"


@cache
def by_name() -> dict[str, Observable]:
    return {observable.name: observable for observable in observables(load_inputs().point())}


@cache
def inputs(option: str) -> Inputs:
    return load_inputs("default", {"b->c": option})


def predict(name: str, point: ParameterPoint, coefficients: Mapping[str, complex] | None = None) -> float:
    observable = by_name()[name]
    forms = observable.forms(point, {})
    x = real_vector(np.array([(coefficients or {}).get(c.name, 0.0) for c in observable.coefficients]))
    return float(np.prod(np.einsum("i,kij,j->k", x, forms.quadratic, x) ** np.array(forms.powers)))


def error(name: str, of: Inputs, coefficients: Mapping[str, complex] | None = None) -> float:
    _, reads = of.point().reads_of(lambda p: by_name()[name].forms(p, {}))
    variance = 0.0
    for direction in of.directions():
        if reads.isdisjoint(direction.shifts):
            continue
        down = {parameter: -shift for parameter, shift in direction.shifts.items()}
        up = predict(name, of.point(direction.shifts), coefficients)
        variance += (0.5 * (up - predict(name, of.point(down), coefficients))) ** 2
    return float(np.sqrt(variance))


@pytest.mark.parametrize(
    ("option", "name", "expected", "tolerance"),
    [
        # arXiv:1908.09398 and flavio 2.7.1, which has the same set
        ("hqet", R_D, 0.2950, 1e-3),
        ("hqet", R_DST, 0.2451, 1e-3),
        # all lattice, dispersive matrix: 0.266(9), arXiv:2310.03680; the fit to the same calculations used here has 0.262(8)
        ("lattice", R_DST, 0.262, 5e-3),
        ("lattice", R_D, 0.293, 5e-3),
        # EOS 1.0.21 with this set: tau over mu 0.2956 and 0.2539 (its masses differ a little)
        ("gkvd", "Rtaumu(B->Dlnu)", 0.2956, 2e-3),
        ("gkvd", "Rtaumu(B->D*lnu)", 0.2539, 2e-3),
        ("gkvd", "FLtot(B0->D*taunu)", 0.5307, 2e-3),
    ],
)
def test_standard_model_values(option: str, name: str, expected: float, tolerance: float) -> None:
    assert predict(name, inputs(option).point()) == pytest.approx(expected, rel=tolerance, abs=0)


@pytest.mark.parametrize(("name", "value", "sigma"), [(R_D, 0.296, 0.004), (R_DST, 0.254, 0.005)])
def test_hflav_standard_model(name: str, value: float, sigma: float) -> None:
    """Central value and error are those of the average of predictions, whatever the form factors."""
    of = inputs("hflav")
    assert predict(name, of.point()) == pytest.approx(value, rel=1e-12, abs=0)
    assert error(name, of) == pytest.approx(sigma, rel=1e-9, abs=0)


def test_hflav_uncertainties_with_new_physics() -> None:
    """Away from the Standard Model the form factors contribute to the error again."""
    new_physics = {"CT_bctaunutau": 0.2}
    of = inputs("hflav")
    relative = error(R_DST, of, new_physics) / predict(R_DST, of.point(), new_physics)
    assert relative > 1.2 * 0.005 / 0.254


@pytest.mark.parametrize("name", [R_D, R_DST, "Rtaumu(B->Dlnu)", "Rtaumu(B->D*lnu)"])
@pytest.mark.parametrize(
    "new_physics",
    [
        {"CVL_bctaunutau": 0.1 + 0.2j, "CT_bctaunutau": 0.05j, "CSL_bctaunumu": 0.4},
        {"CVL_bcmunumu": -0.05, "CSR_bcenue": 0.3j, "CT_bcmunutau": 0.1},
    ],
)
def test_hflav_keeps_the_dependence_on_new_physics(name: str, new_physics: dict[str, complex]) -> None:
    hflav, plain = inputs("hflav").point(), inputs("hqet").point()
    found = predict(name, hflav, new_physics) / predict(name, hflav)
    assert found == pytest.approx(predict(name, plain, new_physics) / predict(name, plain), rel=1e-12, abs=0)


@pytest.mark.parametrize("transition", ["B->D", "B->D*"])
def test_hflav_rescales_tau_over_mu_alike(transition: str) -> None:
    hflav, plain = inputs("hflav").point(), inputs("hqet").point()
    scales = [predict(f"{r}({transition}lnu)", hflav) / predict(f"{r}({transition}lnu)", plain) for r in ("Rtaul", "Rtaumu")]
    assert scales[0] == pytest.approx(scales[1], rel=1e-12, abs=0)


@pytest.mark.parametrize("transition", ["B->D", "B->D*"])
def test_a_bin_of_everything_is_the_total_with_each_option(transition: str) -> None:
    total, whole = (by_name()[name] for name in (f"Rtaul({transition}lnu)", f"<Rtaul>({transition}lnu)"))
    half = by_name()[f"<Rtaul>({transition}lnu)"]
    limits = {a.name: a.minimum if a.name == "q2min" else a.maximum for a in whole.arguments}
    ratios = []
    for option in ("hflav", "hqet"):
        point = inputs(option).point()
        values = [
            o.forms(point, a).quadratic[:, 0, 0] for o, a in ((total, {}), (whole, limits), (half, {**limits, "q2min": 6.0}))
        ]
        assert values[1][0] / values[1][1] == pytest.approx(values[0][0] / values[0][1], rel=1e-6, abs=0)
        ratios.append(values[2][0] / values[2][1] / (values[0][0] / values[0][1]))
    # the shape is that of the form factors
    assert ratios[0] == pytest.approx(ratios[1], rel=1e-12, abs=0)


@pytest.mark.parametrize("name", ["FLtot(B0->D*taunu)", "Ptau(B0->D*taunu)", "Rmue(B->D*lnu)", "BR(B+->Dtaunu)"])
def test_hflav_leaves_everything_else(name: str) -> None:
    found, expected = predict(name, inputs("hflav").point()), predict(name, inputs("hqet").point())
    assert found == pytest.approx(expected, rel=1e-12, abs=0)


CORRELATION = np.array([[1.0, -0.374], [-0.374, 1.0]])


def chi2(distance: np.ndarray, covariance: np.ndarray) -> float:
    return float(distance @ np.linalg.solve(covariance, distance))


def test_chi2_of_the_hflav_average() -> None:
    """HFLAV (CKM 2025) prints 17.63: the unrounded average of its log and these predictions, uncorrelated."""
    of = inputs("hflav")
    names = ("R(D) SM HFLAV", "R(D*) SM HFLAV")
    distance = np.array([0.3581, 0.2814]) - [of.parameters[name].value for name in names]
    sigma = np.array([0.0240, 0.0109])
    covariance = CORRELATION * np.outer(sigma, sigma) + of.covariance(names)
    assert chi2(distance, covariance) == pytest.approx(17.63, abs=0.005)


def test_chi2_with_the_earlier_predictions() -> None:
    """0.298(4), 0.254(5) and the rounded average: 16.65 as a block of their own, 17.67 with its correlation for the sum."""
    text = files("fitlq_theory.inputs").joinpath("parameters", "hflav_rd_rdst_standard_model_2023.yaml").read_text("utf-8")
    predictions = load_yaml(text, "hflav_rd_rdst_standard_model_2023.yaml")["parameters"]
    distance = np.array([0.358, 0.281]) - [p["value"] for p in predictions]
    sigma, theory = np.array([0.024, 0.011]), np.array([p["error"] for p in predictions])
    combined = np.hypot(sigma, theory)
    separate = CORRELATION * np.outer(sigma, sigma) + np.diag(theory**2)
    assert chi2(distance, separate) == pytest.approx(16.65, abs=0.005)
    assert chi2(distance, CORRELATION * np.outer(combined, combined)) == pytest.approx(17.67, abs=0.005)


# Form of each observable over X(SM): 1, |S|^2, |T|^2, Re S, Re T with S = CSL, T = CT in units of the Standard Model's C_VL;
# from an independent implementation of arXiv:1309.0301 with the same form factors and inputs. The published rows are those
# of arXiv:2309.12904 eq. (20), with other form factors: they fix the signs.
POLYNOMIALS = {
    R_D: ([1.114252733803393, 0.8769361411908155, 1.55919616191531, 1.1200710130649458], [1.0, 0.9, 1.49, 1.14]),
    R_DST: ([0.05311721125052737, 17.15630055459016, -0.13902212595523628, -5.344552284099621], [0.0, 16.07, -0.11, -5.12]),
    "Ptau(B0->Dtaunu)": (
        [3.467228993267129, 0.1720823398631099, 4.85176295716182, -1.1617779261983565],
        [3.18, 0.18, 4.65, -1.18],
    ),
    "Ptau(B0->D*taunu)": (
        [-0.1088841483193241, -1.948321081236791, 0.28497930192122833, -3.6519049720537167],
        [-0.07, -1.86, 0.22, -3.37],
    ),
    "FLtot(B0->D*taunu)": (
        [0.112969401861131, 7.224812972370466, -0.2956715167246272, -4.3862593281914135],
        [0.08, 7.02, -0.24, -4.37],
    ),
}


@pytest.mark.parametrize("name", POLYNOMIALS)
def test_quadratic_polynomials(name: str) -> None:
    point = load_inputs("flavio-2.7.1").point()
    observable = by_name()[name]
    numerator = observable.forms(point, {}).quadratic[0]
    names = [c.name for c in observable.coefficients]
    scalar, tensor = (1 + 2 * names.index(f"{kind}_bctaunutau") for kind in ("CSL", "CT"))
    unit = point[STANDARD_MODEL_VALUE]
    found = [
        numerator[scalar, scalar] * unit**2,
        numerator[tensor, tensor] * unit**2,
        2 * numerator[0, scalar] * unit,
        2 * numerator[0, tensor] * unit,
    ]
    independent, published = POLYNOMIALS[name]
    # the independent numbers are integrated to 1e-5
    np.testing.assert_allclose(np.array(found) / numerator[0, 0], independent, rtol=2e-5, atol=0)
    # the published form factors differ: by a tenth in the large coefficients, by 0.06 in the small ones
    np.testing.assert_allclose(np.array(found) / numerator[0, 0], published, rtol=0.1, atol=0.06)


@pytest.mark.parametrize(("name", "expected"), [(R_D, 1.2313), (R_DST, 1.1058), ("FLtot(B0->D*taunu)", 0.9647)])
def test_scalar_leptoquark_point(name: str, expected: float) -> None:
    """Check point CVL = 0.013, CSL = 0.13, CT = -0.017 relative to the Standard Model's C_VL."""
    point = load_inputs("flavio-2.7.1").point()
    unit = point[STANDARD_MODEL_VALUE]
    coefficients = {"CVL_bctaunutau": 0.013 * unit, "CSL_bctaunutau": 0.13 * unit, "CT_bctaunutau": -0.017 * unit}
    ratio = predict(name, point, coefficients) / predict(name, point)
    assert ratio == pytest.approx(expected, rel=1e-4, abs=0)


@pytest.mark.parametrize(
    ("alias", "name"),
    [
        ("R(D)", R_D),
        ("R(D*)", R_DST),
        ("F_L(D*)", "FLtot(B0->D*taunu)"),
        ("F_L(D*)[tau]", "FLtot(B0->D*taunu)"),
        ("P_tau(D)", "Ptau(B0->Dtaunu)"),
        ("P_tau(D*)", "Ptau(B0->D*taunu)"),
    ],
)
def test_aliases(alias: str, name: str) -> None:
    assert alias in by_name()[name].aliases
