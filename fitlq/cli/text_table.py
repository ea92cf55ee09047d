"""Plain text tables for the terminal."""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["render_pairs", "render_table", "wrapped"]


def render_table(headers: Sequence[str], rows: Sequence[Sequence[str]], right: Sequence[int] = ()) -> str:
    """Columns padded to their widest cell, two blanks apart; `right` lists the right-aligned columns."""
    table = [list(headers), *([str(cell) for cell in row] for row in rows)]
    widths = [max(len(row[k]) for row in table) for k in range(len(headers))]
    lines = [_line(row, widths, right) for row in table]
    lines.insert(1, "  ".join("─" * width for width in widths))
    return "\n".join(lines)


def _line(row: Sequence[str], widths: Sequence[int], right: Sequence[int]) -> str:
    cells = [cell.rjust(w) if k in right else cell.ljust(w) for k, (cell, w) in enumerate(zip(row, widths, strict=True))]
    return "  ".join(cells).rstrip()


def render_pairs(pairs: Sequence[tuple[str, str]]) -> str:
    """Headings and what belongs to them, one pair a line, the contents aligned."""
    width = max(len(heading) for heading, _ in pairs)
    return "\n".join(f"{heading.ljust(width)}  {content}" for heading, content in pairs)


def wrapped(text: str, width: int = 110, indent: str = "  ") -> str:
    """A paragraph filled to `width`, every line indented."""
    lines, line = [], indent
    for word in text.split():
        if len(line) + len(word) + 1 > width and line.strip():
            lines.append(line.rstrip())
            line = indent
        line += word + " "
    lines.append(line.rstrip())
    return "\n".join(lines)
