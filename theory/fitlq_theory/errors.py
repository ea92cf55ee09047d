"""Exceptions of both packages: everything a user can cause derives from `InputError`."""

from __future__ import annotations

__all__ = ["FitlqError", "InputError", "UnknownNameError"]


class FitlqError(Exception):
    """Base of all errors raised on purpose."""


class InputError(FitlqError):
    """Something the user supplied is wrong; the message says what, where, and what is allowed."""


class UnknownNameError(InputError):
    """A name that does not exist; the message carries the nearest ones that do."""
