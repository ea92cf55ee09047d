r"""Coherent conversion of a muon into an electron in the field of a nucleus, relative to muon capture.

With the overlap integrals D, S, V (of protons and neutrons) of arXiv:hep-ph/0203110 in units of :math:`m_\mu^{5/2}`:

.. math::

    \mathrm{CR} &= \frac{m_\mu^5}{\Gamma_{capt}} \left(|A_L|^2 + |A_R|^2\right) \\
    A_L &= - \frac{C_\gamma^{\mu e}}{2 m_\mu} D + \sum_{N = p, n} \left[ (2, 1)_N\, c_V^u + (1, 2)_N\, c_V^d \right] V^{(N)}
          + \sum_{N, q} \langle N | \bar q q | N \rangle\, c_S^q\, S^{(N)}

with :math:`c_V^q = C_{VLL}^{\mu e q q} + C_{VLR}^{\mu e q q}` and :math:`c_S^q = C_{SRR}^{\mu e q q} + C_{SRL}^{\mu e q q}`,
whose halves multiply :math:`\bar q\gamma q` and :math:`\bar q q`. A_R, for right-handed electrons, is alike, with the Hermitian
conjugates of the dipole and the scalar operators.

Sign of the dipole: with the covariant derivative :math:`\partial + i e Q A` of WCxf, a dipole in the field of a nucleus acts
like a vector coupling :math:`-2 e C_\gamma/m_\mu` of the proton (Dirac equation of the outgoing electron; D = 8 e V for light
nuclei), hence the minus. The plus in hep-ph/0203110 belongs to the opposite sign of e. flavio 2.7.1 has a plus; the option
``flavio-2.7.1`` of the choice ``charged LFV`` follows it.

Scalar charges of nucleons: light quarks from the sigma terms and :math:`g_S^{u-d}`, charm and bottom from the trace anomaly,
:math:`\frac{2}{27 m_Q} (m_N - \sigma_{\pi N} - \sigma_s)` (Shifman, Vainshtein, Zakharov 1978, lowest order). flavio leaves out
charm and bottom. Vector currents of strange quarks, tensors and gluonic operators do not contribute coherently at this order.
"""

from __future__ import annotations

import math
from functools import partial

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.constants import HBAR_GEV_PS
from fitlq_theory.contracts import Arguments, Coefficient, Forms, Observable
from fitlq_theory.observables.conjugated_amplitudes import amplitude_rows
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.qcd import running_mass

__all__ = ["NUCLEI", "observables", "scalar_charges"]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]

# nucleus -> its name in formulas
NUCLEI = {
    "Al": r"{}^{27}_{13}\mathrm{Al}",
    "S": r"{}^{32}_{16}\mathrm{S}",
    "Ti": r"{}^{48}_{22}\mathrm{Ti}",
    "Au": r"{}^{197}_{79}\mathrm{Au}",
    "Pb": r"{}^{208}_{82}\mathrm{Pb}",
}
# where the coefficients with each quark are read; heavy quarks where they are still degrees of freedom
_READ_AT = {**dict.fromkeys("uds", ("WET-3", 1.0)), "c": ("WET-4", 2.0), "b": ("WET", 4.8)}
_LIGHT_SCALE = _READ_AT["u"][1]
# at which the isovector scalar charge is quoted
_SCALE_OF_CHARGE = 2.0
_VECTOR_WEIGHTS = {"u": (2.0, 1.0), "d": (1.0, 2.0)}  # valence quarks in p, n


def _operators() -> tuple[tuple[str, str, str, str], ...]:
    """(coefficient, chirality of the electron, kind, quark); a star on the chirality: through the Hermitian conjugate."""
    found = [("Cgamma_mue", "L", "D", ""), ("Cgamma_emu", "R*", "D", "")]
    for q in _VECTOR_WEIGHTS:
        found += [(f"CVLL_mue{q}{q}", "L", "V", q), (f"CVLR_mue{q}{q}", "L", "V", q)]
        found += [(f"CVRR_mue{q}{q}", "R", "V", q), (f"CVLR_{q}{q}mue", "R", "V", q)]
    for q in _READ_AT:
        for kind in ("CSRR", "CSRL"):
            found += [(f"{kind}_mue{q}{q}", "L", "S", q), (f"{kind}_emu{q}{q}", "R*", "S", q)]
    return tuple(found)


_OPERATORS = _operators()


def observables(_point: ParameterPoint) -> tuple[Observable, ...]:
    """The conversion rates in the nuclei of `NUCLEI`."""
    coefficients = tuple(Coefficient(name, *_READ_AT[quark or "u"]) for name, _, _, quark in _OPERATORS)
    return tuple(
        Observable(
            name=f"CR(mu->e, {nucleus})",
            tex=rf"\mathrm{{CR}}(\mu\to e;\, {tex})",
            description=f"rate of coherent mu- -> e- conversion in {nucleus} over that of muon capture",
            coefficients=coefficients,
            forms=partial(_conversion_rate, nucleus=nucleus),
            reference="arXiv:hep-ph/0203110, eq. (14) and tables 1, 8; sign of the dipole derived",
        )
        for nucleus, tex in NUCLEI.items()
    )


def scalar_charges(point: ParameterPoint) -> dict[str, tuple[float, float]]:
    """Matrix elements of q-bar q in (proton, neutron), at the scales at which the coefficients are read."""
    return point.shared(("muon_conversion", "scalar charges"), _scalar_charges)


def _scalar_charges(point: ParameterPoint) -> dict[str, tuple[float, float]]:
    as_flavio = point.choices["charged LFV"] != "standard"
    masses = {q: running_mass(point, q, _READ_AT[q][1]) for q in ("u", "d", "s", "c", "b")}
    average = 0.5 * (masses["u"] + masses["d"])
    isoscalar = point["sigma_piN"] / average
    # m q-bar q does not run
    running = 1.0 if as_flavio else _light_mass(point, _SCALE_OF_CHARGE) / average
    isovector = point["gS_u-d"] * running
    proton, neutron = 0.5 * (isoscalar + isovector), 0.5 * (isoscalar - isovector)
    strange = point["sigma_s"] / masses["s"]
    nucleon = 0.5 * (point["m_p"] + point["m_n"])
    heavy = 0.0 if as_flavio else 2 / 27 * (nucleon - point["sigma_piN"] - point["sigma_s"])
    return {
        "u": (proton, neutron),
        "d": (neutron, proton),
        "s": (strange, strange),
        "c": (heavy / masses["c"],) * 2,
        "b": (heavy / masses["b"],) * 2,
    }


def _light_mass(point: ParameterPoint, scale: float) -> float:
    return 0.5 * (running_mass(point, "u", scale, 3) + running_mass(point, "d", scale, 3))


def _amplitudes(point: ParameterPoint, nucleus: str) -> Complex:
    """A_L and A_R of the module docstring, over x."""
    charges = scalar_charges(point)
    dipole = point[f"D {nucleus}"] / (2 * point["m_mu"])
    if point.choices["charged LFV"] == "standard":
        dipole = -dipole
    direct, conjugate = np.zeros((2, len(_OPERATORS))), np.zeros((2, len(_OPERATORS)))
    for column, (_, chirality, kind, quark) in enumerate(_OPERATORS):
        if kind == "D":
            value = dipole
        else:
            weights = _VECTOR_WEIGHTS[quark] if kind == "V" else charges[quark]
            value = sum(w * point[f"{kind}{nucleon} {nucleus}"] for w, nucleon in zip(weights, "pn", strict=True))
        target = conjugate if chirality.endswith("*") else direct
        target["LR".index(chirality[0]), column] = value
    return amplitude_rows(direct, conjugate)


def _conversion_rate(point: ParameterPoint, _arguments: Arguments, nucleus: str) -> Forms:
    rows = _amplitudes(point, nucleus)
    capture = point[f"capture rate {nucleus}"] * HBAR_GEV_PS
    form = (rows.conj().T @ rows).real
    return Forms(math.pow(point["m_mu"], 5) / capture * form[None])
