"""Bases of the WCxf besides those everything is computed in, and translations between them."""

from __future__ import annotations

from fitlq_theory.bases.normalisation import Normalisation, normalisation_of
from fitlq_theory.bases.translation import translate

__all__ = ["Normalisation", "normalisation_of", "translate"]
