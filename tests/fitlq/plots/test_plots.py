from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from matplotlib.figure import Figure

from fitlq.errors import InputError
from fitlq.plots import corner, pulls
from fitlq.plots.figures import png_bytes, save_figure

PNG = b"\x89PNG\r\n\x1a\n"


def test_corner_has_one_panel_per_pair(posterior):
    figure = corner(posterior, labels={"yL2": "y_{L2}"})
    assert len(figure.axes) == 4
    assert "y_{L2}" in figure.axes[2].get_xlabel()


def test_small_parameters_are_scaled_so_that_ticks_are_short(posterior):
    figure = corner(posterior)
    assert "10^{4}" in figure.axes[3].get_xlabel() or "10^{3}" in figure.axes[3].get_xlabel()
    low, high = figure.axes[3].get_xlim()
    assert 0.1 < high - low < 100


def test_title_gives_the_median_and_the_68_percent_interval(posterior):
    title = corner(posterior).axes[0].get_title()
    low, middle, high = np.quantile(posterior.points[:, 0], (0.16, 0.5, 0.84))
    assert f"{middle:.2f}^{{+{high - middle:.2f}}}_{{-{middle - low:.2f}}}" in title


def test_best_fit_is_marked_where_it_is(posterior):
    figure = corner(posterior, best_fit={"yL2": 0.25, "gZp": 1e-4})
    (cross,) = [line for line in figure.axes[2].lines if line.get_marker() == "x"]
    low, high = figure.axes[3].get_xlim()
    assert cross.get_xdata()[0] == 0.25
    assert low < cross.get_ydata()[0] < high


def test_overlay_uses_common_parameters_and_a_legend(posterior):
    other = type(posterior)(("gZp", "mS1"), posterior.points[:, ::-1].copy() * [1e-4, 1.0])
    figure = corner([posterior, other], names=["2024", "2026"], best_fit=[{"gZp": 1e-4}, None])
    assert len(figure.axes) == 1
    (legend,) = figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["2024", "2026", "best fit"]


def test_overlaid_histograms_are_not_cut(posterior):
    narrow = type(posterior)(posterior.parameters, posterior.points * [0.2, 0.2])
    figure = corner([narrow, posterior])
    tallest = max(patch.get_xy()[:, 1].max() for patch in figure.axes[0].patches)
    assert figure.axes[0].get_ylim()[1] >= tallest


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"parameters": ["yL1"]}, "'yL1' is not in every chain"),
        ({"best_fit": [None, None]}, "1 chains need 1 best fits"),
    ],
)
def test_wrong_wishes(posterior, change, message):
    with pytest.raises(InputError, match=message):
        corner(posterior, **change)


def test_a_parameter_that_does_not_vary(posterior):
    posterior.points[:, 1] = 3.0
    with pytest.raises(InputError, match="'gZp' does not vary"):
        corner(posterior)


def test_chains_with_nothing_in_common(posterior):
    other = type(posterior)(("a", "b"), posterior.points)
    with pytest.raises(InputError, match="no parameter in common"):
        corner([posterior, other])


def test_no_chain():
    with pytest.raises(InputError, match="at least one chain"):
        corner([])


def test_pulls_are_sorted_by_the_standard_model(fit):
    figure = pulls(fit, title="three")
    (axes,) = figure.axes
    labels = [text.get_text() for text in axes.get_yticklabels()]
    assert [label.split()[-1] for label in labels] == ["b", "a", "c"]
    assert "q2 4 … 6" in labels[0]
    standard, best = (collection.get_offsets() for collection in axes.collections[-2:])
    assert standard[:, 0].tolist() == [-3.0, 2.0, 0.1]
    assert best[:, 0].tolist() == [-1.0, 0.5, 0.2]
    assert axes.get_xlim()[0] < -3.0


def test_only_the_largest_pulls_are_shown_and_the_title_says_so(fit):
    fit.pulls[2].pull = 2.5  # the third got worse: largest at the best fit, smallest in the Standard Model
    (axes,) = pulls(fit, largest=2).axes
    assert [text.get_text().split()[-1] for text in axes.get_yticklabels()] == ["b", "c"]
    assert axes.get_title(loc="left") == "the 2 largest of 3 pulls"
    assert not pulls(fit, largest=None).axes[0].get_title(loc="left")


def test_many_pulls_stay_on_one_page(fit):
    many = [type(fit.pulls[0])(f"e{k}", "x", 0.01 * k) for k in range(300)]
    fit.pulls = fit.likelihood.sm_pulls = many
    assert pulls(fit).get_size_inches()[1] < 12.0
    assert len(pulls(fit, largest=None).axes[0].get_yticklabels()) == 300


def test_groups_have_a_line_with_what_they_add_to_chi2(fit):
    (axes,) = pulls(fit, by="experiment", largest=2).axes
    labels = [text.get_text() for text in axes.get_yticklabels()]
    assert labels[0] == r"Two: 1, $\chi^2$ 9.0 → 1.0"
    assert labels[2] == r"One: 1 of 2, $\chi^2$ 4.0 → 0.3"  # 2² + 0.1² and 0.5² + 0.2²
    assert [label.split()[-1] for label in (labels[1], labels[3])] == ["b", "a"]
    standard = axes.collections[-2].get_offsets()
    assert standard.tolist() == [[-3.0, 3.0], [2.0, 1.0]]


@pytest.mark.parametrize(("change", "message"), [({"largest": 0}, "at least 1"), ({"by": "experimnt"}, "mean 'experiment'")])
def test_wrong_wishes_for_pulls(fit, change, message):
    with pytest.raises(InputError, match=message):
        pulls(fit, **change)


def test_pulls_of_nothing(fit):
    fit.pulls = []
    with pytest.raises(InputError, match="at least one measurement"):
        pulls(fit)


@pytest.mark.parametrize(("name", "start"), [("a.png", PNG), ("a.pdf", b"%PDF"), ("a.svg", b"<?xml")])
def test_pictures_are_written_in_the_format_of_their_ending(tmp_path, fit, name, start):
    save_figure(pulls(fit), tmp_path / name)
    assert (tmp_path / name).read_bytes().startswith(start)
    assert [item.name for item in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize(("name", "message"), [("a.gif", "ending"), ("no/where/a.png", "cannot be written")])
def test_pictures_that_cannot_be_written(tmp_path, fit, name, message):
    with pytest.raises(InputError, match=message):
        save_figure(pulls(fit), tmp_path / name)


def test_a_figure_of_the_caller_is_used(fit):
    mine = Figure(figsize=(3, 3))
    assert pulls(fit, figure=mine) is mine
    assert png_bytes(mine).startswith(PNG)


def test_a_notebook_shows_figures_as_images(fit):
    assert pulls(fit)._repr_png_().startswith(PNG)


def test_pyplot_knows_nothing_of_the_figures(posterior, fit):
    import matplotlib.pyplot as plt

    before = plt.get_fignums()
    corner(posterior)
    pulls(fit)
    assert plt.get_fignums() == before


def test_importing_the_plots_does_not_import_matplotlib():
    code = f"import sys; sys.path[:0] = {sys.path!r}; import fitlq.plots; print('matplotlib' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
