"""The running electromagnetic coupling."""

from __future__ import annotations

import math

import pytest

from fitlq_theory.electromagnetic_coupling import alpha_electromagnetic
from fitlq_theory.errors import InputError
from fitlq_theory.inputs import load_inputs
from fitlq_theory.parameter_point import ParameterPoint


@pytest.fixture(scope="module")
def point() -> ParameterPoint:
    return load_inputs("flavio-2.7.1").point()


@pytest.mark.parametrize(
    ("scale", "inverse"),
    [
        # flavio 2.7.1, running.get_alpha_e with default parameters
        (91.1876, 127.95103058157582),
        (4.8, 132.1163672678663),
        (4.2, 132.3052755451475),
        (2.0, 133.30275848407783),
        (1.0, 134.11403653066998),
    ],
)
def test_meets_flavio(point: ParameterPoint, scale: float, inverse: float) -> None:
    # 1e-5: flavio's thresholds are 4.18 and 1.275 GeV, ours the quark masses of the inputs
    assert 1 / alpha_electromagnetic(point, scale) == pytest.approx(inverse, rel=1e-5)


def test_continuous_at_thresholds(point: ParameterPoint) -> None:
    for name in ("m_b", "m_c"):
        below, above = (alpha_electromagnetic(point, point[name] * (1 + shift)) for shift in (-1e-9, 1e-9))
        assert below == pytest.approx(above, rel=1e-9)


def test_slope_of_five_flavours(point: ParameterPoint) -> None:
    # sum of N_f Q_f^2 over u, d, s, c, b and three leptons is 20/3
    step = 1 / alpha_electromagnetic(point, 10.0) - 1 / alpha_electromagnetic(point, 20.0)
    assert step == pytest.approx(2 / (3 * math.pi) * 20 / 3 * math.log(2), rel=1e-12)


def test_reads_only_what_it_needs(point: ParameterPoint) -> None:
    _, reads = point.reads_of(lambda p: alpha_electromagnetic(p, 4.8))
    assert reads == {"alpha_e", "m_Z", "m_b"}


@pytest.mark.parametrize("scale", [0.1, 0.0, -1.0, float("nan")])
def test_too_low_scale(point: ParameterPoint, scale: float) -> None:
    with pytest.raises(InputError, match=r"at least 0\.5 GeV"):
        alpha_electromagnetic(point, scale)
