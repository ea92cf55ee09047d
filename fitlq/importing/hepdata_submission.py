"""What the file ``submission.yaml`` of a HEPData record says about one of its tables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from fitlq_theory.errors import InputError
from fitlq_theory.strict_yaml import load_yaml

__all__ = ["AboutTable", "about_table"]


@dataclass(frozen=True, slots=True)
class AboutTable:
    """Name, description and references of a table."""

    name: str
    description: str
    refs: Mapping[str, Any]


def about_table(table: Path, submission: str | Path | None, remarks: list[str]) -> AboutTable:
    """What the submission says about the table file; its own name if there is no submission.

    Raises
    ------
    InputError
        The submission cannot be read, or does not list the table.
    """
    if submission is None:
        remarks.append("no submission.yaml given: no description and no references")
        return AboutTable(table.name, "", {})
    path = Path(submission)
    documents = _documents(path)
    files = [str(one["data_file"]) for one in documents if "data_file" in one]
    for one in documents:
        if "data_file" in one and Path(str(one["data_file"])).name == table.name:
            words = [str(one.get(key, "")).strip() for key in ("location", "description")]
            return AboutTable(str(one.get("name", table.name)), " ".join(word for word in words if word), _refs(one, documents))
    msg = f"{path}: no table has the data_file {table.name!r}; found {', '.join(files) or 'none'}"
    raise InputError(msg)


def _documents(path: Path) -> list[Mapping[str, Any]]:
    try:
        text = path.read_text(encoding="utf-8")
        # each part is parsed on its own, as the strict reader takes one document
        parts = [yaml.serialize(node) for node in yaml.compose_all(text, Loader=yaml.SafeLoader) if node is not None]
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{path}: cannot be read: {getattr(error, 'strerror', None) or error}"
        raise InputError(msg) from None
    except yaml.YAMLError as error:
        msg = f"{path}: is not YAML: {getattr(error, 'problem', None) or error}"
        raise InputError(msg) from None
    return [one for one in (load_yaml(part, str(path)) for part in parts) if isinstance(one, Mapping)]


def _refs(table: Mapping[str, Any], documents: list[Mapping[str, Any]]) -> dict[str, Any]:
    whole = next((one for one in documents if "data_file" not in one), {})
    refs: dict[str, Any] = {}
    hepdata = [str(one[key]) for one, key in ((table, "table_doi"), (whole, "hepdata_doi")) if one.get(key)]
    if hepdata:
        refs["hepdata"] = hepdata
    for record in whole.get("record_ids") or []:
        if isinstance(record, Mapping) and record.get("type") == "inspire" and str(record.get("id", "")).isdigit():
            refs["inspire_recid"] = int(record["id"])
    return refs
