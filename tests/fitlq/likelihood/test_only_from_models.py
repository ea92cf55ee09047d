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
    model, name, entry = wet_model(["C9_bsmumu"]), "<dBR/dq2>(B+->Kmumu)", "lhcb-bp2kmumu-br-2014"
    data = load_measurements(as_of="2022-01-01", representations={entry: "narrow"})

    def bins(chosen=data, **options) -> set[tuple[float, float]]:
        found = Likelihood(model, chosen, **options).predictions.observables
        return {(a["q2min"], a["q2max"]) for one, a in found if one == name}

    # a process or a wildcard is no decision for its doubtful bins
    for chosen, options in ((data, {"observables": ["b2smumu_br"]}), (data.select("<dBR/dq2>(B+->Kmu*"), {})):
        usual = bins(chosen, **options)
        assert usual
        assert all(upper <= 7.0 or lower >= 14.0 for lower, upper in usual)
    for chosen, options in ((data, {"observables": [name]}), (data.select(name), {}), (data.select(entry), {})):
        assert (11.0, 11.8) in bins(chosen, **options)
