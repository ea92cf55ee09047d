from __future__ import annotations

import matplotlib as mpl
import pytest

from fitlq.errors import InputError
from fitlq.fitting.plane import chi2_plane, level
from fitlq.plots import contours
from tests.fitlq.likelihood import toy_problems as toy


def measured(x, y, width=0.2, names=("x", "y")):
    parameters = [toy.parameter(name, -4.0, 4.0) for name in names]
    predictions = toy.linear_predictions(parameters, ["a", "b"], [0, 0], [[1, 0], [0, 1]])
    entries = [toy.entry("a", ["a"], toy.gaussian([x], [width])), toy.entry("b", ["b"], toy.gaussian([y], [2 * width]))]
    return toy.likelihood(predictions, entries)


def lines(axes):
    """The contours drawn, one (n, 2) array for each likelihood and level."""
    sets = [one for one in axes.collections if type(one).__name__ == "QuadContourSet" and not one.filled]
    return [[path.vertices for path in one.get_paths()] for one in sets]


def test_contours_are_where_delta_chi2_has_the_levels():
    figure = contours({"first": measured(1.0, 0.5), "second": measured(-0.5, 1.0, 0.3)})
    drawn = lines(figure.axes[0])
    for paths, (x, y, width) in zip(drawn, ((1.0, 0.5, 0.2), (-0.5, 1.0, 0.3)), strict=True):
        for path, sigmas in zip(paths, (1.0, 2.0), strict=True):
            chi2 = ((path[:, 0] - x) / width) ** 2 + ((path[:, 1] - y) / (2 * width)) ** 2
            assert chi2 == pytest.approx(level(sigmas), rel=0.02, abs=0)


def test_best_fits_and_the_standard_model_are_marked_where_they_are():
    axes = contours({"first": measured(1.0, 0.5)}).axes[0]
    (cross,) = [line for line in axes.lines if line.get_marker() == "x"]
    (star,) = [line for line in axes.lines if line.get_marker() == "*"]
    assert [cross.get_xdata()[0], cross.get_ydata()[0]] == pytest.approx([1.0, 0.5], abs=1e-3)
    assert [star.get_xdata()[0], star.get_ydata()[0]] == [0.0, 0.0]


def test_a_best_fit_at_the_edge_is_not_marked():
    axes = contours({"first": measured(1.0, 0.5)}, ranges={"x": (-1.0, 0.9)}).axes[0]
    assert not [line for line in axes.lines if line.get_marker() == "x"]
    assert axes.get_xlim() == (-1.0, 0.9)


def test_a_standard_model_outside_the_picture_is_not_in_the_legend():
    legend = contours({"first": measured(1.0, 0.5)}, ranges={"x": (0.5, 2.0)}).axes[0].get_legend()
    assert "Standard Model" not in [text.get_text() for text in legend.get_texts()]


def test_the_legend_counts_measurements():
    legend = (
        contours({"first": measured(1.0, 0.5), "all": measured(0.8, 0.5)}, emphasised="all", sigmas=[1, 2, 3])
        .axes[0]
        .get_legend()
    )
    words = [text.get_text() for text in legend.get_texts()]
    assert words == ["first (2)", "all (2)", "Standard Model", "best fit", r"1$\sigma$", r"2$\sigma$", r"3$\sigma$"]


def test_the_picture_holds_the_tightest_contour_and_the_standard_model():
    axes = contours({"wide": measured(0.0, 0.0, 3.0), "narrow": measured(1.0, 0.5, 0.02)}).axes[0]
    # equal numbers of measurements: the first one decides, here as wide as the ranges of the parameters
    assert axes.get_xlim() == (-4.0, 4.0)
    low, high = contours({"narrow": measured(1.0, 0.5, 0.02)}).axes[0].get_xlim()
    assert low <= 0.0
    assert 1.05 < high < 1.5


def test_finished_planes_are_drawn_without_evaluating_anything():
    like = measured(1.0, 0.5)
    plane = chi2_plane(like)
    before = len(like.predictions.calls)
    axes = contours({"plane": plane}).axes[0]
    assert len(like.predictions.calls) == before
    assert axes.lines[0].get_xdata()[0] == plane.best[0]


def test_labels_are_tex_with_units_and_names_are_escaped():
    like = measured(1.0, 0.5, names=("C_x", "y"))
    axes = contours({"one": like}, labels={"y": "g_{Z'}"}).axes[0]
    assert axes.get_ylabel() == "$g_{Z'}$"
    assert axes.get_xlabel() == "$C_x$"


@pytest.mark.parametrize(
    ("likelihoods", "options", "message"),
    [
        ({}, {}, "at least one likelihood"),
        ({"a": measured(0, 0)}, {"sigmas": (2, 1)}, "increasing order"),
        ({"a": measured(0, 0)}, {"sigmas": ()}, "one to three"),
        ({"a": measured(0, 0)}, {"emphasised": "b"}, "'b' is none of the likelihoods: a"),
        ({"a": measured(0, 0)}, {"ranges": {"z": (0, 1)}}, "'z'"),
        ({"a": measured(0, 0), "b": measured(0, 0, names=("x", "z"))}, {}, "different free parameters: x, y; x, z"),
    ],
)
def test_wrong_wishes(likelihoods, options, message):
    with pytest.raises(InputError, match=message):
        contours(likelihoods, **options)


def test_settings_of_matplotlib_are_left_alone():
    before = dict(mpl.rcParams)
    contours({"first": measured(1.0, 0.5)})
    assert dict(mpl.rcParams) == before
