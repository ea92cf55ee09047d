"""Theory inputs: named sets of parameters and form factors with errors, correlations and sources (YAML in this folder)."""

from __future__ import annotations

from fitlq_theory.inputs.inputs import CorrelatedBlock, Direction, InputParameter, Inputs
from fitlq_theory.inputs.loader import input_choices, input_sets, load_inputs

__all__ = [
    "CorrelatedBlock",
    "Direction",
    "InputParameter",
    "Inputs",
    "input_choices",
    "input_sets",
    "load_inputs",
]
