"""Theory inputs: named sets of parameters and form factors with errors, correlations and sources (YAML in this folder)."""

from __future__ import annotations

from fitlq_theory.inputs.checking import InputProblem, check_input_file, input_file_kind
from fitlq_theory.inputs.inputs import CorrelatedBlock, Direction, InputParameter, Inputs
from fitlq_theory.inputs.loader import input_choices, input_sets, known_parameters, load_inputs

__all__ = [
    "CorrelatedBlock",
    "Direction",
    "InputParameter",
    "InputProblem",
    "Inputs",
    "check_input_file",
    "input_choices",
    "input_file_kind",
    "input_sets",
    "known_parameters",
    "load_inputs",
]
