"""Times flavio on the R(D), R(D*) log-likelihood; run by `speed.py` with a Python that has flavio. Prints JSON."""

from __future__ import annotations

import json
import sys
import time
import warnings

warnings.filterwarnings("ignore")


def main() -> None:
    """Time `repeats` evaluations at different points; the first one (imports, caches) is left out."""
    repeats = int(sys.argv[1])
    started = time.perf_counter()
    import flavio
    import numpy as np

    imported = time.perf_counter() - started
    data = np.array([0.358, 0.281])
    errors = np.array([0.024, 0.011])
    covariance = np.outer(errors, errors) * np.array([[1.0, -0.374], [-0.374, 1.0]]) + np.diag([0.004**2, 0.005**2])
    inverse = np.linalg.inv(covariance)
    times = []
    for k in range(repeats + 1):
        started = time.perf_counter()
        wilson = flavio.WilsonCoefficients()
        wilson.set_initial({"CVL_bctaunutau": 0.01 * k, "CSL_bctaunutau": 0.02}, scale=4.8)
        residual = np.array([flavio.np_prediction(name, wilson) for name in ("Rtaul(B->Dlnu)", "Rtaul(B->D*lnu)")]) - data
        float(residual @ inverse @ residual)
        times.append(time.perf_counter() - started)
    print(json.dumps({"version": flavio.__version__, "import": imported, "point": float(np.median(times[1:]))}))


if __name__ == "__main__":
    main()
