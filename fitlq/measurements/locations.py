"""Where measurement files are found: the shipped folder, the environment, the user's folders."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from typing import Protocol

from fitlq_theory.errors import InputError

__all__ = [
    "ENVIRONMENT_VARIABLE",
    "Folder",
    "Places",
    "existing",
    "layers",
    "listed",
    "measurement_files",
    "measurements_root",
    "no_files_message",
    "shipped_prefix",
    "vocabulary_files",
]

ENVIRONMENT_VARIABLE = "FITLQ_MEASUREMENTS"
"""Names further folders (separated as in PATH) laid over the shipped one."""

VOCABULARY_FILE = "vocabulary.yaml"
VOCABULARY_FOLDER = "vocabulary"
_ENDINGS = (".yaml", ".yml")


Places = str | Path | Sequence[str | Path]
"""One or several folders or files."""


class Folder(Protocol):
    """The part of `pathlib.Path` and of a packaged resource that reading needs."""

    @property
    def name(self) -> str:
        """Last part of the path."""
        ...

    def iterdir(self) -> Iterator[Folder]:
        """What the folder contains."""
        ...

    def is_dir(self) -> bool:
        """Whether it is a folder."""
        ...

    def is_file(self) -> bool:
        """Whether it is a file."""
        ...

    def read_bytes(self) -> bytes:
        """The content of the file."""
        ...

    def read_text(self, encoding: str | None = None) -> str:
        """The text of the file."""
        ...


def measurements_root() -> Folder:
    """The shipped measurements: ``fitlq/_measurements`` of an installed package, else ``measurements/`` of the checkout."""
    packaged = files("fitlq").joinpath("_measurements")
    if packaged.is_dir():
        return packaged
    return Path(__file__).resolve().parents[2] / "measurements"


def shipped_prefix() -> str:
    """What the names of the shipped files start with."""
    return f"{measurements_root()}/"


def listed(places: Places) -> list[str | Path]:
    """The places as a list; a single one is not taken for a sequence of letters."""
    return [places] if isinstance(places, (str, Path)) else list(places)


def layers(directories: Places = ()) -> list[Folder]:
    """The shipped folder, then those of the environment variable, then `directories`: a later one prevails.

    Raises
    ------
    InputError
        A folder or file does not exist.
    """
    named = [part for part in os.environ.get(ENVIRONMENT_VARIABLE, "").split(os.pathsep) if part]
    origin = f" (named in the environment variable {ENVIRONMENT_VARIABLE})"
    return [measurements_root(), *(existing(part, origin) for part in named), *map(existing, listed(directories))]


def existing(place: str | Path, origin: str = "") -> Folder:
    """A folder or file given by the user; raises `InputError` if it is not there."""
    path = Path(place)
    if not path.exists():
        msg = f"there is no folder or file {str(place)!r} with measurements{origin}"
        raise InputError(msg)
    return path


def _walk(folder: Folder, prefix: str) -> Iterator[tuple[str, Folder]]:
    if folder.is_file():
        yield prefix, folder
    elif isinstance(folder, Path):
        # the same as below, with a fraction of the calls to the file system
        for place, folders, names in os.walk(folder):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            yield from ((f"{place}/{name}", Path(place, name)) for name in sorted(names) if not name.startswith("."))
    else:
        for child in sorted(folder.iterdir(), key=lambda item: item.name):
            if not child.name.startswith("."):
                yield from _walk(child, f"{prefix}/{child.name}")


def _is_vocabulary(name: str) -> bool:
    """Whether a file holds names, not measurements: ``vocabulary.yaml``, or a file in a folder ``vocabulary``."""
    folder, last = os.path.split(name)
    return last == VOCABULARY_FILE or os.path.split(folder)[1] == VOCABULARY_FOLDER


def measurement_files(folder: Folder) -> list[tuple[str, Folder]]:
    """All measurement files below `folder` (or `folder` itself, if it is a file): (name for messages, file), sorted."""
    found = list(_walk(folder, str(folder)))
    if folder.is_file():
        return [] if _is_vocabulary(str(folder)) else found
    return [(name, file) for name, file in found if file.name.endswith(_ENDINGS) and not _is_vocabulary(name)]


def vocabulary_files(folder: Folder) -> list[tuple[str, Folder]]:
    """The vocabulary files at or below `folder`; for a file that is a measurement file, the one next to it."""
    if isinstance(folder, Path) and folder.is_file() and not _is_vocabulary(str(folder)):
        beside = folder.with_name(VOCABULARY_FILE)
        return [(str(beside), beside)] if beside.is_file() else []
    found = _walk(folder, str(folder))
    return [(name, file) for name, file in found if file.name.endswith(_ENDINGS) and _is_vocabulary(name)]


def no_files_message(folder: Folder) -> str:
    """Says that a folder is there but holds nothing to read."""
    return f"there is no measurement file ({', '.join(f'*{ending}' for ending in _ENDINGS)}) in {str(folder)!r}"
