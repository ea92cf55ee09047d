"""Regenerate ``two_loop_charm.json``: the two-loop matrix elements of O1 and O2 with a charm quark, arXiv:1912.09099.

The exact results of that paper are polylogarithms of weight four; EOS evaluates them. This script calls the evaluation in
the libraries of the wheel ``eoshep`` (made with 1.0.21, Linux x86_64) and writes numbers only; fitlq does not need EOS::

    pip install eoshep==1.0.21 numpy
    python make_two_loop_table.py two_loop_charm.json     # a few minutes

The functions are sums of the parts where the virtual photon couples to charm and to bottom or strange quarks. They are
quadratic in log(mu/m_b), so three scales determine them.
"""

from __future__ import annotations

import ctypes
import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np

FUNCTIONS = ("F17", "F27", "F19", "F29")
NODES = 36
# u = 0 is the charm threshold (logarithmic singularity), u = 1 is q2 = 0 below it and q2 = m_b^2 (cancellations) above it
RANGES = ((0.02, 0.9999), (0.02, 0.996))
MASS_RATIOS = (0.06, 0.075, 0.095, 0.12, 0.15)
LOG_SCALES = (-0.7, 0.0, 0.7)


class _Complex(ctypes.Structure):
    _fields_ = (("re", ctypes.c_double), ("im", ctypes.c_double))


class Evaluation:
    """The functions of EOS at one (mu/m_b, q2/m_b^2, m_c^2/m_b^2)."""

    def __init__(self) -> None:
        sys.setdlopenflags(os.RTLD_LAZY | os.RTLD_GLOBAL)
        import _eos  # type: ignore[import-not-found]  # loads the libraries that the one below needs

        path = Path(_eos.__file__).parent / "_eos_libs" / "libeosnonlocalformfactors.so.0"
        self._library = ctypes.CDLL(str(path), mode=os.RTLD_LAZY)
        table = subprocess.run(["nm", "-D", str(path)], capture_output=True, text=True, check=True).stdout  # noqa: S603, S607
        self._symbols = [line.split()[-1] for line in table.splitlines()]

    def _function(self, name: str) -> Any:
        pattern = re.compile(rf"_ZN3eos9agv_2019a{name}E")
        return self._library[next(s for s in self._symbols if pattern.match(s))]

    def __call__(self, scale_ratio: float, s: float, z: float) -> dict[str, complex]:
        state = ctypes.create_string_buffer(8192)
        prescription, momentum = ctypes.c_double(1e-10), _Complex(s, 0.0)
        arguments = (ctypes.c_double(scale_ratio), momentum, ctypes.c_double(z), prescription)
        self._library["_ZN3eos9agv_2019a20CharmLoopsParametersC1ERKdRKSt7complexIdES3_S3_"](state, *map(ctypes.byref, arguments))
        values = {}
        for name in FUNCTIONS:
            total = 0j
            for part in ("Qc", "Qsb"):
                function = self._function(f"{len(name) + len(part) + 1}{name}_{part}")
                function.restype = _Complex
                found = function(state)
                total += complex(found.re, found.im)
            values[name] = total
        return values


def nodes(lower: float, upper: float) -> Any:
    """Chebyshev nodes of the first kind between two ends."""
    return lower + (upper - lower) * (0.5 - 0.5 * np.cos((np.arange(NODES) + 0.5) * np.pi / NODES))


def momentum(u: float, z: float, *, above: bool) -> float:
    """q2/m_b^2 from u = sqrt(1 - s/4z) below the threshold, u = sqrt((s - 4z)/(1 - 4z)) above."""
    return 4 * z + u**2 * (1 - 4 * z) if above else 4 * z * (1 - u**2)


def main(target: str) -> None:
    """Write the table; F9 is stored times q2/m_b^2."""
    evaluate = Evaluation()
    values = np.zeros((len(FUNCTIONS), len(LOG_SCALES), len(MASS_RATIOS), 2, NODES), dtype=np.complex128)
    for k, log_scale in enumerate(LOG_SCALES):
        for i, z in enumerate(MASS_RATIOS):
            for above in (0, 1):
                for j, u in enumerate(nodes(*RANGES[above])):
                    s = momentum(u, z, above=bool(above))
                    found = evaluate(float(np.exp(log_scale)), s, z)
                    for f, name in enumerate(FUNCTIONS):
                        values[f, k, i, above, j] = found[name] * (s if name.endswith("9") else 1.0)
    rounded = {
        name: [
            [[[[round(float(v), 7) for v in part] for part in (row.real, row.imag)] for row in z] for z in scale] for scale in f
        ]
        for name, f in zip(FUNCTIONS, values, strict=True)
    }
    content = {
        "source": "arXiv:1912.09099, evaluated by the libraries of EOS 1.0.21 (make_two_loop_table.py)",
        "axes": "function: log(mu/m_b), m_c^2/m_b^2, below and above the threshold, real and imaginary part, node",
        "log_scales": LOG_SCALES,
        "mass_ratios": MASS_RATIOS,
        "nodes": NODES,
        "ranges": RANGES,
        "values": rounded,
    }
    Path(target).write_text(json.dumps(content), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
