r"""Observables of B -> D l nu and B -> D* l nu: branching ratios, lepton-flavour ratios, polarisations.

Conventions
-----------
* Charged lepton ``l`` in a branching ratio is the mean of e and mu, (BR(e) + BR(mu))/2.
* Ratios and shares written without a charge (``B->Dlnu``) are those of the B0, as in flavio: there is no average over
  charges.
* The tau polarisation is (rate of helicity +1/2 minus rate of helicity -1/2)/sum in the rest frame of the lepton pair.
* Bins may stick out of phase space a little, as those of experiments do: nothing is found there.

The choice ``b->c`` of the inputs selects form factors. With ``hflav`` the total ratios R(D), R(D*) (tau over l, and tau over
mu) are multiplied by a constant such that R(tau over l) has in the Standard Model the value of HFLAV's mean of predictions,
with the error given there; the dependence on new physics, relative to the Standard Model, and every other observable are
those of the form factors.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from fitlq_theory.contracts import Argument, Arguments, Forms, Observable
from fitlq_theory.observables.b_to_c_lepton_neutrino_amplitudes import OPERATORS
from fitlq_theory.observables.b_to_c_lepton_neutrino_forms import (
    bin_share_forms,
    lepton_weights,
    polarisation_forms,
    rate_forms,
    ratio_forms,
)
from fitlq_theory.observables.b_to_c_lepton_neutrino_rates import (
    DECAYS,
    Decay,
    momentum_range,
)
from fitlq_theory.observables.charged_current_coefficients import LEPTONS, charged_current_coefficients
from fitlq_theory.parameter_point import ParameterPoint

__all__ = ["observables"]

_REFERENCE = "arXiv:1309.0301, arXiv:1212.1878"
_ALIASES = {
    "Rtaul(B->Dlnu)": ("R(D)",),
    "Rtaul(B->D*lnu)": ("R(D*)",),
    "FLtot(B0->D*taunu)": ("F_L(D*)", "FL(D*)", "F_L(D*)[tau]"),
    "Ptau(B0->Dtaunu)": ("P_tau(D)", "Ptau(D)"),
    "Ptau(B0->D*taunu)": ("P_tau(D*)", "Ptau(D*)"),
}
_TEX = {"e": "e", "mu": r"\mu", "tau": r"\tau", "l": r"\ell"}
_DECAY_TEX = {
    "B+->D": r"B^+\to \bar D^0",
    "B0->D": r"B^0\to D^-",
    "B+->D*": r"B^+\to \bar D^{*0}",
    "B0->D*": r"B^0\to D^{*-}",
    "B->D": r"B\to D",
    "B->D*": r"B\to D^*",
}
# how far a bin may reach beyond the end point, in GeV^2: one bin of the published spectra
_OVERHANG = 0.5
_RATIOS = (("tau", "l"), ("tau", "mu"), ("mu", "e"))

FormsFunction = Callable[[ParameterPoint, Arguments], Forms]


def observables(point: ParameterPoint) -> tuple[Observable, ...]:
    """All observables of the two decays; `point` gives the limits of q2."""
    found: list[Observable] = []
    for decay in DECAYS.values():
        for lepton in (*LEPTONS, "l"):
            found.extend(_rates(point, decay, lepton))
        found.append(_tau_polarisation(decay))
    for name in ("B+->D*", "B0->D*"):
        for lepton in LEPTONS:
            found.extend(_longitudinal_fractions(point, DECAYS[name], lepton))
    for name in ("B0->D", "B0->D*"):
        found.append(_bin_share(point, DECAYS[name]))
        for pair in _RATIOS:
            found.extend(_ratios(point, DECAYS[name], *pair))
    return tuple(found)


def _observable(
    name: str,
    tex: str,
    description: str,
    leptons: Sequence[str],
    forms: FormsFunction,
    limits: tuple[Argument, ...] = (),
    unit: str = "",
    phase_space: Callable[[Arguments], str | None] | None = None,
) -> Observable:
    return Observable(
        name=name,
        tex=tex,
        description=description,
        coefficients=charged_current_coefficients("bc", leptons, OPERATORS),
        forms=forms,
        reference=_REFERENCE,
        aliases=_ALIASES.get(name, ()),
        arguments=limits,
        unit=unit,
        phase_space=phase_space,
    )


def _point_arguments(lower: float, upper: float) -> tuple[Argument, ...]:
    return (Argument("q2", "GeV^2", lower, upper, "squared momentum of the lepton pair"),)


def _bin_arguments(upper: float) -> tuple[Argument, ...]:
    edges = (("q2min", "lower"), ("q2max", "upper"))
    return tuple(Argument(name, "GeV^2", 0.0, upper + _OVERHANG, f"{which} edge of the bin in q2") for name, which in edges)


def _bin_problem(arguments: Arguments, lower: float, upper: float) -> str | None:
    low, high = arguments["q2min"], arguments["q2max"]
    if low >= high:
        return f"q2min = {low:g} must be below q2max = {high:g}"
    if high <= lower or low >= upper:
        return f"the bin [{low:g}, {high:g}] GeV^2 lies outside phase space [{lower:.6g}, {upper:.6g}]"
    return None


def _point_problem(arguments: Arguments, lower: float, upper: float) -> str | None:
    if lower < arguments["q2"] < upper:
        return None
    return f"q2 = {arguments['q2']:g} GeV^2 must lie strictly inside phase space [{lower:.6g}, {upper:.6g}]"


def _limits(point: ParameterPoint, decay: Decay, leptons: Sequence[str]) -> tuple[float, float]:
    """Where all of `leptons` are possible."""
    ranges = [momentum_range(point, decay, lepton) for lepton in leptons]
    return max(low for low, _ in ranges), min(high for _, high in ranges)


def _rates(point: ParameterPoint, decay: Decay, lepton: str) -> Iterator[Observable]:
    leptons = tuple(lepton_weights(lepton))
    lower, upper = _limits(point, decay, leptons)
    process = f"{decay.name}{lepton}nu"
    tex = rf"({_DECAY_TEX[decay.name]}\,{_TEX[lepton]}\,\nu)"
    forms = partial(rate_forms, decay=decay, lepton=lepton)
    text = f"branching ratio of {decay.name} {lepton} nu, summed over neutrino flavours"
    yield _observable(f"BR({process})", rf"\mathrm{{BR}}{tex}", text, leptons, forms)
    yield _observable(
        f"<BR>({process})",
        rf"\langle\mathrm{{BR}}\rangle{tex}",
        f"{text}, in a bin of q2",
        leptons,
        forms,
        _bin_arguments(upper),
        phase_space=partial(_bin_problem, lower=lower, upper=upper),
    )
    yield _observable(
        f"dBR/dq2({process})",
        rf"\frac{{d\mathrm{{BR}}}}{{dq^2}}{tex}",
        f"{text}, per q2",
        leptons,
        forms,
        _point_arguments(lower, upper),
        unit="GeV^-2",
    )


def _tau_polarisation(decay: Decay) -> Observable:
    return _observable(
        f"Ptau({decay.name}taunu)",
        rf"P_\tau({_DECAY_TEX[decay.name]}\,\tau\,\nu)",
        f"longitudinal polarisation of the tau in {decay.name} tau nu, helicity +1/2 minus helicity -1/2",
        ("tau",),
        partial(polarisation_forms, decay=decay, lepton="tau", states="helicity"),
    )


def _longitudinal_fractions(point: ParameterPoint, decay: Decay, lepton: str) -> Iterator[Observable]:
    lower, upper = _limits(point, decay, (lepton,))
    process = f"({decay.name}{lepton}nu)"
    tex = rf"({_DECAY_TEX[decay.name]}\,{_TEX[lepton]}\,\nu)"
    forms = partial(polarisation_forms, decay=decay, lepton=lepton, states="longitudinal")
    text = f"fraction of longitudinally polarised D* in {decay.name} {lepton} nu"
    yield _observable(f"FLtot{process}", f"F_L{tex}", text, (lepton,), forms)
    yield _observable(
        f"<FL>{process}",
        rf"\langle F_L\rangle{tex}",
        f"{text}, in a bin of q2",
        (lepton,),
        forms,
        _bin_arguments(upper),
        phase_space=partial(_bin_problem, lower=lower, upper=upper),
    )
    yield _observable(
        f"FL{process}",
        f"F_L{tex}",
        f"{text}, at fixed q2",
        (lepton,),
        forms,
        _point_arguments(lower, upper),
        phase_space=partial(_point_problem, lower=lower, upper=upper),
    )


def _bin_share(point: ParameterPoint, decay: Decay) -> Observable:
    lower, upper = _limits(point, decay, ("tau",))
    return _observable(
        f"<BR>/BR({decay.transition}taunu)",
        rf"\frac{{\langle\mathrm{{BR}}\rangle}}{{\mathrm{{BR}}}}({_DECAY_TEX[decay.transition]}\,\tau\,\nu)",
        f"share of the rate of {decay.transition} tau nu that falls into a bin of q2 (neutral B)",
        ("tau",),
        partial(bin_share_forms, decay=decay, lepton="tau"),
        _bin_arguments(upper),
        phase_space=partial(_bin_problem, lower=lower, upper=upper),
    )


def _ratios(point: ParameterPoint, decay: Decay, numerator: str, denominator: str) -> Iterator[Observable]:
    leptons = (*lepton_weights(numerator), *lepton_weights(denominator))
    lower, upper = _limits(point, decay, leptons)
    name = f"R{numerator}{denominator}"
    process = f"({decay.transition}lnu)"
    tex = rf"R_{{{_TEX[numerator]}{_TEX[denominator]}}}({_DECAY_TEX[decay.transition]}\,\ell\,\nu)"
    forms = partial(ratio_forms, decay=decay, numerator=numerator, denominator=denominator)
    mean = "; l is the mean of e and mu" if denominator == "l" else ""
    text = f"ratio of the rates of {decay.transition} {numerator} nu and {decay.transition} {denominator} nu (neutral B{mean})"
    yield _observable(f"{name}{process}", tex, text, leptons, forms)
    yield _observable(
        f"<{name}>{process}",
        rf"\langle {tex}\rangle",
        f"{text}, in a bin of q2",
        leptons,
        forms,
        _bin_arguments(upper),
        phase_space=partial(_bin_problem, lower=lower, upper=upper),
    )
