"""Read the input files of this folder into `Inputs`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import numpy as np

from fitlq_theory.errors import InputError, UnknownNameError
from fitlq_theory.form_factors.sets import FormFactorSet
from fitlq_theory.inputs.inputs import CorrelatedBlock, InputParameter, Inputs
from fitlq_theory.inputs.own_file import base_set, is_own_file, laid_over, read_own_file
from fitlq_theory.naming import unknown_name_message
from fitlq_theory.strict_yaml import load_yaml

__all__ = ["input_choices", "input_sets", "known_parameters", "load_inputs"]


def _read(*parts: str) -> Any:
    path = files("fitlq_theory.inputs").joinpath(*parts)
    return load_yaml(path.read_text(encoding="utf-8"), "/".join(("inputs", *parts)))


def input_sets() -> dict[str, str]:
    """Names of the input sets with a one-line description each."""
    return {name: entry["description"] for name, entry in _read("sets.yaml")["sets"].items()}


def input_choices() -> dict[str, dict[str, str]]:
    """For each choice (``"b->c"``, ``"B->K"``) its options with a one-line description each."""
    choices = _read("sets.yaml")["choices"]
    return {key: {name: entry["description"] for name, entry in options.items()} for key, options in choices.items()}


def load_inputs(name: str = "default", choices: Mapping[str, str] | None = None) -> Inputs:
    """Load a named set of inputs.

    Parameters
    ----------
    name : str
        ``"default"``, ``"flavio-2.7.1"`` or ``"eos-like"``; `input_sets` lists them. Or a file ``*.yaml`` of parameters that
        is laid over a set (`fitlq_theory.inputs.own_file`).
    choices : mapping of str to str, optional
        Options that replace those of the set, e.g. ``{"b->c": "lattice"}``; `input_choices` lists them.

    Raises
    ------
    UnknownNameError
        Unknown set, choice or option.
    InputError
        The file cannot be read or is wrong; all problems, each with its line.
    """
    chosen = tuple(sorted((choices or {}).items()))
    if is_own_file(name):
        document = read_own_file(name)
        return laid_over(_load(base_set(document), chosen), document, _correlation)
    return _load(name, chosen)


@cache
def known_parameters() -> frozenset[str]:
    """Names of the parameters of every shipped set with every shipped option."""
    selections: list[tuple[str, dict[str, str]]] = [(name, {}) for name in input_sets()]
    selections += [("default", {key: option}) for key, options in input_choices().items() for option in options]
    return frozenset(parameter for name, choice in selections for parameter in load_inputs(name, choice).parameters)


@cache
def _load(name: str, choices: tuple[tuple[str, str], ...]) -> Inputs:
    index = _read("sets.yaml")
    if name not in index["sets"]:
        raise UnknownNameError(unknown_name_message("input set", name, index["sets"]))
    here = index["sets"][name]
    base = index["sets"][here["like"]] if "like" in here else {"parameters": [], "choices": {}}
    chosen = {**base["choices"], **here.get("choices", {})}
    for key, option in choices:
        if key not in index["choices"]:
            raise UnknownNameError(unknown_name_message("choice of inputs", key, index["choices"]))
        if option not in index["choices"][key]:
            raise UnknownNameError(unknown_name_message(f"option of {key}", option, index["choices"][key]))
        chosen[key] = option
    options = {key: index["choices"][key][option] for key, option in chosen.items()}
    parameter_files = [*base["parameters"], *here.get("parameters", [])]
    transitions: dict[str, str] = {}
    for option in options.values():
        parameter_files += option.get("parameters", [])
        transitions |= option.get("form_factors", {})
    return _assemble(name, chosen, parameter_files, transitions)


def _assemble(name: str, choices: dict[str, str], parameter_files: list[str], transitions: dict[str, str]) -> Inputs:
    parameters: dict[str, InputParameter] = {}
    blocks: list[CorrelatedBlock] = []
    for file_name in parameter_files:
        read, read_blocks = _parameters(file_name)
        blocks = [b for b in blocks if not set(b.names) & set(read)] + read_blocks
        parameters |= read
    sets: dict[str, FormFactorSet] = {}
    for transition, file_name in transitions.items():
        form_factors, coefficients, block = _form_factor_file(file_name)
        if block.names[0] not in parameters:
            blocks.append(block)
        parameters |= coefficients
        sets[transition] = form_factors
    return Inputs(name, choices, parameters, tuple(blocks), sets)


def _correlation(rows: list[list[float]], size: int, where: str) -> np.ndarray[Any, np.dtype[np.float64]]:
    matrix = np.eye(size)
    if len(rows) != size:
        msg = f"{where}: correlation has {len(rows)} rows for {size} parameters"
        raise InputError(msg)
    for i, row in enumerate(rows):
        if len(row) != i + 1 or row[i] != 1.0:
            msg = f"{where}: row {i + 1} of the correlation must have {i + 1} numbers and end with 1.0"
            raise InputError(msg)
        matrix[i, : i + 1] = row
        matrix[: i + 1, i] = row
    return matrix


def _parameters(file_name: str) -> tuple[dict[str, InputParameter], list[CorrelatedBlock]]:
    where = f"parameters/{file_name}.yaml"
    data = _read("parameters", f"{file_name}.yaml")
    parameters = {p["name"]: InputParameter(**p) for p in data["parameters"]}
    blocks = [
        CorrelatedBlock(tuple(b["names"]), _correlation(b["correlation"], len(b["names"]), where))
        for b in data["correlation_blocks"]
        if len(b["names"]) > 1
    ]
    return parameters, blocks


def _form_factor_file(file_name: str) -> tuple[FormFactorSet, dict[str, InputParameter], CorrelatedBlock]:
    where = f"form_factors/{file_name}.yaml"
    data = _read("form_factors", f"{file_name}.yaml")
    transitions = [t.strip() for t in data["transition"].split(",")]
    parametrisations = _parametrisations(data, transitions)
    source = data["source"]["primary"]
    names: dict[str, dict[str, str]] = {t: {} for t in transitions}
    coefficients: dict[str, InputParameter] = {}
    for p in data["parameters"]:
        local, owners = p["name"], transitions
        if "members" in data["parametrisation"]:  # joint file: names start with their transition
            transition, local = p["name"].split(" ", 1)
            owners = [transition]
        full = f"{'/'.join(owners)} {local}"
        for transition in owners:
            names[transition][local] = full
        date = str(data["source"].get("date", ""))
        coefficients[full] = InputParameter(full, p["value"], p["error"], "", source, data["status"], date)
    block = CorrelatedBlock(tuple(coefficients), _correlation(data["correlation"], len(coefficients), where))
    return FormFactorSet(data["name"], parametrisations, names, source, data["status"]), coefficients, block


def _parametrisations(data: Any, transitions: list[str]) -> dict[str, Any]:
    if members := data["parametrisation"].get("members"):
        found = [_read("form_factors", f"{member}.yaml") for member in members]
        return {member["transition"]: member["parametrisation"] for member in found}
    return dict.fromkeys(transitions, data["parametrisation"])
