"""What a verb that fits says about its data on standard error: warnings, and what the user's own files did."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from fitlq.cli.progress import say

if TYPE_CHECKING:
    from fitlq.analysis import Analysis

__all__ = ["say_about_data"]


def say_about_data(analysis: Analysis, likelihood: Any) -> None:
    """Warnings of the data and of the likelihood, and a line for each entry of the user's."""
    from fitlq.measurements.own_entries import own_entry_notes

    for note in own_entry_notes(likelihood.data):
        say(f"your data: {note}")
    about_data = likelihood.data.warnings_about(name for name, _, _ in likelihood.used)
    for warning in (*about_data, *likelihood.warnings, *_own_data_without_effect(analysis, likelihood)):
        say(f"warning: {warning}")


def _own_data_without_effect(analysis: Analysis, likelihood: Any) -> list[str]:
    """A word for each place of --data that contributes no number to the fit."""
    used = {name for name, _, _ in likelihood.used}
    entries = likelihood.data.entries
    warnings = []
    for place in analysis.data:
        own = [name for name, entry in entries.items() if Path(entry.file).resolve().is_relative_to(Path(place).resolve())]
        if used.isdisjoint(own):
            reasons = {one.id: one.reason for one in likelihood.left_out}
            why = f": {own[0]}: {reasons[own[0]]}" if own and own[0] in reasons else ""
            warnings.append(f"--data {place}: none of its numbers enters the fit{why}")
    return warnings
