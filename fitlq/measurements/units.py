"""Units of published numbers, converted once, on reading, to the units of the predictions (GeV and powers).

Oscillation frequencies are kept in the files as published, in 1/ps; the program sees them in GeV.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["CANONICAL_UNITS", "HBAR_GEV_PS", "UNIT_FACTORS"]

HBAR_GEV_PS = 6.582119569e-13
"""Reduced Planck constant in GeV ps, exact to the digits given (SI of 2019: h and e are fixed; CODATA 2018)."""

_PS_PER_S = 1e12

UNIT_FACTORS: Mapping[str, float] = {
    "1": 1.0,
    "rad": 1.0,
    "GeV": 1.0,
    "MeV": 1e-3,
    "1/ps": HBAR_GEV_PS,
    "1e10 hbar/s": 1e10 * HBAR_GEV_PS / _PS_PER_S,
    "cm2": 1.0,
    "e cm": 1.0,
}
"""Factor from a unit allowed in the files to the canonical unit."""

CANONICAL_UNITS: Mapping[str, str] = {
    "1": "1",
    "rad": "rad",
    "GeV": "GeV",
    "MeV": "GeV",
    "1/ps": "GeV",
    "1e10 hbar/s": "GeV",
    "cm2": "cm2",
    "e cm": "e cm",
}
"""The unit a number has after reading, by the unit it has in the file."""
