"""mu -> e gamma and tau -> l gamma against flavio 2.7.1, and properties."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitlq_theory.contracts import Observable
from fitlq_theory.inputs import load_inputs
from fitlq_theory.observables.lepton_to_lepton_photon import observables
from tests.fitlq_theory.observables.lfv_checks import entries, lfv_coefficients, value

POINT = load_inputs("flavio-2.7.1").point()
BY_NAME: dict[str, Observable] = {o.name: o for o in observables(POINT)}
COMPLEX = st.complex_numbers(max_magnitude=1e-9, allow_nan=False, allow_infinity=False)


@pytest.mark.parametrize("entry", entries("lepton_to_lepton_photon"), ids=lambda e: f"{e['observable']}-{e['point']}")
def test_against_flavio(entry: dict[str, Any]) -> None:
    # the lifetime of the muon is 2196981.1 ps here, 2196981.0 ps there
    assert value(BY_NAME[entry["observable"]], POINT, lfv_coefficients(entry)) == pytest.approx(entry["value"], rel=1e-7, abs=0)


def test_by_hand() -> None:
    # tau_mu m_mu^3/(4 pi) |C|^2: 2.1969811e-6/6.582119569e-25 * 0.1056583755^3/(4 pi) * 1e-26
    expected = 2.1969811e-6 / 6.582119569e-25 * 0.1056583755**3 / (4 * np.pi) * 1e-26
    assert value(BY_NAME["BR(mu->egamma)"], POINT, {"Cgamma_mue": 1e-13}) == pytest.approx(expected, rel=1e-4, abs=0)


@given(st.sampled_from(sorted(BY_NAME)), COMPLEX, COMPLEX, st.floats(0, 2 * np.pi))
def test_properties(name: str, first: complex, second: complex, phase: float) -> None:
    observable = BY_NAME[name]
    names = [c.name for c in observable.coefficients]
    reference = value(observable, POINT, dict(zip(names, (first, second), strict=True)))
    assert reference >= 0
    rotated = value(observable, POINT, dict(zip(names, (first * np.exp(1j * phase), second.conjugate()), strict=True)))
    exchanged = value(observable, POINT, dict(zip(names, (second, first), strict=True)))
    assert rotated == pytest.approx(reference, rel=1e-12, abs=0)
    assert exchanged == pytest.approx(reference, rel=1e-12, abs=0)
