"""Observables of charged leptons through the whole theory layer: compiled forms, errors, coefficients from the high scale."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pytest

from fitlq_theory.compiled import combine, evaluate_forms
from fitlq_theory.contracts import Parameter
from fitlq_theory.inputs import load_inputs
from fitlq_theory.models import wet_model
from fitlq_theory.observables import load_registry
from fitlq_theory.predictions import Predictions
from fitlq_theory.quadratic_forms import real_vector

NAMES = (
    *("a_e", "a_mu", "a_tau", "d_e", "d_mu", "BR(mu->egamma)", "BR(tau->mugamma)", "BR(mu->eee)", "BR(tau->mumumu)"),
    *("BR(tau->emumu)", "BR(tau->muee)", "BR(tau->emue)", "CR(mu->e, Al)", "CR(mu->e, Au)", "CR(mu->e, S)", "CR(mu->e, Pb)"),
)
WILSON = {
    **{"Re_C7_ee": 0.3, "Im_C7_ee": 1e-6, "Re_C7_mumu": 0.2, "Im_C7_mumu": 0.5, "Re_C7_tautau": 0.4},
    **{"Re_Cgamma_mue": 1e-13, "Im_Cgamma_emu": 2e-13, "Re_Cgamma_taumu": 1e-9, "Re_Cgamma_taue": 1e-9, "Re_CVLL_eemue": 1e-11},
    **{"Re_CVLL_mumutaumu": 1e-8, "Im_CSRR_mumumutau": 1e-8, "Re_CVLR_tauemumu": 1e-8, "Re_CSRR_eetaumu": 1e-8},
    **{"Re_CVLL_muetaue": 1e-8, "Re_CVLL_mueuu": 2e-13, "Im_CVLR_ddmue": 3e-13, "Re_CSRR_muedd": 1e-13, "Im_CSRL_emuss": 1e-12},
    **{"Re_CSRR_muecc": 1e-12, "Re_CSRL_muebb": 1e-12},
}


@pytest.fixture(autouse=True, scope="module")
def _private_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("FITLQ_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


def _values(coefficients: Mapping[str, complex], shifts: Mapping[str, float] | None = None) -> np.ndarray:
    registry, point = load_registry(), load_inputs().point(shifts)
    found = []
    for name in NAMES:
        observable = registry.resolve(name)
        x = real_vector(np.array([[coefficients.get(c.name, 0.0) for c in observable.coefficients]], dtype=np.complex128))
        forms = observable.forms(point, {})
        found.append(combine(evaluate_forms(forms.quadratic, x), forms.powers)[0])
    return np.array(found)


def _complex(values: Mapping[str, float]) -> dict[str, complex]:
    found: dict[str, complex] = {}
    for name, value in values.items():
        found[name[3:]] = found.get(name[3:], 0.0) + value * (1j if name.startswith("Im_") else 1.0)
    return found


def test_compiled_forms() -> None:
    model = wet_model(tuple(WILSON), {name: (-2 * value, 2 * value) for name, value in WILSON.items()})
    points = np.array([list(WILSON.values()), [-0.7 * v for v in WILSON.values()]])
    found = Predictions(model, [(name, {}) for name in NAMES]).values(points)
    for row, factor in zip(found, (1.0, -0.7), strict=True):
        expected = _values(_complex({name: factor * value for name, value in WILSON.items()}))
        assert row == pytest.approx(expected, rel=1e-6, abs=0)


def test_linear_covariance_against_draws() -> None:
    inputs = load_inputs()
    model = wet_model(tuple(WILSON), {name: (-abs(value), abs(value)) for name, value in WILSON.items()})
    _, jacobian = Predictions(model, [(n, {}) for n in NAMES], inputs).values_and_jacobian(np.array([list(WILSON.values())]))
    linear = np.sqrt(np.sum(jacobian[0] ** 2, axis=-1))
    read = set().union(*(inputs.point().reads_of(lambda p, n=n: load_registry().resolve(n).forms(p, {}))[1] for n in NAMES))
    directions = [d for d in inputs.directions() if read & set(d.shifts)]
    generator = np.random.default_rng(5)
    drawn = []
    for _ in range(400):
        shifts: dict[str, float] = {}
        for direction, size in zip(directions, generator.normal(size=len(directions)), strict=True):
            for name, shift in direction.shifts.items():
                if name in read and not name.startswith(("m_tau", "m_mu", "m_e")):
                    shifts[name] = shifts.get(name, 0.0) + size * shift
        drawn.append(_values(_complex(WILSON), shifts))
    spread = np.std(np.array(drawn), axis=0)
    # masses of leptons are left out of the draws, for speed: they are known to 7e-5 or better
    chosen = [k for k, name in enumerate(NAMES) if linear[k] > 1e-3 * abs(_values(_complex(WILSON))[k]) or name == "a_mu"]
    assert {"CR(mu->e, Al)", "CR(mu->e, Pb)", "a_mu", "BR(tau->mumumu)"} <= {NAMES[k] for k in chosen}
    # 400 draws: 3.5 %
    assert linear[chosen] == pytest.approx(spread[chosen], rel=0.15, abs=0)


class HighScale:
    """Dipoles and scalar operators at 2 TeV."""

    name, title, reference, eft, basis, scale = "high", "test model", "none", "SMEFT", "Warsaw up", 2000.0
    parameters = (Parameter("c", "c", "", 0.0, 1.0, 0.5),)

    def coefficients(self, points: np.ndarray) -> dict[str, np.ndarray]:
        (c,) = points.T
        return {"eB_12": 1e-13 * c, "eB_33": 1e-8 * c, "lequ1_1222": 1e-10 * c, "ledq_1233": 1e-10 * c, "le_1122": 1e-11 * c}


def test_from_the_high_scale() -> None:
    """Every coefficient is read in a theory that exists at its scale."""
    predictions = Predictions(HighScale(), [(name, {}) for name in NAMES])
    values = dict(zip(NAMES, predictions.values(np.array([[1.0]]))[0], strict=True))
    assert all(np.isfinite(list(values.values())))
    assert values["BR(mu->egamma)"] > 0
    assert values["CR(mu->e, Al)"] > 0
    # a dipole of the tau: a shift of a_tau, none of d_e
    assert values["a_tau"] != 1.17721e-3
    assert abs(values["d_e"]) < 1e-40  # the CKM phase, far below any measurement
