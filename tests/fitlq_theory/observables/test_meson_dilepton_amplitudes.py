"""Amplitudes of B -> K l l and B -> K* l l against flavio, their power corrections, the angular coefficients and the nodes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.integrate import quad

from fitlq_theory.effective_coefficients import COEFFICIENTS
from fitlq_theory.errors import UnknownNameError
from fitlq_theory.inputs import load_inputs
from fitlq_theory.observables.meson_dilepton_amplitudes import VECTOR_AMPLITUDES, decay_amplitudes, without_standard_model
from fitlq_theory.observables.meson_dilepton_angular import (
    VECTOR_COEFFICIENTS,
    integrated_forms,
    pseudoscalar_kernels,
    vector_kernels,
)
from fitlq_theory.observables.meson_dilepton_bins import bin_nodes
from fitlq_theory.observables.meson_dilepton_modes import BPLUS_K, BZERO_K, BZERO_KSTAR, DileptonMode
from fitlq_theory.observables.meson_dilepton_power_corrections import power_corrections

Complex = NDArray[np.complex128]

REFERENCE = json.loads((Path(__file__).parent / "data" / "meson_dilepton_amplitudes.json").read_text(encoding="utf-8"))
FLAVIO, DEFAULT = load_inputs("flavio-2.7.1"), load_inputs()
FLAVIO_POINT, POINT = FLAVIO.point(), DEFAULT.point()
MODES = {"vector": BZERO_KSTAR, "pseudoscalar": BPLUS_K}


def complex_array(pairs: Any) -> Complex:
    return np.array([complex(*pair) for pair in pairs])


def coefficient_vector(point: str, *, conjugate: bool) -> Complex:
    values = {name: complex(*value) for name, value in REFERENCE["points"][point].items()}
    c = np.array([1.0, *(values.get(name, 0.0) for name in COEFFICIENTS)], dtype=np.complex128)
    return c.conj() if conjugate else c


def amplitudes(mode: DileptonMode, q2: float, *, conjugate: bool = False, point: Any = FLAVIO_POINT) -> Complex:
    mass = point["m_mu"]
    return decay_amplitudes(point, mode, np.array([q2]), (mass, mass), conjugate=conjugate)[0]


@pytest.mark.parametrize("entry", REFERENCE["amplitudes"], ids=lambda e: f"{e['point']} {e['q2']} {e['conjugate']}")
@pytest.mark.parametrize("kind", ["vector", "pseudoscalar"])
def test_new_physics_in_amplitudes_meets_flavio(kind: str, entry: dict[str, Any]) -> None:
    conjugate = entry["conjugate"]
    standard = next(e for e in REFERENCE["amplitudes"] if (e["point"], e["q2"], e["conjugate"]) == ("SM", entry["q2"], conjugate))
    rows = amplitudes(MODES[kind], entry["q2"], conjugate=conjugate)
    rows[:, 3] = rows[:, 4] = 0.0  # C8: the two-loop functions differ
    found = rows @ (coefficient_vector(entry["point"], conjugate=conjugate) - coefficient_vector("SM", conjugate=conjugate))
    expected = complex_array(entry[kind]) - complex_array(standard[kind])
    # flavio conjugates the CKM matrix by a change of gamma that is wrong by 2.4e-5 (docs/differences.md)
    scale = np.abs(complex_array(entry[kind])).max()
    np.testing.assert_allclose(found, expected, rtol=5e-5 if conjugate else 1e-8, atol=1e-9 * scale)


@pytest.mark.parametrize("kind", ["vector", "pseudoscalar"])
def test_standard_model_amplitudes_meet_flavio_without_spectators(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = np.zeros((3, 1, len(COEFFICIENTS) + 1), dtype=np.complex128)
    monkeypatch.setattr("fitlq_theory.observables.meson_dilepton_amplitudes._spectator", lambda *_, **__: nothing, raising=True)
    for entry in (e for e in REFERENCE["amplitudes"] if e["point"] == "SM"):
        mass = FLAVIO_POINT["m_mu"]
        # a point of its own: the one of the module remembers spectator scattering
        rows = decay_amplitudes(FLAVIO.point(), MODES[kind], np.array([entry["q2"]]), (mass, mass), conjugate=entry["conjugate"])[
            0
        ]
        # exact two-loop functions instead of a coarse table: 2.6e-3 at 0.3 GeV^2, 2e-4 above 1 GeV^2
        np.testing.assert_allclose(rows[:, 0], complex_array(entry[kind]), rtol=3e-3, atol=0)


@pytest.mark.parametrize("kind", ["vector", "pseudoscalar"])
def test_power_corrections_in_amplitudes_meet_flavio(kind: str) -> None:
    shifted = FLAVIO_POINT.shifted(REFERENCE["shifts"])
    for entry in (e for e in REFERENCE["amplitudes"] if f"{kind} shift" in e):
        found = amplitudes(MODES[kind], entry["q2"], point=shifted) - amplitudes(MODES[kind], entry["q2"])
        expected = complex_array(entry[f"{kind} shift"])
        # the difference of two amplitudes loses two or three digits
        np.testing.assert_allclose(found[:, 0], expected, rtol=1e-8, atol=1e-9 * np.abs(expected).max())
        assert not found[:, 1:].any()


def test_power_corrections_by_choice() -> None:
    q2 = np.array([3.0, 9.0, 9.1, 14.0, 17.0])
    shifts = {"charm loops DeltaC9 low value Re": 1.0, "charm loops DeltaC9 high slope Im": 0.5}
    free = load_inputs("default", {"charm loops": "free"}).point(shifts)
    for mode in (BZERO_K, BZERO_KSTAR):
        for helicity, shift in power_corrections(free, mode, q2).vector.items():
            np.testing.assert_allclose(shift, [1.0, 1.0, 0.0, 0.0, 0.5j * (17.0 - 18.0) / 4.0], err_msg=helicity)
    size = {"B0->K*0 delta_C7 a_0 Re": 0.1, "B0->K*0 deltaC9 c_+ Im": 0.2}
    moved = power_corrections(DEFAULT.point(size), BZERO_KSTAR, q2)
    assert np.abs(moved.dipole["0"])[:2].min() > 0.05
    assert not np.any(moved.dipole["0"][2:])
    np.testing.assert_array_equal(moved.vector["+"], [0, 0, 0, 0, 0.2j])
    none = load_inputs("default", {"charm loops": "none"}).point(size)
    _, reads = none.reads_of(lambda p: power_corrections(p, BZERO_KSTAR, q2))
    assert not reads
    strange = DileptonMode("B0->K2*", "B0", "K*0_2", "B->K*", vector=True, tex="")
    with pytest.raises(UnknownNameError, match="K\\*0_2"):
        power_corrections(POINT, strange, q2)


def test_lepton_flavour_violation_has_no_standard_model() -> None:
    masses = POINT["m_mu"], POINT["m_tau"]
    rows = decay_amplitudes(POINT, BZERO_KSTAR, np.array([5.0]), masses)
    reduced = without_standard_model(rows)
    assert reduced.shape == (1, 8, 9)
    assert not reduced[..., 0].any()
    np.testing.assert_array_equal(reduced[..., 1:], rows[..., 5:])
    # only for different masses is the vector current of the leptons not conserved: C9 in S
    sigma = (masses[0] - masses[1]) / 5.0
    np.testing.assert_allclose(reduced[0, 7, 1], sigma * reduced[0, 7, 5], rtol=1e-12)


def conventional_coefficients(left: Complex, right: Complex, scalar: complex, time: complex, b: float, x: float) -> Any:
    """J_i of arXiv:0811.1214 as remembered, for equal masses; amplitudes (perp, para, 0); x = m/sqrt(q2)."""
    (pl, al, zl), (pr, ar, zr) = left, right

    def norm(*values: complex) -> float:
        return float(sum(abs(v) ** 2 for v in values))

    return {
        "1s": (2 + b * b) / 4 * norm(pl, al, pr, ar) + 4 * x * x * (pl * pr.conjugate() + al * ar.conjugate()).real,
        "1c": norm(zl, zr) + 4 * x * x * (abs(time) ** 2 + 2 * (zl * zr.conjugate()).real) + b * b * abs(scalar) ** 2,
        "2s": b * b / 4 * norm(pl, al, pr, ar),
        "2c": -b * b * norm(zl, zr),
        "3": b * b / 2 * (norm(pl, pr) - norm(al, ar)),
        "4": b * b / np.sqrt(2) * (zl * al.conjugate() + zr * ar.conjugate()).real,
        "5": np.sqrt(2) * b * (zl * pl.conjugate() - zr * pr.conjugate() - x * (al + ar) * scalar.conjugate()).real,
        "6s": 2 * b * (al * pl.conjugate() - ar * pr.conjugate()).real,
        "6c": 4 * b * x * ((zl + zr) * scalar.conjugate()).real,
        "7": np.sqrt(2) * b * (zl * al.conjugate() - zr * ar.conjugate() + x * (pl + pr) * scalar.conjugate()).imag,
        "8": b * b / np.sqrt(2) * (zl * pl.conjugate() + zr * pr.conjugate()).imag,
        "9": b * b * (al.conjugate() * pl + ar.conjugate() * pr).imag,
    }


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 10**6), st.floats(0.0, 0.45))
def test_angular_coefficients_are_those_of_transversity_amplitudes(seed: int, x: float) -> None:
    rng = np.random.default_rng(seed)
    left, right = rng.normal(size=(2, 3)) + 1j * rng.normal(size=(2, 3))
    scalar, time = complex(*rng.normal(size=2)), complex(*rng.normal(size=2))
    q2 = 3.0
    mass, b = x * np.sqrt(q2), np.sqrt(1 - 4 * x * x)
    h = dict.fromkeys(VECTOR_AMPLITUDES, 0j)
    for current, (perp, para, long) in (("V", left + right), ("A", right - left)):
        h["+" + current], h["-" + current] = (para + perp) / np.sqrt(2), (para - perp) / np.sqrt(2)
        h["0" + current] = -long
    h["P"], h["S"] = 2 * x * time, -scalar
    vector = np.array(list(h.values()))
    kernels = vector_kernels(np.array([q2]), (5.28, 0.89), (mass, mass))[0]
    found = np.einsum("a,cab,b->c", vector.conj(), kernels, vector)
    expected = conventional_coefficients(left, right, scalar, time, b, x)
    # V and A are sum and difference of right- and left-handed amplitudes: |V|^2 + |A|^2 = 2 (|L|^2 + |R|^2)
    unit = 2 * kernels[VECTOR_COEFFICIENTS.index("2s"), 2, 2].real * 4 / b**2
    for name, value in zip(VECTOR_COEFFICIENTS, found, strict=True):
        sign = -1 if name in ("4", "6s", "6c", "7", "9") else 1
        assert value.imag == pytest.approx(0.0, abs=1e-12 * unit)
        assert value.real == pytest.approx(unit * sign * expected[name], rel=1e-9, abs=1e-9 * unit), name


def test_massless_leptons() -> None:
    kernels = vector_kernels(np.array([0.5, 6.0, 18.0]), (5.28, 0.89), (0.0, 0.0))
    k = dict(zip(VECTOR_COEFFICIENTS, kernels.transpose(1, 0, 2, 3), strict=True))
    np.testing.assert_allclose(k["1s"], 3 * k["2s"], rtol=1e-9)
    without_scalars = k["1c"].copy()
    without_scalars[:, 6:, 6:] = 0.0
    np.testing.assert_allclose(without_scalars, -k["2c"], rtol=1e-9)
    assert not k["6c"].any()


def test_kernels_of_different_masses_approach_those_of_equal_ones() -> None:
    q2 = np.array([0.5, 6.0, 18.0])
    for make in (vector_kernels, pseudoscalar_kernels):
        equal, close = (make(q2, (5.28, 0.89), (0.1, second)) for second in (0.1, 0.1 + 1e-11))
        np.testing.assert_allclose(close, equal, rtol=1e-9, atol=1e-9 * np.abs(equal).max())
        exchanged = make(q2, (5.28, 0.89), (1.7, 0.1)), make(q2, (5.28, 0.89), (0.1, 1.7))
        # the exchange reverses the sign of what is proportional to the difference of masses only
        np.testing.assert_allclose(np.abs(exchanged[0]), np.abs(exchanged[1]), rtol=1e-12)


def test_end_point_does_not_depend_on_new_physics() -> None:
    mass = POINT["m_mu"]
    end = BZERO_KSTAR.end_point(POINT)
    q2 = np.array([end * (1 - 1e-13)])
    rows = decay_amplitudes(POINT, BZERO_KSTAR, q2, (mass, mass))[0]
    c = np.ones(13, dtype=np.complex128)
    h = dict(zip(VECTOR_AMPLITUDES, rows @ c, strict=True))
    for current in "VA":
        # only one direction is left: the helicities are those of an S wave; those of form factors obey it in 0 only roughly
        assert abs(h["+" + current] / h["-" + current]) == pytest.approx(1.0, rel=1e-5, abs=0)
    kernels = vector_kernels(np.array([end * (1 - 1e-9)]), BZERO_KSTAR.masses(POINT), (mass, mass))
    rows = decay_amplitudes(POINT, BZERO_KSTAR, np.array([end * (1 - 1e-9)]), (mass, mass))
    forms = integrated_forms(kernels, rows, rows)
    values = dict(zip(VECTOR_COEFFICIENTS, np.einsum("k,ckl,l->c", c, forms, c).real, strict=True))
    assert values["3"] / (2 * values["2s"]) == pytest.approx(-1.0, rel=1e-5, abs=0)
    # their size follows the root of the distance, 3e-5
    assert abs(values["6s"] / values["2s"]) < 1e-3


def test_forms_are_hermitian_and_rates_positive() -> None:
    mass = POINT["m_mu"]
    q2 = np.array([0.3, 4.0, 16.0])
    weights = np.array([0.7, -1j, 1.0, 0.3, 2j, 1.0, 0.2, -0.4, 1.0, 0.2j, 0.1, 0.5, 0.9])
    for mode, kernels in ((BZERO_KSTAR, vector_kernels), (BPLUS_K, pseudoscalar_kernels)):
        rows = decay_amplitudes(POINT, mode, q2, (mass, mass))
        k = kernels(q2, mode.masses(POINT), (mass, mass))
        forms = integrated_forms(k, rows, rows)
        np.testing.assert_allclose(forms, forms.conj().transpose(0, 2, 1), atol=1e-12 * np.abs(forms).max())
        # the same sum, one node at a time
        amplitudes_at = rows @ weights
        expected = np.einsum("na,ncab,nb->c", amplitudes_at.conj(), k, amplitudes_at)
        found = np.einsum("k,ckl,l->c", weights.conj(), forms, weights)
        np.testing.assert_allclose(found, expected, rtol=1e-10, atol=1e-12 * np.abs(expected).max())
        assert np.linalg.eigvalsh(forms[0]).min() > -1e-12 * np.abs(forms[0]).max()


@settings(max_examples=25, deadline=None)
@given(st.floats(0.0, 18.0), st.floats(0.5, 10.0), st.sampled_from([0.000511, 0.10566, 1.7769]))
def test_nodes_of_a_bin(lower: float, width: float, mass: float) -> None:
    limits = (4 * mass**2, 19.2)
    edges = (lower, max(lower + width, limits[0] + 0.1))
    q2, weights = bin_nodes(edges, limits, (9.0, 9.0, 14.0))
    inside = max(edges[0], limits[0]), min(edges[1], limits[1])
    assert np.all((q2 > inside[0]) & (q2 < inside[1]))
    assert np.all(np.diff(q2) > 0)

    # photon pole with the roots of threshold and end point
    def rate(x: Any) -> Any:
        return np.sqrt((1 - limits[0] / x) * (limits[1] - x)) * (1 / x + 1)

    expected = quad(lambda t: rate(np.exp(t)) * np.exp(t), *np.log(inside), limit=200, epsrel=1e-10, epsabs=0)[0]
    assert weights @ rate(q2) == pytest.approx(expected, rel=2e-5, abs=0)
