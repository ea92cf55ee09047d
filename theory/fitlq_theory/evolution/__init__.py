"""Running and matching: what a model at a high scale gives at the scales of the observables.

SMEFT ("Warsaw up") is run down to M_Z, matched at tree level onto the WET ("flavio"), which is run on to the b scale and
through the thresholds. Running matrices come from the rgevolve data packages; CKM matrix and couplings are the caller's.
"""

from __future__ import annotations

from fitlq_theory.evolution.compilation import compile_evolution
from fitlq_theory.evolution.compiled_evolution import Evolution
from fitlq_theory.evolution.evolve import evolve
from fitlq_theory.evolution.inputs import EvolutionInputs, default_inputs

__all__ = ["Evolution", "EvolutionInputs", "compile_evolution", "default_inputs", "evolve"]
