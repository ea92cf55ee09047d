"""B -> Xs nu nubar in bins of the hadronic mass: the sum is the inclusive rate, bins are K, K* and the rest."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fitlq_theory.errors import InputError
from fitlq_theory.inputs import load_inputs
from fitlq_theory.observables import b_to_s_neutrinos, inclusive_b_to_s_neutrinos
from fitlq_theory.observables.b_to_s_neutrinos_hadronic_mass import observables, part_of_kstar
from fitlq_theory.predictions import Predictions
from fitlq_theory.quadratic_forms import real_vector

POINT = load_inputs().point()
(BINNED,) = observables(POINT)
OTHERS = {o.name: o for module in (b_to_s_neutrinos, inclusive_b_to_s_neutrinos) for o in module.observables(POINT)}
BINS = ((0.0, 0.6), (0.6, 1.0), (1.0, 5.28))


def _vector(seed: int | None) -> np.ndarray:
    count = len(BINNED.coefficients)
    if seed is None:
        return real_vector(np.zeros(count))
    generator = np.random.default_rng(seed)
    return real_vector(generator.normal(0, 8, count) + 1j * generator.normal(0, 8, count))


def _bin(lower: float, upper: float, seed: int | None = None) -> float:
    x = _vector(seed)
    return float(x @ BINNED.forms(POINT, {"mXmin": lower, "mXmax": upper}).quadratic[0] @ x)


def _other(name: str, seed: int | None = None) -> float:
    x = _vector(seed)
    return float(x @ OTHERS[name].forms(POINT, {}).quadratic[0] @ x)


@settings(max_examples=15)
@given(seed=st.integers(0, 10**6))
def test_bins_are_positive_and_add_up(seed: int) -> None:
    found = [_bin(*edges, seed) for edges in BINS]
    assert min(found) > 0
    assert sum(found) == pytest.approx(_other("BR(B->Xsnunu)", seed), rel=1e-9, abs=0)
    assert _bin(0.0, 5.3, seed) == pytest.approx(_other("BR(B->Xsnunu)", seed), rel=1e-9, abs=0)


def test_what_is_in_the_bins() -> None:
    kaon = 0.5 * (_other("BR(B+->Knunu)") + _other("BR(B0->Knunu)"))
    vector = 0.5 * (_other("BR(B+->K*nunu)") + _other("BR(B0->K*nunu)"))
    low, middle, high = (_bin(*edges) for edges in BINS)
    assert low == pytest.approx(kaon, rel=1e-12, abs=0)
    assert middle == pytest.approx(part_of_kstar(POINT, 0.6, 1.0) * vector, rel=1e-12, abs=0)
    assert 0.90 < part_of_kstar(POINT, 0.6, 1.0) < 0.95
    assert part_of_kstar(POINT, 0.0, 5.28) == pytest.approx(1, rel=1e-12, abs=0)
    assert high > kaon  # heavier states are about half of the inclusive rate
    assert high == pytest.approx(_other("BR(B->Xsnunu)") - low - middle, rel=1e-9, abs=0)


def test_exclusive_and_inclusive_read_the_same_coefficients() -> None:
    """The forms are added component by component."""
    for name in ("BR(B+->Knunu)", "BR(B0->K*nunu)", "BR(B->Xsnunu)"):
        assert OTHERS[name].coefficients == BINNED.coefficients


@pytest.mark.parametrize("edges", [(0.6, 1.5), (1.2, 5.28), (0.0, 3.0), (0.9, 0.7)])
def test_bins_that_cut_the_continuum_are_refused(edges: tuple[float, float]) -> None:
    with pytest.raises(InputError, match=r"which is not predicted|must be below"):
        BINNED.check_arguments({"mXmin": edges[0], "mXmax": edges[1]})


def test_measured_bins_have_predictions_with_errors() -> None:
    from fitlq_theory.models import wet_model

    requests = [("<BR>(B->Xsnunu)", {"mXmin": lower, "mXmax": upper}) for lower, upper in BINS]
    predictions = Predictions(wet_model(["CL_bsnutaunutau"]), requests)
    values, jacobian = predictions.values_and_jacobian(np.zeros((1, 1)))
    errors = np.sqrt(np.sum(jacobian[0] ** 2, axis=-1))
    assert values[0] == pytest.approx([_bin(*edges) for edges in BINS], rel=1e-9, abs=0)
    assert np.all((errors > 0.03 * values[0]) & (errors < 0.3 * values[0]))
