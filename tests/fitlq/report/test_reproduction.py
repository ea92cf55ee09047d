from __future__ import annotations

import shlex

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fitlq.analysis import Analysis
from fitlq.cli.fit import parser
from fitlq.cli.problem_options import analysis_from
from fitlq.report.reproduction import command_line

NAMES = st.sampled_from(["yL1", "yL2", "yR2", "gZp", "mS1"])
NUMBERS = st.floats(-1e3, 1e3, allow_nan=False).map(float)
PATTERNS = st.lists(st.sampled_from(["R(D*)", "b2s*", "it's", "a b"]), max_size=2, unique=True).map(tuple)


@given(
    fix=st.dictionaries(NAMES, NUMBERS, max_size=2),
    free=st.dictionaries(NAMES, st.none() | st.tuples(NUMBERS, NUMBERS), max_size=2),
    observables=PATTERNS,
    exclude=PATTERNS,
    as_of=st.none() | st.sampled_from(["2023", "2024-02", "2024-02-29"]),
    policy=st.sampled_from(["average", "individual"]),
    theory_errors=st.sampled_from(["marginal", "sm", "none"]),
    input_choices=st.sampled_from([{}, {"b->c": "lattice"}]),
    limit_shape=st.sampled_from(["half-normal", "one-sided-gaussian"]),
    seed=st.integers(0, 2**32 - 1),
)
def test_the_printed_command_states_the_same_problem(fix, free, **options):
    analysis = Analysis(model="s1_lmu_ltau", fix={k: v for k, v in fix.items() if k not in free}, free=free, **options)
    words = shlex.split(command_line(analysis, "fit", "a folder"))
    assert words[:2] == ["fitlq", "fit"]
    arguments = parser().parse(words[2:])
    assert analysis_from(arguments) == analysis
    assert arguments.output == "a folder"


@pytest.mark.parametrize("verb", ["fit", "sample"])
def test_defaults_are_not_spelled_out(verb):
    assert command_line(Analysis(model="s1_lmu_ltau"), verb) == f"fitlq {verb} s1_lmu_ltau"


def test_own_model_and_own_data(tmp_path):
    (tmp_path / "data").mkdir()
    analysis = Analysis(model_file=str(tmp_path / "m.py"), data=(str(tmp_path / "data"),))
    words = shlex.split(command_line(analysis))
    assert analysis_from(parser().parse(words[2:])) == analysis
