"""Z pole and D mixing: the forms of one data set describe the same thing, so each can be computed from the others."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pytest

from fitlq.measurements import Entry, GaussianData, load_measurements

TAU_OVER_Z = 1.777 / 91.19


def _numbers(entry: Entry) -> dict[str, float]:
    assert isinstance(entry.data, GaussianData)
    return dict(zip((o.name for o in entry.observables), entry.data.central.tolist(), strict=True))


def _covariance(entry: Entry) -> np.ndarray:
    assert isinstance(entry.data, GaussianData)
    return entry.data.covariance(np.ones(len(entry.observables)))


@pytest.mark.parametrize(("day", "used"), [("2015", "lep-9par-2005"), ("2026-11-20", "lep-sld-zpole-2019")])
def test_one_form_of_the_lineshape_is_used_and_never_the_universal_one_unasked(day: str, used: str) -> None:
    forms = {"lep-9par-2005", "lep-universal-2005", "lep-gammaz-lept-2005", "lep-sld-zpole-2019"}
    for policy in ("average", "individual"):
        assert forms & set(load_measurements(as_of=day, policy=policy).ids) == {used}
    asked = load_measurements(as_of="2026-11-20", representations={"lep-zpole": "universal-2005"})
    assert forms & set(asked.ids) == {"lep-universal-2005"}


def test_partial_widths_follow_from_the_lineshape(shipped: Mapping[str, Entry]) -> None:
    z = _numbers(shipped["lep-9par-2005"])
    hadrons = np.sqrt(z["sigma_had"] * z["m_Z"] ** 2 * z["GammaZ"] ** 2 * z["R_e"] / (12 * np.pi))
    leptons = {f"Gamma(Z->{name})": hadrons / z[f"R_{short}"] for name, short in [("ee", "e"), ("mumu", "mu"), ("tautau", "tau")]}
    neutrinos = (z["GammaZ"] - hadrons - sum(leptons.values())) / 3
    widths = _numbers(shipped["lep-gammaz-lept-2005"])
    # the last digit given is 0.01 MeV for leptons, 0.1 MeV for neutrinos
    assert {name: widths[name] for name in leptons} == pytest.approx(leptons, rel=0, abs=0.006e-3)
    assert widths["Gamma(Z->nunu)"] == pytest.approx(neutrinos, rel=0, abs=0.06e-3)


def test_universal_fit_follows_from_the_one_without_universality(shipped: Mapping[str, Entry]) -> None:
    """Least squares of nine numbers by five, the mass of the tau being the only difference of the leptons."""
    nine, five = shipped["lep-9par-2005"], shipped["lep-universal-2005"]
    design = np.zeros((9, 5))
    design[[0, 1, 2], [0, 1, 2]] = 1.0
    # axial coupling dominates: the rate to taus is reduced by 6 m_tau^2 / m_Z^2
    design[3:6, 3] = [1.0, 1.0, 1.0 + 6 * TAU_OVER_Z**2]
    design[6:9, 4] = 1.0
    weight = np.linalg.inv(_covariance(nine))
    covariance = np.linalg.inv(design.T @ weight @ design)
    fitted = covariance @ design.T @ weight @ np.array(list(_numbers(nine).values()))
    published = _covariance(five)
    errors, found = np.sqrt(np.diagonal(published)), np.sqrt(np.diagonal(covariance))
    # values and errors are rounded to a tenth of an error, correlations to 0.001
    np.testing.assert_allclose((fitted - list(_numbers(five).values())) / errors, 0.0, rtol=0, atol=0.1)
    np.testing.assert_allclose(found, errors, rtol=0.05, atol=0)
    np.testing.assert_allclose(covariance / np.outer(found, found), published / np.outer(errors, errors), rtol=0, atol=0.002)


def test_cross_section_in_nb_is_that_of_flavio_in_gev(shipped: Mapping[str, Entry]) -> None:
    # flavio 2.7.1, block LEP-SLD: 1065.14(84)e-7 GeV^-2, six and two digits
    data = shipped["lep-sld-zpole-2019"].data
    assert isinstance(data, GaussianData)
    assert data.central[1] == pytest.approx(1065.14e-7, rel=1e-5, abs=0)
    assert data.plus[1] == pytest.approx(0.84e-7, rel=1e-2, abs=0)


def test_the_two_forms_of_charm_mixing_are_one_fit(shipped: Mapping[str, Entry]) -> None:
    """|q/p| and phi from the amplitudes, in the conventions of HFLAV; both are rounded best-fit values."""
    xy, amplitudes = _numbers(shipped["hflav-dmix-ckm25"]), _numbers(shipped["hflav-dmix-ckm25-theory"])
    x12, y12, m, gamma = amplitudes.values()
    mixed = 2 * x12 * y12 * np.sin(m - gamma)
    ratio = ((x12**2 + y12**2 + mixed) / (x12**2 + y12**2 - mixed)) ** 0.25
    assert xy["q/p_D"] == pytest.approx(ratio, rel=0, abs=0.001)
    numerator = x12**2 * np.sin(2 * m) + y12**2 * np.sin(2 * gamma)
    phi = -0.5 * np.arctan2(numerator, x12**2 * np.cos(2 * m) + y12**2 * np.cos(2 * gamma))
    # 10 % of its error of 1.05 degrees
    assert xy["phi_D"] == pytest.approx(phi, rel=0, abs=np.radians(0.1))


def test_phases_are_in_radians(shipped: Mapping[str, Entry]) -> None:
    data = shipped["hflav-dmix-ckm25"].data
    assert isinstance(data, GaussianData)
    assert data.central[3] == pytest.approx(np.radians(-1.51), rel=1e-14, abs=0)
    assert data.minus[3] == pytest.approx(np.radians(1.06), rel=1e-14, abs=0)
