"""Inputs of matching and normalisation that are ours: CKM matrix, Fermi constant, electroweak couplings."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.ckm import ckm_matrix
from fitlq_theory.electromagnetic_coupling import alpha_electromagnetic
from fitlq_theory.errors import InputError
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.qcd import alpha_strong, running_mass

__all__ = ["EvolutionInputs", "default_inputs"]

_CHOICE = "Delta F=2"
_ROUNDING = 1e-6  # of published CKM elements, far below their errors


def _default_charm_mass(scale: float) -> float:
    return default_inputs().charm_mass(scale)


@dataclass(frozen=True, slots=True, eq=False)
class EvolutionInputs:
    """What the normalisation of low-energy coefficients and the flavour structure of the matching depend on.

    Attributes
    ----------
    ckm : ndarray of complex, shape (3, 3)
        Rows (u, c, t), columns (d, s, b); see `fitlq_theory.ckm.ckm_matrix`.
    fermi_constant : float
        G_F from muon decay in GeV^-2.
    sin2_weak : float
        sin^2 of the weak angle (MSbar at M_Z) in the couplings of the Z to charged leptons.
    alpha_e : callable
        Scale in GeV -> electromagnetic coupling in the normalisation (e^2/(16 pi^2), e/(16 pi^2)) of a coefficient at that
        scale. Only coupling times coefficient is physical: who reads a coefficient must use the same function.
        With the running coupling (as in flavio's observables) the coefficients at 4.8 GeV are 3 % larger than those of
        wilson and rgevolve, which normalise to alpha_e(M_Z) at every scale.
    alpha_s : callable, optional
        Scale in GeV, number of flavours -> strong coupling. When given, Delta F = 2 coefficients run at next-to-leading
        order in QCD (`meson_mixing_running`); when None at leading order, as in wilson and rgevolve.
    charm_mass : callable
        Scale in GeV -> MSbar mass of the charm quark in GeV, for scalar operators (c u)(l l') with two lepton flavours; by
        default from the default theory inputs.
    """

    ckm: NDArray[np.complex128]
    fermi_constant: float
    sin2_weak: float
    alpha_e: Callable[[float], float]
    alpha_s: Callable[[float, int], float] | None = None
    charm_mass: Callable[[float], float] = _default_charm_mass

    def __post_init__(self) -> None:
        if self.ckm.shape != (3, 3):
            msg = f"the CKM matrix must have shape (3, 3), found {self.ckm.shape}"
            raise InputError(msg)
        deviation = float(np.abs(self.ckm @ self.ckm.conj().T - np.eye(3)).max())
        if not deviation < _ROUNDING:
            msg = f"the CKM matrix is not unitary: |V V^+ - 1| is {deviation:.1e}"
            raise InputError(msg)
        for name, number in (("G_F", self.fermi_constant), ("sin^2 of the weak angle", self.sin2_weak)):
            if not 0 < number < 1:
                msg = f"{name} must lie between 0 and 1 (GeV units), found {number!r}"
                raise InputError(msg)

    @classmethod
    def from_point(cls, point: ParameterPoint) -> EvolutionInputs:
        """From theory inputs: CKM matrix, GF, s2w, couplings, charm mass; strong coupling if `Delta F=2` is ``nlo``."""
        ckm = ckm_matrix(point["Vus"], point["Vub"], point["Vcb"], point["gamma"])
        strong = None
        if point.choices[_CHOICE] == "nlo":
            strong = partial(alpha_strong, point)
        charm_mass = partial(running_mass, point, "c")
        return cls(
            ckm, point["GF"], point["s2w"], lambda scale: alpha_electromagnetic(point, scale), strong, charm_mass=charm_mass
        )


@cache
def default_inputs() -> EvolutionInputs:
    """Central values of the default theory inputs."""
    from fitlq_theory.inputs import load_inputs  # reads files; not wanted when inputs are given

    return EvolutionInputs.from_point(load_inputs().point())
