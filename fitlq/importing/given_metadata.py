"""Experiment, date and id of an entry made from a file that does not hold them: as given, or guessed and said so."""

from __future__ import annotations

import datetime
from collections.abc import Collection, Sequence

from fitlq.importing.flavio_metadata import NOT_STATED, identifier
from fitlq.measurements.dates import resolve_date
from fitlq_theory.errors import InputError

__all__ = ["date_or_today", "entry_identifier", "experiment_or_none"]


def experiment_or_none(experiment: Sequence[str], guessed: list[str]) -> list[str]:
    """The experiment as given, or a word that says that it is not."""
    if not experiment:
        guessed.append("no experiment (--experiment)")
    return list(experiment) or [NOT_STATED]


def date_or_today(date: str | None, guessed: list[str]) -> str:
    """The date as given; without one, today: the result is public by now.

    Raises
    ------
    InputError
        It is not a date.
    """
    if date is None:
        today = datetime.date.today().isoformat()
        guessed.append(f"date {today}, today (--date says when it became public)")
        return today
    try:
        resolve_date(date)
    except ValueError as error:
        msg = f"--date: {error}"
        raise InputError(msg) from None
    return date


def entry_identifier(given: str | None, experiment: Sequence[str], observable: str, date: str, taken: Collection[str]) -> str:
    """The id as given, or one made of experiment, observable and year."""
    words = [*(name for name in experiment[:1] if name != NOT_STATED), observable, date[:4]]
    return given or identifier(" ".join(words), taken)
