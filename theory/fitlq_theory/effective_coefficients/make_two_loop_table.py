"""Regenerate ``two_loop_charm.json``: the two-loop matrix elements of O1 and O2 with a charm quark.

They are calculated here, by numerical integration of the difference to a massless quark (``two_loop_calculation``), and only
numpy and scipy are needed::

    python -m fitlq_theory.effective_coefficients.make_two_loop_table two_loop_charm.json     # six minutes of one core

The functions are exactly quadratic in log(mu/m_b), so three scales determine them.
"""

from __future__ import annotations

import json
import sys
from concurrent.futures import ProcessPoolExecutor
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from fitlq_theory.effective_coefficients.two_loop_calculation.assembly import mass_effect, massive_two_loop

__all__ = ["LOG_SCALES", "MASS_RATIOS", "NODES", "RANGES", "main", "momentum", "nodes", "values_at"]

NODES = 36
# u = 0 is the charm threshold (logarithmic singularity), u = 1 is q2 = 0 below it and q2 = m_b^2 (cancellations) above it
RANGES = ((0.02, 0.9999), (0.02, 0.996))
# denser towards the ends, as the interpolation needs it
MASS_RATIOS = (0.06, 0.065, 0.075, 0.095, 0.12, 0.14, 0.15)
LOG_SCALES = (-0.7, 0.0, 0.7)


def nodes(lower: float, upper: float) -> Any:
    """Chebyshev nodes of the first kind between two ends."""
    return lower + (upper - lower) * (0.5 - 0.5 * np.cos((np.arange(NODES) + 0.5) * np.pi / NODES))


def momentum(u: float, z: float, *, above: bool) -> float:
    """q2/m_b^2 from u = sqrt(1 - s/4z) below the threshold, u = sqrt((s - 4z)/(1 - 4z)) above."""
    return 4 * z + u**2 * (1 - 4 * z) if above else 4 * z * (1 - u**2)


def values_at(z: float, segment: int, node: int) -> Any:
    """What the table holds at one node, shape (functions, scales): F7, and F9 times q2/m_b^2."""
    s = momentum(float(nodes(*RANGES[segment])[node]), z, above=bool(segment))
    effect = mass_effect(s, z)
    functions = [massive_two_loop(s, log_scale, effect) for log_scale in LOG_SCALES]
    return np.array([[f.f17[0], f.f27[0], s * f.f19[0], s * f.f29[0]] for f in functions]).T


def _value_of(place: tuple[float, int, int]) -> Any:
    return values_at(*place)


def main(target: str) -> None:
    """Calculate all nodes and write the table."""
    places = list(product(MASS_RATIOS, range(len(RANGES)), range(NODES)))
    with ProcessPoolExecutor() as pool:
        found = np.array(list(pool.map(_value_of, places)))
    values = found.reshape(len(MASS_RATIOS), len(RANGES), NODES, 4, len(LOG_SCALES)).transpose(3, 4, 0, 1, 2)
    parts = np.stack([values.real, values.imag], axis=-2).round(7)
    content = {
        "source": "calculated by make_two_loop_table.py (numerical integration of the mass effect, hep-ph/0403185 without mass)",
        "axes": "function: log(mu/m_b), m_c^2/m_b^2, below and above the threshold, real and imaginary part, node",
        "log_scales": LOG_SCALES,
        "mass_ratios": MASS_RATIOS,
        "nodes": NODES,
        "ranges": RANGES,
        "values": dict(zip(("F17", "F27", "F19", "F29"), parts.tolist(), strict=True)),
    }
    Path(target).write_text(json.dumps(content), encoding="utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
