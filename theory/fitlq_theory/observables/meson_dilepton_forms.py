"""Angular coefficients of B -> P l l and B -> V l l, integrated over a bin, as forms in the Wilson coefficients.

All coefficients of a bin are computed once per point of the inputs, in steps that are repeated only if their inputs changed:
nodes, kernels of phase space, effective coefficients, form factors, power corrections, spectator scattering, sums.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.effective_coefficients.spectator_scattering import HIGHEST_Q2
from fitlq_theory.observables.meson_dilepton_amplitudes import decay_amplitudes
from fitlq_theory.observables.meson_dilepton_angular import (
    PSEUDOSCALAR_COEFFICIENTS,
    VECTOR_COEFFICIENTS,
    integrated_forms,
    pseudoscalar_kernels,
    vector_kernels,
)
from fitlq_theory.observables.meson_dilepton_bins import bin_nodes
from fitlq_theory.observables.meson_dilepton_modes import DileptonMode
from fitlq_theory.observables.meson_dilepton_power_corrections import HIGH_REGION, LOW_REGION
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.qcd import pole_mass
from fitlq_theory.quadratic_forms import from_hermitian

__all__ = ["AngularForms", "Edges", "angular_forms", "nodes_and_kernels"]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]

# the edges of a bin in GeV^2, or one value of q2
Edges = tuple[float, ...]
# relative distance from a limit of phase space within which ratios are those at this distance
_AT_LIMIT = 1e-10


@dataclass(frozen=True, slots=True)
class AngularForms:
    """Real forms (c, 25, 25) of the angular coefficients of a bin in GeV: decay plus, and minus, its CP conjugate.

    Order: `VECTOR_COEFFICIENTS` or `PSEUDOSCALAR_COEFFICIENTS`. The decay is that of the b quark.
    """

    total: Real
    difference: Real
    names: tuple[str, ...]

    def combined(self, parts: tuple[tuple[str, float], ...], *, difference: bool = False) -> Real:
        """The form of a linear combination of coefficients, e.g. (("6s", 0.75), ("6c", 0.375))."""
        forms = self.difference if difference else self.total
        first, *others = parts
        combined = first[1] * forms[self.names.index(first[0])]
        for name, weight in others:
            combined += weight * forms[self.names.index(name)]
        return np.asarray(combined)


def nodes_and_kernels(point: ParameterPoint, mode: DileptonMode, leptons: tuple[str, str], edges: Edges) -> tuple[Real, Complex]:
    """Nodes q2 (n,) of a bin, or the one value of q2, and kernels (n, c, a, a) times weights.

    `leptons` are the names of the negative and the positive one in the decay of the b quark.
    """
    return point.shared(("meson dilepton nodes", mode.name, leptons, edges), lambda p: _nodes(p, mode, leptons, edges))


def _nodes(point: ParameterPoint, mode: DileptonMode, leptons: tuple[str, str], edges: Edges) -> tuple[Real, Complex]:
    masses = _lepton_masses(point, leptons)
    threshold, end = (masses[0] + masses[1]) ** 2, mode.end_point(point)
    if len(edges) == 1:
        # at the limits of phase space all rates vanish and their ratios have limits
        q2 = np.clip(np.array(edges), threshold * (1 + _AT_LIMIT), end * (1 - _AT_LIMIT))
        weights = np.ones(1)
    else:
        charm = (4 * pole_mass(point, "c") ** 2, 4 * point["m_c BVgamma"] ** 2)
        cuts = (*charm, HIGHEST_Q2, LOW_REGION, HIGH_REGION)
        q2, weights = bin_nodes((edges[0], edges[-1]), (threshold, end), cuts)
    kernels = (vector_kernels if mode.vector else pseudoscalar_kernels)(q2, mode.masses(point), masses)
    return q2, kernels * weights[:, None, None, None]


def _lepton_masses(point: ParameterPoint, leptons: tuple[str, str]) -> tuple[float, float]:
    return point[f"m_{leptons[0]}"], point[f"m_{leptons[1]}"]


def angular_forms(point: ParameterPoint, mode: DileptonMode, lepton: str, edges: Edges) -> AngularForms:
    """The forms of a bin (two edges) or at one q2 for a pair of equal leptons.

    Bins are integrated over the part inside phase space; the forms are in GeV (bins) or GeV^-1.
    """
    return point.shared(("meson dilepton forms", mode.name, lepton, edges), lambda p: _angular_forms(p, mode, lepton, edges))


def _angular_forms(point: ParameterPoint, mode: DileptonMode, lepton: str, edges: Edges) -> AngularForms:
    q2, kernels = nodes_and_kernels(point, mode, (lepton, lepton), edges)
    masses = _lepton_masses(point, (lepton, lepton))
    forms = []
    for conjugate in (False, True):
        rows = decay_amplitudes(point, mode, q2, masses, conjugate=conjugate)
        forms.append(integrated_forms(kernels, rows, rows))
    # the decay of the antiquark has the coefficients c*
    decay, antiparticle = forms[0], forms[1].conj()
    names = VECTOR_COEFFICIENTS if mode.vector else PSEUDOSCALAR_COEFFICIENTS
    return AngularForms(from_hermitian(decay + antiparticle), from_hermitian(decay - antiparticle), names)
