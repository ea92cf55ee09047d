"""The muon's anomalous magnetic moment against flavio 2.7.1 and by hand."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from fitlq_theory.inputs import load_inputs
from fitlq_theory.observables.muon_dipole import observables
from fitlq_theory.quadratic_forms import real_vector

REFERENCE = json.loads((Path(__file__).parent / "data" / "muon_dipole.json").read_text(encoding="utf-8"))
POINT = load_inputs("flavio-2.7.1").point()
(A_MU,) = observables(POINT)


def value(coefficient: complex) -> float:
    forms = A_MU.forms(POINT, {})
    x = real_vector(np.array([coefficient]))
    assert forms.powers == (1.0,)
    return float(x @ forms.quadratic[0] @ x)


@pytest.mark.parametrize("entry", REFERENCE["entries"], ids=lambda e: e["point"])
def test_against_flavio(entry: dict[str, Any]) -> None:
    (coefficient,) = A_MU.coefficients
    assert (coefficient.eft, coefficient.scale) == (entry["eft"], entry["scale"])
    found = value(complex(*entry["coefficients"].get(coefficient.name, (0.0, 0.0))))
    # a_mu itself is 1e-3; its change by new physics, 1e-9 to 1e-6, survives this tolerance to 1e-5 or better
    assert found == pytest.approx(entry["value"], rel=1e-13, abs=0)


def test_by_hand() -> None:
    # 1.1663788e-5 * 0.1056583755^2 / (sqrt 2 pi^2) = 9.32900e-9
    assert value(1.0) - value(0.0) == pytest.approx(9.32900e-9, rel=1e-5, abs=0)
    assert value(1.0) - value(0.0) == pytest.approx(1.1663788e-5 * 0.1056583755**2 / (math.sqrt(2) * math.pi**2), rel=1e-7, abs=0)


def test_standard_model_is_the_input() -> None:
    assert value(0.0) == POINT["a_mu SM"]


def test_only_the_real_part_counts() -> None:
    # the imaginary part is the electric dipole moment
    assert value(0.3 + 2.0j) == value(0.3)
