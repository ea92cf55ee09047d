from __future__ import annotations

import datetime
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

import fitlq
from fitlq.errors import InputError
from fitlq.measurements import GridData, LimitData
from fitlq.measurements.entry import ObservableReference
from fitlq.measurements.selected import Selected
from fitlq.plots import binned
from fitlq.plots.predicted_points import predictions_at
from tests.fitlq.likelihood import toy_problems as toy

BR = "<dBR/dq2>(B+->Kmumu)"
EDGES = [(1.0, 3.0), (3.0, 6.0), (6.0, 8.0), (15.0, 17.0)]
CENTRAL, ABOVE, BELOW = [2.0e-8, 2.1e-8, 2.2e-8, 1.5e-8], [1e-9, 2e-9, 3e-9, 4e-9], [2e-9, 3e-9, 4e-9, 5e-9]
BIN = {"q2min": 3.0, "q2max": 6.0}


def entry(identifier, data, edges, name=BR, arxiv="2401.00001", experiment=("One",)):
    references = tuple(ObservableReference(name, (("q2min", low), ("q2max", high))) for low, high in edges)
    date = datetime.date(2024, 1, 1)
    return replace(
        toy.entry(identifier, [name], data),
        observables=references,
        refs={"arxiv": arxiv},
        experiment=experiment,
        date=date,
        source={"data": {"type": "limit"}},
    )


def data_of(*entries):
    return toy.ToyData(tuple(Selected(one, tuple(range(len(one.observables)))) for one in entries))


@pytest.fixture
def data():
    one = entry("one", toy.gaussian(CENTRAL, ABOVE, BELOW), EDGES)
    other = entry("two", toy.gaussian([1.9e-8], [5e-9]), [(16.0, 22.0)], arxiv="2402.00002", experiment=("Two", "Three"))
    return data_of(one, other)


def drawn_points(axes):
    """x, y, and edges of the error bars of every set of points, by label."""
    found = []
    for container in axes.containers:
        if hasattr(container, "has_yerr") and container.has_yerr:
            points, _, (horizontal, vertical) = container
            found.append(
                (
                    container.get_label(),
                    points.get_ydata(),
                    np.array(horizontal.get_segments()),
                    np.array(vertical.get_segments()),
                )
            )
    return found


def test_points_are_the_numbers_measured(data):
    axes = binned(BR, data).axes[0]
    closed, opened, other = drawn_points(axes)
    assert axes.get_ylabel().startswith(r"$10^{8}\,\times\,\langle d\mathrm{BR}/dq^2\rangle(B^+")
    assert axes.get_ylabel().endswith("[GeV$^{-2}$]")
    trusted = [0, 1, 3]
    assert closed[1] == pytest.approx(np.array(CENTRAL)[trusted] * 1e8, rel=1e-12, abs=0)
    assert closed[2][:, :, 0] == pytest.approx(np.array(EDGES)[trusted], rel=1e-12, abs=0)
    vertical = np.stack([np.array(CENTRAL) - BELOW, np.array(CENTRAL) + ABOVE], axis=1)
    assert closed[3][:, :, 1] == pytest.approx(vertical[trusted] * 1e8, rel=1e-12, abs=0)
    # 6 to 8 GeV² is too close to J/psi
    assert opened[1] == pytest.approx([2.2], rel=1e-12, abs=0)
    assert other[2][:, :, 0].tolist() == [[16.0, 22.0]]


def test_every_paper_has_its_line_in_the_legend(data):
    legend = binned(BR, data, {"no new physics": None}).axes[0].get_legend()
    assert [text.get_text() for text in legend.get_texts()] == [
        "no new physics",
        "One 2024 (arXiv:2401.00001)",
        "Two + Three 2024 (arXiv:2402.00002)",
    ]


def test_boxes_are_predictions_with_their_errors_and_do_not_overlap(data):
    points = {"Standard Model": None, "less": {"C9_bsmumu": -1.0}}
    axes = binned(BR, data, points).axes[0]
    first, second = [one for one in axes.containers if type(one).__name__ == "BarContainer"]
    # not 6 to 8, which is doubtful, nor 16 to 22, which overlaps a bin of the paper with more bins
    trusted = [EDGES[0], EDGES[1], EDGES[3]]
    requests = [(BR, {"q2min": low, "q2max": high}) for low, high in trusted]
    values, errors = fitlq.predict(requests, {"C9_bsmumu": [0.0, -1.0]}, errors=True)
    assert [bar.get_x() for bar in first] == [low for low, _ in trusted]
    for bars, value, error in zip((first, second), values * 1e8, errors * 1e8, strict=True):
        assert [bar.get_y() for bar in bars] == pytest.approx(value - error, rel=1e-9, abs=0)
        assert [bar.get_height() for bar in bars] == pytest.approx(2 * error, rel=1e-9, abs=0)


def test_of_two_papers_with_as_many_bins_the_newer_has_the_boxes():
    old = entry("old", toy.gaussian([2e-8], [1e-9]), [(1.0, 5.0)])
    new = replace(entry("new", toy.gaussian([2e-8], [1e-9]), [(1.0, 6.0)], arxiv="2501.00001"), date=datetime.date(2025, 1, 1))
    axes = binned(BR, data_of(old, new)).axes[0]
    (boxes,) = [one for one in axes.containers if type(one).__name__ == "BarContainer"]
    assert [bar.get_width() for bar in boxes] == [5.0]


def test_regions_without_a_prediction_are_grey(data):
    axes = binned(BR, data).axes[0]
    spans = [patch for patch in axes.patches if patch.get_zorder() == 0]
    assert len(spans) == 1
    # docstring of the observables: from 7 to 14 GeV² nothing is calculated
    assert [spans[0].get_x(), spans[0].get_x() + spans[0].get_width()] == pytest.approx([7.0, 14.0], abs=0.02)


def test_a_region_where_only_narrow_bins_are_doubtful_is_not_grey(data):
    # rates above psi(2S): a bin of 1 GeV² is doubtful, one of 2 is not; the first has an open symbol and no box
    more = entry("narrow", toy.gaussian([1e-8], [1e-9]), [(19.0, 20.0)], arxiv="2403.00003", experiment=("Four",))
    axes = binned(BR, toy.ToyData((*data.items, *data_of(more).items))).axes[0]
    (grey,) = [patch for patch in axes.patches if patch.get_zorder() == 0]
    assert grey.get_x() + grey.get_width() == pytest.approx(14.0, abs=0.02)
    (boxes,) = [one for one in axes.containers if type(one).__name__ == "BarContainer"]
    assert 19.0 not in [bar.get_x() for bar in boxes]
    (points,) = [one for one in axes.containers if one.get_label().startswith("Four")]
    assert points.lines[0].get_markerfacecolor() == "white"


def test_curves_come_from_the_differential_observable_and_stop_at_grey_regions(data):
    axes = binned(BR, data, curve=True).axes[0]
    curves = [line for line in axes.lines if len(line.get_xdata()) > 5]
    assert len(curves) == 2
    x, y = curves[0].get_data()
    assert x[-1] == pytest.approx(7.0, abs=0.02)
    direct = fitlq.predict([("dBR/dq2(B+->Kmumu)", {"q2": float(x[3])})])[0, 0]
    assert y[3] == pytest.approx(direct * 1e8, rel=1e-9, abs=0)


def test_points_of_a_model_and_of_a_fit():
    from fitlq_theory.models import wet_model

    model = wet_model(["C9_bsmumu", "C10_bsmumu"])
    like = SimpleNamespace(model=model, inputs=None, fixed={"C10_bsmumu": 0.5})
    fit = SimpleNamespace(likelihood=like, values={"C9_bsmumu": -1.0})
    found = predictions_at({"fit": fit, "sm": None, "rest": {"C10_bsmumu": 0.5}}, [(BR, BIN)], model=model)
    expected = fitlq.predict([(BR, BIN)], {"C9_bsmumu": [-1.0, 0.0, 0.0], "C10_bsmumu": [0.5, 0.0, 0.5]}, errors=True)
    assert list(found) == ["fit", "sm", "rest"]
    for k, (value, error) in enumerate(found.values()):
        assert [value[0], error[0]] == pytest.approx([expected[0][k, 0], expected[1][k, 0]], rel=1e-9, abs=0)


def test_nothing_measured_says_why():
    left_out = SimpleNamespace(observable=BR, reason="replaced by something")
    with pytest.raises(InputError, match=r"no measurement of <dBR/dq2>\(B\+->Kmumu\) is selected; left out: replaced by"):
        binned(BR, replace(data_of(), left_out=(left_out,)))


@pytest.mark.parametrize(
    ("observable", "options", "message"),
    [
        ("R(D)", {}, "has no bins: its arguments are (none)"),
        ("dBR/dq2(B+->Kmumu)", {}, "has no bins: its arguments are (q2)"),
        ("<dBR/dq2>(B+->Kmumumu)", {}, "<dBR/dq2>(B+->Kmumu)"),
        (BR, {"points": {"wrong": 3.0}}, "point 'wrong': expected None"),
        (BR, {"points": {"wrong": {"C9_bsmumuu": 1.0}}}, "C9_bsmumu"),
        (BR, {"points": {"wrong": {"yL4": 1.0}}, "model": "s1_lmu_ltau"}, "'yL4'"),
    ],
)
def test_wrong_wishes(data, observable, options, message):
    with pytest.raises(InputError) as caught:
        binned(observable, data, **options)
    assert message in str(caught.value)


def test_a_branching_ratio_of_a_bin_has_no_curve():
    name = "<BR>(B+->Kmumu)"
    with pytest.raises(InputError, match="no differential observable"):
        binned(name, data_of(entry("one", toy.gaussian([2e-8], [1e-9]), [(1.0, 3.0)], name)), curve=True)


def test_a_published_likelihood_is_drawn_as_its_best_point_and_where_it_has_risen_by_one():
    axis = np.linspace(1e-8, 4e-8, 31)
    width = np.where(axis > 2e-8, 4e-9, 2e-9)
    grid = GridData((axis,), ((axis - 2e-8) / width) ** 2, "minus2logL")
    (points,) = drawn_points(binned(BR, data_of(entry("one", grid, [(1.0, 3.0)]))).axes[0])
    assert points[1] == pytest.approx([2.0], rel=1e-3, abs=0)
    # interpolation between points of the grid: two per cent
    assert points[3][0, :, 1] == pytest.approx([1.8, 2.4], rel=0.02, abs=0)


def test_a_limit_is_not_drawn_as_a_number():
    limit = entry("one", LimitData(cl=0.9, upper=np.array([1e-7])), [(1.0, 3.0)])
    with pytest.raises(InputError, match=r"one: .* is of type limit, which cannot be drawn"):
        binned(BR, data_of(limit))


def test_shipped_data_of_p5_prime():
    data = fitlq.load_measurements(as_of="2026-11-20", representations={"lhcb-b2kstmumu-2025": "P-narrow"})
    axes = binned("<P5p>(B0->K*mumu)", data).axes[0]
    labels = [label for label, *_ in drawn_points(axes)]
    assert "LHCb 2025 (arXiv:2512.18053)" in labels
    (measured,) = [one for one in drawn_points(axes) if one[0] == "LHCb 2025 (arXiv:2512.18053)"]
    published = data["lhcb-b2kstmumu-2025-p-narrow"]
    at = [reference.name for reference in published.references].index("<P5p>(B0->K*mumu)")
    assert measured[1][0] == published.data.central[at]
