"""Values in one line, entries in words, and what changed between two days."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from fitlq.measurements import (
    Entry,
    MeasurementVocabulary,
    Term,
    check_paths,
    describe_entry,
    describe_value,
    diff_datasets,
    diff_measurements,
    format_measured,
    load_measurements,
    load_terms,
    read_entry,
)
from fitlq_theory.errors import InputError, UnknownNameError


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ((0.358, 0.024, 0.024), "0.358 ± 0.024"),
        ((1.30e-10, 0.33e-10, 0.30e-10), "1.30 (+0.33 -0.30) e-10"),
        ((1.38e-5, 0.35e-5, 0.35e-5), "(1.38 ± 0.35) e-05"),
        ((-0.38, 0.55, 0.53), "-0.38 (+0.55 -0.53)"),
        ((0.0, 0.1, 0.1), "0.00 ± 0.10"),
        ((80369.2, 13.3, 13.3), "80369 ± 13"),
        ((173000.0, 4000.0, 3000.0), "1.730 (+0.040 -0.030) e+05"),
        ((-1.3e-30, 2.1e-30, 2.1e-30), "(-1.3 ± 2.1) e-30"),
    ],
)
def test_values_with_errors(numbers: tuple[float, float, float], text: str) -> None:
    assert format_measured(*numbers) == text


@pytest.mark.parametrize(
    ("name", "index", "text"),
    [
        ("hflav-rdst-ckm25", 1, "0.281 ± 0.011"),
        ("na62-kpinunu-2024", 0, "1.30 (+0.33 -0.30) e-10"),
        ("koto-klpinunu-2024", 0, "< 2.2e-09 (90% CL)"),
        ("babar-b2knunu-had-2013", 1, "< 8.1e-05 (90% CL), 3 events, 2.9 ± 0.2 background"),
        (
            "belle2-bp2kpnunu-likelihood-2025",
            0,
            "likelihood kept elsewhere: HistFactory (pyhf), 10.17182/hepdata.166082",
        ),
    ],
)
def test_one_line_per_number(shipped: Mapping[str, Entry], name: str, index: int, text: str) -> None:
    assert describe_value(shipped[name], index) == text


def test_an_entry_in_words(shipped: Mapping[str, Entry]) -> None:
    text = describe_entry(shipped["belle2-rd-rdst-sl-2025"])
    assert text.splitlines()[0] == "belle2-rd-rdst-sl-2025  (measurement, Belle II, 2025-04)"
    for part in (
        "R(D*)  0.306 ± 0.038",
        "correlation (total): -0.22",
        "arxiv: 2504.11220",
        "checked: primary",
        "independent of: ",
    ):
        assert part in text
    assert all(describe_entry(entry) for entry in shipped.values())


def test_what_changed_between_two_days() -> None:
    changes = {change.observable: change for change in diff_measurements("2021-12", "2026-06")}
    rd = changes["R(D)"]
    assert (rd.kind, rd.old_ids, rd.new_ids) == ("superseded", ("hflav-rd-rdst-spring19",), ("hflav-rdst-ckm25",))
    assert rd.old_value == pytest.approx(0.340, rel=1e-14, abs=0)
    assert rd.new_value == pytest.approx(0.358, rel=1e-14, abs=0)
    # (0.358 - 0.340) / sqrt(0.027^2 + 0.013^2)
    assert rd.pull == pytest.approx(0.018 / (0.027**2 + 0.013**2) ** 0.5, rel=1e-12, abs=0)
    assert changes["R(Lambda_c)"].kind == "new"
    assert changes["R(Lambda_c)"].old_ids == ()
    assert changes["BR(KL->pinunu)"].new_value == pytest.approx(2.2e-9, rel=1e-14, abs=0)
    assert changes["BR(KL->pinunu)"].pull is None
    assert "R_trident" not in changes


def test_policies_differ_and_going_back_removes() -> None:
    back = {change.observable: change for change in diff_measurements("2026-06", "2021-12", policy="individual")}
    assert back["R(Lambda_c)"].kind == "removed"
    assert back["R(D)"].kind == "removed"
    assert back["R(D*)"].kind == "superseded"
    assert "babar-rd-rdst-2012" in back["R(D*)"].new_ids


def test_shifted_content_is_seen(shipped: Mapping[str, Entry]) -> None:
    dataset = load_measurements(as_of="2026-11-20")
    document = dict(shipped["ccfr-trident-1991"].document)
    document["data"] = {**document["data"], "central": [0.83]}
    (change,) = diff_datasets(dataset, dataset.with_(read_entry(document)))
    assert (change.kind, change.observable, change.args) == ("shifted", "R_trident", {})
    assert "0.82 ± 0.28" in change.old_text
    assert "0.83 ± 0.28" in change.new_text
    assert diff_datasets(dataset, dataset) == ()


def test_shipped_terms_explain_themselves() -> None:
    terms = load_terms()
    assert terms["R(J/psi)"].unit == "1"
    assert all(term.meaning for term in terms.values())


def test_vocabulary_knows_terms_and_their_arguments() -> None:
    vocabulary = MeasurementVocabulary([], {"x": Term("x", "1", "a test", ("other x",), {"q2min": (0.0, 8.0), "q2max": None})})
    assert vocabulary.resolve("x") == "x"
    assert not vocabulary.predicted("x")
    assert vocabulary.check_arguments("x", {"q2min": 1.0}) is None
    assert vocabulary.check_arguments("x", {"q2min": 9.0}) == "x: q2min = 9 is outside 0 to 8"
    assert vocabulary.resolve("other x") == "x"
    assert vocabulary.check_arguments("x", {"tag": 1.0}) == "x takes no argument 'tag' (allowed: q2min, q2max)"
    with pytest.raises(UnknownNameError):
        vocabulary.resolve("y")


def test_a_user_folder_can_name_new_quantities(tmp_path: Path) -> None:
    (tmp_path / "vocabulary.yaml").write_text(
        "schema: fitlq-vocabulary/1\nterms:\n- {name: R(Xi), unit: '1', meaning: a test}\n", encoding="utf-8"
    )
    assert "R(Xi)" in load_terms([tmp_path])
    (tmp_path / "vocabulary.yaml").write_text("schema: fitlq-vocabulary/1\nterms:\n- {name: R(Xi)}\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"terms\[0\]: needs name \(or a list names\), unit, meaning"):
        load_terms([tmp_path])
    vocabulary = MeasurementVocabulary([], {})
    assert [one.key for one in check_paths([tmp_path], vocabulary)] == ["terms[0]"]
