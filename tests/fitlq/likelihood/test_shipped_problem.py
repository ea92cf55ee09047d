"""The shipped model on the shipped data, against the same numbers put together without any reduction."""

from __future__ import annotations

import numpy as np
import pytest

from fitlq.likelihood import Likelihood
from fitlq.measurements import load_measurements
from fitlq_theory.errors import InputError
from fitlq_theory.models import load_model, wet_model


@pytest.fixture(scope="module", params=["marginal", "sm", "none"])
def s1(request: pytest.FixtureRequest) -> Likelihood:
    return Likelihood(load_model("s1_lmu_ltau"), load_measurements(as_of="2025-06"), theory_errors=request.param)


def random_points(like: Likelihood, count: int) -> np.ndarray:
    low = np.array([p.minimum for p in like.parameter_info])
    high = np.array([p.maximum for p in like.parameter_info])
    return low + (high - low) * np.random.default_rng(1).random((count, len(low)))


def test_reduced_chi2_is_the_sum_over_all_measurements(s1: Likelihood) -> None:
    """Combination, blocks and precomputed inverses against one matrix of all numbers."""
    for point in random_points(s1, 6):
        assert sum(pull.chi2 for pull in s1.pulls(point)) == pytest.approx(s1.chi2(point), rel=1e-8, abs=0)
    assert sum(pull.chi2 for pull in s1.sm_pulls) == pytest.approx(s1.chi2_sm, rel=1e-8, abs=0)


def test_batches_of_any_size_agree(s1: Likelihood) -> None:
    points = random_points(s1, 300)
    batch = s1(points)
    np.testing.assert_allclose(batch[:40], [s1(point) for point in points[:40]], rtol=1e-9, atol=0)
    np.testing.assert_allclose(batch[250:], s1(points[250:]), rtol=1e-9, atol=0)


def test_every_number_of_the_data_is_accounted_for(s1: Likelihood) -> None:
    data = load_measurements(as_of="2025-06")
    everything = data.n_observables + len(data.left_out)
    assert s1.n_measurements + len(s1.left_out) == everything
    assert all(one.reason for one in s1.left_out)
    assert s1.warnings == ()


def test_rd_and_rdst_by_hand() -> None:
    """HFLAV spring 2025: 0.347 +- 0.025, 0.288 +- 0.012, correlation -0.39."""
    model = wet_model(["CVL_bctaunutau"])
    like = Likelihood(model, load_measurements(as_of="2025-06"), observables=["R(D)", "R(D*)"], theory_errors="none")
    errors = np.array([0.025, 0.012])
    covariance = np.array([[1, -0.39], [-0.39, 1]]) * np.outer(errors, errors)
    for coefficient in (0.0, 0.1, -1.9):
        residual = like.predict([coefficient]) - [0.347, 0.288]
        by_hand = residual @ np.linalg.solve(covariance, residual)
        assert like.chi2([coefficient]) == pytest.approx(by_hand, rel=1e-9, abs=0)


def test_empty_and_large_batches() -> None:
    like = Likelihood("s1_lmu_ltau", load_measurements(as_of="2026-11-20").select(["R(D)", "BR(B+->Knunu)"]))
    n = len(like.parameters)
    assert np.shape(like(np.zeros((0, n)))) == (0,)
    assert like.predict(np.zeros((0, n))).shape == (0, 2)
    values, errors = like.predict(np.zeros((0, n)), errors=True)
    assert values.shape == errors.shape == (0, 2)
    many = np.tile(like.start, (3000, 1))
    assert np.ptp(like.predict(many), axis=0) == pytest.approx(0.0, abs=1e-18)
    with pytest.raises(InputError, match="points must be numbers"):
        like(["a"] * n)


def test_what_was_chosen_is_used_even_if_the_model_does_not_move_it() -> None:
    data = load_measurements(as_of="2025-06")
    model = wet_model(["CVL_bctaunutau"])
    everything = Likelihood(model, data, min_effect=0.0)
    usual = Likelihood(model, data)
    assert 0 < usual.n_measurements < everything.n_measurements
    left_out = [one for one in usual.left_out if "the model moves it by less than 0.05 of its error" in one.reason]
    assert len(left_out) == everything.n_measurements - usual.n_measurements
    assert Likelihood(model, data.select(["R(D)", "eps_K"])).n_measurements == 2
    assert Likelihood(model, data, observables=["R(D)", "eps_K"]).n_measurements == 2
