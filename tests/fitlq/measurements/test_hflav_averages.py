"""R(D), R(D*): HFLAV's own averages from their inputs, and HFLAV's own input lists from the date alone.

The averages are made with systematic uncertainties shared between experiments; the plain combination below ignores
them, which costs up to 0.004 in R(D) and 0.003 in R(D*) (errors 0.002, correlation 0.06). HFLAV rescales the hadronic LHCb
results to newer external branching fractions; its rescaled centres are used here where its pages print them.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from fitlq.measurements import Entry, GaussianData, load_measurements

AVERAGES = ("summer16", "moriond17", "summer18", "spring19", "fall22", "summer23", "spring25")
NAMES = ("R(D)", "R(D*)")
RESCALED = {
    ("hflav-rd-rdst-spring19", "lhcb-rdst-had-2017"): 0.280,
    ("hflav-rd-rdst-fall22", "lhcb-rdst-had-2017"): 0.283,
    ("hflav-rdst-ckm25", "lhcb-rdst-had-2023-v2"): 0.2645,
}


def _plain_combination(entries: list[Entry], average: str) -> tuple[np.ndarray, np.ndarray]:
    information, weighted = np.zeros((2, 2)), np.zeros(2)
    for entry in entries:
        indices = [i for i, observable in enumerate(entry.observables) if observable.name in NAMES]
        assert isinstance(entry.data, GaussianData)
        data = entry.data.restricted(indices)
        design = np.array([[entry.observables[i].name == name for name in NAMES] for i in indices], dtype=float)
        inverse = np.linalg.inv(data.covariance())
        information += design.T @ inverse @ design
        central = np.array([RESCALED.get((average, entry.id), value) for value in data.central])
        weighted += design.T @ inverse @ central
    covariance = np.linalg.inv(information)
    return covariance @ weighted, covariance


@pytest.mark.parametrize("name", [f"hflav-rd-rdst-{tag}" for tag in AVERAGES] + ["hflav-rdst-ckm25"])
def test_average_from_its_inputs(shipped: Mapping[str, Entry], name: str) -> None:
    average = shipped[name].data
    assert isinstance(average, GaussianData)
    central, covariance = _plain_combination([shipped[one] for one in shipped[name].relations.inputs], name)
    errors = np.sqrt(np.diag(covariance))
    published = np.sqrt(np.diag(average.covariance()))
    assert central[0] == pytest.approx(average.central[0], abs=0.004)
    assert central[1] == pytest.approx(average.central[1], abs=0.003)
    np.testing.assert_allclose(errors, published, rtol=0, atol=0.002)
    assert covariance[0, 1] / errors[0] / errors[1] == pytest.approx(average.correlations["total"][0, 1], abs=0.06)


BABAR, BELLE_HAD = "babar-rd-rdst-2012", "belle-rd-rdst-had-2015"
BELLE_SL_2019, BELLE_TAUPOL = "belle-rd-rdst-sl-2019", "belle-rdst-taupol-2016"
SPRING_19 = {BABAR, BELLE_HAD, BELLE_TAUPOL, BELLE_SL_2019, "lhcb-rdst-muonic-2015", "lhcb-rdst-had-2017"}
COMMON_2023 = {BABAR, BELLE_HAD, BELLE_TAUPOL, BELLE_SL_2019, "lhcb-rd-rdst-muonic-2022"}
LISTS = {
    "2016-06": {BABAR, BELLE_HAD, "lhcb-rdst-muonic-2015"},
    "2017-12": {BABAR, BELLE_HAD, "belle-rdst-sl-2016", BELLE_TAUPOL, "lhcb-rdst-muonic-2015", "lhcb-rdst-had-2017"},
    "2019-12": SPRING_19,
    "2021-12": SPRING_19,
    "2023-12": COMMON_2023 | {"lhcb-rdst-had-2023-v1", "belle2-rdst-had-2023-prelim"},
    "2024-12": COMMON_2023 | {"lhcb-rdst-had-2023-v1", "belle2-rdst-had-2024", "lhcb-rd-rdst-dplus-2024"},
    "2025-06": COMMON_2023
    | {"lhcb-rdst-had-2023-v2", "lhcb-rd-rdst-dplus-2024", "belle2-rdst-had-2024", "belle2-rd-rdst-sl-2025"},
}
SAME_AS_AVERAGE = {
    "2017-12": "summer18",
    "2019-12": "spring19",
    "2021-12": "spring19",
    "2023-12": "summer23",
    "2025-06": "spring25",
}


def _used(as_of: str, policy: str) -> set[str]:
    dataset = load_measurements(as_of=as_of, policy=policy)  # type: ignore[arg-type]
    return {item.entry.id for item in dataset if any(name in NAMES for name, _ in item.observables)}


@pytest.mark.parametrize("as_of", LISTS)
def test_the_day_gives_the_input_list_of_its_time(as_of: str) -> None:
    assert _used(as_of, "individual") == LISTS[as_of]


@pytest.mark.parametrize(("as_of", "tag"), SAME_AS_AVERAGE.items())
def test_these_lists_are_the_inputs_of_the_averages(shipped: Mapping[str, Entry], as_of: str, tag: str) -> None:
    assert set(shipped[f"hflav-rd-rdst-{tag}"].relations.inputs) == LISTS[as_of]


def test_a_stale_average_is_reported_and_newer_independent_data_are_added() -> None:
    dataset = load_measurements(as_of="2024-12")
    used = {item.entry.id for item in dataset if any(name in NAMES for name, _ in item.observables)}
    assert used == {"hflav-rd-rdst-summer23", "lhcb-rd-rdst-dplus-2024"}
    assert any("STALE AVERAGE: hflav-rd-rdst-summer23 does not know belle2-rdst-had-2024" in text for text in dataset.warnings)
    reasons = {out.reason for out in dataset.left_out if out.entry_id == "belle2-rdst-had-2024"}
    assert reasons == {"replaces an input of the average hflav-rd-rdst-summer23, which does not know it yet"}


def test_today_the_newest_average_is_used_with_its_correlation() -> None:
    dataset = load_measurements(as_of="2026-11-20").select(["R(D)", "R(D*)"])
    assert dataset.ids == ("hflav-rdst-ckm25",)
    data = dataset["hflav-rdst-ckm25"].data
    assert isinstance(data, GaussianData)
    np.testing.assert_allclose(data.central, [0.358, 0.281], rtol=1e-15, atol=0)
    assert data.covariance()[0, 1] == pytest.approx(-0.374 * 0.024 * 0.011, rel=1e-14, abs=0)
