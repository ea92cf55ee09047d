"""``fitlq show`` for an observable that is predicted: definition, arguments, coefficients, and what its error is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from fitlq.cli.observables import observable_data, prediction_text
from fitlq.cli.text_table import render_table, wrapped
from fitlq.formatting import format_with_error

if TYPE_CHECKING:
    from fitlq_theory.inputs import Inputs

__all__ = ["show_observable"]

# smaller shares of the variance are named together in one line
_WORTH_A_LINE = 1e-3


def show_observable(name: str, chosen: Inputs, stated: str, dataset: Any) -> tuple[list[str], str, Any]:
    """Known names, text and data of what the theory layer knows about an observable, and who has measured it.

    `stated` is what the user chose as inputs, in words.
    """
    from fitlq_theory.observables import load_registry
    from fitlq_theory.standard_model import error_shares

    registry = load_registry()
    names = list(registry.all_names)
    if name not in registry:
        return names, "", None
    observable = registry.resolve(name)
    (data,) = observable_data([observable], chosen, registry.process_of(observable.name))
    data["inputs"] = []
    if data["standard_model"] is not None:
        shares = error_shares(observable, data["standard_model"]["arguments"], chosen)
        data["inputs"] = [_share_data(share, chosen) for share in shares]
    used = [item.entry.id for item in dataset if observable.name in {dataset.canonical(o.name) for o in item.references}]
    data["measured_by"] = used
    where = f"\nmeasured by (in use as of {dataset.as_of}): {', '.join(used) or 'nothing'}"
    data["form_factors"] = dict(chosen.choices)
    return names, _description(data, stated) + where, data


def _share_data(share: Any, inputs: Any) -> dict[str, Any]:
    parameters = [inputs.parameters[name] for name in share.inputs]
    return {
        "label": share.label,
        "share": share.share,
        "error": share.error,
        "correlated": share.correlated,
        "parameters": [
            {"name": p.name, "value": p.value, "error": p.error, "unit": p.unit, "source": p.source, "date": p.date}
            for p in parameters
        ],
    }


def _description(data: Mapping[str, Any], inputs: str) -> str:
    lines = [f"observable {data['name']}: {data['description']}"]
    if data["aliases"]:
        lines.append(f"also called: {', '.join(data['aliases'])}")
    lines += [f"process: {data['process']}"] if data["process"] else []
    lines.append(f"TeX: {data['tex']}")
    for a in data["arguments"]:
        unit = f" {a['unit']}" if a["unit"] else ""
        lines.append(f"argument {a['name']}: {a['meaning']}, {a['minimum']:g} … {a['maximum']:g}{unit}")
    lines.append(f"Standard Model (inputs {inputs}): {prediction_text(data)}")
    lines += _coefficients(data["wilson_coefficients"])
    lines.append(f"formula: {data['reference']}")
    lines += _inputs(data["inputs"])
    return "\n".join(lines)


def _coefficients(coefficients: Sequence[Mapping[str, Any]]) -> list[str]:
    from fitlq_theory.bases.normalisation import normalisation_of

    by_place: dict[tuple[str, float, str], list[str]] = {}
    for c in coefficients:
        norm = "1" if c["eft"] == "SMEFT" else normalisation_of(c["name"]).text
        norm = "in powers of GeV" if norm == "1" else f"each times {norm}"
        by_place.setdefault((c["eft"], c["scale"], norm), []).append(c["name"])
    lines = []
    for (eft, scale, norm), names in by_place.items():
        basis = "Warsaw up" if eft == "SMEFT" else "flavio"
        lines += [f"Wilson coefficients ({eft}, basis {basis}, at {scale:g} GeV, {norm}):"]
        lines.append(wrapped(", ".join(names)))
    return lines


def _inputs(shares: Sequence[Mapping[str, Any]]) -> list[str]:
    if not shares:
        return []
    large = [share for share in shares if share["share"] >= _WORTH_A_LINE]
    small = [p["name"] for share in shares if share["share"] < _WORTH_A_LINE for p in share["parameters"]]
    lines = ["inputs, with their share of the variance of the Standard Model prediction:"]
    if large:
        rows = [[f"{100 * share['share']:.1f} %", *_input_cells(share)] for share in large]
        lines.append(
            "\n".join(f"  {line}" for line in render_table(["share", "input", "value", "source"], rows, (0,)).splitlines())
        )
    if small:
        lines += [f"  below {100 * _WORTH_A_LINE:g} % each:", wrapped(", ".join(small), indent="    ")]
    return lines


def _input_cells(share: Mapping[str, Any]) -> list[str]:
    parameters = share["parameters"]
    source = parameters[0]["source"]
    if len({p["source"] for p in parameters}) > 1:
        source += " and others"
    source = source if len(source) <= 70 else source[:67].rstrip() + "…"
    if not share["correlated"]:
        value = format_with_error(parameters[0]["value"], parameters[0]["error"])
        return [share["label"], f"{value} {parameters[0]['unit']}".rstrip(), source]
    if share["label"].startswith("form factors"):
        return [share["label"], f"{len(parameters)} coefficients", source]
    values = ", ".join(format_with_error(p["value"], p["error"]) for p in parameters[:3])
    return [share["label"], f"{values}{', …' if len(parameters) > 3 else ''} (correlated)", source]
