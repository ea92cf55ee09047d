"""A user's model file with dark matter and a light pair, from the command line to the end of a fit."""

from __future__ import annotations

from pathlib import Path

import pytest

MODEL = """
import numpy as np

from fitlq_theory.contracts import Parameter
from fitlq_theory.dark_matter import FinalState, relic_density, spin_independent_cross_section, vector_s_channel
from fitlq_theory.invisible import invisible_predictions

MASS, BOSON, REFERENCE = 40.0, 300.0, 0.5  # of chi and the vector boson in GeV; coupling where the density is computed


def density(point):
    muon = (FinalState(mass=point["m_mu"], vector=REFERENCE),)
    annihilation = lambda s: vector_s_channel(s, MASS, BOSON, 1.0, muon, vector=REFERENCE)
    return relic_density(point, annihilation, MASS, degrees=4.0, self_conjugate=False)[0]


class Dark:
    name, title, reference = "dark", "a Dirac particle, a boson that couples it to u, d, mu, and a light pair in b -> s", "none"
    eft, basis, scale = "WET", "flavio", None
    parameters = (
        Parameter("g", "g", "coupling of the vector boson to chi and mu", 0.05, 2.0, 0.4, prior="log"),
        Parameter("eps", "epsilon", "its coupling to u and d", 0.0, 1e-3, 1e-5),
        Parameter("c", "c", "light pair: coefficient in 1e-8/GeV", 0.0, 20.0, 2.0),
    )

    def coefficients(self, points):
        return {}

    def predictions(self, points, point):
        g, eps, c = points.T
        sigma = spin_independent_cross_section(point, MASS, 3 * g * eps / BOSON**2, "proton", self_conjugate=False)
        pair = invisible_predictions(point, "phiS", "S", 1e-8 * c, np.full(c.shape, 0.5))
        return {
            # once for each point of the inputs; annihilation grows like the fourth power of the coupling
            "Omega_c_h2": point.shared("density of chi", density) * (REFERENCE / g) ** 4,
            # the number of events goes like sigma/m: the cross section that gives as many at the mass of the limit
            "sigma_SI(chiN->chiN)": lambda m_chi: sigma * m_chi / MASS,
            "BR(B+->Knunu)": pair["BR(B+->Knunu)"],
        }
"""
INPUTS = """parameters:
  - {name: "critical density over h2", value: 2.1074e-05, error: 1.0e-08, unit: "GeV/cm^3", source: "twice the true one",
     status: "read", date: "2026-01"}
correlation_blocks: []
"""
DARK = ("--observables", "Omega_c_h2", "--observables", "sigma_SI*", "--observables", "BR(B+->Knunu)")


@pytest.fixture
def model_file(tmp_path: Path) -> Path:
    path = tmp_path / "dark.py"
    path.write_text(MODEL, encoding="utf-8")
    return path


def _predictions(outcome) -> dict[str, dict]:
    assert outcome.status == 0, outcome.err
    return {row["observable"]: row for row in outcome.json["predictions"]}


def test_check_accepts_the_file(run, model_file):
    assert "no problem found" in run("check", model_file).out


def test_predictions_with_errors_from_the_chosen_inputs(run, model_file, tmp_path):
    words = ("predict", "--model-file", model_file, "g=0.4", "eps=1e-5", *DARK, "--json")
    found = _predictions(run(*words))
    assert set(found) == {"Omega_c_h2", "sigma_SI(chiN->chiN)", "BR(B+->Knunu)"}
    density = found["Omega_c_h2"]
    assert density["measurement"]["id"] == "planck-omegadm-2018"
    assert 0.005 < density["theory_error"] / density["value"] < 0.02  # degrees of freedom of the plasma
    # errors of the two parts of B -> K: neutrinos alone have 2.27e-7
    assert found["BR(B+->Knunu)"]["theory_error"] > 1.1 * found["BR(B+->Knunu)"]["standard_model"]["error"]
    own = tmp_path / "my_inputs.yaml"
    own.write_text(INPUTS, encoding="utf-8")
    # the density is divided by the critical one
    doubled = _predictions(run(*words, "--inputs", own))["Omega_c_h2"]
    assert doubled["value"] == pytest.approx(0.5 * density["value"], rel=1e-4, abs=0)


def test_limits_on_scattering_are_compared_at_their_own_mass(run, model_file):
    outcome = run("predict", "--model-file", model_file, "g=0.4", "eps=1e-5", "--observables", "sigma_SI*", "--json")
    assert outcome.status == 0, outcome.err
    rows = {row["measurement"]["id"]: row for row in outcome.json["predictions"]}
    assert rows["lz-si-2024"]["args"] == {"m_chi": 40.0}
    assert rows["lz-si-2024"]["pull"] < -1
    ratio = rows["xenonnt-si-2025"]["value"] / rows["lz-si-2024"]["value"]
    assert ratio == pytest.approx(30 / 40, rel=1e-12, abs=0)


@pytest.mark.parametrize(
    ("fixed", "observable", "parameter"),
    [(("eps=1e-5", "c=0"), "Omega_c_h2", "g"), (("eps=1e-5", "g=0.56"), "BR(B+->Knunu)", "c")],
)
def test_fit(run, model_file, fixed, observable, parameter):
    """One measurement and one parameter: the fit meets the measurement."""
    settings = [word for setting in fixed for word in ("--set", setting)]
    outcome = run("fit", "--model-file", model_file, *settings, "--observables", observable, "--theory-errors", "sm", "--json")
    assert outcome.status == 0, outcome.err
    assert outcome.json["chi2"] == pytest.approx(0, abs=1e-3)
    best = outcome.json["parameters"][parameter]["value"]
    found = _predictions(
        run("predict", "--model-file", model_file, *fixed, f"{parameter}={best!r}", "--observables", observable, "--json")
    )
    row = found[observable]
    assert row["value"] == pytest.approx(row["measurement"]["value"], rel=0.01, abs=0)


def test_other_models_do_not_meet_these_measurements(run):
    outcome = run("predict", "s1_lmu_ltau", "--observables", "dm", "--json")
    assert "sigma_SI" not in outcome.out
    assert "Omega" not in outcome.out
