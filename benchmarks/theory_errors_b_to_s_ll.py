"""Theory errors of B -> K* mu mu and B -> K mu mu in LHCb's bins against draws of all inputs.

python -m benchmarks.theory_errors_b_to_s_ll [DRAWS]    prints the table of docs/b_to_s_ll.md (300 draws take some minutes)
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from benchmarks.theory_errors import drawn_point
from fitlq_theory.compiled import Request, combine, evaluate_forms
from fitlq_theory.inputs import Inputs, load_inputs
from fitlq_theory.inputs.inputs import Direction
from fitlq_theory.models import wet_model
from fitlq_theory.observables import load_registry
from fitlq_theory.predictions import Predictions
from fitlq_theory.quadratic_forms import real_vector

__all__ = ["KSTAR_BINS", "POINTS", "QUANTITIES", "Comparison", "compare", "table"]

Real = NDArray[np.float64]

QUANTITIES = ("dBR/dq2", "FL", "AFB", "S3", "S4", "S5", "S7", "S8", "S9", "P1", "P2", "P3", "P4p", "P5p", "P6p", "P8p")
KSTAR_BINS = ((0.1, 0.98), (1.1, 2.5), (2.5, 4.0), (4.0, 6.0), (15.0, 17.0), (17.0, 19.0))
K_BINS = ((0.1, 0.98), (1.1, 6.0), (15.0, 22.0))
POINTS = {"SM": 0.0, "C9 = -1": -1.0}
_COEFFICIENT = "C9_bsmumu"
_SEED = 41


@dataclass(frozen=True, slots=True)
class Comparison:
    """Error from the compiled derivatives and standard deviation of draws of one number at one point in C9 of muons."""

    observable: str
    edges: tuple[float, float]
    point: str
    compiled: float
    drawn: float
    shift: float

    @property
    def ratio(self) -> float:
        """Compiled over drawn."""
        return self.compiled / self.drawn


def requests() -> tuple[Request, ...]:
    """The quantities in their bins."""
    registry = load_registry()
    names = [(f"<{q}>(B0->K*mumu)", edges) for q in QUANTITIES for edges in KSTAR_BINS]
    names += [("<dBR/dq2>(B+->Kmumu)", edges) for edges in K_BINS]
    return tuple(Request(registry.resolve(name), dict(zip(("q2min", "q2max"), edges, strict=True))) for name, edges in names)


def compare(draws: int, wanted: Sequence[Request] | None = None) -> tuple[Comparison, ...]:
    """Draw all inputs that matter `draws` times and compare with the errors that a fit uses."""
    inputs, wanted = load_inputs(), tuple(wanted or requests())
    generator = np.random.default_rng(_SEED)
    vectors = [_vectors(request) for request in wanted]
    directions = _directions(inputs, wanted)
    drawn = np.empty((draws, len(wanted), len(POINTS)))
    for row in drawn:
        point = drawn_point(inputs, directions, generator)
        for k, (request, x) in enumerate(zip(wanted, vectors, strict=True)):
            forms = request.observable.forms(point, request.arguments)
            row[k] = combine(evaluate_forms(forms.quadratic, x), forms.powers, forms.combination)
    predictions = Predictions(wet_model([_COEFFICIENT]), [(r.observable.name, r.arguments) for r in wanted], inputs)
    values, jacobian = predictions.values_and_jacobian(np.array(list(POINTS.values()))[:, None])
    errors = np.sqrt(np.sum(jacobian**2, axis=-1))
    return tuple(
        Comparison(
            request.observable.name,
            (request.arguments["q2min"], request.arguments["q2max"]),
            point,
            float(errors[p, k]),
            float(drawn[:, k, p].std()),
            float((drawn[:, k, p].mean() - values[p, k]) / drawn[:, k, p].std()),
        )
        for k, request in enumerate(wanted)
        for p, point in enumerate(POINTS)
    )


def _directions(inputs: Inputs, wanted: Sequence[Request]) -> list[Direction]:
    point = inputs.point()
    reads = {name for r in wanted for name in point.reads_of(lambda p, r=r: r.observable.forms(p, r.arguments))[1]}  # type: ignore[misc]
    return [d for d in inputs.directions() if not reads.isdisjoint(d.shifts)]


def _vectors(request: Request) -> Real:
    names = [coefficient.name for coefficient in request.observable.coefficients]
    coefficients = np.zeros((len(POINTS), len(names)), dtype=np.complex128)
    if _COEFFICIENT in names:
        coefficients[:, names.index(_COEFFICIENT)] = list(POINTS.values())
    return real_vector(coefficients)


def table(found: Sequence[Comparison]) -> str:
    """In Markdown: compiled over drawn, one line per quantity and point."""
    bins = list(dict.fromkeys(row.edges for row in found))
    head = [f"{low:g}–{high:g}" for low, high in bins]
    lines = [f"| | {' | '.join(head)} |", f"| --- |{' ---: |' * len(bins)}"]
    for name, point in dict.fromkeys((row.observable, row.point) for row in found):
        ratios = {row.edges: f"{row.ratio:.2f}" for row in found if (row.observable, row.point) == (name, point)}
        lines.append(f"| `{name}`, {point} | {' | '.join(ratios.get(edges, '') for edges in bins)} |")
    return "\n".join(lines)


def main(words: Sequence[str]) -> int:
    """Print the table."""
    print(table(compare(int(words[0]) if words else 300)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
