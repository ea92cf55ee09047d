r"""Production of a muon pair by a muon neutrino in the field of a nucleus, relative to the Standard Model."""

from __future__ import annotations

import numpy as np

from fitlq_theory.contracts import Arguments, Coefficient, Forms, Observable
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.quadratic_forms import modulus_squared

__all__ = ["observables"]

# outgoing neutrino numu, nue, nutau; the last is named by its Hermitian conjugate, which has the same modulus
_NAMES = tuple(f"{chirality}_{pair}mumu" for pair in ("numunumu", "nuenumu", "numunutau") for chirality in ("CVLL", "CVLR"))


def observables(_point: ParameterPoint) -> tuple[Observable, ...]:
    """R_trident (CCFR) and R_trident(CHARM-II), equal for contact interactions.

    They are two observables because a mediator lighter than the momentum transfer changes the rate by an amount that
    depends on beam energy and target; models of such mediators add it to each.
    """
    return (
        _ratio("R_trident", "", "CCFR, 160 GeV on iron", aliases=("R_trident(CCFR)",)),
        _ratio("R_trident(CHARM-II)", r"(\mathrm{CHARM\,II})", "CHARM-II, 24 GeV on glass"),
    )


def _ratio(name: str, tex_suffix: str, beam_and_target: str, aliases: tuple[str, ...] = ()) -> Observable:
    return Observable(
        name=name,
        tex=rf"\sigma_\mathrm{{trident}}/\sigma_\mathrm{{trident}}^\mathrm{{SM}}{tex_suffix}",
        description=(
            "Cross section of nu_mu N -> nu mu+ mu- N (any outgoing neutrino) over its Standard Model value; "
            f"beam and target of {beam_and_target}"
        ),
        coefficients=tuple(Coefficient(coefficient, "WET-3", 1.0) for coefficient in _NAMES),
        forms=_cross_section_ratio,
        reference="arXiv:1406.2332",
        aliases=aliases,
    )


def _cross_section_ratio(point: ParameterPoint, _arguments: Arguments) -> Forms:
    r""":math:`\sum_\nu (|g_V^\nu|^2 + |g_A^\nu|^2)` over its Standard Model value, muon mass neglected.

    The muon mass makes the shift by a vector coupling 2.4 % (CCFR) or 5.7 % (CHARM-II) smaller, see
    `fitlq_theory.light_vector.trident_ratio`.

    Couplings of :math:`-\frac{G_F}{\sqrt 2} [\bar\nu \gamma_\alpha (1-\gamma_5) \nu_\mu]
    [\bar\mu \gamma^\alpha (g_V - g_A \gamma_5) \mu]`:
    :math:`g_V = \frac12 + 2 s_W^2`, :math:`g_A = \frac12` in the Standard Model. The operators of WCxf, with
    :math:`+\frac{4G_F}{\sqrt 2}`, add :math:`-(C_{VLL} + C_{VLR})` and :math:`-(C_{VLL} - C_{VLR})`.
    """
    standard_model = {"vector": 0.5 + 2.0 * point["s2w"], "axial": 0.5}
    right_sign = {"vector": -1.0, "axial": 1.0}
    unit = sum(g**2 for g in standard_model.values())
    size = 2 * len(_NAMES) + 1
    form = np.zeros((size, size))
    for neutrino in range(len(_NAMES) // 2):
        for kind, coupling in standard_model.items():
            row = np.zeros(len(_NAMES) + 1, dtype=np.complex128)
            # only the muon neutrino interferes with W and Z exchange
            row[0] = coupling if neutrino == 0 else 0.0
            row[1 + 2 * neutrino] = -1.0
            row[2 + 2 * neutrino] = right_sign[kind]
            form += modulus_squared(row) / unit
    return Forms(form[None])
