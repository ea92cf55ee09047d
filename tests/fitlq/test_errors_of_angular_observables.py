"""Theory errors of B -> K* mu mu in LHCb's bins, in the Standard Model and at C9 = -1, against draws of all inputs."""

from __future__ import annotations

import pytest

import fitlq
from benchmarks.theory_errors_b_to_s_ll import Comparison, compare

DRAWS = 1000  # know a standard deviation to 2.2 %
# of second order where 1 - FL is small, or products of two imaginary parts
BENT = ("S9", "P1", "P2", "P3")
FORMS = ("S-narrow", "P-narrow")


@pytest.fixture(scope="module")
def compared() -> tuple[Comparison, ...]:
    return compare(DRAWS)


def quantity(row: Comparison) -> str:
    return row.observable[1:].partition(">")[0]


@pytest.mark.slow
def test_errors_are_those_of_draws(compared: tuple[Comparison, ...]) -> None:
    ratios = {(row.observable, row.edges, row.point): row.ratio for row in compared if quantity(row) not in BENT}
    assert len(ratios) == 12 * 6 * 2 + 3 * 2
    # 10 %, and two standard deviations of what the draws know
    assert ratios == pytest.approx(dict.fromkeys(ratios, 1.0), rel=0, abs=0.145)


@pytest.mark.slow
def test_what_bends_is_small_beside_the_measurements(compared: tuple[Comparison, ...]) -> None:
    """The total error that a fit uses, theory and LHCb's with 8.4 fb^-1, is that with the draws to 5 %."""
    measured = {}
    for form in FORMS:
        data = fitlq.load_measurements(representations={"lhcb-b2kstmumu-2025": form})
        entry = data.entries[f"lhcb-b2kstmumu-2025-{form.lower()}"]
        for k, one in enumerate(entry.observables):
            error = sum((0.5 * (part.plus[k] + part.minus[k])) ** 2 for part in entry.data.errors) ** 0.5
            measured[one.name, one.args["q2min"], one.args["q2max"]] = error
    rows = [row for row in compared if quantity(row) in BENT and (row.observable, *row.edges) in measured]
    assert len(rows) == 4 * 5 * 2  # LHCb's first bin has other edges
    for row in rows:
        experiment = measured[(row.observable, *row.edges)]
        total = (experiment**2 + row.compiled**2) ** 0.5
        assert total == pytest.approx((experiment**2 + row.drawn**2) ** 0.5, rel=0.05, abs=0), row
