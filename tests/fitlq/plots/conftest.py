from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest


@dataclass
class Samples:
    """A posterior made by hand."""

    parameters: tuple[str, ...]
    points: np.ndarray

    def samples(self, discard=None, thin=None) -> np.ndarray:
        return self.points


@dataclass
class OnePull:
    id: str
    observable: str
    pull: float
    args: dict[str, Any] = field(default_factory=dict)

    @property
    def chi2(self) -> float:
        return self.pull**2


@pytest.fixture
def posterior():
    generator = np.random.default_rng(5)
    points = generator.multivariate_normal([0.0, 1.0], [[1.0, 0.6], [0.6, 1.0]], 4000)
    return Samples(("yL2", "gZp"), points * [1.0, 1e-4])


@pytest.fixture
def fit():
    standard = [OnePull("a", "R(D)", 2.0), OnePull("b", "R(D*)", -3.0, {"q2min": 4.0, "q2max": 6.0}), OnePull("c", "x", 0.1)]
    best = [OnePull("a", "R(D)", 0.5), OnePull("b", "R(D*)", -1.0, {"q2min": 4.0, "q2max": 6.0}), OnePull("c", "x", 0.2)]
    entries = [
        SimpleNamespace(id=name, experiment=experiment, process="toy")
        for name, experiment in (("a", ("One",)), ("b", ("Two",)), ("c", ("One",)))
    ]
    data = [SimpleNamespace(entry=entry) for entry in entries]
    return SimpleNamespace(pulls=best, likelihood=SimpleNamespace(sm_pulls=standard, data=data))
