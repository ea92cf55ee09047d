"""HistFactory workspaces as likelihood terms: against profile likelihoods known in closed form."""

from __future__ import annotations

import gzip
import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fitlq.likelihood import histfactory
from fitlq.likelihood.counting import counting_terms
from fitlq.likelihood.histfactory import histfactory_term, reason_not_to_read
from fitlq.likelihood.workspace_profile import deviance_roots
from fitlq.measurements import ExternalData, load_measurements
from fitlq_theory.errors import InputError
from tests.fitlq.importing.workspaces import counting_workspace, two_bin_workspace
from tests.fitlq.likelihood.toy_problems import entry, gaussian, likelihood, linear_predictions, parameter

PER_UNIT = 5e-6


@pytest.fixture(autouse=True)
def _own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FITLQ_CACHE", str(tmp_path / "cache"))


def _written(folder: Path, workspace: dict[str, Any], name: str = "workspace.json") -> str:
    text = json.dumps(workspace).encode()
    (folder / name).write_bytes(gzip.compress(text) if name.endswith(".gz") else text)
    return str(folder / name)


def _external(file: str, **more: Any) -> ExternalData:
    return ExternalData("HistFactory", "a test", file=file, **({"parameters": ("mu",), "per_unit": (PER_UNIT,)} | more))


def test_deviance_roots_and_their_slopes() -> None:
    observed = np.array([0.0, 3.0, 100.0, 100.0, 100.0, 7.0])
    expected = np.array([2.5, 1.0, 100.0, 100.0 * (1 + 1e-5), 100.01, 40.0])
    root, slope = deviance_roots(observed, expected)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = np.where(observed > 0, observed * np.log(observed / expected), 0.0)
    # the plain formula cancels to about 1e-14 of a hundred events
    np.testing.assert_allclose(root**2, 2 * (expected - observed + logs), rtol=0, atol=1e-12)
    assert np.sign(root).tolist() == [1, -1, 0, 1, 1, 1]
    step = 1e-6 * expected
    numerical = (deviance_roots(observed, expected + step)[0] - deviance_roots(observed, expected - step)[0]) / (2 * step)
    # central differences of relative step 1e-6 lose half of the digits
    np.testing.assert_allclose(slope, numerical, rtol=1e-6, atol=0)


@pytest.mark.parametrize("observed", [24.0, 10.0, 4.0])
def test_a_counting_experiment_with_background_error(tmp_path: Path, observed: float) -> None:
    pytest.importorskip("pyhf")
    file = _written(tmp_path, counting_workspace(observed))
    term = histfactory_term("toy", [0], _external(file))
    (axis,), values = histfactory._table("toy", _external(file))
    known = counting_terms([0], [observed], [10.0], [3.0], [1.0])

    def exact(mu: Any) -> Any:
        return known.minus_two_log_likelihood(5.0 * np.asarray(mu)[:, None])[:, 0]

    # the points themselves: the minimiser's accuracy; -2 ln L is that of the closed form up to its smallest tabulated value
    np.testing.assert_allclose(values, exact(axis) - exact(axis).min(), rtol=0, atol=1e-6)
    between = np.linspace(axis[0], axis[-1], 1001)
    expected = exact(between) - exact(axis).min()
    found = term.interpolate(PER_UNIT * between[:, None])
    # between them: cubic interpolation, refined until it is good to 2e-5 of 1 + -2 ln L
    assert np.max(np.abs(found - expected) / (1.0 + expected)) < 4e-5
    assert expected[-1] > 30.0
    assert term.best[0] == pytest.approx(PER_UNIT * max(observed - 10.0, 0.0) / 5.0, rel=1e-3, abs=1e-3 * PER_UNIT)


def test_two_parameters_of_interest(tmp_path: Path) -> None:
    pytest.importorskip("pyhf")
    file = _written(tmp_path, two_bin_workspace())
    data = _external(file, parameters=("a", "b"), per_unit=(2.0, 3.0))
    term = histfactory_term("toy", [0, 1], data)
    a, b = np.random.default_rng(1).uniform([0.5, 0.5], [5.0, 5.0], size=(200, 2)).T
    rates = np.stack([10 * a + b + 5, 2 * a + 20 * b + 5], axis=-1)
    observed = np.array([30.0, 50.0])
    exact = 2.0 * np.sum(rates - observed + observed * np.log(observed / rates), axis=-1)
    found = term.interpolate(np.stack([2.0 * a, 3.0 * b], axis=-1))
    # zero at the best tabulated point; a bilinear surface over 200 x 200 cells of +- 6 standard deviations
    near = exact < 20.0
    assert near.sum() > 20
    np.testing.assert_allclose((found - exact)[near], 0.0, rtol=0, atol=0.02)


def test_it_is_computed_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pyhf")
    file = _written(tmp_path, counting_workspace())
    first = histfactory_term("toy", [0], _external(file))

    def forbidden(*_: Any) -> Any:
        pytest.fail("computed again")

    monkeypatch.setattr(histfactory, "_computed", forbidden)
    again = histfactory_term("other", [3], _external(file, per_unit=(PER_UNIT,)))
    assert again.content_hash == first.content_hash
    compressed = _written(tmp_path, counting_workspace(), "compressed.json.gz")
    assert histfactory_term("toy", [0], _external(compressed)).content_hash == first.content_hash
    scaled = histfactory_term("toy", [0], _external(file, per_unit=(2 * PER_UNIT,)))
    assert scaled.content_hash != first.content_hash


def test_a_likelihood_with_a_workspace(tmp_path: Path) -> None:
    pytest.importorskip("pyhf")
    file = _written(tmp_path, counting_workspace())
    entries = [entry("workspace", ["x"], _external(file)), entry("plain", ["y"], gaussian([1.0], [0.1]))]
    like = likelihood(linear_predictions([parameter("p")], ["x", "y"], [0.0, 0.0], [[PER_UNIT], [1.0]]), entries)
    points = np.array([[1.0], [2.8]])
    exact = counting_terms([0], [24.0], [10.0], [3.0], [1.0]).minus_two_log_likelihood(5.0 * points)[:, 0]
    chi2 = -2.0 * np.asarray(like(points))
    expected = exact + ((points[:, 0] - 1.0) / 0.1) ** 2
    # differences, as constants are no part of a likelihood
    np.testing.assert_allclose(chi2[1] - chi2[0], expected[1] - expected[0], rtol=0, atol=1e-3)


def test_without_a_file_or_without_pyhf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "its file is not in the database" in str(reason_not_to_read(ExternalData("HistFactory (pyhf)", "10.17182/hepdata.1")))
    monkeypatch.setattr(histfactory, "find_spec", lambda _: None)
    file = _written(tmp_path, counting_workspace())
    assert "pip install 'fitlq[pyhf]'" in str(reason_not_to_read(_external(file)))
    entries = [entry("workspace", ["x"], _external(file)), entry("plain", ["y"], gaussian([1.0], [0.1]))]
    like = likelihood(linear_predictions([parameter("p")], ["x", "y"], [0.0, 0.0], [[1.0], [1.0]]), entries)
    assert [(one.id, "pyhf" in one.reason) for one in like.left_out] == [("workspace", True)]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"measurement": "fitt"}, "unknown measurement of the workspace 'fitt'; did you mean 'fit'"),
        ({"parameters": ("my",)}, r"unknown normalisation \(normfactor\) of the workspace 'my'; did you mean 'mu'"),
        ({"sha256": "0" * 64}, "has changed since the measurements were read"),
        ({"file": "missing.json"}, "missing.json: cannot be read"),
    ],
)
def test_what_the_workspace_does_not_have(tmp_path: Path, change: dict[str, Any], message: str) -> None:
    file = _written(tmp_path, counting_workspace())
    with pytest.raises(InputError, match=message):
        histfactory_term("toy", [0], _external(**({"file": file} | change)))


def test_a_model_that_pyhf_refuses(tmp_path: Path) -> None:
    pytest.importorskip("pyhf")
    workspace = counting_workspace()
    workspace["channels"][0]["samples"][1]["modifiers"][0]["type"] = "magic"
    with pytest.raises(InputError, match="pyhf does not accept the workspace"):
        histfactory_term("toy", [0], _external(_written(tmp_path, workspace)))


def test_reading_measurements_does_not_import_pyhf() -> None:
    import subprocess
    import sys

    code = "import sys, fitlq; fitlq.load_measurements(); import fitlq.likelihood.histfactory; print('pyhf' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
    assert load_measurements().left_out


def test_every_kind_of_constraint_against_pyhf_itself() -> None:
    """Poisson (shapesys), normal (histosys, normsys, staterror) and a free normalisation, beside pyhf's own minimiser."""
    pyhf = pytest.importorskip("pyhf")
    from fitlq.likelihood.workspace_profile import WorkspaceProfile

    workspace = counting_workspace()
    signal, background = workspace["channels"][0]["samples"]
    signal["data"], background["data"] = [5.0, 2.0], [10.0, 30.0]
    workspace["observations"][0]["data"] = [24.0, 31.0]
    background["modifiers"] = [
        {"name": "shape", "type": "shapesys", "data": [2.0, 4.0]},
        {"name": "scale", "type": "normsys", "data": {"hi": 1.1, "lo": 0.85}},
        {"name": "shift", "type": "histosys", "data": {"hi_data": [11.0, 28.0], "lo_data": [9.5, 33.0]}},
        {"name": "simulated", "type": "staterror", "data": [0.5, 0.9]},
    ]
    profile = WorkspaceProfile(workspace, None, ["mu"])
    found = np.array([profile.at([mu]) for mu in (0.5, 1.0, 2.0, 4.0)])
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # of jsonschema, by pyhf
        parsed = pyhf.Workspace(workspace)
        model = parsed.model()
    data = parsed.data(model)
    fits = [pyhf.infer.mle.fixed_poi_fit(mu, data, model, return_fitted_val=True)[1] for mu in (0.5, 1.0, 2.0, 4.0)]
    # pyhf's default minimiser stops at about 1e-6; differences, as constants are left out here
    np.testing.assert_allclose(found - found[0], np.array(fits, dtype=float) - float(fits[0]), rtol=0, atol=1e-5)
