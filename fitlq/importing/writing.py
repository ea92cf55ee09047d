"""Write entries as measurement files, one per experiment, with their side files and a vocabulary."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from fitlq_theory.errors import InputError

__all__ = ["empty_folder", "file_name", "write_files"]

Document = Mapping[str, Any]

_INLINE = 400  # values of a grid; more go to a side file
_WIDTH = 130


class _Dumper(yaml.SafeDumper):
    """Safe dumper that never abbreviates repeated lists by anchors, and quotes text that fitlq's reader takes for a number."""

    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True


def _text(dumper: yaml.SafeDumper, value: str) -> yaml.ScalarNode:
    quoted = "'" if re.fullmatch(r"[-+.\d][-+.\deE]*", value) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", value, style=quoted)


_Dumper.add_representer(str, _text)


def empty_folder(name: str | Path) -> Path:
    """A folder that is not there yet or holds nothing.

    Raises
    ------
    InputError
        It is a file, or something is in it.
    """
    folder = Path(name)
    if folder.exists() and not folder.is_dir():
        msg = f"-o {folder}: is a file, not a folder"
        raise InputError(msg)
    found = sorted(item.name for item in folder.iterdir()) if folder.is_dir() else []
    if found:
        msg = f"-o {folder}: holds {found[0]!r}; choose a new or empty folder, so that nothing is overwritten"
        raise InputError(msg)
    return folder


def file_name(experiment: Sequence[str]) -> str:
    """Name of the file for results of these experiments: ``belle-ii.yaml``."""
    plain = re.sub(r"[^a-z0-9]+", "-", "-".join(experiment).lower()).strip("-")
    return f"{plain or 'unnamed'}.yaml"


def write_files(
    folder: Path, documents: Sequence[Document], vocabulary: Document | None, side_files: Mapping[str, bytes]
) -> tuple[str, ...]:
    """Write entries, their side files and the vocabulary; the names of the files.

    Raises
    ------
    InputError
        The folder cannot be written.
    """
    texts: dict[str, str] = {}
    by_file: dict[str, list[Document]] = defaultdict(list)
    for document in documents:
        by_file[file_name(document["experiment"])].append(_with_side_file(document, texts))
    for name, entries in by_file.items():
        texts[name] = _yaml({"schema": "fitlq-measurements/1", "source": name.removesuffix(".yaml"), "entries": entries})
    if vocabulary is not None:
        texts["vocabulary.yaml"] = _yaml(vocabulary)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in {**{name: text.encode() for name, text in texts.items()}, **side_files}.items():
            (folder / name).write_bytes(content)
    except OSError as error:
        msg = f"-o {folder}: cannot be written: {error.strerror or error}"
        raise InputError(msg) from None
    return tuple(sorted([*texts, *side_files]))


def _with_side_file(document: Document, texts: dict[str, str]) -> Document:
    data = document["data"]
    if data["type"] != "grid" or len(data.get("values", ())) <= _INLINE:
        return document
    name = f"{document['id']}.csv"
    last = len(data["axes"][-1])
    rows = [data["values"][start : start + last] for start in range(0, len(data["values"]), last)]
    texts[name] = "".join(",".join(map(repr, row)) + "\n" for row in rows)
    kept = {key: value for key, value in data.items() if key != "values"}
    return {**document, "data": {**kept, "values_file": name}}


def _yaml(content: Document) -> str:
    text = yaml.dump(content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=_WIDTH, default_flow_style=None)
    return re.sub(r"\n- (id|name|names): ", r"\n\n- \1: ", text)
