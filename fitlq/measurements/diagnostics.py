"""Findings about measurement files: what is wrong, and where."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from fitlq_theory.errors import InputError

__all__ = ["Diagnostic", "MeasurementError", "sorted_diagnostics", "unreadable_file"]

_PLACE = re.compile(r"^(?P<file>.*?), line (?P<line>\d+)(?:, column \d+)?: (?P<message>.*)$", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One mistake in a file.

    Attributes
    ----------
    file : str
        Path of the file as the user gave it.
    line : int or None
        Line, from 1.
    entry : str or None
        Id of the entry, or ``#3`` for the third entry of a file when it has no usable id.
    key : str or None
        Dotted path inside the entry, e.g. ``data.errors.stat[1]``.
    message : str
        What was found, what is allowed, and the nearest valid name where there is one.
    note : bool
        Worth a look, but no mistake.
    """

    file: str
    line: int | None
    entry: str | None
    key: str | None
    message: str
    note: bool = False

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        parts = [place]
        if self.entry:
            parts.append(f"entry {self.entry}")
        if self.key:
            parts.append(self.key)
        return ": ".join([", ".join(parts), self.message])


def _sort_key(diagnostic: Diagnostic) -> tuple[str, int, str, str]:
    return (diagnostic.file, diagnostic.line or 0, diagnostic.key or "", diagnostic.message)


def sorted_diagnostics(found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
    """By file and line, each once."""
    return tuple(sorted(set(found), key=_sort_key))


class MeasurementError(InputError):
    """Wrong measurement files; `diagnostics` holds every mistake found, the message lists them all."""

    def __init__(self, diagnostics: Iterable[Diagnostic]) -> None:
        self.diagnostics: tuple[Diagnostic, ...] = sorted_diagnostics(diagnostics)
        super().__init__("\n".join(str(diagnostic) for diagnostic in self.diagnostics))


def unreadable_file(file: str, error: InputError) -> Diagnostic:
    """The finding for a file that is not YAML, with the line that the reader's message names."""
    match = _PLACE.match(str(error))
    if match:
        return Diagnostic(file, int(match["line"]), None, None, match["message"])
    return Diagnostic(file, None, None, None, str(error))
