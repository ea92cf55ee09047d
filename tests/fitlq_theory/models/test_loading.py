"""Models by name, from plug-ins and from a user's file; what a broken one is told."""

from __future__ import annotations

import dataclasses
import re
import sys
from importlib.metadata import EntryPoint
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from fitlq_theory.contracts import Parameter
from fitlq_theory.errors import InputError, UnknownNameError
from fitlq_theory.models import catalogue, check_model, load_model, load_model_file, plugin_models, shipped_models

GOOD = '''
from __future__ import annotations
from dataclasses import dataclass
import numpy as np
from fitlq_theory.contracts import Parameter

@dataclass(frozen=True, slots=True)
class Vector:
    """A heavy Z' coupling to muons and b -> s."""
    name: str = "vector"
    title: str = "A vector"
    reference: str = "none"
    parameters: tuple[Parameter, ...] = (
        Parameter("g", "g", "coupling", -1.0, 1.0, 0.1),
        Parameter("m", "m", "mass", 1e3, 5e3, 2e3),
    )
    eft: str = "SMEFT"
    basis: str = "Warsaw up"
    scale: str = "m"

    def coefficients(self, points):
        return {"lq1_2223": points[:, 0] / points[:, 1] ** 2}
'''


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def write_file(text: str, name: str = "my_model.py") -> Path:
        path = tmp_path / name
        path.write_text(text)
        return path

    return write_file


def stub(**members: Any) -> SimpleNamespace:
    values: dict[str, Any] = {
        "name": "stub",
        "title": "A stub",
        "reference": "none",
        "parameters": (Parameter("g", "g", "coupling", -1.0, 1.0, 0.1), Parameter("m", "m", "mass", 1e3, 5e3, 2e3)),
        "eft": "SMEFT",
        "basis": "Warsaw up",
        "scale": "m",
        "coefficients": lambda points: {"lq1_2223": points[:, 0] / points[:, 1] ** 2},
    }
    return SimpleNamespace(**{k: v for k, v in (values | members).items() if v is not ...})


class TestByName:
    def test_shipped(self) -> None:
        assert set(shipped_models()) == {"s1_lmu_ltau", "wet"}
        for name, entry in shipped_models().items():
            model = load_model(name)
            assert model.name == name
            assert entry.summary
            assert check_model(model) == []

    def test_unknown(self) -> None:
        with pytest.raises(UnknownNameError, match="did you mean 's1_lmu_ltau'"):
            load_model("s1_mu_tau")

    @pytest.fixture
    def plug_in(self, monkeypatch: pytest.MonkeyPatch) -> Any:
        def install(target: str) -> None:
            entry = EntryPoint("mine", f"fitlq_theory.models:{target}", catalogue.PLUGIN_GROUP)
            monkeypatch.setattr(catalogue, "entry_points", lambda group: [entry] if group == "fitlq.models" else [])

        return install

    @pytest.mark.parametrize(("target", "name"), [("S1LmuLtau", "s1_lmu_ltau"), ("wet_model", "wet")])
    def test_plug_in(self, plug_in: Any, target: str, name: str) -> None:
        plug_in(target)
        assert list(plugin_models()) == ["mine"]
        assert load_model("mine").name == name

    @pytest.mark.parametrize(
        ("target", "message"),
        [("absent", "'mine'.*cannot be loaded: AttributeError"), ("shipped_models", "'mine'.*'name' is missing")],
    )
    def test_broken_plug_in(self, plug_in: Any, target: str, message: str) -> None:
        plug_in(target)
        with pytest.raises(InputError, match=message):
            load_model("mine")


class TestFile:
    def test_class(self, write: Any) -> None:
        model = load_model_file(write(GOOD))
        assert model.name == "vector"
        np.testing.assert_array_equal(model.coefficients(np.array([[0.5, 1e3]]))["lq1_2223"], [5e-7])
        assert type(model).__module__ in sys.modules

    def test_instance_is_preferred_to_its_class(self, write: Any) -> None:
        assert load_model_file(write(GOOD + "\nmine = Vector(title='Mine')\n")).title == "Mine"

    def test_the_one_called_model_wins(self, write: Any) -> None:
        assert load_model_file(write(GOOD + "\na = Vector('a')\nmodel = Vector('b')\n")).name == "b"

    def test_model_made_elsewhere(self, write: Any) -> None:
        text = "from fitlq_theory.models import wet_model\nmodel = wet_model(['C9_bsmumu'])\n"
        assert load_model_file(write(text)).parameters[0].name == "C9_bsmumu"

    @pytest.mark.parametrize(
        ("text", "message"),
        [
            ("x = (", r"my_model\.py, line 1: SyntaxError"),
            ("y = 1\nx = 1 / 0\n", r"my_model\.py, line 2: ZeroDivisionError"),
            ("x = 1\n", "defines no model"),
            ("class Mine:\n    name = 'a'\n", "the class Mine lacks title, reference, parameters"),
            ("model = 3\n", "'name' is missing"),
            (GOOD + "\na = Vector('a')\nb = Vector('b')\n", "several models.*call the wanted one 'model'"),
            (GOOD.replace("lq1_2223", "lq1_2232"), "lq1_2232"),
            (GOOD.replace('scale: str = "m"', 'scale: str = "mass"'), "'scale' = 'mass' is not the name of a parameter"),
            (
                GOOD.replace("    def coef", "    def __post_init__(self):\n        raise ValueError('no')\n\n    def coef"),
                r"line \d+: the model class Vector cannot be made without arguments: ValueError: no",
            ),
        ],
    )
    def test_errors_name_the_file(self, write: Any, text: str, message: str) -> None:
        with pytest.raises(InputError, match=message) as caught:
            load_model_file(write(text))
        assert "my_model.py" in str(caught.value)

    def test_missing_file_and_other_kinds(self, tmp_path: Path, write: Any) -> None:
        with pytest.raises(InputError, match="no such file"):
            load_model_file(tmp_path / "absent.py")
        with pytest.raises(InputError, match="not a file"):
            load_model_file(tmp_path)
        with pytest.raises(InputError, match="must end with"):
            load_model_file(write(GOOD, "model.txt"))


class TestCheck:
    def test_good(self) -> None:
        assert check_model(stub()) == []
        assert check_model(stub(scale=2000, predictions=lambda points: {"a_mu": 1e-9 * points[:, 0]}, touches=("a_mu",))) == []

    def test_missing_members_are_listed_together(self) -> None:
        assert check_model(stub(title=..., scale=...)) == ["'title' is missing", "'scale' is missing"]

    @pytest.mark.parametrize(
        ("members", "message"),
        [
            ({"name": ""}, "'name' must be text"),
            ({"parameters": [1]}, "'parameters' must be a tuple"),
            ({"eft": "Fermi"}, "'eft' must be"),
            ({"basis": "Warsaw"}, "'basis' of SMEFT must be 'Warsaw up'"),
            ({"scale": None}, "only with eft = 'WET'"),
            ({"scale": -5.0}, "'scale' must be a positive number"),
            ({"scale": True}, "'scale' must be a positive number"),
            ({"scale": "g"}, "minimum must be above 0"),
            ({"coefficients": lambda _: 1 / 0}, "raises ZeroDivisionError"),
            ({"coefficients": lambda _: [1]}, "must return a mapping"),
            ({"coefficients": lambda points: {"lq1_2233x": points[:, 0]}}, "lq1_2233x"),
            ({"coefficients": lambda _: {"lq1_2223": 1.0}}, r"shape \(N,\)"),
            ({"coefficients": lambda points: {"lq1_2223": points[:, 0] * np.nan}}, "not finite"),
            ({"coefficients": lambda points: {"lq1_2222": points[:, 0] * 1j}}, "real by hermiticity"),
            ({"coefficients": lambda points: {"lq1_2222": points[:, 0] * points.sum()}}, "depends on the other points"),
            ({"predictions": lambda points: {"a_mu": points[:, 0] * 1j}}, "must be real"),
            ({"predictions": lambda points: {"a_mu": points[:, 0]}, "touches": ("a_e",)}, "'touches' is"),
        ],
    )
    def test_problems(self, members: dict[str, Any], message: str) -> None:
        problems = check_model(stub(**members))
        assert len(problems) == 1
        assert re.search(message, problems[0])

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"name": "a b"}, "letters, digits and underscores"),
            ({"name": "m"}, "'m' is given twice"),
            ({"minimum": 2.0}, "must be below maximum"),
            ({"default": 7.0}, "is outside"),
            ({"prior": "cauchy"}, "must be 'flat' or 'log'"),
            ({"prior": "log"}, "needs a minimum above 0"),
        ],
    )
    def test_parameter_problems(self, change: dict[str, Any], message: str) -> None:
        first, second = stub().parameters
        problems = check_model(stub(parameters=(dataclasses.replace(first, **change), second)))
        assert any(message in problem for problem in problems)
