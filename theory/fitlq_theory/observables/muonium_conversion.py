"""Probability that muonium decays as antimuonium: no Wilson coefficient of the basis contributes, models add it directly."""

from __future__ import annotations

import numpy as np

from fitlq_theory.contracts import Arguments, Forms, Observable
from fitlq_theory.parameter_point import ParameterPoint

__all__ = ["observables"]


def observables(_point: ParameterPoint) -> tuple[Observable, ...]:
    """P(Mu->Mubar) in the field of MACS, zero unless a model adds to it."""
    return (
        Observable(
            name="P(Mu->Mubar)",
            tex=r"P(M\to\bar M)",
            description=(
                "Probability that muonium (mu+ e-) decays as antimuonium; zero unless the model predicts it "
                "(fitlq_theory.muonium), since the basis has no coefficient for it"
            ),
            coefficients=(),
            forms=_nothing,
            reference="fitlq_theory.muonium; experiment arXiv:hep-ex/9807011",
        ),
    )


def _nothing(_point: ParameterPoint, _arguments: Arguments) -> Forms:
    return Forms(np.zeros((1, 1, 1)))
