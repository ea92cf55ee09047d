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
import zipfile
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["cache_folder", "code_hash", "key_of", "read_arrays", "write_arrays"]

Arrays = dict[str, NDArray[Any]]


def cache_folder() -> Path:
    """Where cached arrays live."""
    if chosen := os.environ.get("FITLQ_CACHE"):
        return Path(chosen)
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "fitlq"


@lru_cache(maxsize=1)
def code_hash() -> str:
    """SHA-256 of the source of this package: a change of code invalidates what was cached by the old one."""
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
        elif item.name.endswith(".py"):
            found.append(item)
    return found


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
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    if str(arrays.pop("key", "")) != key:
        return None
    return arrays


def write_arrays(kind: str, key: str, arrays: Mapping[str, NDArray[Any]]) -> None:
    """Store `arrays` under `key`; a folder that cannot be written is not an error."""
    folder = cache_folder()
    temporary = None
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, suffix=".tmp", delete=False) as handle:
            temporary = Path(handle.name)
            np.savez(handle, allow_pickle=False, key=np.asarray(key), **dict(arrays))
        temporary.replace(folder / f"{kind}-{key[:32]}.npz")
    except OSError:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
