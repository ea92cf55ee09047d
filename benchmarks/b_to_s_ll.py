"""How fast with all of b -> s l l: C9 and C10 of muons, theory errors frozen and following. See README.md in this folder."""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.speed import inside, median, once, show  # fixes the number of threads before numpy is imported

COEFFICIENTS = ("C9_bsmumu", "C10_bsmumu")
# how many observables are compared with flavio: ten seconds a point
COMPARED = 69
_PROCESSES = ("(B0->K*mumu)", "(B+->Kmumu)", "(Bs->phimumu)")


def likelihood(theory_errors: str) -> Any:
    """C9 and C10 with every measurement they move."""
    import fitlq
    from fitlq_theory.models import wet_model

    return fitlq.Likelihood(wet_model(COEFFICIENTS), fitlq.load_measurements(as_of="2026-11-20"), theory_errors=theory_errors)


def compared(like: Any) -> list[tuple[str, Mapping[str, float]]]:
    """The first observables in bins of the three best measured decays."""
    found = [
        (n, dict(a)) for n, a in like.observables if n.startswith("<") and n.endswith(_PROCESSES) and set(a) == {"q2min", "q2max"}
    ]
    return found[:COMPARED]


def beside_flavio(python: str, like: Any) -> None:
    """Predictions of the same observables by flavio in a second process, ours before and after."""
    from fitlq_theory.models import wet_model
    from fitlq_theory.predictions import Predictions

    observables = compared(like)
    ours = Predictions(wet_model(COEFFICIENTS), observables)
    one, many = inside(like, 1), inside(like, 1000)
    times = [median(lambda: ours.values(one), 300)]
    script = Path(__file__).with_name("flavio_b_to_s_ll.py")
    task = json.dumps({"repeats": 3, "coefficients": COEFFICIENTS, "point": one[0].tolist(), "observables": observables})
    done = subprocess.run([python, str(script)], input=task, capture_output=True, text=True, check=True)
    flavio = json.loads(done.stdout.strip().splitlines()[-1])
    times.append(median(lambda: ours.values(one), 300))
    single, batch = statistics.median(times), median(lambda: ours.values(many), 30)
    show(f"{len(observables)} observables: fitlq, one point", single)
    show(f"{len(observables)} observables: fitlq, 1000 points", batch)
    show(f"{len(observables)} observables: flavio {flavio['version']}, one point", flavio["point"])
    print(
        f"ratio flavio / fitlq: one point {flavio['point'] / single:.0f}, a point of a batch {flavio['point'] / batch * 1000:.0f}"
    )


def main() -> None:
    """Run all timings."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--flavio", metavar="PYTHON", help="a Python interpreter that has flavio")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as cache:
        os.environ["FITLQ_CACHE"] = cache
        following, cold = once(lambda: likelihood("marginal"))
        frozen, warm = once(lambda: likelihood("sm"))
    count = f"{following.n_measurements} numbers"
    show(f"{count}: compilation from nothing", cold, "goal 60 s, better 10 s")
    show(f"{count}: from the cache", warm)
    one, many = inside(frozen, 1), inside(frozen, 1000)
    show(f"{count}: predictions, one point", median(lambda: frozen.predictions.values(one), 300))
    show(f"{count}: predictions, 1000 points", median(lambda: frozen.predictions.values(many), 30))
    show(f"{count}, theory errors frozen: one point", median(lambda: frozen(one), 300), "goal 0.2 ms")
    show(f"{count}, theory errors frozen: 1000 points", median(lambda: frozen(many), 30), "goal 15 ms")
    show(f"{count}, theory errors following: one point", median(lambda: following(one), 100), "goal 2 ms")
    show(f"{count}, theory errors following: 1000 points", median(lambda: following(many), 5), "goal 500 ms")
    if options.flavio:
        beside_flavio(options.flavio, frozen)


if __name__ == "__main__":
    main()
