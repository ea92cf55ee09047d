"""The forms of data besides the Gaussian one: read, restricted, described."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fitlq.measurements import (
    Bound,
    CountingData,
    Entry,
    ExclusionData,
    ExternalData,
    GridData,
    LimitData,
    MeasurementError,
    describe_entry,
    describe_value,
    load_measurements,
)

Maker = Callable[..., Entry]
TWO = ["R(D)", "R(D*)"]
BOUND = {"type": "exclusion", "quantity": "m", "cl": 0.9, "lower": 1.0}


def test_limits(make_entry: Maker) -> None:
    data: dict[str, Any] = {
        "type": "limit",
        "cl": 0.95,
        "scale": 1e-9,
        "lower": [1.0, 2.0],
        "upper": [3.0, 4.0],
        "n_obs": [5, 6],
    }
    entry = make_entry("limits", "2020", observables=TWO, data={**data, "central": [2.0, 3.0], "errors": {"stat": [0.5, 0.6]}})
    assert isinstance(entry.data, LimitData)
    second = entry.data.restricted([1])
    assert second.lower is not None
    assert second.upper is not None
    np.testing.assert_allclose(second.lower, [2e-9], rtol=1e-14, atol=0)
    np.testing.assert_allclose(second.upper, [4e-9], rtol=1e-14, atol=0)
    np.testing.assert_allclose(second.errors[0].plus, [0.6e-9], rtol=1e-14, atol=0)
    assert second.n_obs is not None
    assert second.n_obs.tolist() == [6.0]
    assert second.n_bkg is None
    assert describe_value(entry, 0) == "> 1e-09, < 3e-09 (95% CL)"


def test_counts(make_entry: Maker) -> None:
    channels = [{"upper": 3.0, "n_obs": 4, "n_bkg": 1.5, "bkg_err": 0.5}, {"n_obs": 7, "n_sig": -1.0}]
    entry = make_entry(
        "counts", "2020", observables=TWO, data={"type": "counting", "cl": 0.9, "scale": 1e-6, "channels": channels}
    )
    assert isinstance(entry.data, CountingData)
    assert entry.data.channels[0].upper == pytest.approx(3e-6, rel=1e-14, abs=0)
    assert entry.data.restricted([1]).channels[0].n_sig == -1.0
    assert describe_value(entry, 1) == "7 events, -1 signal events fitted"


def test_grids_are_row_major_and_restricted_to_the_profile(make_entry: Maker) -> None:
    data = {
        "type": "grid",
        "meaning": "delta_chi2",
        "unit": ["1/ps", "1"],
        "axes": [[0.0, 1.0], [0, 1, 2]],
        "values": [0, 1, 2, 3, 4, 5],
    }
    entry = make_entry("grid", "2020", observables=TWO, data=data)
    assert isinstance(entry.data, GridData)
    assert entry.data.values.tolist() == [[0, 1, 2], [3, 4, 5]]
    np.testing.assert_allclose(entry.data.axes[0], [0.0, 6.582119569e-13], rtol=1e-14, atol=0)
    assert entry.data.restricted([0, 1]) is entry.data
    second = entry.data.restricted([1])
    assert [axis.tolist() for axis in second.axes] == [[0, 1, 2]]
    assert second.values.tolist() == [0, 1, 2]
    likelihood = GridData((np.array([0.0, 1.0]), np.array([0.0, 1.0, 2.0])), entry.data.values, "likelihood, not normalised")
    assert likelihood.restricted([0]).values.tolist() == [2, 5]
    swapped = likelihood.restricted([1, 0])
    assert swapped.values.tolist() == [[0, 3], [1, 4], [2, 5]]
    assert swapped.axes[0].tolist() == [0, 1, 2]
    assert describe_value(entry, 1) == "delta_chi2 on a grid from 0 to 2 (3 points)"


def test_long_grids_come_from_a_file_next_to_the_entry(tmp_path: Path) -> None:
    path = tmp_path / "grid.yaml"
    path.write_text(
        "schema: fitlq-measurements/1\nsource: x\nentries:\n- id: grid\n  kind: measurement\n  process: bctaunu\n"
        "  experiment: [X]\n  date: '2020'\n  refs: {}\n  observables:\n  - {name: Rmue(B->Dlnu)}\n"
        "  data: {type: grid, meaning: likelihood, axes: [[0, 1, 2]], values_file: grid.csv}\n"
        "  provenance: {level: primary, how: invented for a test}\n",
        encoding="utf-8",
    )
    with pytest.raises(MeasurementError, match=r"data.values_file: cannot be read as numbers"):
        load_measurements(as_of="2026-11-20", directories=[path])
    (tmp_path / "grid.csv").write_text("1.0,0.5\n0.25\n", encoding="utf-8")
    data = load_measurements(as_of="2026-11-20", directories=[path])["grid"].data
    assert isinstance(data, GridData)
    assert data.values.tolist() == [1.0, 0.5, 0.25]


def test_external_models_and_exclusions(make_entry: Maker) -> None:
    external = make_entry(
        "external", "2020", data={"type": "external", "format": "HistFactory", "ref": "10.17182/x", "reads": "all"}
    )
    assert external.data == ExternalData("HistFactory", "10.17182/x", "all")
    bound = {"type": "exclusion", "quantity": "m_LQ", "cl": 0.95, "unit": "GeV", "lower": 1430, "conditions": {"spin": 0}}
    exclusion = make_entry("exclusion", "2020", data=bound)
    assert isinstance(exclusion.data, ExclusionData)
    assert exclusion.data.restricted([0]).bounds == (Bound("m_LQ", lower=1430.0, conditions={"spin": 0}),)
    assert describe_value(exclusion, 0) == "m_LQ > 1430 GeV (95% CL)"


def test_every_bound_of_a_search_is_read_in_gev_and_shown(make_entry: Maker) -> None:
    data = {
        "type": "exclusion",
        "quantity": "g_U",
        "cl": 0.95,
        "upper_curve": {"m_U1": [1500, 2000], "g_U": [1.13, 1.81]},
        "conditions": {"model": "U1", "beta_L23": 1.0},
        "other": [
            {"upper": 3.0, "conditions": {"width": "10%"}},
            {"quantity": "kappa", "lower_range": [1, 2], "conditions": {"spin": 0}},
        ],
    }
    text = describe_entry(make_entry("curve", "2020", data=data))
    for line in (
        "  bound: g_U < 1.13, 1.81 at m_U1 = 1500, 2000 GeV (model: U1; beta_L23: 1.0)",
        "  bound: g_U < 3 (width: 10%)",
        "  bound: kappa > 1 to 2 (spin: 0)",
    ):
        assert line in text.splitlines()
    in_mev = {"type": "exclusion", "quantity": "m_X", "cl": 0.9, "unit": "MeV", "lower": 2000.0}
    other = {"other": [{"lower": 1000.0, "conditions": {"spin": 1}}, {"lower_range": [1.0, 3.0], "conditions": {"spin": 2}}]}
    converted = make_entry("mev", "2020", data={**in_mev, **other}).data
    assert isinstance(converted, ExclusionData)
    assert converted.unit == "GeV"
    assert [bound.lower for bound in converted.bounds] == [2.0, 1.0, None]
    assert converted.bounds[2].lower_range == pytest.approx((1e-3, 3e-3), rel=1e-14, abs=0)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"type": "exclusion", "quantity": "m", "cl": 0.9}, "needs lower or upper"),
        ({**BOUND, "other": [{"conditions": {"spin": 1}}]}, r"data.other\[0\]: needs lower or upper"),
        ({**BOUND, "other": [{"lower": 1.0}]}, r"data.other\[0\]: missing key 'conditions'"),
        ({**BOUND, "lower_range": [2.0, 1.0]}, "must be two numbers, the smaller one first"),
        ({**BOUND, "upper_curve": {"g": [1.0], "M": [1.0]}}, "must hold m and the mass it depends on, found g, M"),
        ({**BOUND, "upper_curve": {"m": [1.0], "M": [1.0, 2.0]}}, "M and m must have as many numbers, found 2 and 1"),
        ({**BOUND, "upper_curve": {"m": [1.0, 1.0], "M": [2.0, 2.0]}}, "data.upper_curve.M: must be strictly increasing"),
        ({"type": "limit", "cl": 0.9, "upper": [1.0], "errors": {"stat": [1.0]}}, "errors need a central value"),
        ({"type": "limit", "cl": 0.9, "upper": [1.0], "lower": [2.0]}, "must be below the upper limit"),
        ({"type": "limit", "cl": 0.9, "upper": [1.0], "n_obs": -1}, "must not be negative"),
        ({"type": "grid", "meaning": "likelihood", "axes": [[0, 0]], "values": [1, 1]}, "strictly increasing"),
        ({"type": "grid", "meaning": "chi2", "axes": [[0, 1]], "values": [1, 1]}, "must start with likelihood"),
        ({"type": "grid", "meaning": "likelihood", "axes": [[0, 1]]}, "needs exactly one of values, values_file"),
        ({"type": "gauss", "central": [float("inf")], "errors": {"stat": [1.0]}}, "must be a finite number"),
    ],
)
def test_impossible_content_is_refused(make_entry: Maker, data: dict[str, Any], words: str) -> None:
    with pytest.raises(MeasurementError, match=words):
        make_entry("wrong", "2020", data=data)
