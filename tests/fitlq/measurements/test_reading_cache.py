"""What was read and found right is not parsed again; what changed, is damaged or has mistakes is."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from fitlq.measurements import MeasurementError, check_paths, load_entries, reading
from fitlq.measurements.locations import measurements_root
from fitlq.measurements.reading_cache import ReadingCache, digest_of
from fitlq.measurements.stored_document import StoredDocument

FILE = """schema: fitlq-measurements/1
source: mine
entries:
- id: mine-{number}
  kind: measurement
  process: bctaunu
  experiment: [Mine]
  date: '2026-01-01'
  refs: {{arxiv: '2601.00001'}}
  observables:
  - {{name: R(D)}}
  data:
    type: {data}
  provenance: {{level: primary, how: invented for a test}}
"""
GAUSS = "gauss\n    central: [0.3]\n    errors: {stat: [0.1]}"


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FITLQ_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "data"
    path.mkdir()
    for number in (1, 2):
        _write(path, number)
    return path


def _write(folder: Path, number: int, data: str = GAUSS) -> Path:
    path = folder / f"file{number}.yaml"
    path.write_text(FILE.format(number=number, data=data), encoding="utf-8")
    return path


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that were parsed."""
    names: list[str] = []
    original = reading.load_yaml_document

    def load(text: str, name: str) -> Any:
        names.append(Path(name).name)
        return original(text, name)

    monkeypatch.setattr(reading, "load_yaml_document", load)
    return names


def test_the_second_reading_parses_nothing_and_gives_the_same(folder: Path, parsed: list[str]) -> None:
    first, remarks = load_entries([folder])
    assert {"file1.yaml", "file2.yaml", "g2.yaml"} <= set(parsed)
    parsed.clear()
    second, same_remarks = load_entries([folder])
    assert parsed == []
    assert remarks == same_remarks
    assert list(first) == list(second)
    for name, entry in first.items():
        again = second[name]
        assert isinstance(again.source, StoredDocument)
        assert again.document == entry.document
        assert (again.file, again.line, again.date, again.relations) == (entry.file, entry.line, entry.date, entry.relations)
        assert type(again.data) is type(entry.data)
        assert again.data_header.get("unit") == entry.document["data"].get("unit")


def test_only_a_changed_file_is_parsed_again(folder: Path, parsed: list[str]) -> None:
    load_entries([folder])
    parsed.clear()
    _write(folder, 2, GAUSS.replace("0.3", "0.4"))
    entries, _ = load_entries([folder])
    assert parsed == ["file2.yaml"]
    assert entries["mine-2"].document["data"]["central"] == [0.4]
    (folder / "file1.yaml").unlink()
    assert "mine-1" not in load_entries([folder])[0]


def test_a_file_with_mistakes_is_never_kept(folder: Path, parsed: list[str]) -> None:
    load_entries([folder])
    _write(folder, 2, GAUSS.replace("0.1", "-0.1"))
    for _ in range(2):
        parsed.clear()
        with pytest.raises(MeasurementError, match="an error must not be negative"):
            load_entries([folder])
        assert parsed == ["file2.yaml"]


def test_a_changed_side_file_is_seen(folder: Path) -> None:
    grid = "grid\n    meaning: likelihood\n    axes: [[0.2, 0.3, 0.4]]\n    values_file: values.csv"
    (folder / "values.csv").write_text("0.1,1.0,0.1\n", encoding="utf-8")
    _write(folder, 1, grid)
    assert load_entries([folder])[0]["mine-1"].document["data"]["values"] == [0.1, 1.0, 0.1]
    assert load_entries([folder])[0]["mine-1"].document["data"]["values"] == [0.1, 1.0, 0.1]
    (folder / "values.csv").write_text("0.1,1.0,0.2\n", encoding="utf-8")
    assert load_entries([folder])[0]["mine-1"].document["data"]["values"] == [0.1, 1.0, 0.2]
    (folder / "values.csv").unlink()
    with pytest.raises(MeasurementError, match="cannot be read as numbers"):
        load_entries([folder])


@pytest.mark.parametrize("damage", ["cut", "foreign", "other code", "empty"])
def test_a_damaged_cache_is_read_past_and_mended(folder: Path, cache: Path, parsed: list[str], damage: str) -> None:
    expected, _ = load_entries([folder])
    for path in cache.glob("measurements-*.json"):
        content = path.read_bytes()
        if damage == "cut":
            path.write_bytes(content[: len(content) // 2])
        elif damage == "foreign":
            path.write_bytes(b"\xff\xfenot a cache")
        elif damage == "other code":
            body = json.loads(content.partition(b"\n")[2])
            body["code"] = "0" * 64
            text = json.dumps(body)
            path.write_text(f"{digest_of(text.encode())}\n{text}", encoding="utf-8")
        else:
            path.write_bytes(b"")
    parsed.clear()
    assert load_entries([folder])[0].keys() == expected.keys()
    assert "file1.yaml" in parsed
    parsed.clear()
    load_entries([folder])
    assert parsed == []


def test_without_a_folder_for_the_cache_everything_works(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocked = tmp_path / "blocked"
    blocked.write_text("a file, not a folder", encoding="utf-8")
    monkeypatch.setenv("FITLQ_CACHE", str(blocked))
    assert "mine-1" in load_entries([folder])[0]


def test_mistakes_between_entries_have_their_line_from_the_cache_too(folder: Path) -> None:
    load_entries([folder])
    again = folder.parent / "again"
    again.mkdir()
    _write(again, 3).write_text(FILE.format(number=3, data=GAUSS) + "  relations:\n    supersedes: [mine-9]\n", encoding="utf-8")
    for _ in range(2):
        with pytest.raises(
            MeasurementError, match=r"file3\.yaml:18, entry mine-3, relations\.supersedes\[0\]: there is no entry"
        ):
            load_entries([folder, again])


def test_checking_never_trusts_the_cache(folder: Path) -> None:
    load_entries([folder])
    cache = ReadingCache(str(folder))
    name = str(folder / "file1.yaml")
    cache.keep(name, digest_of(Path(name).read_bytes()), {}, [])
    cache.save()
    assert "mine-1" not in load_entries([folder])[0]  # the cache says the file is empty
    (folder / "file2.yaml").write_text(FILE.format(number=1, data=GAUSS), encoding="utf-8")
    assert [one.key for one in check_paths([folder])] == ["id"]


def test_the_root_is_part_of_what_is_cached(cache: Path) -> None:
    load_entries()
    assert len(list(cache.glob("measurements-*.json"))) == 1
    assert ReadingCache(str(measurements_root())).find("no such file", "0") is None
