"""Compiled predictions on disk: rebuilt when damaged or foreign, shared by processes that start together, and quick to make."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from fitlq_theory.inputs import load_inputs
from fitlq_theory.models import wet_model
from fitlq_theory.observables import load_registry
from fitlq_theory.predictions import Predictions
from fitlq_theory.standard_model import standard_model_predictions, typical_arguments

REQUESTS = [("R(D)", {}), ("BR(B+->Knunu)", {}), ("DeltaM_s", {})]
NAMES = ["CVL_bctaunutau", "CL_bsnutaunutau", "CVLL_bsbs"]
POINTS = np.array([[0.1, -2.0, 1e-12], [0.0, 5.0, -3e-12]])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("FITLQ_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def jacobian() -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    return Predictions(wet_model(NAMES), REQUESTS).values_and_jacobian(POINTS)[1]


@pytest.mark.parametrize("damage", [b"", b"\x00" * 300, b"PK\x03\x04 truncated", "half"])
def test_damaged_forms_are_made_again(folder: Path, damage: bytes | str) -> None:
    before = jacobian()
    (path,) = folder.glob("forms-*.npz")
    good = path.read_bytes()
    path.write_bytes(good[: len(good) // 2] if isinstance(damage, str) else damage)
    assert np.array_equal(jacobian(), before)
    assert len(path.read_bytes()) == len(good)


def test_forms_of_another_problem_under_the_same_name_are_not_used(folder: Path) -> None:
    before = jacobian()
    (path,) = folder.glob("forms-*.npz")
    _ = Predictions(wet_model(["CVLL_bdbd"]), [("DeltaM_d", {})]).sm_jacobian
    (other,) = set(folder.glob("forms-*.npz")) - {path}
    other.replace(path)
    assert np.array_equal(jacobian(), before)


def test_damaged_standard_model_values_are_made_again(folder: Path) -> None:
    request = [(load_registry().resolve("DeltaM_s"), {})]
    before = standard_model_predictions(request, load_inputs())
    (path,) = folder.glob("standard-model-*.npz")
    path.write_bytes(b"damaged")
    assert standard_model_predictions(request, load_inputs()) == before


WORKER = """
import json, sys
sys.path[:0] = json.loads(sys.argv[1])
import numpy as np
from fitlq_theory.models import wet_model
from fitlq_theory.predictions import Predictions
print("ready", flush=True)
sys.stdin.readline()
names, requests, points = json.loads(sys.argv[2])
jacobian = Predictions(wet_model(names), requests).values_and_jacobian(np.array(points))[1]
print(json.dumps(jacobian.tolist()))
"""


def test_processes_that_start_together_do_not_disturb_each_other(folder: Path) -> None:
    task = json.dumps([NAMES, REQUESTS, POINTS.tolist()])
    words = [sys.executable, "-c", WORKER, json.dumps([path for path in sys.path if path]), task]
    environment = os.environ | {"FITLQ_CACHE": str(folder), "OMP_NUM_THREADS": "1"}
    workers = [
        subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) for _ in range(4)
    ]
    for worker in workers:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
    for worker in workers:  # all have imported everything; now they start at once on an empty folder
        assert worker.stdin is not None
        worker.stdin.write("go\n")
        worker.stdin.flush()
    found = [worker.communicate(timeout=120)[0] for worker in workers]
    assert [worker.returncode for worker in workers] == [0] * 4
    assert all(json.loads(one) == json.loads(found[0]) for one in found)
    assert len(list(folder.glob("forms-*.npz"))) == 1
    assert not list(folder.glob("*.tmp"))
    assert np.array_equal(jacobian(), np.array(json.loads(found[0])))


@pytest.mark.slow
def test_everything_compiles_within_a_minute_of_processor_time(folder: Path) -> None:
    registry = load_registry()
    requests = [(o.name, typical_arguments(o) or {}) for o in registry]
    coefficients = sorted({c.name for o in registry for c in o.coefficients if c.eft != "SMEFT"})
    start = time.process_time()
    predictions = Predictions(wet_model(coefficients), requests)
    with np.errstate(all="ignore"):  # what vanishes in the Standard Model may have no derivative there
        _ = predictions.sm_jacobian
    seconds = time.process_time() - start
    print(f"{len(requests)} observables, {len(coefficients)} coefficients compiled in {seconds:.1f} s")
    assert seconds < 60
