"""Workspaces become entries that pass the check; a fit uses them when pyhf is there."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from fitlq.importing import WorkspaceOptions, import_workspace
from fitlq.importing.pieces import Observable
from fitlq.measurements import ExternalData, MeasurementError, MeasurementVocabulary, check_paths, load_entries
from fitlq_theory.errors import InputError
from fitlq_theory.observables import load_registry
from tests.fitlq.importing.workspaces import counting_workspace, two_bin_workspace

ENTRY = "belle2-bp2kpnunu-likelihood-2025"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "workspace.json"
    path.write_text(json.dumps(counting_workspace()), encoding="utf-8")
    return path


def _options(**more: Any) -> WorkspaceOptions:
    chosen: dict[str, Any] = {"observables": (Observable("invented"),), "per_unit": (5e-6,), "source": "section 2"}
    return WorkspaceOptions(**(chosen | {"experiment": ("Lab",), "date": "2026-03"} | more))


def _checked(folder: Path) -> dict[str, Any]:
    found = check_paths([folder], MeasurementVocabulary(load_registry()))
    assert [one for one in found if not one.note] == []
    return load_entries([folder])[0]


def test_a_new_entry(file: Path, tmp_path: Path) -> None:
    report = import_workspace(file, tmp_path / "out", _options(reference="10.17182/hepdata.1"))
    entry = _checked(tmp_path / "out")["lab-invented-2026"]
    assert isinstance(entry.data, ExternalData)
    assert entry.data.file == str(tmp_path / "out" / "lab-invented-2026.json")
    assert (entry.data.parameters, entry.data.per_unit) == (("mu",), (5e-6,))
    assert entry.refs == {"hepdata": ["10.17182/hepdata.1"]}
    assert report.files == ("lab-invented-2026.json", "lab.yaml", "vocabulary.yaml")
    assert "needs" not in report.blocks[0].line


def test_an_entry_of_the_database_gets_its_workspace(file: Path, tmp_path: Path) -> None:
    before = load_entries()[0][ENTRY]
    options = WorkspaceOptions(per_unit=(5e-6,), entry=ENTRY, source="a test")
    import_workspace(file, tmp_path / "out", options)
    after = _checked(tmp_path / "out")[ENTRY]
    assert isinstance(after.data, ExternalData)
    assert after.data.file is not None
    assert (after.refs, after.observables, after.representation) == (before.refs, before.observables, before.representation)


def test_two_observables_and_compressed_files(tmp_path: Path) -> None:
    source = tmp_path / "two.json.gz"
    source.write_bytes(gzip.compress(json.dumps(two_bin_workspace()).encode()))
    both = (Observable("invented(a)"), Observable("invented(b)"))
    import_workspace(source, tmp_path / "out", _options(observables=both, parameters=("a", "b"), per_unit=(1.0, 2.0)))
    entry = _checked(tmp_path / "out")["lab-invented-a-2026"]
    assert (entry.data.parameters, entry.data.per_unit) == (("a", "b"), (1.0, 2.0))


def test_nothing_said_is_guessed_and_held_back(file: Path, tmp_path: Path) -> None:
    options = WorkspaceOptions(per_unit=(5e-6,), observables=(Observable("BR(B+->Knunu)"),))
    block = import_workspace(file, tmp_path / "out", options).blocks[0]
    assert [text.split()[0] for text in block.guessed] == ["no", "no", "date"]
    # without an experiment nothing says that these are not the data of the entries that are there
    assert "may hold the same data" in block.off_by_default[0]
    _checked(tmp_path / "out")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"parameters": ("my",)}, "did you mean 'mu'"),
        ({"measurement": "fitt"}, "did you mean 'fit'"),
        ({"per_unit": (1.0, 2.0)}, "as many parameters of interest"),
        ({"per_unit": (0.0,)}, "must be above zero"),
        ({"observables": ()}, "--observable"),
        ({"entry": f"{ENTRY}x"}, f"did you mean '{ENTRY}'"),
        ({"date": "soon"}, "--date"),
        ({"observables": (Observable("BR(B+->Knunu)", {"q3min": 1.0}),)}, "q3min"),
    ],
)
def test_what_does_not_fit(file: Path, tmp_path: Path, change: dict[str, Any], message: str) -> None:
    with pytest.raises(InputError, match=message):
        import_workspace(file, tmp_path / "out", _options(**change))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("text", "message"), [("{", "is not a JSON file"), ("[]", "is not a workspace"), ('{"channels": []}', "is not a workspace")]
)
def test_files_that_are_no_workspaces(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "file.json").write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=message):
        import_workspace(tmp_path / "file.json", tmp_path / "out", _options())


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("lab-invented-2026.json", "elsewhere.json", "elsewhere.json: cannot be read"),
        ("parameter_of_interest: mu", "parameter_of_interest: my", "did you mean 'mu'"),
        ("file: lab", "file: ../lab", "must be a file beside this one"),
        ("observable_per_unit: 5.0e-06, ", "", "needs observable_per_unit"),
        ("observable_per_unit: 5.0e-06", "observable_per_unit: [1.0, 2.0]", "has 2 values"),
        ("format: HistFactory", "format: ROOT", "only files of the format HistFactory"),
        ("sha256: ", "sha256: 0", "is not that of"),
        ("file: lab-invented-2026.json, ", "", "there is no `file`"),
    ],
)
def test_faulty_connections_are_found_by_the_check(file: Path, tmp_path: Path, old: str, new: str, message: str) -> None:
    import_workspace(file, tmp_path / "out", _options())
    yaml = tmp_path / "out" / "lab.yaml"
    text = yaml.read_text(encoding="utf-8")
    assert old in text
    yaml.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(MeasurementError, match=message):
        load_entries([tmp_path / "out"])
