"""Connect a HistFactory workspace (pyhf JSON) with an observable: an entry with the file beside it."""

from __future__ import annotations

import gzip
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fitlq.importing.finishing import Database, Draft, finish_one
from fitlq.importing.given_metadata import date_or_today, entry_identifier, experiment_or_none
from fitlq.importing.pieces import Observable
from fitlq.importing.report import ImportReport
from fitlq.importing.writing import empty_folder
from fitlq.measurements.entry import Entry
from fitlq.measurements.histfactory_files import FORMAT, modifiers, read_workspace, workspace_problem
from fitlq_theory.errors import InputError, UnknownNameError
from fitlq_theory.naming import unknown_name_message

__all__ = ["WorkspaceOptions", "import_workspace"]

_COMPRESSED_FROM = 100_000  # bytes of JSON

_GENERAL = (
    "the observable is taken as proportional to the parameter of interest: the shape of the signal is that of the workspace",
    "other shapes (light invisible particles, scalar or tensor operators) need a reweighting that fitlq does not do",
)


@dataclass(frozen=True, slots=True)
class WorkspaceOptions:
    """What the workspace does not say.

    Attributes
    ----------
    observables : sequence of Observable
        One or two; with `entry` those of the entry, if empty.
    parameters : sequence of str
        The parameter of interest for each; empty: that of the measurement.
    per_unit : sequence of float
        Value of each observable where its parameter is 1.
    source : str or None
        Where these values stand.
    measurement : str or None
        Which measurement of the workspace.
    entry : str or None
        Id of an entry of the database that the workspace belongs to; its metadata are kept, and it is replaced.
    identifier, experiment, date, reference : str or None
        For a new entry; `reference` says where the workspace was published (a DOI). No date: today.
    """

    per_unit: Sequence[float]
    source: str | None = None
    observables: Sequence[Observable] = ()
    parameters: Sequence[str] = ()
    measurement: str | None = None
    entry: str | None = None
    identifier: str | None = None
    experiment: Sequence[str] = ()
    date: str | None = None
    reference: str | None = None


def import_workspace(file: str | Path, folder: str | Path, options: WorkspaceOptions) -> ImportReport:
    """Write an entry for a workspace into a new folder, with the workspace beside it.

    Raises
    ------
    InputError
        The file is no workspace or lacks the measurement or parameter; options are missing or do not fit.
    """
    path = Path(file)
    try:
        workspace, fingerprint = read_workspace(path)
    except InputError as error:
        msg = f"{path}: {error}"
        raise InputError(msg) from None
    target = empty_folder(folder)
    database = Database.load()
    old = _entry(options, database)
    observables = list(options.observables) or ([] if old is None else [Observable(o.name, o.args) for o in old.observables])
    parameters = list(options.parameters) or _default_parameter(path, workspace, options.measurement)
    _check(path, workspace, options, observables, parameters)
    # the suffix tells the reader whether it is compressed
    content = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
    guessed: list[str] = [] if options.source else ["no source of the value per unit (--source)"]
    document = _base(options, old, observables, database, guessed)
    compressed = len(content) > _COMPRESSED_FROM
    name = f"{document['id']}.json{'.gz' if compressed else ''}"
    document["observables"] = [one.document for one in observables]
    document["data"] = _data(options, old, name, fingerprint, parameters)
    draft = Draft(path.name, [document], len(observables), guessed)
    draft.remarks.append(_contents(workspace, parameters))
    if old is not None:
        draft.remarks.append(f"replaces {old.id} of the database when the folder is laid over it (--data {target})")
    side_file = gzip.compress(content, mtime=0) if compressed else content
    return finish_one(path, target, draft, database, _GENERAL, {name: side_file})


def _entry(options: WorkspaceOptions, database: Database) -> Entry | None:
    if options.entry is None:
        return None
    if options.entry not in database.entries:
        raise UnknownNameError(unknown_name_message("entry", options.entry, sorted(database.entries)))
    return database.entries[options.entry]


def _default_parameter(path: Path, workspace: Any, measurement: str | None) -> list[str]:
    problem = workspace_problem(workspace, measurement, ())
    if problem:
        msg = f"{path}: {problem[1]}"
        raise InputError(msg)
    for one in workspace["measurements"]:
        if measurement in (None, one.get("name")):
            return [str(one.get("config", {}).get("poi", ""))]
    return []


def _check(
    path: Path, workspace: Any, options: WorkspaceOptions, observables: Sequence[Observable], parameters: Sequence[str]
) -> None:
    problem = workspace_problem(workspace, options.measurement, tuple(parameters))
    if problem:
        msg = f"{path}: {problem[1]}"
        raise InputError(msg)
    if not observables:
        msg = "name the observable that the workspace measures with --observable (or the entry it belongs to with --entry)"
        raise InputError(msg)
    if not len(observables) == len(parameters) == len(options.per_unit):
        msg = (
            f"there must be as many parameters of interest (found {len(parameters)}) and values per unit "
            f"(found {len(options.per_unit)}) as observables (found {len(observables)})"
        )
        raise InputError(msg)


def _base(
    options: WorkspaceOptions, old: Entry | None, observables: Sequence[Observable], database: Database, guessed: list[str]
) -> dict[str, Any]:
    if old is not None:
        return {key: value for key, value in old.document.items() if key not in ("observables", "data")}
    experiment, date = experiment_or_none(options.experiment, guessed), date_or_today(options.date, guessed)
    name = entry_identifier(options.identifier, experiment, observables[0].name, date, database.entries)
    how = f"workspace as published ({options.reference})" if options.reference else "workspace file of unknown origin"
    refs: dict[str, Any] = {}
    if options.reference and re.match(r"^10\.17182/hepdata", options.reference):
        refs["hepdata"] = [options.reference]
    return {
        "id": name,
        "kind": "measurement",
        "process": database.names.process(observables),
        "experiment": experiment,
        "date": date,
        "refs": refs,
        "provenance": {"level": "secondary", "how": f"{how}; connected with `fitlq import pyhf`"},
    }


def _data(options: WorkspaceOptions, old: Entry | None, name: str, fingerprint: str, parameters: Sequence[str]) -> dict[str, Any]:
    before = {} if old is None or old.document["data"]["type"] != "external" else old.document["data"]
    data: dict[str, Any] = {
        "type": "external",
        "format": FORMAT,
        "ref": options.reference or before.get("ref", "a file"),
        "file": name,
        "sha256": fingerprint,
        "parameter_of_interest": parameters[0] if len(parameters) == 1 else list(parameters),
        "observable_per_unit": options.per_unit[0] if len(parameters) == 1 else list(options.per_unit),
        "observable_per_unit_source": options.source or "given without a source",
    }
    if options.measurement is not None:
        data["measurement"] = options.measurement
    if "reads" in before:
        data["reads"] = before["reads"]
    return data


def _contents(workspace: Mapping[str, Any], parameters: Sequence[str]) -> str:
    names = {name for _, name in modifiers(workspace)} - set(parameters)
    return f"{len(workspace['channels'])} channel(s), {len(names)} further parameter(s) or groups of them"
