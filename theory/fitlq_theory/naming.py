"""Messages about names that do not exist: an unknown name is an error, never a silent zero."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

__all__ = ["nearest_names", "unknown_name_message"]


def nearest_names(name: str, allowed: Iterable[str], count: int = 3) -> list[str]:
    """Up to `count` allowed names that look like `name`, best first (case is ignored when comparing)."""
    by_folded = {candidate.casefold(): candidate for candidate in allowed}
    return [by_folded[key] for key in get_close_matches(name.casefold(), by_folded, n=count, cutoff=0.5)]


def unknown_name_message(kind: str, name: str, allowed: Iterable[str]) -> str:
    """One sentence: which kind of name is unknown, and the nearest known ones (or a few of all)."""
    names = list(allowed)
    near = nearest_names(name, names)
    if near:
        return f"unknown {kind} {name!r}; did you mean {' or '.join(repr(n) for n in near)}?"
    shown = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
    return f"unknown {kind} {name!r}; known: {shown or 'none'}"
