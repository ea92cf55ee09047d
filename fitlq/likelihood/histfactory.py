"""Likelihoods published as HistFactory workspaces (pyhf), read as profile likelihoods of one or two observables.

The profile likelihood is computed once, kept on disk, and evaluated from then on like a likelihood on a grid. The observable
is proportional to the parameter of interest: the shape of the signal inside the workspace is fixed. For new physics that
changes it (light invisible particles, scalar or tensor operators) the workspace would have to be reweighted in the true
kinematics, which is not done here.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fitlq.likelihood.grids import GridTerm, grid_term
from fitlq.measurements.data_forms import ExternalData
from fitlq.measurements.histfactory_files import read_workspace, workspace_problem
from fitlq.measurements.reasons import Reason, ReasonKind
from fitlq_theory.cache import read_arrays, write_arrays
from fitlq_theory.errors import InputError

__all__ = ["histfactory_term", "reason_not_to_read"]

Real = NDArray[np.float64]

_KIND = "histfactory"
_DEFINITION = "profile 1"  # to be raised when the same workspace gets another table


def reason_not_to_read(data: ExternalData) -> Reason | None:
    """Why an external likelihood cannot be used, or None."""
    if data.file is None:
        words = f"external likelihood ({data.format}): its file is not in the database (fitlq import pyhf attaches one)"
        return Reason(ReasonKind.EXTERNAL, words)
    if find_spec("pyhf") is None:
        words = "external likelihood in the HistFactory format: reading it needs pyhf; pip install 'fitlq[pyhf]'"
        return Reason(ReasonKind.EXTERNAL, words)
    return None


def histfactory_term(identifier: str, columns: list[int], data: ExternalData) -> GridTerm:
    """The profile likelihood of a workspace as a function of the observables.

    Parameters
    ----------
    columns : list of int
        Columns of the observables, parallel to ``data.parameters``.

    Raises
    ------
    InputError
        The file cannot be read, has changed, or has not what the entry asks of it; pyhf refuses it.
    FitlqError
        The minimiser fails.
    """
    axes, values = _table(identifier, data)
    scaled = tuple(axis * unit for axis, unit in zip(axes, data.per_unit, strict=True))
    return grid_term(identifier, columns, scaled, values, "minus2logL, profile likelihood", smooth=True)


def _table(identifier: str, data: ExternalData) -> tuple[tuple[Real, ...], Real]:
    where = f"measurement {identifier!r}: {data.file}"
    try:
        workspace, fingerprint = read_workspace(Path(str(data.file)))
    except InputError as error:
        msg = f"{where}: {error}"
        raise InputError(msg) from None
    problem = workspace_problem(workspace, data.measurement, data.parameters)
    if problem is None and data.sha256 not in (None, fingerprint):
        problem = "sha256", "has changed since the measurements were read"
    if problem is not None:
        msg = f"{where}: {problem[1]}"
        raise InputError(msg)
    content = [_DEFINITION, fingerprint, data.measurement, list(data.parameters)]
    key = hashlib.sha256(json.dumps(content).encode()).hexdigest()
    stored = read_arrays(_KIND, key)
    if stored is not None and {"values", *_axis_names(data.parameters)} <= set(stored):
        return tuple(stored[name] for name in _axis_names(data.parameters)), stored["values"]
    axes, values = _computed(workspace, data, where)
    write_arrays(_KIND, key, {"values": values, **dict(zip(_axis_names(data.parameters), axes, strict=True))})
    return axes, values


def _computed(workspace: Any, data: ExternalData, where: str) -> tuple[tuple[Real, ...], Real]:
    # these need pyhf and iminuit
    from fitlq.likelihood.profile_grid import profile_table
    from fitlq.likelihood.workspace_profile import WorkspaceProfile

    try:
        profile = WorkspaceProfile(workspace, data.measurement, data.parameters)
        single = [WorkspaceProfile(workspace, data.measurement, [name]).at for name in data.parameters]
        return profile_table(profile.at, profile.bounds, single)
    except InputError as error:
        msg = f"{where}: {error}"
        raise InputError(msg) from None


def _axis_names(parameters: Sequence[str]) -> list[str]:
    return [f"axis{k}" for k in range(len(parameters))]
