"""Models of new physics: parameters in, Wilson coefficients (and what a light mediator predicts directly) out."""

from __future__ import annotations

from fitlq_theory.models.catalogue import ShippedModel, load_model, plugin_models, shipped_models
from fitlq_theory.models.checks import check_model
from fitlq_theory.models.model_file import load_model_file
from fitlq_theory.models.s1_lmu_ltau import S1LmuLtau
from fitlq_theory.models.wet import WetModel, wet_model

__all__ = [
    "S1LmuLtau",
    "ShippedModel",
    "WetModel",
    "check_model",
    "load_model",
    "load_model_file",
    "plugin_models",
    "shipped_models",
    "wet_model",
]
