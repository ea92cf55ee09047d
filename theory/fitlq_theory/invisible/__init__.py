"""B and Bs decays with a pair of light invisible particles (spin 0, 1/2 or 1), as vectorised functions of their mass."""

from fitlq_theory.invisible.belle2_acceptance import acceptance, acceptance_at, efficiency
from fitlq_theory.invisible.dark_operators import DARK_OPERATORS, DarkOperator, statistics_factor
from fitlq_theory.invisible.decays import DECAYS, InvisibleDecay
from fitlq_theory.invisible.light_mediators import mediated_branching_ratio, two_body_branching_ratio
from fitlq_theory.invisible.predictions import invisible_predictions
from fitlq_theory.invisible.rates import branching_ratio, bs_to_invisible, spectrum

__all__ = [
    "DARK_OPERATORS",
    "DECAYS",
    "DarkOperator",
    "InvisibleDecay",
    "acceptance",
    "acceptance_at",
    "branching_ratio",
    "bs_to_invisible",
    "efficiency",
    "invisible_predictions",
    "mediated_branching_ratio",
    "spectrum",
    "statistics_factor",
    "two_body_branching_ratio",
]
