"""The public face gives the numbers that the reference tables and the documentation state."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import fitlq

DATA = Path(__file__).parents[1] / "fitlq_theory" / "observables" / "data"
KAONS = json.loads((DATA / "kaon_to_pion_neutrinos.json").read_text(encoding="utf-8"))["entries"]


@pytest.mark.parametrize("entry", KAONS, ids=lambda e: f"{e['observable']} {e['point']}")
def test_predict_meets_flavio(entry: dict[str, object]) -> None:
    """All points of K -> pi nu nu in one call each, with names and complex values as a user gives them."""
    name = str(entry["observable"])
    wilson = {coefficient: complex(*value) for coefficient, value in entry["coefficients"].items()}  # type: ignore[attr-defined]
    found = fitlq.predict([name], wilson=wilson, inputs="flavio-2.7.1")[0, 0]
    standard = fitlq.predict([name], inputs="flavio-2.7.1")[0, 0]
    # 1e-5: thresholds of the electromagnetic coupling
    assert found == pytest.approx(entry["value"], rel=0, abs=1e-5 * max(abs(found), standard))


def test_worked_example_of_the_conventions() -> None:
    found = fitlq.evolve({"lq1_3323": 1e-8}, scale=2000.0, to_scale=4.8)["CL_bsnutaunutau"]
    assert found == pytest.approx(-6.05 - 0.11j, rel=0, abs=0.005)  # the digits printed there


def test_sign_and_size_of_a_vector_coefficient() -> None:
    """docs/conventions.md: C_VL = +0.1 raises R(D) and R(D*) by about 21 %."""
    ratio = fitlq.predict(["R(D)", "R(D*)"], wilson={"CVL_bctaunutau": 0.1}) / fitlq.predict(["R(D)", "R(D*)"])
    assert ratio[0] == pytest.approx([1.21, 1.21], rel=0, abs=0.005)
