"""Values as papers print them. The numbers are decimals, so they must come out to the last digit (tolerance zero)."""

from __future__ import annotations

import pytest

from fitlq.importing.constraint_text import parse_value
from fitlq.importing.pieces import Limit, NotExpressible, Number


@pytest.mark.parametrize(
    ("text", "central", "errors"),
    [
        ("0.262 +0.041 -0.039 ± 0.02", 0.262, [(0.041, 0.039), (0.02, 0.02)]),
        ("(5.3 ± 2.0 ± 0.9) e-7", 5.3e-7, [(2e-7, 2e-7), (9e-8, 9e-8)]),
        ("3 ± 1 e-8", 3e-8, [(1e-8, 1e-8)]),
        ("1(2) e-7", 1e-7, [(2e-7, 2e-7)]),
        ("3.334(13)e-13", 3.334e-13, [(1.3e-15, 1.3e-15)]),
        ("1.67(3)(0.5) 1e-3", 1.67e-3, [(3e-5, 3e-5), (5e-4, 5e-4)]),
        ("-0.12 -0.03 +0.04", -0.12, [(0.04, 0.03)]),
        ("−1.2 \\pm 0.3", -1.2, [(0.3, 0.3)]),
        ("1.2 +- 0.3 +- 0.1", 1.2, [(0.3, 0.3), (0.1, 0.1)]),
        ("1.2 +/- 0.3", 1.2, [(0.3, 0.3)]),
        ("7 ± 3 x 10^-3", 7e-3, [(3e-3, 3e-3)]),
        ("7 ± 3 * 10**(-3)", 7e-3, [(3e-3, 3e-3)]),
        ("3.0±1. e-5", 3e-5, [(1e-5, 1e-5)]),
        ("12 ± 3 1e+3", 12000.0, [(3000.0, 3000.0)]),
        (".5 ± .1", 0.5, [(0.1, 0.1)]),
    ],
)
def test_values_with_errors(text: str, central: float, errors: list[tuple[float, float]]) -> None:
    assert parse_value(text) == Number(central, tuple(errors))


@pytest.mark.parametrize(
    ("text", "upper", "cl"),
    [("< 1.2e-8 @ 90% CL", 1.2e-8, 0.9), ("<4.3E-12@95 % C.L.", 4.3e-12, 0.95), ("< 0.1 @ 99.7% CL", 0.1, 0.997)],
)
def test_limits(text: str, upper: float, cl: float) -> None:
    assert parse_value(text) == Limit(upper, cl)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("3.5", "no error"),
        ("[1, 5] e-3", "range"),
        ("1.67 */ 1.5", "factor"),
        ("> 3 @ 90% CL", "cannot be read"),
        ("(1.2 ± 0.3", "cannot be read"),
        ("1.2 ± 0.3 GeV", "cannot be read"),
        ("1e-5 ± 1e-6", "cannot be read"),
        ("", "cannot be read"),
    ],
)
def test_what_the_schema_has_no_form_for(text: str, reason: str) -> None:
    with pytest.raises(NotExpressible, match=reason):
        parse_value(text)
