"""b -> s l l in the shipped files: no data used twice, covariance matrices that can be inverted, conventions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import combinations

import numpy as np
import pytest

from fitlq.measurements import Entry, GaussianData, load_measurements
from fitlq.measurements.entry import ObservableReference
from fitlq.measurements.overlapping_bins import bins_overlap
from fitlq.measurements.selection import Policy

PROCESSES = frozenset(
    ["b2smumu_ang", "b2smumu_br", "b2smumu_baryon", "b2see", "b2sll_incl", "b2sgamma", "rk", "normalisation", "b2stautau"]
)
DAYS = ["2013-12-31", "2016-12-31", "2018-12-31", "2020-12-31", "2022-12-31", "2024-12-31", "2026-11-20"]
POLICIES: list[Policy] = ["average", "individual"]
# FL stands in both bases
S_BASIS = {"S3", "S4", "S5", "S7", "S8", "S9", "AFB"}
P_BASIS = {"P1", "P2", "P3", "P4p", "P5p", "P6p", "P8p"}


@cache
def _used(day: str, policy: Policy) -> Mapping[str, tuple[int, ...]]:
    """Entries of these processes in play and the places of the observables used."""
    data = load_measurements(as_of=day, policy=policy)
    return {one.entry.id: one.indices for one in data if one.entry.process in PROCESSES}


def _forms(shipped: Mapping[str, Entry], used: Mapping[str, tuple[int, ...]]) -> Iterator[tuple[str, set[str]]]:
    forms: dict[str, set[str]] = defaultdict(set)
    for name in used:
        representation = shipped[name].representation
        if representation:
            forms[representation.group].add(representation.name)
    yield from forms.items()


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("day", DAYS)
def test_one_form_of_each_data_set(shipped: Mapping[str, Entry], day: str, policy: Policy) -> None:
    used = _used(day, policy)
    assert used
    for group, names in _forms(shipped, used):
        assert len(names) == 1, (group, names)


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("day", DAYS)
def test_no_analysis_in_two_bases(shipped: Mapping[str, Entry], day: str, policy: Policy) -> None:
    """S and P of one paper never together, whatever the groups say: compared by experiment, decay and reference."""
    bases: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for name, indices in _used(day, policy).items():
        entry = shipped[name]
        paper = str(entry.refs.get("arxiv") or entry.refs.get("report"))
        for index in indices:
            quantity, _, decay = entry.observables[index].name.partition("(")
            letter = quantity.strip("<>")
            # P1, P2 of K* e e stand for A_T^(2) and A_T^Re, the only form published
            basis = "S" if letter in S_BASIS else "P" if letter in P_BASIS else ""
            if basis:
                bases["/".join(entry.experiment), decay, paper].add(basis)
    assert bases
    assert not {key for key, found in bases.items() if len(found) > 1}


@pytest.mark.parametrize("policy", POLICIES)
@pytest.mark.parametrize("day", DAYS)
def test_no_overlapping_bins_unless_declared_independent(shipped: Mapping[str, Entry], day: str, policy: Policy) -> None:
    by_name: dict[str, list[tuple[Entry, ObservableReference]]] = defaultdict(list)
    for name, indices in _used(day, policy).items():
        for index in indices:
            by_name[shipped[name].observables[index].name].append((shipped[name], shipped[name].observables[index]))
    assert len(by_name) > 8
    for (one, first), (other, second) in (pair for numbers in by_name.values() for pair in combinations(numbers, 2)):
        same = first.arguments == second.arguments and one.id != other.id
        if set(one.experiment) & set(other.experiment) and (same or bins_overlap(first.arguments, second.arguments)):
            declared = other.id in one.relations.independent_of or one.id in other.relations.independent_of
            assert declared, (one.id, other.id, str(first), str(second))


def test_every_form_can_be_asked_for(shipped: Mapping[str, Entry]) -> None:
    groups: dict[str, list[str]] = defaultdict(list)
    for entry in shipped.values():
        form = entry.representation
        usable = entry.process in PROCESSES and entry.provenance.level != "unverified"
        if usable and form and form.name not in groups[form.group]:
            groups[form.group].append(form.name)
    # the n-th form of every data set at once
    for number in range(max(map(len, groups.values()))):
        wanted = {group: names[min(number, len(names) - 1)] for group, names in groups.items() if names}
        data = load_measurements(as_of="2026-11-20", representations=wanted)
        forms = [one.entry.representation for one in data if one.entry.representation]
        found = {form.group: form.name for form in forms if form.group in wanted}
        assert found
        # a group that is not there is replaced by a newer result, in all its forms
        assert found.items() <= wanted.items()


def _gaussian(shipped: Mapping[str, Entry]) -> Iterator[tuple[str, GaussianData]]:
    for entry in shipped.values():
        if entry.process in PROCESSES and isinstance(entry.data, GaussianData):
            yield entry.id, entry.data


def test_covariance_matrices_are_positive_definite(shipped: Mapping[str, Entry]) -> None:
    """For the errors upward, downward and mixed; the correlation part, as the sizes of dB/dq2 and S_i differ by 1e7."""
    draw = np.random.default_rng(1)
    for name, data in _gaussian(shipped):
        count = data.central.size
        sides = [None, np.ones(count), -np.ones(count), draw.choice([-1.0, 1.0], count)]
        for side in sides:
            covariance = data.covariance(side)
            errors = np.sqrt(np.diagonal(covariance))
            eigenvalues = np.linalg.eigvalsh(covariance / np.outer(errors, errors))
            # the smallest one found is 0.03: far from where an inverse loses digits
            assert eigenvalues[0] > 0.01, (name, eigenvalues[0])
            assert eigenvalues[-1] / eigenvalues[0] < 1e3, name


def test_lhcb_2025_one_matrix_over_all_bins(shipped: Mapping[str, Entry]) -> None:
    data = shipped["lhcb-b2kstmumu-2025-s-narrow"].data
    assert isinstance(data, GaussianData)
    observables = shipped["lhcb-b2kstmumu-2025-s-narrow"].observables
    assert data.correlations["total"].shape == (82, 82)
    rates = [index for index, one in enumerate(observables) if one.name.startswith("<dBR/dq2>")]
    assert len(rates) == 8
    between = data.correlations["total"][np.ix_(rates, rates)][np.triu_indices(8, 1)]
    # the normalisation, 4.5 percent of each value, is common to all bins and the largest part of the errors
    assert between.min() == pytest.approx(0.41, abs=1e-9)
    assert between.max() == pytest.approx(0.70, abs=1e-9)
    polarisation = {one.args["q2min"]: index for index, one in enumerate(observables) if one.name == "<FL>(B0->K*mumu)"}
    first = {one.args["q2min"]: index for index, one in enumerate(observables) if one.name == "<S1c>(B0->K*mumu)"}
    # S1c is a number of its own: equal to FL for massless leptons only
    assert data.central[polarisation[0.06]] == 0.294
    assert data.central[first[0.06]] == 0.238


def test_cms_2024_is_in_the_convention_of_lhcb(shipped: Mapping[str, Entry]) -> None:
    """Both experiments measure P5p and P4p in 4.3-6 and 4-6; in the convention of CMS P4p is twice as large."""

    def value(name: str, observable: str, lower: float) -> float:
        entry = shipped[name]
        assert isinstance(entry.data, GaussianData)
        places = [i for i, one in enumerate(entry.observables) if one.name == observable and one.args["q2min"] == lower]
        return float(entry.data.central[places[0]])

    published = {"<P4p>(B0->K*mumu)": -0.436, "<P6p>(B0->K*mumu)": 0.0, "<P8p>(B0->K*mumu)": 0.157}
    factors = {"<P4p>(B0->K*mumu)": 0.5, "<P6p>(B0->K*mumu)": -1.0, "<P8p>(B0->K*mumu)": -0.5}
    for observable, number in published.items():
        here = value("cms-b2kstmumu-2024-1.1-2", observable, 1.1)
        assert here == pytest.approx(number * factors[observable], rel=1e-12, abs=0)
    cms = value("cms-b2kstmumu-2024-4.3-6", "<P4p>(B0->K*mumu)", 4.3)
    lhcb = value("lhcb-b2kstmumu-2025-p-narrow", "<P4p>(B0->K*mumu)", 4.0)
    # -0.47 and -0.49, each known to about 0.1; twice the one would be off by 0.5
    assert cms == pytest.approx(lhcb, abs=0.2)


def test_renormalised_lambda_b_numbers_follow_from_the_published_ones(shipped: Mapping[str, Entry]) -> None:
    factor = 3.34e-4 / 6.3e-4
    for suffix in ("", "-wide"):
        old, new = (
            shipped[f"lhcb-lambdab2lambdamumu-2015-br{suffix}"].data,
            shipped[f"lhcb-lb2lmumu-br-2015-norm2025{suffix}"].data,
        )
        assert isinstance(old, GaussianData)
        assert isinstance(new, GaussianData)
        # written with three digits
        np.testing.assert_allclose(new.central, old.central * factor, rtol=5e-3, atol=0)
        normalisation = next(one for one in new.errors if one.label == "syst")
        relative = np.hypot(np.hypot(0.02, 0.10), np.hypot(0.08, 0.28)) / 3.34
        np.testing.assert_allclose(normalisation.plus, new.central * relative, rtol=0.05, atol=0)
        np.testing.assert_array_equal(new.correlations["syst"], np.ones_like(new.correlations["syst"]))


def test_what_is_used_today(shipped: Mapping[str, Entry]) -> None:
    used = _used("2026-11-20", "average")
    expected = {
        "lhcb-b2kstmumu-2025-s-narrow",
        "lhcb-b2kstmumu-2025-cpasym-narrow",
        "lhcb-bp2kstmumu-2020-s-1.1-2.5",
        "lhcb-bs2phimumu-2021-15.0-18.9-gev-2",
        "lhcb-bs2phimumu-br-2021",
        "lhcb-bp2kmumu-rate-2014",
        "atlas-b2kstmumu-2018-s-2-4",
        "cms-b2kstmumu-2017-1-2",
        "cms-b2kstmumu-2024-1.1-2",
        "cms-bp2kmumu-br-2024",
        "lhcb-rk-rkst-2022",
        "lhcb-rks-2021-likelihood",
        "belle-rk-2021-bins",
        "bmvd-lb2lmumu-br-2019",
    }
    assert expected <= set(used)
    unused = {
        name for name in shipped if name.startswith(("lhcb-b2kstmumu-2020", "lhcb-b02kstmumu-br-2016", "atlas-b2kstmumu-2017"))
    }
    assert unused
    assert not unused & set(used)
    # averages of one ratio at a time, numbers nobody has compared with the paper
    assert not {"hflav-rk-dec25", "lhcb-b2stautau-2025", "lhcb-rphi-2024"} & set(used)
