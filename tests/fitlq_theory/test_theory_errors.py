"""Theory errors of every process against draws of all inputs; at the inputs of flavio against its spreads."""

from __future__ import annotations

import pytest

from benchmarks.theory_errors import (
    DRAWN_EXCEPTIONS,
    DRAWN_TOLERANCE,
    SLOW,
    SPREAD_EXCEPTIONS,
    SPREAD_TOLERANCE,
    Spread,
    drawn_errors,
    drawn_table,
    spread_table,
    spreads,
)
from benchmarks.validation_page import section
from fitlq_theory.inputs import load_inputs
from fitlq_theory.observables import load_registry

# no input they read has an error: the Fermi constant, and what only models predict
CERTAIN = {"muonium_conversion", "dark_sector"}
# what 300 draws know of a standard deviation
STATISTICAL = 0.04


@pytest.mark.slow
@pytest.mark.parametrize("process", [process for process in load_registry().titles if process not in SLOW])
def test_errors_are_those_of_draws(process: str, capsys: pytest.CaptureFixture[str]) -> None:
    rows = drawn_errors(process)
    with capsys.disabled():
        print(f"\n{drawn_table({process: rows}).splitlines()[-1]}", end="")
    assert bool(rows) is (process not in CERTAIN)
    usual = {row.observable: row.ratio for row in rows if row.observable not in DRAWN_EXCEPTIONS}
    assert usual == pytest.approx(dict.fromkeys(usual, 1.0), rel=0, abs=DRAWN_TOLERANCE + STATISTICAL)
    assert f"| {process} |" in section("draws"), "python -m benchmarks.theory_errors --write"


def test_exceptions_are_exceptions() -> None:
    ratios = {row.observable: row.ratio for row in drawn_errors("charm_mixing", 400)}
    assert set(ratios) >= set(DRAWN_EXCEPTIONS)
    assert {name for name in DRAWN_EXCEPTIONS if abs(ratios[name] - 1) < 0.1} == set()  # folded: 1.18(4)


@pytest.fixture(scope="module")
def found() -> tuple[Spread, ...]:
    return spreads()


def test_spreads_of_flavio_at_its_inputs(found: tuple[Spread, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\n{spread_table(found)}")
    assert len(found) == 165
    usual = {row.observable: row.ratio for row in found if row.observable not in SPREAD_EXCEPTIONS}
    assert usual == pytest.approx(dict.fromkeys(usual, 1.0), rel=0, abs=SPREAD_TOLERANCE)
    outside = {row.observable for row in found if abs(row.ratio - 1) > SPREAD_TOLERANCE}
    assert outside == set(SPREAD_EXCEPTIONS)
    assert section("spreads").rstrip() == spread_table(found), "python -m benchmarks.theory_errors --write"


def test_with_the_heavy_quark_expansion_too() -> None:
    rows = drawn_errors("b_to_c_lepton_neutrino", 60, load_inputs("default", {"b->c": "hqet"}))
    # 60 draws know a standard deviation to 9 %
    assert {row.observable: row.ratio for row in rows} == pytest.approx({row.observable: 1.0 for row in rows}, rel=0, abs=0.3)
