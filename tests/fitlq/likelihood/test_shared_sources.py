"""Systematic errors that entries share: the rule by hand, against common nuisance parameters, and what cannot be."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitlq.likelihood import Likelihood
from fitlq.likelihood.gaussian_terms import GaussianTerm, joint_covariance
from fitlq.likelihood.shared_sources import cross_covariance, shared_names
from fitlq.measurements.entry import CorrelatedWith, Relations
from fitlq.measurements.gaussian import ErrorComponent, GaussianData, SystematicSource
from fitlq_theory.errors import InputError
from tests.fitlq.likelihood.toy_problems import Item, ToyData, ToyModel, entry, linear_predictions, parameter

NAMES = ("a", "b", "c")
TOY = linear_predictions([parameter(name) for name in NAMES], NAMES, np.zeros(3), np.eye(3))


def source(name: str, errors: Any, rho: Any = 1.0, *, shared: bool = True) -> SystematicSource:
    n = len(errors)
    correlation = np.full((n, n), float(rho)) if np.ndim(rho) == 0 else np.array(rho, dtype=float)
    np.fill_diagonal(correlation, 1.0)
    return SystematicSource(name, np.array(errors, dtype=float), correlation, shared)


def measured(name: str, observables: Any, central: Any, stat: Any, *sources: SystematicSource, minus: Any = None) -> Any:
    """An entry whose only correlations are those of its sources."""
    up = np.array(stat, dtype=float)
    errors = [ErrorComponent("stat", up, up if minus is None else np.array(minus, dtype=float))]
    covariance = np.sum([one.covariance for one in sources], axis=0) if sources else np.zeros((len(up), len(up)))
    size = np.sqrt(np.diag(covariance))
    errors.append(ErrorComponent("syst", size, size))
    scale = np.where(size > 0, size, 1.0)
    matrix = covariance / np.outer(scale, scale)
    np.fill_diagonal(matrix, 1.0)
    return entry(name, observables, GaussianData(np.array(central, dtype=float), tuple(errors), {"syst": matrix}, sources))


def likelihood_of(items: Any) -> Likelihood:
    chosen = tuple(one if isinstance(one, Item) else Item(one, tuple(range(len(one.observables)))) for one in items)
    return Likelihood(ToyModel(TOY.parameters), ToyData(chosen), predictions=TOY, theory_errors="none")  # type: ignore[arg-type]


def test_one_source_by_hand() -> None:
    here, there = [source("s", [0.3, 0.2], -1.0)], [source("s", [0.5, 0.4], 0.5)]
    found = cross_covariance(here, there, ["a", "b"], ["b", "a"])
    # same observable: product of the errors; different ones: times the mean of -1 and 0.5
    np.testing.assert_allclose(found, [[-0.25 * 0.15, 0.12], [0.10, -0.25 * 0.08]], rtol=1e-14, atol=0)


def test_what_only_one_entry_states_counts_fully_and_signs_decide_where_nobody_does() -> None:
    both, only_a, only_b = source("s", [0.3, 0.2], -1.0), source("s", [0.5]), source("s", [-0.4])
    assert cross_covariance([both], [only_a], ["a", "b"], ["a"]) == pytest.approx(np.array([[0.15], [-0.10]]), rel=1e-14, abs=0)
    assert cross_covariance([only_a], [only_b], ["a"], ["b"]) == pytest.approx(np.array([[-0.20]]), rel=1e-14, abs=0)


def test_several_numbers_of_one_observable_are_averaged() -> None:
    matrix = [[1.0, 0.9, 0.4], [0.9, 1.0, 0.2], [0.4, 0.2, 1.0]]
    twice, other = source("s", [1.0, 1.0, 1.0], matrix), source("s", [1.0])
    found = cross_covariance([twice], [other], ["a", "a", "b"], ["a"])
    np.testing.assert_allclose(found, [[1.0], [1.0], [0.3]], rtol=1e-14, atol=0)


def test_sources_add_up_and_only_shared_names_count() -> None:
    here = [source("s", [0.3]), source("t", [0.2]), source("u", [9.0], shared=False), source("v", [9.0])]
    there = [source("t", [-0.5]), source("s", [0.1]), source("u", [9.0]), source("w", [9.0])]
    assert shared_names(here, there) == ["s", "t"]
    assert cross_covariance(here, there, ["a"], ["a"]) == pytest.approx(np.array([[0.03 - 0.10]]), rel=1e-14, abs=0)
    np.testing.assert_array_equal(cross_covariance(here, [], ["a"], ["a"]), [[0.0]])


def three(rho: float = 1.0) -> list[Any]:
    """Three entries that share s (with one correlation everywhere) and, two of them, t."""
    return [
        measured(
            "one", ["a", "b"], [1.0, 2.0], [0.5, 0.4], source("s", [0.3, -0.2], rho), source("own", [0.1, 0.2], shared=False)
        ),
        measured("two", ["b", "c"], [2.2, 3.0], [0.3, 0.6], source("s", [-0.4, 0.5], rho), source("t", [0.2, 0.3])),
        measured("three", ["c", "a"], [3.1, 1.3], [0.4, 0.7], source("s", [0.6, 0.3], rho), source("t", [0.3, -0.2])),
    ]


def test_equals_common_nuisance_parameters() -> None:
    """With all correlations 1 a shared source is one parameter with a unit Gaussian: minimised over explicitly."""
    like = likelihood_of(three())
    central = np.array([1.0, 2.0, 2.2, 3.0, 3.1, 1.3])
    columns = [0, 1, 1, 2, 2, 0]
    stat = np.array([0.5, 0.4, 0.3, 0.6, 0.4, 0.7])
    shifts = np.array([[0.3, -0.2, -0.4, 0.5, 0.6, 0.3], [0, 0, 0.2, 0.3, 0.3, -0.2], [0.1, 0.2, 0, 0, 0, 0]])
    for point in ([0.0, 0.0, 0.0], [1.1, 2.1, 3.05], [4.0, -2.0, 1.0]):
        residual = np.array(point)[columns] - central
        # least squares over the three nuisances: rows residual/stat and the unit constraints
        design = np.vstack([shifts.T / stat[:, None], np.eye(3)])
        target = np.concatenate([residual / stat, np.zeros(3)])
        best = np.linalg.lstsq(design, target, rcond=None)[0]
        assert like.chi2(point) == pytest.approx(np.sum((target - design @ best) ** 2), rel=1e-12, abs=0)
        assert sum(pull.chi2 for pull in like.pulls(point)) == pytest.approx(like.chi2(point), rel=1e-10, abs=0)


@pytest.mark.parametrize("order", [(1, 2, 0), (2, 1, 0), (0, 2, 1)])
def test_order_of_entries_is_irrelevant(order: tuple[int, ...]) -> None:
    reference, entries = likelihood_of(three(0.4)), three(0.4)
    shuffled = likelihood_of([entries[k] for k in order])
    points = np.random.default_rng(5).uniform(-5, 5, size=(20, 3))
    np.testing.assert_allclose(shuffled.chi2(points), reference.chi2(points), rtol=1e-11, atol=0)


def correlations(like: Likelihood) -> dict[tuple[Any, Any], float]:
    keys = [(name, observable) for name, observable, _ in like.used]
    return {(keys[k], keys[j]): rho[0] for k, detail in enumerate(like.number_details) for j, rho in detail.correlations.items()}


def test_a_number_left_out_changes_nothing_between_the_others() -> None:
    """What an entry states about a number that is not used still tells how its source acts."""
    first = measured("one", ["a", "b"], [1.0, 2.0], [0.5, 0.4], source("s", [0.3, 0.2], -1.0))
    second = measured("two", ["a", "b"], [1.0, 2.0], [0.5, 0.4], source("s", [0.1, 0.2], 0.5))
    whole = correlations(likelihood_of([first, second]))
    assert whole[("one", "b"), ("two", "a")] < 0
    part = correlations(likelihood_of([Item(first, (1,)), Item(second, (0,))]))
    key = (("one", "b"), ("two", "a"))
    assert part == pytest.approx({key: whole[key], key[::-1]: whole[key]}, rel=1e-12, abs=0)


def test_without_an_entry_the_likelihood_is_that_of_the_others() -> None:
    like = likelihood_of(three(0.4)).without("two")
    alone = likelihood_of([three(0.4)[0], three(0.4)[2]])
    assert like.chi2([0.1, 0.2, 0.3]) == pytest.approx(alone.chi2([0.1, 0.2, 0.3]), rel=1e-13, abs=0)


def test_a_changed_source_is_another_problem() -> None:
    entries = three(0.4)
    hashes = {likelihood_of(entries).content_hash, likelihood_of(three(0.5)).content_hash}
    lone = measured("three", ["c", "a"], [3.1, 1.3], [0.4, 0.7], source("z", [0.6, 0.3], 0.4), source("t", [0.3, -0.2]))
    hashes.add(likelihood_of([*entries[:2], lone]).content_hash)
    assert len(hashes) == 3


def test_asymmetric_errors_are_left_independent_and_it_is_said() -> None:
    first = measured("one", ["a"], [1.0], [0.5], source("s", [0.3]))
    odd = measured("odd", ["a"], [2.0], [0.5], source("s", [0.3]), minus=[0.2])
    like = likelihood_of([first, odd])
    words = "the systematic errors that odd and one share (s) are taken as independent: the errors of odd are not symmetric"
    assert words in like.warnings
    alone = likelihood_of([first]).chi2([9.0, 0, 0]) + likelihood_of([odd]).chi2([9.0, 0, 0])
    assert like.chi2([9.0, 0, 0]) == pytest.approx(alone, rel=1e-12, abs=0)


def test_sources_that_cannot_be_are_named_with_their_entries() -> None:
    entries = [
        measured("one", ["a"], [1.0], [1e-9], source("s", [0.3])),
        measured("two", ["a"], [2.0], [1e-9], source("s", [0.2])),
        measured("three", ["b"], [2.0], [0.5], source("s", [0.2])),
    ]
    with pytest.raises(InputError, match=r"shared systematics.*\('one' with 'two'\).*not positive definite"):
        likelihood_of(entries)


def test_contradicting_correlations_can_be_impossible_together() -> None:
    """Means of contradicting statements are no common source; only the statistical errors can save them."""
    entries = [
        measured(f"e{k}", ["a", "b"], [1.0, 2.0], [0.01, 0.01], source("s", [0.3, 0.3], rho))
        for k, rho in enumerate((-1, 1, 1, 1))
    ]
    with pytest.raises(InputError, match=r"shared systematics.*'e0'.*'e1'.*not positive definite"):
        likelihood_of(entries)


def test_rho_beside_shared_sources_is_refused() -> None:
    entries = three()
    related = Relations(correlated_with=(CorrelatedWith("one", "made up", 0.3),))
    both = entry("two", ["b", "c"], entries[1].data, related)
    with pytest.raises(InputError, match=r"'one' and 'two' share s: relations\.correlated_with must not give a rho"):
        likelihood_of([entries[0], both])


@given(
    st.lists(st.lists(st.floats(-2, 2), min_size=3, max_size=3), min_size=2, max_size=5),
    st.lists(st.lists(st.sampled_from(NAMES), min_size=3, max_size=3, unique=True), min_size=5, max_size=5),
    st.floats(-0.49, 1.0),
)
def test_sources_that_agree_are_positive_semidefinite(errors: Any, observables: Any, rho: float) -> None:
    """Entries that state the same correlations share one source: the joint covariance is one of real quantities."""
    sources = [source("s", one, rho) for one in errors]
    terms, between = [], {}
    for k, one in enumerate(sources):
        # a bare source: no statistical error
        terms.append(GaussianTerm.with_covariance(f"e{k}", range(3), np.zeros(3), one.covariance))
        for m in range(k):
            between[f"e{m}", f"e{k}"] = cross_covariance([sources[m]], [one], observables[m], observables[k])
    joint = joint_covariance(terms, between)
    # below 1e-300 products lose digits
    np.testing.assert_allclose(joint, joint.T, rtol=1e-14, atol=1e-300)
    # rounding: 15 numbers of variance up to 4
    assert np.linalg.eigvalsh(joint).min() > -1e-12
