"""Units as HEPData tables write them: ``GEV**-2``, ``10$^{-8}$``, ``10**-7/GEV**2``, ``PS**-1``, ``%``."""

from __future__ import annotations

import re
from decimal import Decimal

from fitlq_theory.errors import InputError

__all__ = ["scale_and_unit"]

_LATEX = re.compile(r"\\mathrm|\\rm|\\,|[${}\s]")
_POWER_OF_TEN = re.compile(r"\**(?:([0-9.]+)\*)?(?:10\*\*|1e)\(?([-+]?\d+)\)?\**")
_VELOCITY_OF_LIGHT = re.compile(r"/?c(\*\*[24])?(?![a-z0-9*])")
_UNITS = {
    "": "1",
    "1": "1",
    "gev": "GeV",
    "mev": "MeV",
    "rad": "rad",
    "gev**-2": "GeV^-2",
    "/gev**2": "GeV^-2",
    "1/gev**2": "GeV^-2",
    "ps**-1": "1/ps",
    "/ps": "1/ps",
    "1/ps": "1/ps",
    "cm**2": "cm2",
    "e*cm": "e cm",
}


def scale_and_unit(text: str) -> tuple[float, str]:
    """The factor and the unit (of a measurement file) of a column.

    Raises
    ------
    InputError
        The unit is not one that measurement files have.
    """
    plain = _LATEX.sub("", text.replace("\\times", "*").replace("×", "*").replace("^", "**")).lower()
    if plain == "%":
        return 0.01, "1"
    scale = 1.0
    power = _POWER_OF_TEN.match(plain)
    if power:
        scale = float(Decimal(power[1] or 1).scaleb(int(power[2])))
        plain = plain[power.end() :]
    plain = _VELOCITY_OF_LIGHT.sub("", plain).replace("(", "").replace(")", "")
    if plain not in _UNITS:
        known = ", ".join(sorted(set(_UNITS.values()) - {"1"}))
        msg = f"unit {text!r} of the column is not known (known: powers of ten, %, {known}); give --scale and --unit"
        raise InputError(msg)
    return scale, _UNITS[plain]
