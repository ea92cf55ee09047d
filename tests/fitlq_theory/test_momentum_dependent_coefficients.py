"""Coefficients that depend on q2: constants are ordinary coefficients, propagators against integration, CP, use in a model."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.integrate import quad

from fitlq_theory.compiled import combine, evaluate_forms
from fitlq_theory.contracts import Parameter
from fitlq_theory.errors import InputError, UnknownNameError
from fitlq_theory.inputs import load_inputs
from fitlq_theory.models.checks import check_model
from fitlq_theory.momentum_dependent_coefficients import (
    Profile,
    nodes_of,
    prediction_with_profiles,
    propagator,
    shift_from_profiles,
)
from fitlq_theory.observables import load_registry
from fitlq_theory.predictions import Predictions
from fitlq_theory.quadratic_forms import real_vector

Real = NDArray[np.float64]

POINT = load_inputs().point()
BIN = {"q2min": 1.1, "q2max": 6.0}
HIGH = {"q2min": 15.0, "q2max": 18.0}


def ordinary(name: str, arguments: Mapping[str, float], coefficients: Mapping[str, complex]) -> float:
    """The prediction from forms."""
    observable = load_registry().resolve(name)
    x = real_vector(np.array([[coefficients.get(c.name, 0.0) for c in observable.coefficients]], dtype=np.complex128))
    forms = observable.forms(POINT, arguments)
    return float(combine(evaluate_forms(forms.quadratic, x), forms.powers, forms.combination)[0])


def random_coefficients(name: str, seed: int) -> dict[str, complex]:
    rng = np.random.default_rng(seed)
    names = [c.name for c in load_registry().resolve(name).coefficients if not c.name.endswith("bsbs")]
    return {n: 0.3 * complex(*rng.normal(size=2)) for n in names}


@settings(max_examples=6, deadline=None)
@given(st.integers(0, 10**6))
@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("<P5p>(B0->K*mumu)", BIN),
        ("<ACP>(B+->Kmumu)", HIGH),
        ("<FH>(B+->Kmumu)", BIN),
        ("<A9>(B+->K*ee)", BIN),
        ("P2(B0->K*mumu)", {"q2": 3.0}),
        ("BR(B+->Ktautau)", {}),
        ("<Rmue>(B0->K*ll)", BIN),
        ("<Dmue_P5p>(B0->K*ll)", BIN),
        ("<dBR/dq2>(Bs->phimumu)", BIN),
        ("<A6>(Bs->phimumu)", HIGH),
        ("<Remu>(Bs->phill)", BIN),
        ("BR(Bs->phitautau)", {}),
    ],
)
def test_constant_profiles_are_ordinary_coefficients(name: str, arguments: dict[str, float], seed: int) -> None:
    draws = [random_coefficients(name, seed + k) for k in range(3)]
    together = {c: np.array([draw[c] for draw in draws]) for c in draws[0]}
    expected = [ordinary(name, arguments, draw) for draw in draws]
    # differences of asymmetries of order one
    np.testing.assert_allclose(prediction_with_profiles(POINT, name, arguments, together), expected, rtol=1e-12, atol=1e-14)
    # the same as an array on the nodes
    nodes = nodes_of(POINT, name, arguments)
    if len(nodes) == 1:
        (q2,) = nodes.values()
        spread = {c: np.repeat(values[:, None], len(q2), axis=1) for c, values in together.items()}
        np.testing.assert_allclose(prediction_with_profiles(POINT, name, arguments, spread), expected, rtol=1e-12, atol=1e-14)


@pytest.mark.parametrize("process", ["B0->K*mumu", "B+->Kmumu", "Bs->phimumu"])
@pytest.mark.parametrize(("mass", "width"), [(8.0, 0.5), (1e4, 0.0), (0.2, 0.01)])
def test_rate_with_a_propagator_is_the_integral_of_the_spectrum(process: str, mass: float, width: float) -> None:
    """A mediator above, far above and below the bin; at each q2 the coefficient is a number, where the coupling is real."""

    def coefficient(q2: float) -> complex:
        return -1.3 * mass**2 / (mass**2 - q2 - 1j * mass * width)

    profile = Profile(-1.3, propagator(mass, width))
    found = prediction_with_profiles(POINT, f"<dBR/dq2>({process})", BIN, {"C9_bsmumu": profile})[0]
    spectrum = f"dBR/dq2({process})"

    def integrand(q2: float) -> float:
        return prediction_with_profiles(POINT, spectrum, {"q2": q2}, {"C9_bsmumu": Profile(1.0, coefficient(q2))})[0]

    expected = quad(integrand, 1.1, 6.0, epsrel=1e-7, epsabs=0)[0] / 4.9
    # eight nodes
    assert found == pytest.approx(expected, rel=3e-5, abs=0)
    if width == 0:
        constant = ordinary(f"<dBR/dq2>({process})", BIN, {"C9_bsmumu": -1.3})
        assert found == pytest.approx(constant, rel=1e-6, abs=0)


def test_phases_of_couplings_and_of_propagators() -> None:
    """A strong phase makes no CP asymmetry of its own, and is none of a weak one."""
    real_ckm = load_inputs().point({"gamma": -POINT["gamma"]})
    for name in ("<ACP>(B+->Kmumu)", "<ACP>(B0->K*mumu)"):
        strong = prediction_with_profiles(real_ckm, name, HIGH, {"C9_bsmumu": Profile(1.0, 1j)})
        weak = prediction_with_profiles(real_ckm, name, HIGH, {"C9_bsmumu": Profile(1j)})
        assert strong == pytest.approx([0.0], abs=1e-15)
        # interferes with the strong phases of quark loops
        assert abs(weak[0]) > 1e-5
    # without the conjugate decay the two are the same
    rates = [
        prediction_with_profiles(real_ckm, "<dBR/dq2>(B+->Kmumu)", HIGH, {"C9_bsmumu": profile})
        * (1 + prediction_with_profiles(real_ckm, "<ACP>(B+->Kmumu)", HIGH, {"C9_bsmumu": profile}))
        for profile in (Profile(1.0, 1j), Profile(1j))
    ]
    np.testing.assert_allclose(rates[0], rates[1], rtol=1e-12)


def test_shift_beside_constants() -> None:
    profile, constants = Profile([0.5, -0.5], propagator([7.0, 9.0])), {"C10_bsmumu": np.array([0.3, 0.1])}
    shift = shift_from_profiles(POINT, "<AFB>(B0->K*mumu)", BIN, {"C9_bsmumu": profile}, constants)
    both = prediction_with_profiles(POINT, "<AFB>(B0->K*mumu)", BIN, {"C9_bsmumu": profile, **constants})
    for k in range(2):
        before = ordinary("<AFB>(B0->K*mumu)", BIN, {"C10_bsmumu": constants["C10_bsmumu"][k]})
        assert before + shift[k] == pytest.approx(both[k], rel=1e-12, abs=0)
    with pytest.raises(InputError, match="C9_bsmumu is given as a constant and as a profile"):
        shift_from_profiles(POINT, "<AFB>(B0->K*mumu)", BIN, {"C9_bsmumu": profile}, {"C9_bsmumu": 1.0})


class LightVector:
    """A Z' with couplings to b s and muons of its own, and a heavy C10."""

    name, title, reference = "light_vector_test", "light Z' in b -> s mu mu", "none"
    eft, basis, scale = "WET", "flavio", None
    parameters = (
        Parameter("C10", "C_{10}", "heavy physics", -1.0, 1.0, 0.2),
        Parameter("g", "g", "C9 at q2 = 0", -2.0, 2.0, -1.0),
        Parameter("m", "m", "mass in GeV", 7.0, 20.0, 8.0),
    )

    def coefficients(self, points: Real) -> dict[str, Any]:
        return {"C10_bsmumu": points[:, 0]}

    def predictions(self, points: Real) -> dict[str, Callable[..., Real]]:
        profile = Profile(points[:, 1], propagator(points[:, 2], 0.1))

        def added(**edges: float) -> Real:
            heavy = {"C10_bsmumu": points[:, 0]}
            return shift_from_profiles(POINT, "<P5p>(B0->K*mumu)", edges, {"C9_bsmumu": profile}, heavy)

        return {"<P5p>(B0->K*mumu)": added}


def test_in_a_model() -> None:
    model = LightVector()
    assert check_model(model) == []
    bins = [{"q2min": 1.1, "q2max": 2.5}, {"q2min": 4.0, "q2max": 6.0}]
    predictions = Predictions(model, [*(("<P5p>(B0->K*mumu)", b) for b in bins), ("<FL>(B0->K*mumu)", bins[0])])
    points = np.array([[0.2, -1.0, 8.0], [0.0, 0.5, 12.0]])
    found = predictions.values(points)
    for column, b in enumerate(bins):
        expected = prediction_with_profiles(
            POINT,
            "<P5p>(B0->K*mumu)",
            b,
            {"C10_bsmumu": points[:, 0], "C9_bsmumu": Profile(points[:, 1], propagator(points[:, 2], 0.1))},
        )
        np.testing.assert_allclose(found[:, column], expected, rtol=1e-10)
    np.testing.assert_allclose(
        found[:, 2], [ordinary("<FL>(B0->K*mumu)", bins[0], {"C10_bsmumu": x}) for x in points[:, 0]], rtol=1e-10
    )


def test_errors() -> None:
    with pytest.raises(InputError, match="two equal leptons"):
        prediction_with_profiles(POINT, "BR(Bs->mumu)", {}, {})
    with pytest.raises(UnknownNameError, match="C9_bsmumu"):
        prediction_with_profiles(POINT, "<FL>(B0->K*mumu)", BIN, {"C9_bsmumuu": 1.0})
    with pytest.raises(InputError, match="shape"):
        prediction_with_profiles(POINT, "<FL>(B0->K*mumu)", BIN, {"C9_bsmumu": np.ones((2, 3))})
    with pytest.raises(InputError, match="different numbers of points"):
        prediction_with_profiles(POINT, "<FL>(B0->K*mumu)", BIN, {"C9_bsmumu": Profile(np.ones(2), np.ones(3))})
    with pytest.raises(InputError, match=r"2 \(C9_bsmumu\), 3 \(C10_bsmumu\)"):
        prediction_with_profiles(POINT, "<FL>(B0->K*mumu)", BIN, {"C9_bsmumu": np.ones(2), "C10_bsmumu": np.ones(3)})
    with pytest.raises(InputError, match="must be below"):
        nodes_of(POINT, "<FL>(B0->K*mumu)", {"q2min": 6.0, "q2max": 1.0})
    assert set(nodes_of(POINT, "<Rmue>(B0->K*ll)", BIN)) == {"mu", "e"}
