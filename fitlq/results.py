"""Result folders: what a fit leaves on disk, and how it is read again.

A folder holds ``analysis.yml`` (the problem), ``fit.json``, ``parameters.csv``, ``pulls.csv``, after sampling ``chain.h5``;
pictures and the report are written by their own modules. Every file is replaced in one step.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from fitlq.analysis import Analysis
from fitlq.files import write_text_atomically
from fitlq.fitting import Fit
from fitlq_theory.errors import InputError

__all__ = ["ResultFolder", "read_folder", "write_fit"]

ANALYSIS = "analysis.yml"
FIT = "fit.json"
CHAIN = "chain.h5"


@dataclass(frozen=True, slots=True)
class ResultFolder:
    """What stands in a result folder.

    Attributes
    ----------
    path : Path
    analysis : Analysis
    fit_dict : mapping
        As from ``Fit.to_dict``.
    chain_path : Path or None
        The chain, if there is one.
    """

    path: Path
    analysis: Analysis
    fit_dict: Mapping[str, Any]
    chain_path: Path | None


def write_fit(folder: str | Path, analysis: Analysis, fit: Fit) -> Path:
    """Write a fit.

    Parameters
    ----------
    folder : str or Path
        Made if it does not exist.

    Raises
    ------
    InputError
        The folder cannot be written, is not a result folder, or holds the result of another analysis.
    """
    target = Path(folder)
    _check_target(target, analysis)
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"{target}: the folder cannot be made ({error.strerror})"
        raise InputError(msg) from None
    write_text_atomically(target / ANALYSIS, analysis.to_yaml())
    write_text_atomically(target / "parameters.csv", fit.table().to_csv(index_label="parameter"))
    write_text_atomically(target / "pulls.csv", fit.pulls_table().to_csv(index=False))
    write_text_atomically(target / FIT, json.dumps(fit.to_dict(), indent=1, allow_nan=False) + "\n")
    return target


def read_folder(path: str | Path) -> ResultFolder:
    """Read a result folder.

    Raises
    ------
    InputError
        Not a folder, not a result of fitlq, or a file in it is damaged.
    """
    folder = Path(path)
    if not folder.is_dir():
        msg = f"{folder}: no such folder"
        raise InputError(msg)
    for name in (ANALYSIS, FIT):
        if not (folder / name).is_file():
            msg = f"{folder}: not a result folder of fitlq ({name} is missing)"
            raise InputError(msg)
    analysis = Analysis.from_yaml(folder / ANALYSIS)
    chain = folder / CHAIN
    return ResultFolder(folder, analysis, _read_fit(folder / FIT), chain if chain.is_file() else None)


def _check_target(target: Path, analysis: Analysis) -> None:
    if target.exists() and not target.is_dir():
        msg = f"{target}: is a file, not a folder"
        raise InputError(msg)
    if not target.is_dir() or not any(target.iterdir()):
        return
    if not (target / ANALYSIS).is_file():
        msg = f"{target}: is not empty and not a result folder of fitlq; choose another folder"
        raise InputError(msg)
    stored = Analysis.from_yaml(target / ANALYSIS)
    if replace(stored, seed=analysis.seed) != analysis:
        msg = f"{target}: holds the result of another analysis; choose another folder"
        raise InputError(msg)


def _read_fit(path: Path) -> Mapping[str, Any]:
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        msg = f"{path}: cannot be read ({error})"
        raise InputError(msg) from None
    if not isinstance(content, dict) or not {"parameters", "chi2"} <= content.keys():
        msg = f"{path}: is not the result of a fit (parameters or chi2 are missing)"
        raise InputError(msg)
    return content
