"""Observables that only a model with new light or stable particles can fill: zero in the Standard Model.

They read no Wilson coefficient and are left out of fits of models that do not predict them. A model adds to them through
`Model.predictions`, see `fitlq_theory.invisible` and `fitlq_theory.dark_matter`.
"""

from __future__ import annotations

import numpy as np

from fitlq_theory.contracts import Argument, Arguments, Forms, Observable
from fitlq_theory.parameter_point import ParameterPoint

__all__ = ["observables"]


def observables(_point: ParameterPoint) -> tuple[Observable, ...]:
    """Invisible decays of Bs and B0 (massless neutrinos are forbidden by helicity), density and scattering of dark matter."""
    return (
        Observable(
            name="BR(Bs->invisible)",
            tex=r"\mathrm{BR}(B_s\to\mathrm{invisible})",
            description="branching ratio of Bs into invisible particles",
            coefficients=(),
            forms=_nothing,
            only_from_models=True,
            reference="helicity: the amplitude into two massless neutrinos is proportional to their mass",
        ),
        Observable(
            name="BR(B0->invisible)",
            tex=r"\mathrm{BR}(B^0\to\mathrm{invisible})",
            description="branching ratio of B0 into invisible particles",
            coefficients=(),
            forms=_nothing,
            only_from_models=True,
            reference="helicity: the amplitude into two massless neutrinos is proportional to their mass",
        ),
        Observable(
            name="Omega_c_h2",
            tex=r"\Omega_c h^2",
            description="density of cold dark matter today in units of the critical density, times h^2",
            coefficients=(),
            forms=_nothing,
            only_from_models=True,
            reference="P. Gondolo, G. Gelmini, Nucl. Phys. B 360 (1991) 145",
            aliases=("Omega_DM_h2",),
        ),
        Observable(
            name="sigma_SI(chiN->chiN)",
            tex=r"\sigma_\mathrm{SI}(\chi N\to\chi N)",
            description="spin-independent cross section of dark matter of mass m_chi on a nucleon",
            coefficients=(),
            forms=_nothing,
            only_from_models=True,
            reference="as limits are quoted: J. D. Lewin, P. F. Smith, Astropart. Phys. 6 (1996) 87",
            arguments=(
                Argument("m_chi", "GeV", 0.0, 100000.0, "mass of the dark matter particle for which the limit is quoted"),
            ),
            unit="cm2",
        ),
    )


def _nothing(_point: ParameterPoint, _arguments: Arguments) -> Forms:
    return Forms(np.zeros((1, 1, 1)))
