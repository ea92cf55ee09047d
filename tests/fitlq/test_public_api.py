"""What ``fitlq`` offers is a promise, and importing it costs next to nothing."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

import fitlq
import fitlq.errors

PUBLIC = [
    "Likelihood",
    "__version__",
    "errors",
    "evolve",
    "fit",
    "load_measurements",
    "load_model",
    "predict",
    "refit",
    "sample",
]


def test_public_names():
    assert dir(fitlq) == PUBLIC
    assert sorted(fitlq.__all__) == PUBLIC


@pytest.mark.parametrize("name", [name for name in PUBLIC if name not in {"__version__", "errors"}])
def test_every_name_is_there_and_documented(name):
    found = getattr(fitlq, name)
    assert callable(found)
    assert found.__doc__


def test_an_unknown_name_is_an_attribute_error():
    with pytest.raises(AttributeError, match="no attribute 'fitt'"):
        _ = fitlq.fitt


def test_errors_derive_from_one_base():
    for name in fitlq.errors.__all__:
        assert issubclass(getattr(fitlq.errors, name), fitlq.errors.FitlqError)


def _fresh(code: str) -> str:
    environment = os.environ | {"PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    return done.stdout.strip()


def test_import_loads_nothing_heavy():
    heavy = "{'numpy', 'scipy', 'pandas', 'matplotlib', 'emcee', 'h5py', 'iminuit', 'rgevolve', 'yaml', 'jsonschema'}"
    assert _fresh(f"import sys, fitlq; print(sorted({heavy} & set(sys.modules)))") == "[]"


def test_import_takes_less_than_half_a_second():
    code = "import time; start = time.perf_counter(); import fitlq; print(time.perf_counter() - start)"
    assert min(float(_fresh(code)) for _ in range(3)) < 0.5


@pytest.mark.parametrize("module", ["fitlq.refitting", "fitlq.sampling", "fitlq.fitting", "fitlq.predicting"])
def test_importing_modules_does_not_hide_functions(module):
    code = f"import fitlq, {module}; print(all(callable(getattr(fitlq, n)) for n in ('fit', 'sample', 'refit', 'predict')))"
    assert _fresh(code) == "True"
