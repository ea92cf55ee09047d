from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from fitlq_theory.ckm import ckm_matrix
from fitlq_theory.evolution import EvolutionInputs

DATA = Path(__file__).parent / "data"


def reference(name: str) -> dict[str, Any]:
    """A reference file: numbers of wilson with the inputs they were made with."""
    return json.loads((DATA / name).read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def inputs_like(numbers: dict[str, float]) -> EvolutionInputs:
    """Our inputs set to those of wilson: alpha_e fixed, weak angle from G_F, alpha_e and m_W at tree level."""
    ckm = ckm_matrix(numbers["Vus"], numbers["Vub"], numbers["Vcb"], numbers["gamma"])
    sin2_weak = math.pi * numbers["alpha_e"] / (math.sqrt(2) * numbers["GF"] * numbers["m_W"] ** 2)
    return EvolutionInputs(ckm, numbers["GF"], sin2_weak, lambda _: numbers["alpha_e"])


@pytest.fixture(scope="package")
def wilson_inputs() -> EvolutionInputs:
    return inputs_like(reference("wilson_matching.json")["inputs"])
