"""docs/validation.md: a page of sections, each written by the script that makes its numbers."""

from __future__ import annotations

from pathlib import Path

__all__ = ["PAGE", "ROOT", "section", "write_section"]

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "validation.md"


def _marks(name: str) -> tuple[str, str]:
    return f"<!-- {name}: begin -->\n", f"<!-- {name}: end -->\n"


def section(name: str) -> str:
    """The text of a section.

    Raises
    ------
    ValueError
        The page has no such section.
    """
    page, (begin, end) = PAGE.read_text(encoding="utf-8"), _marks(name)
    return page[page.index(begin) + len(begin) : page.index(end)]


def write_section(name: str, text: str) -> None:
    """Replace the text of a section of the page."""
    page, (begin, end) = PAGE.read_text(encoding="utf-8"), _marks(name)
    before, after = page[: page.index(begin)], page[page.index(end) + len(end) :]
    PAGE.write_text(f"{before}{begin}{text.rstrip()}\n{end}{after}", encoding="utf-8")
