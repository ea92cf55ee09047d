"""Standard Model predictions of all observables, and what their errors are made of."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from fitlq_theory import standard_model
from fitlq_theory.inputs import load_inputs
from fitlq_theory.observables import load_registry
from fitlq_theory.standard_model import error_shares, standard_model_predictions, typical_arguments

INPUTS = load_inputs()
REGISTRY = load_registry()


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FITLQ_CACHE", str(tmp_path))
    return tmp_path


def test_every_observable_has_possible_typical_arguments_and_a_process() -> None:
    for observable in REGISTRY:
        arguments = typical_arguments(observable)
        assert arguments is not None, observable.name
        observable.check_arguments(arguments)
        assert REGISTRY.titles[REGISTRY.process_of(observable.name)]
        assert observable.tex
        assert "$" not in observable.tex, observable.name


def test_predictions_come_from_the_cache_the_second_time(monkeypatch: pytest.MonkeyPatch) -> None:
    requests = [(REGISTRY.resolve(name), {}) for name in ("a_mu", "DeltaM_s")]
    first = standard_model_predictions(requests, INPUTS)
    monkeypatch.setattr(standard_model, "_evaluate", lambda *_: pytest.fail("evaluated again"))
    assert standard_model_predictions(requests, INPUTS) == first
    assert first[0].value == 1.16592033e-3
    assert first[0].error == pytest.approx(6.2e-10, rel=1e-6, abs=0)


def test_what_is_not_of_this_package_is_not_kept(cache: Path) -> None:
    foreign = replace(REGISTRY.resolve("a_mu"), forms=lambda p, a: REGISTRY.resolve("a_mu").forms(p, a))
    standard_model_predictions([(foreign, {})], INPUTS)
    assert list(cache.iterdir()) == []


@pytest.mark.parametrize("name", ["BR(B+->Knunu)", "DeltaM_s", "R(D)", "BR(K+->pinunu)", "eps_K", "R_trident"])
def test_shares_add_up_to_the_error(name: str) -> None:
    observable = REGISTRY.resolve(name)
    (prediction,) = standard_model_predictions([(observable, {})], INPUTS)
    shares = error_shares(observable, {}, INPUTS)
    if prediction.error:
        assert sum(one.share for one in shares) == pytest.approx(1.0, rel=1e-6, abs=0)
    assert np.sqrt(sum(one.error**2 for one in shares)) == pytest.approx(prediction.error, rel=1e-12, abs=0)
    assert [one.share for one in shares] == sorted((one.share for one in shares), reverse=True)


def test_shares_of_a_decay_constant_and_of_independent_inputs() -> None:
    # BR(B+ -> tau nu) is |Vub|^2 f_B^2 tau_B times what is exact at this level
    shares = {one.inputs: one for one in error_shares(REGISTRY.resolve("BR(B+->taunu)"), {}, INPUTS)}
    relative = {name: 2 * INPUTS.parameters[name].error / INPUTS.parameters[name].value for name in ("Vub", "f_B+")}
    ratio = shares[("Vub",)].share / shares[("f_B+",)].share
    assert ratio == pytest.approx((relative["Vub"] / relative["f_B+"]) ** 2, rel=1e-3, abs=0)


def test_correlated_inputs_are_one_source_and_form_factors_carry_the_name_of_their_set() -> None:
    shares = error_shares(REGISTRY.resolve("BR(B+->Knunu)"), {}, INPUTS)
    assert shares[0].label == "form factors B->K (B_to_K.bsz_grvdv2023)"
    assert shares[0].correlated
    mixing = error_shares(REGISTRY.resolve("DeltaM_s"), {}, INPUTS)
    assert mixing[0].inputs == tuple(f"bag_Bs_{k}" for k in range(1, 6))
    assert any(one.inputs == ("eta_tt_Bs",) and one.share == 0 for one in mixing)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("<P5p>(B0->K*mumu)", {"q2min": 1.1, "q2max": 6.0}),
        ("P5p(B0->K*mumu)", {"q2": 4.0}),
        ("<dBR/dq2>(B+->Ktautau)", {"q2min": 15.0, "q2max": 17.0}),
    ],
)
def test_typical_arguments_stay_away_from_the_charm_resonances(name: str, expected: dict[str, float]) -> None:
    assert typical_arguments(load_registry().resolve(name)) == expected
