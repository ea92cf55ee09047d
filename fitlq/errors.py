"""Errors a user of fitlq meets; every one derives from `FitlqError`, wrong input from `InputError`."""

from __future__ import annotations

from fitlq_theory.errors import FitlqError, InputError, UnknownNameError

__all__ = ["FitlqError", "InputError", "MissingExtraError", "UnknownNameError"]


class MissingExtraError(FitlqError):
    """An optional package is needed for what was asked; the message says how to install it."""
