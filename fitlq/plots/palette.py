"""Colours of all pictures, distinct also for colour-blind readers: those of Okabe and Ito, and two darker ones."""

from __future__ import annotations

__all__ = ["BEST_FIT", "COLOURS", "INK", "STANDARD_MODEL"]

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#882255", "#666666")
INK = "#222222"
STANDARD_MODEL = "#E69F00"
BEST_FIT = "#0072B2"
