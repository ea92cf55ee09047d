"""The disk cache never breaks a run and never returns foreign arrays."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from fitlq_theory.cache import key_of, read_arrays, write_arrays


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FITLQ_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_round_trip(folder: Path) -> None:
    key = key_of(["a", 1])
    write_arrays("forms", key, {"x": np.arange(3.0)})
    found = read_arrays("forms", key)
    assert found is not None
    assert found["x"].tolist() == [0.0, 1.0, 2.0]
    assert not list(folder.glob("*.tmp"))


def test_key_follows_content() -> None:
    assert key_of(["a"]) == key_of(["a"])
    assert key_of(["a"]) != key_of(["b"])


@pytest.mark.parametrize("damage", [b"", b"not a zip", b"PK\x03\x04 truncated"])
def test_damaged_file_is_ignored(folder: Path, damage: bytes) -> None:
    key = key_of(["damage"])
    write_arrays("forms", key, {"x": np.ones(1)})
    (path,) = folder.glob("forms-*.npz")
    path.write_bytes(damage)
    assert read_arrays("forms", key) is None


def test_truncated_file_is_ignored(folder: Path) -> None:
    key = key_of(["truncated"])
    write_arrays("forms", key, {"x": np.arange(1000.0)})
    (path,) = folder.glob("forms-*.npz")
    path.write_bytes(path.read_bytes()[:-500])
    assert read_arrays("forms", key) is None


def test_file_of_another_key_is_ignored(folder: Path) -> None:
    key, other = key_of(["one"]), key_of(["two"])
    write_arrays("forms", key, {"x": np.ones(1)})
    (path,) = folder.glob("forms-*.npz")
    path.rename(folder / f"forms-{other[:32]}.npz")
    assert read_arrays("forms", other) is None


def test_unwritable_folder_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("in the way")
    monkeypatch.setenv("FITLQ_CACHE", str(blocker / "cache"))
    write_arrays("forms", key_of(["x"]), {"x": np.ones(1)})
    assert read_arrays("forms", key_of(["x"])) is None
