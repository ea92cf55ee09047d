"""Times flavio on observables of b -> s l l; run by `b_to_s_ll.py` with a Python that has flavio. Task on stdin, prints JSON."""

from __future__ import annotations

import json
import sys
import time
import warnings

warnings.filterwarnings("ignore")


def main() -> None:
    """Time `repeats` evaluations of all observables at different points; the first one (caches) is left out."""
    task = json.load(sys.stdin)
    import flavio
    import numpy as np

    times = []
    for k in range(task["repeats"] + 1):
        started = time.perf_counter()
        wilson = flavio.WilsonCoefficients()
        given = {name: value + 0.01 * k for name, value in zip(task["coefficients"], task["point"], strict=True)}
        wilson.set_initial(given, scale=4.8)
        for name, arguments in task["observables"]:
            flavio.np_prediction(name, wilson, **arguments)
        times.append(time.perf_counter() - started)
    print(json.dumps({"version": flavio.__version__, "point": float(np.median(times[1:]))}))


if __name__ == "__main__":
    main()
