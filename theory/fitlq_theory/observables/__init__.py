"""All observables of the theory layer, collected explicitly from the process modules and from plug-ins."""

from __future__ import annotations

from fitlq_theory.observables.registry import ObservableRegistry, load_registry

__all__ = ["ObservableRegistry", "load_registry"]
