"""Annihilation cross sections: limits, thresholds, unitarity on the pole."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from fitlq_theory.dark_matter import (
    FinalState,
    scalar_t_channel,
    vector_s_channel,
    vector_width,
)

Real = NDArray[np.float64]


class TestCrossSections:
    def test_limits_of_scalar_exchange(self) -> None:
        m, pole, y, v = np.array([[1.7]]), np.array([[1200.0]]), 1.3, 1e-3
        s = 4 * m**2 / (1 - v**2 / 4)
        # p wave for massless quarks; sigma v = 2 sigma beta
        expected = 3 * y**4 * m**2 * (m**4 + pole**4) / (48 * np.pi * (m**2 + pole**2) ** 4) * v**2
        assert 2 * scalar_t_channel(s, m, pole, y) == pytest.approx(expected, rel=1e-5, abs=0)
        m, quark = np.array([[286.0]]), 172.5
        s = 4 * m**2 * (1 + 1e-12)
        expected = 3 * y**4 * quark**2 / (32 * np.pi) * np.sqrt(1 - quark**2 / m**2) / (m**2 + pole**2 - quark**2) ** 2
        assert 2 * scalar_t_channel(s, m, pole, y, fermion_mass=quark) == pytest.approx(expected, rel=1e-9, abs=0)

    def test_closed_channels(self) -> None:
        s = np.array([[13.0]])
        assert vector_s_channel(s, 1.7, 4.0, 1e-3, [FinalState(1.9, 1.0, 1.0)], axial=1.0) == 0
        assert scalar_t_channel(s, np.array([[1.7]]), np.array([[100.0]]), 1.0, fermion_mass=1.9) == 0

    def test_vector_exchange_is_the_width_on_the_pole(self) -> None:
        """Unitarity: sigma = 12 pi/(s beta^2) (2/2)^2... with the widths into both pairs, (2J+1)/4 for spin 1/2 pairs."""
        m, pole, g_f, g_x = 1.0, 5.0, 0.3, 0.2
        final = FinalState(0.4, g_f, 0.1)
        out = float(vector_width(pole, [final]))
        width = 0.05
        for axial, vector, incoming in (
            # Dirac pairs: width as for a final state
            (0.0, g_x, float(vector_width(pole, [FinalState(m, g_x)]))),
            (g_x, 0.0, float(vector_width(pole, [FinalState(m, 0.0, g_x)]))),
        ):
            s = np.array([[pole**2]])
            beta = np.sqrt(1 - 4 * m**2 / pole**2)
            value = float(vector_s_channel(s, m, pole, width, [final], axial=axial, vector=vector)[0, 0]) / beta
            # Breit-Wigner: sigma = (2J+1)/(2s+1)^2 4 pi/k^2 Gamma_in Gamma_out / Gamma^2, k^2 = s beta^2 / 4
            expected = 0.75 * 4 * np.pi / (pole**2 * beta**2 / 4) * incoming * out / width**2
            assert value == pytest.approx(expected, rel=1e-12, abs=0)

    def test_longitudinal_part_at_zero_velocity(self) -> None:
        # the textbook s wave of axial times axial: N_c gA^2 gAf^2 m_f^2/(2 pi) beta_f (1 - 4m^2/M^2)^2 / (4m^2 - M^2)^2
        m, pole, fermion, g_f, g_x = 50.0, 300.0, 4.5, 0.2, 0.4
        s = np.array([[4 * m**2]])
        value = 2 * vector_s_channel(s, m, pole, 0.0, [FinalState(fermion, 0.0, g_f, 3)], axial=g_x)
        speed = np.sqrt(1 - fermion**2 / m**2)
        propagator = (1 - 4 * m**2 / pole**2) ** 2 / (4 * m**2 - pole**2) ** 2
        expected = 3 * g_x**2 * g_f**2 * fermion**2 / (2 * np.pi) * speed * propagator
        assert value == pytest.approx(expected, rel=1e-12, abs=0)
