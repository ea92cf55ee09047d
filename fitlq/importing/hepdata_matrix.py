"""Correlation matrices from HEPData tables: two independent variables and one column, or one column per row."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from fitlq.importing.hepdata_table import Table, Variable, read_table, value_of
from fitlq_theory.errors import InputError

__all__ = ["correlation_matrix"]

Real = NDArray[np.float64]
Bin = tuple[float, float] | float | str | None

_ROUNDING = 0.02  # of a published covariance beside published errors


def correlation_matrix(file: Path, bins: Sequence[tuple[float, float] | None], errors: Real, remarks: list[str]) -> Real:
    """The correlation matrix of the rows of another table, (n, n).

    Parameters
    ----------
    bins : sequence
        The bins of those rows; the matrix is put into their order if it names its bins, else it is taken as it stands.
    errors : (n,) array
        The errors it belongs to, to recognise a covariance matrix; same units as that.
    remarks : list
        Gets what was decided.

    Raises
    ------
    InputError
        Not a square matrix of the right size, not symmetric, values that are missing.
    """
    table = read_table(file)
    count = len(errors)
    matrix = _from_columns(table, file, count) if len(table.columns) == count > 1 else _from_pairs(table, file, bins, count)
    if np.isnan(matrix).any():
        missing = int(np.isnan(matrix).sum())
        msg = f"{file}: {missing} of {count * count} elements of the {count} x {count} matrix are missing"
        raise InputError(msg)
    if not np.allclose(matrix, matrix.T, rtol=1e-6, atol=1e-9 * np.abs(matrix).max()):
        msg = f"{file}: the matrix is not symmetric"
        raise InputError(msg)
    return _normalised(0.5 * (matrix + matrix.T), errors, file, remarks)


def _from_columns(table: Table, file: Path, count: int) -> Real:
    if len(table.columns[0].rows) != count:
        msg = f"{file}: {count} columns of {len(table.columns[0].rows)} rows are no square matrix"
        raise InputError(msg)
    return _mirrored(np.array([[_number(row) for row in column.rows] for column in table.columns]).T)


def _from_pairs(table: Table, file: Path, bins: Sequence[tuple[float, float] | None], count: int) -> Real:
    if len(table.variables) != 2 or len(table.columns) != 1:
        msg = (
            f"{file}: has {len(table.variables)} independent variables and {len(table.columns)} columns; "
            f"a matrix of {count} rows has two and one, or {count} columns"
        )
        raise InputError(msg)
    rows, columns = (_labels(variable) for variable in table.variables)
    order = _order(rows, columns, bins)
    if len(order) != count:
        msg = f"{file}: is a matrix of {len(order)} rows, the table has {count} numbers"
        raise InputError(msg)
    matrix = np.full((count, count), np.nan)
    for row, column, item in zip(rows, columns, table.columns[0].rows, strict=True):
        matrix[order[row], order[column]] = _number(item)
    return _mirrored(matrix)


def _labels(variable: Variable) -> list[Bin]:
    return [ends if ends is not None else value for ends, value in zip(variable.bins, variable.values, strict=True)]


def _order(rows: Sequence[Bin], columns: Sequence[Bin], bins: Sequence[tuple[float, float] | None]) -> dict[Bin, int]:
    """Position of each label: that of the bin in the other table, or the order of first appearance."""
    met = list(dict.fromkeys([*rows, *columns]))
    wanted = {one: k for k, one in enumerate(bins) if one is not None}
    if len(wanted) == len(bins) and set(met) == set(wanted):
        return {label: wanted[label] for label in met if isinstance(label, tuple)}
    return {label: k for k, label in enumerate(met)}


def _number(item: object) -> float:
    value = value_of(item)
    return float("nan") if value is None else float(value)


def _mirrored(matrix: Real) -> Real:
    """One triangle is enough."""
    return np.where(np.isnan(matrix), matrix.T, matrix)


def _normalised(matrix: Real, errors: Real, file: Path, remarks: list[str]) -> Real:
    diagonal = np.diag(matrix)
    if np.abs(diagonal - 1).max() < 1e-3:
        result = matrix.copy()
    elif np.allclose(diagonal, errors**2, rtol=2 * _ROUNDING, atol=0):
        result = matrix / np.outer(np.sqrt(diagonal), np.sqrt(diagonal))
        remarks.append(f"{file.name} is a covariance matrix; its correlations are taken, with the errors of the table")
    else:
        msg = f"{file}: the diagonal is neither 1 (correlations) nor the square of the errors (covariance)"
        raise InputError(msg)
    np.fill_diagonal(result, 1.0)
    return np.asarray(result)
