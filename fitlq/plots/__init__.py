"""Pictures of results: every function takes and returns a matplotlib figure; nothing touches pyplot's global state."""

from __future__ import annotations

from fitlq.plots.corner import corner
from fitlq.plots.pulls import pulls

__all__ = ["corner", "pulls"]
