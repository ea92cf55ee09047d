"""R(D), R(D*): HFLAV's own averages from their inputs, and HFLAV's own input lists from the date alone.

The averages are made with systematic uncertainties shared between experiments. Those of the combination for CKM 2025 are in the
database; its inputs, in the form in which HFLAV used them, give its fit to all printed digits. For the older averages the same
sources are used as far as the inputs have them, with the errors as published: this leaves up to 0.004 in R(D), 0.003 in R(D*),
0.0013 in the errors and 0.04 in the correlation. HFLAV rescales the hadronic LHCb results to newer external branching
fractions; its rescaled centres are used here where its pages print them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from fitlq.likelihood import Likelihood
from fitlq.likelihood.shared_sources import cross_covariance
from fitlq.measurements import Entry, GaussianData, load_measurements
from tests.fitlq.likelihood.toy_problems import ToyModel, linear_predictions, parameter

AVERAGES = ("summer16", "moriond17", "summer18", "spring19", "fall22", "summer23", "spring25")
NAMES = ("R(D)", "R(D*)")
RESCALED = {
    ("hflav-rd-rdst-spring19", "lhcb-rdst-had-2017"): 0.280,
    ("hflav-rd-rdst-fall22", "lhcb-rdst-had-2017"): 0.283,
    ("hflav-rdst-ckm25", "lhcb-rdst-had-2023-v2"): 0.2645,
}


@dataclass(frozen=True)
class Combination:
    """Weighted mean (2,), its covariance (2, 2), chi2 and how many numbers went in."""

    central: Any
    covariance: Any
    chi2: float
    count: int

    @property
    def errors(self) -> Any:
        return np.sqrt(np.diag(self.covariance))

    @property
    def correlation(self) -> float:
        return float(self.covariance[0, 1] / self.errors[0] / self.errors[1])


def _combined(entries: list[Entry], average: str) -> Combination:
    """Generalised least squares with all covariances written out; nothing of the likelihood but the cross covariances."""
    parts = []
    for entry in entries:
        indices = [i for i, observable in enumerate(entry.observables) if observable.name in NAMES]
        assert isinstance(entry.data, GaussianData)
        parts.append((entry, entry.data.restricted(indices), [entry.observables[i].name for i in indices]))
    blocks = [
        [
            one.covariance() if k == m else cross_covariance(one.sources, other.sources, names, other_names)
            for m, (_, other, other_names) in enumerate(parts)
        ]
        for k, (_, one, names) in enumerate(parts)
    ]
    measured = np.array([RESCALED.get((average, entry.id), value) for entry, data, _ in parts for value in data.central])
    design = np.array([[name == column for column in NAMES] for _, _, names in parts for name in names], dtype=float)
    inverse = np.linalg.inv(np.block(blocks))
    covariance = np.linalg.inv(design.T @ inverse @ design)
    central = covariance @ design.T @ inverse @ measured
    rest = measured - design @ central
    return Combination(central, covariance, float(rest @ inverse @ rest), len(measured))


@pytest.mark.parametrize("name", [f"hflav-rd-rdst-{tag}" for tag in AVERAGES] + ["hflav-rdst-ckm25"])
def test_average_from_its_inputs(shipped: Mapping[str, Entry], name: str) -> None:
    average = shipped[name].data
    assert isinstance(average, GaussianData)
    found = _combined([shipped[one] for one in shipped[name].relations.inputs], name)
    published = np.sqrt(np.diag(average.covariance()))
    recent = name in ("hflav-rd-rdst-spring25", "hflav-rdst-ckm25")  # of which nearly all inputs have their sources
    assert found.central[0] == pytest.approx(average.central[0], abs=0.002 if recent else 0.004)
    assert found.central[1] == pytest.approx(average.central[1], abs=0.0005 if recent else 0.003)
    np.testing.assert_allclose(found.errors, published, rtol=0, atol=0.0008 if recent else 0.0013)
    assert found.correlation == pytest.approx(average.correlations["total"][0, 1], abs=0.02 if recent else 0.04)


CKM25 = "hflav-ckm25"
# combination log of HFLAV (logfile_ckm25_new.txt), first pass: values and errors of Minuit, "Final Corrmat", chi2
CKM25_CENTRAL = [0.3581223333780133, 0.2813804703888323]
CKM25_ERRORS = [0.024011213883217912, 0.010833835796060143]
CKM25_CORRELATION, CKM25_CHI2 = -0.3722, 16.683


def test_inputs_as_hflav_used_them_give_its_fit(shipped: Mapping[str, Entry]) -> None:
    forms = [shipped[f"{name}-{CKM25}"] for name in shipped["hflav-rdst-ckm25"].relations.inputs]
    found = _combined(forms, "")
    # the last digits are those of Minuit, which stops at 1e-6 of an error
    np.testing.assert_allclose(found.central, CKM25_CENTRAL, rtol=3e-7, atol=0)
    np.testing.assert_allclose(found.errors, CKM25_ERRORS, rtol=1e-6, atol=0)
    assert found.correlation == pytest.approx(CKM25_CORRELATION, abs=5e-5)
    assert found.chi2 == pytest.approx(CKM25_CHI2, abs=5e-4)
    assert found.count == 14 + 2
    # the page, made in a second pass with relative errors scaled to the average
    average = shipped["hflav-rdst-ckm25"].data
    assert isinstance(average, GaussianData)
    np.testing.assert_allclose(found.central, average.central, rtol=0, atol=5e-4)
    np.testing.assert_allclose(found.errors, average.plus, rtol=0, atol=5e-4)
    assert found.correlation == pytest.approx(average.correlations["total"][0, 1], abs=0.002)


def _likelihood(representations: Mapping[str, str] | None, policy: str) -> Likelihood:
    """R(D) and R(D*) are the parameters."""
    dataset = load_measurements(as_of="2026-11-20", policy=policy, representations=representations)  # type: ignore[arg-type]
    parameters = [parameter(name, 0.0, 1.0, 0.3) for name in ("RD", "RDst")]
    toy = linear_predictions(parameters, NAMES, [0.0, 0.0], np.eye(2))
    return Likelihood(ToyModel(toy.parameters), dataset.select(NAMES), predictions=toy, theory_errors="none")


@pytest.mark.parametrize("policy", ["individual", "average"])
def test_recipe_with_forms_through_the_likelihood(shipped: Mapping[str, Entry], policy: str) -> None:
    forms = {
        entry.representation.group: CKM25
        for entry in shipped.values()
        if entry.representation is not None and entry.representation.name == CKM25
    }
    assert set(forms) == set(shipped["hflav-rdst-ckm25"].relations.inputs)
    like = _likelihood(forms, policy)
    assert like.warnings == ()
    assert {name for name, _, _ in like.used} == {f"{group}-{CKM25}" for group in forms}
    best = np.array(CKM25_CENTRAL)
    assert like.chi2(best) == pytest.approx(CKM25_CHI2, abs=5e-4)
    step = np.array(CKM25_ERRORS) * [[1.0, 0.0], [0.0, 1.0]]
    # along one parameter chi2 rises by 1 / (1 - rho^2) within one error
    rise = np.array([like.chi2(best + one) for one in step]) - like.chi2(best)
    np.testing.assert_allclose(rise, 1 / (1 - CKM25_CORRELATION**2), rtol=1e-4, atol=0)
    assert sum(pull.chi2 for pull in like.pulls(best)) == pytest.approx(like.chi2(best), rel=1e-10, abs=0)


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
