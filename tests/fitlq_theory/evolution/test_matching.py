"""Tree-level matching at M_Z against wilson, against the tables of rgevolve element by element, and by hand."""

from __future__ import annotations

import dataclasses
import math
import re

import numpy as np
import pytest
from numpy.typing import NDArray

from fitlq_theory.ckm import ckm_matrix
from fitlq_theory.errors import FitlqError
from fitlq_theory.evolution import EvolutionInputs, evolve, rgevolve_data
from fitlq_theory.evolution.matching import has_own_matching, matching_matrix
from fitlq_theory.evolution.matching.tensors import tensor_element
from fitlq_theory.evolution.normalisation import TABLE_ALPHA_E, TABLE_CKM, table_rescaling

from .conftest import reference

M_Z = 91.1876
SMEFT = frozenset(rgevolve_data.sector_of("SMEFT"))
# the CKM matrix with which rgevolve 0.2.0 rotates the quarks in its matching, read off its tables
ROTATION = ckm_matrix(0.2248, 0.0037135, 0.04197, 1.15)


def as_wilson(result: dict[str, complex], name: str) -> complex:
    """wilson and rgevolve return K -> pi nu nu coefficients of the conjugate quark current."""
    found = re.fullmatch(r"(C[LR]_sd)nu(\w+)nu(\w+)", name)
    return result[f"{found[1]}nu{found[3]}nu{found[2]}"].conjugate() if found else result[name]


def test_every_coefficient_against_wilson(wilson_inputs: EvolutionInputs) -> None:
    data = reference("wilson_matching.json")
    values = {name: complex(*pair) for name, pair in data["wcs"].items()}
    result = evolve(values, scale=data["scale"], to_scale=M_Z, to_eft="WET", inputs=wilson_inputs)
    assert len(data["values"]) > 400
    for name, pair in data["values"].items():
        expected = complex(*pair)
        ours = as_wilson(result, name)
        # Both are the same tree level: what is left is the rounding of the stored numbers, larger where C9 comes from
        # Z exchange, which is proportional to the small 4 sin^2 - 1.
        assert ours == pytest.approx(expected, rel=5e-5 if name.startswith("C9") else 1e-6, abs=0), name


def _linear_map(matrix: NDArray[np.float64], sector: str) -> dict[str, NDArray[np.complex128]]:
    """Name -> coefficients (a, b) of C and C^* for all SMEFT coefficients, shape (n, 2)."""
    source = rgevolve_data.smeft_sector(sector)
    wet, smeft = rgevolve_data.components("WET", sector), rgevolve_data.components("SMEFT", source)
    real_columns = [smeft[name, "R"] for name, _ in rgevolve_data.sectors("SMEFT")[source]]
    zeros = np.zeros(len(wet))
    imaginary = [matrix[:, smeft[name, "I"]] if not real else zeros for name, real in rgevolve_data.sectors("SMEFT")[source]]
    found = {}
    for name, _ in rgevolve_data.sectors("WET")[sector]:
        rows = [wet[name, "R"], wet[name, "I"]]
        by_real = np.array([1, 1j]) @ matrix[rows][:, real_columns]
        by_imaginary = np.array([1, 1j]) @ np.array(imaginary).T[rows]
        found[name] = np.stack([(by_real - 1j * by_imaginary) / 2, (by_real + 1j * by_imaginary) / 2], axis=-1)
    return found


def _normalisation(name: str, ckm: NDArray[np.complex128]) -> complex:
    if found := re.fullmatch(r"C\w+_([dsb])([uc])(e|mu|tau)nu\w+", name):
        return complex(ckm["uc".index(found[2]), "dsb".index(found[1])])
    if found := re.fullmatch(r"C(?:L|R|9p?|10p?)_(bs|bd|sd)\w+", name):
        factor = ckm[2, "dsb".index(found[1][0])] * ckm[2, "dsb".index(found[1][1])].conj()
        return complex(factor.conj() if re.match(r"C[LR]_sd", name) else factor)
    return 1.0


@pytest.mark.parametrize("sector", ["cbtaunutau", "ubmunue", "usenue", "sbnuinui", "sdnumunutau", "sbsb", "sdsd", "cucu", "db"])
def test_every_element_against_rgevolve(sector: str) -> None:
    # rgevolve used m_W = 80.2 GeV: sin^2 = pi alpha / (sqrt 2 G_F m_W^2)
    sin2_weak = math.pi * TABLE_ALPHA_E / (math.sqrt(2) * 1.1663787e-5 * 80.2**2)
    inputs = EvolutionInputs(ROTATION, 1.1663787e-5, sin2_weak, lambda _: TABLE_ALPHA_E)
    own = _linear_map(matching_matrix(sector, inputs), sector)
    jms = rgevolve_data.smeft_matching_matrix(sector)
    table = _linear_map(rgevolve_data.translation("WET", "JMS", "flavio", sector) @ jms, sector)
    compared = 0
    for name, ours in own.items():
        if not has_own_matching(name, inputs):
            continue
        theirs = table[name]
        if found := re.fullmatch(r"(C[LR]_sd)nu(\w+)nu(\w+)", name):
            theirs = table[f"{found[1]}nu{found[3]}nu{found[2]}"].conj()[:, ::-1]
        theirs = theirs * _normalisation(name, ckm_matrix(**TABLE_CKM)) / _normalisation(name, ROTATION)
        # 1e-4 of the largest element of the row covers the five digits to which their CKM matrix is known
        np.testing.assert_allclose(ours, theirs, rtol=1e-3, atol=1e-4 * np.abs(ours).max())
        compared += 1
    assert compared > 0


def test_normalisation_of_the_tables() -> None:
    inputs = EvolutionInputs(ckm_matrix(**TABLE_CKM), 1.1663787e-5, 0.23, lambda _: TABLE_ALPHA_E)
    for sector in ("sb", "db", "sd", "cu", "sbcu", "dbcu", "sbemu"):
        for name, _ in rgevolve_data.sectors("WET")[sector]:
            assert table_rescaling(name, sector, inputs) == pytest.approx(1, rel=1e-12, abs=0)
    # alpha_e and the CKM factor of the translation JMS -> flavio; (sbar b)(ebar e) vector operators give 1/2N
    norm = 4 * 1.1663787e-5 / math.sqrt(2) * inputs.ckm[2, 2] * inputs.ckm[2, 1].conj() * TABLE_ALPHA_E / (4 * math.pi)
    row = rgevolve_data.translation("WET", "JMS", "flavio", "sb")[rgevolve_data.components("WET", "sb")["C9_bsee", "R"]]
    assert np.abs(row).max() == pytest.approx((0.5 / norm).real.__abs__(), rel=1e-6, abs=0)


def test_rest_changes_normalisation_only(wilson_inputs: EvolutionInputs) -> None:
    doubled = dataclasses.replace(wilson_inputs, alpha_e=lambda _: 2 * wilson_inputs.alpha_e(M_Z))
    rows = rgevolve_data.components("WET", "sb")
    one, two = (matching_matrix("sb", inputs)[rows["CS_bsmumu", "R"]] for inputs in (wilson_inputs, doubled))
    np.testing.assert_allclose(two, one / 2, rtol=1e-12, atol=0)


def test_s1_box(wilson_inputs: EvolutionInputs) -> None:
    """qq1 = qq3 of the scalar leptoquark's box gives -(Y_i^* Y_j)^2 / (128 pi^2 m^2) with Y = V^T y."""
    yukawa, mass = np.array([0.012, 0.1, 0.8]), 1500.0
    values = {}
    for i, j, m, n in np.ndindex(3, 3, 3, 3):
        element = -yukawa[i] * yukawa[j] * yukawa[m] * yukawa[n] / (256 * math.pi**2 * mass**2)
        for operator in ("qq1", "qq3"):
            found = tensor_element(operator, (i, j, m, n), SMEFT)
            values[found.name] = element / found.factor
    result = evolve(values, scale=M_Z, to_scale=M_Z, to_eft="WET", inputs=wilson_inputs)
    down = wilson_inputs.ckm.T @ yukawa
    for name, i, j in (("bsbs", 1, 2), ("bdbd", 0, 2), ("sdsd", 0, 1)):
        expected = -((down[i].conj() * down[j]) ** 2) / (128 * math.pi**2 * mass**2)
        assert result[f"CVLL_{name}"] == pytest.approx(expected, rel=1e-12, abs=0)
    up = -((yukawa[1] * yukawa[0]) ** 2) / (128 * math.pi**2 * mass**2)
    assert result["CVLL_ucuc"] == pytest.approx(up, rel=1e-12, abs=0)


def test_s1_tree(wilson_inputs: EvolutionInputs) -> None:
    """b -> c tau nu, b -> s nu nu and s -> d nu nu of the scalar leptoquark, written with Y = V^T y."""
    left, right, mass = np.array([0.01, 0.10, 0.8]), -0.6, 1500.0
    values: dict[str, complex] = {}
    for i, j in ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2)):
        values[f"lq1_33{i + 1}{j + 1}"] = left[i] * left[j] / (4 * mass**2)
        values[f"lq3_33{i + 1}{j + 1}"] = -values[f"lq1_33{i + 1}{j + 1}"]
    for i in range(3):
        values[f"lequ1_33{i + 1}2"] = left[i] * right / (2 * mass**2)
        values[f"lequ3_33{i + 1}2"] = -left[i] * right / (8 * mass**2)
    result = evolve(values, scale=M_Z, to_scale=M_Z, to_eft="WET", inputs=wilson_inputs)
    ckm, fermi, alpha = wilson_inputs.ckm, wilson_inputs.fermi_constant, wilson_inputs.alpha_e(M_Z)
    down = ckm.T @ left
    charged = down[2] / (2 * math.sqrt(2) * fermi * ckm[1, 2] * mass**2)
    assert result["CVL_bctaunutau"] == pytest.approx(charged * left[1] / 2, rel=1e-12, abs=0)
    assert result["CSL_bctaunutau"] == pytest.approx(-charged * right / 2, rel=1e-12, abs=0)
    assert result["CT_bctaunutau"] == pytest.approx(charged * right / 8, rel=1e-12, abs=0)
    scale = 2 * 4 * fermi / math.sqrt(2) * alpha / (4 * math.pi)
    strange = down[1].conj() * down[2] / (2 * mass**2) / (scale * ckm[2, 2] * ckm[2, 1].conj())
    assert result["CL_bsnutaunutau"] == pytest.approx(strange, rel=1e-12, abs=0)
    # the definition in the basis file: (sbar d) with V_td V_ts^*
    kaon = down[1].conj() * down[0] / (2 * mass**2) / (scale * ckm[2, 0] * ckm[2, 1].conj())
    assert result["CL_sdnutaunutau"] == pytest.approx(kaon, rel=1e-12, abs=0)


def test_unknown_tensor_element() -> None:
    with pytest.raises(FitlqError, match="no coefficient"):
        tensor_element("lequ9", (0, 0, 0, 0), SMEFT)
