"""Properties of the selection on the shipped data for any day and policy."""

from __future__ import annotations

import datetime
import os
import random
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable, Mapping
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fitlq.measurements import Dataset, Entry, MeasurementError, ObservableReference
from fitlq.measurements.dataset import build_dataset
from fitlq.measurements.selection import Policy, Rules

DAYS = st.dates(datetime.date(1995, 1, 1), datetime.date(2027, 12, 31))
POLICIES = st.sampled_from(["average", "individual"])


def _dataset(entries: Mapping[str, Entry], day: datetime.date, policy: Policy, unverified: bool = False) -> Dataset:
    return build_dataset(entries, Rules(day, policy, ("unverified",) if unverified else ()))


def _pairs(dataset: Dataset) -> set[tuple[str, int]]:
    return {(item.entry.id, index) for item in dataset for index in item.indices}


def _common_part(one: ObservableReference, other: ObservableReference) -> bool:
    """The same arguments, or bins in q2 with a common part (written anew here, not with the code under test)."""
    if one.arguments == other.arguments:
        return True
    edges = [reference.args for reference in (one, other)]
    if any(set(args) != {"q2min", "q2max"} for args in edges):
        return False
    return max(float(args["q2min"]) for args in edges) < min(float(args["q2max"]) for args in edges)


@settings(max_examples=60, deadline=None)
@given(day=DAYS, policy=POLICIES, unverified=st.booleans())
def test_nothing_is_counted_twice(shipped: Mapping[str, Entry], day: datetime.date, policy: Policy, unverified: bool) -> None:
    """Independent of the linter: same quantity twice only from different experiments or if declared independent."""
    uses: dict[str, list[tuple[Entry, ObservableReference]]] = defaultdict(list)
    for item in _dataset(shipped, day, policy, unverified):
        for reference in item.references:
            uses[reference.name].append((item.entry, reference))
    pairs = (pair for ones in uses.values() for pair in combinations(ones, 2))
    for (one, first), (two, second) in pairs:
        if not _common_part(first, second) or one is two:
            continue
        declared = one.id in two.relations.independent_of or two.id in one.relations.independent_of
        assert declared or not set(one.experiment) & set(two.experiment)
        for average, other in ((one, two), (two, one)):
            assert other.id not in average.relations.inputs
            assert all(superseded.id != other.id for superseded in average.relations.supersedes if not superseded.observables)


@settings(max_examples=60, deadline=None)
@given(day=DAYS, policy=POLICIES)
def test_every_number_is_used_or_left_out_with_a_reason(shipped: Mapping[str, Entry], day: datetime.date, policy: Policy) -> None:
    dataset = _dataset(shipped, day, policy)
    used = sum(len(item.indices) for item in dataset)
    assert used + len(dataset.left_out) == sum(len(entry.observables) for entry in shipped.values())
    assert all(out.reason for out in dataset.left_out)
    assert all(item.entry.date <= day and item.entry.provenance.level != "unverified" for item in dataset)


@settings(max_examples=40, deadline=None)
@given(days=st.tuples(DAYS, DAYS).map(sorted), policy=POLICIES)
def test_what_exists_stays_and_what_was_replaced_does_not_return(
    shipped: Mapping[str, Entry], days: list[datetime.date], policy: Policy
) -> None:
    earlier, later = (_dataset(shipped, day, policy) for day in days)

    def having(dataset: Dataset, word: str) -> set[tuple[str, str]]:
        return {(out.entry_id, str(out.reference)) for out in dataset.left_out if out.reason.startswith(word)}

    assert having(later, "dated") <= having(earlier, "dated")
    assert having(earlier, "replaced by") <= having(later, "replaced by")


@settings(max_examples=25, deadline=None)
@given(day=DAYS, policy=POLICIES, seed=st.integers(0, 2**32 - 1))
def test_the_order_of_files_and_entries_does_not_matter(
    shipped: Mapping[str, Entry], day: datetime.date, policy: Policy, seed: int
) -> None:
    names = list(shipped)
    random.Random(seed).shuffle(names)  # noqa: S311 - not for cryptography
    straight, shuffled = _dataset(shipped, day, policy), _dataset({n: shipped[n] for n in names}, day, policy)
    assert straight.content_hash == shuffled.content_hash
    assert straight.left_out == shuffled.left_out
    assert straight.warnings == shuffled.warnings


@settings(max_examples=25, deadline=None)
@given(day=DAYS)
def test_both_policies_measure_the_same_quantities(shipped: Mapping[str, Entry], day: datetime.date) -> None:
    def quantities(policy: Policy) -> set[str]:
        return {str(reference).split(" (")[0] for item in _dataset(shipped, day, policy) for reference in item.references}

    assert quantities("average") == quantities("individual")


@pytest.mark.slow
def test_the_hash_seed_does_not_matter() -> None:
    code = (
        "from fitlq.measurements import load_measurements as load\n"
        "for policy in ('average', 'individual'):\n"
        "    d = load(as_of='2024-12', policy=policy); print(d.content_hash, d.left_out, d.warnings)"
    )
    root = Path(__file__).parents[3]
    printed = set()
    for seed in ("0", "1", "12345"):
        environment = {
            **os.environ,
            "PYTHONHASHSEED": seed,
            "PYTHONPATH": os.pathsep.join([str(root), str(root / "theory")]),
        }
        run = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        printed.add(run.stdout)
    assert len(printed) == 1


@settings(max_examples=150, deadline=None)
@given(seed=st.integers(0, 2**32 - 1), policy=POLICIES)
def test_with_any_relations_either_it_is_refused_or_no_data_enter_twice(
    make_entry: Callable[..., Entry], seed: int, policy: Policy
) -> None:
    """On invented databases with random ties; what is used never stands for the same entry, and never for none."""
    rng = random.Random(seed)  # noqa: S311 - not for cryptography
    entries: dict[str, Entry] = {}
    content: dict[str, set[str]] = {}
    for number in range(rng.randint(2, 7)):
        name, older = f"entry-{number}", list(entries)
        kind = rng.choice(["measurement", "measurement", "average", "reinterpretation"])
        replaced = rng.sample(older, 1) if older and rng.random() < 0.5 else []
        inputs = rng.sample(older, rng.randint(1, len(older))) if older and kind != "measurement" else []
        relations = {"supersedes": replaced, "inputs": inputs}
        experiment = rng.choice(["Common", name, name, name])
        entries[name] = make_entry(name, f"{2010 + number}", kind=kind, experiment=[experiment], relations=relations)
        content[name] = {name}.union(*(content[one] for one in [*replaced, *inputs]))
    try:
        used = _dataset(entries, datetime.date(2030, 1, 1), policy).ids
    except MeasurementError:
        return
    assert used
    assert all(content[one].isdisjoint(content[two]) for one, two in combinations(used, 2))
