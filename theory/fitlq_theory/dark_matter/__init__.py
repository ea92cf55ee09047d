"""Dark matter: annihilation, thermal average, relic density from the Boltzmann equation, direct detection; vectorised."""

from fitlq_theory.dark_matter.annihilation import (
    FinalState,
    scalar_t_channel,
    vector_s_channel,
    vector_width,
)
from fitlq_theory.dark_matter.averaging import Resonance, thermal_average
from fitlq_theory.dark_matter.boltzmann import relic_density
from fitlq_theory.dark_matter.degrees_of_freedom import DegreesOfFreedom, standard_model_plasma
from fitlq_theory.dark_matter.direct_detection import (
    axial_coupling_of_scalar_exchange,
    quark_spins,
    real_scalar_cross_section,
    scalar_nucleon_coupling,
    spin_dependent_cross_section,
    spin_independent_cross_section,
)

__all__ = [
    "DegreesOfFreedom",
    "FinalState",
    "Resonance",
    "axial_coupling_of_scalar_exchange",
    "quark_spins",
    "real_scalar_cross_section",
    "relic_density",
    "scalar_nucleon_coupling",
    "scalar_t_channel",
    "spin_dependent_cross_section",
    "spin_independent_cross_section",
    "standard_model_plasma",
    "thermal_average",
    "vector_s_channel",
    "vector_width",
]
