"""Check files of theory inputs: every problem at once, with its line, parameter and key, and the nearest valid name."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from fitlq_theory.inputs.dates import date_problem
from fitlq_theory.naming import nearest_names, unknown_name_message
from fitlq_theory.strict_yaml import YamlDocument, load_yaml_document

__all__ = ["InputProblem", "check_input_document", "check_input_file", "input_file_kind"]

STATUS_WORDS = ("read", "seen", "secondary", "computed", "estimate", "value read", "from memory")

_PARAMETER_FILE_KEYS = ("name", "description", "over", "parameters", "correlation_blocks")
_PARAMETER_KEYS = ("name", "value", "error", "unit", "source", "status", "date", "no_error")
_REQUIRED = ("name", "value", "error", "unit", "source", "status")
_BLOCK_KEYS = ("names", "correlation")
_FORM_FACTOR_KEYS = (
    *("name", "description", "transition", "status", "parametrisation", "source", "verified", "notes"),
    *("parameters", "correlation", "value_convention"),
)
_UNIT = re.compile(r"|rad|ps|s|fm|1/ps|(GeV )?cm\^-3|cm\^2|(k|M)?eV|GeV(\^-?\d+)?|m_mu\^\(5/2\)")
# eigenvalues of a correlation matrix above minus this are rounding of the published digits
_ROUNDING = 1e-8


@dataclass(frozen=True, slots=True)
class InputProblem:
    """One thing wrong with a file of inputs, or worth a note.

    Attributes
    ----------
    message : str
    line : int or None
    entry : str or None
        The parameter.
    key : str or None
    note : bool
        Not wrong, but incomplete: a date is missing.
    """

    message: str
    line: int | None = None
    entry: str | None = None
    key: str | None = None
    note: bool = False


def input_file_kind(data: Any) -> Literal["parameters", "form factors"] | None:
    """What kind of file of inputs the content of a YAML file is, None if it is something else."""
    if not isinstance(data, dict):
        return None
    if "parametrisation" in data or "transition" in data:
        return "form factors"
    if "correlation_blocks" in data or ("parameters" in data and "model" not in data):
        return "parameters"
    return None


def check_input_file(path: str | Path, known: Collection[str], *, may_add: bool = False) -> tuple[InputProblem, ...]:
    """All problems of a file of parameters or form factors.

    Parameters
    ----------
    path : str or Path
    known : collection of str
        The parameters there are: what a file laid over a set can replace.
    may_add : bool
        Whether the file may have others, as those of this package do.

    Raises
    ------
    InputError
        The file is not YAML.
    """
    document = load_yaml_document(Path(path).read_text(encoding="utf-8"), str(path))
    return check_input_document(document, known, may_add=may_add)


def check_input_document(document: YamlDocument, known: Collection[str], *, may_add: bool = False) -> tuple[InputProblem, ...]:
    """The same for a file that is read already."""
    if input_file_kind(document.data) == "form factors":
        return tuple(_form_factor_problems(document))
    return tuple(_parameter_file_problems(document, frozenset(known), may_add))


def _parameter_file_problems(document: YamlDocument, known: frozenset[str], may_add: bool) -> Iterator[InputProblem]:
    data = document.data
    if not isinstance(data, dict) or not isinstance(data.get("parameters"), list):
        yield InputProblem("a file of inputs is a mapping with a list 'parameters'", 1)
        return
    yield from _unknown_keys(document, data, _PARAMETER_FILE_KEYS)
    seen: set[str] = set()
    for k, parameter in enumerate(data["parameters"]):
        yield from _parameter_problems(document, k, parameter, seen, None if may_add else known)
    blocks = data.get("correlation_blocks", [])
    if not isinstance(blocks, list):
        yield InputProblem("must be a list", document.line_of("correlation_blocks"), None, "correlation_blocks")
        return
    correlated: set[str] = set()
    for k, block in enumerate(blocks):
        yield from _block_problems(document, k, block, correlated, known)


def _unknown_keys(
    document: YamlDocument, data: dict[Any, Any], allowed: tuple[str, ...], *path: str | int, entry: str | None = None
) -> Iterator[InputProblem]:
    for key in data:
        if key not in allowed:
            yield InputProblem(unknown_name_message("key", str(key), allowed), document.line_of(*path, key), entry, str(key))


def _parameter_problems(
    document: YamlDocument, k: int, parameter: Any, seen: set[str], known: frozenset[str] | None
) -> Iterator[InputProblem]:
    line = document.line_of("parameters", k)
    if not isinstance(parameter, dict):
        yield InputProblem(f"a parameter is a mapping with {', '.join(_REQUIRED)}", line)
        return
    name = str(parameter.get("name", f"number {k + 1}"))
    yield from _unknown_keys(document, parameter, _PARAMETER_KEYS, "parameters", k, entry=name)
    for key in _REQUIRED:
        if key not in parameter:
            near = nearest_names(key, [str(other) for other in parameter if other not in _PARAMETER_KEYS], 1)
            yield InputProblem("is missing" + (f"; is {near[0]!r} meant to be it?" if near else ""), line, name, key)
    if name in seen:
        yield InputProblem("is given twice", line, name)
    seen.add(name)
    if known is not None and name not in known:
        yield InputProblem(unknown_name_message("input parameter", name, known), line, name, "name")
    for key, message, note in (*_number_problems(parameter), *_word_problems(parameter)):
        yield InputProblem(message, document.line_of("parameters", k, key), name, key, note)


def _number_problems(parameter: dict[str, Any]) -> Iterator[tuple[str, str, bool]]:
    for key in ("value", "error"):
        if key in parameter and not _is_number(parameter[key]):
            yield key, f"must be a number, found {parameter[key]!r}", False
    error: Any = parameter.get("error")
    if _is_number(error) and error < 0:
        yield "error", f"must not be negative, found {error!r}", False
    if error == 0 and not parameter.get("no_error"):
        yield "error", "is zero without a reason; give one: no_error: 'exponent of a published formula'", True
    if _is_number(error) and error > 0 and "no_error" in parameter:
        yield "no_error", f"says why there is no error, but the error is {error!r}", False


def _word_problems(parameter: dict[str, Any]) -> Iterator[tuple[str, str, bool]]:
    for key in ("name", "source", "status"):
        if key in parameter and not (isinstance(parameter[key], str) and parameter[key].strip()):
            yield key, f"must be a text, found {parameter[key]!r}", False
    status = parameter.get("status")
    if isinstance(status, str) and status and not status.startswith(STATUS_WORDS):
        yield "status", f"must begin with one of {', '.join(STATUS_WORDS)}, found {status!r}", False
    unit = parameter.get("unit", "")
    if not isinstance(unit, str):
        yield "unit", f"must be a text, '' for a pure number, found {unit!r}", False
    elif _UNIT.fullmatch(unit) is None:
        yield "unit", f"{unit!r} is none of the usual ones: GeV and its powers, ps, rad, fm, '' for a pure number", True
    if "date" not in parameter:
        yield "date", "is missing: when the source appeared (YYYY, YYYY-MM or YYYY-MM-DD, 'exact' or 'unknown')", True
    elif problem := date_problem(parameter["date"], str(parameter.get("source", ""))):
        yield "date", problem, False


def _block_problems(
    document: YamlDocument, k: int, block: Any, correlated: set[str], known: frozenset[str]
) -> Iterator[InputProblem]:
    path = ("correlation_blocks", k)
    if not isinstance(block, dict) or not isinstance(block.get("names"), list) or not isinstance(block.get("correlation"), list):
        yield InputProblem("a correlated block has the lists 'names' and 'correlation'", document.line_of(*path))
        return
    yield from _unknown_keys(document, block, _BLOCK_KEYS, *path)
    errors = {p.get("name"): p.get("error") for p in document.data["parameters"] if isinstance(p, dict)}
    for name in map(str, block["names"]):
        line = document.line_of(*path, "names")
        if name not in errors and name not in known:
            yield InputProblem(unknown_name_message("input parameter", name, {*map(str, errors), *known}), line, name, "names")
        elif name in correlated:
            yield InputProblem("is in two correlated blocks", line, name, "names")
        elif errors.get(name) == 0 and len(block["names"]) > 1:
            yield InputProblem("has no error but a correlation", line, name, "names")
        correlated.add(name)
    if problem := _matrix_problem(block["correlation"], len(block["names"])):
        yield InputProblem(
            problem, document.line_of(*path, "correlation"), ", ".join(map(str, block["names"][:3])), "correlation"
        )


def _matrix_problem(rows: list[Any], size: int) -> str | None:
    """What is wrong with the lower triangle of a correlation matrix, None if nothing is."""
    if len(rows) != size:
        return f"has {len(rows)} rows for {size} parameters"
    matrix = np.eye(size)
    for i, row in enumerate(rows):
        if not isinstance(row, list) or len(row) != i + 1 or not all(map(_is_number, row)) or row[i] != 1:
            return f"row {i + 1} must have {i + 1} numbers and end with 1.0"
        matrix[i, : i + 1] = matrix[: i + 1, i] = row
    if np.abs(matrix).max() > 1:
        return f"has an element beyond one: {float(matrix.flat[np.abs(matrix).argmax()]):g}"
    smallest = float(np.linalg.eigvalsh(matrix)[0])
    return f"is not positive: smallest eigenvalue {smallest:.2g}" if smallest < -_ROUNDING else None


def _form_factor_problems(document: YamlDocument) -> Iterator[InputProblem]:
    data = document.data
    yield from (problem for problem in _unknown_keys(document, data, _FORM_FACTOR_KEYS))
    for key in ("name", "transition", "status", "parametrisation", "source", "parameters", "correlation"):
        if key not in data:
            yield InputProblem("is missing", 1, None, key)
    source = data.get("source")
    if not isinstance(source, dict) or not source.get("primary"):
        yield InputProblem(
            "must have the key 'primary': the work the numbers are from", document.line_of("source"), None, "source"
        )
    elif "date" not in source:
        yield InputProblem("is missing: when the source appeared", document.line_of("source"), None, "date", note=True)
    elif problem := date_problem(source["date"], str(source["primary"])):
        yield InputProblem(problem, document.line_of("source", "date"), None, "date")
    parameters = data.get("parameters")
    if not isinstance(parameters, list) or not isinstance(data.get("correlation"), list):
        return
    for k, parameter in enumerate(parameters):
        if not isinstance(parameter, dict) or not {"name", "value", "error"} <= set(parameter):
            line = document.line_of("parameters", k)
            yield InputProblem("a coefficient has a name, a value and an error", line, None, "parameters")
            continue
        for key, message, note in _number_problems(parameter):
            if not note:
                yield InputProblem(message, document.line_of("parameters", k, key), str(parameter["name"]), key)
    if problem := _matrix_problem(data["correlation"], len(parameters)):
        yield InputProblem(problem, document.line_of("correlation"), None, "correlation")


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value)
