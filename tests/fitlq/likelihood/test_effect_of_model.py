"""What the model cannot move is left out with the reason, whole entries only, unless it is asked for."""

from __future__ import annotations

import numpy as np
import pytest

from fitlq.likelihood.assembling import assemble
from fitlq.likelihood.columns import ObservableColumns
from fitlq.likelihood.construction import LikelihoodOptions, _unmoved
from fitlq.likelihood.effect_of_model import effects_by_entry
from fitlq.likelihood.parameters import choose_free_parameters
from fitlq_theory.errors import InputError
from tests.fitlq.likelihood import toy_problems as toy

PARAMETERS = (toy.parameter("a", -2.0, 2.0), toy.parameter("b", -1.0, 1.0))
NAMES = ("moved", "still", "product of both")


def _parts():
    predictions = toy.linear_predictions(PARAMETERS, NAMES, [1.0, 1.0, 0.0], [[1.0, 0.0], [1e-4, 0.0], [0.0, 0.0]])
    predictions = toy.ToyPredictions(
        predictions.parameters,
        predictions.names,
        lambda p: np.stack([1.0 + p[:, 0], 1.0 + 1e-4 * p[:, 0], p[:, 0] * p[:, 1]], axis=1),
        predictions.derivatives,
    )
    entries = [
        toy.entry("one", ["moved"], toy.gaussian([1.0], [0.5])),
        toy.entry("two", ["still"], toy.gaussian([1.0], [0.1])),
        toy.entry("both", ["moved", "still"], toy.gaussian([1.0, 1.0], [0.5, 0.1])),
        toy.entry("corner", ["product of both"], toy.gaussian([0.0], [1.0])),
    ]
    items = list(toy.data_set(entries))
    columns = ObservableColumns(None, predictions.observables)
    assembly = assemble(items, columns.column, lambda _entry, _reference: None, "half-normal")
    return assembly, choose_free_parameters(PARAMETERS, None, None), predictions


def test_the_effect_is_the_largest_change_in_units_of_the_error() -> None:
    assembly, free, predictions = _parts()
    effects = effects_by_entry(assembly, free, predictions)
    # corners of the ranges are among the points: a = 2 moves by 2 / 0.5, the product by 2 / 1
    assert effects["one"] == pytest.approx(4.0, rel=1e-12, abs=0)
    assert effects["two"] == pytest.approx(2e-4 / 0.1, rel=1e-12, abs=0)
    assert effects["both"] == pytest.approx(4.0, rel=1e-12, abs=0)
    assert effects["corner"] == pytest.approx(2.0, rel=1e-12, abs=0)


def test_only_entries_without_any_moved_number_are_left_out() -> None:
    parts = _parts()
    ((number, reason),) = _unmoved(*parts, LikelihoodOptions()).items()
    assert number == ("two", "still", ())
    assert "less than 0.05 of its error" in reason
    assert _unmoved(*parts, LikelihoodOptions(min_effect=0.0)) == {}
    assert _unmoved(*parts, LikelihoodOptions(observables=["still"])) == {}


def test_a_model_that_moves_nothing_keeps_everything() -> None:
    assembly, free, predictions = _parts()
    dead = toy.linear_predictions(PARAMETERS, NAMES, [1.0, 1.0, 0.0], np.zeros((3, 2)))
    assert _unmoved(assembly, free, dead, LikelihoodOptions()) == {}
    del predictions


def test_what_is_not_a_number_somewhere_is_not_taken_for_unmoved() -> None:
    assembly, free, predictions = _parts()
    broken = toy.ToyPredictions(
        predictions.parameters,
        predictions.names,
        lambda p: np.where((p[:, :1] > 1.5) & (np.arange(3) == 1), np.nan, predictions.values(p)),
        predictions.derivatives,
    )
    effects = effects_by_entry(assembly, free, broken)
    assert effects["two"] == effects["both"] == np.inf
    assert effects["one"] == pytest.approx(4.0, rel=1e-12, abs=0)
    assert _unmoved(assembly, free, broken, LikelihoodOptions()) == {}


@pytest.mark.parametrize("value", [-0.1, 1.0, "much"])
def test_impossible_thresholds(value: object) -> None:
    with pytest.raises(InputError, match="min_effect must be a number from 0"):
        LikelihoodOptions(min_effect=value).check()  # type: ignore[arg-type]
