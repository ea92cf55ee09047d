"""Figures that belong to nobody but their owner, and writing them in one piece."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from fitlq.errors import InputError

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["PICTURE_FORMATS", "new_figure", "png_bytes", "save_figure"]

PICTURE_FORMATS = ("png", "pdf", "svg")


def new_figure(width: float, height: float) -> Figure:
    """An empty figure (inches) with an Agg canvas, unknown to pyplot, that a notebook shows as an image."""
    from fitlq.plots.notebook_figure import NotebookFigure

    return NotebookFigure(width, height)


def png_bytes(figure: Figure, dpi: int = 150) -> bytes:
    """The figure as a PNG image."""
    return _rendered(figure, "png", dpi)


def _rendered(figure: Figure, picture_format: str, dpi: int) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format=picture_format, dpi=dpi, bbox_inches="tight")
    return buffer.getvalue()


def save_figure(figure: Figure, path: str | Path, dpi: int = 150) -> None:
    """Write the figure; the ending chooses the format (png, pdf, svg). An old file is replaced in one step.

    Raises
    ------
    InputError
        Another ending, or a folder that does not exist or cannot be written.
    """
    from fitlq.files import write_bytes_atomically

    target = Path(path)
    picture_format = target.suffix.lower().lstrip(".")
    if picture_format not in PICTURE_FORMATS:
        msg = f"{target}: the ending must be one of {', '.join('.' + f for f in PICTURE_FORMATS)}"
        raise InputError(msg)
    try:
        write_bytes_atomically(target, _rendered(figure, picture_format, dpi))
    except OSError as error:
        msg = f"{target}: cannot be written: {error.strerror or error}"
        raise InputError(msg) from None
