"""What is known about a parameter: of the theory inputs, of a model, or a Wilson coefficient."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fitlq.cli.models import model_names
from fitlq.cli.text_table import wrapped
from fitlq.formatting import format_with_error

if TYPE_CHECKING:
    from fitlq_theory.inputs import Inputs

__all__ = ["show_coefficient", "show_input_parameter", "show_model_parameter"]

Found = tuple[list[str], str, Any]


def show_input_parameter(name: str, chosen: Inputs) -> Found:
    """Known names, text and data of an input parameter; empty text if there is none of that name."""
    if name not in chosen.parameters:
        return list(chosen.parameters), "", None
    p = chosen.parameters[name]
    correlated = [n for block in chosen.blocks if name in block.names for n in block.names if n != name]
    lines = [
        f"input parameter {p.name} (set {chosen.name}): {format_with_error(p.value, p.error)} {p.unit}".rstrip(),
        f"status: {p.status}",
        *([f"why it has no error: {p.no_error}"] if p.no_error else []),
        *([f"date of the source: {p.date}"] if p.date else []),
        "source:",
        wrapped(p.source),
    ]
    if correlated:
        shown = ", ".join(correlated[:8]) + (", …" if len(correlated) > 8 else "")
        lines.append(f"correlated with {len(correlated)} others: {shown}")
    data = {
        "name": p.name,
        "value": p.value,
        "error": p.error,
        "unit": p.unit,
        "source": p.source,
        "status": p.status,
        "date": p.date,
    }
    return list(chosen.parameters), "\n".join(lines), {**data, "correlated_with": correlated}


def show_model_parameter(name: str, _inputs: Inputs) -> Found:
    """The same for a parameter of a model; several models may have it."""
    from fitlq_theory.models import load_model

    known: list[str] = []
    texts: list[str] = []
    data: list[dict[str, Any]] = []
    for model_name in model_names():
        model = load_model(model_name)
        known += [p.name for p in model.parameters]
        for p in model.parameters:
            if p.name == name:
                use = "free in a fit" if p.free else "fixed in a fit"
                facts = (
                    f"default {p.default:g} {p.unit}".rstrip() + f", range {p.minimum:g} … {p.maximum:g}, prior {p.prior}, {use}"
                )
                texts.append(f"parameter {p.name} of model {model.name}: {p.meaning}\n{facts}\nsource: {model.reference}")
                data.append({"model": model.name, "name": p.name, "meaning": p.meaning, "unit": p.unit, "default": p.default})
    return known, "\n\n".join(texts), data


def show_coefficient(name: str, _inputs: Inputs) -> Found:
    """The same for a Wilson coefficient of WET in the flavio basis: which observables read it, and where."""
    from fitlq_theory.observables import load_registry

    reading: dict[str, list[str]] = {}
    scales: dict[str, set[float]] = {}
    for observable in load_registry():
        for coefficient in observable.coefficients:
            reading.setdefault(coefficient.name, []).append(observable.name)
            scales.setdefault(coefficient.name, set()).add(coefficient.scale)
    if name not in reading:
        return list(reading), "", None
    at = ", ".join(f"{scale:g} GeV" for scale in sorted(scales[name]))
    lines = [
        f"Wilson coefficient {name} (WET, WCxf basis flavio, new physics only), read at {at} by",
        wrapped(", ".join(reading[name])),
    ]
    return list(reading), "\n".join(lines), {"name": name, "scales": sorted(scales[name]), "observables": reading[name]}
