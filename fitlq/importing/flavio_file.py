"""Import of files in flavio's format for measurements (``measurements.yml``)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from fitlq.importing.documents import documents_of
from fitlq.importing.finishing import Database, Draft, finish
from fitlq.importing.flavio_blocks import Grid, JointGaussian, Lone, read_block
from fitlq.importing.flavio_metadata import Metadata, identifier, metadata
from fitlq.importing.given_metadata import date_or_today
from fitlq.importing.pieces import NotExpressible, Number
from fitlq.importing.report import ImportReport
from fitlq.importing.writing import empty_folder
from fitlq_theory.errors import InputError
from fitlq_theory.strict_yaml import load_yaml

__all__ = ["import_flavio"]

_GENERAL = (
    "dates are years only: the later of the year in the name and that of the INSPIRE key",
    "of several errors the first is taken as statistical, the second as systematic, further ones as external",
    "asymmetric errors are kept; flavio replaces them by their geometric mean where there is a correlation matrix",
    "numbers are taken in powers of GeV, as flavio does; provenance secondary: nothing was compared with the papers",
)


def import_flavio(file: str | Path, folder: str | Path, date: str | None = None) -> ImportReport:
    """Import a file in flavio's format into a new folder.

    Parameters
    ----------
    file : str or Path
        YAML: a mapping of block names to blocks.
    folder : str or Path
        New or empty; gets one file per experiment, ``vocabulary.yaml`` for unknown names, and ``report.txt``.
    date : str, optional
        For blocks in which no year is found; without it these are not written.

    Returns
    -------
    ImportReport

    Raises
    ------
    InputError
        The file cannot be read or has another format; the folder holds something.
    """
    if date is not None:
        date_or_today(date, [])
    target = empty_folder(folder)
    blocks = _blocks(Path(file))
    database = Database.load()
    drafts: list[Draft] = []
    taken = set(database.entries)
    for name, block in blocks.items():
        draft = _draft(name, block, database, taken, date, Path(file).name)
        taken.update(document["id"] for document in draft.documents)
        drafts.append(draft)
    return finish(Path(file).name, target, drafts, database, _GENERAL)


def _blocks(file: Path) -> Mapping[str, Mapping[str, Any]]:
    try:
        content = load_yaml(file.read_text(encoding="utf-8"), str(file))
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{file}: cannot be read: {getattr(error, 'strerror', None) or error}"
        raise InputError(msg) from None
    if isinstance(content, Mapping) and str(content.get("schema", "")).startswith("fitlq-"):
        msg = f"{file}: is a fitlq file already ({content['schema']}); use it with --data"
        raise InputError(msg)
    written_by_flavio = isinstance(content, list) or (isinstance(content, Mapping) and "constraints" in content)
    if written_by_flavio:
        documents = content if isinstance(content, list) else [content]
        return dict(_dumped(document, index, file) for index, document in enumerate(documents))
    if not isinstance(content, Mapping) or not content or not all(isinstance(block, Mapping) for block in content.values()):
        msg = f"{file}: is not a file of measurements in flavio's format (a mapping of names to blocks with `values`)"
        raise InputError(msg)
    if not any("values" in block for block in content.values()):
        msg = f"{file}: no block has `values`, so it is not a file of measurements in flavio's format"
        raise InputError(msg)
    return {str(name): block for name, block in content.items()}


def _dumped(document: Any, index: int, file: Path) -> tuple[str, Mapping[str, Any]]:
    """A block in the form in which flavio itself writes files: arguments, metadata, constraints."""
    if not isinstance(document, Mapping) or not isinstance(document.get("constraints"), list):
        msg = f"{file}: item {index + 1} has no list `constraints`"
        raise InputError(msg)
    name = str((document.get("arguments") or {}).get("name", f"block {index + 1}"))
    return name, {**(document.get("metadata") or {}), "constraints": document["constraints"]}


def _draft(name: str, block: Mapping[str, Any], database: Database, taken: set[str], date: str | None, source: str) -> Draft:
    about = metadata(name, block, database.experiments)
    draft = Draft(name, guessed=list(about.guessed))
    try:
        items = _items(block)
    except NotExpressible as error:
        draft.not_expressed.append(str(error))
        draft.found = len(block["values"]) if isinstance(block.get("values"), (Mapping, list)) else 1
        return draft
    draft.found = sum(len(item.observables) if not isinstance(item, Lone) else 1 for item in items)
    if about.date is None and date is None:
        draft.not_expressed.append("no year in name or INSPIRE key, and an entry needs a date: give one with --date")
        return draft
    if about.date is None:
        draft.guessed.append(f"date {date} (given for blocks without a year)")
    usable = [kept for item in items if (kept := _usable(item, database, draft)) is not None]
    _note_errors(usable, draft)
    observables = [one for item in usable for one in ([item.observable] if isinstance(item, Lone) else item.observables)]
    process = database.names.process(observables)
    base = _base(about, about.date or str(date), process, source)
    draft.documents = documents_of(usable, identifier(name, taken), base, database.names.unit)
    return draft


def _items(block: Mapping[str, Any]) -> list[Lone | JointGaussian | Grid]:
    if "constraints" not in block:
        return read_block(block)
    found: list[Lone | JointGaussian | Grid] = []
    for constraint in block["constraints"]:
        if "observables" in constraint:
            listed = [_named(observable) for observable in constraint["observables"]]
            found += read_block({"observables": listed, "values": constraint["values"]})
        else:
            found += read_block({"values": constraint})
    return found


def _named(observable: Any) -> Any:
    """flavio writes arguments by position, without their names: these cannot be known here."""
    if isinstance(observable, list):
        if len(observable) > 1:
            msg = f"the arguments of {observable[0]} have no names: {', '.join(map(str, observable[1:]))}"
            raise NotExpressible(msg)
        return observable[0]
    return observable


def _usable(item: Lone | JointGaussian | Grid, database: Database, draft: Draft) -> Lone | JointGaussian | Grid | None:
    """The item without what cannot be expressed, which is reported; None if nothing is left."""
    if isinstance(item, Lone):
        reason = item.piece if isinstance(item.piece, str) else database.names.problem(item.observable, natural_units=True)
        if reason is None:
            return item
        draft.not_expressed.append(f"{item.observable}: {reason}")
        return None
    reasons = [database.names.problem(observable, natural_units=True) for observable in item.observables]
    draft.not_expressed += [f"{o}: {reason}" for o, reason in zip(item.observables, reasons, strict=True) if reason]
    kept = [index for index, reason in enumerate(reasons) if reason is None]
    if len(kept) == len(reasons):
        return item
    if isinstance(item, Grid) or not kept:
        return None  # a likelihood on a grid cannot be projected
    observables, numbers = tuple(item.observables[k] for k in kept), tuple(item.numbers[k] for k in kept)
    return JointGaussian(observables, numbers, item.correlation[np.ix_(kept, kept)])


def _note_errors(items: list[Lone | JointGaussian | Grid], draft: Draft) -> None:
    numbers = [item.piece for item in items if isinstance(item, Lone) and isinstance(item.piece, Number)]
    numbers += [number for item in items if isinstance(item, JointGaussian) for number in item.numbers]
    most = max((len(number.errors) for number in numbers if not number.labels), default=1)
    if most > 3:
        draft.guessed.append(f"errors 3 to {most} added in quadrature as external")


def _base(about: Metadata, date: str, process: str, source: str) -> dict[str, Any]:
    provenance = {
        "level": "secondary",
        "how": f"imported from {source}, block {about.refs['flavio']!r}; not compared with the paper",
    }
    base: dict[str, Any] = {"kind": about.kind, "process": process, "experiment": list(about.experiment), "date": date}
    if about.dataset:
        base["dataset"] = [{"name": about.dataset}]
    base |= {"refs": dict(about.refs), "provenance": provenance}
    return base | ({"note": about.note} if about.note else {})
