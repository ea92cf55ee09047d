"""Running coupling and quark masses against flavio (RunDec), against the differential equation, and bad input."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fitlq_theory.errors import InputError, UnknownNameError
from fitlq_theory.inputs import load_inputs
from fitlq_theory.qcd import Quark, active_flavours, alpha_strong, pole_mass, running_mass, top_mass_msbar

REFERENCE = json.loads((Path(__file__).parent / "data" / "qcd.json").read_text(encoding="utf-8"))
POINT = load_inputs("flavio-2.7.1").point()
COUPLINGS = [(float(k.split(":")[0]), int(k.split(":")[1]), v) for k, v in REFERENCE["alpha_s"].items()]
MASSES = [
    (quark, float(key.split(":")[0]), int(key.split(":")[1]), value)
    for quark in "bcsdu"
    for key, value in REFERENCE[f"m_{quark}"].items()
]


@pytest.mark.parametrize("name", sorted(REFERENCE["inputs"]))
def test_reference_and_inputs_start_from_the_same_numbers(name: str) -> None:
    assert POINT[name] == pytest.approx(REFERENCE["inputs"][name], rel=1e-12, abs=0)


@pytest.mark.parametrize(("scale", "flavours", "expected"), COUPLINGS)
def test_coupling_is_that_of_flavio(scale: float, flavours: int, expected: float) -> None:
    # both integrate the same three-loop equation: only the step size of the integrators differs
    assert alpha_strong(POINT, scale, flavours) == pytest.approx(expected, rel=1e-8, abs=0)


@pytest.mark.parametrize(("quark", "scale", "flavours", "expected"), MASSES)
def test_mass_is_that_of_flavio(quark: Quark, scale: float, flavours: int, expected: float) -> None:
    # light quarks cross the charm threshold, where RunDec truncates the decoupling of masses a little differently (1e-5)
    assert running_mass(POINT, quark, scale, flavours) == pytest.approx(expected, rel=2e-5, abs=0)


def test_top_mass() -> None:
    # flavio expands m/M with six light flavours instead of five (2.1e-3 higher); M/m is expanded here (2.2e-3 higher):
    # the agreement is better than either series
    assert top_mass_msbar(POINT) == pytest.approx(REFERENCE["m_t(m_t)"], rel=2e-4, abs=0)
    # at three loops, hand calculation with alpha_s(m_t) = 0.1088: m = M / (1 + 0.04618 + 0.00988 + 0.00306)
    assert top_mass_msbar(POINT) == pytest.approx(172.5 / 1.05912, rel=1e-4, abs=0)
    assert running_mass(POINT, "t", top_mass_msbar(POINT)) == pytest.approx(top_mass_msbar(POINT), rel=1e-12, abs=0)


def test_pole_masses() -> None:
    # flavio 2.7.1 (RunDec, two loops): the coefficients have six digits
    assert pole_mass(POINT, "b") == pytest.approx(4.797412100434, rel=1e-6, abs=0)
    assert pole_mass(POINT, "c") == pytest.approx(1.683648130388, rel=1e-5, abs=0)


@pytest.mark.parametrize(("scale", "flavours"), [(1.5, 3), (2.0, 4), (4.8, 5), (91.0, 5), (500.0, 6)])
def test_coupling_obeys_its_equation(scale: float, flavours: int) -> None:
    step = 1e-4
    up, down = (alpha_strong(POINT, scale * math.exp(sign * step), flavours) / math.pi for sign in (1, -1))
    a = alpha_strong(POINT, scale, flavours) / math.pi
    # MSbar beta function, PDG review of QCD: b0 = 11 - 2 n/3 etc., here for a = alpha_s / pi and d/d ln mu^2
    b0 = (33 - 2 * flavours) / 12
    b1 = (153 - 19 * flavours) / 24
    b2 = (77139 - 15099 * flavours + 325 * flavours**2) / 3456
    expected = -(a**2) * (b0 + b1 * a + b2 * a**2)
    assert (up - down) / (4 * step) == pytest.approx(expected, rel=1e-6, abs=0)


@pytest.mark.parametrize(("quark", "scale", "flavours"), [("s", 2.5, 3), ("c", 3.0, 4), ("b", 10.0, 5), ("t", 400.0, 6)])
def test_mass_obeys_its_equation(quark: Quark, scale: float, flavours: int) -> None:
    step = 1e-4
    up, down = (math.log(running_mass(POINT, quark, scale * math.exp(sign * step), flavours)) for sign in (1, -1))
    a = alpha_strong(POINT, scale, flavours) / math.pi
    g1 = 202 / 48 - 20 * flavours / 144
    g2 = (1249 - (2216 / 27 + 160 / 3 * 1.2020569031595942) * flavours - 140 / 81 * flavours**2) / 64
    expected = -a * (1 + g1 * a + g2 * a**2)
    # the closed form drops a^3 relative to the leading term: 10 a^3 is a generous bound on what is dropped
    assert (up - down) / (4 * step) == pytest.approx(expected, rel=10 * a**3, abs=0)


@settings(max_examples=25, deadline=None)
@given(st.floats(1.0, 2000.0), st.floats(1.01, 3.0))
def test_coupling_and_masses_fall(scale: float, factor: float) -> None:
    assert alpha_strong(POINT, scale * factor, 5) < alpha_strong(POINT, scale, 5)
    assert running_mass(POINT, "s", scale * factor, 5) < running_mass(POINT, "s", scale, 5)


def test_light_quark_masses_run_alike() -> None:
    strange, down = (running_mass(POINT, quark, 4.8) for quark in ("s", "d"))  # type: ignore[arg-type]
    assert strange / down == pytest.approx(POINT["m_s"] / POINT["m_d"], rel=1e-12, abs=0)


def test_default_number_of_flavours() -> None:
    assert [active_flavours(scale) for scale in (1.0, 2.0, 4.2, 4.8, 200.0)] == [3, 4, 5, 5, 6]
    assert alpha_strong(POINT, 4.8) == alpha_strong(POINT, 4.8, 5)
    # never without the quark itself
    assert running_mass(POINT, "b", 3.0) == running_mass(POINT, "b", 3.0, 5)


def test_inputs_read_are_recorded_also_for_remembered_results() -> None:
    point = load_inputs("flavio-2.7.1").point()
    for _ in range(2):
        _, reads = point.reads_of(lambda p: running_mass(p, "b", 10.0))
        assert reads == {"m_b", "alpha_s", "m_Z"}


@pytest.mark.parametrize("scale", [0.5, -1.0, 0.0, math.nan, math.inf])
def test_impossible_scale(scale: float) -> None:
    with pytest.raises(InputError, match="from 1 GeV upwards"):
        alpha_strong(POINT, scale, 5)
    with pytest.raises(InputError, match="from 1 GeV upwards"):
        running_mass(POINT, "b", scale)


def test_impossible_flavours() -> None:
    with pytest.raises(InputError, match="allowed are 3 to 6"):
        alpha_strong(POINT, 10.0, 7)
    with pytest.raises(InputError, match="needs at least 5 flavours"):
        running_mass(POINT, "b", 3.0, 4)
    with pytest.raises(UnknownNameError, match="quark flavour"):
        running_mass(POINT, "x", 3.0)  # type: ignore[arg-type]
