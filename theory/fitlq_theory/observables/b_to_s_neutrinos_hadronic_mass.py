r"""B -> Xs nu nubar in bins of the hadronic mass: K, K*, and the rest of the inclusive rate above 1 GeV.

.. math:: \mathrm{BR}(m_1 < m_X < m_2) = \mathrm{BR}(K)\,[m_1 < m_K < m_2] + w_{K^*}\,\mathrm{BR}(K^*)
          + \left[\mathrm{BR}(X_s) - \mathrm{BR}(K) - \mathrm{BR}(K^*)\right]\,[m_1 \le 1 \text{ GeV},\ m_B - m_\pi \le m_2]

with means of B+ and B0, and w the part of a Breit-Wigner curve above the threshold of K pi in the bin (93 % of K* lies between
0.6 and 1.0 GeV). The sum over bins is the inclusive rate. All non-resonant states and heavier resonances are above 1 GeV in
this model, as in the signal simulation of measurements that join exclusive modes to an inclusive one; below, quark-hadron
duality says nothing about them. How the rest is spread above 1 GeV is not predicted: bins that cut it are refused.
"""

from __future__ import annotations

import math

import numpy as np

from fitlq_theory.contracts import Argument, Arguments, Forms, Observable
from fitlq_theory.observables.b_to_s_neutrinos import observables as exclusive_observables
from fitlq_theory.observables.inclusive_b_to_s_neutrinos import inclusive_rate
from fitlq_theory.observables.inclusive_b_to_s_neutrinos import observables as inclusive_observables
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.quadratic_forms import Real

__all__ = ["observables", "part_of_kstar"]

_LARGEST = 5.3  # GeV, above m_B: upper edge of bins that are open
_CONTINUUM = 1.0  # GeV, where the states that are neither K nor K* begin in this model


def part_of_kstar(point: ParameterPoint, lower: float, upper: float) -> float:
    """The part of K* with masses (GeV) in a bin."""
    mass, half_width = 0.5 * (point["m_K*+"] + point["m_K*0"]), 0.5 * point["width of K*"]
    threshold, end = point["m_K+"] + point["m_pi+"], point["m_B0"]

    def below(limit: float) -> float:
        return math.atan((min(max(limit, threshold), end) - mass) / half_width)

    return (below(upper) - below(lower)) / (below(end) - below(threshold))


def _exclusive(point: ParameterPoint) -> tuple[Real, Real]:
    """Forms of B -> K nu nubar and B -> K* nu nubar, means of B+ and B0."""
    forms = {o.name: o.forms for o in exclusive_observables(point) if o.name.startswith("BR(B")}
    kaon, vector = (
        0.5 * (forms[f"BR(B+->{meson}nunu)"](point, {}).quadratic[0] + forms[f"BR(B0->{meson}nunu)"](point, {}).quadratic[0])
        for meson in ("K", "K*")
    )
    return np.asarray(kaon), np.asarray(vector)


def _bin(point: ParameterPoint, arguments: Arguments) -> Forms:
    lower, upper = arguments["mXmin"], arguments["mXmax"]
    kaon, vector = point.shared("exclusive b -> s nu nu", _exclusive)
    form = part_of_kstar(point, lower, upper) * vector
    if lower < 0.5 * (point["m_K+"] + point["m_K0"]) < upper:
        form = form + kaon
    if upper > _CONTINUUM:  # then it contains all of the rest, see `_cut`
        form = form + inclusive_rate(point, {}).quadratic[0] - kaon - vector
    return Forms(form[None])


def _cut(arguments: Arguments, *, highest: float) -> str | None:
    lower, upper = arguments["mXmin"], arguments["mXmax"]
    if not lower < upper:
        return f"mXmin = {lower:g} must be below mXmax = {upper:g}"
    if lower > _CONTINUUM or _CONTINUUM < upper < highest:
        return (
            f"the bin {lower:g} to {upper:g} GeV cuts the spectrum above {_CONTINUUM:g} GeV, which is not predicted; edges above "
            f"must be {_CONTINUUM:g} GeV or at least {highest:.3f} GeV"
        )
    return None


def observables(point: ParameterPoint) -> tuple[Observable, ...]:
    """<BR>(B->Xsnunu) in bins of the hadronic mass."""
    highest = point["m_B0"] - point["m_pi+"]
    (inclusive,) = inclusive_observables(point)
    meanings = {"mXmin": "lower edge of the bin in the hadronic mass", "mXmax": "upper edge of the bin in the hadronic mass"}
    return (
        Observable(
            name="<BR>(B->Xsnunu)",
            tex=r"\mathrm{BR}(B\to X_s\nu\bar\nu)_{m_X}",
            description="branching ratio of B -> Xs nu nubar in a bin of the hadronic mass: K, K*, the rest above 1 GeV",
            coefficients=inclusive.coefficients,
            forms=_bin,
            reference="arXiv:0902.0160, section 2; composition of the spectrum: see the module",
            arguments=tuple(Argument(name, "GeV", 0.0, _LARGEST, meaning) for name, meaning in meanings.items()),
            phase_space=lambda arguments: _cut(arguments, highest=highest),
        ),
    )
