"""Four-quark and chromomagnetic operators in b -> s l l: as effective coefficients of O7, O9, and through the spectator quark."""

from fitlq_theory.effective_coefficients.semileptonic import (
    COEFFICIENTS,
    SCALE,
    EffectiveCoefficients,
    coefficients_of,
    effective_coefficients,
    follows_flavio,
    one_loop_vector,
)
from fitlq_theory.effective_coefficients.spectator_scattering import HIGHEST_Q2, SpectatorScattering, spectator_scattering

__all__ = [
    "COEFFICIENTS",
    "HIGHEST_Q2",
    "SCALE",
    "EffectiveCoefficients",
    "SpectatorScattering",
    "coefficients_of",
    "effective_coefficients",
    "follows_flavio",
    "one_loop_vector",
    "spectator_scattering",
]
