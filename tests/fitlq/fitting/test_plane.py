from __future__ import annotations

import numpy as np
import pytest

from fitlq.errors import InputError, UnknownNameError
from fitlq.fitting import fit
from fitlq.fitting.plane import chi2_plane, level
from tests.fitlq.likelihood import toy_problems as toy

NAMES = ("a", "b", "c")


def linear(width=0.1, **options):
    """Two parameters measured one by one, and their sum: chi2 is a paraboloid."""
    parameters = [toy.parameter("x"), toy.parameter("y")]
    predictions = toy.linear_predictions(parameters, NAMES, [0, 0, 0], [[1, 0], [0, 1], [1, 1]])
    entries = [
        toy.entry(name, [name], toy.gaussian([value], [width])) for name, value in zip(NAMES, (1.0, 2.0, 3.3), strict=True)
    ]
    return toy.likelihood(predictions, entries, **options)


def ring():
    """Only x**2 + y**2 = 1 is measured: the lowest chi2 lies along a circle."""
    parameters = (toy.parameter("x", -2.0, 2.0), toy.parameter("y", -2.0, 2.0))
    predictions = toy.ToyPredictions(
        parameters, ("r",), lambda p: (p**2).sum(axis=1, keepdims=True), lambda p: np.zeros((len(p), 1, 1))
    )
    return toy.likelihood(predictions, [toy.entry("r", ["r"], toy.gaussian([1.0], [0.2]))])


def test_levels_hold_the_probabilities_of_one_two_and_three_sigma_in_two_dimensions():
    # -2 ln(1 - p) with p = 0.682689, 0.954500, 0.997300
    assert [level(s) for s in (1, 2, 3)] == pytest.approx([2.29575, 6.18007, 11.82916], rel=1e-5, abs=0)


def test_a_paraboloid_is_found_exactly():
    like = linear()
    plane = chi2_plane(like)
    # least squares by hand: the excess 0.3 of the sum is shared by all three
    assert plane.best == pytest.approx([1.1, 2.1], abs=1e-4)
    assert plane.chi2_min == pytest.approx(3.0, rel=1e-5, abs=0)
    x, y, delta = plane.fine()
    points = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1).reshape(-1, 2)
    assert delta.ravel() == pytest.approx(like.chi2(points) - 3.0, abs=1e-3)
    assert plane.isolated
    assert plane.n_measurements == 3


def test_the_grid_holds_the_contours_and_not_much_more():
    plane = chi2_plane(linear(), sigmas=2.0)
    _, _, delta = plane.fine()
    border = np.concatenate([delta[0], delta[-1], delta[:, 0], delta[:, -1]])
    assert border.min() > level(2.0)
    assert plane.x[-1] - plane.x[0] < 2.0  # of 20: the contour is 0.4 wide


def test_few_evaluations_are_needed():
    like = linear(width=0.01)
    chi2_plane(like)
    assert sum(like.predictions.calls) < 2500


def test_two_separate_regions_and_curved_ones_are_kept():
    like = ring()
    plane = chi2_plane(like)
    angles = np.linspace(0.0, 2.0 * np.pi, 60)
    at_ring = [float(plane.delta_chi2(np.array([np.cos(a)]), np.array([np.sin(a)]))[0, 0]) for a in angles]
    assert np.max(np.abs(at_ring)) < 0.1
    assert plane.accuracy < 0.3


def test_delta_chi2_is_relative_to_the_lowest_inside_the_ranges():
    plane = chi2_plane(linear(), {"x": (-5.0, 0.5), "y": (-5.0, 5.0)})
    # x is held at 0.5; y is then 0.5 * (2 + 2.8)
    assert plane.best == pytest.approx([0.5, 2.4], abs=1e-3)
    assert not plane.isolated


def test_a_parameter_without_effect_leaves_no_isolated_best_fit():
    parameters = [toy.parameter("x"), toy.parameter("y")]
    predictions = toy.linear_predictions(parameters, ["a"], [0.0], [[1.0, 0.0]])
    like = toy.likelihood(predictions, [toy.entry("a", ["a"], toy.gaussian([1.0], [0.2]))])
    plane = chi2_plane(like)
    assert plane.best[0] == pytest.approx(1.0, abs=1e-3)
    assert (plane.y[0], plane.y[-1]) == (-10.0, 10.0)
    assert not plane.isolated


def test_the_origin_is_the_standard_model_only_if_chi2_says_so():
    assert chi2_plane(linear()).standard_model.tolist() == [0.0, 0.0]
    third = [toy.parameter("x"), toy.parameter("y"), toy.parameter("z")]
    predictions = toy.linear_predictions(third, ["a", "b"], [0, 0], [[1, 0, 1], [0, 1, 1]])
    entries = [toy.entry(name, [name], toy.gaussian([1.0], [0.1])) for name in ("a", "b")]
    assert chi2_plane(toy.likelihood(predictions, entries, fix={"z": 0.5})).standard_model is None


def test_theory_errors_are_those_of_the_likelihood():
    parameters = (toy.parameter("x", -4, 4), toy.parameter("y", -4, 4))
    predictions = toy.ToyPredictions(
        parameters,
        ("a", "b"),
        lambda p: p,
        lambda p: 0.3 * np.abs(p)[:, :, None] * np.eye(2),  # 30 % of the prediction
    )
    like = toy.likelihood(predictions, [toy.entry("e", ["a", "b"], toy.gaussian([1.0, 1.0], [0.2, 0.2]))])
    plane = chi2_plane(like)
    x, y, delta = plane.fine()
    k, m = len(x) // 3, len(y) // 2
    # by hand: (x - 1)^2 / (0.2^2 + 0.3^2 x^2) and the same for y; 0 at best
    by_hand = sum((value - 1.0) ** 2 / (0.04 + 0.09 * value**2) for value in (x[k], y[m]))
    assert delta[k, m] == pytest.approx(by_hand, abs=0.02)


def test_the_best_point_is_that_of_a_fit():
    parameters = (toy.parameter("x", -3, 3), toy.parameter("y", -3, 3))
    predictions = toy.ToyPredictions(
        parameters,
        ("a", "b", "c"),
        lambda p: np.stack([p[:, 0] ** 2 + p[:, 1], p[:, 0] * p[:, 1], p[:, 0] + 0.3 * p[:, 1] ** 2], axis=1),
        lambda p: 0.1 * np.abs(p[:, :1, None]) * np.ones((1, 3, 1)),
    )
    like = toy.likelihood(predictions, [toy.entry("e", ["a", "b", "c"], toy.gaussian([2.0, 0.7, 1.6], [0.2] * 3, [0.4] * 3))])
    best, plane = fit(like), chi2_plane(like)
    assert plane.chi2_min == pytest.approx(best.chi2, abs=0.01)
    for value, name in zip(plane.best, ("x", "y"), strict=True):
        assert value == pytest.approx(best.values[name], abs=0.05 * best.errors[name])


@pytest.mark.parametrize(
    ("ranges", "error", "message"),
    [
        ({"z": (0.0, 1.0)}, UnknownNameError, "'z'"),
        ({"x": (1.0, 0.0)}, InputError, r"range of x must be \(low, high\) inside \[-10, 10\], found \(1, 0\)"),
        ({"y": (0.0, 11.0)}, InputError, r"range of y .* found \(0, 11\)"),
    ],
)
def test_wrong_ranges(ranges, error, message):
    with pytest.raises(error, match=message):
        chi2_plane(linear(), ranges)


def test_other_than_two_parameters():
    with pytest.raises(InputError, match=r"two free parameters, found x; hold the others with fix"):
        chi2_plane(linear(fix={"y": 0.0}))
