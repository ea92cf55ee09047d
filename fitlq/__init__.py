"""Global likelihoods for leptoquark and flavour new physics.

The names below are loaded when first used, so that ``import fitlq`` costs next to nothing. What each does is in its
own docstring; the way of the data is ``load_measurements`` and ``load_model`` → ``Likelihood`` → ``fit`` → ``sample``
→ ``refit``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from fitlq import errors
    from fitlq.fitting.fit import fit
    from fitlq.likelihood import Likelihood
    from fitlq.measurements import load_measurements
    from fitlq.predicting import predict
    from fitlq.refitting import refit
    from fitlq.sampling import sample
    from fitlq_theory.evolution import evolve
    from fitlq_theory.models import load_model

__version__ = "0.1.0"

__all__ = [
    "Likelihood",
    "__version__",
    "errors",
    "evolve",
    "fit",
    "load_measurements",
    "load_model",
    "predict",
    "refit",
    "sample",
]

_HOMES = {
    "Likelihood": "fitlq.likelihood",
    "evolve": "fitlq_theory.evolution",
    "fit": "fitlq.fitting",
    "load_measurements": "fitlq.measurements",
    "load_model": "fitlq_theory.models",
    "predict": "fitlq.predicting",
    "refit": "fitlq.refitting",
    "sample": "fitlq.sampling",
}


def __getattr__(name: str) -> Any:
    if name == "errors":
        return import_module("fitlq.errors")
    if name not in _HOMES:
        msg = f"module 'fitlq' has no attribute {name!r}"
        raise AttributeError(msg)
    return getattr(import_module(_HOMES[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
