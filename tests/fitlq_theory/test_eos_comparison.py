"""The comparison with EOS where form factors are common."""

from __future__ import annotations

import pytest

from benchmarks.eos_comparison import NOT_COMMON, TOLERANCE, Row, compare, table
from benchmarks.validation_page import section


@pytest.fixture(scope="module")
def rows() -> tuple[Row, ...]:
    return compare()


def test_common_form_factors_give_common_numbers(rows: tuple[Row, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\n{table(rows)}")
    compared = [row for row in rows if row.observable not in NOT_COMMON]
    assert len(compared) == 77
    assert {
        (row.observable, row.point): row.adjusted_deviation for row in compared if abs(row.adjusted_deviation) > TOLERANCE
    } == {}
    # without the constants of EOS only these are beyond: alpha_e, C_L, quark masses, photons
    beyond = {row.observable for row in compared if abs(row.deviation) > TOLERANCE}
    assert beyond == {
        "BR(B+->Knunu)", "BR(B+->K*nunu)", "BR(B0->K*nunu)", "BR(Bs->phinunu)", "BR(Bs->mumu)", "BR(Bs->tautau)", "BR(Bs->ee)",
        "BR(K+->enu)", "BR(Bc->taunu)",
    }  # fmt: skip


def test_with_the_constants_of_eos_the_agreement_is_better(rows: tuple[Row, ...]) -> None:
    worst = max(abs(row.adjusted_deviation) for row in rows if row.observable not in NOT_COMMON)
    assert worst < 4e-3  # K -> l nu: S_EW of EOS is another one


def test_the_page_is_of_today(rows: tuple[Row, ...]) -> None:
    assert section("EOS").rstrip() == table(rows), "python -m benchmarks.eos_comparison --write"
