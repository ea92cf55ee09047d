"""B -> Xs nu nubar: phase space by direct integration, the published rate, and relations to the exclusive modes."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pytest
from scipy.integrate import quad

from fitlq_theory.ckm import ckm_matrix
from fitlq_theory.constants import HBAR_GEV_PS
from fitlq_theory.electromagnetic_coupling import alpha_electromagnetic
from fitlq_theory.inputs import load_inputs
from fitlq_theory.models import wet_model
from fitlq_theory.observables.dineutrino_coefficients import standard_model_coefficient
from fitlq_theory.observables.inclusive_b_to_s_neutrinos import observables, phase_space
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.predictions import Predictions
from fitlq_theory.quadratic_forms import real_vector

INPUTS = load_inputs()
POINT = INPUTS.point()
(RATE,) = observables(POINT)


def value(coefficients: Mapping[str, complex], point: ParameterPoint = POINT) -> float:
    x = real_vector(np.array([coefficients.get(c.name, 0.0) for c in RATE.coefficients], dtype=np.complex128))
    return float(x @ RATE.forms(point, {}).quadratic[0] @ x)


@pytest.mark.parametrize("mass", [0.02, 0.1, 0.3])
def test_phase_space_by_integration(mass: float) -> None:
    """Traces over the quark line, contracted with that of massless neutrinos; m_b = 1."""

    def momentum(s: float) -> float:
        return math.sqrt(max(((1 + mass) ** 2 - s) * ((1 - mass) ** 2 - s), 0.0))

    def left(s: float) -> float:  # 2 p.q p'.q + q2 p.p'
        return momentum(s) * (2 * 0.5 * (1 + s - mass**2) * 0.5 * (1 - s - mass**2) + s * 0.5 * (1 + mass**2 - s))

    def mixed(s: float) -> float:
        return momentum(s) * 6 * mass * s

    end = (1 - mass) ** 2
    whole = quad(lambda s: (1 - s) * (0.5 * (1 + s) * (1 - s) + 0.5 * s * (1 - s)), 0, 1)[0]
    f, g = phase_space(mass**2)
    assert quad(left, 0, end, epsrel=1e-10)[0] / whole == pytest.approx(f, rel=1e-7, abs=0)
    # the rate is f (|L|^2 + |R|^2) - 4 sqrt(r) g Re(L R*)
    assert quad(mixed, 0, end, epsrel=1e-10)[0] / whole == pytest.approx(4 * mass * g, rel=1e-7, abs=0)


def test_against_the_rate_of_a_free_quark() -> None:
    """m_b^5 in the 1S scheme with the QCD and power corrections of arXiv:0902.0160, same couplings; errors of 5 %."""
    ckm = ckm_matrix(POINT["Vus"], POINT["Vub"], POINT["Vcb"], POINT["gamma"])
    coupling = 4 * POINT["GF"] / math.sqrt(2) * abs(ckm[2, 2] * ckm[2, 1]) * alpha_electromagnetic(POINT, 4.8) / (4 * math.pi)
    sum_of_squares = 3 * standard_model_coefficient(POINT, 4.8) ** 2
    lifetime = 0.5 * (POINT["tau_B+"] + POINT["tau_B0"]) / HBAR_GEV_PS
    corrections = 0.83 * (1 - 0.3 / (2 * 4.68**2) - 9 * 0.12 / (2 * 4.68**2))
    expected = lifetime * coupling**2 * sum_of_squares * 4.68**5 / (384 * math.pi**3) * corrections
    assert value({}) == pytest.approx(expected, rel=0.1, abs=0)


def test_against_the_published_value_with_its_ckm_factor() -> None:
    # arXiv:1409.4557: 2.9(3)e-5 with |Vtb Vts*| = 0.0401
    ckm = ckm_matrix(POINT["Vus"], POINT["Vub"], POINT["Vcb"], POINT["gamma"])
    factor = 0.0401 / abs(ckm[2, 2] * ckm[2, 1])
    assert value({}) * factor**2 == pytest.approx(2.9e-5, abs=0.3e-5)


def test_error_is_small_and_from_known_inputs() -> None:
    predictions = Predictions(wet_model([]), [("BR(B->Xsnunu)", {})], INPUTS)
    assert 0.02 < np.linalg.norm(predictions.sm_jacobian[0]) / predictions.sm_values[0] < 0.06


def test_left_handed_currents_scale_as_the_exclusive_modes() -> None:
    coefficients = {"CL_bsnuenue": 2.0 + 1j, "CL_bsnutaunumu": 3.0}
    model = wet_model(["CL_bsnuenue", "Im_CL_bsnuenue", "CL_bsnutaunumu"])
    exclusive = Predictions(model, [("Rnu(B->K)", {})], INPUTS).values(np.array([[2.0, 1.0, 3.0]]))[0, 0]
    assert value(coefficients) / value({}) == pytest.approx(exclusive, rel=1e-12, abs=0)


def test_chiralities_and_neutrinos() -> None:
    standard_model = value({})
    parity = value({"CR_bsnuenumu": 5.0}) - standard_model
    assert value({"CL_bsnuenumu": 5.0}) - standard_model == pytest.approx(parity, rel=1e-12, abs=0)
    assert value({"CL_bsNeNe": 5.0j}) - standard_model == pytest.approx(parity, rel=1e-12, abs=0)
    assert np.linalg.eigvalsh(RATE.forms(POINT, {}).quadratic[0]).min() > -1e-18
    # interference: 7 % of the product, destructive for equal signs
    both = value({"CL_bsNeNe": 5.0, "CR_bsNeNe": 5.0}) - standard_model
    assert both / parity == pytest.approx(2 - 0.073, abs=0.005)
