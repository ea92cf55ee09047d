"""What the data look like on the terminal: lists, reasons, differences, on an invented database that does not change."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

GOLDEN = Path(__file__).parent / "golden"
DATABASE = Path(__file__).parents[1] / "data" / "invented_database"


@pytest.fixture
def invented(run, monkeypatch: pytest.MonkeyPatch) -> Callable[..., object]:
    """`run` with the invented database in the place of the shipped one."""
    monkeypatch.setattr("fitlq.measurements.locations.measurements_root", lambda: DATABASE)
    return run


@pytest.mark.parametrize(
    ("file", "words"),
    [
        ("measurements.txt", ("measurements", "--as-of", "2023-12")),
        ("measurements_all.txt", ("measurements", "--as-of", "2023-12", "--all")),
        ("measurements_process.txt", ("measurements", "shapes", "--as-of", "2024")),
        ("measurements_observable.txt", ("measurements", "R(D*)", "--as-of", "2023-12")),
        ("measurements_stale.txt", ("measurements", "--stale", "--as-of", "2023-12", "--policy", "individual")),
        ("measurements_forms.txt", ("measurements", "--forms")),
        ("show_term.txt", ("show", "Shape(Y)", "--as-of", "2023-12")),
        ("diff.txt", ("diff", "--from", "2020", "--to", "2024-12")),
        ("diff_pattern.txt", ("diff", "shapes", "--from", "2021-06", "--to", "2024-12")),
    ],
)
def test_text_is_the_golden_one(invented, file, words):
    outcome = invented(*words)
    assert (outcome.status, outcome.err) == (0, "")
    assert outcome.out == (GOLDEN / file).read_text(encoding="utf-8")


def test_json_of_a_list_is_complete(invented):
    data = invented("measurements", "--as-of", "2023-12", "--json").json
    numbers = sum(len(entry["observables"]) for entry in data["used"])
    assert (numbers, data["n_measurements"]) == (3, 3)
    # 27 numbers stand in the files: every one is used or has its reason
    assert numbers + len(data["left_out"]) == 27
    assert all(row["reason"] and row["value"] and row["level"] for row in data["left_out"])


def test_json_of_an_observable_explains_it(invented):
    (one,) = invented("measurements", "R(D*)", "--as-of", "2023-12", "--json").json["explanation"]
    assert [c["entry_id"] for c in one["chosen"]] == ["exp-c-rdst-2023", "avg-rd-2022"]
    assert one["other_chosen"] == ["exp-c-rdst-2023", "exp-b-rd-2023", "exp-a-rd-2020"]
    assert one["predicted"] is True


def test_json_of_stale_and_forms(invented):
    stale = invented("measurements", "bctaunu", "--stale", "--as-of", "2023-12", "--json").json["stale"]
    assert [(one["id"], one["kind"], one["since"]) for one in stale] == [
        ("avg-rd-2022", "newer measurement", "2023-09-01"),
        ("avg-rd-2022", "input replaced", "2023-07-01"),
    ]
    forms = invented("measurements", "--forms", "exp-a-shape-2023", "--json").json["forms"]
    assert [(one["name"], one["default"], one["selected"]) for one in forms] == [("narrow", True, True), ("wide", False, False)]


def test_nothing_is_stale_before_there_is_anything(invented):
    assert invented("measurements", "--stale", "--as-of", "2021").out == "nothing is stale as of 2021-12-31\n"


def test_json_of_a_difference(invented):
    data = invented("diff", "--from", "2020", "--to", "2024-12", "--json").json
    assert data["counts"] == {"new": 1, "superseded": 7, "shifted": 0, "removed": 0}
    changes = data["changes"]
    limit = next(c for c in changes if c["observable"] == "BR(X->YZ)")
    assert limit["limit_ratio"] == pytest.approx(0.5, rel=1e-12, abs=0)
    assert limit["pull"] is None
    shape = next(one for one in data["sets"] if changes[one["changes"][0]]["process"] == "shapes")
    # shifts of +1, 0, -1, +2 old errors, which are not correlated
    assert shape["chi2"] == pytest.approx(6.0, rel=1e-9, abs=0)
    assert shape["ndof"] == 4


def test_what_my_folder_changes(invented, tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    text = (DATABASE / "exp_b" / "all.yaml").read_text(encoding="utf-8")
    (folder / "mine.yaml").write_text(text.replace("central: [1.20]", "central: [1.40]"), encoding="utf-8")
    outcome = invented("diff", "--data", "mine", "--json")
    assert outcome.status == 0, outcome.err
    (change,) = outcome.json["changes"]
    assert (change["kind"], change["observable"], change["pull"]) == (
        "shifted",
        "Ratio(X->Y)",
        pytest.approx(2.0, rel=1e-9, abs=0),
    )
    assert "-> 2" in invented("diff", "--data", "mine").out.splitlines()[0]
    shutil.copytree(folder, tmp_path / "other")
    assert invented("diff", "--data-from", "other", "--data", "mine").out == "nothing changed\n"
    back = invented("diff", "--data-from", "mine", "--json").json["changes"]
    assert [c["pull"] for c in back] == [pytest.approx(-2.0, rel=1e-9, abs=0)]


def test_a_projection_is_compared_only_when_asked_for(invented):
    words = ("diff", "R(D)", "--from", "2022-12", "--to", "2024-12", "--policy", "individual", "--json")
    plain = invented(*words).json["changes"]
    asked = invented(*words, "--include", "projected").json["changes"]
    assert "future-rd" not in plain[0]["new_ids"]
    assert "future-rd" in asked[0]["new_ids"]


@pytest.mark.parametrize(
    ("words", "snippet"),
    [
        (("diff",), "nothing to compare: give two dates (--from DATE --to DATE), or your measurements (--data DIR)"),
        (("diff", "--from", "soon"), "--from: 'soon' is not a date"),
        (("diff", "--data", "nowhere"), "--data nowhere: no such file or folder"),
        (("diff", "R(DD)", "--from", "2020"), "unknown measurement, process or observable 'R(DD)'; did you mean 'R(D)'"),
        (("measurements", "shapez"), "unknown measurement, process or observable 'shapez'; did you mean 'shapes'"),
        (("measurements", "--stale", "--forms"), "--stale and --forms are two different views"),
        (("show", "Shape(Z)"), "unknown name 'Shape(Z)'; did you mean 'Shape(Y)'"),
    ],
)
def test_wrong_words_are_refused(invented, refused, words, snippet):
    assert snippet in refused(*words)


@pytest.mark.parametrize(
    ("name", "snippets"),
    [
        ("shapes", ["process shapes: invented spectra", "12 numbers of 6 entries"]),
        (
            "exp-a-shape-2023-wide",
            [
                "narrow: exp-a-shape-2023; 4 numbers; the default",
                "wide: exp-a-shape-2023-wide; 1 number; --form exp-a-shape-2023=wide",
                "left out: the same data are used in another form",
            ],
        ),
        ("R(D)", ["observable Rtaul(B->Dlnu)", "used      0.340 ± 0.016", "policy individual would use"]),
        ("BR(KL->pinunu)", ["observable BR(KL->pinunu)", "measured by (in use as of 2024-12-31): nothing"]),
    ],
)
def test_show_tells_about_data(invented, name, snippets):
    outcome = invented("show", name, "--as-of", "2024-12")
    assert outcome.status == 0, outcome.err
    for snippet in snippets:
        assert snippet in outcome.out


def test_a_form_is_chosen(invented):
    out = invented("measurements", "Shape(Y)", "--as-of", "2024", "--form", "exp-a-shape-2023=wide").out
    assert "selected  0.210 ± 0.015" in out
    assert "another form ('wide' of exp-a-shape-2023)" in out
