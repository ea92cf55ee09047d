"""Measurements of one's own: added, superseding, replacing by id, and projections that are used only when asked for."""

from __future__ import annotations

from pathlib import Path

import pytest

from fitlq.measurements import load_entries

DOCUMENTATION = Path(__file__).parents[3] / "docs" / "measurements.md"
DAY = ("--as-of", "2026-11-20")
FIT = ("wet", "--free", "CVL_bctaunutau=-0.5,0.5", "--observables", "R(D)", "--observables", "R(D*)", *DAY)

NEW = (("kind: average", "kind: measurement"), ("experiment: [HFLAV]", "experiment: [Mine]"), ("inputs: [hflav-rdst-ckm25]", ""))
SUPERSEDING = (("inputs: [hflav-rdst-ckm25]", "supersedes: [hflav-rdst-ckm25]"),)
SAME_ID = (
    ("id: mine-rd-2026", "id: hflav-rdst-ckm25"),
    ("date: '2026-01-15'", "date: '2025-09-28'"),
    ("inputs: [hflav-rdst-ckm25]", "supersedes: [hflav-rd-rdst-spring25]\n    inputs: [INPUTS]"),
)


def _without_relations(text: str) -> str:
    return text.replace("  relations:\n    \n", "")


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        (NEW, "mine-rd-2026 (mine.yaml): added; selected: 2 numbers"),
        (SUPERSEDING, "mine-rd-2026 (mine.yaml): added; supersedes hflav-rdst-ckm25; selected: 2 numbers; left out besides: "),
        ((), "mine-rd-2026 (mine.yaml): added; contains hflav-rdst-ckm25; selected: 2 numbers"),
        (SAME_ID, "hflav-rdst-ckm25 (mine.yaml): takes the place of the entry of this id; supersedes hflav-rd-rdst-spring25; "),
    ],
    ids=["added", "superseding", "containing", "same id"],
)
def test_what_happened_is_said_by_every_verb(run, entry_file, changes, note):
    inputs = ", ".join(load_entries()[0]["hflav-rdst-ckm25"].relations.inputs)
    path = entry_file(*changes)
    path.write_text(_without_relations(path.read_text(encoding="utf-8")).replace("INPUTS", inputs), encoding="utf-8")
    listed = run("measurements", "R(D)", "--data", path.parent, *DAY)
    assert listed.status == 0, listed.err
    assert f"your data: {note}" in listed.out
    assert "used      0.300 ± 0.010" in listed.out
    fitted = run("fit", *FIT, "--data", path.parent, "--json")
    assert fitted.status == 0, fitted.err
    assert f"your data: {note}" in fitted.err
    assert {pull["measured"] for pull in fitted.json["pulls"]} >= {0.300, 0.255}


def test_a_folder_of_many_entries_is_summarised(run, entry_file):
    path = entry_file(*NEW)
    head, entry = _without_relations(path.read_text(encoding="utf-8")).split("- id: ", 1)
    entries = [
        "- id: " + entry.replace("mine-rd-2026", f"mine-{k:02}").replace("[Mine]", f"[Mine {k}]").replace("'2026", f"'20{27 + k}")
        for k in range(20)
    ]
    path.write_text(head + "\n".join(entries), encoding="utf-8")
    out = run("measurements", "R(D)", "--data", path.parent, *DAY).out
    assert out.count("your data: mine-") == 12
    assert "your data: and 8 more entries of yours, of which 0 numbers are used" in out


@pytest.fixture
def projections(tmp_path: Path) -> Path:
    """The example of the documentation, as a user would copy it."""
    text = DOCUMENTATION.read_text(encoding="utf-8")
    (example,) = (block for block in text.split("```yaml\n")[1:] if "projected: true" in block.split("```")[0])
    folder = tmp_path / "projections"
    folder.mkdir()
    (folder / "belle2-50ab.yaml").write_text(example.split("```")[0], encoding="utf-8")
    return folder


def test_the_documented_projection_is_right(run, projections):
    assert run("check", projections).out == f"{projections}: no problem found\n"


def test_a_projection_is_not_used_unless_asked_for(run, projections):
    assert run("diff", "--data", projections).out == "nothing changed\n"
    listed = run("measurements", "R(D)", "--data", projections, *DAY)
    assert "not selected: a projection of a future measurement, used only when asked for (--include projected, or" in listed.out
    for asked in ("projected", "projection-rd-rdst-50ab", "projection-*"):
        changes = run("diff", "--data", projections, "--include", asked, "--json").json["changes"]
        assert {change["observable"]: change["new_ids"] for change in changes} == {
            "R(D)": ["projection-rd-rdst-50ab"],
            "R(D*)": ["projection-rd-rdst-50ab"],
        }


def test_refit_with_a_projection_from_the_real_executable(execute, projections, tmp_path):
    assert execute("fit", *FIT, "-o", "now").status == 0
    plain = execute("refit", "now", "--data", "projections", *DAY, "--json")
    assert plain.status == 0, plain.err
    assert plain.json["data_changes"] == []
    assert "used only when asked for (--include projected" in plain.err
    asked = execute("refit", "now", "--data", "projections", "--include", "projected", *DAY, "-o", "future", "--json")
    assert asked.status == 0, asked.err
    assert {c["id"]: c["kind"] for c in asked.json["data_changes"]} == {
        "hflav-rdst-ckm25": "removed",
        "projection-rd-rdst-50ab": "new",
    }
    (shift,) = asked.json["parameter_shifts"]
    assert shift["new_error"] < 0.7 * shift["old_error"]
    # the new folder states the choice: it can be fitted again, and another problem is not written over it
    assert "--include projected" in (tmp_path / "future" / "report.html").read_text(encoding="utf-8")
    again = execute("refit", "future", *DAY, "--json")
    assert again.status == 0, again.err
    assert again.json["data_changes"] == []
    refused = execute("fit", *FIT, "--data", "projections", "-o", "future")
    assert refused.status == 2
    assert "holds the results of another problem (include: there ('projected',), here none)" in refused.err


def test_refit_with_another_form_of_data(run):
    problem = ("wet", "--free", "CL_bsnutaunutau=-5,5", "--observables", "BR(B+->Knunu)", "--policy", "individual", *DAY)
    assert run("fit", *problem, "-o", "now").status == 0
    outcome = run("refit", "now", "--form", "belle2-bp2kpnunu-2023=tags", *DAY, "--json")
    assert outcome.status == 0, outcome.err
    kinds = {c["id"]: c["kind"] for c in outcome.json["data_changes"]}
    assert kinds == {"belle2-bp2kpnunu-2023": "removed", "belle2-bp2kpnunu-2023-tags": "new"}


def test_a_folder_named_again_is_laid_once(run, entry_file):
    folder = entry_file(*SUPERSEDING).parent
    assert run("fit", *FIT, "--data", folder, "-o", "now").status == 0
    outcome = run("refit", "now", "--data", folder, *DAY, "--json")
    assert outcome.json["data_changes"] == []
    assert "replaces that of" not in outcome.err


@pytest.mark.parametrize(
    ("words", "snippet"),
    [
        (("--include", "projekted"), "unknown entry to include 'projekted'; did you mean 'projected'"),
        (("--form", "belle2-bp2kpnunu-2023=tag"), "unknown form of belle2-bp2kpnunu-2023: 'tag'; did you mean 'tags'"),
        (("--form", "tags"), "--form tags: expected GROUP=NAME"),
    ],
)
def test_wrong_choices_are_refused(run, refused, words, snippet):
    assert run("fit", *FIT, "-o", "now").status == 0
    assert snippet in refused("refit", "now", *words)
