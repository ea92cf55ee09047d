"""Why a number is used or not, and what other names mean."""

from __future__ import annotations

import copy
import json
from pathlib import Path

import pytest

from fitlq.measurements import Dataset, load_measurements
from fitlq.measurements.explanation import explain
from fitlq.measurements.reasons import Reason, ReasonKind, reason_group
from fitlq_theory.errors import UnknownNameError

TERMS = """schema: fitlq-vocabulary/1
terms:
- {name: <Rmue>(X->Yll), unit: '1', meaning: a test, aliases: [R(Y+)], arguments: {q2min: [0, 9], q2max: [0, 9]}}
- {name: <Rmue>(X->Y*ll), unit: '1', meaning: a test, aliases: [R(Y*)]}
"""
ENTRY = """schema: fitlq-measurements/1
source: mine
entries:
- id: mine-ry
  kind: measurement
  process: mine
  experiment: [Mine]
  date: '2020-01-01'
  refs: {}
  observables:
  - {name: <Rmue>(X->Yll), args: {q2min: 1.0, q2max: 6.0}}
  - {name: <Rmue>(X->Yll), args: {q2min: 0.1, q2max: 1.0}}
  data:
    type: gauss
    central: [0.9, 0.8]
    errors:
      total: [0.1, 0.1]
  provenance: {level: secondary, how: made up for a test}
"""


@pytest.fixture(scope="module")
def data() -> Dataset:
    return load_measurements(as_of="2026-11-20")


@pytest.fixture
def with_mine(tmp_path: Path) -> Dataset:
    (tmp_path / "vocabulary.yaml").write_text(TERMS, encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(ENTRY, encoding="utf-8")
    return load_measurements(as_of="2026-11-20", directories=tmp_path)


@pytest.mark.parametrize("name", ["R(D*)", "Rtaul(B->D*lnu)"])
def test_an_observable_under_any_of_its_names(data: Dataset, name: str) -> None:
    (one,) = data.explain(name).quantities
    assert (one.observable, one.canonical, one.predicted) == ("R(D*)", "Rtaul(B->D*lnu)", True)
    assert [c.entry_id for c in one.chosen] == ["hflav-rdst-ckm25"]
    reasons = {c.entry_id: c.reason for c in one.left_out}
    assert reasons["babar-rd-rdst-2012"] == "inside the average hflav-rdst-ckm25"
    assert all(reasons.values())
    assert one.other_policy == "individual"
    assert "babar-rd-rdst-2012" in one.other_chosen
    assert "hflav-rdst-ckm25" not in one.other_chosen


def test_every_number_of_the_database_is_accounted_for(data: Dataset) -> None:
    everything = data.explain("*").quantities
    total = sum(len(entry.observables) for entry in data.entries.values())
    assert sum(len(one.chosen) + len(one.left_out) for one in everything) == total
    assert sum(len(one.chosen) for one in everything) == data.n_observables


def test_newest_first(data: Dataset) -> None:
    (one,) = data.explain("R(D)").quantities
    days = [data.entries[c.entry_id].date for c in one.left_out]
    assert days == sorted(days, reverse=True)


def test_the_other_way_round(data: Dataset) -> None:
    (one,) = load_measurements(as_of="2026-11-20", policy="individual").explain("R(D)").quantities
    assert (one.other_policy, one.other_chosen) == ("average", ("hflav-rdst-ckm25",))
    assert data.explain("R(D)").quantities[0].other_chosen == tuple(c.entry_id for c in one.chosen)


def test_what_the_user_took_out_has_its_reason(data: Dataset) -> None:
    (one,) = data.without("R(D)").explain("R(D)").quantities
    assert one.chosen == ()
    assert {c.entry_id: c.reason for c in one.left_out}["hflav-rdst-ckm25"] == "excluded (R(D))"


def test_it_shows_itself(data: Dataset) -> None:
    explanation = data.explain("R(D)")
    assert "used      0.358 ± 0.024" in str(explanation)
    assert "belle-rd-rdst-had-2015" in str(explanation).splitlines()[-1]
    html = explanation._repr_html_()
    assert html.count("<tr>") == 1 + 1 + len(explanation.quantities[0].left_out)
    assert "B-&gt;Dlnu" in html
    plain = explanation.to_dict()
    assert plain["quantities"][0]["chosen"][0]["value"] == "0.358 ± 0.024"


def test_what_a_fit_cannot_use_is_said(data: Dataset) -> None:
    key = ("hflav-rdst-ckm25", "R(D)", "[]")
    (one,) = explain(data, "R(D)", not_in_fit={key: "no adapter reads it"}).quantities
    assert one.chosen == ()
    assert {c.entry_id: c.reason for c in one.left_out}["hflav-rdst-ckm25"] == "no adapter reads it"


def test_alias_of_a_term_and_bins_in_order(with_mine: Dataset) -> None:
    found = with_mine.explain("R(Y+)").quantities
    assert [dict(one.arguments)["q2min"] for one in found] == [0.1, 1.0]
    assert not found[0].predicted
    text = str(with_mine.explain("R(Y+)"))
    assert "<Rmue>(X->Yll), 2 bins: q2 0.1 … 1; q2 1 … 6" in text
    assert "selected  0.80 ± 0.10; 0.90 ± 0.10  2020-01-01  mine-ry [secondary]" in text
    assert "no prediction, so no fit uses it; policy average would use the same" in with_individual(with_mine)
    assert with_mine.explain("R(Y+)").text(each=True).count("selected") == 2


def with_individual(data: Dataset) -> str:
    folder = Path(data.entries["mine-ry"].file).parent
    return str(load_measurements(as_of="2026-11-20", policy="individual", directories=folder).explain("R(Y+)"))


def test_an_alias_selects_and_is_never_a_wildcard(with_mine: Dataset) -> None:
    assert with_mine.select("R(Y+)").ids == ("mine-ry",)
    # as a wildcard R(Y*) would mean R(Y+); it is the name of something that nobody measured
    for ask in (with_mine.select, with_mine.explain):
        with pytest.raises(UnknownNameError, match=r"unknown entry, process or observable 'R\(Y\*\)'"):
            ask("R(Y*)")


def test_all_spellings_of_an_observable_are_selected_together(make_entry) -> None:
    entry = make_entry("spelt-out", "2026-01-01", observables=["Rtaul(B->Dlnu)"])
    data = load_measurements(as_of="2026-11-20").with_(entry)
    assert data.select("R(D)").ids == data.select("Rtaul(B->Dlnu)").ids == ("hflav-rdst-ckm25", "spelt-out")


@pytest.mark.parametrize("policy", ["average", "individual"])
@pytest.mark.parametrize("as_of", ["2016", "2020", "2023-06", "2026-11-20"])
def test_every_reason_belongs_to_a_group(policy: str, as_of: str) -> None:
    """The summary of a list names kinds of reasons, not single entries."""
    data = load_measurements(as_of=as_of, policy=policy)
    assert {type(out.reason) for out in data.left_out} == {Reason}
    groups = {reason_group(out.reason) for out in data.left_out}
    assert not {group for group in groups if any(name in group.split() for name in data.entries)}
    assert len(groups) <= 14


def test_a_reason_is_a_text_that_keeps_its_kind() -> None:
    reason = Reason(ReasonKind.REPLACED, "replaced by this-one")
    assert reason == "replaced by this-one"
    again = copy.deepcopy(reason)
    assert (again, again.kind) == (reason, ReasonKind.REPLACED)
    assert json.dumps(reason) == '"replaced by this-one"'
    assert reason_group(reason) == "replaced by a newer result"
    assert reason_group("not selected (R(D))") == "not selected (R(D))"
