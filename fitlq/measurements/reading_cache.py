"""Measurement files that were read and found right are kept as JSON, so that the next run need not parse and check them.

One cache file per folder, in the cache folder of the package. A measurement file is known by its content (and that of the
side files its entries name), the cache as a whole by the code that reads and checks; whatever does not fit is read again.
The numbers of an entry stay text until they are asked for.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from fitlq.measurements.stored_document import StoredDocument
from fitlq_theory.cache import cache_folder

__all__ = ["CheckedFile", "ReadingCache", "digest_of"]


def digest_of(content: bytes) -> str:
    """SHA-256 (hexadecimal)."""
    return hashlib.sha256(content).hexdigest()


@lru_cache(maxsize=1)
def _code_digest() -> str:
    """The code that reads and checks; a change of it makes everything be checked again."""
    package = files("fitlq")
    sources = [one for one in package.joinpath("measurements").iterdir() if one.name.endswith(".py")]
    sources += [one for one in package.joinpath("schemas").iterdir() if one.name.endswith(".json")]
    reader = files("fitlq_theory").joinpath("strict_yaml.py")
    return digest_of(b"".join(one.read_bytes() for one in [*sorted(sources, key=lambda one: one.name), reader]))


@dataclass(frozen=True, slots=True)
class CheckedFile:
    """A measurement file without mistakes.

    Attributes
    ----------
    digest : str
        Of its content.
    side_files : mapping
        Name -> digest of the files its entries refer to.
    entries : list of (int or None, StoredDocument)
        Line and content of each entry.
    """

    digest: str
    side_files: Mapping[str, str]
    entries: list[tuple[int | None, StoredDocument]] = field(default_factory=list)


class ReadingCache:
    """What is known about the files of one folder.

    Parameters
    ----------
    place : str
        The folder; it only names the cache file.
    """

    def __init__(self, place: str) -> None:
        self._path = cache_folder() / f"measurements-{digest_of(place.encode())[:16]}.json"
        self._known = _read(self._path)
        self._used: dict[str, Any] = {}
        self._changed = False

    def find(self, name: str, digest: str) -> CheckedFile | None:
        """The checked content of the file `name`, if it and its side files are as they were."""
        found = self._known.get(name)
        if found is None or found["digest"] != digest:
            return None
        if any(_digest_of_file(Path(name).parent / side) != known for side, known in found["side_files"].items()):
            return None
        self._used[name] = found
        entries = [(line, StoredDocument(*parts)) for line, *parts in found["entries"]]
        return CheckedFile(digest, found["side_files"], entries)

    def keep(self, name: str, digest: str, side_files: Mapping[str, str], entries: list[tuple[int | None, Any]]) -> None:
        """Remember a file that was read and found right; `entries` are (line, document)."""
        rows = [[line, *_split(document)] for line, document in entries]
        self._used[name] = {"digest": digest, "side_files": dict(side_files), "entries": rows}
        self._changed = True

    def save(self) -> None:
        """Write what was used, atomically; a folder that cannot be written is not an error."""
        if not self._changed and self._used.keys() == self._known.keys():
            return
        body = json.dumps({"code": _code_digest(), "files": self._used}, separators=(",", ":"))
        temporary = None
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self._path.parent, suffix=".tmp", delete=False) as handle:
                temporary = Path(handle.name)
                handle.write(f"{digest_of(body.encode())}\n{body}".encode())
            temporary.replace(self._path)
        except OSError:
            if temporary is not None:
                temporary.unlink(missing_ok=True)


def _split(document: Mapping[str, Any]) -> tuple[Mapping[str, Any], Mapping[str, Any], str]:
    head = {key: value for key, value in document.items() if key != "data"}
    header = {key: value for key, value in document["data"].items() if key in ("type", "unit")}
    return head, header, json.dumps(document["data"], separators=(",", ":"))


def _digest_of_file(path: Path) -> str | None:
    try:
        return digest_of(path.read_bytes())
    except OSError:
        return None


def _read(path: Path) -> dict[str, Any]:
    """The files known; none if the cache file is damaged, foreign or made by other code."""
    try:
        digest, _, body = path.read_bytes().partition(b"\n")
    except OSError:
        return {}
    if digest_of(body) != digest.decode("ascii", "replace"):
        return {}
    stored = json.loads(body)
    return stored["files"] if stored["code"] == _code_digest() else {}
