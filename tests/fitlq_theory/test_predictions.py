"""Compiled predictions against direct evaluation of the physics code."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fitlq_theory.compiled import combine, evaluate_forms
from fitlq_theory.contracts import Arguments, Forms, Parameter
from fitlq_theory.errors import InputError, UnknownNameError
from fitlq_theory.inputs import Inputs, load_inputs
from fitlq_theory.models import load_model, wet_model
from fitlq_theory.observables import ObservableRegistry, load_registry
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.predictions import Predictions
from fitlq_theory.quadratic_forms import real_vector

REQUESTS: list[tuple[str, dict[str, float]]] = [
    ("R(D)", {}),
    ("R(D*)", {}),
    ("FLtot(B0->D*taunu)", {}),
    ("BR(Bc->taunu)", {}),
    ("BR(B+->Knunu)", {}),
    ("BR(K+->pinunu)", {}),
    ("DeltaM_s", {}),
]


class Complex:
    """A model with complex coefficients in several sectors, straight at the scale of the observables."""

    name, title, reference, eft, basis, scale = "complex", "test model", "none", "WET", "flavio", None
    parameters = (
        Parameter("v", "v", "", -0.3, 0.3, 0.0),
        Parameter("s", "s", "", -0.5, 0.5, 0.0),
        Parameter("l", "l", "", -5.0, 5.0, 0.0),
        Parameter("m", "m", "", -1e-11, 1e-11, 0.0),
        Parameter("idle", "idle", "", 0.0, 1.0, 0.0),
    )

    def coefficients(self, points: np.ndarray) -> Mapping[str, Any]:
        v, s, low, m, _ = points.T
        return {
            "CVL_bctaunutau": v,
            "CSR_bctaunutau": s * np.exp(0.7j),
            "CL_bsnutaunutau": low * np.exp(-0.4j),
            "CL_sdnutaunutau": 0.1 * low * np.exp(0.9j),
            "CVLL_bsbs": m,
        }


@pytest.fixture(autouse=True, scope="module")
def _private_cache(tmp_path_factory: pytest.TempPathFactory) -> Any:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FITLQ_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def points() -> np.ndarray:
    generator = np.random.default_rng(5)
    low = np.array([p.minimum for p in Complex.parameters])
    high = np.array([p.maximum for p in Complex.parameters])
    return low + (high - low) * generator.random((12, len(low)))


@pytest.fixture(scope="module")
def predictions() -> Predictions:
    return Predictions(Complex(), REQUESTS)


def _direct(name: str, points: np.ndarray, shifts: Mapping[str, float] | None = None) -> np.ndarray:
    observable = load_registry().resolve(name)
    forms = observable.forms(load_inputs().point(shifts), {})
    values = Complex().coefficients(points)
    zero = np.zeros(len(points))
    x = real_vector(np.stack([np.asarray(values.get(c.name, zero), dtype=complex) for c in observable.coefficients], axis=1))
    return combine(evaluate_forms(forms.quadratic, x), forms.powers)


def test_values_equal_direct_integration(predictions: Predictions, points: np.ndarray) -> None:
    for k, (name, _) in enumerate(REQUESTS):
        # components that matter less than 1e-6 are dropped at compilation
        assert predictions.values(points)[:, k] == pytest.approx(_direct(name, points), rel=1e-5, abs=0)


def test_jacobian_equals_central_differences(predictions: Predictions, points: np.ndarray) -> None:
    _, jacobian = predictions.values_and_jacobian(points)
    directions = {d.name: d for d in load_inputs().directions()}
    for column in (0, len(predictions.directions) // 2, len(predictions.directions) - 1):
        shifts = directions[predictions.directions[column]].shifts
        for k, (name, _) in enumerate(REQUESTS):
            up = _direct(name, points, shifts)
            down = _direct(name, points, {n: -s for n, s in shifts.items()})
            expected = 0.5 * (up - down)
            # the compiled derivative is linear in the forms, the direct one in the observable: second-order difference
            size = np.abs(predictions.values(points)[:, k])
            assert np.abs(jacobian[:, k, column] - expected) / size == pytest.approx(0.0, abs=2e-4)


def test_batch_equals_single_points(predictions: Predictions, points: np.ndarray) -> None:
    batch, jacobian = predictions.values_and_jacobian(points)
    for i in range(3):
        single, single_jacobian = predictions.values_and_jacobian(points[i : i + 1])
        assert single[0] == pytest.approx(batch[i], rel=1e-12, abs=0)
        assert np.allclose(single_jacobian[0], jacobian[i], rtol=1e-10, atol=1e-30)


def test_standard_model_is_the_value_at_zero(predictions: Predictions) -> None:
    assert predictions.values(np.zeros((1, 5)))[0] == pytest.approx(predictions.sm_values, rel=1e-12, abs=0)


def test_idle_parameter_is_named(predictions: Predictions) -> None:
    assert predictions.untouched_parameters == ("idle",)


def test_second_compilation_comes_from_the_cache(predictions: Predictions, monkeypatch: pytest.MonkeyPatch) -> None:
    expected = predictions.sm_jacobian
    monkeypatch.setattr("fitlq_theory.predictions.compile_derivatives", lambda *_: pytest.fail("compiled again"))
    again = Predictions(Complex(), REQUESTS)
    assert again.sm_values.tolist() == predictions.sm_values.tolist()
    assert again.sm_jacobian.tolist() == expected.tolist()
    assert again.content_hash == predictions.content_hash


def test_damaged_cache_is_rebuilt(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FITLQ_CACHE", str(tmp_path))
    first = Predictions(Complex(), REQUESTS[:1]).sm_jacobian
    damaged = list(tmp_path.glob("*.npz"))
    assert damaged
    for path in damaged:
        path.write_bytes(path.read_bytes()[:100])
    assert Predictions(Complex(), REQUESTS[:1]).sm_jacobian.tolist() == first.tolist()


@pytest.mark.parametrize(
    ("request_", "error", "message"),
    [
        (("R(Dx)", {}), UnknownNameError, r"R\(D\)"),
        (("R(D)", {"q2min": 1.0}), InputError, "takes the arguments"),
        (("<dBR/dq2>(B+->Knunu)", {"q2min": 0.0, "q2max": 40.0}), InputError, "outside phase space"),
        (("<dBR/dq2>(B+->Knunu)", {"q2min": 5.0, "q2max": 2.0}), InputError, "must be below"),
    ],
)
def test_wrong_requests(request_: tuple[str, dict[str, float]], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        Predictions(Complex(), [request_])


def test_unsupported_basis_is_named() -> None:
    class Wrong(Complex):
        basis = "JMS"

    with pytest.raises(InputError, match="JMS"):
        Predictions(Wrong(), REQUESTS[:1])


def _shifted(inputs: Inputs, name: str, shift: float) -> Inputs:
    parameter = inputs.parameters[name]
    changed = dataclasses.replace(parameter, value=parameter.value + shift)
    return dataclasses.replace(inputs, parameters={**inputs.parameters, name: changed})


@pytest.mark.parametrize("name", ["Vus", "Vub", "Vcb", "gamma"])
def test_ckm_moves_the_coefficients_of_a_model_in_smeft(name: str) -> None:
    """The theory error is that at fixed couplings: matching and observables see the same CKM matrix."""
    requests = [(n, {}) for n in ("BR(KL->pinunu)", "BR(Bc->taunu)", "BR(B+->Knunu)", "R(D)", "DeltaM_s", "eps_K")]
    model, inputs = load_model("s1_lmu_ltau"), load_inputs()
    predictions = Predictions(model, requests, inputs)
    point = np.array([[p.default for p in model.parameters]])
    values, jacobian = predictions.values_and_jacobian(point)
    error = inputs.parameters[name].error
    up, down = (Predictions(model, requests, _shifted(inputs, name, sign * error)).values(point) for sign in (1, -1))
    found = jacobian[0, :, predictions.directions.index(name)] / values[0]
    # both are central differences over one standard deviation; third-order terms differ
    assert found == pytest.approx(0.5 * (up - down)[0] / values[0], rel=0, abs=1e-3)


def test_small_new_physics_beside_a_large_standard_model_value_is_kept() -> None:
    """(g-2): what matters is 1e-10, the Standard Model value is 1e-3."""
    model = wet_model(["C7_mumu"], {"C7_mumu": (-0.1, 0.1)})
    values = Predictions(model, [("a_mu", {})]).values(np.array([[0.1], [0.0]]))[:, 0]
    # linear in the coefficient: 1.87e-9 at 0.2
    assert values[0] - values[1] == pytest.approx(9.33e-10, rel=2e-3, abs=0)


def test_models_that_share_a_name_have_different_fingerprints() -> None:
    class Stronger(Complex):
        def coefficients(self, points: np.ndarray) -> Mapping[str, Any]:
            return {name: 2 * value for name, value in super().coefficients(points).items()}

    assert Predictions(Stronger(), REQUESTS[:1]).content_hash != Predictions(Complex(), REQUESTS[:1]).content_hash


def test_code_outside_the_package_is_not_taken_from_the_cache() -> None:
    original = load_registry().resolve("BR(Bc->taunu)")

    def registry(factor: float) -> ObservableRegistry:
        def forms(point: ParameterPoint, arguments: Arguments) -> Forms:
            found = original.forms(point, arguments)
            return Forms(factor * found.quadratic, found.powers)

        return ObservableRegistry([dataclasses.replace(original, name="mine", aliases=(), forms=forms)])

    point = np.zeros((1, 5))
    once, twice = (Predictions(Complex(), [("mine", {})], registry=registry(f)).values_and_jacobian(point) for f in (1, 2))
    assert twice[0] == pytest.approx(2 * once[0], rel=1e-12, abs=0)
    assert twice[1] == pytest.approx(2 * once[1], rel=1e-12, abs=0)
