"""Models by name: those shipped here and those of installed plug-ins (entry points of the group ``fitlq.models``)."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import EntryPoint, entry_points
from types import MappingProxyType
from typing import Any

from fitlq_theory.contracts import Model
from fitlq_theory.errors import InputError, UnknownNameError
from fitlq_theory.models.checks import check_model
from fitlq_theory.models.s1_lmu_ltau import S1LmuLtau
from fitlq_theory.models.wet import wet_model
from fitlq_theory.naming import unknown_name_message

__all__ = ["PLUGIN_GROUP", "ShippedModel", "load_model", "plugin_models", "shipped_models"]

PLUGIN_GROUP = "fitlq.models"


@dataclass(frozen=True, slots=True)
class ShippedModel:
    """How to make a model, and what it is in one line."""

    factory: Callable[[], Model]
    summary: str


_SHIPPED: Mapping[str, ShippedModel] = MappingProxyType(
    {
        "s1_lmu_ltau": ShippedModel(S1LmuLtau, "scalar leptoquark S1 with gauged L_mu - L_tau, arXiv:2309.12904"),
        "wet": ShippedModel(wet_model, "Wilson coefficients of the weak effective theory, to be chosen with wet_model(names)"),
    }
)


def shipped_models() -> Mapping[str, ShippedModel]:
    """The models that come with the package, by name."""
    return _SHIPPED


def plugin_models() -> Mapping[str, EntryPoint]:
    """The models of installed plug-ins, by the name of their entry point; a shipped model of the same name comes first.

    An entry point is a model, a class or a function without arguments that makes one.
    """
    return {entry.name: entry for entry in entry_points(group=PLUGIN_GROUP) if entry.name not in _SHIPPED}


def load_model(name: str) -> Model:
    """A model by name.

    ``"wet"`` has no parameters, it is the Standard Model; `wet_model` takes the coefficients wanted.

    Raises
    ------
    UnknownNameError
        No shipped model and no plug-in of that name; the message carries the nearest names.
    InputError
        A plug-in that cannot be loaded or is no model.
    """
    if name in _SHIPPED:
        return _SHIPPED[name].factory()
    plugins = plugin_models()
    if name not in plugins:
        raise UnknownNameError(unknown_name_message("model", name, [*_SHIPPED, *plugins]))
    return _from_entry_point(plugins[name])


def _from_entry_point(entry: EntryPoint) -> Model:
    where = f"model {entry.name!r} (plug-in {entry.value})"
    try:
        found: Any = entry.load()
        is_maker = inspect.isclass(found) or not hasattr(found, "coefficients")
        model = found() if is_maker and callable(found) else found
    except Exception as error:
        msg = f"{where}: cannot be loaded: {type(error).__name__}: {error}"
        raise InputError(msg) from error
    problems = check_model(model)
    if problems:
        msg = f"{where}: " + "; ".join(problems)
        raise InputError(msg)
    return model  # type: ignore[no-any-return]
