"""Workspaces in the HistFactory JSON format beside a measurement file: what an entry must say to connect one, and whether
the file holds what the entry says. Looks only at names; the model itself is read by `fitlq.likelihood.histfactory`.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePath
from typing import Any

from fitlq_theory.errors import InputError
from fitlq_theory.naming import unknown_name_message

__all__ = [
    "FORMAT",
    "connection_problems",
    "modifiers",
    "parameters_of_interest",
    "read_workspace",
    "with_fingerprint",
    "workspace_problem",
]

FORMAT = "HistFactory"
"""What `format` of a workspace that can be read starts with."""

_MOST_PARAMETERS = 2
_NEEDED = ("parameter_of_interest", "observable_per_unit", "observable_per_unit_source")
Problem = tuple[tuple[str | int, ...], str]


def parameters_of_interest(data: Mapping[str, Any]) -> tuple[str, ...]:
    """The parameters that an entry's `data` connects with its observables, none if it connects nothing."""
    given = data.get("parameter_of_interest", [])
    return (given,) if isinstance(given, str) else tuple(given)


def connection_problems(data: Mapping[str, Any], count: int) -> Iterator[Problem]:
    """What is wrong with the keys that connect a workspace with the `count` observables of an entry."""
    if "file" not in data:
        given = [key for key in (*_NEEDED, "measurement", "sha256") if key in data]
        if given:
            yield (given[0],), "there is no `file` that it could belong to"
        return
    if not data["format"].startswith(FORMAT):
        yield ("format",), f"only files of the format {FORMAT} can be read, found {data['format']!r}"
    path = PurePath(data["file"])
    if path.is_absolute() or ".." in path.parts:
        yield ("file",), f"must be a file beside this one or in a folder below, found {data['file']!r}"
    missing = [key for key in _NEEDED if key not in data]
    if missing:
        yield (), f"a likelihood with a file needs {', '.join(missing)} (how its parameters give the observables)"
        return
    if count > _MOST_PARAMETERS:
        yield (), f"at most {_MOST_PARAMETERS} observables can be read from a workspace, the entry has {count}"
    per_unit = data["observable_per_unit"]
    for key, found in (
        ("parameter_of_interest", parameters_of_interest(data)),
        ("observable_per_unit", per_unit if isinstance(per_unit, list) else [per_unit]),
    ):
        if len(found) != count:
            yield (key,), f"has {len(found)} value{'s' if len(found) != 1 else ''}, the entry has {count} observable(s)"
    if any(value <= 0 for value in (per_unit if isinstance(per_unit, list) else [per_unit])):
        yield ("observable_per_unit",), f"must be above zero, found {per_unit}"


def read_workspace(path: Path) -> tuple[Any, str]:
    """The content of a workspace file (``.json``, or compressed ``.json.gz``) and its SHA-256.

    Raises
    ------
    InputError
        It cannot be read, or is no JSON.
    """
    try:
        raw = path.read_bytes()
        # the fingerprint is that of the text: compressing a file again changes its bytes, not what it says
        text = gzip.decompress(raw) if path.suffix == ".gz" else raw
        return json.loads(text), hashlib.sha256(text).hexdigest()
    except OSError as error:
        msg = f"cannot be read: {error.strerror or error}"
    except (ValueError, EOFError, zlib.error) as error:
        msg = f"is not a JSON file: {error}"
    raise InputError(msg)


def with_fingerprint(data: Mapping[str, Any], folder: Path, digests: dict[str, str]) -> tuple[Mapping[str, Any], list[Problem]]:
    """The data of an external entry with the fingerprint of its file, and what is wrong with the file.

    `digests` gets the digest of the file as it lies there (of the compressed one, if it is compressed).
    """
    problems = list(connection_problems(data, len(parameters_of_interest(data))))
    if problems or "file" not in data:
        return data, []  # what is wrong with the keys is reported with all other numbers
    try:
        workspace, fingerprint = read_workspace(folder / data["file"])
        digests[data["file"]] = hashlib.sha256((folder / data["file"]).read_bytes()).hexdigest()
    except (InputError, OSError) as error:
        return data, [(("data", "file"), f"{data['file']}: {error}")]
    if data.get("sha256", fingerprint) != fingerprint:
        return data, [(("data", "sha256"), f"is not that of {data['file']}, which is {fingerprint}")]
    problem = workspace_problem(workspace, data.get("measurement"), parameters_of_interest(data))
    found: list[Problem] = [] if problem is None else [(("data", problem[0]), f"{data['file']}: {problem[1]}")]
    return {**data, "sha256": fingerprint}, found


def workspace_problem(workspace: Any, measurement: str | None, parameters: tuple[str, ...]) -> tuple[str, str] | None:
    """The key of `data` and the reason why a workspace has not what is asked of it, or None."""
    missing = [key for key in ("channels", "measurements", "observations") if not isinstance(_get(workspace, key), list)]
    if missing:
        return "file", f"is not a workspace: it has no list {', '.join(missing)}"
    names = [str(_get(one, "name")) for one in workspace["measurements"]]
    if not names:
        return "file", "the workspace has no measurement"
    if measurement is not None and measurement not in names:
        return "measurement", unknown_name_message("measurement of the workspace", measurement, names)
    free = sorted({name for kind, name in modifiers(workspace) if kind == "normfactor"})
    for parameter in parameters:
        if parameter not in free:
            return "parameter_of_interest", unknown_name_message("normalisation (normfactor) of the workspace", parameter, free)
    return None


def modifiers(workspace: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """(type, name) of every modifier of every sample of a workspace."""
    for channel in workspace["channels"]:
        for sample in _get(channel, "samples") or []:
            for modifier in _get(sample, "modifiers") or []:
                yield str(_get(modifier, "type")), str(_get(modifier, "name"))


def _get(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, Mapping) else None
