"""Decays l -> l' nu nu: the rate by integration over phase space, and the Fermi constant with new physics in muon decay."""

from __future__ import annotations

import numpy as np
import pytest

from fitlq_theory.contracts import Observable
from fitlq_theory.inputs import load_inputs
from fitlq_theory.observables.fermi_constant import (
    MUON_DECAY,
    interference_factor,
    muon_decay_forms,
    neutrino_channels,
    with_measured_fermi_constant,
)
from fitlq_theory.observables.light_meson_leptonic import observables as light_mesons
from fitlq_theory.observables.tau_lepton_decays import observables as tau_decays
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.quadratic_forms import real_vector
from fitlq_theory.wilson_coefficients import coefficient_names
from tests.fitlq_theory.observables.form_values import value as value_at


@pytest.fixture(scope="module")
def point() -> ParameterPoint:
    return load_inputs().point()


@pytest.fixture(scope="module")
def by_name(point: ParameterPoint) -> dict[str, Observable]:
    return {o.name: o for o in (*light_mesons(point), *tau_decays(point))}


def predict(observable: Observable, point: ParameterPoint, coefficients: dict[str, complex]) -> float:
    return value_at(observable, point, coefficients)


def integrated(x: float) -> tuple[float, float]:
    """Coefficients of |L|^2 and of Re(L R*) from the squared matrix element, integrated over the mass of the neutrino pair.

    The pair of massless neutrinos gives Q^a Q^b - Q^2 g^ab. Its contraction with the trace of the charged leptons is
    2 [2 (p.Q)(k.Q) + Q^2 p.k] for |L|^2 and for |R|^2, and -12 m m' Q^2 Re(L R*) for the interference.
    """
    end = (1 - np.sqrt(x)) ** 2
    nodes, weights = np.polynomial.legendre.leggauss(200)
    # Q^2 = end (1 - u^2): no root at the end point
    u, w = 0.5 * (nodes + 1), 0.5 * weights
    q2, jacobian = end * (1 - u**2), 2 * end * u * w
    momentum = np.sqrt(np.maximum((1 - x) ** 2 + q2**2 - 2 * q2 * (1 + x), 0.0))
    product, parent, daughter = (1 + x - q2) / 2, (1 - x + q2) / 2, (1 - x - q2) / 2
    square = 2 * (2 * parent * daughter + q2 * product)
    return float(np.sum(jacobian * momentum * square)), float(np.sum(jacobian * momentum * -12 * np.sqrt(x) * q2))


@pytest.mark.parametrize("ratio", [0.01, 0.0594623, 0.3])
def test_interference_by_integration(ratio: float) -> None:
    x = ratio**2
    square, interference = integrated(x)
    assert interference_factor(x) == pytest.approx(-interference / square, rel=1e-6, abs=0)
    phase_space = 1 - 8 * x + 8 * x**3 - x**4 - 12 * x**2 * np.log(x)
    # normalisation: the same integral at x = 0 is 1
    assert square / integrated(1e-12)[0] == pytest.approx(phase_space, rel=1e-5, abs=0)


def test_interference_vanishes_for_massless_leptons() -> None:
    assert interference_factor(1e-8) == pytest.approx(4e-4, rel=1e-3, abs=0)


@pytest.mark.parametrize(("heavy", "light", "eft"), [("mu", "e", "WET-3"), ("tau", "mu", "WET-4"), ("tau", "e", "WET-4")])
def test_channels_are_names_of_the_basis(heavy: str, light: str, eft: str) -> None:
    labels = neutrino_channels(heavy, light)
    assert len(set(labels)) == 9
    assert labels[0] == f"nu{heavy}nu{light}{light}{heavy}"
    known = set(coefficient_names(eft))
    assert {f"{operator}_{label}" for label in labels for operator in ("CVLL", "CVLR")} <= known


def test_rate_of_muon_decay(point: ParameterPoint) -> None:
    rate, row = muon_decay_forms(point, 0, len(MUON_DECAY))
    assert rate[0, 0] == 1.0
    unit = 4 * point["GF"] / np.sqrt(2)
    values = np.zeros(len(MUON_DECAY), dtype=np.complex128)
    values[0] = -0.1 * unit  # as the Standard Model
    x = real_vector(values)
    assert x @ rate @ x == pytest.approx(1.1**2, rel=1e-12, abs=0)
    assert row @ x == pytest.approx(0.9, rel=1e-12, abs=0)


@pytest.mark.parametrize("shift", [0.003, 0.01, -0.02])
def test_expansion_in_the_shift_of_the_fermi_constant(shift: float, point: ParameterPoint) -> None:
    """|s/sqrt(r) + C|^2 itself; exact without C, and the error with C is of second order in the shift."""
    rows = np.array([[0.0, 1.0]], dtype=np.complex128)
    forms = with_measured_fermi_constant(point, rows, np.array([1.01]))
    unit = 4 * point["GF"] / np.sqrt(2)
    for value in (0.0, 0.3 + 0.2j, -0.7j):
        coefficients = np.zeros(1 + len(MUON_DECAY), dtype=np.complex128)
        coefficients[0], coefficients[1] = value, -shift * unit
        x = real_vector(coefficients)
        found = np.prod(np.einsum("i,kij,j->k", x, forms.quadratic, x) ** np.array(forms.powers))
        expected = abs(1.01 / (1 + shift) + value) ** 2
        assert found == pytest.approx(expected, rel=1e-12 + 3 * shift**2 * abs(value), abs=0)


def test_new_physics_in_muon_decay_shifts_everything_alike(by_name: dict[str, Observable], point: ParameterPoint) -> None:
    unit = 4 * point["GF"] / np.sqrt(2)
    for name in ("BR(K+->munu)", "BR(K+->enu)", "Gamma(pi+->munu)", "BR(tau->Knu)", "BR(tau->enunu)", "BR(tau->mununu)"):
        ratio = predict(by_name[name], point, {"CVLL_numunueemu": -0.01 * unit}) / predict(by_name[name], point, {})
        assert ratio == pytest.approx(1.01**-2, rel=1e-9, abs=0)
    for name in ("Remu(K+->lnu)", "BR(pi+->enu)", "RKpi(P+->munu)", "Rmue(tau->lnunu)"):
        ratio = predict(by_name[name], point, {"CVLL_numunueemu": -0.01 * unit}) / predict(by_name[name], point, {})
        assert ratio == pytest.approx(1.0, rel=1e-12, abs=0)


def test_universal_new_physics_of_leptons_is_invisible(by_name: dict[str, Observable], point: ParameterPoint) -> None:
    """The same relative change of muon and tau decays leaves the branching ratios of the tau as they are."""
    unit = 4 * point["GF"] / np.sqrt(2)
    same = dict.fromkeys(("CVLL_numunueemu", "CVLL_nutaunueetau", "CVLL_nutaunumumutau"), -0.002 * unit + 0j)
    for name in ("BR(tau->enunu)", "BR(tau->mununu)"):
        # 4e-6 = shift^2: the expansion
        assert predict(by_name[name], point, same) == pytest.approx(predict(by_name[name], point, {}), rel=1e-5, abs=0)
