"""Spectator scattering in B -> V l l against flavio's integrals, and its limits and symmetries."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fitlq_theory.effective_coefficients import COEFFICIENTS, HIGHEST_Q2, spectator_scattering
from fitlq_theory.effective_coefficients.light_cone import b_meson_moment, inverse_minus_moment, transverse_decay_constant
from fitlq_theory.effective_coefficients.spectator_scattering import SPECTATOR_TRANSITIONS
from fitlq_theory.errors import InputError, UnknownNameError
from fitlq_theory.inputs import Inputs, load_inputs
from fitlq_theory.observables.b_to_vector_photon import MODES
from fitlq_theory.observables.radiative_matrix_elements import ckm_ratio, standard_model
from fitlq_theory.observables.vector_photon_amplitudes import spectator_amplitude
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.qcd import pole_mass

REFERENCE = json.loads((Path(__file__).parent / "data" / "spectator_scattering.json").read_text(encoding="utf-8"))
FLAVIO, DEFAULT = load_inputs("flavio-2.7.1"), load_inputs()
C8, C8P = 1 + COEFFICIENTS.index("C8"), 1 + COEFFICIENTS.index("C8p")
Q2 = np.array([0.001, 0.05, 0.5, 2.0, 4.0, 6.0, 8.5])


def matched(inputs: Inputs) -> ParameterPoint:
    """`inputs` with the pole masses (1e-6 apart) and tensor decay constants (1e-3 apart: running) that flavio has."""
    goal, shifts = REFERENCE["inputs"], {"m_b": 0.0, "m_c": 0.0}
    for _ in range(6):
        point = inputs.point(shifts)
        for quark in ("b", "c"):
            shifts[f"m_{quark}"] += goal[f"m_{quark} pole"] - pole_mass(point, quark)  # type: ignore[arg-type]
    point = inputs.point(shifts)
    for vector, name in (("K*0", "f_perp_K*"), ("phi", "f_perp_phi")):
        shifts[name] = point[name] * (goal["f_perp(4.8)"][vector] / transverse_decay_constant(point, vector, 4.8) - 1)
    return inputs.point(shifts)


def with_binding_energy(parent: str) -> ParameterPoint:
    """flavio's lambda_B as an input of the standard treatment."""
    inputs = load_inputs("flavio-2.7.1", {"b->s ll": "standard"})
    goal = b_meson_moment(matched(FLAVIO), parent, from_binding_energy=True)
    point = matched(inputs)
    assert pole_mass(point, "b") == pytest.approx(REFERENCE["inputs"]["m_b pole"], rel=1e-10, abs=0)
    ratio = point["lambda_Bs/lambda_B"] if parent == "Bs" else 1.0
    values = {name: point[name] - inputs.point()[name] for name in ("m_b", "m_c", "f_perp_K*", "f_perp_phi")}
    return inputs.point(values | {"lambda_B": goal / ratio - point["lambda_B"]})


MATCHED = matched(FLAVIO)
# flavio keeps m^2 - 1e-8 i GeV^2, and the coefficients at 4.8 GeV are stored with nine digits: 3e-8, and 1.5e-7 in the conjugate
# decay of B+ -> K*+, where terms cancel
TOLERANCE = 2e-7
STANDARD = [e for e in REFERENCE["entries"] if e["C8"] == [0.0, 0.0]]
NEW = [e for e in REFERENCE["entries"] if e["C8"] != [0.0, 0.0]]


def entry_id(entry: dict[str, Any]) -> str:
    return f"{entry['transition']} {entry['q2']}{' conjugate' if entry['conjugate'] else ''}"


@pytest.mark.parametrize("entry", STANDARD, ids=entry_id)
def test_against_direct_integrals_of_flavio(entry: dict[str, Any]) -> None:
    # 2e-3: running of f_perp
    for point, tolerance in ((MATCHED, TOLERANCE), (FLAVIO.point(), 2e-3)):
        found = spectator_scattering(point, entry["transition"], np.array([entry["q2"]]), conjugate=entry["conjugate"])
        for field in ("longitudinal", "minus"):
            row = getattr(found, field)[0]
            # B+ -> K*+ has a zero of the longitudinal amplitude near 6 GeV^2
            size = max(abs(complex(*entry[field])), 0.1 / np.sqrt(entry["q2"]))
            assert abs(row[0] - complex(*entry[field])) < tolerance * size, field
            assert not np.any(row[1:])
        assert not np.any(found.plus)


@pytest.mark.parametrize("entry", NEW, ids=entry_id)
def test_new_chromomagnetic_operator(entry: dict[str, Any]) -> None:
    """flavio's integrals with a complex C8 instead of its Standard Model value."""
    centre = next(e for e in STANDARD if entry_id(e) == entry_id(entry))
    found = spectator_scattering(
        with_binding_energy(SPECTATOR_TRANSITIONS[entry["transition"]].parent), entry["transition"], np.array([entry["q2"]])
    )
    for field in ("longitudinal", "minus"):
        expected = (complex(*entry[field]) - complex(*centre[field])) / complex(*entry["C8"])
        assert abs(getattr(found, field)[0, C8] / expected - 1) < 1e-8, field


@pytest.mark.parametrize("transition", SPECTATOR_TRANSITIONS)
@pytest.mark.parametrize("inputs", [FLAVIO, DEFAULT], ids=lambda i: i.name)
def test_real_photon(transition: str, inputs: Inputs) -> None:
    """q2 -> 0: the amplitude of B -> V gamma, which has its own integrals."""
    point, parent = inputs.point(), SPECTATOR_TRANSITIONS[transition].parent
    coefficients = standard_model(point, 4.8, "s")
    rest, slope = spectator_amplitude(point, MODES[parent], coefficients, ckm_ratio(point, "s"))
    q2, mass = np.array([1e-7]), point[f"m_{parent}"]
    found = spectator_scattering(point, transition, q2)
    norm = -2j * pole_mass(point, "b") * (mass**2 - q2[0]) / q2[0]
    # the approach is q2 ln^2 q2
    total = rest + slope * coefficients.chromomagnetic
    assert found.minus[0, 0] / norm == pytest.approx(total, rel=1e-6, abs=0)
    if inputs is DEFAULT:
        assert found.minus[0, C8] / norm == pytest.approx(slope, rel=1e-6, abs=0)
        assert found.plus[0, 0] / norm == pytest.approx(-slope * coefficients.chromomagnetic_flipped, rel=1e-6, abs=0)
    else:
        assert not np.any(found.plus)


@pytest.mark.parametrize("transition", SPECTATOR_TRANSITIONS)
@settings(max_examples=10, deadline=None)
@given(gamma=st.floats(0.1, 3.0))
def test_conjugate_decay(transition: str, gamma: float) -> None:
    """The conjugate decay has the opposite weak phase and the same strong ones."""
    here, mirrored = (DEFAULT.point({"gamma": sign * gamma - DEFAULT.parameters["gamma"].value}) for sign in (1, -1))
    conjugate, other = spectator_scattering(here, transition, Q2, conjugate=True), spectator_scattering(mirrored, transition, Q2)
    for field in ("longitudinal", "minus", "plus"):
        assert getattr(conjugate, field) == pytest.approx(getattr(other, field), rel=1e-12, abs=0)
    straight = spectator_scattering(here, transition, Q2)
    assert np.all(np.abs(straight.minus[:, 0] / conjugate.minus[:, 0] - 1) > 1e-4 * abs(np.sin(gamma)))
    for column in (C8, C8P):  # no weak phase
        np.testing.assert_array_equal(straight.longitudinal[:, column], conjugate.longitudinal[:, column])


@pytest.mark.parametrize("transition", SPECTATOR_TRANSITIONS)
def test_chromomagnetic_operators(transition: str) -> None:
    """C8 as C8eff of the Standard Model, C8' as its mirror image, nothing else."""
    centre = DEFAULT.point()
    shift = 1e-3
    shifted = DEFAULT.point({"C8eff(4.8 GeV) SM": shift})
    found, moved = (spectator_scattering(p, transition, Q2) for p in (centre, shifted))
    slope = (moved.minus[:, 0] - found.minus[:, 0]) / shift
    assert slope == pytest.approx(found.minus[:, C8], rel=1e-9, abs=0)
    mass_ratio = found.plus[:, 0] / (found.plus[:, C8P] * centre["C8eff(4.8 GeV) SM"])
    assert mass_ratio == pytest.approx(np.full(len(Q2), 0.0185), rel=0.02, abs=0)  # m_s/m_b
    slope = (moved.longitudinal[:, 0] - found.longitudinal[:, 0]) / shift
    assert slope == pytest.approx((1 - mass_ratio) * found.longitudinal[:, C8], rel=1e-9, abs=0)
    np.testing.assert_array_equal(found.longitudinal[:, C8P], -found.longitudinal[:, C8])
    np.testing.assert_array_equal(found.plus[:, C8P], -found.minus[:, C8])
    for field, filled in (("longitudinal", {0, C8, C8P}), ("minus", {0, C8}), ("plus", {0, C8P})):
        assert set(np.flatnonzero(np.any(getattr(found, field) != 0, axis=0))) == filled


def test_b_meson_moment() -> None:
    """T_perp is linear in 1/lambda_B, its chromomagnetic part proportional; lambda_B,- depends on q2/lambda_B only."""
    value = DEFAULT.parameters["lambda_B"].value
    rows = {
        factor: spectator_scattering(DEFAULT.point({"lambda_B": (factor - 1) * value}), "B+->K*+", Q2)
        for factor in (1.0, 2.0, 0.5)
    }
    assert rows[2.0].minus[:, C8] == pytest.approx(rows[1.0].minus[:, C8] / 2, rel=1e-12, abs=0)
    steps = rows[0.5].minus[:, 0] - rows[1.0].minus[:, 0], rows[1.0].minus[:, 0] - rows[2.0].minus[:, 0]
    assert steps[0] == pytest.approx(2 * steps[1], rel=1e-10, abs=0)
    one, two = inverse_minus_moment(Q2, 5.28, 0.4), inverse_minus_moment(2 * Q2, 5.28, 0.8)
    assert one == pytest.approx(2 * two, rel=1e-12, abs=0)
    # in the standard treatment it is an input, also that of Bs; in flavio's it follows from masses
    for transition in SPECTATOR_TRANSITIONS:
        reads = {i.name: i.point().reads_of(lambda p, t=transition: spectator_scattering(p, t, Q2))[1] for i in (DEFAULT, FLAVIO)}
        assert "lambda_B" in reads["default"]
        assert ("lambda_Bs/lambda_B" in reads["default"]) is (transition == "Bs->phi")
        assert "lambda_B" not in reads["flavio-2.7.1"]


def test_inputs_that_matter() -> None:
    """Every moment and decay constant has the effect of its amplitude; charges of the spectator."""
    centre = spectator_scattering(DEFAULT.point(), "Bs->phi", Q2)
    for name, fields in (
        ("f_Bs", ("longitudinal", "minus")),
        ("f_phi", ("longitudinal", "minus")),
        ("f_perp_phi", ("minus",)),
        ("a2_para_phi", ("longitudinal",)),
        ("a2_perp_phi", ("minus",)),
        ("m_c", ("longitudinal", "minus")),
    ):
        moved = spectator_scattering(DEFAULT.point({name: DEFAULT.parameters[name].error}), "Bs->phi", Q2)
        for field in ("longitudinal", "minus"):
            changed = np.abs(getattr(moved, field)[:, 0] / getattr(centre, field)[:, 0] - 1).min() > 1e-6
            assert changed == (field in fields), (name, field)
    # the gluon couples to the charge of the spectator in O8 of longitudinal mesons: factor -2, and isospin-breaking masses
    neutral, charged = (spectator_scattering(DEFAULT.point(), t, Q2).longitudinal[:, C8] for t in ("B0->K*0", "B+->K*+"))
    ratio = DEFAULT.parameters["f_B+"].value / DEFAULT.parameters["f_B0"].value
    assert charged == pytest.approx(-2 * ratio * neutral, rel=3e-3, abs=0)


def test_wrong_arguments() -> None:
    point = DEFAULT.point()
    with pytest.raises(UnknownNameError, match=r"B0->K\*'.*B0->K\*0"):
        spectator_scattering(point, "B0->K*", Q2)
    for wrong in (0.0, -1.0, HIGHEST_Q2 + 0.1, np.nan):
        with pytest.raises(InputError, match=r"allowed is 0 < q2 <= 8\.9"):
            spectator_scattering(point, "Bs->phi", np.array([1.0, wrong]))
