"""The theory inputs of one calculation as immutable data, and the directions in which they are uncertain."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.form_factors.sets import FormFactorSet
from fitlq_theory.parameter_point import ParameterPoint

__all__ = ["CorrelatedBlock", "Direction", "InputParameter", "Inputs"]

# eigenvalues of a correlation matrix below this are rounding noise of the published digits
_NEGLIGIBLE_EIGENVALUE = 1e-10


@dataclass(frozen=True, slots=True)
class InputParameter:
    """One number: GeV (powers) except lifetimes in ps; `error` is one standard deviation.

    Attributes
    ----------
    date : str
        When the source appeared: ``YYYY``, ``YYYY-MM`` or ``YYYY-MM-DD``; ``exact`` for counts and definitions, ``unknown``
        where the file it was taken from does not say, empty where nobody has looked yet.
    no_error : str
        Why the error is zero.
    """

    name: str
    value: float
    error: float
    unit: str
    source: str
    status: str
    date: str = ""
    no_error: str = ""


@dataclass(frozen=True, slots=True)
class CorrelatedBlock:
    """Parameters that are correlated with each other."""

    names: tuple[str, ...]
    correlation: NDArray[np.float64]  # (n, n)


@dataclass(frozen=True, slots=True)
class Direction:
    """One standard deviation along a principal direction of the input covariance: shifts by parameter name."""

    name: str
    shifts: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Inputs:
    """All theory inputs in force.

    Attributes
    ----------
    name : str
        The named set (``default``, ``flavio-2.7.1``).
    choices : mapping of str to str
        Form-factor and normalisation options in force, e.g. ``{"b->c": "hflav"}``; printed with every result.
    parameters : mapping of str to InputParameter
    blocks : tuple of CorrelatedBlock
        Every parameter is in at most one block.
    form_factor_sets : mapping of str to FormFactorSet
        By transition.
    """

    name: str
    choices: Mapping[str, str]
    parameters: Mapping[str, InputParameter]
    blocks: tuple[CorrelatedBlock, ...]
    form_factor_sets: Mapping[str, FormFactorSet]

    def point(self, shifts: Mapping[str, float] | None = None) -> ParameterPoint:
        """The central values, shifted by `shifts` (absolute, by parameter name)."""
        values = {name: parameter.value for name, parameter in self.parameters.items()}
        for name, shift in (shifts or {}).items():
            values[name] += shift
        return ParameterPoint(values, self.form_factor_sets, self.choices)

    def directions(self) -> tuple[Direction, ...]:
        """Independent unit-variance directions; the covariance of the inputs is the sum of their outer products."""
        directions: list[Direction] = []
        blocked: set[str] = set()
        for block in self.blocks:
            blocked.update(block.names)
            directions.extend(self._block_directions(block))
        directions.extend(
            Direction(name, {name: parameter.error})
            for name, parameter in self.parameters.items()
            if name not in blocked and parameter.error > 0
        )
        return tuple(directions)

    def _block_directions(self, block: CorrelatedBlock) -> list[Direction]:
        eigenvalues, vectors = np.linalg.eigh(block.correlation)
        errors = np.array([self.parameters[name].error for name in block.names])
        found = []
        for k in range(len(eigenvalues) - 1, -1, -1):
            if eigenvalues[k] < _NEGLIGIBLE_EIGENVALUE:
                continue
            # fixed sign, so that results do not depend on the linear-algebra library
            vector = vectors[:, k] * np.sign(vectors[np.argmax(np.abs(vectors[:, k])), k])
            shift = np.sqrt(eigenvalues[k]) * errors * vector
            label = f"{block.names[0]}…[{len(eigenvalues) - k}]"
            found.append(Direction(label, dict(zip(block.names, shift.tolist(), strict=True))))
        return found

    def covariance(self, names: tuple[str, ...]) -> NDArray[np.float64]:
        """Covariance matrix of the named parameters."""
        index = {name: i for i, name in enumerate(names)}
        covariance = np.diag([self.parameters[name].error ** 2 for name in names])
        for block in self.blocks:
            here = [(index[n], k) for k, n in enumerate(block.names) if n in index]
            for i, k in here:
                for j, m in here:
                    ei, ej = self.parameters[names[i]].error, self.parameters[names[j]].error
                    covariance[i, j] = block.correlation[k, m] * ei * ej
        return covariance

    def content_hash(self) -> str:
        """SHA-256 of everything that can change a prediction."""
        content = {
            "choices": dict(self.choices),
            "parameters": {n: (p.value, p.error) for n, p in self.parameters.items()},
            "blocks": [(b.names, b.correlation.tolist()) for b in self.blocks],
            "sets": {t: (s.name, dict(s.parametrisations[t])) for t, s in self.form_factor_sets.items()},
        }
        return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()
