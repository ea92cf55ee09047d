"""The forms of data besides the Gaussian one: read, restricted, described."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fitlq.measurements import (
    CountingData,
    Entry,
    ExclusionData,
    ExternalData,
    GridData,
    LimitData,
    MeasurementError,
    describe_value,
    load_measurements,
)
from fitlq_theory.errors import InputError

Maker = Callable[..., Entry]
TWO = ["R(D)", "R(D*)"]


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


def test_grids_are_row_major_and_used_whole(make_entry: Maker) -> None:
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
    with pytest.raises(InputError, match="used whole or not at all"):
        entry.data.restricted([0])
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
    assert exclusion.data.lower == 1430.0
    assert exclusion.data.restricted([0]).conditions == {"spin": 0}
    assert describe_value(exclusion, 0) == "m_LQ > 1430 GeV (95% CL)"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"type": "exclusion", "quantity": "m", "cl": 0.9}, "needs lower or upper"),
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
