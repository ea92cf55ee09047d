"""Observables that only models predict: in the likelihood of those that do, left out of all others."""

from __future__ import annotations

import numpy as np
import pytest

from fitlq.likelihood import Likelihood
from fitlq.measurements import load_measurements
from fitlq_theory.contracts import Parameter
from fitlq_theory.models import wet_model


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


def test_bins_among_the_charm_resonances_are_used_only_by_name():
    data, model = load_measurements(as_of="2022-01-01"), wet_model(["C9_bsmumu"])
    doubtful = {"name": "<dBR/dq2>(B+->Kmumu)", "q2min": 11.0, "q2max": 11.8}

    def bins(**options) -> set[tuple[float, float]]:
        chosen = Likelihood(model, data, **options).predictions.observables
        return {(a["q2min"], a["q2max"]) for name, a in chosen if name == doubtful["name"]}

    by_default = bins(exclude=["b2smumu_ang*"])
    assert by_default
    assert all(upper <= 6.0 or lower >= 14.0 for lower, upper in by_default)
    assert (doubtful["q2min"], doubtful["q2max"]) in bins(observables=[doubtful["name"]])
