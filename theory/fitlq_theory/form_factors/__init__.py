"""Hadronic form factors: named sets of coefficients and the parametrisations that evaluate them."""

from __future__ import annotations

from fitlq_theory.form_factors.evaluation import evaluate
from fitlq_theory.form_factors.sets import FormFactorSet

__all__ = ["FormFactorSet", "evaluate"]
