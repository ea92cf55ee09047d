"""The first result: the shipped S1 model on all current measurements, fitted, sampled and written to a folder."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fitlq.analysis import Analysis

__all__ = ["FOLDER", "STEPS", "WALKERS", "quickstart_analysis"]

FOLDER = Path("fitlq-quickstart")
WALKERS = 32
STEPS = 3500  # enough for a converged chain, in well under a minute


def quickstart_analysis() -> Analysis:
    """All current measurements, the four couplings the model leaves free."""
    from fitlq.analysis import Analysis

    return Analysis(model="s1_lmu_ltau")
