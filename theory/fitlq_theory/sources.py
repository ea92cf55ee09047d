"""Where predictions come from: formulas, the inputs they read, and the model, with their sources in the words of the files."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Literal

from fitlq_theory.contracts import Model
from fitlq_theory.evolution.inputs import EvolutionInputs
from fitlq_theory.inputs import Inputs, input_choices, input_sets, load_inputs
from fitlq_theory.observables import ObservableRegistry, load_registry

__all__ = ["Source", "all_sources", "bibliography_text", "sources_of"]


@dataclass(frozen=True, slots=True)
class Source:
    """One thing with a source.

    Attributes
    ----------
    kind : {"input", "formula", "model"}
    name : str
        Of the input parameter, observable or model.
    text : str
        The source as its file gives it: free text with arXiv numbers, INSPIRE keys or names of works.
    """

    kind: Literal["input", "formula", "model"]
    name: str
    text: str


def sources_of(
    requests: Iterable[tuple[str, Mapping[str, float]]],
    inputs: Inputs,
    model: Model | None = None,
    registry: ObservableRegistry | None = None,
) -> tuple[Source, ...]:
    """Sources of predictions: of every input that is read, of every formula, and of the model.

    Parameters
    ----------
    requests : iterable of (name, arguments)
        Observables by name or alias.
    inputs : Inputs
    model : Model, optional
        One in SMEFT also reads the inputs of running and matching.
    registry : ObservableRegistry, optional
        The shipped observables when None.

    Returns
    -------
    tuple of Source
        Inputs in the order of their set, formulas in the order of `requests`, the model.

    Raises
    ------
    InputError
        Unknown observable or impossible arguments.
    """
    registry = registry or load_registry()
    point = inputs.point()
    read: set[str] = set()
    formulas: dict[str, Source] = {}
    for name, arguments in requests:
        observable = registry.resolve(name)
        observable.check_arguments(arguments)
        read |= point.reads_of(lambda p, o=observable, a=arguments: o.forms(p, a))[1]  # type: ignore[misc]
        formulas[observable.name] = Source("formula", observable.name, observable.reference)
    models: Sequence[Source] = ()
    if model is not None:
        models = (Source("model", model.name, model.reference),)
        if model.eft == "SMEFT":
            read |= point.reads_of(EvolutionInputs.from_point)[1]
    parameters = (parameter for parameter in inputs.parameters.values() if parameter.name in read)
    return (*(Source("input", p.name, p.source) for p in parameters), *formulas.values(), *models)


def all_sources() -> tuple[Source, ...]:
    """Sources of every input of every shipped set and option, of every observable and of every shipped model."""
    from fitlq_theory.models import load_model, shipped_models

    selections: list[tuple[str, dict[str, str]]] = [(name, {}) for name in input_sets()]
    selections += [("default", {key: option}) for key, options in input_choices().items() for option in options]
    found = [
        Source("input", parameter.name, parameter.source)
        for name, choice in selections
        for parameter in load_inputs(name, choice).parameters.values()
    ]
    found += [Source("formula", observable.name, observable.reference) for observable in load_registry()]
    found += [Source("model", model.name, model.reference) for model in map(load_model, shipped_models())]
    return tuple(dict.fromkeys(found))


def bibliography_text() -> tuple[str, str]:
    """Name and BibTeX of the works that the sources of this package name."""
    path = files("fitlq_theory").joinpath("references.bib")
    return "fitlq_theory/references.bib", path.read_text(encoding="utf-8")
