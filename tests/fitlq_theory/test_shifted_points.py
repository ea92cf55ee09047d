"""A shifted point repeats only what depends on the shifted inputs, and gets the same numbers as a fresh point."""

from __future__ import annotations

import numpy as np
import pytest

from fitlq_theory.compiled import Request
from fitlq_theory.inputs import load_inputs
from fitlq_theory.observables import load_registry
from fitlq_theory.parameter_point import ParameterPoint
from fitlq_theory.standard_model import typical_arguments


def point_of(**values: float) -> ParameterPoint:
    return ParameterPoint(values, {}, {})


class TestIntermediateResults:
    def test_taken_over_when_no_input_of_theirs_changed(self) -> None:
        calls: list[float] = []

        def compute(point: ParameterPoint) -> float:
            calls.append(point["a"])
            return 2 * point["a"]

        central = point_of(a=1.0, b=5.0)
        assert central.shared("twice a", compute) == 2.0
        shifted = central.shifted({"b": 1.0})
        assert shifted.shared("twice a", compute) == 2.0
        assert calls == [1.0]
        assert shifted.reads_of(lambda p: p.shared("twice a", compute))[1] == {"a"}

    def test_repeated_when_an_input_changed_that_a_nested_one_read(self) -> None:
        def inner(point: ParameterPoint) -> float:
            return point["a"] ** 2

        def outer(point: ParameterPoint) -> float:
            return 10 + point.shared("inner", inner)

        central = point_of(a=1.0)
        assert central.shared("outer", outer) == 11.0
        assert central.shifted({"a": 2.0}).shared("outer", outer) == 19.0
        assert central.shared("outer", outer) == 11.0


@pytest.mark.slow
@pytest.mark.parametrize("name", ["default", "flavio-2.7.1"])
def test_forms_equal_those_at_a_fresh_point(name: str) -> None:
    inputs = load_inputs(name)
    arguments = {o.name: typical_arguments(o) for o in load_registry() if not o.only_from_models}
    requests = [Request(o, at) for o in load_registry() if (at := arguments.get(o.name)) is not None]
    central = inputs.point()
    reads = [central.reads_of(lambda p, r=r: r.observable.forms(p, r.arguments))[1] for r in requests]
    compared = 0
    for direction in inputs.directions()[::3]:  # a third of them: each group of inputs has several
        shifted, fresh = central.shifted(direction.shifts), inputs.point(direction.shifts)
        for request, names in zip(requests, reads, strict=True):
            if names.isdisjoint(direction.shifts):
                continue
            found, expected = (request.observable.forms(p, request.arguments).quadratic for p in (shifted, fresh))
            assert np.array_equal(found, expected), (direction.name, request.observable.name)
            compared += 1
    assert compared > 1000
