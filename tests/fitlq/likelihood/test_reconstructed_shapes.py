"""The q2 shapes of B -> D(*) tau nu: used only when asked for, and then with a warning and a sensible chi2."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from scipy.stats import chi2

from fitlq.likelihood import Likelihood
from fitlq.measurements import Entry, GaussianData, load_entries, load_measurements
from fitlq_theory.models import wet_model

SHAPES = {"babar-b2d*taunu-shape-2013": 30, "belle-b2d*taunu-shape-2015": 28}


@pytest.fixture(scope="module")
def shapes() -> Mapping[str, Entry]:
    return {name: entry for name, entry in load_entries()[0].items() if entry.process == "bctaunu_shape"}


def test_spectra_are_normalised(shapes: Mapping[str, Entry]) -> None:
    assert len(shapes) == 4
    for entry in shapes.values():
        assert isinstance(entry.data, GaussianData)
        # 13 to 16 bins with three decimals
        assert entry.data.central.sum() == pytest.approx(1.0, rel=0, abs=0.004)


def test_nothing_of_them_without_a_request(shapes: Mapping[str, Entry]) -> None:
    for policy in ("average", "individual"):
        assert not set(shapes) & set(load_measurements(as_of="2026-11-20", policy=policy).ids)


@pytest.mark.parametrize(("pattern", "count"), SHAPES.items())
def test_the_standard_model_describes_them(pattern: str, count: int) -> None:
    data = load_measurements(as_of="2026-11-20", include=(pattern,))
    like = Likelihood(wet_model(["CVL_bctaunutau"]), data.select([pattern]))
    assert like.n_measurements == count
    # between the 1 % and 99 % quantiles: neither excluded nor far too good
    # BaBar 14.4 of 30 (its errors are generous), Belle 29.3 of 28
    assert 0.01 < chi2.sf(like.chi2_sm, count) < 0.999


@pytest.mark.parametrize(
    ("policy", "other"), [("average", "babar-rd-rdst-2012, inside hflav-rdst-ckm25,"), ("individual", "babar-rd-rdst-2012")]
)
def test_they_are_of_the_events_that_determine_the_ratios(policy: str, other: str) -> None:
    data = load_measurements(as_of="2026-11-20", policy=policy, include=("babar-b2dtaunu-shape-2013",))
    assert any(warning.startswith(f"babar-b2dtaunu-shape-2013 and {other} share data") for warning in data.warnings)
