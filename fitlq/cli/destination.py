"""Where results go: refused before any long work if it cannot be, or would overwrite something else."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from fitlq.errors import InputError

if TYPE_CHECKING:
    from fitlq.analysis import Analysis

__all__ = ["check_destination", "check_picture_file", "same_problem"]

_MARK = "analysis.yml"
_PROBLEM = (
    "model",
    "model_file",
    "fix",
    "free",
    "observables",
    "exclude",
    "as_of",
    "policy",
    "data",
    "include",
    "representations",
    "theory_errors",
    "inputs",
    "input_choices",
    "limit_shape",
    "min_effect",
)


def check_destination(folder: str | Path, analysis: Analysis) -> Path:
    """The folder, if results of `analysis` may be written there.

    Raises
    ------
    InputError
        It is a file; it cannot be written; it holds files that are not a fitlq result; it holds another problem.
    """
    if not str(folder).strip():
        msg = "-o: the name of the folder is empty"
        raise InputError(msg)
    target = Path(folder)
    if target.exists() and not target.is_dir():
        msg = f"-o {target}: is a file, not a folder"
        raise InputError(msg)
    _check_writable(target)
    if not target.exists():
        return target
    found = sorted(item.name for item in target.iterdir())
    if found and _MARK not in found:
        msg = f"-o {target}: holds {found[0]!r} but no {_MARK}, so it is not a fitlq result; choose a new or empty folder"
        raise InputError(msg)
    if found:
        _check_problem(target, analysis)
    return target


def _check_writable(target: Path) -> None:
    existing = target
    while not existing.exists():
        existing = existing.parent
    if not existing.is_dir():
        msg = f"-o {target}: {existing} is not a folder"
        raise InputError(msg)
    _try_to_write(existing, target)


def _try_to_write(folder: Path, target: Path) -> None:
    # permissions alone do not tell: the file system may be read-only, or the user the administrator
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        msg = f"-o {target}: cannot write in {folder}: {error.strerror or error}"
        raise InputError(msg) from None


def _check_problem(target: Path, analysis: Analysis) -> None:
    from fitlq.analysis import Analysis as StoredAnalysis

    stored = StoredAnalysis.from_yaml(target / _MARK)
    different = same_problem(stored, analysis)
    if different:
        msg = f"-o {target}: holds the results of another problem ({different}); choose a new folder"
        raise InputError(msg)


def same_problem(stored: Analysis, wanted: Analysis) -> str:
    """Empty if both state the same problem, else the first difference in words. The seed is not part of the problem."""
    for name in _PROBLEM:
        if difference := _difference(name, stored, wanted):
            return difference
    return ""


def _difference(name: str, stored: Analysis, wanted: Analysis) -> str:
    there, here = getattr(stored, name), getattr(wanted, name)
    return "" if there == here else f"{name.replace('_', ' ')}: there {_words(there)}, here {_words(here)}"


def _words(value: object) -> str:
    return "none" if value in (None, (), {}, []) else str(value)


def check_picture_file(path: str | Path) -> Path:
    """The path, if a picture can be written there.

    Raises
    ------
    InputError
        Unknown ending, missing or read-only folder.
    """
    from fitlq.plots.figures import PICTURE_FORMATS

    target = Path(path)
    if target.suffix.lower().lstrip(".") not in PICTURE_FORMATS:
        msg = f"-o {target}: the ending must be one of {', '.join('.' + f for f in PICTURE_FORMATS)}"
        raise InputError(msg)
    if target.is_dir():
        msg = f"-o {target}: is a folder, not a file"
        raise InputError(msg)
    folder = target.parent
    if not folder.is_dir():
        msg = f"-o {target}: the folder {folder} does not exist"
        raise InputError(msg)
    _try_to_write(folder, target)
    return target
