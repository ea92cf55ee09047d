"""In words: which model, which data and which theory inputs a result rests on. Printed with every result."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fitlq.analysis import Analysis

__all__ = ["choice_lines", "problem_lines", "theory_error_words"]

_THEORY_ERRORS = {
    "marginal": "theory covariance follows the new physics",
    "sm": "theory covariance frozen at the Standard Model",
    "none": "no theory errors",
}
_POLICIES = {
    "average": "published averages with their correlations",
    "individual": "single measurements, averages only where nothing else is left",
}


def theory_error_words(mode: str) -> str:
    """``marginal: theory covariance follows the new physics``."""
    return f"{mode}: {_THEORY_ERRORS.get(mode, mode)}"


def choice_lines(choices: Mapping[str, str]) -> list[tuple[str, str]]:
    """(key, "option — description") of each choice in force."""
    from fitlq_theory.inputs import input_choices

    described = input_choices()
    return [(key, f"{option} — {described[key][option]}") for key, option in choices.items()]


def problem_lines(analysis: Analysis, likelihood: Any) -> list[tuple[str, str]]:
    """(heading, content) pairs that state the problem: model, parameters, data, theory errors, form factors."""
    units = {p.name: p.unit for p in likelihood.model.parameters}
    fixed = ", ".join(f"{name} = {value:g} {units[name]}".rstrip() for name, value in likelihood.fixed.items())
    lines = [
        ("model", f"{likelihood.model.name}: {likelihood.model.title}"),
        ("free parameters", ", ".join(likelihood.parameters) or "none"),
        ("fixed parameters", fixed or "none"),
        ("data", f"{likelihood.n_measurements} measurements as of {likelihood.data.as_of}"),
        ("policy", f"{analysis.policy}: {_POLICIES.get(analysis.policy, '')}"),
    ]
    if analysis.data:
        lines.append(("own data", ", ".join(str(folder) for folder in analysis.data)))
    if analysis.include:
        lines.append(("asked for", ", ".join(analysis.include)))
    if analysis.representations:
        lines.append(("forms of data", ", ".join(f"{group}: {name}" for group, name in analysis.representations.items())))
    if analysis.observables:
        lines.append(("only", ", ".join(analysis.observables)))
    if analysis.exclude:
        lines.append(("without", ", ".join(analysis.exclude)))
    lines += [
        ("theory errors", theory_error_words(analysis.theory_errors)),
        ("theory inputs", analysis.inputs),
    ]
    return lines + choice_lines(likelihood.inputs.choices)
