"""The fields of an analysis brought into one form, so that equal analyses compare equal, however they were written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fitlq_theory.errors import InputError

if TYPE_CHECKING:
    from fitlq.analysis import Analysis

__all__ = ["AnalysisError", "normalised_fields"]


class AnalysisError(InputError):
    """An analysis, or the file it stands in, is wrong."""


def normalised_fields(analysis: Analysis) -> dict[str, Any]:
    """The fields whose form can vary, as tuples, plain numbers and absolute paths; `AnalysisError` for a wrong kind."""
    return {
        "model": _text_or_none("model", analysis.model),
        "model_file": _path("model_file", analysis.model_file),
        "inputs": _set_or_file(analysis.inputs),
        "as_of": None if analysis.as_of is None else str(analysis.as_of),
        "fix": {str(k): _number(f"fix: {k}", v) for k, v in _mapping("fix", analysis.fix).items()},
        "free": {str(k): _ends(str(k), v) for k, v in _free_mapping(analysis.free).items()},
        "input_choices": {str(k): str(v) for k, v in _mapping("input_choices", analysis.input_choices).items()},
        "observables": _texts("observables", analysis.observables),
        "exclude": _texts("exclude", analysis.exclude),
        "data": tuple(str(_path("data", item)) for item in _texts("data", analysis.data)),
        "include": _texts("include", analysis.include),
        "representations": {str(k): str(v) for k, v in _mapping("representations", analysis.representations).items()},
        "seed": _seed(analysis.seed),
    }


def _free_mapping(value: Any) -> Mapping[Any, Any]:
    if isinstance(value, (list, tuple)):
        return dict.fromkeys(value)
    return _mapping("free", value)


def _mapping(key: str, value: Any) -> Mapping[Any, Any]:
    if value is None:
        return {}
    if not isinstance(value, Mapping):
        msg = f"{key}: expected a mapping of names to values, found {value!r}"
        raise AnalysisError(msg)
    return value


def _texts(key: str, value: Any) -> tuple[str, ...]:
    items = () if value is None else (value,) if isinstance(value, (str, Path)) else value
    if not isinstance(items, (list, tuple)) or not all(isinstance(item, (str, Path)) for item in items):
        msg = f"{key}: expected a list of texts, found {value!r}"
        raise AnalysisError(msg)
    return tuple(str(item) for item in items)


def _text_or_none(key: str, value: Any) -> str | None:
    if value is not None and (not isinstance(value, str) or not value):
        msg = f"{key}: expected a name, found {value!r}"
        raise AnalysisError(msg)
    return value


def _path(key: str, value: Any) -> str | None:
    if value is None:
        return None
    if not isinstance(value, (str, Path)):
        msg = f"{key}: expected the name of a file or folder, found {value!r}"
        raise AnalysisError(msg)
    return str(Path(value).expanduser().resolve())


def _set_or_file(value: Any) -> Any:
    """Theory inputs: the name of a set, or a file of one's own, which must be found from any folder."""
    return _path("inputs", value) if isinstance(value, str) and value.endswith((".yaml", ".yml")) else value


def _number(where: str, value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        msg = f"{where}: expected a number, found {value!r}"
        raise AnalysisError(msg)
    return float(value)


def _ends(name: str, value: Any) -> tuple[float, float] | None:
    if value is None:
        return None
    if not isinstance(value, (list, tuple)) or len(value) != 2:
        msg = f"free: {name}: expected nothing or a range [low, high], found {value!r}"
        raise AnalysisError(msg)
    low, high = value
    return _number(f"free: {name}", low), _number(f"free: {name}", high)


def _seed(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**32:
        msg = f"seed: expected a whole number from 0 to 2^32 - 1, found {value!r}"
        raise AnalysisError(msg)
    return value
