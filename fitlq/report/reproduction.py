"""How to get a result again: the command line equivalent to an analysis."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from fitlq.likelihood.construction import MIN_EFFECT

if TYPE_CHECKING:
    from fitlq.analysis import Analysis

__all__ = ["command_line"]


def command_line(analysis: Analysis, verb: str = "fit", folder: str | None = None) -> str:
    """The command that states the same problem; shell-quoted."""
    words = ["fitlq", verb]
    words += [analysis.model] if analysis.model else []
    words += ["--model-file", str(analysis.model_file)] if analysis.model_file else []
    for name, fixed_at in analysis.fix.items():
        words += ["--set", f"{name}={fixed_at!r}"]
    for name, ends in analysis.free.items():
        words += ["--free", name if ends is None else f"{name}={ends[0]!r},{ends[1]!r}"]
    for option, patterns in (("--observables", analysis.observables), ("--exclude", analysis.exclude)):
        for pattern in patterns:
            words += [option, pattern]
    for folder_of_data in analysis.data:
        words += ["--data", str(folder_of_data)]
    for entry in analysis.include:
        words += ["--include", entry]
    for group, form in analysis.representations.items():
        words += ["--form", f"{group}={form}"]
    for key, choice in analysis.input_choices.items():
        words += ["--form-factors", f"{key}={choice}"]
    given = {
        "--as-of": analysis.as_of,
        "--policy": analysis.policy if analysis.policy != "average" else None,
        "--theory-errors": analysis.theory_errors if analysis.theory_errors != "marginal" else None,
        "--inputs": analysis.inputs if analysis.inputs != "default" else None,
        "--limit-shape": analysis.limit_shape if analysis.limit_shape != "half-normal" else None,
        "--min-effect": analysis.min_effect if analysis.min_effect != MIN_EFFECT else None,
        "--seed": analysis.seed or None,
        "-o": folder,
    }
    for option, value in given.items():
        if value is not None:
            words += [option, str(value)]
    return shlex.join(words)
