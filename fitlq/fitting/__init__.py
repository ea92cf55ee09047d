"""Best fits with Minuit."""

from __future__ import annotations

from fitlq.fitting.fit import fit
from fitlq.fitting.result import Fit, Minimum

__all__ = ["Fit", "Minimum", "fit"]
