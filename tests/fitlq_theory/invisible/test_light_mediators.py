"""One light boson, and pairs through it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.integrate import quad

from fitlq_theory.dark_matter import FinalState, vector_width
from fitlq_theory.errors import InputError
from fitlq_theory.inputs import load_inputs
from fitlq_theory.invisible import (
    acceptance,
    acceptance_at,
    branching_ratio,
    mediated_branching_ratio,
    spectrum,
    two_body_branching_ratio,
)

POINT = load_inputs("flavio-2.7.1").point()
# L = -g_sb sbar gamma P_R b Z' of a loop with Majorana fermions, at two points of a model, from an independent calculation
FIRST, SECOND = 2.7984036591921698e-06, 1.1205232239622561e-05


class TestOneBoson:
    def test_numbers(self) -> None:
        # the weights of vector and axial current, each with g/2; the narrow-width limit of flavio's |C9'|^2 agrees to 2e-5
        rate = (0.5 * FIRST) ** 2 * two_body_branching_ratio(POINT, "B+->Knunu", "V", 4.0)
        assert rate == pytest.approx(0.06020143687396865, rel=1e-4, abs=0)
        rate = (0.5 * FIRST) ** 2 * sum(two_body_branching_ratio(POINT, "B0->K*nunu", quark, 4.0) for quark in "VA")
        assert rate == pytest.approx(0.19691787638942893, rel=1e-4, abs=0)

    def test_threshold_and_light_vector(self) -> None:
        rates = two_body_branching_ratio(POINT, "B+->Knunu", "V", np.array([1e-3, 2e-3, 4.7, 4.8]))
        assert rates[0] == pytest.approx(4 * rates[1], rel=1e-3, abs=0)
        assert rates[2] > rates[3] == 0

    def test_errors(self) -> None:
        with pytest.raises(InputError, match="S, P, V or A"):
            two_body_branching_ratio(POINT, "B+->Knunu", "T", 1.0)
        with pytest.raises(InputError, match="positive"):
            two_body_branching_ratio(POINT, "B+->Knunu", "V", 0.0)


class TestPairsThroughABoson:
    def test_number_without_a_pole(self) -> None:
        # Majorana pair of 1.8 GeV, boson of 4.8 GeV above the end point; L = (C/2)(sbar gamma P_R b)(Nbar gamma gamma5 N)
        coupling = 0.25 * SECOND * 0.008 * np.cos(np.pi / 3)
        rate = mediated_branching_ratio(POINT, "B+->Knunu", "chiA", "V", 1.8, 4.8, 2.357e-5, self_conjugate=True)
        assert coupling**2 * rate == pytest.approx(1.0439965741e-07, rel=1e-4, abs=0)

    def test_narrow_width(self) -> None:
        mass, pole = 0.3, 2.0
        for decay in ("B+->Knunu", "B0->K*nunu", "Bs->phinunu"):
            pair = float(vector_width(pole, [FinalState(mass, 1.0)]))
            width = 1e-7
            rate = width * mediated_branching_ratio(POINT, decay, "chiV", "V", mass, pole, width)
            expected = pair * two_body_branching_ratio(POINT, decay, "V", pole)
            assert rate == pytest.approx(expected, rel=1e-5, abs=0)

    @pytest.mark.parametrize(("operator", "quark"), [("phiS", "S"), ("chiP", "S"), ("chiA", "V"), ("phiV", "V")])
    def test_heavy_boson_is_a_contact_interaction(self, operator: str, quark: str) -> None:
        pole = 3e3
        rate = pole**4 * mediated_branching_ratio(POINT, "B+->Knunu", operator, quark, 0.5, pole, 10.0)
        assert rate == pytest.approx(branching_ratio(POINT, "B+->Knunu", operator, quark, 0.5), rel=1e-4, abs=0)

    @given(st.floats(0.05, 2.0), st.floats(0.2, 6.0), st.floats(0.02, 0.5))
    def test_equals_adaptive_integration(self, mass: float, pole: float, share: float) -> None:
        width, end = share * pole, (POINT["m_B+"] - POINT["m_K+"]) ** 2

        def integrand(q2: float) -> float:
            density = float(spectrum(POINT, "B+->Knunu", "chiV", "V", q2, mass))
            return density / ((q2 - pole**2) ** 2 + (pole * width) ** 2)

        inside = [pole**2] if 4 * mass**2 < pole**2 < end else None
        expected = quad(integrand, 4 * mass**2, end, points=inside, epsrel=1e-8, epsabs=0, limit=200)[0]
        rate = mediated_branching_ratio(POINT, "B+->Knunu", "chiV", "V", mass, pole, width)
        assert rate == pytest.approx(expected, rel=1e-5, abs=0)

    def test_arrays_and_threshold(self) -> None:
        rates = mediated_branching_ratio(POINT, "B0->K*nunu", "chiA", "A", np.array([0.0, 1.0, 2.3]), 3.0, 1e-3)
        assert rates.shape == (3,)
        assert rates[0] > rates[1] > rates[2] == 0

    def test_errors(self) -> None:
        with pytest.raises(InputError, match="tensor"):
            mediated_branching_ratio(POINT, "B+->Knunu", "chiT", "T", 0.1, 1.0, 0.1)
        with pytest.raises(InputError, match="positive"):
            mediated_branching_ratio(POINT, "B+->Knunu", "chiV", "V", 0.1, 1.0, 0.0)


def test_acceptance_of_a_line() -> None:
    # a pair just above the end of its phase space in q2 is nearly a line
    end = (POINT["m_B+"] - POINT["m_K+"]) ** 2
    mass = 0.5 * np.sqrt(0.98 * end)
    pair = acceptance(POINT, "phiS", "S", mass, "hadronic")
    low, high = sorted(acceptance_at(POINT, np.array([0.98 * end, end]), "hadronic"))
    assert low <= pair <= high
    assert acceptance_at(POINT, 4.0) > acceptance_at(POINT, 12.0)
