r"""A model whose parameters are Wilson coefficients of the weak effective theory, chosen by name.

``wet_model(["C9_bsmumu", "Re_CVL_bctaunutau", "Im_CVL_bctaunutau"])``: a plain name or ``Re_`` is the real part, ``Im_``
the imaginary part; what is not named is zero. Coefficients are new physics only, in the WCxf basis "flavio", each at the
scale of the observable that reads it (4.8 GeV for b decays, ...): nothing runs.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.contracts import Parameter
from fitlq_theory.errors import InputError, UnknownNameError
from fitlq_theory.naming import unknown_name_message
from fitlq_theory.wilson_coefficients import check_coefficient_name, known_names

__all__ = ["WetModel", "default_range", "wet_model"]

Values = NDArray[Any]

# pairs that conserve flavour, beside a current that does not
_PAIRS = "ee|mumu|tautau|uu|cc|dd|ss|bb"
# First match decides. Symmetric ranges, in the units of the basis definition: dimensionless unless stated.
_DEFAULT_RANGES: tuple[tuple[str, float, str], ...] = (
    (r"C[LR]_(bs|bd|sd)nu\w+", 30.0, "neutral current with neutrinos"),
    (r"C[LR]_(bs|bd)N\w+", 30.0, "neutral current with right-handed neutrinos"),
    (r"C(VL|VR|SL|SR|T)_[a-z]+nu(e|mu|tau)", 2.0, "charged current"),
    (r"C\w+_(bsbs|bdbd)", 1e-10, "B mixing, GeV^-2"),
    (r"C\w+_(sdsd|ucuc)", 1e-12, "kaon and D mixing, GeV^-2"),
    (r"C(9|10)p?_(bs|bd|sd|cu)tautau", 1000.0, "neutral current with taus, weakly constrained"),
    (r"C(9|10)p?_(bs|bd|sd|cu)(emu|mue|etau|taue|mutau|taumu)", 30.0, "neutral current violating lepton flavour"),
    (r"C(9|10)p?_\w+", 10.0, "neutral current with charged leptons"),
    (r"CTp?_cu\w+", 30.0, "tensor operator violating lepton flavour"),
    (r"C[SP]p?_\w+", 5.0, "scalar neutral current, GeV^-1"),
    (r"C7p?_(bs|bd|sd|cu)", 2.0, "electromagnetic dipole"),
    (r"C8p?_(bs|bd|sd|cu)", 10.0, "chromomagnetic dipole"),
    (r"C7_(ee|mumu|tautau)", 10.0, "lepton dipole"),
    (r"CV(LL|LR)_nu\w+", 2.0, "neutrino-fermion interaction"),
    (rf"C\w+_(mue|emu)({_PAIRS})|C\w+_({_PAIRS})(mue|emu)", 1e-10, "muon-flavour violation, GeV^-2"),
    (r"C(V|S|T)(LL|LR|RL|RR)_((?!tau)\w)*tau((?!tau)\w)*", 1e-7, "tau-flavour violation, GeV^-2"),
    (r"C\w+_(emu|mue)\w*", 1e-10, "muon-flavour violation, GeV^-2 (dipoles GeV^-1)"),
    (r"C\w+_(etau|taue|mutau|taumu)\w*", 1e-7, "tau-flavour violation, GeV^-2 (dipoles GeV^-1)"),
)
_OTHER_RANGE = 1.0

_TEX = {
    "Ntau": r"N_\tau",
    "Nmu": r"N_\mu",
    "Ne": r"N_e",
    "nutau": r"\nu_\tau",
    "numu": r"\nu_\mu",
    "nue": r"\nu_e",
    "tau": r"\tau",
    "mu": r"\mu",
}


def default_range(coefficient: str) -> float:
    """Half width of the symmetric default range of a WET coefficient (real or imaginary part).

    Wide compared with today's constraints on the well measured coefficients; not a statement about the others. 2 for
    charged currents, 30 for CL/CR with neutrinos, 10 for C9, C10 (1000 with taus, 30 with lepton-flavour violation),
    5 GeV^-1 for scalars, 2 and 10 for quark dipoles C7, C8, 1e-10 GeV^-2 for B mixing, 1e-12 GeV^-2 for kaon and D mixing,
    2 for neutrino-fermion interactions, 1e-10 and 1e-7 for muon- and tau-flavour violation, 1 for everything else.
    """
    for pattern, half_width, _ in _DEFAULT_RANGES:
        if re.fullmatch(pattern, coefficient):
            return half_width
    return _OTHER_RANGE


def _meaning(coefficient: str) -> str:
    kinds = [kind for pattern, _, kind in _DEFAULT_RANGES if re.fullmatch(pattern, coefficient)]
    return kinds[0] if kinds else "Wilson coefficient"


@dataclass(frozen=True, slots=True)
class WetModel:
    """Wilson coefficients of WET (basis "flavio") as parameters; make it with `wet_model`.

    Attributes
    ----------
    parts : tuple of (str, complex)
        For each parameter its coefficient and the factor it enters with: 1 for a real part, 1j for an imaginary part.
    """

    parameters: tuple[Parameter, ...] = ()
    parts: tuple[tuple[str, complex], ...] = ()
    name: str = "wet"
    title: str = "Wilson coefficients of the weak effective theory"
    reference: str = "WCxf basis WET, flavio, arXiv:1712.05298"
    eft: str = "WET"
    basis: str = "flavio"
    scale: None = None

    def coefficients(self, points: NDArray[np.float64]) -> Mapping[str, Values]:
        """The coefficients, each (N,), complex if an imaginary part is a parameter; `points` is (N, n_parameters).

        Raises
        ------
        InputError
            `points` of another shape.
        """
        points = np.asarray(points, dtype=np.float64)
        if points.ndim != 2 or points.shape[1] != len(self.parameters):
            msg = f"{self.name}: points must have the shape (N, {len(self.parameters)}), found {points.shape}"
            raise InputError(msg)
        values: dict[str, Values] = {}
        for k, (coefficient, factor) in enumerate(self.parts):
            part: Values = points[:, k] * factor if factor.imag else points[:, k]
            values[coefficient] = values[coefficient] + part if coefficient in values else part
        return values


def wet_model(names: Iterable[str] = (), ranges: Mapping[str, tuple[float, float]] | None = None) -> WetModel:
    """A model with the named Wilson coefficients as free parameters, default 0.

    Parameters
    ----------
    names : iterable of str
        ``C9_bsmumu`` or ``Re_C9_bsmumu`` (real part), ``Im_C9_bsmumu``; these are the parameter names. May be empty: then
        the model is the Standard Model.
    ranges : mapping of str to (float, float), optional
        Range by parameter name instead of plus or minus `default_range`. It must contain 0, the Standard Model.

    Raises
    ------
    UnknownNameError
        A coefficient that is not in the basis, or a range for a name that is no parameter; with the nearest names.
    InputError
        The same coefficient twice, an imaginary part of a real coefficient, a range without 0.
    """
    wanted = [names] if isinstance(names, str) else list(names)
    given = dict(ranges or {})
    for name in given:
        if name not in wanted:
            raise UnknownNameError(unknown_name_message("parameter of the wet model", name, wanted))
    parts = tuple(_part(name) for name in wanted)
    for k, part in enumerate(parts):
        if part in parts[:k]:
            msg = f"wet model: {wanted[parts.index(part)]!r} and {wanted[k]!r} are the same parameter"
            raise InputError(msg)
    parameters = tuple(
        _parameter(name, coefficient, factor, given.get(name)) for name, (coefficient, factor) in zip(wanted, parts, strict=True)
    )
    return WetModel(parameters, parts)


def _part(name: str) -> tuple[str, complex]:
    """Coefficient and factor (1 or 1j) of a parameter name."""
    prefix = re.match(r"(Re|Im)_", name)
    coefficient = name[3:] if prefix else name
    check_coefficient_name(coefficient, "WET")
    if prefix and prefix[1] == "Im":
        if known_names("WET")[coefficient]:
            msg = f"wet model: {coefficient} is real by hermiticity, it has no imaginary part {name!r}"
            raise InputError(msg)
        return coefficient, 1j
    return coefficient, 1.0 + 0j


def _parameter(name: str, coefficient: str, factor: complex, bounds: tuple[float, float] | None) -> Parameter:
    half_width = default_range(coefficient)
    low, high = bounds if bounds is not None else (-half_width, half_width)
    if not low < high or not low <= 0 <= high or not np.isfinite([low, high]).all():
        msg = f"wet model: the range of {name} must be LO < HI with 0 (the Standard Model) inside, found ({low!r}, {high!r})"
        raise InputError(msg)
    part = ("Im" if factor.imag else "Re") if name != coefficient else ""
    tex = f"\\mathrm{{{part}}}\\,{_tex(coefficient)}" if part else _tex(coefficient)
    return Parameter(name, tex, f"{_meaning(coefficient)}: {part + ' ' if part else ''}{coefficient}", low, high, 0.0)


def _tex(coefficient: str) -> str:
    head, _, tail = coefficient.partition("_")
    label = head.removeprefix("C")
    primed = len(label) > 1 and label.endswith("p")
    fields = re.sub("|".join(_TEX), lambda match: f"{{{_TEX[match[0]]}}}", tail)  # braces end the command
    prime = r"\prime\," if primed else ""
    return f"C_{{{label.removesuffix('p') if primed else label}}}^{{{prime}{fields}}}"
