from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitlq_theory.errors import InputError
from fitlq_theory.evolution.scale_grid import interpolation_weights, nodes_around

NODES = np.array([500.0, 1000.0, 2000.0, 5000.0])


@given(st.lists(st.floats(500.0, 5000.0), min_size=1, max_size=5))
def test_weights_reproduce_the_logarithm(scales: list[float]) -> None:
    weights = interpolation_weights(NODES, np.array(scales), "scale")
    np.testing.assert_allclose(weights.sum(axis=-1), 1.0, rtol=1e-14, atol=0)
    np.testing.assert_allclose(weights @ np.log(NODES), np.log(scales), rtol=1e-12, atol=0)
    assert (weights >= 0).all()
    assert ((weights > 0).sum(axis=-1) <= 2).all()


@pytest.mark.parametrize(
    ("range_", "expected"),
    [((1000.0, 1000.0), (1,)), ((1500.0, 1500.0), (1, 2)), ((500.0, 5000.0), (0, 1, 2, 3)), ((1000.0, 2001.0), (1, 2, 3))],
)
def test_only_the_nodes_that_are_needed(range_: tuple[float, float], expected: tuple[int, ...]) -> None:
    assert nodes_around(NODES.tolist(), *range_, "scale") == expected


@pytest.mark.parametrize("range_", [(499.0, 600.0), (600.0, 5001.0), (700.0, 600.0), (float("nan"), 600.0)])
def test_outside(range_: tuple[float, float]) -> None:
    with pytest.raises(InputError, match="is outside the range of the running, 500 to 5000 GeV"):
        nodes_around(NODES.tolist(), *range_, "scale")


def test_a_single_node_is_that_scale_only() -> None:
    node = np.array([1500.0])
    np.testing.assert_array_equal(interpolation_weights(node, np.array([1500.0, 1500.0]), "scale"), [[1.0], [1.0]])
    with pytest.raises(InputError, match="1600 GeV is outside"):
        interpolation_weights(node, np.array([1600.0]), "scale")
