"""Units of published numbers, converted once, on reading, to the units of the predictions (GeV and powers).

Oscillation frequencies and lifetimes are kept in the files as published, in 1/ps and ps; the program sees GeV and 1/GeV.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

__all__ = ["CANONICAL_UNITS", "HBAR_GEV_PS", "UNIT_FACTORS", "unit_problem"]

HBAR_GEV_PS = 6.582119569e-13
"""Reduced Planck constant in GeV ps, exact to the digits given (SI of 2019: h and e are fixed; CODATA 2018)."""

_PS_PER_S = 1e12

# hbar c in GeV fm, exact to the digits given, and 1 nb = 1e-7 fm^2
_GEV_FM = 0.1973269804
_NB = 1e-7 / _GEV_FM**2

UNIT_FACTORS: Mapping[str, float] = {
    "1": 1.0,
    "rad": 1.0,
    "deg": math.pi / 180,
    "GeV": 1.0,
    "MeV": 1e-3,
    "GeV^-2": 1.0,
    "nb": _NB,
    "1/ps": HBAR_GEV_PS,
    "GeV^-1": 1.0,
    "ps": 1 / HBAR_GEV_PS,
    "1e10 hbar/s": 1e10 * HBAR_GEV_PS / _PS_PER_S,
    "cm2": 1.0,
    "e cm": 1.0,
}
"""Factor from a unit allowed in the files to the canonical unit."""

CANONICAL_UNITS: Mapping[str, str] = {
    "1": "1",
    "rad": "rad",
    "deg": "rad",
    "GeV": "GeV",
    "MeV": "GeV",
    "GeV^-2": "GeV^-2",
    "nb": "GeV^-2",
    "1/ps": "GeV",
    "GeV^-1": "GeV^-1",
    "ps": "GeV^-1",
    "1e10 hbar/s": "GeV",
    "cm2": "cm2",
    "e cm": "e cm",
}
"""The unit a number has after reading, by the unit it has in the file."""

_NUMBERS = frozenset({"", "1", "rad"})


def unit_problem(unit: str | None, wanted: str) -> str | None:
    """Why numbers given in `unit` cannot be compared with a quantity in `wanted`, or None.

    Parameters
    ----------
    unit : str or None
        A unit allowed in the files; None where the data have none.
    wanted : str
        Unit of the quantity; nothing can be said about one that the files cannot express.
    """
    canonical = CANONICAL_UNITS.get(wanted or "1")
    if unit is None or canonical is None:
        return None
    found = CANONICAL_UNITS[unit]
    if found == canonical or {found, canonical} <= _NUMBERS:
        return None
    allowed = [name for name, one in CANONICAL_UNITS.items() if one == canonical]
    given = "has no unit" if unit == "1" else f"is given in {unit}"
    if canonical in _NUMBERS:
        return f"{given}, but it is a pure number: leave out `unit`, or write '1' in its place of the list"
    return f"{given}; write one of {', '.join(f'unit: {name}' for name in allowed)}, as the numbers are published"
