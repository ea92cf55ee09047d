"""Arrays kept on disk between runs, keyed by the content of everything that went in.

A cache file is written under a temporary name and renamed, so that two processes never see half a file; a file that
cannot be read, or that belongs to another key, is ignored and written again. The folder is ``$FITLQ_CACHE`` or
``fitlq`` in the user's cache folder; if it cannot be written, everything works without it.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["cache_folder", "code_hash", "key_of", "read_arrays", "write_arrays"]

Arrays = dict[str, NDArray[Any]]

# folders of tables that code reads beside the parameters
_TABLES = ("tables", "bases")


def cache_folder() -> Path:
    """Where cached arrays live."""
    if chosen := os.environ.get("FITLQ_CACHE"):
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "fitlq"


@lru_cache(maxsize=1)
def code_hash() -> str:
    """SHA-256 of the source of this package and its tables: a change invalidates what was cached by the old ones.

    Parameters and form factors are not in it: the inputs in force have a hash of their own.
    """
    digest = hashlib.sha256()
    for path in sorted(_sources(files("fitlq_theory")), key=str):
        digest.update(path.name.encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _sources(folder: Any) -> list[Any]:
    found = []
    for item in folder.iterdir():
        if item.is_dir():
            found += _sources(item)
        elif item.name.endswith((".py", ".json")) or (item.name.endswith(".yaml") and folder.name in _TABLES):
            found.append(item)
    return found


def _digest(arrays: Mapping[str, NDArray[Any]]) -> str:
    """Of names, types, shapes and content: the sums inside a file do not cover its table of contents."""
    digest = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        digest.update(f"{name} {array.dtype.str} {arrays[name].shape} ".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def key_of(content: Any) -> str:
    """SHA-256 of JSON-able `content` together with the code and the numpy version."""
    text = json.dumps([content, code_hash(), np.__version__], sort_keys=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def read_arrays(kind: str, key: str) -> Arrays | None:
    """The arrays stored under `key`, or None when there are none that can be trusted."""
    path = cache_folder() / f"{kind}-{key[:32]}.npz"
    try:
        with path.open("rb") as handle, np.load(handle, allow_pickle=False) as stored:
            arrays = {name: stored[name] for name in stored.files}
    except Exception:  # noqa: BLE001 - damage makes the reader of zip files and arrays raise almost anything
        return None
    stored_key, stored_digest = (str(arrays.pop(name, "")) for name in ("key", "digest"))
    return arrays if (stored_key, stored_digest) == (key, _digest(arrays)) else None


def write_arrays(kind: str, key: str, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Store `arrays` under `key`; a folder that cannot be written is not an error."""
    folder = cache_folder()
    labels = {"key": np.asarray(key), "digest": np.asarray(_digest(arrays))}
    temporary = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, suffix=".tmp", delete=False) as handle:
            temporary = Path(handle.name)
            np.savez(handle, allow_pickle=False, **labels, **dict(arrays))
        temporary.replace(folder / f"{kind}-{key[:32]}.npz")
    except OSError:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
