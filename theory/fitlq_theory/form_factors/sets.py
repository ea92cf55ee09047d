"""A form-factor set as data: coefficients with covariance, and what the parametrisation needs besides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fitlq_theory.parameter_point import ParameterPoint

__all__ = ["FormFactorSet"]


@dataclass(frozen=True, slots=True)
class FormFactorSet:
    """One named set, possibly for several transitions with common coefficients.

    Attributes
    ----------
    name : str
        File name without ending, e.g. ``B_to_K.bsz_grvdv2023``.
    parametrisations : mapping of str to mapping
        For each transition the content of the file's ``parametrisation`` block (id, masses in GeV, pole masses, constants).
    coefficient_names : mapping of str to mapping
        For each transition: local name (``a0_f+``) to input-parameter name (``B->K a0_f+``).
    source, status : str
    """

    name: str
    parametrisations: Mapping[str, Mapping[str, Any]]
    coefficient_names: Mapping[str, Mapping[str, str]]
    source: str
    status: str

    def coefficients(self, point: ParameterPoint, transition: str) -> dict[str, float]:
        """Values of the coefficients of `transition` by local name."""
        return {local: point[full] for local, full in self.coefficient_names[transition].items()}
