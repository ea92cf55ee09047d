"""A strict reader for the part of BibTeX that bibliographies of papers use, and the writer.

Read are entries ``@type{key, field = {value}, field = "value", field = 2026}`` with balanced braces; lines starting with ``%``
and ``@comment`` entries are skipped. Not read, and reported: ``@string`` macros, ``@preamble``, values joined with ``#``, entries
in parentheses, and text between entries, which BibTeX would silently ignore.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from fitlq.measurements.diagnostics import Diagnostic, MeasurementError

__all__ = ["BibliographyError", "Work", "format_work", "read_bibtex"]

_BETWEEN = re.compile(r"(?:\s|(?<![^\n])%[^\n]*(?:\n|\Z))*")  # blanks and lines starting with %
_BLANKS = re.compile(r"\s*")
_START = re.compile(r"@([A-Za-z]+)[ \t]*\{")
_KEY = re.compile(r"\s*([^\s,{}\"#%'()=\\~]+)\s*(?=[,}])")
_FIELD = re.compile(r"\s*([A-Za-z][A-Za-z0-9_-]*)\s*=\s*")
_NUMBER = re.compile(r"[0-9]+")
_NEXT_ENTRY = re.compile(r"^[ \t]*@", re.MULTILINE)
_BOOKKEEPING = ("ids", "named")
_SPELLING = {"archiveprefix": "archivePrefix", "primaryclass": "primaryClass"}  # as INSPIRE writes them


class BibliographyError(MeasurementError):
    """Wrong bibliography files; `diagnostics` holds every mistake found."""


@dataclass(frozen=True, slots=True, eq=False)
class Work:
    """One entry of a bibliography.

    Attributes
    ----------
    type : str
        ``article``, ``misc``, ``software``, ...
    key : str
    fields : mapping of str to str
        In the order of the file, names in small letters. Two are ours and are not printed: ``ids``, further keys of the same
        work, separated by commas, and ``named``, words by which a source text names it, separated by semicolons.
    file, line : str, int or None
        Where the entry stands; an empty file for an entry made on the fly.
    """

    type: str
    key: str
    fields: Mapping[str, str]
    file: str = ""
    line: int | None = None

    @property
    def other_keys(self) -> tuple[str, ...]:
        """Further keys of the work, from ``ids``."""
        return tuple(key.strip() for key in self.fields.get("ids", "").split(",") if key.strip())

    @property
    def names(self) -> tuple[str, ...]:
        """Words by which source texts name the work, from ``named``."""
        return tuple(name.strip() for name in self.fields.get("named", "").split(";") if name.strip())


def format_work(work: Work) -> str:
    """BibTeX of a work."""
    shown = [(name, value) for name, value in work.fields.items() if name not in _BOOKKEEPING]
    lines = [f"  {_SPELLING.get(name, name)} = {{{value}}}," for name, value in shown]
    return "\n".join([f"@{work.type}{{{work.key},", *lines, "}"])


def read_bibtex(text: str, file: str) -> tuple[tuple[Work, ...], tuple[Diagnostic, ...]]:
    """All entries of a BibTeX text, and every mistake with its line.

    Parameters
    ----------
    text : str
    file : str
        Name for messages.

    Returns
    -------
    works : tuple of Work
        The entries without a mistake, in file order.
    diagnostics : tuple of Diagnostic
    """
    reader = _Reader(text, file)
    reader.read()
    return tuple(reader.works), tuple(reader.diagnostics)


class _MistakeError(Exception):
    def __init__(self, position: int, message: str, key: str | None = None, name: str | None = None) -> None:
        super().__init__(message)
        self.position, self.message, self.key, self.name = position, message, key, name


@dataclass(slots=True)
class _Reader:
    text: str
    file: str
    works: list[Work] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)

    def line(self, position: int) -> int:
        return self.text.count("\n", 0, position) + 1

    def read(self) -> None:
        position = self._skip(0, _BETWEEN)
        while position < len(self.text):
            try:
                position = self._entry(position)
            except _MistakeError as mistake:
                place = self.line(mistake.position)
                self.diagnostics.append(Diagnostic(self.file, place, mistake.key, mistake.name, mistake.message))
                following = _NEXT_ENTRY.search(self.text, position + 1)
                position = following.start() if following else len(self.text)
            position = self._skip(position, _BETWEEN)

    def _skip(self, position: int, what: re.Pattern[str] = _BLANKS) -> int:
        found = what.match(self.text, position)
        return found.end() if found else position

    def _entry(self, position: int) -> int:
        start = _START.match(self.text, position)
        if start is None:
            shown = self.text[position:].split("\n", 1)[0][:40]
            raise _MistakeError(position, f"expected an entry such as @article{{key, or a line starting with %, found {shown!r}")
        kind = start[1].lower()
        if kind == "comment":
            return self._braced(start.end() - 1, None, None)[1]
        if kind in {"string", "preamble"}:
            raise _MistakeError(position, f"@{kind} is not read; write the text out in every entry")
        key = _KEY.match(self.text, start.end())
        if key is None:
            raise _MistakeError(position, f"@{kind}: the key is missing or contains a blank, a quote or one of {{}}()=#%~\\")
        fields, end = self._fields(key.end(), key[1])
        self.works.append(Work(kind, key[1], fields, self.file, self.line(position)))
        return end

    def _fields(self, position: int, key: str) -> tuple[dict[str, str], int]:
        fields: dict[str, str] = {}
        while True:
            position = self._skip(position)
            comma = self.text[position : position + 1] == ","
            position = self._skip(position + 1) if comma else position
            if self.text[position : position + 1] == "}":
                return fields, position + 1
            if position >= len(self.text):
                raise _MistakeError(position, "the entry is not closed by }", key)
            if not comma:
                raise _MistakeError(position, "expected a comma or } after the value", key, next(reversed(fields), None))
            name = _FIELD.match(self.text, position)
            if name is None:
                shown = self.text[position:].split("\n", 1)[0][:30]
                raise _MistakeError(position, f"expected field = {{value}}, found {shown!r}", key)
            value, end = self._value(name.end(), key, name[1])
            if name[1].lower() in fields:
                raise _MistakeError(position, "is given twice", key, name[1].lower())
            fields[name[1].lower()] = " ".join(value.split())
            position = end

    def _value(self, position: int, key: str, name: str) -> tuple[str, int]:
        first = self.text[position : position + 1]
        if first == "{":
            value, end = self._braced(position, key, name)
        elif first == '"':
            value, end = self._quoted(position, key, name)
        elif number := _NUMBER.match(self.text, position):
            value, end = number[0], number.end()
        else:
            raise _MistakeError(position, "the value must stand in braces or quotes, or be a whole number", key, name)
        if self.text[self._skip(end) : self._skip(end) + 1] == "#":
            raise _MistakeError(end, "values joined with # are not read; write the whole value", key, name)
        if not value.strip():
            raise _MistakeError(position, "is empty; leave the field out", key, name)
        return value, end

    def _braced(self, position: int, key: str | None, name: str | None) -> tuple[str, int]:
        depth = 0
        for end in range(position, len(self.text)):
            if key is not None and self.text[end - 1 : end + 1] == "\n@":
                break  # the next entry: better than to swallow all that follows
            depth += {"{": 1, "}": -1}.get(self.text[end], 0) * (self.text[end - 1] != "\\")
            if depth == 0:
                return self.text[position + 1 : end], end + 1
        raise _MistakeError(position, "this { is never closed", key, name)

    def _quoted(self, position: int, key: str, name: str) -> tuple[str, int]:
        depth = 0
        for end in range(position + 1, len(self.text)):
            letter = self.text[end]
            depth += {"{": 1, "}": -1}.get(letter, 0) * (self.text[end - 1] != "\\")
            if depth < 0:
                break
            if letter == '"' and depth == 0:
                return self.text[position + 1 : end], end + 1
        raise _MistakeError(position, 'this " is never closed', key, name)


def raise_if_wrong(diagnostics: Iterable[Diagnostic]) -> None:
    """`BibliographyError` with all diagnostics, if there are any."""
    found = tuple(diagnostics)
    if found:
        raise BibliographyError(found)
