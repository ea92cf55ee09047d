"""Dates of measurements: ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``, a short form meaning its last day.

With the last day an as-of query is never too early: a paper of "2019" is not used on 1 June 2019.
"""

from __future__ import annotations

import datetime
import re
from calendar import monthrange
from functools import lru_cache

__all__ = ["first_day", "resolve_date"]

_FORM = re.compile(r"^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$")


def resolve_date(text: str | datetime.date) -> datetime.date:
    """The day a date stands for.

    Parameters
    ----------
    text : str, datetime.date or datetime.datetime
        ``2019`` is 2019-12-31, ``2019-04`` is 2019-04-30; of a datetime, its day.

    Raises
    ------
    ValueError
        The text has another form, or there is no such day; it is not text (``2026`` without quotes).
    """
    if isinstance(text, datetime.datetime):
        return text.date()
    if isinstance(text, datetime.date):
        return text
    if not isinstance(text, str):
        msg = f"{text!r} ({type(text).__name__}) is not a date; write text, e.g. '2026', '2026-11' or '2026-11-20'"
        raise ValueError(msg)  # noqa: TRY004 - one kind of error for whatever is not a date
    return _day_of(text)


@lru_cache(maxsize=4096)
def _day_of(text: str) -> datetime.date:
    match = _FORM.match(text)
    if not match:
        msg = f"{text!r} is not a date; write YYYY, YYYY-MM or YYYY-MM-DD"
        raise ValueError(msg)
    year, month = int(match[1]), int(match[2] or 12)
    if not 1 <= month <= 12:
        msg = f"{text!r} is not a date: there is no month {match[2]}"
        raise ValueError(msg)
    try:
        return datetime.date(year, month, int(match[3]) if match[3] else monthrange(year, month)[1])
    except ValueError:
        msg = f"{text!r} is not a date: there is no such day"
        raise ValueError(msg) from None


def first_day(text: str) -> datetime.date:
    """First day of the year or month that a well-formed short date names; the day itself for a full date."""
    return datetime.date.fromisoformat(text + "-01-01"[len(text) - 4 :])
