"""Names of Wilson coefficients in the WCxf bases, and sets of coefficients read from and written to WCxf files.

Known: SMEFT in the basis "Warsaw up" and WET, WET-4, WET-3 in the basis "flavio" (WCxf, arXiv:1712.05298), and for files also
"Warsaw" and "JMS", the names as
listed in the rgevolve data packages; baryon-number violating SMEFT operators are not among them. Scales in GeV;
normalisations as in the basis definitions. Names are loaded when first needed.

WET has a few coefficients more (`extension_names`, tables in docs/conventions.md). Operators with right-handed neutrinos N are
conserved currents times currents of gauge singlets and do not run; nothing in SMEFT generates them. Operators (c u)(l l') with
two lepton flavours follow from SMEFT (`fitlq_theory.evolution.charm_lepton_flavour`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.errors import InputError, UnknownNameError
from fitlq_theory.naming import nearest_names, unknown_name_message
from fitlq_theory.strict_yaml import YamlDocument, load_yaml_document

__all__ = [
    "BASES",
    "OTHER_BASES",
    "WilsonCoefficients",
    "check_coefficient_name",
    "coefficient_names",
    "extension_names",
    "known_names",
    "read_wcxf",
    "real_coefficient_message",
    "write_wcxf",
]

# the basis of each theory in which everything is computed, and those that can be read, written and translated besides
BASES = {"SMEFT": "Warsaw up", "WET": "flavio", "WET-4": "flavio", "WET-3": "flavio"}
OTHER_BASES = {"SMEFT": "Warsaw", "WET": "JMS", "WET-4": "JMS", "WET-3": "JMS"}
_FLAVOURS = ("e", "mu", "tau")
Value = complex | NDArray[np.complex128]


@cache
def coefficient_names(eft: str) -> dict[str, bool]:
    """All names of the basis of an EFT -> whether the coefficient is real by hermiticity.

    Raises
    ------
    UnknownNameError
        If `eft` is not a key of `BASES`.
    """
    if eft not in BASES:
        raise UnknownNameError(unknown_name_message("effective theory", eft, BASES))
    from fitlq_theory.evolution import rgevolve_data  # loads tables; importing this module stays fast

    return dict(sorted(pair for names in rgevolve_data.sectors(eft).values() for pair in names))


@cache
def extension_names(eft: str) -> dict[str, bool]:
    r"""Coefficients beyond the WCxf basis -> whether they are real.

    ``CL_bsNeNmu`` and ``CR_...`` (WET only; bs and bd, nine pairs of the flavours e, mu, tau of the right-handed neutrinos):
    as ``CL_bsnuenumu`` and ``CR_...`` with :math:`(1 + \gamma_5)` in the current of the neutrinos.

    ``C9_cuemu``, ``C10_...``, ``CS_...``, ``CP_...``, ``CT_...`` and primed ones (WET and WET-4; all pairs of different leptons):
    as ``C9_cumumu``, and tensor operators.
    """
    if eft not in {"WET", "WET-4"}:
        return {}
    charm = dict.fromkeys(
        (
            f"{kind}{prime}_cu{first}{second}"
            for kind in ("C9", "C10", "CS", "CP", "CT")
            for prime in ("", "p")
            for first in _FLAVOURS
            for second in _FLAVOURS
            if first != second
        ),
        False,
    )
    return charm if eft == "WET-4" else charm | _right_handed_neutrinos()


def _right_handed_neutrinos() -> dict[str, bool]:
    pairs = [f"N{first}N{second}" for first in _FLAVOURS for second in _FLAVOURS]
    return dict.fromkeys((f"{kind}_{quarks}{pair}" for quarks in ("bs", "bd") for kind in ("CL", "CR") for pair in pairs), False)


@cache
def known_names(eft: str, basis: str | None = None) -> dict[str, bool]:
    """`coefficient_names` and `extension_names` together: what observables and models may use; or those of another basis.

    Raises
    ------
    UnknownNameError
        Unknown EFT or basis.
    """
    names = coefficient_names(eft)
    if basis in {None, BASES[eft]}:
        return names | extension_names(eft)
    if basis != OTHER_BASES[eft]:
        msg = f"unknown basis {basis!r} of {eft}; allowed: {BASES[eft]!r}, {OTHER_BASES[eft]!r}"
        raise UnknownNameError(msg)
    if eft == "SMEFT":  # the same operators
        return names
    from fitlq_theory.bases.jms import jms_names

    return jms_names(eft)


def check_coefficient_name(name: str, eft: str, basis: str | None = None) -> None:
    """Raise `UnknownNameError`, with the nearest names, if `name` is not one of `known_names`."""
    names = known_names(eft, basis)
    if name in names:
        return
    message = unknown_name_message(f"{eft} ({basis or BASES[eft]}) Wilson coefficient", name, names)
    raise UnknownNameError(_redundant(name, names) or message)


def real_coefficient_message(name: str, value: Any) -> str:
    """Message about a coefficient that is real by hermiticity and was given an imaginary part."""
    return f"{name} is real by hermiticity, found {value!r}"


def _redundant(name: str, names: Mapping[str, bool]) -> str | None:
    """A message if `name` is a redundant flavour component of a four-fermion or bilinear operator, else None."""
    operator, _, indices = name.partition("_")
    if len(indices) not in {2, 4} or not set(indices) <= set("123"):
        return None
    pairs = [indices[k : k + 2] for k in range(0, len(indices), 2)]
    exchanged = f"{operator}_{''.join(reversed(pairs))}"
    conjugate = f"{operator}_{''.join(pair[::-1] for pair in pairs)}"
    both = f"{operator}_{''.join(pair[::-1] for pair in reversed(pairs))}"
    if exchanged in names:
        return f"{name} is not in the WCxf basis: it is the same coefficient as {exchanged}; give that one"
    for equivalent in (conjugate, both):
        if equivalent in names:
            return f"{name} is not in the WCxf basis: it is the complex conjugate of {equivalent}; give that one"
    return None


@dataclass(frozen=True, slots=True)
class WilsonCoefficients:
    """Wilson coefficients (new physics only) at one scale.

    Attributes
    ----------
    eft, basis : str
        ``("SMEFT", "Warsaw up")`` or ``("WET" | "WET-4" | "WET-3", "flavio")``, in which everything is computed;
        ``"Warsaw"`` and ``"JMS"`` for files, see `fitlq_theory.bases.translate`.
    scale : float
        In GeV.
    values : mapping of str to complex or complex array (N,)
        By WCxf name; what is not listed is zero.

    Raises
    ------
    InputError, UnknownNameError
        Unknown EFT, basis or name; a scale that is not positive; an imaginary part of a real coefficient.
    """

    eft: str
    basis: str
    scale: float
    values: Mapping[str, Value]

    def __post_init__(self) -> None:
        names = known_names(self.eft, self.basis)
        if not 0 < self.scale < np.inf:
            msg = f"the scale must be a positive number of GeV, found {self.scale!r}"
            raise InputError(msg)
        for name, value in self.values.items():
            check_coefficient_name(name, self.eft, self.basis)
            if not np.all(np.isfinite(value)):
                msg = f"{name} must be finite, found {value!r}"
                raise InputError(msg)
            if names[name] and np.any(np.imag(value) != 0):
                raise InputError(real_coefficient_message(name, value))


def read_wcxf(path: str | Path) -> WilsonCoefficients:
    """Read a WCxf file (JSON or YAML).

    Values are numbers or mappings with ``Re`` and ``Im`` (one may be missing and is zero then).

    Raises
    ------
    InputError
        Naming file, line and key: unreadable, malformed, unknown names, or values that are not numbers.
    """
    path = Path(path)
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{path}: cannot be read: {error}"
        raise InputError(msg) from None
    # JSON allows tabs where YAML does not; outside strings a tab is only white space
    document = load_yaml_document(text.replace("\t", " ") if path.suffix == ".json" else text, str(path))
    data = document.data
    if not isinstance(data, dict):
        msg = f"{path}: a WCxf file is a mapping with the keys eft, basis, scale, values; found {type(data).__name__}"
        raise InputError(msg)
    for key in ("eft", "basis", "scale", "values"):
        if key not in data:
            near = nearest_names(key, [str(k) for k in data], 1)
            msg = f"{path}: the key {key!r} is missing" + (f"; is {near[0]!r} meant to be it?" if near else "")
            raise InputError(msg)
    _require_mapping(document, data["values"])
    values = {str(name): _number(document, str(name), entry) for name, entry in data["values"].items()}
    scale = _real(document, data["scale"], "scale", "scale")
    return _validated(document, str(data["eft"]), str(data["basis"]), scale, values)


def write_wcxf(path: str | Path, coefficients: WilsonCoefficients) -> None:
    """Write a WCxf file, YAML if its name ends with ``.yml`` or ``.yaml``, else JSON; values must be single numbers.

    Raises
    ------
    InputError
        If a value is an array: a WCxf file holds one point.
    """
    values: dict[str, float | dict[str, float]] = {}
    for name, value in coefficients.values.items():
        if np.ndim(value) != 0:
            msg = f"a WCxf file holds one point; {name} has {np.size(value)}"
            raise InputError(msg)
        number = complex(value)
        values[name] = number.real if number.imag == 0 else {"Re": number.real, "Im": number.imag}
    data = {"eft": coefficients.eft, "basis": coefficients.basis, "scale": coefficients.scale, "values": values}
    path = Path(path)
    if path.suffix in {".yml", ".yaml"}:
        import yaml

        text = yaml.safe_dump(data, sort_keys=False)
    else:
        text = json.dumps(data, indent=2) + "\n"
    path.write_text(text, encoding="utf-8")


def _validated(document: YamlDocument, eft: str, basis: str, scale: float, values: dict[str, complex]) -> WilsonCoefficients:
    key: tuple[str, ...] = ()
    try:
        empty = WilsonCoefficients(eft, basis, scale, {})
        for name, value in values.items():
            key = ("values", name)
            WilsonCoefficients(eft, basis, scale, {name: value})
    except InputError as error:
        place = _place(document, *key) if key else document.source_name
        msg = f"{place}: {error}"
        raise type(error)(msg) from None
    return replace(empty, values=values)


def _place(document: YamlDocument, *path: str) -> str:
    line = document.line_of(*path)
    return document.source_name + (f", line {line}" if line else "")


def _require_mapping(document: YamlDocument, values: Any) -> None:
    if not isinstance(values, dict):
        msg = f"{_place(document, 'values')}: values must be a mapping of names to numbers"
        raise InputError(msg)


def _number(document: YamlDocument, name: str, entry: Any) -> complex:
    if isinstance(entry, dict):
        if not entry or not set(entry) <= {"Re", "Im"}:
            found = ", ".join(map(str, entry)) or "nothing"
            place = _place(document, "values", name)
            msg = f"{place}: {name} must be a number or have the keys Re and Im, found {found}"
            raise InputError(msg)
        parts = (_real(document, entry.get(part, 0.0), f"{name} ({part})", "values", name) for part in ("Re", "Im"))
        return complex(*parts)
    return complex(_real(document, entry, name, "values", name))


def _real(document: YamlDocument, entry: Any, key: str, *path: str) -> float:
    if isinstance(entry, bool) or not isinstance(entry, (int, float)):
        msg = f"{_place(document, *path)}: {key} must be a number, found {entry!r}"
        raise InputError(msg)
    return float(entry)
