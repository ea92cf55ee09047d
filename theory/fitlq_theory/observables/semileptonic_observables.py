r"""Observables of semileptonic decays: branching ratios, lepton-flavour ratios, polarisations.

What a module of one transition passes on; the names follow from those of the decay modes. Conventions

* Charged lepton ``l`` in a branching ratio is the mean of e and mu, (BR(e) + BR(mu))/2.
* Ratios and shares written without a charge (``B->Dlnu``) are those of the neutral parent, as in flavio: there is no
  average over charges.
* The tau polarisation is (rate of helicity +1/2 minus rate of helicity -1/2)/sum in the rest frame of the lepton pair.
* Bins may stick out of phase space a little, as those of experiments do: nothing is found there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial

from fitlq_theory.contracts import Argument, Arguments, Forms, Observable
from fitlq_theory.observables.charged_current_coefficients import charged_current_coefficients
from fitlq_theory.observables.semileptonic_forms import (
    bin_share_forms,
    lepton_weights,
    polarisation_forms,
    rate_forms,
    ratio_forms,
)
from fitlq_theory.observables.semileptonic_meson_amplitudes import OPERATORS
from fitlq_theory.observables.semileptonic_rates import Decay, momentum_range
from fitlq_theory.parameter_point import ParameterPoint

__all__ = ["SemileptonicObservables"]

_TEX = {"e": "e", "mu": r"\mu", "tau": r"\tau", "l": r"\ell"}
# how far a bin may reach beyond the end point, in GeV^2: one bin of the published spectra
_OVERHANG = 0.5
_RELATIVE_OVERHANG = 0.05  # of the end point, for light mesons

FormsFunction = Callable[[ParameterPoint, Arguments], Forms]


@dataclass(frozen=True, slots=True)
class SemileptonicObservables:
    """Makes the observables of some decay modes.

    Attributes
    ----------
    tex : mapping of str to str
        TeX of the hadrons by name of the mode (``B0->D``) and of the transition (``B->D``).
    reference : str
    aliases : mapping of str to tuple of str
        By name of the observable.
    note : str
        Added to the description of branching ratios.
    """

    tex: Mapping[str, str]
    reference: str
    aliases: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    note: str = ""

    def rates(self, point: ParameterPoint, decay: Decay, lepton: str) -> Iterator[Observable]:
        """Branching ratio: total, in a bin, per q2."""
        leptons = tuple(lepton_weights(lepton))
        lower, upper = _limits(point, decay, leptons)
        process = f"{decay.name}{lepton}nu"
        tex = rf"({self.tex[decay.name]}\,{_TEX[lepton]}\,\nu)"
        forms = partial(rate_forms, decay=decay, lepton=lepton)
        text = f"branching ratio of {decay.name} {lepton} nu, summed over neutrino flavours{self.note}"
        yield self._observable(decay, f"BR({process})", rf"\mathrm{{BR}}{tex}", text, leptons, forms)
        yield self._observable(
            decay,
            f"<BR>({process})",
            rf"\langle\mathrm{{BR}}\rangle{tex}",
            f"{text}, in a bin of q2",
            leptons,
            forms,
            _bin_arguments(upper),
            phase_space=partial(_bin_problem, lower=lower, upper=upper),
        )
        yield self._observable(
            decay,
            f"dBR/dq2({process})",
            rf"\frac{{d\mathrm{{BR}}}}{{dq^2}}{tex}",
            f"{text}, per q2",
            leptons,
            forms,
            _point_arguments(lower, upper),
            unit="GeV^-2",
        )

    def tau_polarisation(self, decay: Decay) -> Observable:
        """Longitudinal polarisation of the tau."""
        return self._observable(
            decay,
            f"Ptau({decay.name}taunu)",
            rf"P_\tau({self.tex[decay.name]}\,\tau\,\nu)",
            f"longitudinal polarisation of the tau in {decay.name} tau nu, helicity +1/2 minus helicity -1/2",
            ("tau",),
            partial(polarisation_forms, decay=decay, lepton="tau", states="helicity"),
        )

    def longitudinal_fractions(self, point: ParameterPoint, decay: Decay, lepton: str) -> Iterator[Observable]:
        """Share of longitudinally polarised vector mesons: total, in a bin, at fixed q2."""
        lower, upper = _limits(point, decay, (lepton,))
        process = f"({decay.name}{lepton}nu)"
        tex = rf"({self.tex[decay.name]}\,{_TEX[lepton]}\,\nu)"
        forms = partial(polarisation_forms, decay=decay, lepton=lepton, states="longitudinal")
        meson = decay.transition.split("->")[1]
        text = f"fraction of longitudinally polarised {meson} in {decay.name} {lepton} nu"
        yield self._observable(decay, f"FLtot{process}", f"F_L{tex}", text, (lepton,), forms)
        yield self._observable(
            decay,
            f"<FL>{process}",
            rf"\langle F_L\rangle{tex}",
            f"{text}, in a bin of q2",
            (lepton,),
            forms,
            _bin_arguments(upper),
            phase_space=partial(_bin_problem, lower=lower, upper=upper),
        )
        yield self._observable(
            decay,
            f"FL{process}",
            f"F_L{tex}",
            f"{text}, at fixed q2",
            (lepton,),
            forms,
            _point_arguments(lower, upper),
            phase_space=partial(_point_problem, lower=lower, upper=upper),
        )

    def bin_share(self, point: ParameterPoint, decay: Decay) -> Observable:
        """Share of the rate into tau nu that falls into a bin."""
        lower, upper = _limits(point, decay, ("tau",))
        return self._observable(
            decay,
            f"<BR>/BR({decay.transition}taunu)",
            rf"\frac{{\langle\mathrm{{BR}}\rangle}}{{\mathrm{{BR}}}}({self.tex[decay.transition]}\,\tau\,\nu)",
            f"share of the rate of {decay.transition} tau nu that falls into a bin of q2 (neutral B)",
            ("tau",),
            partial(bin_share_forms, decay=decay, lepton="tau"),
            _bin_arguments(upper),
            phase_space=partial(_bin_problem, lower=lower, upper=upper),
        )

    def ratios(self, point: ParameterPoint, decay: Decay, numerator: str, denominator: str) -> Iterator[Observable]:
        """Ratio of the rates with two charged leptons: total and in a bin."""
        leptons = (*lepton_weights(numerator), *lepton_weights(denominator))
        lower, upper = _limits(point, decay, leptons)
        name = f"R{numerator}{denominator}"
        process = f"({decay.transition}lnu)"
        tex = rf"R_{{{_TEX[numerator]}{_TEX[denominator]}}}({self.tex[decay.transition]}\,\ell\,\nu)"
        forms = partial(ratio_forms, decay=decay, numerator=numerator, denominator=denominator)
        notes = [f"neutral {decay.transition[0]}"] * (decay.name != decay.transition)
        notes += ["l is the mean of e and mu"] * (denominator == "l")
        note = f" ({'; '.join(notes)})" if notes else ""
        text = f"ratio of the rates of {decay.transition} {numerator} nu and {decay.transition} {denominator} nu{note}"
        yield self._observable(decay, f"{name}{process}", tex, text, leptons, forms)
        yield self._observable(
            decay,
            f"<{name}>{process}",
            rf"\langle {tex}\rangle",
            f"{text}, in a bin of q2",
            leptons,
            forms,
            _bin_arguments(upper),
            phase_space=partial(_bin_problem, lower=lower, upper=upper),
        )

    def _observable(
        self,
        decay: Decay,
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
            coefficients=charged_current_coefficients(decay.current, leptons, OPERATORS),
            forms=forms,
            reference=self.reference,
            aliases=self.aliases.get(name, ()),
            arguments=limits,
            unit=unit,
            phase_space=phase_space,
        )


def _limits(point: ParameterPoint, decay: Decay, leptons: Sequence[str]) -> tuple[float, float]:
    """Where all of `leptons` are possible."""
    ranges = [momentum_range(point, decay, lepton) for lepton in leptons]
    return max(low for low, _ in ranges), min(high for _, high in ranges)


def _point_arguments(lower: float, upper: float) -> tuple[Argument, ...]:
    return (Argument("q2", "GeV^2", lower, upper, "squared momentum of the lepton pair"),)


def _bin_arguments(upper: float) -> tuple[Argument, ...]:
    edges = (("q2min", "lower"), ("q2max", "upper"))
    highest = upper + min(_OVERHANG, _RELATIVE_OVERHANG * upper)
    return tuple(Argument(name, "GeV^2", 0.0, highest, f"{which} edge of the bin in q2") for name, which in edges)


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
