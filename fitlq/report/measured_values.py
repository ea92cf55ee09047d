"""What an experiment published, in one line: a limit reads as a limit, not as the Gaussian that stands for it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from fitlq.formatting import format_number, format_with_error

__all__ = ["measured_value"]


def measured_value(pull: Any, entries: Mapping[str, Any]) -> str:
    """The published value behind a pull; from the pull itself if its entry is not among `entries`."""
    from fitlq.measurements import describe_value

    entry = entries.get(pull.id)
    if entry is not None:
        for index, reference in enumerate(entry.observables):
            if reference.name == pull.observable and reference.args == dict(pull.args):
                return describe_value(entry, index)
    if isinstance(pull.error, tuple):
        plus, minus = pull.error
        return f"{format_number(pull.measured)} (+{format_number(abs(plus), 2)} −{format_number(abs(minus), 2)})"
    return format_with_error(pull.measured, pull.error)
