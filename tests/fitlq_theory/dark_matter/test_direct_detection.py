"""Cross sections on nucleons: numbers of two models, limits, symmetries."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitlq_theory.dark_matter import (
    axial_coupling_of_scalar_exchange,
    quark_spins,
    real_scalar_cross_section,
    scalar_nucleon_coupling,
    spin_dependent_cross_section,
    spin_independent_cross_section,
)
from fitlq_theory.errors import UnknownNameError
from fitlq_theory.inputs import load_inputs

POINT = load_inputs().point()
# the charges of the numbers below
PROTON = {"u": 0.842, "d": -0.427, "s": -0.085}
MASSES = {"u": 0.00216, "d": 0.00467, "s": 0.0925, "c": 1.27, "b": 4.18, "t": 162.0}
NEUTRON = {"u": -0.427, "d": 0.842, "s": -0.085}


class TestSpinDependent:
    @pytest.mark.parametrize(
        ("nucleon", "spins", "expected"),
        [("proton", PROTON, 9.673801942835687e-42), ("neutron", NEUTRON, 2.114701282325763e-41)],
    )
    def test_light_particle(self, nucleon: str, spins: dict[str, float], expected: float) -> None:
        # y = 2 to d and s, half of the doublet state: cos^2 = 3/4
        coupling = 0.75 * axial_coupling_of_scalar_exchange(2.0, 1.7, 1200.0)
        value = spin_dependent_cross_section(POINT, 1.7, {"d": coupling, "s": coupling}, nucleon, spins=spins)  # type: ignore[arg-type]
        assert value == pytest.approx(expected, rel=1e-3, abs=0)  # nucleon mass 0.9389 there

    @pytest.mark.parametrize(("sin_delta", "expected"), [(0.3, 1.3e-44), (0.5, 9.8e-44), (0.9, 1.0e-42)])
    def test_heavy_particle(self, sin_delta: float, expected: float) -> None:
        # quoted with two digits and M^2 instead of M^2 - m^2
        d = 1.1**2 * sin_delta**2 / (8 * 1200.0**2)
        value = spin_dependent_cross_section(POINT, 286.0, dict.fromkeys("uds", d), "proton", spins=PROTON)
        assert value == pytest.approx(expected, rel=0.05, abs=0)

    @given(st.floats(0.1, 1e4), st.floats(-1e-6, 1e-6), st.floats(-1e-6, 1e-6))
    def test_isospin_and_statistics(self, mass: float, up: float, down: float) -> None:
        proton = spin_dependent_cross_section(POINT, mass, {"u": up, "d": down}, "proton")
        neutron = spin_dependent_cross_section(POINT, mass, {"u": down, "d": up}, "neutron")
        assert proton >= 0
        assert proton == pytest.approx(neutron, rel=3e-3, abs=0)  # proton and neutron differ by 0.14 % in mass
        dirac = spin_dependent_cross_section(POINT, mass, {"u": up, "d": down}, "proton", self_conjugate=False)
        assert proton == pytest.approx(4 * dirac, rel=1e-12, abs=0)

    def test_spins_of_the_neutron(self) -> None:
        proton, neutron = quark_spins(POINT, "proton"), quark_spins(POINT, "neutron")
        assert (proton["u"], proton["d"], proton["s"]) == (neutron["d"], neutron["u"], neutron["s"])
        # g_A = 1.2756 of neutron decay
        assert proton["u"] - proton["d"] == pytest.approx(1.2756, rel=0.06, abs=0)

    def test_fierz_coefficient(self) -> None:
        # (qbar P_R chi)(chibar P_L q) = 1/2 V-A x V+A; 1/4 of that is axial times axial
        assert axial_coupling_of_scalar_exchange(1.0, 0.0, 1.0) == pytest.approx(0.5 * 0.25, rel=1e-6, abs=0)


class TestSpinIndependent:
    def test_higgs_like_coupling(self) -> None:
        """Couplings proportional to mass: f_N/m_N = 2/9 + 7/9 sum f_Tq."""
        f = scalar_nucleon_coupling(POINT, MASSES, "proton", MASSES)
        expected = POINT["m_p"] * (2 / 9 + 7 / 9 * (0.0153 + 0.0191 + 0.0447))
        assert f == pytest.approx(expected, rel=1e-12, abs=0)

    @given(st.floats(0.1, 1e4), st.floats(1e-12, 1e-6))
    def test_statistics_and_scaling(self, mass: float, coupling: float) -> None:
        value = spin_independent_cross_section(POINT, mass, coupling, "proton")
        dirac = spin_independent_cross_section(POINT, mass, coupling, "proton", self_conjugate=False)
        assert value == pytest.approx(4 * dirac, rel=1e-12, abs=0)
        assert spin_independent_cross_section(POINT, mass, 3 * coupling, "proton") == pytest.approx(9 * value, rel=1e-12, abs=0)

    def test_z_exchange_of_a_dirac_neutrino(self) -> None:
        """G_F^2 mu^2/(2 pi) [N - (1 - 4 s_W^2) Z]^2 for the neutron: the classic 7e-39 cm^2."""
        # vector parts of Z exchange: nubar gamma nu (weight 1/2) and nbar gamma n (weight 1), times G_F sqrt(2)
        gf = POINT["GF"]
        value = spin_independent_cross_section(POINT, 1e4, gf / np.sqrt(2), "neutron", self_conjugate=False)
        expected = gf**2 / (2 * np.pi) * POINT["m_n"] ** 2 * 0.3893793721e-27
        assert value == pytest.approx(expected, rel=3e-4, abs=0)
        assert value == pytest.approx(7.4e-39, rel=0.01, abs=0)

    def test_real_scalar(self) -> None:
        # sigma = mu^2 c^2/(4 pi m^2)
        m, c = 0.8, 1e-4
        mu = m * POINT["m_p"] / (m + POINT["m_p"])
        expected = mu**2 * c**2 / (4 * np.pi * m**2) * 0.3893793721e-27
        assert real_scalar_cross_section(POINT, m, c, "proton") == pytest.approx(expected, rel=1e-12, abs=0)

    def test_arrays(self) -> None:
        masses = np.array([1.0, 10.0, 100.0])
        assert spin_independent_cross_section(POINT, masses, 1e-9, "proton").shape == (3,)
        assert np.all(np.diff(spin_independent_cross_section(POINT, masses, 1e-9, "proton")) > 0)


class TestWrongNames:
    """Nothing that is not known becomes a neutron, a heavy quark or zero."""

    @pytest.mark.parametrize("nucleon", ["p", "n", "Proton"])
    def test_nucleon(self, nucleon: str) -> None:
        for call in (
            lambda: quark_spins(POINT, nucleon),  # type: ignore[arg-type]
            lambda: scalar_nucleon_coupling(POINT, {"u": 1.0}, nucleon, MASSES),  # type: ignore[arg-type]
            lambda: spin_independent_cross_section(POINT, 10.0, 1e-9, nucleon),  # type: ignore[arg-type]
        ):
            with pytest.raises(UnknownNameError, match="unknown nucleon"):
                call()

    def test_quark(self) -> None:
        with pytest.raises(UnknownNameError, match="unknown quark 'strange'"):
            scalar_nucleon_coupling(POINT, {"strange": 1.0}, "proton", {**MASSES, "strange": 0.1})
        with pytest.raises(UnknownNameError, match="unknown quark 'c'"):
            spin_dependent_cross_section(POINT, 10.0, {"c": 1e-9}, "proton")
