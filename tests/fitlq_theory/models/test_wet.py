"""The model whose parameters are Wilson coefficients."""

from __future__ import annotations

import numpy as np
import pytest

from fitlq_theory.contracts import Model
from fitlq_theory.errors import InputError, UnknownNameError
from fitlq_theory.models import check_model, wet_model
from fitlq_theory.models.wet import default_range
from fitlq_theory.wilson_coefficients import coefficient_names


def test_real_and_imaginary_parts() -> None:
    model = wet_model(["C9_bsmumu", "Im_CVL_bctaunutau", "Re_CVL_bctaunutau", "Im_CT_bctaunutau"])
    assert isinstance(model, Model)
    assert check_model(model) == []
    assert [p.name for p in model.parameters] == ["C9_bsmumu", "Im_CVL_bctaunutau", "Re_CVL_bctaunutau", "Im_CT_bctaunutau"]
    assert all(p.free and p.default == 0 for p in model.parameters)
    found = model.coefficients(np.array([[-1.0, 0.2, 0.1, 0.3], [1.0, -0.2, 0.5, 0.0]]))
    assert set(found) == {"C9_bsmumu", "CVL_bctaunutau", "CT_bctaunutau"}
    np.testing.assert_array_equal(found["C9_bsmumu"], [-1.0, 1.0])
    assert not np.iscomplexobj(found["C9_bsmumu"])
    np.testing.assert_array_equal(found["CVL_bctaunutau"], [0.1 + 0.2j, 0.5 - 0.2j])
    np.testing.assert_array_equal(found["CT_bctaunutau"], [0.3j, 0j])


def test_no_coefficients_is_the_standard_model() -> None:
    model = wet_model()
    assert model.parameters == ()
    assert model.coefficients(np.empty((4, 0))) == {}
    assert check_model(model) == []


def test_scale_is_that_of_the_observable() -> None:
    assert wet_model(["C9_bsmumu"]).scale is None


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("CVL_bctaunutau", 2.0),
        ("CT_bctaunutau", 2.0),
        ("CSR_sumunumu", 2.0),
        ("CL_bsnutaunutau", 30.0),
        ("CR_sdnumunumu", 30.0),
        ("C9_bsmumu", 10.0),
        ("C10p_bsee", 10.0),
        ("C9_bstautau", 1000.0),
        ("C9_bsmutau", 30.0),
        ("C7_bs", 2.0),
        ("C8_bs", 10.0),
        ("CS_bsmumu", 5.0),
        ("CVLL_bsbs", 1e-10),
        ("CSLR_sdsd", 1e-12),
        ("CVLL_numunumumumu", 2.0),
        ("Cgamma_mue", 1e-10),
        ("CVLR_ddmue", 1e-10),
        ("CSRR_eeemu", 1e-10),
        ("CVLL_muetaumu", 1e-7),
        ("CSRR_emutaumu", 1e-7),
        ("CVLR_uutaue", 1e-7),
        ("CVLL_eemumu", 1.0),
    ],
)
def test_default_ranges(name: str, expected: float) -> None:
    assert name in coefficient_names("WET")
    assert default_range(name) == expected
    parameter = wet_model([name]).parameters[0]
    assert (parameter.minimum, parameter.maximum) == (-expected, expected)


def test_every_coefficient_can_be_a_parameter() -> None:
    names = list(coefficient_names("WET"))
    model = wet_model(names)
    assert [p.name for p in model.parameters] == names
    assert all(p.tex.count("{") == p.tex.count("}") for p in model.parameters)


def test_ranges_can_be_given() -> None:
    parameter = wet_model(["Im_C9_bsmumu"], {"Im_C9_bsmumu": (-1, 3)}).parameters[0]
    assert (parameter.minimum, parameter.maximum) == (-1, 3)


@pytest.mark.parametrize(
    ("names", "ranges", "error", "message"),
    [
        (["C9_bsmumo"], None, UnknownNameError, "did you mean 'C9_bsmumu'"),
        (["Im_C9_bsmumo"], None, UnknownNameError, "did you mean 'C9_bsmumu'"),
        (["lq1_3323"], None, UnknownNameError, "lq1_3323"),
        (["C9_bsmumu", "Re_C9_bsmumu"], None, InputError, "the same parameter"),
        (["C9_bsmumu", "C9_bsmumu"], None, InputError, "the same parameter"),
        (["Im_CVLL_numunumumumu"], None, InputError, "real by hermiticity"),
        (["C9_bsmumu"], {"C10_bsmumu": (-1, 1)}, UnknownNameError, "'C9_bsmumu'"),
        (["C9_bsmumu"], {"C9_bsmumu": (1, 3)}, InputError, "with 0"),
        (["C9_bsmumu"], {"C9_bsmumu": (3, -3)}, InputError, "LO < HI"),
        (["C9_bsmumu"], {"C9_bsmumu": (-np.inf, 3)}, InputError, "LO < HI"),
    ],
)
def test_errors(names: list[str], ranges: dict[str, tuple[float, float]] | None, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        wet_model(names, ranges)


def test_points_of_another_shape_are_an_error() -> None:
    with pytest.raises(InputError, match=r"shape \(N, 1\)"):
        wet_model(["C9_bsmumu"]).coefficients(np.ones((3, 2)))


def test_labels() -> None:
    tex = [p.tex for p in wet_model(["C9p_bsmumu", "Im_CVL_bctaunutau"]).parameters]
    assert tex == [r"C_{9}^{\prime\,bs{\mu}{\mu}}", r"\mathrm{Im}\,C_{VL}^{bc{\tau}{\nu_\tau}}"]
