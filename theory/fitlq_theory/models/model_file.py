"""A user's model from a Python file."""

from __future__ import annotations

import hashlib
import importlib.util
import inspect
import sys
import traceback
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from fitlq_theory.contracts import Model
from fitlq_theory.errors import InputError, UnknownNameError
from fitlq_theory.models.checks import check_model, missing_members
from fitlq_theory.naming import unknown_name_message

__all__ = ["load_model_file"]


def load_model_file(path: str | Path, wanted: str | None = None) -> Model:
    """The model defined in a Python file: an instance, or a class that needs no arguments.

    `wanted` is the ``name`` of the model, or what the file calls it. Without it and with several candidates the one called
    ``model`` is taken. The file is executed: it is code of the user. It is kept in
    ``sys.modules`` under a name made from its path, as dataclasses and pickling need.

    Raises
    ------
    InputError
        The file cannot be read or fails when run (with the line), it defines no model, or several, or a model with
        problems (all of them listed).
    """
    path = Path(path)
    if not path.is_file():
        msg = f"{path}: no such file" if not path.exists() else f"{path}: not a file"
        raise InputError(msg)
    module = _execute(path)
    candidates = list(_candidates(module))
    if wanted is not None and candidates:
        candidates = _called(path, wanted, candidates)
    named = [(name, value) for name, value in candidates if name == "model"]
    if not candidates:
        raise InputError(_nothing_found(path, module))
    if len(candidates) > 1 and not named:
        msg = f"{path}: defines several models ({', '.join(name for name, _ in candidates)}); call the wanted one 'model'"
        raise InputError(msg)
    name, value = (named or candidates)[0]
    model = _instance(path, name, value)
    problems = check_model(model)
    if problems:
        msg = f"{path}: the model {name} has problems:" + "".join(f"\n  {problem}" for problem in problems)
        raise InputError(msg)
    return model  # type: ignore[no-any-return]


def _called(path: Path, wanted: str, candidates: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    names = {getattr(value, "name", None): (name, value) for name, value in candidates}
    names |= {name: (name, value) for name, value in candidates}
    if wanted not in names:
        known = [str(name) for name in names if isinstance(name, str)]
        msg = f"{path}: {unknown_name_message('model', wanted, known)}"
        raise UnknownNameError(msg)
    return [names[wanted]]


def _execute(path: Path) -> ModuleType:
    digest = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:12]
    spec = importlib.util.spec_from_file_location(f"fitlq_model_{digest}", path)
    if spec is None or spec.loader is None:
        msg = f"{path}: a model file is a Python file, its name must end with .py"
        raise InputError(msg)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    try:
        spec.loader.exec_module(module)
    except Exception as error:
        del sys.modules[spec.name]
        msg = f"{path}{_line(error, path)}: {type(error).__name__}: {error}"
        raise InputError(msg) from error
    return module


def _line(error: Exception, path: Path) -> str:
    if isinstance(error, SyntaxError):
        return f", line {error.lineno}"
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename) == path]
    return f", line {lines[-1]}" if lines else ""


def _own(module: ModuleType) -> Iterator[tuple[str, Any]]:
    """What the file itself defines: its classes and instances, nothing imported, each object once."""
    seen: list[Any] = []
    for name, value in sorted(vars(module).items(), key=lambda item: item[0] != "model"):
        kind = value if inspect.isclass(value) else type(value)
        if name.startswith("__") or not (kind.__module__ == module.__name__ or name == "model"):
            continue
        if not any(value is other for other in seen):
            seen.append(value)
            yield name, value


def _candidates(module: ModuleType) -> Iterator[tuple[str, Any]]:
    found = [(name, value) for name, value in _own(module) if name == "model" or _looks_like_model(value)]
    instances = [type(value) for _, value in found if not inspect.isclass(value)]
    # a class of which the file also makes an instance is meant through that instance
    return ((name, value) for name, value in found if not (inspect.isclass(value) and value in instances))


def _looks_like_model(value: Any) -> bool:
    """A class may set some members only in its constructor: what counts is the one thing no model is without."""
    return callable(getattr(value, "coefficients", None))


def _instance(path: Path, name: str, value: Any) -> Any:
    if not inspect.isclass(value):
        return value
    try:
        return value()
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        msg = f"{path}{_line(error, path)}: the model class {name} cannot be made without arguments: {reason}"
        raise InputError(msg) from error


def _nothing_found(path: Path, module: ModuleType) -> str:
    classes = [(name, value) for name, value in _own(module) if inspect.isclass(value)]
    lacks = "".join(f"; the class {name} lacks {', '.join(missing_members(value))}" for name, value in classes)
    wanted = "name, title, reference, parameters, eft, basis, scale, coefficients(points)"
    return f"{path}: defines no model (a class with {wanted}){lacks}"
