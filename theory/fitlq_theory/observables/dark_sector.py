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
        *(_invisible_decay(meson, tex) for meson, tex in (("Bs", "B_s"), ("B0", "B^0"))),
        _of_models(
            "Omega_c_h2",
            r"\Omega_c h^2",
            "density of cold dark matter today in units of the critical density, times h^2",
            "P. Gondolo, G. Gelmini, Nucl. Phys. B 360 (1991) 145",
            aliases=("Omega_DM_h2",),
        ),
        _of_models(
            "sigma_SI(chiN->chiN)",
            r"\sigma_\mathrm{SI}(\chi N\to\chi N)",
            "spin-independent cross section of dark matter of mass m_chi on a nucleon",
            "as limits are quoted: J. D. Lewin, P. F. Smith, Astropart. Phys. 6 (1996) 87",
            arguments=(Argument("m_chi", "GeV", 0.0, 1e5, "mass of the dark matter particle for which the limit is quoted"),),
            unit="cm2",
        ),
    )


def _invisible_decay(meson: str, tex: str) -> Observable:
    return _of_models(
        f"BR({meson}->invisible)",
        rf"\mathrm{{BR}}({tex}\to\mathrm{{invisible}})",
        f"branching ratio of {meson} into invisible particles",
        "helicity: the amplitude into two massless neutrinos is proportional to their mass",
    )


def _of_models(
    name: str,
    tex: str,
    description: str,
    reference: str,
    *,
    aliases: tuple[str, ...] = (),
    arguments: tuple[Argument, ...] = (),
    unit: str = "",
) -> Observable:
    return Observable(
        name, tex, description, (), _nothing, reference, aliases=aliases, arguments=arguments, unit=unit, only_from_models=True
    )


def _nothing(_point: ParameterPoint, _arguments: Arguments) -> Forms:
    return Forms(np.zeros((1, 1, 1)))
