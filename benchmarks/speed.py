"""How fast: medians on one core, printed as a table. See README.md in this folder."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

for variable in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import numpy as np  # noqa: E402 - after the number of threads is fixed


def median(call: Callable[[], Any], repeats: int) -> float:
    """Median wall time of `call` in seconds after one warm-up."""
    call()
    times = []
    for _ in range(repeats):
        started = time.perf_counter()
        call()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def once(call: Callable[[], Any]) -> tuple[Any, float]:
    """Result and wall time of one call."""
    started = time.perf_counter()
    result = call()
    return result, time.perf_counter() - started


def show(what: str, seconds: float, goal: str = "") -> None:
    """One row: the time in a readable unit, and the goal."""
    text = f"{seconds * 1e6:9.1f} µs" if seconds < 1e-3 else f"{seconds * 1e3:9.2f} ms" if seconds < 1 else f"{seconds:9.2f} s "
    print(f"{what:68s} {text}   {goal}", flush=True)


def import_time() -> float:
    """Median wall time of `import fitlq` in a new interpreter, minus that of an empty one."""

    def run(code: str) -> float:
        return statistics.median(once(lambda: subprocess.run([sys.executable, "-c", code], check=True))[1] for _ in range(5))

    return run("import fitlq") - run("pass")


def rd_likelihood() -> Any:
    """R(D), R(D*) of the current HFLAV average, theory errors frozen, free CVL and CSL."""
    import fitlq
    from fitlq_theory.models import wet_model

    data = fitlq.load_measurements(as_of="2026-11-20").select("hflav-rdst-ckm25")
    return fitlq.Likelihood(wet_model(["CVL_bctaunutau", "CSL_bctaunutau"]), data, theory_errors="sm")


def bare_numpy(points: np.ndarray) -> Callable[[], np.ndarray]:
    """The same R(D), R(D*) likelihood written out by hand for real CVL and CSL: a floor for any code."""
    forms = np.array([[1.0, 2.0, 1.0, 1.56, 1.56, 1.11], [1.0, 2.0, 1.0, -0.14, -0.14, 0.05]]).T * np.array([0.296, 0.254])
    inverse = np.linalg.inv(np.array([[5.92e-4, -9.87e-5], [-9.87e-5, 1.46e-4]]))
    data = np.array([0.358, 0.281])

    def call() -> np.ndarray:
        v, s = points.T
        residual = np.stack([np.ones_like(v), v, v * v, s, v * s, s * s], axis=1) @ forms - data
        return -0.5 * np.einsum("ni,ij,nj->n", residual, inverse, residual)

    return call


def inside(like: Any, count: int) -> np.ndarray:
    """Random points inside the ranges of the free parameters, kept away from the edges."""
    generator = np.random.default_rng(1)
    low = np.array([p.minimum for p in like.parameter_info])
    high = np.array([p.maximum for p in like.parameter_info])
    return low + (high - low) * (0.3 + 0.4 * generator.random((count, len(low))))


def s1_likelihood() -> Any:
    """The default problem of the quickstart."""
    import fitlq

    return fitlq.Likelihood(fitlq.load_model("s1_lmu_ltau"), fitlq.load_measurements(as_of="2026-11-20"))


def main() -> None:
    """Run all timings."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flavio", metavar="PYTHON", help="a Python interpreter that has flavio")
    options = parser.parse_args()
    show("import fitlq", import_time(), "goal 0.5 s")
    with tempfile.TemporaryDirectory() as cache:
        os.environ["FITLQ_CACHE"] = cache
        s1, cold = once(s1_likelihood)
        _, warm = once(s1_likelihood)
        rd = rd_likelihood()
    show("s1_lmu_ltau: compilation from nothing", cold, "goal 20 s")
    show("s1_lmu_ltau: from the cache", warm)
    one, many = inside(rd, 1), inside(rd, 1000)
    point = median(lambda: rd(one), 500)
    batch = median(lambda: rd(many), 100)
    show("R(D), R(D*), theory errors sm: one point", point, "goal 0.1 ms")
    show("  bare numpy", median(bare_numpy(one), 500))
    show("R(D), R(D*), theory errors sm: 1000 points", batch, "goal 1 ms")
    show("  bare numpy", median(bare_numpy(many), 100))
    points = inside(s1, 1000)
    per_point = median(lambda: s1(points), 7) / 1000
    show(f"s1_lmu_ltau, {s1.n_measurements} measurements, marginal: per point of 1000", per_point, "goal 0.2 ms")
    show("s1_lmu_ltau: one point", median(lambda: s1(points[:1]), 50))
    import fitlq

    show("s1_lmu_ltau: default fit", median(lambda: fitlq.fit(s1, seed=1), 3), "goal 1 s")
    show(
        "R(D), R(D*): emcee, 32 walkers, 500 steps",
        once(lambda: fitlq.sample(rd, walkers=32, steps=500, seed=1))[1],
        "goal 1 s",
    )
    if options.flavio:
        script = Path(__file__).with_name("flavio_rd.py")
        done = subprocess.run([options.flavio, str(script), "5"], capture_output=True, text=True, check=True)
        flavio = json.loads(done.stdout.strip().splitlines()[-1])
        again = median(lambda: rd(one), 500)
        ours = statistics.median([point, again])
        show(f"flavio {flavio['version']}: import", flavio["import"])
        show(f"flavio {flavio['version']}: R(D), R(D*), one point", flavio["point"])
        single, batched = flavio["point"] / ours, flavio["point"] / (batch / 1000)
        print(f"ratio flavio / fitlq: one point {single:.0f}, a point of a batch {batched:.0f}")


if __name__ == "__main__":
    main()
