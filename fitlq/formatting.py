"""Numbers and observables as people write them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

__all__ = ["format_arguments", "format_number", "format_pull", "format_with_error"]

_NOTHING = "–"
_NO_ERROR = 1e-8  # relative; digits below it say nothing
_DECIMALS = 6  # more than this many are not read without a power of ten


def format_arguments(name: str, arguments: Mapping[str, Any]) -> str:
    """Observable and its arguments on one line: ``<P5p>(B0->K*mumu) [q2 4 … 6]``."""
    rest = dict(arguments)
    parts = []
    for variable in [key[:-3] for key in arguments if key.endswith("min") and f"{key[:-3]}max" in arguments]:
        parts.append(f"{variable} {_plain(rest.pop(f'{variable}min'))} … {_plain(rest.pop(f'{variable}max'))}")
    parts += [f"{key}={_plain(value)}" for key, value in rest.items()]
    return f"{name} [{', '.join(parts)}]" if parts else name


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, (int, float)) else str(value)


def format_number(value: float | None, digits: int = 4) -> str:
    """`digits` significant digits; a dash for None and for what is not finite."""
    if value is None or not math.isfinite(value):
        return _NOTHING
    return f"{value:.{digits}g}"


def format_pull(pull: float | None) -> str:
    """A pull with its sign and two decimals, never minus nothing."""
    if pull is None or not math.isfinite(pull):
        return _NOTHING
    return f"{round(pull, 2) + 0.0:+.2f}"


def format_with_error(value: float, error: float | None) -> str:
    """``0.258 ± 0.015``: the error with two significant digits, the value with as many decimals.

    Outside 1e-3 … 1e5, and where it takes many decimals, one power of ten is taken out: ``(4.44 ± 0.31)e-06``.
    """
    if error is None or not math.isfinite(error) or error <= _NO_ERROR * abs(value):
        return format_number(value)
    size = max(abs(value), error)
    decimals = 1 - math.floor(math.log10(error))
    exponent = 0 if 1e-3 <= size < 1e5 and decimals <= _DECIMALS else math.floor(math.log10(size))
    scale = 10.0**exponent
    decimals = max(0, decimals + exponent)
    text = f"{value / scale:.{decimals}f} ± {error / scale:.{decimals}f}"
    return text if exponent == 0 else f"({text})e{exponent:+03d}"
