r"""Observables common to B -> P l l and B -> V l l: rates, CP asymmetries, ratios of leptons.

All but CP asymmetries are means over the decay and its CP conjugate, as measured: with the sum D of the two rates in a bin the
branching ratio is :math:`\tau_B D/2`, divided by the width of the bin as quoted even where it reaches beyond phase space.
CP asymmetries are b minus anti-b, over the sum. Ratios are of integrals.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.constants import HBAR_GEV_PS
from fitlq_theory.contracts import Arguments, Forms, Observable
from fitlq_theory.effective_coefficients import follows_flavio
from fitlq_theory.observables.dilepton_observables import (
    coefficients_of_leptons,
    edges_of,
    outside_phase_space,
    q2_arguments,
    ratio_of_leptons,
)
from fitlq_theory.observables.lepton_pair_amplitudes import LEPTON_TEX
from fitlq_theory.observables.meson_dilepton_forms import AngularForms, Edges, angular_forms
from fitlq_theory.observables.meson_dilepton_modes import DileptonMode
from fitlq_theory.parameter_point import ParameterPoint

__all__ = [
    "LEPTONS",
    "PSEUDOSCALAR_RATE",
    "VECTOR_RATE",
    "Channel",
    "Parts",
    "Quantity",
    "channel_observables",
    "dilepton_observable",
    "lepton_ratios",
    "photon_correction",
    "rate_quantities",
]

Real = NDArray[np.float64]
# angular coefficients and what they are multiplied with
Parts = tuple[tuple[str, float], ...]

LEPTONS = ("e", "mu", "tau")
_REFERENCE = "arXiv:1506.03970, appendix C; arXiv:0811.1214"
# twice the mean of the rates in a bin: Gamma of the module docstring of the angular coefficients
VECTOR_RATE: Parts = (("1s", 1.5), ("1c", 0.75), ("2s", -0.5), ("2c", -0.25))
PSEUDOSCALAR_RATE: Parts = (("G0", 2.0),)
# below it (GeV^2) a bin of a vector meson is at the photon pole, where soft photons matter more
_POLE_BIN = 1.2
# GeV^2: around the narrow charmonia no amplitude is calculated, and already below J/psi its tail is felt
_RESONANCES = (8.68, 14.0)
_NEAR_RESONANCES = 7.0
# GeV^2: above psi(2S) quark-hadron duality holds for wide bins; narrow ones show psi(4160) and its neighbours: B+ -> K mu mu has
# 16, 21, 14 e-9 GeV^-2 in 16 to 17, 17 to 18, 18 to 19 GeV^2 (LHCb 2014 and CMS 2024 alike), where predictions fall steadily
_NARROWEST = 1.5


@dataclass(frozen=True, slots=True)
class Channel:
    """A mode with a lepton, and how its angular coefficients in a bin are obtained."""

    mode: DileptonMode
    lepton: str
    angular: Callable[[ParameterPoint, DileptonMode, str, Edges], AngularForms] = angular_forms

    @property
    def name(self) -> str:
        """As in names of observables."""
        return self.mode.name + 2 * self.lepton

    def forms(self, point: ParameterPoint, arguments: Arguments) -> AngularForms:
        """Angular coefficients of a bin or at one q2."""
        return self.angular(point, self.mode, self.lepton, edges_of(arguments))

    def rate(self, forms: AngularForms, *, difference: bool = False) -> Real:
        """Form of the sum of the rates of the decay and its conjugate, or their difference."""
        return forms.combined(VECTOR_RATE if self.mode.vector else PSEUDOSCALAR_RATE, difference=difference)

    def branching_ratio(self, point: ParameterPoint, edges: Edges) -> Real:
        """Form of the mean branching ratio of a bin (or its density at one q2 in GeV^-2)."""
        forms = self.angular(point, self.mode, self.lepton, edges)
        return np.asarray(0.5 * point[f"tau_{self.mode.parent}"] / HBAR_GEV_PS * self.rate(forms))


@dataclass(frozen=True, slots=True)
class Quantity:
    """Something predicted for a channel in bins and as a function of q2: flavio's name, LaTeX, words, forms."""

    name: str
    tex: str
    description: str
    forms: Callable[[Channel, ParameterPoint, Arguments], Forms]
    unit: str = ""


def _spectrum(channel: Channel, point: ParameterPoint, arguments: Arguments) -> Forms:
    edges = edges_of(arguments)
    width = edges[1] - edges[0] if len(edges) > 1 else 1.0
    return Forms(channel.branching_ratio(point, edges)[None] / width)


def _bin(channel: Channel, point: ParameterPoint, arguments: Arguments) -> Forms:
    return Forms(channel.branching_ratio(point, edges_of(arguments))[None])


def _total(channel: Channel, point: ParameterPoint, _arguments: Arguments) -> Forms:
    edges = (4 * point[f"m_{channel.lepton}"] ** 2, channel.mode.end_point(point))
    return Forms(channel.branching_ratio(point, edges)[None])


def _cp_asymmetry(channel: Channel, point: ParameterPoint, arguments: Arguments) -> Forms:
    forms = channel.forms(point, arguments)
    # flavio 2.7.1 halves the difference and doubles the mean for vector mesons
    factor = 0.5 if channel.mode.vector and follows_flavio(point) else 1.0
    return Forms(np.stack([factor * channel.rate(forms, difference=True), channel.rate(forms)]), (1.0, -1.0))


def rate_quantities() -> tuple[Quantity, ...]:
    """Spectrum and CP asymmetry."""
    return (
        Quantity("dBR/dq2", r"d\mathrm{BR}/dq^2", "differential branching ratio", _spectrum, "GeV^-2"),
        Quantity("ACP", r"A_{CP}", "CP asymmetry of the rate", _cp_asymmetry),
    )


def channel_observables(point: ParameterPoint, channel: Channel, quantities: tuple[Quantity, ...]) -> list[Observable]:
    """Every quantity of a channel, in bins (``<...>``) and at one q2; for taus also the total branching ratio."""
    found = []
    make = partial(dilepton_observable, point, channel.mode, (channel.lepton,))
    for q in quantities:
        forms = partial(q.forms, channel)
        name, tex = f"<{q.name}>({channel.name})", rf"\langle {q.tex}\rangle"
        binned = make(name, tex, f"{q.description}, in a bin of q2,", forms, ("q2min", "q2max"), q.unit)
        found.append(_doubted_if_narrow(binned) if q.forms is _spectrum else binned)
        found.append(make(f"{q.name}({channel.name})", q.tex, q.description, forms, ("q2",), q.unit))
    integrated = partial(_bin, channel)
    words = "branching ratio, not divided by the width,"
    rate = make(f"<BR>({channel.name})", r"\langle\mathrm{BR}\rangle", f"{words} in a bin of q2", integrated, ("q2min", "q2max"))
    found.append(_doubted_if_narrow(rate))
    if channel.lepton == "tau":
        found.append(make(f"BR({channel.name})", r"\mathrm{BR}", "branching ratio", partial(_total, channel), ()))
    return found


def doubt_near_resonances(leptons: tuple[str, ...]) -> Callable[[Arguments], str | None]:
    """`Observable.doubtful` of a quantity of these leptons."""
    # charm loops are the same for all leptons: ratios feel the resonances only where they dominate
    return partial(_doubtful, _RESONANCES[0] if len(leptons) > 1 else _NEAR_RESONANCES)


def _doubted_if_narrow(rate: Observable) -> Observable:
    """A rate in bins, with doubts about bins above psi(2S) that are too narrow for duality."""

    def doubt(arguments: Arguments) -> str | None:
        lower, upper = edges_of(arguments)
        if lower >= _RESONANCES[1] and upper - lower < _NARROWEST:
            return f"rate above {_RESONANCES[1]:g} GeV^2 in a bin narrower than {_NARROWEST:g}: it shows charmonium resonances"
        return rate.doubtful(arguments) if rate.doubtful else None

    return replace(rate, doubtful=doubt)


def _doubtful(lowest: float, arguments: Arguments) -> str | None:
    """Why bins with q2 between `lowest` and the end of the resonances are not to be trusted."""
    edges = edges_of(arguments)
    if edges[-1] <= lowest or edges[0] >= _RESONANCES[1]:
        return None
    if edges[-1] <= _RESONANCES[0]:
        return f"q2 up to {edges[-1]:g} GeV^2 is near J/psi: charm loops are not under control"
    return f"q2 between {_RESONANCES[0]:g} and {_RESONANCES[1]:g} GeV^2: charmonium resonances are not in the prediction"


def dilepton_observable(
    point: ParameterPoint,
    mode: DileptonMode,
    leptons: tuple[str, ...],
    name: str,
    tex: str,
    description: str,
    forms: Callable[[ParameterPoint, Arguments], Forms],
    arguments: tuple[str, ...],
    unit: str = "",
) -> Observable:
    """An observable of a mode and pairs of `leptons` (two kinds for ratios); ranges and doubts follow from the masses."""
    threshold, end = 4 * max(point[f"m_{lepton}"] for lepton in leptons) ** 2, mode.end_point(point)
    symbol = LEPTON_TEX[leptons[0]] if len(leptons) == 1 else r"\ell"
    return Observable(
        name=name,
        tex=rf"{tex}({mode.tex}{symbol}^+{symbol}^-)",
        description=f"{description} of {mode.transition} with pairs of {' / '.join(leptons)}",
        coefficients=coefficients_of_leptons(leptons),
        forms=forms,
        reference=_REFERENCE,
        arguments=q2_arguments(arguments, threshold, end, to_zero="tau" not in leptons),
        unit=unit,
        phase_space=partial(outside_phase_space, threshold, end) if arguments else None,
        doubtful=doubt_near_resonances(leptons) if arguments else None,
    )


def _ratio(channels: tuple[Channel, Channel], point: ParameterPoint, arguments: Arguments) -> Forms:
    edges = edges_of(arguments)
    first, second = (channel.branching_ratio(point, edges) for channel in channels)
    correction = photon_correction(point, channels[0].mode, (channels[0].lepton, channels[1].lepton), edges)
    return Forms(ratio_of_leptons(correction * first, second), (1.0, -1.0))


def photon_correction(point: ParameterPoint, mode: DileptonMode, leptons: tuple[str, str], edges: Edges) -> float:
    """What photons that the leptons radiate do to the ratio of rates of the first lepton to the second (1 within its error)."""
    if leptons != ("mu", "e") or follows_flavio(point):
        return 1.0
    at_pole = mode.vector and edges[-1] <= _POLE_BIN
    return 1 + point["Rmue QED at the photon pole" if at_pole else "Rmue QED"]


def lepton_ratios(
    point: ParameterPoint, mode: DileptonMode, channels: dict[str, Channel], more: tuple[Quantity, ...] = ()
) -> list[Observable]:
    """Ratios of rates of muons to electrons and taus to muons, in bins and at one q2.

    Parameters
    ----------
    point : ParameterPoint
    mode : DileptonMode
    channels : dict
        By lepton.
    more : tuple of Quantity
        Further quantities of muons and electrons together; their forms get the channel of the muon.
    """
    found = []
    for first, second in (("mu", "e"), ("tau", "mu")):
        forms = partial(_ratio, (channels[first], channels[second]))
        pair = Quantity(
            f"R{first}{second}", f"R_{{{LEPTON_TEX[first]} {LEPTON_TEX[second]}}}", "ratio of branching ratios", forms
        )
        quantities = (pair, *more) if first == "mu" else (pair,)
        for q in quantities:
            # the ratio has its channels already
            bound = forms if q is pair else partial(q.forms, channels["mu"])
            for name, tex, words, arguments in (
                (f"<{q.name}>", rf"\langle {q.tex}\rangle", f"{q.description}, in a bin of q2,", ("q2min", "q2max")),
                (q.name, q.tex, q.description, ("q2",)),
            ):
                found.append(
                    dilepton_observable(
                        point, mode, (first, second), f"{name}({mode.name}ll)", tex, words, bound, arguments, q.unit
                    )
                )
    return found
