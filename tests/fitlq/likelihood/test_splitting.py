from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from fitlq.errors import UnknownNameError
from fitlq.likelihood import split
from tests.fitlq.likelihood import toy_problems as toy

EXPERIMENTS = {"a": ("One",), "b": ("Two",), "c": ("One", "Two"), "d": ("Two",)}


@pytest.fixture
def like():
    names = list(EXPERIMENTS)
    predictions = toy.linear_predictions([toy.parameter("x")], names, [0] * 4, [[1], [2], [3], [4]], [[0.1]] * 4)
    entries = [
        replace(toy.entry(f"e-{name}", [name], toy.gaussian([1.0], [0.5])), experiment=experiment)
        for name, experiment in EXPERIMENTS.items()
    ]
    return toy.likelihood(predictions, entries)


def test_by_experiment_the_largest_first(like):
    parts = split(like, "experiment")
    assert list(parts) == ["Two", "One", "One + Two"]
    assert [[name for _, name, _ in part.used] for part in parts.values()] == [["b", "d"], ["a"], ["c"]]


def test_the_parts_use_the_predictions_that_exist(like):
    parts = split(like, "experiment")
    assert all(part.predictions is like.predictions for part in parts.values())
    assert split(like, "process")["toy"].n_measurements == 4


def test_chi2_of_a_part_is_that_of_its_measurements_with_their_theory_errors(like):
    # x = 1: predictions 2 and 4 of b and d; errors 0.5, and 0.1 that they share
    covariance = 0.25 * np.eye(2) + 0.01
    residual = np.array([1.0, 3.0])
    expected = residual @ np.linalg.solve(covariance, residual)
    assert split(like, "experiment")["Two"].chi2([1.0]) == pytest.approx(expected, rel=1e-10, abs=0)


def test_classes_of_ones_own_may_overlap(like):
    parts = split(like, {"first": ["a", "e-b"], "some": "e-[bc]"})
    assert [[name for _, name, _ in part.used] for part in parts.values()] == [["a", "b"], ["b", "c"]]


@pytest.mark.parametrize(("by", "message"), [("experimnt", "did you mean 'experiment'"), ({"none": "q*"}, "'q\\*'")])
def test_words_and_patterns_that_mean_nothing(like, by, message):
    with pytest.raises(UnknownNameError, match=message):
        split(like, by)
