"""What the tests of invisible decays share: numbers of an independent calculation, and how they are named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from fitlq_theory.invisible import (
    DARK_OPERATORS,
)

INDEPENDENT: dict[str, Any] = json.loads((Path(__file__).parent / "independent_calculation.json").read_text())
OPERATORS = st.sampled_from(sorted(DARK_OPERATORS))
_BILINEAR = {"density": "S", "current": "V", "tensor": "T"}


def quark_of(operator: str) -> str:
    """A quark bilinear that an operator can be contracted with."""
    return _BILINEAR[DARK_OPERATORS[operator].structure]


def split(key: str) -> tuple[str, str, float]:
    """Operator, quark bilinear and mass of a key of the independent calculation."""
    operator, mass = key.split(" m=")
    return operator, quark_of(operator), float(mass)
