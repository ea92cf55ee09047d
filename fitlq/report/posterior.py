"""A chain in numbers and in words, for the terminal, the report and JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from fitlq.formatting import format_with_error

if TYPE_CHECKING:
    from fitlq.sampling import Chain

__all__ = ["posterior_data", "posterior_lines", "posterior_rows"]


def posterior_data(chain: Chain) -> dict[str, Any]:
    """`Chain.summary` with the names of the parameters in order."""
    return {"names": list(chain.parameters), **chain.summary()}


def posterior_rows(chain: Chain) -> tuple[list[str], list[list[str]]]:
    """Headers and one row per parameter."""
    headers = ["parameter", "mean ± std", "median", "68 % interval", "95 % interval", "autocorrelation", "effective samples"]
    rows = [_row(name, values) for name, values in chain.summary()["parameters"].items()]
    return headers, rows


def _row(name: str, values: Mapping[str, Any]) -> list[str]:
    time, effective = values["autocorrelation_time"], values["effective_samples"]
    return [
        name,
        format_with_error(values["mean"], values["std"]),
        _rounded(values["median"], values["std"]),
        _interval(values["interval_68"], values["std"]),
        _interval(values["interval_95"], values["std"]),
        f"{time:.0f} steps" if math.isfinite(time) else "–",
        f"{effective:.0f}" if math.isfinite(effective) else "–",
    ]


def _rounded(value: float, error: float) -> str:
    """`value` with the decimals that matter next to `error`."""
    if not math.isfinite(error) or error <= 0.0:
        return f"{value:.4g}"
    digits = 2 + math.floor(math.log10(max(abs(value), error))) - math.floor(math.log10(error))
    return f"{value:.{max(digits, 1)}g}"


def _interval(ends: tuple[float, float], error: float) -> str:
    return f"{_rounded(ends[0], error)} … {_rounded(ends[1], error)}"


def posterior_lines(chain: Chain) -> list[str]:
    """How long the chain is, what was dropped, and whether it converged."""
    summary = chain.summary()
    return [
        f"{summary['steps']} steps of {summary['walkers']} walkers, the first {summary['burn_in']} dropped as burn-in; "
        f"acceptance {summary['acceptance']:.2f}",
        str(summary["message"]),
    ]
