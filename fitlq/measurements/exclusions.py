"""Excluded masses and couplings in words: ``m_LQ > 1460 GeV (spin: 0; decay: b tau; branching_ratio: 1.0)``."""

from __future__ import annotations

from collections.abc import Iterable

from fitlq.measurements.data_forms import Bound

__all__ = ["bound_in_words", "bound_with_conditions"]


def bound_in_words(bound: Bound, unit: str) -> str:
    """The allowed range alone.

    Parameters
    ----------
    bound : Bound
    unit : str
        Unit of the bound, ``"1"`` for a pure number; the mass a curve depends on is in GeV.
    """
    words = "" if unit == "1" else f" {unit}"
    parts = [f"{sign} {value:g}{words}" for sign, value in ((">", bound.lower), ("<", bound.upper)) if value is not None]
    if bound.lower_range is not None:
        low, high = bound.lower_range
        parts.append(f"> {low:g} to {high:g}{words}")
    for mass, values in (bound.upper_curve or {}).items():
        if mass != bound.quantity and bound.upper_curve is not None:
            parts.append(f"< {_listed(bound.upper_curve[bound.quantity])}{words} at {mass} = {_listed(values)} GeV")
    return f"{bound.quantity} {', '.join(parts)}"


def bound_with_conditions(bound: Bound, unit: str) -> str:
    """The allowed range and everything it depends on."""
    conditions = "; ".join(f"{name}: {value}" for name, value in bound.conditions.items())
    return f"{bound_in_words(bound, unit)} ({conditions})" if conditions else bound_in_words(bound, unit)


def _listed(values: Iterable[float]) -> str:
    return ", ".join(f"{value:g}" for value in values)
