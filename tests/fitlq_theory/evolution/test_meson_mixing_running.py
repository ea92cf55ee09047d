"""Delta F = 2 running at next-to-leading order against the master formulae of hep-ph/0102316."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from fitlq_theory.contracts import Coefficient
from fitlq_theory.evolution import EvolutionInputs, compile_evolution, evolve
from fitlq_theory.evolution.meson_mixing_running import OPERATORS, correction, next_to_leading_running
from fitlq_theory.inputs import load_inputs
from fitlq_theory.qcd import alpha_strong

Real = NDArray[np.float64]

POINT = load_inputs().point()


def strong(scale: float, flavours: int) -> float:
    return alpha_strong(POINT, scale, flavours)


def inputs(order: str) -> EvolutionInputs:
    return EvolutionInputs.from_point(load_inputs("default", {"Delta F=2": order}).point())


def published_six_flavours(e: float) -> Real:
    """Coefficient of alpha_s(m_t)/(4 pi) in hep-ph/0102316, sections 3 and 4, with sigma = [gamma, gamma]/2.

    Read in a public implementation. Its 2-1 entry of SLL has a sign that contradicts its own formulae below m_t; left out.
    """
    a, b = e**-0.6916, e**0.7869
    left_right = e ** (-24 / 21)
    matrix = np.full((5, 5), np.nan)
    matrix[0, 0] = 1.3707 * (1 - e) * e ** (6 / 21)
    matrix[1, 1] = 0.9219 * left_right + e ** (3 / 21) * (-2.2194 + 1.2975 * e)
    matrix[1, 2] = 1.3828 * (e ** (24 / 21) - left_right)
    matrix[2, 1] = e ** (3 / 21) * (-10.1463 + 0.8650 * e) + left_right * (-6.4603 + 15.7415 * e)
    matrix[2, 2] = 0.9219 * e ** (24 / 21) + left_right * (9.6904 - 10.6122 * e)
    matrix[3, 3] = a * (5.6478 - 6.0350 * e) + b * (0.3272 + 0.06 * e)
    matrix[3, 4] = a * (10.7494 - 37.9209 * e) + b * (41.2556 - 14.0841 * e)
    matrix[4, 4] = a * (0.0865 + 0.3007 * e) + b * (-7.7870 + 7.3999 * e)
    return matrix


def published_below_the_top(x: float, y: float) -> Real:
    """The same for five (y) and four (x) flavours: coefficient of alpha_s(mu_low)/(4 pi), again without the 2-1 entry of LR."""

    def powers(first: float, second: float) -> float:
        return float(x**first * y**second)

    a, b = powers(-0.5810, -0.6315), powers(0.6610, 0.7184)
    c, d = powers(1.6610, -0.6315), powers(0.4190, 0.7184)
    left_right, mixed = powers(-24 / 25, -24 / 23), powers(28 / 25, -24 / 23)
    matrix = np.full((5, 5), np.nan)
    matrix[0, 0] = powers(6 / 25, 6 / 23) * (1.7917 - 0.1644 * x - 1.6273 * x * y)
    matrix[1, 1] = 0.9279 * left_right - 0.0029 * mixed + powers(3 / 25, 3 / 23) * (-2.0241 - 0.0753 * x + 1.1744 * x * y)
    matrix[1, 2] = -1.3918 * left_right + 0.0043 * mixed + 1.3875 * powers(28 / 25, 26 / 23)
    matrix[2, 2] = 0.0029 * mixed + 0.9250 * powers(28 / 25, 26 / 23) + left_right * (6.7052 + 1.2491 * x - 8.8822 * x * y)
    matrix[3, 3] = 0.0020 * c - 0.0334 * d + a * (4.2458 + 0.57 * x - 5.2272 * x * y) + b * (0.364 + 0.0064 * x + 0.0724 * x * y)
    matrix[4, 3] = -0.0011 * c - 0.0003 * d + b * (-0.0534 - 0.0034 * x - 0.038 * x * y)
    matrix[4, 3] += a * (0.0587 - 0.0045 * x + 0.0415 * x * y)
    matrix[4, 4] = -0.002 * c + 0.0334 * d + a * (0.1117 - 0.0086 * x + 0.3083 * x * y)
    matrix[4, 4] += b * (-6.7398 - 0.4249 * x + 6.7219 * x * y)
    return matrix


def first_order(low: float, high: float, couplings: dict[tuple[float, int], float], unit: float) -> Real:
    """The part of the running linear in alpha_s: all couplings scaled by a small number, by differences."""
    size = 1e-6
    small = next_to_leading_running(low, high, lambda scale, f: size * couplings[scale, f])
    smaller = next_to_leading_running(low, high, lambda scale, f: 0.5 * size * couplings[scale, f])
    sign = np.diag([1.0, 1.0, 1.0, 1.0, -1.0])  # to sigma = [gamma, gamma]/2
    return np.asarray(sign @ (small - smaller) @ sign / (0.5 * size * unit) * (4 * np.pi))


@pytest.mark.parametrize("ratio", [0.6, 0.8, 0.95])
def test_above_the_top_quark(ratio: float) -> None:
    found = first_order(165.0, 1000.0, {(1000.0, 6): 0.1 * ratio, (165.0, 6): 0.1}, 0.1)
    expected = published_six_flavours(ratio)
    known = np.isfinite(expected)
    # four digits are published
    assert found[known] == pytest.approx(expected[known], rel=2e-3, abs=2e-3)


@pytest.mark.parametrize(("x", "y"), [(0.75, 0.5), (0.9, 0.6)])
def test_below_the_top_quark(x: float, y: float) -> None:
    couplings = {(2.0, 4): 0.3, (4.2, 4): 0.3 * x, (4.2, 5): 0.3 * x, (165.0, 5): 0.3 * x * y}
    found = first_order(2.0, 165.0, couplings, 0.3)
    expected = published_below_the_top(x, y)
    known = np.isfinite(expected)
    assert found[known] == pytest.approx(expected[known], rel=2e-3, abs=2e-3)


def test_from_the_top_quark_to_the_bottom_quark() -> None:
    """Against a matrix made by the authors of flavio from the same paper (its test suite, version 2.7.1)."""
    expected = np.zeros((5, 5))
    expected[0, 0] = 0.83693251
    expected[1:3, 1:3] = [[0.91882327, -0.04335413], [-0.92932569, 2.31878868]]
    expected[3:, 3:] = [[1.68277548, -2.06605957], [0.00686759, 0.53745488]]
    # its strong coupling is not known; 2 % are 1 % of alpha_s(4.2 GeV)
    found = next_to_leading_running(4.2, 163.5, strong)
    assert found == pytest.approx(expected, rel=0.025, abs=0)


def test_leading_order_is_what_the_tables_contain() -> None:
    """Otherwise the correction would be wrong. The tables have QED, too: 1 % at most for down quarks, 5 % for up quarks."""
    for sector, low, theory, tolerance in (
        ("bsbs", 4.2, "WET", 0.015),
        ("sdsd", 2.0, "WET-3", 0.015),
        ("ucuc", 2.0, "WET-4", 0.05),
    ):
        leading = np.linalg.inv(correction(low, 91.1876, strong)) @ next_to_leading_running(low, 91.1876, strong)
        for k, operator in enumerate(OPERATORS):
            found = evolve(
                {f"{operator}_{sector}": 1.0}, scale=91.1876, to_scale=low, eft="WET", to_eft=theory, inputs=inputs("lo")
            )
            column = [np.real(found[f"{name}_{sector}"]) for name in OPERATORS]
            assert column == pytest.approx(leading[:, k], rel=tolerance, abs=0.003)


def test_order_is_a_choice() -> None:
    values = {"qq1_2323": 1e-12, "qd1_2323": 2e-12j, "dd_2323": 3e-13}
    low, high = (evolve(values, scale=2000.0, to_scale=4.2, inputs=inputs(order)) for order in ("lo", "nlo"))
    matrix = correction(4.2, 2000.0, strong)
    for names in (OPERATORS, ("CVRR", "CVLR", "CSLR", "CSRR", "CTRR")):
        leading = np.array([low[f"{name}_bsbs"] for name in names])
        assert np.array([high[f"{name}_bsbs"] for name in names]) == pytest.approx(matrix @ leading, rel=1e-6, abs=1e-24)
    others = [name for name in low if not name.endswith(("_bsbs", "_bdbd", "_sdsd", "_ucuc"))]
    assert [low[name] for name in others] == [high[name] for name in others]
    # 2 % for a left-handed current, 9 % for left-right scalars
    assert matrix[0, 0] == pytest.approx(1.018, abs=2e-3)
    assert matrix[2, 2] == pytest.approx(1.09, abs=0.01)


def test_correction_depends_on_the_high_scale_only_slowly() -> None:
    evolution = compile_evolution(
        ["qq1_2323"], [Coefficient("CVLL_bsbs", "WET", 4.2)], inputs=inputs("nlo"), scales=(1000.0, 5000.0)
    )
    leading = compile_evolution(
        ["qq1_2323"], [Coefficient("CVLL_bsbs", "WET", 4.2)], inputs=inputs("lo"), scales=(1000.0, 5000.0)
    )
    ratios = evolution.matrices[:, 0, 0] / leading.matrices[:, 0, 0]
    assert ratios == pytest.approx(1.018, abs=2e-3)
    assert np.all(np.diff(ratios) > 0)


def test_no_running_no_correction() -> None:
    assert correction(4.2, 4.2, strong) == pytest.approx(np.eye(5), rel=1e-6, abs=0)
    # below the charm quark the correction is frozen: alpha_s is not used there
    assert correction(0.8, 91.0, strong) == pytest.approx(correction(1.3, 91.0, strong), rel=1e-6, abs=0)
