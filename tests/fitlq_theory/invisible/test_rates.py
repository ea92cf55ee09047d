"""Rates into invisible pairs: numbers, limits, statistics, errors, use in a model."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.integrate import quad

from fitlq_theory.ckm import ckm_matrix
from fitlq_theory.constants import HBAR_GEV_PS
from fitlq_theory.contracts import Parameter
from fitlq_theory.electromagnetic_coupling import alpha_electromagnetic
from fitlq_theory.errors import InputError, UnknownNameError
from fitlq_theory.inputs import load_inputs
from fitlq_theory.invisible import (
    DARK_OPERATORS,
    DECAYS,
    acceptance,
    branching_ratio,
    bs_to_invisible,
    invisible_predictions,
    spectrum,
)
from fitlq_theory.linear_errors import value_and_jacobian
from fitlq_theory.observables import load_registry
from fitlq_theory.observables.dineutrino_coefficients import standard_model_coefficient
from fitlq_theory.predictions import Predictions
from tests.fitlq_theory.invisible.independent_numbers import INDEPENDENT, OPERATORS, quark_of, split

Real = NDArray[np.float64]

INPUTS = load_inputs("flavio-2.7.1")
POINT = INPUTS.point()
NAMES = st.sampled_from(sorted(DECAYS))


class TestNumbers:
    # the independent calculation integrates over q2 with 400 nodes from zero, through the threshold: good to 1e-3 only
    @pytest.mark.parametrize("mass", ["0.0", "0.1", "0.5", "1.0", "1.5", "2.0"])
    def test_real_scalar(self, mass: str) -> None:
        expected = INDEPENDENT["BR(B+->K+) of a real scalar, L = C/2 (sbar b) phi^2, per C^2 in GeV^2, by mass"][mass]
        rate = branching_ratio(POINT, "B+->Knunu", "phiS", "S", float(mass), self_conjugate=True, halved=True)
        assert rate == pytest.approx(expected, rel=1e-3, abs=0)
        largest = INDEPENDENT["largest C (1e-8 GeV^-1) of L = C/2 (sbar i gamma5 b) phi^2 for BR(B0->K*0) below 1e-5, by mass"]
        rate = branching_ratio(POINT, "B0->K*nunu", "phiS", "P", float(mass), self_conjugate=True, halved=True)
        assert 1e8 * np.sqrt(1e-5 / rate) == pytest.approx(largest[mass], rel=1e-3, abs=0)

    @pytest.mark.parametrize("key", sorted(INDEPENDENT["scale Lambda in TeV for BR(B+->K+) = 1.9e-5"]))
    def test_scales(self, key: str) -> None:
        operator, quark, mass = split(key)
        dark = DARK_OPERATORS[operator]
        scale = 1e3 * INDEPENDENT["scale Lambda in TeV for BR(B+->K+) = 1.9e-5"][key]
        rate = dark.coefficient(scale, mass) ** 2 * branching_ratio(POINT, "B+->Knunu", operator, quark, mass)
        assert rate == pytest.approx(1.9e-5, rel=1e-3, abs=0)

    @pytest.mark.parametrize("key", sorted(INDEPENDENT["BR(B0->K*0), BR(B+->K*+) where BR(B+->K+) = 1.9e-5"]))
    def test_vector_mesons(self, key: str) -> None:
        operator, quark, mass = split(key)
        unit = 1.9e-5 / branching_ratio(POINT, "B+->Knunu", operator, quark, mass)
        rates = [unit * branching_ratio(POINT, name, operator, quark, mass) for name in ("B0->K*nunu", "B+->K*nunu")]
        expected = INDEPENDENT["BR(B0->K*0), BR(B+->K*+) where BR(B+->K+) = 1.9e-5"][key]
        assert rates == pytest.approx(expected, rel=1e-3, abs=0)

    @pytest.mark.parametrize("key", sorted(k for k in INDEPENDENT["share of the rate in 3 < q2 < 7"] if " m=" in k))
    def test_shares(self, key: str) -> None:
        operator, quark, mass = split(key)
        nodes, weights = np.polynomial.legendre.leggauss(60)
        part = 2.0 * weights @ spectrum(POINT, "B+->Knunu", operator, quark, 5.0 + 2.0 * nodes, mass)
        share = part / branching_ratio(POINT, "B+->Knunu", operator, quark, mass)
        # the independent calculation adds up nodes between 3 and 7 GeV^2: at each edge half a spacing of 0.04 may be missing
        assert share == pytest.approx(INDEPENDENT["share of the rate in 3 < q2 < 7"][key], rel=0.03, abs=0)


class TestLimits:
    @pytest.mark.parametrize("name", sorted(DECAYS))
    def test_massless_chiral_fermions_are_standard_model_neutrinos(self, name: str) -> None:
        ckm = ckm_matrix(POINT["Vus"], POINT["Vub"], POINT["Vcb"], POINT["gamma"])
        coupling = 4 * POINT["GF"] / np.sqrt(2) * alpha_electromagnetic(POINT, 4.8) / (4 * np.pi)
        c = abs(coupling * ckm[2, 2] * ckm[2, 1].conj() * standard_model_coefficient(POINT, 4.8))
        # (c/2) (V - A)(V - A), three flavours
        rates = [branching_ratio(POINT, name, dark, quark, 0.0) for dark in ("chiV", "chiA") for quark in "VA"]
        expected = load_registry().resolve(f"BR({name})").forms(POINT, {}).quadratic[0, 0, 0]
        assert 3 * (c / 2) ** 2 * sum(rates) == pytest.approx(expected, rel=1e-8, abs=0)

    @given(NAMES, OPERATORS)
    def test_no_rate_above_threshold_and_square_root_behaviour_below(self, name: str, operator: str) -> None:
        parent, meson = DECAYS[name].masses(POINT)
        edge = 0.5 * (parent - meson)
        for quark in {"density": "SP", "current": "VA", "tensor": "T"}[DARK_OPERATORS[operator].structure]:
            rates = branching_ratio(POINT, name, operator, quark, edge * np.array([0.9, 0.9999, 1.0, 1.01, 3.0]))
            assert np.all(rates[2:] == 0)
            # phase space alone is quadratic in the distance to threshold
            assert rates[1] <= 2e-6 * max(rates[0], 1e-300) or rates[0] == 0

    @given(NAMES, st.sampled_from(["phiS", "phiV", "chiS", "chiP", "chiV", "chiA", "chiT", "chiT5"]))
    def test_massless_limit_is_smooth(self, name: str, operator: str) -> None:
        quark = quark_of(operator)
        rates = branching_ratio(POINT, name, operator, quark, np.array([0.0, 1e-3]))
        # corrections are m^2/GeV^2 times logarithms
        assert rates[1] == pytest.approx(rates[0], rel=1e-4, abs=0)

    @given(st.sampled_from([o for o in DARK_OPERATORS.values() if o.mass_power]), NAMES)
    def test_vectors_with_their_scale_stay_finite_without_mass(self, operator: Any, name: str) -> None:
        masses = np.array([1e-3, 1e-2])
        quark = quark_of(operator.name)
        rates = operator.coefficient(100.0, masses) ** 2 * branching_ratio(POINT, name, operator.name, quark, masses)
        # XT2 reaches B -> K with magnetic components only and vanishes
        assert rates[0] <= 1.005 * rates[1]

    def test_scalar_and_pseudoscalar_fermion_densities_agree_without_mass(self) -> None:
        for name, quark in (("B+->Knunu", "S"), ("B0->K*nunu", "P")):
            rates = [branching_ratio(POINT, name, dark, quark, 0.0) for dark in ("chiS", "chiP")]
            assert rates[0] == pytest.approx(rates[1], rel=1e-12, abs=0)

    def test_parity_forbids(self) -> None:
        for name, operator, quark in (
            ("B+->Knunu", "phiS", "P"),
            ("B+->Knunu", "chiV", "A"),
            ("B0->K*nunu", "phiS", "S"),
        ):
            assert branching_ratio(POINT, name, operator, quark, 0.3) == 0


class TestProperties:
    @settings(max_examples=60)
    @given(NAMES, OPERATORS, st.floats(0.02, 2.1))
    def test_positive_and_equal_to_adaptive_integration(self, name: str, operator: str, mass: float) -> None:
        end = DECAYS[name].end_point(POINT)
        for quark in {"density": "SP", "current": "VA", "tensor": "T"}[DARK_OPERATORS[operator].structure]:
            rate = branching_ratio(POINT, name, operator, quark, mass)
            assert rate >= 0
            if rate == 0 or 4 * mass**2 > 0.98 * end:
                continue
            density = partial(spectrum, POINT, name, operator, quark, mass=mass)
            direct = quad(lambda x, f=density: float(f(x)), 4 * mass**2, end, epsrel=1e-8, epsabs=0)[0]
            assert rate == pytest.approx(direct, rel=1e-6, abs=0)

    @given(NAMES, OPERATORS, st.floats(0.02, 2.1))
    def test_statistics(self, name: str, operator: str, mass: float) -> None:
        quark = quark_of(operator)
        full = branching_ratio(POINT, name, operator, quark, mass)
        same = branching_ratio(POINT, name, operator, quark, mass, self_conjugate=True)
        halved = branching_ratio(POINT, name, operator, quark, mass, self_conjugate=True, halved=True)
        exists = DARK_OPERATORS[operator].self_conjugate
        assert same == pytest.approx(2 * full if exists else 0, rel=1e-12, abs=0)
        assert halved == pytest.approx(0.5 * full if exists else 0, rel=1e-12, abs=0)

    def test_arrays_equal_single_numbers(self) -> None:
        masses = np.array([[0.0, 0.4], [1.0, 2.5]])
        together = branching_ratio(POINT, "B0->K*nunu", "chiA", "A", masses)
        alone = [float(branching_ratio(POINT, "B0->K*nunu", "chiA", "A", m)) for m in masses.ravel()]
        assert together.shape == (2, 2)
        assert together.ravel() == pytest.approx(alone, rel=1e-12, abs=0)

    def test_errors(self) -> None:
        with pytest.raises(UnknownNameError, match="chiV"):
            branching_ratio(POINT, "B+->Knunu", "chiv", "V", 0.1)
        with pytest.raises(UnknownNameError, match="decay"):
            branching_ratio(POINT, "B->K", "chiV", "V", 0.1)
        with pytest.raises(InputError, match="V or A"):
            branching_ratio(POINT, "B+->Knunu", "chiV", "S", 0.1)
        with pytest.raises(InputError, match=r"negative, found -0\.1 GeV"):
            branching_ratio(POINT, "B+->Knunu", "chiV", "V", [0.2, -0.1])
        with pytest.raises(InputError, match="must be positive"):
            branching_ratio(POINT, "B+->Knunu", "XS", "S", np.array([0.0, 1.0]))


class TestBsToInvisible:
    def test_fermions_are_helicity_suppressed_like_muons(self) -> None:
        mass, parent = np.array([0.0, 0.4, 2.0, 2.7]), POINT["m_Bs"]
        beta = np.sqrt(np.maximum(1 - 4 * mass**2 / parent**2, 0))
        width = POINT["f_Bs"] ** 2 * parent * mass**2 * beta / (2 * np.pi)
        rate = bs_to_invisible(POINT, "chiA", "A", mass)
        assert rate == pytest.approx(width * POINT["tau_Bs"] / HBAR_GEV_PS, rel=1e-12, abs=0)

    def test_real_scalars(self) -> None:
        m_b, m_s = 4.094054, 0.0759073  # of the independent calculation
        parent = POINT["m_Bs"]
        width = 0.5 * POINT["f_Bs"] ** 2 * parent**3 / (m_b + m_s) ** 2 * np.sqrt(1 - 4 * 1.0 / parent**2) / (16 * np.pi)
        rate = bs_to_invisible(POINT, "phiS", "P", 1.0, self_conjugate=True, halved=True)
        assert rate == pytest.approx(width * POINT["tau_Bs"] / HBAR_GEV_PS, rel=1e-4, abs=0)

    def test_nothing_for_other_bilinears(self) -> None:
        for operator, quark in (("phiS", "S"), ("chiV", "V"), ("chiV", "A"), ("phiV", "A"), ("chiT", "T")):
            assert bs_to_invisible(POINT, operator, quark, 0.5) == 0


class TestErrors:
    def test_linear_errors_against_draws(self) -> None:
        def compute(point: Any) -> Real:
            return np.array(
                [
                    float(branching_ratio(point, name, operator, quark, 0.8))
                    for name in ("B+->Knunu", "B0->K*nunu", "Bs->phinunu")
                    for operator, quark in (("chiV", "V"), ("chiA", "A"), ("phiS", "S"), ("phiS", "P"), ("chiT", "T"))
                ]
            )

        value, jacobian = value_and_jacobian(INPUTS, compute)
        linear = np.sqrt(np.sum(jacobian**2, axis=-1))
        generator, names = np.random.default_rng(5), tuple(INPUTS.parameters)
        _, reads = INPUTS.point().reads_of(compute)
        names = tuple(name for name in names if name in reads)
        draws = generator.multivariate_normal(np.zeros(len(names)), INPUTS.covariance(names), size=400)
        samples = np.array([compute(INPUTS.point(dict(zip(names, draw, strict=True)))) for draw in draws])
        spread, open_ = samples.std(axis=0), value > 0
        # 400 draws: a standard deviation is known to 3.5 %; 12 % is 3.5 sigma
        assert linear[open_] == pytest.approx(spread[open_], rel=0.12, abs=0)
        assert np.all((linear / np.where(open_, value, 1))[open_] < 0.3)


class RealScalar:
    """A real scalar of fixed mass coupled to sbar b."""

    name, title, reference, eft, basis, scale = "scalar", "", "", "WET", "flavio", None
    parameters = (
        Parameter("C", "C", "coupling", 0.0, 1e-7, 5e-8),
        Parameter("m", "m", "mass", 0.01, 2.6, 1.0),
    )

    def __init__(self, mode: Any) -> None:
        self.mode, self.point = mode, load_inputs().point()

    def coefficients(self, points: Real) -> Mapping[str, Any]:
        return {}

    def predictions(self, points: Real) -> Mapping[str, Real]:
        c, mass = points.T
        return invisible_predictions(self.point, "phiS", "S", c, mass, self_conjugate=True, halved=True, mode=self.mode)


class TestModel:
    def test_contributions_arrive_in_the_observables(self) -> None:
        names = ("BR(B+->Knunu)", "BR(B0->K*nunu)", "BR(Bs->invisible)")
        points = np.array([[0.0, 1.0], [8e-8, 1.0], [8e-8, 0.2]])
        seen = {}
        for mode in ("total", "kappa"):
            model = RealScalar(mode)
            predictions = Predictions(model, [(name, {}) for name in names])
            seen[mode] = predictions.values(points) - predictions.sm_values
            assert seen[mode][0] == pytest.approx(0, abs=1e-18)
        rate = branching_ratio(RealScalar("total").point, "B+->Knunu", "phiS", "S", points[:, 1])
        assert seen["total"][:, 0] == pytest.approx(0.5 * points[:, 0] ** 2 * rate, rel=1e-6, abs=1e-18)
        kappa = acceptance(RealScalar("total").point, "phiS", "S", points[:, 1])
        assert seen["kappa"][1:, 0] == pytest.approx((kappa * seen["total"][:, 0])[1:], rel=1e-6, abs=0)
        assert np.all(seen["total"][:, 1:] == 0)  # sbar b does not reach K* or the Bs

    def test_fixed_mass_is_integrated_once_with_the_same_result(self) -> None:
        couplings = np.array([1e-8, 3e-8])
        fixed = invisible_predictions(POINT, "chiA", "A", couplings, np.full(2, 0.7))
        free = invisible_predictions(POINT, "chiA", "A", couplings, np.array([0.7, 0.7 + 1e-12]))
        for name, rate in fixed.items():
            assert rate.shape == (2,)
            assert rate == pytest.approx(free[name], rel=1e-8, abs=0)

    def test_unknown_mode(self) -> None:
        with pytest.raises(InputError, match="total"):
            invisible_predictions(POINT, "chiA", "A", 1e-8, 0.7, mode="full")  # type: ignore[arg-type]
