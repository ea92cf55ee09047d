"""Workspaces small enough that their profile likelihood is known."""

from __future__ import annotations

from typing import Any

__all__ = ["counting_workspace", "two_bin_workspace"]


def counting_workspace(
    observed: float = 24.0, background: float = 10.0, error: float = 3.0, signal: float = 5.0
) -> dict[str, Any]:
    """One bin: `signal` events per unit of mu beside a background with a normal error."""
    shift = {"hi_data": [background + error], "lo_data": [background - error]}
    samples = [
        {"name": "signal", "data": [signal], "modifiers": [_normalisation("mu")]},
        {"name": "background", "data": [background], "modifiers": [{"name": "shift", "type": "histosys", "data": shift}]},
    ]
    return _workspace([{"name": "bin", "samples": samples}], [[observed]], "mu")


def two_bin_workspace(observed: tuple[float, float] = (30.0, 50.0)) -> dict[str, Any]:
    """Two bins in which the rates a (10, 2) + b (1, 20) + (5, 5) are expected, without nuisance parameters."""
    first = [
        {"name": "a", "data": [10.0, 2.0], "modifiers": [_normalisation("a")]},
        {"name": "b", "data": [1.0, 20.0], "modifiers": [_normalisation("b")]},
        {"name": "rest", "data": [5.0, 5.0], "modifiers": []},
    ]
    return _workspace([{"name": "bins", "samples": first}], [list(observed)], "a")


def _normalisation(name: str) -> dict[str, Any]:
    return {"name": name, "type": "normfactor", "data": None}


def _workspace(channels: list[dict[str, Any]], observed: list[list[float]], interest: str) -> dict[str, Any]:
    names = [channel["name"] for channel in channels]
    observations = [{"name": name, "data": data} for name, data in zip(names, observed, strict=True)]
    measurement = {"name": "fit", "config": {"poi": interest, "parameters": []}}
    return {"channels": channels, "observations": observations, "measurements": [measurement], "version": "1.0.0"}
