"""The decays B -> K l l, B -> K* l l and Bs -> phi l l: names of their inputs."""

from __future__ import annotations

from dataclasses import dataclass

from fitlq_theory.parameter_point import ParameterPoint

__all__ = ["BPLUS_K", "BPLUS_KSTAR", "BS_PHI", "BZERO_K", "BZERO_KSTAR", "DileptonMode"]


@dataclass(frozen=True, slots=True)
class DileptonMode:
    """A decay of a B meson into a light meson and two charged leptons.

    Attributes
    ----------
    name : str
        As in names of observables, without leptons: ``"B0->K*"``.
    parent, meson : str
        As in the names of masses and lifetimes among the inputs; ``parent->meson`` names power corrections and spectators.
    form_factors : str
        The transition whose form factors are used.
    vector : bool
        Whether the light meson is a vector.
    tex : str
    """

    name: str
    parent: str
    meson: str
    form_factors: str
    vector: bool
    tex: str

    @property
    def transition(self) -> str:
        """With the charges of both mesons: ``"B0->K*0"``."""
        return f"{self.parent}->{self.meson}"

    def masses(self, point: ParameterPoint) -> tuple[float, float]:
        """Masses of the B meson and of the light meson in GeV."""
        return point[f"m_{self.parent}"], point[f"m_{self.meson}"]

    def end_point(self, point: ParameterPoint) -> float:
        """Largest q2 in GeV^2."""
        mass, light = self.masses(point)
        return (mass - light) ** 2


BZERO_K = DileptonMode("B0->K", "B0", "K0", "B->K", vector=False, tex=r"B^0\to K^0")
BPLUS_K = DileptonMode("B+->K", "B+", "K+", "B->K", vector=False, tex=r"B^+\to K^+")
BZERO_KSTAR = DileptonMode("B0->K*", "B0", "K*0", "B->K*", vector=True, tex=r"B^0\to K^{*0}")
BPLUS_KSTAR = DileptonMode("B+->K*", "B+", "K*+", "B->K*", vector=True, tex=r"B^+\to K^{*+}")
BS_PHI = DileptonMode("Bs->phi", "Bs", "phi", "Bs->phi", vector=True, tex=r"B_s\to\phi")
