r"""The WET basis "JMS" (Jenkins, Manohar, Stoffer, arXiv:1709.04486): names, and the change to and from "flavio".

Coefficients of JMS carry no normalisation, those of "flavio" the factors of `fitlq_theory.bases.normalisation`. What is left of
the change of basis is a matrix of pure numbers (Fierz identities, chiralities, conjugations). It is taken from the tables of
rgevolve, which belong to one scale, CKM matrix and set of masses; their factors are divided out and those of the inputs and of
the scale of the coefficients put in. What remains is 1, 1/2, 5/12, ... to the precision of the tables, 1e-6.

The tables have ``CL_sdnu...`` and ``CR_sdnu...`` as the complex conjugates of the definition with the neutrinos exchanged
(docs/conventions.md); that is undone here.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from functools import cache
from importlib.resources import files

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.bases.normalisation import normalisation_of
from fitlq_theory.ckm import ckm_matrix
from fitlq_theory.errors import InputError
from fitlq_theory.evolution import rgevolve_data
from fitlq_theory.evolution.normalisation import TABLE_ALPHA_E, TABLE_CKM
from fitlq_theory.strict_yaml import load_yaml

__all__ = ["from_flavio", "jms_names", "to_flavio"]

Real = NDArray[np.float64]
Factors = Callable[[str], complex]

# G_F of wilson, with which the tables were made: |T(CVL, VnueduLL)| 4 G_F/sqrt 2 |V| = 1 to the precision of the tables
_TABLE_FERMI_CONSTANT = 1.1663787e-5
_STRANGE_NEUTRINOS = re.compile(r"(C[LR]_sd)(nu(?:e|mu|tau))(nu(?:e|mu|tau))")
_GENERATION = {"e": 1, "mu": 2, "tau": 3, "d": 1, "s": 2, "b": 3, "u": 1, "c": 2}
_KIND = {"e": "e", "mu": "e", "tau": "e", "d": "d", "s": "d", "b": "d", "u": "u", "c": "u"}


@cache
def _sectors(eft: str) -> dict[str, tuple[tuple[str, bool], ...]]:
    """Sector -> ((name, is real), ...) in the order of the tables."""
    text = files("fitlq_theory.bases").joinpath("jms_names.yaml").read_text(encoding="utf-8")
    found: dict[str, tuple[tuple[str, bool], ...]] = {}
    for sector, operators in load_yaml(text, "bases/jms_names.yaml")[eft].items():
        names = []
        for group in operators.split("; "):
            operator, *indices = group.split(" ")
            names += [(f"{operator}_{i.rstrip('*')}".rstrip("_"), i.endswith("*")) for i in indices]
        found[sector] = tuple(sorted(names))
    return found


@cache
def jms_names(eft: str) -> dict[str, bool]:
    """Names of the basis -> whether real; without the sectors that have no operator in the basis "flavio"."""
    return dict(sorted(pair for names in _sectors(eft).values() for pair in names))


def to_flavio(eft: str, values: Mapping[str, complex], factors: Factors) -> dict[str, complex]:
    """Coefficients of "flavio" from those of JMS.

    Parameters
    ----------
    eft : str
    values : mapping of str to complex
    factors : callable
        Name of a coefficient of "flavio" -> its normalisation with the inputs at the scale of the coefficients.

    Raises
    ------
    InputError
        Tensor operators (s b)(l l), which the basis "flavio" does not have.
    """
    table = _table_factors(eft)
    result: dict[str, complex] = {}
    for sector, order in _sectors(eft).items():
        vector = _vector(values, order)
        if not vector.any():
            continue
        _refuse_tensors(values, order)
        matrix = rgevolve_data.translation(eft, "JMS", "flavio", sector)
        flavio = rgevolve_data.sectors(eft)[sector]
        for name, value in _as_defined(_coefficients(matrix @ vector, flavio)).items():
            result[name] = value * table(name) / factors(name)
    return {name: _real_part(name, value, eft) for name, value in result.items() if value != 0}


def from_flavio(eft: str, values: Mapping[str, complex], factors: Factors) -> dict[str, complex]:
    """Coefficients of JMS from those of "flavio"; see `to_flavio`."""
    table = _table_factors(eft)
    result: dict[str, complex] = {}
    for sector, order in _sectors(eft).items():
        flavio = rgevolve_data.sectors(eft)[sector]
        given = {name: values[name] * factors(name) / table(name) for name, _ in flavio if name in values}
        if any(given.values()):
            matrix = rgevolve_data.translation(eft, "flavio", "JMS", sector)
            result |= _coefficients(matrix @ _vector(_as_defined(given), flavio), order)
    return {name: value for name, value in result.items() if value != 0}


def _as_defined(values: Mapping[str, complex]) -> dict[str, complex]:
    """(s d) operators with neutrinos from the tables to the definition and back: conjugated, neutrinos exchanged."""
    result: dict[str, complex] = {}
    for name, value in values.items():
        match = _STRANGE_NEUTRINOS.fullmatch(name)
        result[f"{match[1]}{match[3]}{match[2]}" if match else name] = value.conjugate() if match else value
    return result


def _real_part(name: str, value: complex, eft: str) -> complex:
    real = {n: is_real for names in rgevolve_data.sectors(eft).values() for n, is_real in names}[name]
    return complex(value.real) if real else value


def _refuse_tensors(values: Mapping[str, complex], order: tuple[tuple[str, bool], ...]) -> None:
    for name, _ in order:
        operator, _, indices = name.partition("_")
        if operator in {"TedRR", "TeuRR"} and indices[2] != indices[3] and values.get(name, 0) != 0:
            msg = f"{name} has no counterpart in the basis 'flavio'"
            raise InputError(msg)


def _vector(values: Mapping[str, complex], order: tuple[tuple[str, bool], ...]) -> Real:
    vector: list[float] = []
    for name, is_real in order:
        value = complex(values.get(name, 0.0))
        vector += [value.real] if is_real else [value.imag, value.real]
    return np.array(vector)


def _coefficients(vector: Real, order: tuple[tuple[str, bool], ...]) -> dict[str, complex]:
    found, position = {}, 0
    for name, is_real in order:
        if is_real:
            found[name] = complex(vector[position])
        else:
            found[name] = complex(vector[position + 1], vector[position])
        position += 1 if is_real else 2
    return found


@cache
def _table_factors(eft: str) -> Factors:
    """The normalisation that is in the tables of an EFT: masses and couplings are read off its dipole operators."""
    ckm = ckm_matrix(**TABLE_CKM)
    couplings = {"e": math.sqrt(4.0 * math.pi * TABLE_ALPHA_E), "g_s": _table_strong_coupling(eft)}

    @cache
    def factor(name: str) -> complex:
        return normalisation_of(name).value(ckm, _TABLE_FERMI_CONSTANT, couplings.__getitem__, lambda f: _table_mass(eft, f))

    return factor


@cache
def _table_mass(eft: str, fermion: str) -> float:
    """Mass in the tables, from C7_ff = gamma_ff / (4 G_F/sqrt 2 e m_f/16 pi^2)."""
    factor = normalisation_of(f"C7_{fermion}{fermion}").value(
        np.eye(3, dtype=np.complex128),
        _TABLE_FERMI_CONSTANT,
        lambda _: math.sqrt(4.0 * math.pi * TABLE_ALPHA_E),
        lambda _: 1.0,
    )
    return 1.0 / (_dipole(eft, f"C7_{fermion}{fermion}", "gamma", fermion) * factor.real)


@cache
def _table_strong_coupling(eft: str) -> float:
    ratio = _dipole(eft, "C7_uu", "gamma", "u") / _dipole(eft, "C8_uu", "G", "u")
    return float(ratio * math.sqrt(4.0 * math.pi * TABLE_ALPHA_E))


def _dipole(eft: str, name: str, boson: str, fermion: str) -> float:
    """Element of the table between a dipole of "flavio" and its own operator in JMS."""
    sector = rgevolve_data.sector_of(eft)[name]
    matrix = rgevolve_data.translation(eft, "JMS", "flavio", sector)
    generation = _GENERATION[fermion]
    order = [n for n, real in _sectors(eft)[sector] for _ in range(1 if real else 2)]
    column = order.index(f"{_KIND[fermion]}{boson}_{generation}{generation}") + 1  # the real part
    return float(matrix[rgevolve_data.components(eft, sector)[name, "R"], column])
