"""The joint Gaussian part against formulas written out directly and against explicit minimisation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from fitlq.likelihood import Likelihood
from fitlq.likelihood.asymmetric import join_asymmetric
from fitlq.likelihood.gaussian_terms import GaussianTerm
from fitlq.measurements.entry import CorrelatedWith, Relations
from fitlq_theory.errors import InputError
from tests.fitlq.likelihood.toy_problems import (
    ToyPredictions,
    entry,
    gaussian,
    likelihood,
    linear_predictions,
    parameter,
)

GENERATOR = np.random.default_rng(11)
SCALES = np.array([1.0, 1e-5, 1e-11, 3e2])  # observables of very different size must not spoil the numerics
OFFSET = np.array([1.0, 2.0, 3.0, 4.0]) * SCALES
SLOPE = GENERATOR.normal(size=(4, 2)) * SCALES[:, None]
JACOBIAN = 0.3 * GENERATOR.normal(size=(4, 6)) * SCALES[:, None]
NAMES = ("a", "b", "c", "d")
PARAMETERS = (parameter("x"), parameter("y"))
POINTS = GENERATOR.uniform(-6, 6, size=(300, 2))  # more than one chunk


def moving(points: Any) -> Any:
    """Theory errors that depend on the point."""
    return JACOBIAN * (1.0 + 0.3 * points[:, :1, None] + 0.2 * points[:, 1:, None] ** 2)


def predictions() -> ToyPredictions:
    return ToyPredictions(PARAMETERS, NAMES, lambda points: OFFSET + points @ SLOPE.T, moving)


def entries(asymmetric: bool = False) -> list[Any]:
    minus = [0.25 * SCALES[2], 0.6 * SCALES[3]] if asymmetric else None
    return [
        entry("one", ["a", "b"], gaussian(OFFSET[:2] * 1.1, 0.2 * SCALES[:2], correlation=[[1, -0.4], [-0.4, 1]])),
        entry("two", ["b", "c"], gaussian(OFFSET[1:3] * 0.9, 0.5 * SCALES[1:3], correlation=[[1, 0.6], [0.6, 1]])),
        entry("three", ["c", "d"], gaussian(OFFSET[2:] * 1.2, 0.4 * SCALES[2:], minus, [[1, 0.3], [0.3, 1]])),
        entry("four", ["a"], gaussian([0.8], [0.3])),
    ]


def by_hand(like: Likelihood, point: Any, jacobian: Any, minus: Any = None, fixed: Any = None) -> tuple[float, float]:
    """Chi2 and log det ratio with all numbers stacked, nothing combined; theory errors relative to the errors at `fixed`."""
    columns = [0, 1, 1, 2, 2, 3, 0]
    central = np.concatenate([OFFSET[:2] * 1.1, OFFSET[1:3] * 0.9, OFFSET[2:] * 1.2, [0.8]])
    residual = (OFFSET + SLOPE @ point)[columns] - central
    errors = np.concatenate([0.2 * SCALES[:2], 0.5 * SCALES[1:3], 0.4 * SCALES[2:], [0.3]])
    relative_to = errors.copy()
    if minus is not None:
        upward = errors[4:6].copy()
        errors[4:6] = np.where(residual[4:6] > 0, upward, minus)
        at = residual if fixed is None else fixed[columns] - central
        relative_to[4:6] = np.where(at[4:6] > 0, upward, minus)
    correlation = np.eye(7)
    for i, rho in ((0, -0.4), (2, 0.6), (4, 0.3)):
        correlation[i, i + 1] = correlation[i + 1, i] = rho
    scaled = (jacobian[columns] / relative_to[:, None]) if jacobian is not None else np.zeros((7, 1))
    total = correlation + scaled @ scaled.T
    chi2 = residual / errors @ np.linalg.solve(total, residual / errors)
    return float(chi2), float(np.linalg.slogdet(total)[1] - np.linalg.slogdet(correlation)[1])


@pytest.mark.parametrize("mode", ["marginal", "sm", "none"])
def test_combination_is_exact(mode: str) -> None:
    like = likelihood(predictions(), entries(), theory_errors=mode)
    chi2, log_likelihood = like.chi2(POINTS), like(POINTS)
    for k in (0, 100, 299):
        jacobian = {"marginal": moving(POINTS[k : k + 1])[0], "sm": JACOBIAN, "none": None}[mode]
        expected, log_determinant = by_hand(like, POINTS[k], jacobian)
        assert chi2[k] == pytest.approx(expected, rel=1e-10, abs=0)
        assert log_likelihood[k] == pytest.approx(-0.5 * (expected + log_determinant), rel=1e-10, abs=0)


@pytest.mark.parametrize("mode", ["marginal", "sm", "none"])
def test_asymmetric_errors_face_the_prediction(mode: str) -> None:
    like = likelihood(predictions(), entries(asymmetric=True), theory_errors=mode)
    minus = np.array([0.25, 0.6]) * SCALES[2:]
    values = like.predict(POINTS)
    mean = 0.5 * (0.4 * SCALES[2:] + minus)
    far = np.all(np.abs(values[:, 2:] - OFFSET[2:] * 1.2) > 0.2 * mean, axis=1)
    sides = (values[far][:, 2:] > OFFSET[2:] * 1.2).astype(int)
    assert len(np.unique(sides @ [1, 2])) == 4, "the points must cover all sides"
    for point, chi2, log_likelihood in zip(POINTS[far], like.chi2(POINTS[far]), like(POINTS[far]), strict=True):
        jacobian = {"marginal": moving(point[None])[0], "sm": JACOBIAN, "none": None}[mode]
        # with theory errors of the Standard Model: relative to the experimental errors as seen from there
        expected, log_determinant = by_hand(like, point, jacobian, minus, OFFSET if mode == "sm" else None)
        assert chi2 == pytest.approx(expected, rel=1e-9, abs=0)
        assert log_likelihood == pytest.approx(-0.5 * (expected + log_determinant), rel=1e-9, abs=0)


def test_asymmetric_errors_join_smoothly() -> None:
    toy = linear_predictions([parameter("x")], ["a", "b"], [0, 0], [[1], [0.5]])
    data = [entry("e", ["a", "b"], gaussian([0, 0.1], [1.0, 1.0], [0.3, 0.5], [[1, 0.7], [0.7, 1]]))]
    like = likelihood(toy, data, theory_errors="none")
    x = np.linspace(-1, 1, 20001)
    chi2 = like.chi2(x[:, None])
    steps = np.abs(np.diff(chi2))
    # chi2 rises by about 2 x / sigma^2 dx; a jump would stand out by orders of magnitude
    assert steps.max() < 40 * (x[1] - x[0])
    assert np.abs(np.diff(chi2, 2)).max() < 200 * (x[1] - x[0]) ** 2


def test_profile_form_is_the_minimum_over_nuisance_parameters() -> None:
    """min_nu [ chi2(prediction + J nu) + nu^2 ] with plain least squares over nu."""
    like = likelihood(predictions(), entries(), theory_errors="marginal")
    plain = likelihood(predictions(), entries(), theory_errors="none")
    for point in POINTS[:3]:
        jacobian = moving(point[None])[0]
        shifted = linear_predictions([parameter(f"nu{k}", -100, 100) for k in range(6)], NAMES, OFFSET + SLOPE @ point, jacobian)
        inner = likelihood(shifted, entries(), theory_errors="none")
        found = minimize(lambda nu, inner=inner: inner.chi2(nu) + nu @ nu, np.zeros(6), method="BFGS", tol=1e-12)
        assert like.chi2(point) == pytest.approx(found.fun, rel=1e-8, abs=0)
        assert like.chi2(point) < plain.chi2(point)


def test_marginal_form_is_the_integral_over_a_nuisance_parameter() -> None:
    toy = linear_predictions([parameter("x")], ["a"], [0.0], [[1.0]], [[0.7]])
    like = likelihood(toy, [entry("e", ["a"], gaussian([0.0], [0.5]))])
    nu = np.linspace(-12, 12, 20001)
    for x in (0.0, 0.8, 2.5):
        integral = np.trapezoid(np.exp(-0.5 * ((x + 0.7 * nu) / 0.5) ** 2 - 0.5 * nu**2), nu) / np.sqrt(2 * np.pi)
        # with the normalisation stated: likelihood relative to sqrt(det S_exp)
        assert like([x]) == pytest.approx(np.log(integral), rel=1e-8, abs=0)


def test_frozen_and_following_agree_for_constant_theory_errors() -> None:
    toy = linear_predictions(PARAMETERS, NAMES, OFFSET, SLOPE, JACOBIAN)
    frozen = likelihood(toy, entries(asymmetric=True), theory_errors="sm")
    following = likelihood(toy, entries(asymmetric=True), theory_errors="marginal")
    # frozen theory errors are relative to the experimental errors on the side of the Standard Model: below both measurements
    residual = (frozen.predict(POINTS) - OFFSET * 1.2)[:, 2:] / (0.4 * SCALES[2:])
    same_side = np.all(residual < -0.3, axis=1)
    assert same_side.sum() > 20
    np.testing.assert_allclose(frozen.chi2(POINTS[same_side]), following.chi2(POINTS[same_side]), rtol=1e-9, atol=0)
    np.testing.assert_allclose(frozen(POINTS[same_side]), following(POINTS[same_side]), rtol=1e-9, atol=0)
    assert frozen.chi2_sm == pytest.approx(following.chi2_sm, rel=1e-10, abs=0)


def test_correlation_between_papers() -> None:
    toy = linear_predictions([parameter("x")], ["a"], [0.0], [[1.0]])
    related = Relations(correlated_with=(CorrelatedWith("two", "made up", rho=0.5),))
    data = [entry("one", ["a"], gaussian([1.0], [1.0]), related), entry("two", ["a"], gaussian([2.0], [2.0]))]
    like = likelihood(toy, data)
    covariance = np.array([[1.0, 1.0], [1.0, 4.0]])
    for x in (-1.0, 0.0, 3.0):
        residual = x - np.array([1.0, 2.0])
        assert like.chi2([x]) == pytest.approx(residual @ np.linalg.solve(covariance, residual), rel=1e-12, abs=0)


def related(rho: float, other: str = "two") -> Relations:
    return Relations(correlated_with=(CorrelatedWith(other, "made up", rho),))


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        (related(0.5), related(0.4, other="one"), "'two' and 'one'.*two correlations for this pair, 0.5 and 0.4"),
        (related(1.0), None, "'one' with 'two'.*not positive definite"),
    ],
)
def test_correlations_that_cannot_be(first: Relations, second: Relations | None, message: str) -> None:
    toy = linear_predictions([parameter("x")], ["a"], [0.0], [[1.0]])
    data = [
        entry("one", ["a"], gaussian([1.0], [1.0]), first),
        entry("two", ["a"], gaussian([2.0], [2.0]), second),
        entry("three", ["a"], gaussian([2.0], [2.0]), related(0.1, other="one")),
    ]
    with pytest.raises(InputError, match=message) as caught:
        likelihood(toy, data)
    assert "three" not in str(caught.value)


def test_the_same_correlation_may_be_stated_twice() -> None:
    toy = linear_predictions([parameter("x")], ["a"], [0.0], [[1.0]])
    data = [
        entry("one", ["a"], gaussian([1.0], [1.0]), related(0.5)),
        entry("two", ["a"], gaussian([2.0], [2.0]), related(0.5, other="one")),
    ]
    once = [data[0], entry("two", ["a"], gaussian([2.0], [2.0]))]
    assert likelihood(toy, data).chi2([0.3]) == likelihood(toy, once).chi2([0.3])


def test_correlations_impossible_together_are_all_named() -> None:
    toy = linear_predictions([parameter("x")], ["a"], [0.0], [[1.0]])
    data = [
        entry("one", ["a"], gaussian([1.0], [1.0]), related(0.9)),
        entry("two", ["a"], gaussian([2.0], [2.0]), related(0.9, other="three")),
        entry("three", ["a"], gaussian([2.0], [2.0]), related(-0.9, other="one")),
    ]
    with pytest.raises(InputError, match=r"'one' with 'two', 'three' with 'two', 'one' with 'three'.*not positive definite"):
        likelihood(toy, data)


def test_pulls_add_up_to_chi2() -> None:
    for mode in ("marginal", "sm", "none"):
        like = likelihood(predictions(), entries(asymmetric=True), theory_errors=mode)
        pulls = like.pulls(POINTS[5])
        assert sum(pull.chi2 for pull in pulls) == pytest.approx(like.chi2(POINTS[5]), rel=1e-9, abs=0)
        assert sum(pull.chi2 for pull in like.sm_pulls) == pytest.approx(like.chi2_sm, rel=1e-9, abs=0)
        assert like.n_measurements == len(pulls) == 7
    first = next(pull for pull in pulls if pull.id == "four")
    assert first.pull == pytest.approx((0.8 - first.predicted) / 0.3, rel=1e-12, abs=0)


def test_single_point_and_batch_agree() -> None:
    like = likelihood(predictions(), entries(asymmetric=True))
    assert isinstance(like(POINTS[0]), float)
    loop = np.array([like(point) for point in POINTS[:20]])
    np.testing.assert_allclose(loop, like(POINTS[:20]), rtol=1e-12, atol=0)
    assert like(np.zeros((0, 2))).shape == (0,)


def test_error_of_zero_on_one_side_is_refused() -> None:
    toy = linear_predictions([parameter("x")], ["a"], [0], [[1]])
    with pytest.raises(InputError, match="'odd', downward errors: every error must be positive"):
        likelihood(toy, [entry("odd", ["a"], gaussian([0], [1], [0]))])


@given(
    st.lists(st.tuples(st.floats(0.1, 5), st.floats(0.1, 5)), min_size=3, max_size=3),
    st.lists(st.floats(-3, 3), min_size=3, max_size=3),
    st.floats(-0.45, 0.95),
)
def test_blended_covariance_stays_positive_definite(errors: Any, residual: Any, rho: float) -> None:
    plus, minus = np.array(errors).T
    correlation = np.full((3, 3), rho) + (1 - rho) * np.eye(3)
    columns = np.arange(3)
    above, below, mixed = (
        correlation * np.outer(first, second) for first, second in ((plus, plus), (minus, minus), (plus, minus))
    )
    joined = join_asymmetric([GaussianTerm("e", columns, np.zeros(3), above, below, mixed)])
    covariance = joined.covariance(np.array(residual))
    np.testing.assert_allclose(covariance, covariance.T, rtol=1e-12)
    scale = np.sqrt(np.diag(covariance))
    assert np.linalg.eigvalsh(covariance / np.outer(scale, scale)).min() > 1e-6
    low, high = np.minimum(plus, minus), np.maximum(plus, minus)
    assert np.all((scale >= low * (1 - 1e-12)) & (scale <= high * (1 + 1e-12)))


@pytest.mark.parametrize("bad", [[[1.0, 1.0], [1.0, 1.0]], [[1.0, 2.0], [2.0, 1.0]]])
def test_degenerate_correlation_is_refused(bad: list[list[float]]) -> None:
    toy = linear_predictions([parameter("x")], ["a", "b"], [0, 0], [[1], [1]])
    with pytest.raises(InputError, match=r"'broken'.*not positive definite"):
        likelihood(toy, [entry("broken", ["a", "b"], gaussian([0, 0], [1, 1], correlation=bad))])
