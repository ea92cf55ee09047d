"""Observables that only models predict: in the likelihood of those that do, left out of all others."""

from __future__ import annotations

import numpy as np
import pytest

from fitlq.likelihood import Likelihood
from fitlq.measurements import load_measurements
from fitlq_theory.contracts import Parameter


class DarkMatter:
    name, title, reference, eft, basis, scale = "dark_matter", "", "", "WET", "flavio", None
    parameters = (Parameter("omega", "\\Omega", "density", 0.01, 1.0, 0.1),)

    def coefficients(self, points):
        return {}

    def predictions(self, points):
        return {"Omega_DM_h2": points[:, 0]}  # an alias


def _names(likelihood: Likelihood) -> set[str]:
    return {name for name, _ in likelihood.predictions.observables}


def test_the_density_of_dark_matter_is_a_term_where_a_model_predicts_it():
    likelihood = Likelihood(DarkMatter(), load_measurements(), observables=["Omega_c_h2"])
    assert _names(likelihood) == {"Omega_c_h2"}
    # 0.120 +- 0.001
    assert likelihood.chi2(np.array([[0.123]])) == pytest.approx(9.0, rel=1e-6, abs=0)


def test_the_density_of_dark_matter_is_left_out_otherwise():
    names = _names(Likelihood("s1_lmu_ltau", load_measurements()))
    assert "BR(B+->Knunu)" in names or "BR(B0->Knunu)" in names
    assert not names & {"Omega_c_h2", "BR(Bs->invisible)"}
