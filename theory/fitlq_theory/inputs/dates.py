"""Dates of sources: when the work appeared that a number is from."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

__all__ = ["date_problem"]

# `exact`: a count or a definition, which no work can change; `unknown`: the file it was taken from does not say
WITHOUT_DATE = ("exact", "unknown")

_DATE = re.compile(r"(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?")
_ARXIV = re.compile(r"\barXiv:(\d{2})(\d{2})\.\d{4,5}")


def date_problem(value: Any, source: str) -> str | None:
    """What is wrong with the date of `source`, None if nothing is.

    A date is ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD`` as a text, ``exact`` or ``unknown``. It cannot be before all
    arXiv numbers that the source names.
    """
    if value in WITHOUT_DATE:
        return None
    match = _DATE.fullmatch(value) if isinstance(value, str) else None
    if match is None:
        return f"must be 'YYYY', 'YYYY-MM', 'YYYY-MM-DD', 'exact' or 'unknown' as a text, found {value!r}"
    year, month, day = (int(part) if part else None for part in match.groups())
    try:
        date(year or 0, month or 1, day or 1)
    except ValueError:
        return f"there is no day {value}"
    numbers = _ARXIV.findall(source)
    earliest = min(((2000 + int(y), int(m)) for y, m in numbers), default=None)
    # journals and reports may be older than the paper that quotes them; a number given only by year is compared by year
    if earliest and month and not re.search(r"\b(19|20)\d{2}\b", source) and (year, month) < earliest:
        return f"{value} is before arXiv:{earliest[0] % 100:02d}{earliest[1]:02d}, the only work the source names"
    return None
