"""Import of HEPData tables: one column of a table becomes one entry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from fitlq.importing.documents import gaussian_data
from fitlq.importing.finishing import Database, Draft, finish_one
from fitlq.importing.given_metadata import date_or_today, entry_identifier, experiment_or_none
from fitlq.importing.hepdata_matrix import correlation_matrix
from fitlq.importing.hepdata_submission import about_table
from fitlq.importing.hepdata_table import Column, Table, Variable, listed, number_of, read_table, value_of
from fitlq.importing.hepdata_units import scale_and_unit
from fitlq.importing.pieces import NotExpressible, Number, Observable
from fitlq.importing.report import ImportReport
from fitlq.importing.writing import empty_folder
from fitlq_theory.errors import InputError

__all__ = ["HepdataOptions", "import_hepdata"]

Bin = tuple[float, float] | None


@dataclass(frozen=True, slots=True)
class HepdataOptions:
    """What a table does not say.

    Attributes
    ----------
    observable : str
        Name of the observable.
    experiment, date : sequence of str, str or None
        None: no experiment; today.
    args : mapping
        Arguments of the observable that are the same in all rows.
    bins : str or None
        Name of the variable whose bins are arguments: ``q2`` means ``q2min`` and ``q2max``. None: found from the observable.
    column : int or None
        Which dependent variable, from 1; needed if there are several.
    variable : int or None
        Which independent variable has the bins, from 1; needed if there are several.
    correlations : mapping
        ``stat``, ``syst`` or ``total`` -> file with the matrix of these errors.
    submission : str, Path or None
        The file ``submission.yaml`` of the record.
    limit : float or None
        The values are upper limits at this confidence level.
    scale, unit : float, str or None
        Of the column, if its header does not say it.
    identifier : str or None
    """

    observable: str
    experiment: Sequence[str] = ()
    date: str | None = None
    args: Mapping[str, float | str] = field(default_factory=dict)
    bins: str | None = None
    column: int | None = None
    variable: int | None = None
    correlations: Mapping[str, str | Path] = field(default_factory=dict)
    submission: str | Path | None = None
    limit: float | None = None
    scale: float | None = None
    unit: str | None = None
    identifier: str | None = None


@dataclass(slots=True)
class _Rows:
    """The rows that can be expressed."""

    observables: list[Observable] = field(default_factory=list)
    numbers: list[Number] = field(default_factory=list)
    limits: list[float] = field(default_factory=list)
    bins: list[Bin] = field(default_factory=list)


def import_hepdata(file: str | Path, folder: str | Path, options: HepdataOptions) -> ImportReport:
    """Import one column of a HEPData table into a new folder.

    Raises
    ------
    InputError
        The table cannot be read; several columns or variables and no choice between them; an unknown unit; a matrix that does
        not fit; nothing in the column can be expressed.
    """
    path = Path(file)
    table = read_table(path)
    column = _chosen(path, "column", table.columns, options.column, listed(table.columns))
    target = empty_folder(folder)
    database = Database.load()
    draft = Draft(path.name, found=len(column.rows))
    scale, unit = _units(path, column, options)
    database.names.state_unit(options.observable, unit)
    bins, name = _bins(path, table, options, database, draft)
    rows = _rows(column, bins, name, Decimal(str(scale)), options, database, draft)
    if not rows.observables:
        msg = f"{path}: nothing in column {column} can be expressed: {'; '.join(draft.not_expressed)}"
        raise InputError(msg)
    others = [one for one in table.columns if one is not column]
    draft.not_expressed += [f"column {other} (not asked for)" for other in others]
    document = _document(path, options, database, rows, draft, column)
    document["observables"] = [one.document for one in rows.observables]
    document["data"] = _data(options, rows, unit, scale, draft)
    draft.documents.append(document)
    return finish_one(path, target, draft, database, ("provenance secondary until someone compares the numbers with the paper",))


def _chosen(path: Path, what: str, found: Sequence[Any], number: int | None, shown: str) -> Any:
    if number is None and len(found) == 1:
        return found[0]
    if number is None or not 1 <= number <= len(found):
        problem = f"has {len(found)} of them" if number is None else f"has no {what} {number}"
        msg = f"{path}: {problem}; choose one with --{what}: {shown}"
        raise InputError(msg)
    return found[number - 1]


def _units(path: Path, column: Column, options: HepdataOptions) -> tuple[float, str]:
    if options.unit is not None:
        return (1.0 if options.scale is None else options.scale), options.unit
    try:
        scale, unit = scale_and_unit(column.units)
    except InputError as error:
        msg = f"{path}: {error}"
        raise InputError(msg) from None
    return (scale if options.scale is None else options.scale), unit


def _bins(path: Path, table: Table, options: HepdataOptions, database: Database, draft: Draft) -> tuple[list[Bin], str | None]:
    """The bins of the rows and the name of the variable in the arguments; no name if the bins are not arguments."""
    count = len(table.columns[0].rows)
    if not table.variables:
        return [None] * count, None
    shown = "; ".join(f"{number}: {variable.name}" for number, variable in enumerate(table.variables, start=1))
    variable: Variable = _chosen(path, "variable", table.variables, options.variable, shown)
    if len(table.variables) > 1:
        unused = [one.name for one in table.variables if one is not variable]
        draft.not_expressed.append(f"independent variable {', '.join(unused)}")
    name = options.bins
    if name is None and all(one is not None for one in variable.bins):
        name = _variable_name(options, database)
        if name is not None:
            draft.guessed.append(f"bins of {variable.name} are {name}min, {name}max of {options.observable}")
    if name is None and count > 1:
        msg = (
            f"{path}: {count} rows; say with --bins what the bins of {variable.name!r} are, e.g. --bins q2 for the arguments "
            "q2min and q2max"
        )
        raise InputError(msg)
    return list(variable.bins), name


def _variable_name(options: HepdataOptions, database: Database) -> str | None:
    """The one variable x for which the observable takes xmin and xmax."""
    takes = []
    for candidate in ("q2", "mX", "s", "w", "costheta", "El", "pl"):
        args = {**options.args, f"{candidate}min": 1.0, f"{candidate}max": 2.0}
        observable = Observable(options.observable, args)
        if options.observable in database.names.vocabulary and database.names.problem(observable) is None:
            takes.append(candidate)
    return takes[0] if len(takes) == 1 else None


def _rows(
    column: Column,
    bins: Sequence[Bin],
    name: str | None,
    scale: Decimal,
    options: HepdataOptions,
    database: Database,
    draft: Draft,
) -> _Rows:
    rows, remarks = _Rows(), dict[str, None]()
    for number, (row, edges) in enumerate(zip(column.rows, bins, strict=True), start=1):
        observable = Observable(options.observable, _arguments(options.args, name, edges))
        problem = "it has no bin" if name is not None and edges is None else database.names.problem(observable)
        if problem is None:
            try:
                if options.limit is None:
                    rows.numbers.append(number_of(row, scale, remarks))
                else:
                    rows.limits.append(_limit(row, scale))
            except NotExpressible as error:
                problem = str(error)
        if problem is not None:
            draft.not_expressed.append(f"row {number}: {problem}")
            continue
        rows.observables.append(observable)
        rows.bins.append(edges)
    draft.guessed += list(remarks)
    return rows


def _limit(row: Any, scale: Decimal) -> float:
    plain = {**row, "value": str(row.get("value")).strip().lstrip("<")} if isinstance(row, Mapping) else row
    value = value_of(plain)
    if value is None:
        msg = "there is no value"
        raise NotExpressible(msg)
    return float(value * scale)


def _arguments(fixed: Mapping[str, float | str], name: str | None, edges: Bin) -> dict[str, float | str]:
    if name is None or edges is None:
        return dict(fixed)
    return {**fixed, f"{name}min": edges[0], f"{name}max": edges[1]}


def _data(options: HepdataOptions, rows: _Rows, unit: str, scale: float, draft: Draft) -> dict[str, Any]:
    if options.limit is not None:
        given = {} if unit == "1" else {"unit": unit}
        return {"type": "limit", **given, "cl": options.limit, "upper": rows.limits}
    plain = gaussian_data(rows.observables, rows.numbers, {}, lambda _: unit)
    correlations = {}
    for kind, file in options.correlations.items():
        errors = _errors(rows.numbers, kind) / scale
        correlations[kind] = correlation_matrix(Path(file), rows.bins, errors, draft.remarks)
    if not correlations and len(rows.numbers) > 1:
        draft.not_expressed.append("correlations between the rows (none given)")
    return gaussian_data(rows.observables, rows.numbers, correlations, lambda _: unit) if correlations else plain


def _errors(numbers: Sequence[Number], kind: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    """Mean of both sides of one kind of error, or of all."""
    found = []
    for number in numbers:
        squares = [
            (0.5 * (up + down)) ** 2
            for (up, down), label in zip(number.errors, number.labels, strict=True)
            if kind in (label, "total")
        ]
        found.append(float(np.sqrt(sum(squares))))
    return np.array(found)


def _document(
    path: Path, options: HepdataOptions, database: Database, rows: _Rows, draft: Draft, column: Column
) -> dict[str, Any]:
    about = about_table(path, options.submission, draft.remarks)
    experiment, date = experiment_or_none(options.experiment, draft.guessed), date_or_today(options.date, draft.guessed)
    name = entry_identifier(options.identifier, experiment, options.observable, date, database.entries)
    note = "; ".join(part for part in (about.description, *column.qualifiers) if part)
    document = {
        "id": name,
        "kind": "measurement",
        "process": database.names.process(rows.observables),
        "experiment": experiment,
        "date": date,
        "refs": about.refs,
        "provenance": {"level": "secondary", "how": f"HEPData table {about.name}, column {column.name}"},
    }
    return document | ({"note": note} if note else {})
