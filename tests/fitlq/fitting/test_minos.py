"""MINOS intervals at the ends of ranges and where one side fails."""

from __future__ import annotations

import numpy as np
import pytest

from fitlq.fitting import fit
from fitlq.fitting.minos import _Side
from tests.fitlq.likelihood.toy_problems import entry, gaussian, likelihood, linear_predictions, parameter


def test_minos_interval_cut_by_the_range_is_said() -> None:
    toy = linear_predictions([parameter("x", -1, 1)], ["a"], [0], [[1]])
    result = fit(likelihood(toy, [entry("e", ["a"], gaussian([0.5], [1.0]))]), minos=True)
    assert "MINOS reached the end of the range of x: its interval is cut there" in result.message
    np.testing.assert_allclose(result.minos["x"], (1.0, 0.5), rtol=5e-3, atol=0)


@pytest.mark.parametrize("central", [1.2, 3.0, -3.0])
def test_minos_interval_never_leaves_the_range(central: float) -> None:
    """The minimum at an end: no error beyond it, and the side that works is not called a failure."""
    toy = linear_predictions([parameter("x", -1, 1), parameter("y", -5, 5)], ["a", "b"], [0, 0], [[1, 0.5], [0, 1]])
    like = likelihood(toy, [entry("e", ["a", "b"], gaussian([central, 0.1], [1.0, 0.4]))])
    result = fit(like, minos=True)
    minus, plus = result.minos["x"]
    best = result.values["x"]
    assert best - minus >= -1.0
    assert best + plus <= 1.0
    assert max(minus, plus) > 0.1
    assert "MINOS failed" not in result.message
    assert "MINOS reached the end of the range of x" in result.message


@pytest.mark.parametrize(("lower_valid", "upper_valid", "word"), [(False, True, "below"), (True, False, "above")])
def test_only_the_failing_side_of_minos_is_named(
    monkeypatch: pytest.MonkeyPatch, lower_valid: bool, upper_valid: bool, word: str
) -> None:
    sides = (_Side(0.2, lower_valid, False, False), _Side(0.3, upper_valid, False, False))
    monkeypatch.setattr("fitlq.fitting.minos._sides", lambda _error: sides)
    toy = linear_predictions([parameter("x", -1, 1)], ["a"], [0], [[1]])
    result = fit(likelihood(toy, [entry("e", ["a"], gaussian([0.0], [0.25]))]), minos=True)
    assert f"MINOS failed {word} the best x: HESSE's error stands in its place" in result.message
    assert result.message.count("MINOS") == 1
    expected = (0.2 if lower_valid else result.errors["x"], 0.3 if upper_valid else result.errors["x"])
    assert result.minos["x"] == pytest.approx(expected, rel=1e-12, abs=0)
