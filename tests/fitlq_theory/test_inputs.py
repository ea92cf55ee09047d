"""Named sets of theory inputs."""

from __future__ import annotations

import numpy as np
import pytest

from fitlq_theory.errors import UnknownNameError
from fitlq_theory.inputs import input_choices, input_sets, load_inputs

ALL_CHOICES = [(key, option) for key, options in input_choices().items() for option in options]


def test_sets_are_listed_with_descriptions() -> None:
    assert {"default", "flavio-2.7.1"} <= set(input_sets())
    assert all(text for text in input_sets().values())


@pytest.mark.parametrize(("key", "option"), ALL_CHOICES)
def test_every_option_loads_and_has_a_valid_covariance(key: str, option: str) -> None:
    inputs = load_inputs("default", {key: option})
    assert inputs.choices[key] == option
    for block in inputs.blocks:
        assert np.linalg.eigvalsh(block.correlation).min() > -1e-8
        assert np.abs(block.correlation).max() <= 1.0


def test_directions_reproduce_the_covariance() -> None:
    inputs = load_inputs()
    names = tuple(inputs.parameters)
    shifts = np.array([[d.shifts.get(n, 0.0) for n in names] for d in inputs.directions()])
    covariance = inputs.covariance(names)
    scale = np.sqrt(np.outer(np.diag(covariance), np.diag(covariance)))
    scale[scale == 0] = 1.0
    # eigenvalues below 1e-10 are dropped: they are rounding of published correlations
    assert np.abs((shifts.T @ shifts - covariance) / scale).max() < 1e-8


def test_every_parameter_has_unit_source_and_status() -> None:
    for parameter in load_inputs().parameters.values():
        assert parameter.source
        assert parameter.status
        assert np.isfinite(parameter.value)
        assert parameter.error >= 0


def test_hash_follows_content() -> None:
    assert load_inputs().content_hash() == load_inputs().content_hash()
    assert load_inputs().content_hash() != load_inputs("default", {"b->c": "lattice"}).content_hash()


@pytest.mark.parametrize(
    ("name", "choices", "message"),
    [
        ("flavio", {}, "flavio-2.7.1"),
        ("default", {"b->s": "x"}, "b->c"),
        ("default", {"b->c": "latice"}, "lattice"),
    ],
)
def test_unknown_names_are_answered_with_the_nearest(name: str, choices: dict[str, str], message: str) -> None:
    with pytest.raises(UnknownNameError, match=message):
        load_inputs(name, choices)


def test_unknown_parameter() -> None:
    with pytest.raises(UnknownNameError, match="Vcb"):
        load_inputs().point()["V_cb"]


def test_point_records_what_is_read_also_through_shared_results() -> None:
    point = load_inputs().point()
    first, reads = point.reads_of(lambda p: p.shared("x", lambda q: q["Vcb"] + q["m_b"]))
    again, reads_again = point.reads_of(lambda p: p.shared("x", lambda _: pytest.fail("computed twice")))
    assert first == again
    assert reads == reads_again == {"Vcb", "m_b"}


def test_a_set_like_another_takes_what_it_does_not_say() -> None:
    usual, eos = load_inputs(), load_inputs("eos-like")
    assert eos.name == "eos-like"
    assert {key for key in usual.choices if usual.choices[key] != eos.choices[key]} == {"b->c"}
    assert eos.choices["b->c"] == "gkvd"
    assert eos.form_factor_sets["B->D"].name == load_inputs("default", {"b->c": "gkvd"}).form_factor_sets["B->D"].name
    assert eos.content_hash() == load_inputs("default", {"b->c": "gkvd"}).content_hash()
    assert load_inputs("eos-like", {"b->c": "lattice"}).choices["b->c"] == "lattice"
