r"""What the operators of the WET basis "flavio" are multiplied with in its definition, besides their coefficients.

The definition is that of the WCxf basis files: L = sum of C N O + h.c. with

* N = -(4 G_F/sqrt 2) V_qq' for charged currents, with two CKM elements for four different quarks;
* N = (4 G_F/sqrt 2) V V* for transitions of one quark (t in the loop for down quarks, b for c -> u), times e^2/(16 pi^2) with
  two leptons of any kind, times the mass of the heavier quark for scalar operators; e or g_s times that mass over 16 pi^2 for
  dipoles;
* N = 4 G_F/sqrt 2 for what conserves all flavours, dipoles with e or g_s and the mass over 16 pi^2;
* N = 1 for Delta F = 2 and for violation of charged-lepton flavour without a change of quarks: GeV^-2, dipoles GeV^-1.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["Normalisation", "normalisation_of"]

_FERMION = re.compile(r"nutau|numu|nue|tau|mu|e|u|d|s|c|b")
_UP, _DOWN = "uct", "dsb"
_LEPTONS = ("e", "mu", "tau")
# transition of one quark -> CKM elements (the second one conjugated) and the heavier quark
_NEUTRAL = {
    "bs": ("tb", "ts", "b"),
    "bd": ("tb", "td", "b"),
    "sd": ("ts", "td", "s"),
    "cu": ("ub", "cb", "c"),
}


@dataclass(frozen=True, slots=True)
class Normalisation:
    """The factor N of a coefficient.

    Attributes
    ----------
    sign : int
        -1 for charged currents.
    fermi : bool
        Whether there is 4 G_F/sqrt 2.
    ckm : tuple of str
        CKM elements such as ``tb``; a star marks the conjugate.
    coupling : str
        ``e^2``, ``e`` or ``g_s``, each over 16 pi^2, or empty.
    mass : str
        Fermion whose mass is a factor, or empty.
    """

    sign: int = 1
    fermi: bool = True
    ckm: tuple[str, ...] = ()
    coupling: str = ""
    mass: str = ""

    @property
    def text(self) -> str:
        """As printed: ``4 G_F/√2 V_tb V_ts* e²/16π² m_b``; ``1``."""
        parts = ["4 G_F/√2"] if self.fermi else []
        parts += [f"V_{element}" for element in self.ckm]
        parts += [f"{self.coupling.replace('^2', '²')}/16π²"] if self.coupling else []
        parts += [f"m_{self.mass}"] if self.mass else []
        return ("−" if self.sign < 0 else "") + (" ".join(parts) or "1")

    def value(
        self, ckm: NDArray[np.complex128], fermi_constant: float, coupling: Callable[[str], float], mass: Callable[[str], float]
    ) -> complex:
        """The number, in GeV: `coupling` gives e and g_s, `mass` the mass of a fermion."""
        result = complex(self.sign)
        if self.fermi:
            result *= 4.0 * fermi_constant / math.sqrt(2.0)
        for element in self.ckm:
            entry = complex(ckm[_UP.index(element[0]), _DOWN.index(element[1])])
            result *= entry.conjugate() if element.endswith("*") else entry
        if self.coupling:
            base, _, power = self.coupling.partition("^")
            result *= coupling(base) ** int(power or 1) / (16.0 * math.pi**2)
        return result * mass(self.mass) if self.mass else result


@cache
def normalisation_of(name: str) -> Normalisation:
    """The factor of a coefficient of the WET basis "flavio", in any number of flavours."""
    operator, _, rest = name.partition("_")
    fields = tuple(_FERMION.findall(rest))
    quarks = "".join(f for f in fields if len(f) == 1 and f != "e")
    if operator in {"C7", "C7p", "C8", "C8p"}:
        return _dipole(operator, fields)
    if len(quarks) == 2 and len(fields) == 4 and quarks[0] != quarks[1]:
        return _semileptonic(operator, quarks)
    if len(quarks) == 4:
        return _four_quarks(quarks)
    if operator == "Cgamma" or _violates_lepton_flavour(fields):
        return Normalisation(fermi=False)
    return Normalisation()


def _dipole(operator: str, fields: tuple[str, ...]) -> Normalisation:
    coupling = "e" if operator.startswith("C7") else "g_s"
    if fields[0] == fields[1]:
        return Normalisation(coupling=coupling, mass=fields[0])
    first, second, heavy = _NEUTRAL["".join(fields)]
    return Normalisation(ckm=(first, f"{second}*"), coupling=coupling, mass=heavy)


def _semileptonic(operator: str, quarks: str) -> Normalisation:
    if quarks in _NEUTRAL:
        first, second, heavy = _NEUTRAL[quarks]
        if quarks == "sd" and operator in {"CL", "CR"}:  # an operator (s d), not (d s)
            first, second = second, first
        mass = heavy if operator in {"CS", "CSp", "CP", "CPp"} else ""
        return Normalisation(ckm=(first, f"{second}*"), coupling="e^2", mass=mass)
    return Normalisation(sign=-1, ckm=(_element(quarks),))


def _element(quarks: str) -> str:
    up, down = sorted(quarks, key=lambda q: q in _DOWN)
    return up + down


def _four_quarks(quarks: str) -> Normalisation:
    if quarks[:2] == quarks[2:] and quarks[0] != quarks[1]:
        return Normalisation(fermi=False)
    if quarks[2] == quarks[3] and quarks[:2] in _NEUTRAL:
        first, second, _ = _NEUTRAL[quarks[:2]]
        return Normalisation(ckm=(first, f"{second}*"))
    if quarks[:2] == "bc":
        return Normalisation(sign=-1, ckm=("cb", f"{_element(quarks[2:])}*"))
    if len(set(quarks)) <= 2:
        return Normalisation()
    return Normalisation(fermi=False)


def _violates_lepton_flavour(fields: tuple[str, ...]) -> bool:
    """Whether charged leptons change flavour; neutrinos may."""
    # a field and a conjugate field alternate: (e e)(mu e) changes the numbers of e and of mu
    numbers = [sum((-1) ** k for k, field in enumerate(fields) if field == family) for family in _LEPTONS]
    return any(numbers)
