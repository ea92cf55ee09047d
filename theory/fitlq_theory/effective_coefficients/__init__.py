"""Effective coefficients of b -> s l l: matrix elements of four-quark and chromomagnetic operators in O7 and O9."""

from fitlq_theory.effective_coefficients.semileptonic import (
    COEFFICIENTS,
    SCALE,
    EffectiveCoefficients,
    coefficients_of,
    effective_coefficients,
    follows_flavio,
)

__all__ = ["COEFFICIENTS", "SCALE", "EffectiveCoefficients", "coefficients_of", "effective_coefficients", "follows_flavio"]
