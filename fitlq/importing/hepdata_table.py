"""Read a HEPData table (YAML or JSON): independent variables with bins, columns of values with labelled errors."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from fitlq.importing.pieces import NotExpressible, Number
from fitlq_theory.errors import InputError
from fitlq_theory.strict_yaml import load_yaml

__all__ = ["Column", "Table", "Variable", "listed", "number_of", "read_table", "value_of"]


@dataclass(frozen=True, slots=True)
class Variable:
    """An independent variable: `bins` holds (low, high) for each row, or None where only a value is given."""

    name: str
    units: str
    bins: tuple[tuple[float, float] | None, ...]
    values: tuple[float | str | None, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A dependent variable; `rows` are the items of its `values`, as they stand in the file."""

    name: str
    units: str
    qualifiers: tuple[str, ...]
    rows: tuple[Any, ...]

    def __str__(self) -> str:
        units = f" [{self.units}]" if self.units else ""
        inside = f" ({'; '.join(self.qualifiers)})" if self.qualifiers else ""
        return f"{self.name}{units}{inside}"


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its variables and its columns."""

    variables: tuple[Variable, ...]
    columns: tuple[Column, ...]


def read_table(file: Path) -> Table:
    """Read one table.

    Raises
    ------
    InputError
        The file cannot be read or is not a HEPData table; columns differ in length.
    """
    try:
        content = load_yaml(file.read_text(encoding="utf-8"), str(file))
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{file}: cannot be read: {getattr(error, 'strerror', None) or error}"
        raise InputError(msg) from None
    if not isinstance(content, Mapping) or not isinstance(content.get("dependent_variables"), list):
        msg = f"{file}: is not a HEPData table (it has no list `dependent_variables`)"
        raise InputError(msg)
    variables = tuple(_variable(item, file) for item in content.get("independent_variables") or [])
    columns = tuple(_column(item, file) for item in content["dependent_variables"])
    if not columns:
        msg = f"{file}: the table has no dependent variable"
        raise InputError(msg)
    lengths = {len(one.bins) for one in variables} | {len(one.rows) for one in columns}
    if len(lengths) > 1:
        msg = f"{file}: the columns have different lengths: {', '.join(map(str, sorted(lengths)))}"
        raise InputError(msg)
    return Table(variables, columns)


def _header(item: Any, file: Path) -> tuple[str, str, list[Any]]:
    if not isinstance(item, Mapping) or not isinstance(item.get("values"), list):
        msg = f"{file}: a variable without a list `values`: {str(item)[:60]}"
        raise InputError(msg)
    header = item.get("header") or {}
    return str(header.get("name", "")), str(header.get("units") or ""), item["values"]


def _variable(item: Any, file: Path) -> Variable:
    name, units, values = _header(item, file)
    bins: list[tuple[float, float] | None] = []
    middles: list[float | str | None] = []
    for value in values:
        ends = (value.get("low"), value.get("high")) if isinstance(value, Mapping) else (None, None)
        # bins are sometimes written as text, "0.1 - 0.98"
        text = None if not isinstance(value, Mapping) else value.get("value")
        written = re.fullmatch(r"\s*([\d.]+)\s*[-–]\s*([\d.]+)\s*", text) if isinstance(text, str) else None
        if written and ends == (None, None):
            ends = (written[1], written[2])
        bins.append(None if None in ends else (float(str(ends[0])), float(str(ends[1]))))
        middles.append(text)
    return Variable(name, units, tuple(bins), tuple(middles))


def _column(item: Any, file: Path) -> Column:
    name, units, values = _header(item, file)
    qualifiers = tuple(
        f"{one.get('name')} = {one.get('value')}{' ' + str(one['units']) if one.get('units') else ''}"
        for one in item.get("qualifiers") or []
        if isinstance(one, Mapping)
    )
    return Column(name, units, qualifiers, tuple(values))


def value_of(row: Any) -> Decimal | None:
    """The value of a row, None where there is none (``-`` or empty).

    Raises
    ------
    NotExpressible
        It is text that is not a number.
    """
    value = row.get("value") if isinstance(row, Mapping) else row
    if value is None or (isinstance(value, str) and value.strip() in ("", "-", "–")):
        return None
    try:
        return Decimal(str(value).strip())
    except InvalidOperation:
        msg = f"the value {value!r} is not a number"
        raise NotExpressible(msg) from None


def number_of(row: Any, scale: Decimal, remarks: dict[str, None]) -> Number:
    """A row with a value and errors as a number times `scale`; what was decided is added to the keys of `remarks`.

    Raises
    ------
    NotExpressible
        No value, no errors, or something that cannot be read.
    """
    value = value_of(row)
    if value is None:
        msg = "there is no value"
        raise NotExpressible(msg)
    errors: list[tuple[float, float]] = []
    labels: list[str] = []
    listed = row.get("errors") or [] if isinstance(row, Mapping) else []
    for one in listed:
        label = str(one.get("label", "")).strip()
        up, down = _sides(one, value, remarks, label)
        if up == 0 and down == 0:
            continue
        errors.append((float(up * scale), float(down * scale)))
        labels.append(_kind(label, len(listed), remarks))
    if not errors:
        msg = "there is no error: it would have infinite weight"
        raise NotExpressible(msg)
    if "total" in labels and len(set(labels)) > 1:
        remarks["an error labelled as the total beside its parts: the parts are taken"] = None
        kept = [k for k, label in enumerate(labels) if label != "total"]
        errors, labels = [errors[k] for k in kept], [labels[k] for k in kept]
    if not all(any(error[side] > 0 for error in errors) for side in (0, 1)):
        msg = "there is an error on one side only: on the other it would have infinite weight"
        raise NotExpressible(msg)
    return Number(float(value * scale), tuple(errors), tuple(labels))


def _kind(label: str, count: int, remarks: dict[str, None]) -> str:
    plain = label.lower()
    if not plain:
        if count == 1:
            return "total"
        remarks["errors without label taken as systematic"] = None
        return "syst"
    for word, kind in (("stat", "stat"), ("tot", "total"), ("ext", "ext")):
        if plain.startswith(word):
            return kind
    if plain not in ("syst", "sys", "systematic"):
        remarks[f"error {label!r} taken as systematic (several are added in quadrature)"] = None
    return "syst"


def _sides(error: Any, value: Decimal, remarks: dict[str, None], label: str) -> tuple[Decimal, Decimal]:
    """Upward and downward error, both not negative."""
    if isinstance(error, Mapping) and "symerror" in error:
        size = abs(_size(error["symerror"], value))
        return size, size
    sides = error.get("asymerror") if isinstance(error, Mapping) else None
    if not isinstance(sides, Mapping):
        msg = f"the error {error!r} has neither symerror nor asymerror"
        raise NotExpressible(msg)
    plus, minus = _size(sides.get("plus", ""), value), _size(sides.get("minus", ""), value)
    if plus * minus > 0:
        remarks[f"both variations of {label or 'an error'} go one way: the larger is taken on that side, none on the other"] = (
            None
        )
    return max(plus, minus, Decimal(0)), -min(plus, minus, Decimal(0))


def _size(text: Any, value: Decimal) -> Decimal:
    """A size as it is written: a number, nothing (``''``), or a percentage of the value."""
    plain = str(text).strip()
    if plain in ("", "-"):
        return Decimal(0)
    try:
        return Decimal(plain[:-1].strip()) * abs(value) / 100 if plain.endswith("%") else Decimal(plain)
    except InvalidOperation:
        msg = f"the error {text!r} is not a number"
        raise NotExpressible(msg) from None


def listed(columns: Sequence[Column]) -> str:
    """The columns, numbered from 1, for a message."""
    return "; ".join(f"{number}: {column}" for number, column in enumerate(columns, start=1))
