"""Theory errors: against draws of all inputs for every process, and against the spreads of flavio at its own inputs.

python -m benchmarks.theory_errors          print both tables (a few minutes)
python -m benchmarks.theory_errors --write  also write them to docs/validation.md
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.validation import DATA
from benchmarks.validation_page import write_section
from fitlq_theory.compiled import CompiledObservable, Request, combine, compile_derivatives, compile_forms, evaluate_forms
from fitlq_theory.contracts import Observable
from fitlq_theory.inputs import Inputs, load_inputs
from fitlq_theory.inputs.inputs import Direction
from fitlq_theory.observables import ObservableRegistry, load_registry
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.predictor import BlockSource, Predictor
from fitlq_theory.quadratic_forms import real_vector
from fitlq_theory.standard_model import standard_model_predictions, typical_arguments

__all__ = [
    "DRAWN_EXCEPTIONS", "DRAWN_TOLERANCE", "DRAWS", "SLOW", "SPREAD_EXCEPTIONS", "SPREAD_TOLERANCE", "Drawn", "Spread",
    "drawn_errors", "drawn_point", "drawn_table", "spread_table", "spreads",
]  # fmt: skip

Real = NDArray[np.float64]

DRAWS = 300  # know a standard deviation to 4 %
_FEWER_DRAWS = {"lepton_to_three_leptons": 100, "lambdab_to_lambda_leptons": 150}  # integrals over three-body phase space, loops
DRAWN_TOLERANCE = 0.2
SPREAD_TOLERANCE = 0.3
_PER_PROCESS = 12
# spreads of this relative size are rounding, and Standard Model values of this size zeros with rounding
_ROUNDING = 1e-12
_ZERO = 1e-17
_SEED = 41

# a second per draw: not drawn here but for their bins, `benchmarks.theory_errors_b_to_s_ll` and the tests of Bs -> phi l l
SLOW = ("b_to_k_lepton_pair", "b_to_kstar_lepton_pair", "bs_to_phi_lepton_pair", "b_to_x_s_lepton_pair")

# not linear in the Standard Model, with the reason: docs/differences.md, "Mixing of neutral mesons"
DRAWN_EXCEPTIONS = {
    "phi12_D": "an angle of an amplitude that may vanish: jumps by pi",
    "phiM_D": "an angle of an amplitude that may vanish: jumps by pi",
    "x12Im_D": "a product of two uncertain numbers that vanishes at the centre of one",
    "x12_D": "a modulus that reaches zero within its error: folded, the draws spread less",
}

# spreads of flavio that ours do not meet, with the reason
SPREAD_EXCEPTIONS = {
    "phi12_D": "jumps by pi within its error",
    "x12Im_D": "a product of two uncertain numbers that vanishes at the centre of one",
    "ACP(B0->K*gamma)": "flavio: power corrections of the conjugate decay with the CKM factor of the decay",
    "S_phigamma": "flavio: power corrections of the conjugate decay with the CKM factor of the decay",
    "<dBR/dq2>(Lambdab->Lambdamumu) [1.1, 6]": "flavio drops a coefficient of the form factors",
    "<FL>(Lambdab->Lambdamumu) [1.1, 6]": "flavio drops a coefficient of the form factors",
    "<AFBl>(Lambdab->Lambdamumu) [1.1, 6]": "flavio drops a coefficient of the form factors",
    "<AFBh>(Lambdab->Lambdamumu) [1.1, 6]": "flavio drops a coefficient of the form factors; at its extremum",
    "<AFBlh>(Lambdab->Lambdamumu) [1.1, 6]": "flavio drops a coefficient of the form factors",
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """The error of one observable as compiled, and the standard deviation of draws.

    `new_physics` says that both are at random coefficients: the Standard Model has none.
    """

    observable: str
    compiled: float
    drawn: float
    new_physics: bool

    @property
    def ratio(self) -> float:
        """Compiled over drawn."""
        return self.compiled / self.drawn


@dataclass(frozen=True, slots=True)
class Spread:
    """The error of one observable at the inputs of flavio, and flavio's from a number of draws."""

    observable: str
    ours: float
    flavio: float
    draws: int

    @property
    def ratio(self) -> float:
        """Ours over flavio's."""
        return self.ours / self.flavio


def drawn_errors(process: str, draws: int | None = None, inputs: Inputs | None = None) -> tuple[Drawn, ...]:
    """Errors of some observables of a process, evenly chosen; one that has none in the Standard Model at random coefficients.

    Observables whose inputs have no error are left out.
    """
    inputs, registry = inputs or load_inputs(), load_registry()
    draws = draws or _FEWER_DRAWS.get(process, DRAWS)
    requests = _some_requests(registry, process)
    point = inputs.point()
    reads = {name for r in requests for name in point.reads_of(lambda p, r=r: r.observable.forms(p, r.arguments))[1]}  # type: ignore[misc]
    directions = [d for d in inputs.directions() if not reads.isdisjoint(d.shifts)]
    generator = np.random.default_rng(_SEED)
    vectors = [_standard_model_and_random(request.observable, generator) for request in requests]
    values = np.empty((draws, len(requests), 2))
    for row in values:
        point = drawn_point(inputs, directions, generator)
        for k, (request, x) in enumerate(zip(requests, vectors, strict=True)):
            forms = request.observable.forms(point, request.arguments)
            with np.errstate(all="ignore"):  # ratios of what vanishes in the Standard Model
                row[k] = combine(evaluate_forms(forms.quadratic, x), forms.powers, forms.combination)
    found = []
    for k, (request, x) in enumerate(zip(requests, vectors, strict=True)):
        spread = values[:, k].std(axis=0)
        largest = np.abs(values[:, k]).max(axis=0)
        certain = ~(np.isfinite(spread) & (spread > _ROUNDING * largest) & (largest > (_ZERO, 0.0)))
        if certain.all():
            continue
        which = int(certain[0])  # 1: the random coefficients
        found.append(
            Drawn(request.observable.name, _compiled_error(request, x[which], inputs), float(spread[which]), bool(which))
        )
    return tuple(found)


def drawn_point(inputs: Inputs, directions: Iterable[Direction], generator: np.random.Generator) -> ParameterPoint:
    """The inputs at a random place, normally distributed along independent directions."""
    shifts: dict[str, float] = {}
    for direction in directions:
        size = generator.normal()
        for name, shift in direction.shifts.items():
            shifts[name] = shifts.get(name, 0.0) + size * shift
    return inputs.point(shifts)


def _some_requests(registry: ObservableRegistry, process: str) -> tuple[Request, ...]:
    members = [o for o in registry if registry.process_of(o.name) == process]
    chosen = [members[k] for k in np.unique(np.linspace(0, len(members) - 1, _PER_PROCESS).astype(int))]
    return tuple(Request(o, typical_arguments(o) or {}) for o in chosen)


def _standard_model_and_random(observable: Observable, generator: np.random.Generator) -> Real:
    """Vectors x of no and of random coefficients, (2, m)."""
    parts = generator.normal(size=(2, len(observable.coefficients)))
    coefficients = np.stack([np.zeros(len(observable.coefficients)), parts[0] + 1j * parts[1]])
    return real_vector(coefficients)


def _compiled_error(request: Request, x: Real, inputs: Inputs) -> float:
    """What the compiled arrays and the hot path say."""
    central = compile_forms((request,), inputs, {request.observable.coefficients: x[None]})
    (compiled,) = compile_derivatives((request,), inputs, central)
    positions = {component: component for component in range(len(x))}
    jacobian = _predictor(compiled, positions).values_and_jacobian(x[None])[1]
    return float(np.sqrt(np.sum(jacobian**2)))


def _predictor(compiled: CompiledObservable, positions: Mapping[int, int]) -> Predictor:
    return Predictor([BlockSource((0,), (compiled,), positions)])


def drawn_table(found: Mapping[str, tuple[Drawn, ...]]) -> str:
    """A table in Markdown, one line per process; exceptions are not among the extremes."""
    lines = ["| process | observables | lowest | at | highest | at |", "| --- | ---: | ---: | --- | ---: | --- |"]
    for process, rows in found.items():
        usual = sorted((row for row in rows if row.observable not in DRAWN_EXCEPTIONS), key=lambda row: row.ratio)
        if not usual:
            lines.append(f"| {process} | 0 | | inputs without errors | | |")
            continue
        low, high = usual[0], usual[-1]
        lines.append(f"| {process} | {len(usual)} | {low.ratio:.2f} | {_where(low)} | {high.ratio:.2f} | {_where(high)} |")
    return "\n".join(lines)


def _where(row: Drawn) -> str:
    return row.observable + (" *" if row.new_physics else "")


def spreads() -> tuple[Spread, ...]:
    """All stored spreads of flavio."""
    stored = json.loads((DATA.parent / "spreads" / "flavio.json").read_text(encoding="utf-8"))["entries"]
    registry, requests = load_registry(), []
    for entry in stored:
        observable = registry.resolve(entry["observable"])
        requests.append((observable, dict(zip((a.name for a in observable.arguments), entry["args"], strict=True))))
    predictions = standard_model_predictions(requests, load_inputs("flavio-2.7.1"))
    return tuple(
        Spread(_name(entry), prediction.error, entry["spread"], entry["draws"])
        for entry, prediction in zip(stored, predictions, strict=True)
    )


def _name(entry: Mapping[str, object]) -> str:
    arguments = [f"{float(a):g}" for a in entry["args"]]  # type: ignore[attr-defined]
    return str(entry["observable"]) + (f" [{', '.join(arguments)}]" if arguments else "")


def spread_table(found: tuple[Spread, ...]) -> str:
    """A table in Markdown, the lowest ratio first."""
    lines = ["| observable | ours | flavio | draws | ratio | |", "| --- | ---: | ---: | ---: | ---: | --- |"]
    for row in sorted(found, key=lambda row: row.ratio):
        reason = SPREAD_EXCEPTIONS.get(row.observable, "")
        lines.append(f"| {row.observable} | {row.ours:.3g} | {row.flavio:.3g} | {row.draws} | {row.ratio:.2f} | {reason} |")
    return "\n".join(lines)


def main(words: list[str]) -> int:
    """Print both tables."""
    spread = spread_table(spreads())
    print(spread)
    drawn = drawn_table({process: drawn_errors(process) for process in load_registry().titles if process not in SLOW})
    print(f"\n{drawn}")
    if "--write" in words:
        write_section("spreads", spread)
        write_section("draws", drawn)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
