"""What a block of a flavio file says about itself, and what has to be guessed from its name: date, kind, experiment, id."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

__all__ = ["NOT_STATED", "Metadata", "identifier", "metadata"]

_YEAR = re.compile(r"(?<!\d)(19[5-9]\d|20[0-4]\d)(?!\d)")
_INSPIRE_YEAR = re.compile(r":(19[5-9]\d|20[0-4]\d)[a-z]{2,3}$")
_AVERAGE = re.compile(r"\b(averages?|combinations?|combined|world|WA|HFAG|HFLAV|PDG|FLAG)\b", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s*[,&/]\s*|\s+and\s+")
_ABBREVIATION = re.compile(r"^[A-Z][A-Za-z]*[A-Z][A-Za-z+]*$")
NOT_STATED = "not stated"
"""The experiment of entries whose source names none."""


@dataclass(frozen=True, slots=True)
class Metadata:
    """What goes into every entry of a block; `guessed` says in words what the block does not say."""

    kind: str
    experiment: tuple[str, ...]
    date: str | None
    refs: Mapping[str, Any]
    dataset: str | None
    note: str | None
    guessed: tuple[str, ...]


def metadata(name: str, block: Mapping[str, Any], experiments: Collection[str]) -> Metadata:
    """Metadata of a block.

    Parameters
    ----------
    experiments : collection of str
        Names of experiments in the database, to be recognised in the name of a block that states none.
    """
    guessed: list[str] = []
    experiment, dataset = _experiment(name, block, experiments, guessed)
    kind = "average" if _AVERAGE.search(f"{name} {' '.join(experiment)}") or len(experiment) > 1 else "measurement"
    if kind == "average":
        guessed.append("kind average, without its inputs")
    url = str(block.get("url", ""))
    refs: dict[str, Any] = {}
    if block.get("inspire"):
        refs["inspire"] = str(block["inspire"])
    if block.get("hepdata"):
        refs["hepdata"] = [str(block["hepdata"])]
    if url:
        refs["url" if url.startswith(("http://", "https://")) else "report"] = url
    refs["flavio"] = name
    note = str(block["description"]).strip() if block.get("description") else None
    return Metadata(kind, experiment, _date(name, block, guessed), refs, dataset, note, tuple(guessed))


def _experiment(
    name: str, block: Mapping[str, Any], known: Collection[str], guessed: list[str]
) -> tuple[tuple[str, ...], str | None]:
    given = block.get("experiment")
    if given:
        text = ", ".join(map(str, given)) if isinstance(given, list) else str(given)
        aside = re.search(r"\(([^)]*)\)", text)
        names = [one for one in _SEPARATOR.split(re.sub(r"\([^)]*\)", "", text).strip()) if one]
        if len(names) == 1 and len(names[0].split()) > 1 and set(names[0].split()) <= set(known):
            names = names[0].split()
        return tuple(names) or (NOT_STATED,), aside[1] if aside else None
    found = [one for one in sorted(known, key=len, reverse=True) if re.match(rf"{re.escape(one)}\b", name)]
    first = name.split()[0] if name.split() else ""
    found += [first] if _ABBREVIATION.match(first) else []
    guessed.append(f"experiment {found[0]} from the name" if found else "no experiment")
    return (found[0] if found else NOT_STATED,), None


def _date(name: str, block: Mapping[str, Any], guessed: list[str]) -> str | None:
    """The later of the years in the name and in the INSPIRE key: an entry must not be used before it was known."""
    in_name = max(_YEAR.findall(name), default=None)
    key = _INSPIRE_YEAR.search(str(block.get("inspire", "")))
    in_key = key[1] if key else None
    if in_name is None and in_key is None:
        return None
    date = max(year for year in (in_name, in_key) if year is not None)
    if in_name is None:
        guessed.append(f"date {date} from the INSPIRE key")
    elif in_key is not None and in_key != in_name:
        guessed.append(f"date {date} (name {in_name}, INSPIRE key {in_key})")
    else:
        guessed.append(f"date {date}")
    return date


def identifier(name: str, taken: Collection[str]) -> str:
    """An id made of the name of a block: ``Belle B->enu 2007`` is ``belle-b2enu-2007``; numbered if it is taken."""
    plain = name.lower().replace("->", "2").replace("*", "st").replace("'", "p").replace("+", "p")
    plain = re.sub(r"[^a-z0-9.]+", "-", plain).strip("-.") or "unnamed"
    candidate, number = plain, 1
    while any(one == candidate or one.startswith(f"{candidate}-values") for one in taken):
        number += 1
        candidate = f"{plain}-imported" if number == 2 else f"{plain}-imported-{number - 1}"
    return candidate
