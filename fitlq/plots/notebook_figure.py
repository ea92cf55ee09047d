"""A figure that notebooks show, although pyplot does not know it."""

from __future__ import annotations

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

__all__ = ["NotebookFigure"]

_DPI = 100


class NotebookFigure(Figure):
    """A figure with an Agg canvas; the last value of a notebook cell is shown as a PNG image."""

    def __init__(self, width: float, height: float) -> None:
        super().__init__(figsize=(width, height))
        FigureCanvasAgg(self)

    def _repr_png_(self) -> bytes:
        from fitlq.plots.figures import png_bytes

        return png_bytes(self, dpi=_DPI)
