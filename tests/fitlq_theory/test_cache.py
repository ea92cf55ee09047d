"""The disk cache never breaks a run and never returns foreign arrays."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest

from fitlq_theory import cache
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


def test_any_damage_is_found(folder: Path) -> None:
    """Changed and missing bytes anywhere, in names and headers too: the arrays come back as they were, or not at all."""
    generator, key = np.random.default_rng(0), key_of(["bytes"])
    arrays = {"a": generator.normal(size=(30, 4)), "b": np.arange(7)}
    write_arrays("forms", key, arrays)
    (path,) = folder.glob("forms-*.npz")
    whole, ignored = path.read_bytes(), 0
    for _ in range(2000):
        damaged = bytearray(whole)
        for place in generator.integers(len(damaged), size=generator.integers(1, 4)):
            damaged[place] = generator.integers(256)
        path.write_bytes(damaged[: generator.integers(len(damaged))] if generator.random() < 0.2 else damaged)
        found = read_arrays("forms", key)
        if found is None:
            ignored += 1
            continue
        assert set(found) == set(arrays)
        assert all(np.array_equal(found[name], arrays[name]) for name in arrays)
    assert ignored > 1000


def test_the_hash_of_the_code_covers_its_tables() -> None:
    names = {path.name for path in cache._sources(files("fitlq_theory"))}
    assert {"cache.py", "two_loop_charm.json", "b_to_x_photon.yaml", "belle2_knunu_response.yaml", "jms_names.yaml"} <= names
    assert "ckm.yaml" not in names  # the inputs in force have their own hash


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
