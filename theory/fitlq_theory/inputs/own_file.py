"""A user's own file of parameters laid over a set of inputs.

The file has the form of the shipped ones; ``over: flavio-2.7.1`` names the set it is laid over (``default`` without it). A
parameter it gives replaces that of the set and leaves its correlations, those the file states take their place; the
parameters it does not give keep theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.errors import InputError
from fitlq_theory.inputs.checking import InputProblem, check_input_document, input_file_kind
from fitlq_theory.inputs.inputs import CorrelatedBlock, InputParameter, Inputs
from fitlq_theory.strict_yaml import YamlDocument, load_yaml_document

__all__ = ["base_set", "is_own_file", "laid_over", "read_own_file"]


def is_own_file(name: str) -> bool:
    """Whether `name` is a file and not the name of a set."""
    return name.endswith((".yaml", ".yml"))


def read_own_file(name: str) -> YamlDocument:
    """The content of a file of parameters.

    Raises
    ------
    InputError
        The file cannot be read, is not YAML or not a file of parameters.
    """
    try:
        text = Path(name).expanduser().read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{name}: cannot be read: {error}"
        raise InputError(msg) from None
    document = load_yaml_document(text, name)
    if input_file_kind(document.data) != "parameters":
        msg = f"{name}: a file of inputs is a mapping with a list 'parameters'"
        raise InputError(msg)
    return document


def base_set(document: YamlDocument) -> str:
    """The name of the set a file is laid over."""
    return str(document.data.get("over", "default"))


def laid_over(base: Inputs, document: YamlDocument, correlation: Callable[[Any, int, str], NDArray[np.float64]]) -> Inputs:
    """`base` with the parameters of a file.

    Parameters
    ----------
    base : Inputs
    document : YamlDocument
    correlation : callable
        Rows of the lower triangle, size and place -> matrix.

    Raises
    ------
    InputError
        Everything `fitlq check` calls a problem, and parameters that the set does not have.
    """
    name = document.source_name
    problems = [one for one in check_input_document(document, base.parameters) if not one.note]
    if problems:
        raise InputError("\n".join(_line(name, problem) for problem in problems))
    given = {p["name"]: _parameter(p) for p in document.data["parameters"]}
    stated = [
        CorrelatedBlock(tuple(b["names"]), correlation(b["correlation"], len(b["names"]), name))
        for b in document.data.get("correlation_blocks", [])
        if len(b["names"]) > 1
    ]
    replaced = {*given, *(one for block in stated for one in block.names)}
    blocks = (*_remaining(base.blocks, replaced), *stated)
    return replace(base, name=name, parameters={**base.parameters, **given}, blocks=blocks)


def _parameter(entry: Mapping[str, Any]) -> InputParameter:
    return InputParameter(**{**entry, "value": float(entry["value"]), "error": float(entry["error"])})


def _remaining(blocks: Iterable[CorrelatedBlock], replaced: Collection[str]) -> Iterable[CorrelatedBlock]:
    for block in blocks:
        kept = [k for k, name in enumerate(block.names) if name not in replaced]
        if len(kept) > 1:
            yield CorrelatedBlock(tuple(block.names[k] for k in kept), block.correlation[np.ix_(kept, kept)])


def _line(name: str, problem: InputProblem) -> str:
    place = f"{name}, line {problem.line}" if problem.line else name
    return ": ".join([", ".join(filter(None, [place, problem.entry, problem.key])), problem.message])
