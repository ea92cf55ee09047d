"""Rare and lepton-flavour-violating decays: numerical likelihoods against published numbers, forms, order of the leptons."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

import numpy as np
import pytest
from numpy.typing import NDArray

from fitlq.likelihood.grids import GridTerm, grid_term
from fitlq.measurements import HBAR_GEV_PS, Entry, GaussianData, GridData, LimitData, load_measurements
from fitlq.measurements.vocabulary import MeasurementVocabulary, load_terms

Real = NDArray[np.float64]


def term(entry: Entry) -> GridTerm:
    """The likelihood of an entry as a fit uses it."""
    data = entry.data
    assert isinstance(data, GridData)
    return grid_term(entry.id, list(range(len(data.axes))), data.axes, data.values, data.meaning)


def limit_above_zero(grid: GridTerm, end: float, level: float) -> float:
    """Upper end of the interval that starts at zero and holds the fraction `level` of the likelihood between 0 and `end`."""
    x = np.linspace(0.0, end, 20001)
    likelihood = np.exp(-0.5 * grid.interpolate(x[:, None]))
    cumulative = np.concatenate([[0.0], np.cumsum(likelihood[1:] + likelihood[:-1])])
    return float(np.interp(level * cumulative[-1], cumulative, x))


@pytest.mark.parametrize(
    ("name", "on_the_grid", "continued", "paper"),
    [("lhcb-bstautau-2017-grid", 7.04e-3, 7.76e-3, 6.8e-3), ("lhcb-b0tautau-2017-grid", 2.007e-3, 2.21e-3, 2.1e-3)],
)
def test_limits_of_the_tau_modes(
    shipped: Mapping[str, Entry], name: str, on_the_grid: float, continued: float, paper: float
) -> None:
    data = shipped[name].data
    assert isinstance(data, GridData)
    end = data.axes[0][-1]
    limit = limit_above_zero(term(shipped[name]), end, 0.95)
    assert limit == pytest.approx(on_the_grid, rel=1e-3, abs=0)
    # LHCb uses CLs, so the flat prior need not agree better; what the fit adds beyond the grid moves it by a further 10 %
    assert limit == pytest.approx(paper, rel=0.05, abs=0)
    assert limit_above_zero(term(shipped[name]), 3 * end, 0.95) == pytest.approx(continued, rel=0.02, abs=0)


def test_the_two_tau_grids_are_one_curve(shipped: Mapping[str, Entry]) -> None:
    first, second = (shipped[f"lhcb-{meson}tautau-2017-grid"].data for meson in ("bs", "b0"))
    assert isinstance(first, GridData)
    assert isinstance(second, GridData)
    np.testing.assert_array_equal(first.values, second.values)
    data = load_measurements(as_of="2026-11-20", representations={"lhcb-bqtautau-2017": "likelihood"})
    assert "lhcb-bqtautau-2017" not in data


def interval(axis: Real, profile: Real) -> tuple[float, float]:
    """Where the profile of -2 ln L is within 1 of its minimum."""
    inside = axis[profile <= profile.min() + 1]
    return float(inside[0]), float(inside[-1])


# published 68 % intervals of BR(Bs -> mu mu) in 1e-9, statistical and systematic errors in quadrature
PUBLISHED = {
    "lhcb-bsmumu-2021-grid": (3.09 - np.hypot(0.43, 0.11), 3.09 + np.hypot(0.46, 0.15)),
    "cms-bsmumu-2022-grid": (3.83 - np.hypot(0.36, 0.21), 3.83 + np.hypot(0.38, 0.24)),
    "atlas-bsmumu-2018-grid": (2.1, 3.6),
    "cms-bsmumu-2019-grid": (2.9 - np.hypot(0.6, 0.2), 2.9 + np.hypot(0.7, 0.2)),
    "lhcb-bsmumu-2017-grid": (3.0 - np.hypot(0.6, 0.2), 3.0 + np.hypot(0.6, 0.3)),
    "lhc-comb-bsmumu-2020-grid": (2.69 - 0.35, 2.69 + 0.37),
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_dimuon_likelihoods_have_the_published_intervals(shipped: Mapping[str, Entry], name: str) -> None:
    data = shipped[name].data
    assert isinstance(data, GridData)
    profile = data.restricted([0])
    axis = np.linspace(1e-9, 5e-9, 4001)
    grid = grid_term(name, [0], profile.axes, profile.values, profile.meaning)
    low, high = interval(axis, grid.interpolate(axis[:, None]))
    # a sixth of the width: the grids were read from figures by others
    lower, upper = 1e-9 * PUBLISHED[name][0], 1e-9 * PUBLISHED[name][1]
    np.testing.assert_allclose([low, high], [lower, upper], rtol=0, atol=(upper - lower) / 6)


def moments(minus_two_log: Real, x: Real, y: Real) -> tuple[float, float, float, float, float]:
    weight = np.exp(-0.5 * (minus_two_log - minus_two_log.min()))
    weight /= weight.sum()
    mean_x, mean_y = float((weight * x).sum()), float((weight * y).sum())
    variance_x, variance_y = float((weight * (x - mean_x) ** 2).sum()), float((weight * (y - mean_y) ** 2).sum())
    mixed = float((weight * (x - mean_x) * (y - mean_y)).sum())
    return mean_x, mean_y, variance_x**0.5, variance_y**0.5, mixed / (variance_x * variance_y) ** 0.5


def test_the_product_of_the_three_likelihoods_is_the_average(shipped: Mapping[str, Entry]) -> None:
    """Why the likelihoods are the default form: with the printed numbers the average is missed by 0.2 errors."""
    names = ("lhcb-bsmumu-2021-grid", "cms-bsmumu-2022-grid", "atlas-bsmumu-2018-grid")
    x, y = np.meshgrid(np.linspace(2e-9, 5e-9, 301), np.linspace(0, 4e-10, 201), indexing="ij")
    points = np.stack([x, y], axis=-1)
    total = np.sum([term(shipped[name]).interpolate(points) for name in names], axis=0)
    mean, _, error, _, correlation = moments(total, x, y)
    average = shipped["gsss-bsmumu-2022"].data
    assert isinstance(average, GaussianData)
    sigma = float(average.plus[0])
    assert mean == pytest.approx(float(average.central[0]), abs=0.1 * sigma)
    assert error == pytest.approx(sigma, rel=0.05, abs=0)
    assert -0.3 < correlation < -0.1


SETS = {
    "lhcb": {"lhcb-bsmumu-2017-grid", "lhcb-bsmumu-2017", "lhcb-bsmumu-2021-grid", "lhcb-bsmumu-2021", "lhcb-bdmumu-2021"},
    "cms": {"cms-bsmumu-2019-grid", "cms-bsmumu-2019", "cms-bsmumu-2022-grid", "cms-bsmumu-2022", "cms-bdmumu-2022"},
    "atlas": {"atlas-bsmumu-2018-grid", "atlas-bsmumu-2018"},
    "averages": {
        "gsss-bsmumu-2022",
        "as-bsmumu-2021",
        "pdg-bsmumu-2026",
        "lhc-comb-bsmumu-2020",
        "lhc-comb-bsmumu-2020-grid",
    },
}


@pytest.mark.parametrize("day", ["2017-12-31", "2019-12-31", "2020-12-31", "2021-12-31", "2022-12-31", "2026-11-20"])
@pytest.mark.parametrize("policy", ["average", "individual"])
def test_dimuon_data_are_used_once(day: str, policy: str) -> None:
    data = load_measurements(as_of=day, policy=policy)
    used = set(data.ids)
    for names in SETS.values():
        assert len(names & used) <= 1
    assert bool(SETS["averages"] & used) == (policy == "average" and day >= "2020-12-31")
    assert not (SETS["averages"] & used and used & (SETS["lhcb"] | SETS["cms"] | SETS["atlas"]))
    assert used & set().union(*SETS.values())


def test_the_average_without_the_second_mode_leaves_the_profiles() -> None:
    data = load_measurements(as_of="2026-11-20", representations={"bsmumu-average": "pdg"})
    assert "pdg-bsmumu-2026" in data
    item = data["lhcb-bsmumu-2021-grid"]
    assert [one.name for one in item.references] == ["BR(B0->mumu)"]
    profile = item.data
    assert isinstance(profile, GridData)
    low, high = interval(profile.axes[0], -2 * np.log(profile.values))
    # (1.2 +0.8 -0.7 +- 0.1)e-10, on nodes 0.13e-10 apart
    np.testing.assert_allclose([low, high], [0.5e-10, 2.0e-10], rtol=0, atol=0.2e-10)


@pytest.mark.parametrize(
    ("name", "picoseconds"),
    [("lhcb-bsmumu-lifetime-2021", 2.07), ("cms-bsmumu-lifetime-2022", 1.83), ("atlas-bsmumu-lifetime-2023", 0.99)],
)
def test_lifetimes_are_read_in_inverse_gev(shipped: Mapping[str, Entry], name: str, picoseconds: float) -> None:
    data = shipped[name].data
    assert isinstance(data, GaussianData)
    assert data.central[0] == pytest.approx(picoseconds / HBAR_GEV_PS, rel=1e-14, abs=0)


def test_the_lifetime_given_in_inverse_gev_is_that_of_the_note(shipped: Mapping[str, Entry]) -> None:
    data = shipped["lhcb-bsmumu-lifetime-2017"].data
    assert isinstance(data, GaussianData)
    assert [round(float(x) * HBAR_GEV_PS, 2) for x in (data.central[0], *(c.plus[0] for c in data.errors))] == [2.04, 0.44, 0.05]


@pytest.mark.parametrize("policy", ["average", "individual"])
def test_a_new_limit_of_meg_is_used_with_both_policies(policy: str) -> None:
    data = load_measurements(as_of="2026-11-20", policy=policy).select("BR(mu->egamma)")
    assert data.ids == ("meg-muegamma-2016", "meg2-muegamma-2025")


# What the abstracts say: entry, name in the database, final state as printed, upper limit
ABSTRACTS = [
    ("lhcb-bkmue-2019", "BR(B+->Kmue)", "K+ mu- e+", 7.0e-9),
    ("lhcb-bkmue-2019", "BR(B+->Kemu)", "K+ mu+ e-", 6.4e-9),
    ("lhcb-bkmutau-2020", "BR(B+->Kmutau)", "K+ mu- tau+", 3.9e-5),
    ("belle-bkstmue-2018", "BR(B0->K*emu)", "K*0 mu+ e-", 1.2e-7),
    ("belle-bkstmue-2018", "BR(B0->K*mue)", "K*0 mu- e+", 1.6e-7),
    ("lhcb-bkstmue-2022", "BR(B0->K*emu)", "K*0 mu+ e-", 5.7e-9),
    ("lhcb-bkstmue-2022", "BR(B0->K*mue)", "K*0 mu- e+", 6.8e-9),
    ("na62-kpimue-2021", "BR(K+->pimue)", "pi+ mu- e+", 6.6e-11),
    ("e865-kpimue-2005", "BR(K+->piemu)", "pi+ mu+ e-", 1.3e-11),
    ("na62-kpimue-2021", "BR(pi0->mue)", "mu- e+", 3.2e-10),
    ("lhcb-dp2pill-2020", "BR(D+->pimue)", "pi+ e+ mu-", 2.1e-7),
    ("lhcb-dp2piemu-2020", "BR(D+->piemu)", "pi+ e- mu+", 2.2e-7),
    ("babar-bhtaul-2012-limits", "BR(B+->Ktaumu)", "K+ tau- mu+", 4.5e-5),
    ("babar-bhtaul-2012-limits", "BR(B+->Ketau)", "K+ tau+ e-", 1.5e-5),
]


@pytest.mark.parametrize(("entry", "name", "state", "upper"), ABSTRACTS)
def test_the_negative_lepton_is_named_first(
    shipped: Mapping[str, Entry], entry: str, name: str, state: str, upper: float
) -> None:
    data = shipped[entry].data
    assert isinstance(data, LimitData)
    assert data.upper is not None
    index = [one.name for one in shipped[entry].observables].index(name)
    assert data.upper[index] == pytest.approx(upper, rel=1e-12, abs=0)
    charged = re.findall(r"(tau|mu|e)([+-])", state)
    first, second = sorted(charged, key=lambda pair: pair[1], reverse=True)  # "-" sorts after "+"
    assert name.endswith(f"{first[0]}{second[0]})")
    assert f"{first[0]}- {second[0]}+" in load_terms()[name].meaning


def test_names_with_written_charges_mean_the_same_mode() -> None:
    vocabulary = MeasurementVocabulary()
    found = defaultdict(set)
    for term_of_file in load_terms().values():
        for alias in term_of_file.aliases:
            # in the decay of a tau all three leptons are named, the unlike charge in the middle
            match = re.fullmatch(r"BR\((?!tau->).*?(tau|mu|e)([+-])(tau|mu|e)([+-])\)", alias)
            if match and match[2] != match[4]:
                negative, positive = (match[1], match[3]) if match[2] == "-" else (match[3], match[1])
                assert term_of_file.name.endswith(f"{negative}{positive})"), alias
                found[term_of_file.name].add(alias)
    assert len(found) > 20
    assert vocabulary.resolve("BR(B+->K+mu-tau+)") == "BR(B+->Kmutau)"
    assert vocabulary.resolve("BR(B0->K*0mu+e-)") == "BR(B0->K*emu)"


def test_no_name_holds_free_text(shipped: Mapping[str, Entry]) -> None:
    for entry in shipped.values():
        if entry.process.startswith("lfv") or entry.process in ("bqll", "charm_rare", "w_lfu", "tau_lfu"):
            for one in entry.observables:
                assert "[" not in one.name
                assert "both" not in one.name


def ratio_error(data: GaussianData, i: int, j: int) -> float:
    """Error of the ratio of two correlated numbers of one entry."""
    relative = data.covariance(np.ones(len(data.central))) / np.outer(data.central, data.central)
    variance = relative[i, i] + relative[j, j] - 2 * relative[i, j]
    return float(data.central[i] / data.central[j] * np.sqrt(variance))


@pytest.mark.parametrize(
    ("name", "pair", "value", "error"),
    [
        # ratios of the same paper that were published beside the branching fractions
        ("lep-w-lept-2013", (1, 0), 0.993, 0.019),
        ("lep-w-lept-2013", (2, 0), 1.063, 0.027),
        ("lep-w-lept-2013", (2, 1), 1.070, 0.026),
        ("hflav-tau-2014", (0, 1), 0.9761, 0.0028),
        ("hflav-tau-2014", (2, 1), 0.6069, 0.0032),
        ("hflav-tau-2014", (3, 1), 0.03903, 0.00054),
    ],
)
def test_correlations_reproduce_published_ratios(
    shipped: Mapping[str, Entry], name: str, pair: tuple[int, int], value: float, error: float
) -> None:
    data = shipped[name].data
    assert isinstance(data, GaussianData)
    assert data.central[pair[0]] / data.central[pair[1]] == pytest.approx(value, abs=0.05 * error)
    # printed with two digits
    assert ratio_error(data, *pair) == pytest.approx(error, rel=0.03, abs=0)
