r"""Lambda_b -> Lambda(-> p pi-) l+ l- and Lambda_b -> Lambda(1520)(-> p K-) l+ l-: rates, asymmetries, ratios of leptons.

All quantities are means over the decay and its CP conjugate, as measured; the numerator and denominator of ratios are
integrated over
the bin first. Unpolarised :math:`\Lambda_b`. Effective coefficients: `fitlq_theory.effective_coefficients`; amplitudes:
`baryon_dilepton_amplitudes`; angular coefficients with lepton masses: `baryon_dilepton_coefficients`. The branching ratio of
:math:`\Lambda(1520)` includes its decay to :math:`pK^-` (0.225); that of :math:`\Lambda` is for all decays.

.. math:: \frac{d\Gamma}{dq^2} = \frac{G_F^2 |\lambda_t|^2 \alpha_e^2 q^2 \sqrt\lambda}{3 \cdot 2^{11} M^3 \pi^5} \beta (2
K_{1ss} + K_{1cc})

:math:`F_L = (2K_{1ss} - K_{1cc})/(2K_{1ss} + K_{1cc})`, :math:`A_{FB}^\ell = \frac32 K_{1c}`,
:math:`A_{FB}^h = K_{2ss} + \frac12 K_{2cc}`,
:math:`A_{FB}^{\ell h} = \frac34 K_{2c}` over the same sum, and the ten normalised coefficients K themselves (arXiv:1410.2115).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.ckm import ckm_matrix
from fitlq_theory.constants import HBAR_GEV_PS
from fitlq_theory.contracts import Arguments, Forms, Observable
from fitlq_theory.effective_coefficients import SCALE, follows_flavio
from fitlq_theory.electromagnetic_coupling import alpha_electromagnetic
from fitlq_theory.observables import baryon_dilepton_coefficients as angular
from fitlq_theory.observables.baryon_dilepton_amplitudes import (
    LOW_RECOIL_LATTICE,
    Currents,
    currents_to_lambda,
    currents_to_lambda1520,
    transversity_amplitudes,
)
from fitlq_theory.observables.dilepton_observables import (
    coefficients_of_leptons,
    outside_phase_space,
    q2_arguments,
    ratio_of_leptons,
)
from fitlq_theory.observables.lepton_pair_amplitudes import LEPTON_TEX
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.qcd import pole_mass
from fitlq_theory.quadratic_forms import from_hermitian

__all__ = ["BaryonMode", "observables"]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(20)
# the photon pole and the lepton threshold at small q2, and where power corrections and form factors change, in GeV^2
_CUTS = (1e-5, 1e-4, 1e-3, 1e-2, 0.05, 0.2, 1.0, 9.0, 14.0, LOW_RECOIL_LATTICE)
_RATE = "rate"


@dataclass(frozen=True, slots=True)
class BaryonMode:
    """A final baryon: `name` as in the inputs, its helicity amplitudes, and what its own decay multiplies the rate with."""

    name: str
    tex: str
    helicities: tuple[str, ...]
    currents: Callable[[ParameterPoint, Real], Currents]
    # sign of the transverse helicity that the label 1 stands for in the quark currents
    orientation: float
    ground_state: bool

    def end_point(self, point: ParameterPoint) -> float:
        """Largest q2 in GeV^2."""
        return (point["m_Lambdab"] - point[f"m_{self.name}"]) ** 2

    def branching_factor(self, point: ParameterPoint) -> float:
        """Branching ratio of the decay of the final baryon that is included."""
        return 1.0 if self.ground_state else 0.5 * point["BR(Lambda(1520)->NKbar)"]

    def terms(self, quantity: str) -> list[angular.Term]:
        """What to integrate for a quantity."""
        match quantity:
            case "rate":
                return angular.rate_terms(self.helicities)
            case "FL":
                return angular.longitudinal_terms(self.helicities)
            case "AFBl":
                transverse = tuple(h for h in self.helicities if h != "0")
                return angular.forward_backward_terms(transverse, self.orientation)
            case _:
                return angular.coefficient_terms(quantity)


_MODES = (
    BaryonMode("Lambda", r"\Lambda", ("1", "0"), currents_to_lambda, 1.0, ground_state=True),
    BaryonMode("Lambda(1520)", r"\Lambda(1520)", ("1", "1b", "0"), currents_to_lambda1520, -1.0, ground_state=False),
)


def _normalisation(point: ParameterPoint, mode: BaryonMode, q2: Real, lepton_mass: float) -> Real:
    """Branching-ratio density per unit 2 K_1ss + K_1cc, divided by the root of s_-; (n,)."""
    mass, light = point["m_Lambdab"], point[f"m_{mode.name}"]
    ckm = ckm_matrix(point["Vus"], point["Vub"], point["Vcb"], point["gamma"])
    coupling = point["GF"] * abs(ckm[2, 2] * ckm[2, 1]) * alpha_electromagnetic(point, SCALE)
    factor = float(coupling) ** 2 / (3 * 2**11 * mass**3 * math.pi**5) * point["tau_Lambdab"] / HBAR_GEV_PS
    velocity = np.sqrt(np.clip(1 - 4 * lepton_mass**2 / q2, 0.0, None))
    return np.asarray(factor * mode.branching_factor(point) * q2 * velocity * np.sqrt((mass + light) ** 2 - q2))


def _nodes(point: ParameterPoint, lower: float, upper: float, end: float) -> tuple[Real, Real]:
    """Nodes in q2 and weights that include the root of s_-.

    Segments end at the thresholds of the loops; q2 = s0 + (s1 - s0) sin^2 t removes roots and logarithms at either end.
    """
    thresholds = [4 * m**2 for m in (pole_mass(point, "c"), point["m_c BVgamma"])]
    edges = [lower, *sorted(c for c in (*_CUTS, *thresholds) if lower < c < upper), upper]
    t = 0.25 * np.pi * (_NODES + 1)
    grid = [a + (b - a) * np.sin(t) ** 2 for a, b in pairwise(edges)]
    weights = [(b - a) * np.sin(2 * t) * 0.25 * np.pi * _WEIGHTS for a, b in pairwise(edges)]
    q2 = np.concatenate(grid)
    return q2, np.concatenate(weights) * np.sqrt(np.clip(end - q2, 0.0, None))


def _amplitudes(point: ParameterPoint, mode: BaryonMode, q2: Real, lepton_mass: float) -> tuple[dict[str, Complex], ...]:
    """Of the decay and of its CP conjugate; flavio 2.7.1 has that of Lambda(1520) only."""
    currents = mode.currents(point, q2)
    second = not (follows_flavio(point) and mode.ground_state)
    return tuple(
        transversity_amplitudes(point, currents, q2, lepton_mass, conjugate=conjugate, corrections=mode.ground_state)
        for conjugate in (False, second)
    )


@dataclass(frozen=True, slots=True)
class _Sampled:
    """Amplitudes at the nodes of a bin and what they are summed with."""

    amplitudes: tuple[dict[str, Complex], ...]
    weights: Real
    mass_ratio: Real
    conjugate_coefficients: bool

    def form(self, terms: list[angular.Term]) -> Real:
        """The CP-averaged form of a sum of terms, 25 x 25."""
        size = self.amplitudes[0]["P perp"].shape[1]
        matrices = np.zeros((2, size, size), dtype=np.complex128)
        for weight, part, first, second in terms:
            factor = (part * self.weights * weight(self.mass_ratio))[:, None]
            for k, amplitudes in enumerate(self.amplitudes):
                matrices[k] += (factor * amplitudes[second].conj()).T @ amplitudes[first]
        # the conjugate decay has the coefficients c*; flavio 2.7.1 leaves them as they are
        return 0.5 * (from_hermitian(matrices[0]) + from_hermitian(matrices[1].T if self.conjugate_coefficients else matrices[1]))


def _mass_in_amplitudes(point: ParameterPoint, mass: float) -> float:
    """The mass of the lepton; flavio 2.7.1 has massless leptons, with the threshold of massive ones."""
    return 0.0 if follows_flavio(point) else mass


def _sampled(point: ParameterPoint, mode: BaryonMode, lepton: str, lower: float, upper: float) -> _Sampled:
    mass, end = point[f"m_{lepton}"], mode.end_point(point)
    q2, weights = _nodes(point, max(lower, 4 * mass**2), min(upper, end), end)
    mass = _mass_in_amplitudes(point, mass)
    weights = weights * _normalisation(point, mode, q2, mass)
    return _Sampled(_amplitudes(point, mode, q2, mass), weights, mass**2 / q2, not follows_flavio(point))


def _bin_form(point: ParameterPoint, mode: BaryonMode, lepton: str, edges: tuple[float, float], quantity: str) -> Real:
    key = ("lambdab", mode.name, lepton, edges)

    def form(at: ParameterPoint) -> Real:
        sampled = at.shared(key, lambda p: _sampled(p, mode, lepton, *edges))
        return sampled.form(mode.terms(quantity))

    return point.shared((*key, quantity), form)


def _edges(arguments: Arguments) -> tuple[float, float]:
    return arguments["q2min"], arguments["q2max"]


def _rate(mode: BaryonMode, lepton: str, point: ParameterPoint, arguments: Arguments) -> Forms:
    lower, upper = _edges(arguments)
    return Forms(_bin_form(point, mode, lepton, (lower, upper), _RATE)[None] / (upper - lower))


def _asymmetry(
    parts: tuple[tuple[str, float], ...], mode: BaryonMode, lepton: str, point: ParameterPoint, arguments: Arguments
) -> Forms:
    edges = _edges(arguments)
    numerator = np.sum([factor * _bin_form(point, mode, lepton, edges, name) for name, factor in parts], axis=0)
    if parts[0][0][0] in "234":
        numerator = numerator * point["Lambda->ppi alpha"]
    return Forms(np.stack([numerator, _bin_form(point, mode, lepton, edges, _RATE)]), (1.0, -1.0))


def _differential(mode: BaryonMode, lepton: str, point: ParameterPoint, arguments: Arguments) -> Forms:
    mass, q2 = _mass_in_amplitudes(point, point[f"m_{lepton}"]), np.array([arguments["q2"]])
    root = np.sqrt(np.clip(mode.end_point(point) - q2, 0.0, None))
    weights = _normalisation(point, mode, q2, mass) * root
    sampled = _Sampled(_amplitudes(point, mode, q2, mass), weights, mass**2 / q2, not follows_flavio(point))
    return Forms(sampled.form(mode.terms(_RATE))[None])


def _ratio(mode: BaryonMode, leptons: tuple[str, str], point: ParameterPoint, arguments: Arguments) -> Forms:
    first, second = (_bin_form(point, mode, lepton, _edges(arguments), _RATE) for lepton in leptons)
    return Forms(ratio_of_leptons(first, second), (1.0, -1.0))


_ASYMMETRIES: dict[str, tuple[tuple[tuple[str, float], ...], str, str]] = {
    "FL": ((("FL", 1.0),), "F_L", "longitudinal polarisation fraction"),
    "AFBl": ((("AFBl", 1.0),), r"A_{FB}^\ell", "forward-backward asymmetry of the leptons"),
    "AFBh": ((("2ss", 1.0), ("2cc", 0.5)), "A_{FB}^h", "forward-backward asymmetry of the hadrons"),
    "AFBlh": ((("2c", 0.75),), r"A_{FB}^{\ell h}", "combined forward-backward asymmetry of leptons and hadrons"),
} | {
    f"K{name}": (((name, 1.0),), f"K_{{{name}}}", f"normalised angular coefficient {name}")
    for name in angular.LAMBDA_COEFFICIENTS
}


def _build(
    point: ParameterPoint,
    mode: BaryonMode,
    leptons: tuple[str, ...],
    head: str,
    tex: str,
    description: str,
    forms: Callable[[ParameterPoint, Arguments], Forms],
    aliases: tuple[str, ...] = (),
) -> Observable:
    process = f"Lambdab->{mode.name}" + (leptons[0] * 2 if len(leptons) == 1 else "ll")
    lepton_tex = LEPTON_TEX[leptons[0]] if len(leptons) == 1 else r"\ell"
    least, threshold = (4 * point[f"m_{lepton}"] ** 2 for lepton in (leptons[0], leptons[-1]))
    end = mode.end_point(point)
    binned = head.startswith("<")
    return Observable(
        name=f"{head}({process})",
        tex=rf"{tex}(\Lambda_b\to{mode.tex} {lepton_tex}^+{lepton_tex}^-)",
        description=description + f" of Lambda_b -> {mode.name} {' / '.join(leptons)} pairs, mean over CP conjugates",
        coefficients=coefficients_of_leptons(leptons),
        forms=forms,
        reference="arXiv:1410.2115, section 3" if mode.ground_state else "arXiv:1903.00448, section 4; arXiv:2009.09313",
        aliases=tuple(f"{alias}({process})" for alias in aliases),
        arguments=q2_arguments(("q2min", "q2max") if binned else ("q2",), least, end, to_zero=leptons[0] != "tau"),
        unit="GeV^-2" if "dBR" in head else "",
        phase_space=partial(outside_phase_space, threshold, end),
    )


def _of_mode(point: ParameterPoint, mode: BaryonMode) -> list[Observable]:
    found = []
    for lepton in ("e", "mu", "tau"):
        make = partial(_build, point, mode, (lepton,))
        rate = "differential branching ratio"
        found.append(
            make("<dBR/dq2>", r"\langle d\mathrm{BR}/dq^2\rangle", f"{rate}, mean over a bin,", partial(_rate, mode, lepton))
        )
        found.append(make("dBR/dq2", r"d\mathrm{BR}/dq^2", rate, partial(_differential, mode, lepton)))
        for name, (parts, tex, description) in _ASYMMETRIES.items():
            if mode.ground_state or name in ("FL", "AFBl"):
                forms = partial(_asymmetry, parts, mode, lepton)
                found.append(make(f"<{name}>", rf"\langle {tex}\rangle", f"{description} in a bin", forms))
    for first, second in (("mu", "e"), ("tau", "mu")):
        forms = partial(_ratio, mode, (first, second))
        name = f"R{first}{second}"
        found.append(
            _build(
                point, mode, (first, second), f"<{name}>", rf"\langle R_{{{name[1:]}}}\rangle", "ratio of branching ratios", forms
            )
        )
    return found


def observables(point: ParameterPoint) -> tuple[Observable, ...]:
    """Rates, polarisation and asymmetries of both modes with e, mu, tau, and ratios of leptons."""
    return tuple(o for mode in _MODES for o in _of_mode(point, mode))
