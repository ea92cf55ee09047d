"""Pictures of results: every function returns a matplotlib figure; nothing touches pyplot's global state."""

from __future__ import annotations

from fitlq.plots.binned import binned
from fitlq.plots.contours import contours
from fitlq.plots.corner import corner
from fitlq.plots.figures import save_figure
from fitlq.plots.pulls import pulls

__all__ = ["binned", "contours", "corner", "pulls", "save_figure"]
