"""Factors in front of the operators of the WET basis "flavio", against the definitions of the WCxf basis files."""

from __future__ import annotations

import numpy as np
import pytest

from fitlq_theory.bases.normalisation import normalisation_of
from fitlq_theory.ckm import ckm_matrix
from fitlq_theory.wilson_coefficients import coefficient_names

# one coefficient of each kind and what the basis file has in front of its operator; all 3108 names were compared once
DEFINITIONS = {
    "CVL_bctaunutau": "−4 G_F/√2 V_cb",
    "CT_bumunue": "−4 G_F/√2 V_ub",
    "CSR_suenumu": "−4 G_F/√2 V_us",
    "CVR_dctaunumu": "−4 G_F/√2 V_cd",
    "CVLL_bcud": "−4 G_F/√2 V_cb V_ud*",
    "CSLLt_bcus": "−4 G_F/√2 V_cb V_us*",
    "C9_bsmumu": "4 G_F/√2 V_tb V_ts* e²/16π²",
    "C10p_bdtaue": "4 G_F/√2 V_tb V_td* e²/16π²",
    "C9_sdee": "4 G_F/√2 V_ts V_td* e²/16π²",
    "CL_bsnumunutau": "4 G_F/√2 V_tb V_ts* e²/16π²",
    "CL_sdnuenue": "4 G_F/√2 V_td V_ts* e²/16π²",
    "CR_sdnutaunumu": "4 G_F/√2 V_td V_ts* e²/16π²",
    "CSp_bsemu": "4 G_F/√2 V_tb V_ts* e²/16π² m_b",
    "CP_sdmumu": "4 G_F/√2 V_ts V_td* e²/16π² m_s",
    "CS_cuee": "4 G_F/√2 V_ub V_cb* e²/16π² m_c",
    "C7_bs": "4 G_F/√2 V_tb V_ts* e/16π² m_b",
    "C8p_bd": "4 G_F/√2 V_tb V_td* g_s/16π² m_b",
    "C7p_cu": "4 G_F/√2 V_ub V_cb* e/16π² m_c",
    "C7_mumu": "4 G_F/√2 e/16π² m_mu",
    "C8_uu": "4 G_F/√2 g_s/16π² m_u",
    "CVLL_bsbb": "4 G_F/√2 V_tb V_ts*",
    "CVLRt_cudd": "4 G_F/√2 V_ub V_cb*",
    "CVLL_bsbs": "1",
    "CSLR_ucuc": "1",
    "CVLL_numunumumumu": "4 G_F/√2",
    "CVLL_nuenumuee": "4 G_F/√2",
    "CVLL_numunueemu": "1",
    "Cgamma_mue": "1",
    "CVLL_muemumu": "1",
    "CSRR_mueuu": "1",
    "CG": "4 G_F/√2",
}


@pytest.mark.parametrize(("name", "text"), DEFINITIONS.items())
def test_definitions(name: str, text: str) -> None:
    assert normalisation_of(name).text == text


@pytest.mark.parametrize("eft", ["WET", "WET-4", "WET-3"])
def test_every_coefficient_has_a_normalisation(eft: str) -> None:
    assert all(normalisation_of(name).text for name in coefficient_names(eft))


def test_values() -> None:
    v = ckm_matrix(0.2248, 0.00364, 0.04197, 1.15)
    numbers = {"e": 0.3, "g_s": 1.5}

    def value(name: str) -> complex:
        return normalisation_of(name).value(v, 1e-5, numbers.__getitem__, {"b": 4.0}.__getitem__)

    assert value("CVL_bctaunutau") == pytest.approx(-4e-5 / np.sqrt(2) * v[1, 2], rel=1e-6, abs=0)
    assert value("CS_bsmumu") == pytest.approx(
        4e-5 / np.sqrt(2) * v[2, 2] * v[2, 1].conj() * 0.09 / (16 * np.pi**2) * 4.0, rel=1e-6, abs=0
    )
    assert value("C8_bb") == pytest.approx(4e-5 / np.sqrt(2) * 1.5 / (16 * np.pi**2) * 4.0, rel=1e-6, abs=0)
    assert value("CVLL_bsbs") == 1
