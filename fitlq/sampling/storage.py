"""The file of a chain: HDF5, always complete. A new version is written beside the old one and put in its place in one step,
so that a run killed at any moment leaves the last complete version, from which it continues to exactly the same chain.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fitlq.files import replace_atomically
from fitlq_theory.errors import InputError

__all__ = ["RandomState", "StoredChain", "read_chain", "remove_leftovers", "write_chain"]

Real = NDArray[np.float64]
RandomState = tuple[str, NDArray[np.uint32], int, int, float]

_FORMAT = "fitlq-chain/1"


@dataclass(frozen=True, slots=True, eq=False)
class StoredChain:
    """Everything in the file.

    Attributes
    ----------
    values : (steps, walkers, n) array
        Natural values.
    log_likelihood : (steps, walkers) array
        Marginal log-likelihood.
    accepted : (walkers,) array
        Accepted proposals of each walker.
    coordinates : (walkers, n) array
        The walkers now, in sampled coordinates.
    random_state : tuple
        Of emcee's generator, as ``numpy.random.RandomState.get_state`` gives it.
    fingerprint : str
        ``Likelihood.content_hash`` of the problem.
    description : mapping
        Parameters (name, TeX, unit, range, prior), model, versions, best fit.
    """

    values: Real
    log_likelihood: Real
    accepted: NDArray[np.int64]
    coordinates: Real
    random_state: RandomState
    fingerprint: str
    seed: int
    description: Mapping[str, Any]


def write_chain(path: Path, chain: StoredChain) -> None:
    """Replace the file in one step."""
    import h5py

    def write(temporary: Path) -> None:
        with h5py.File(temporary, "w") as file:
            file.attrs["format"] = _FORMAT
            file.attrs["fingerprint"] = chain.fingerprint
            file.attrs["seed"] = chain.seed
            file.attrs["description"] = json.dumps(dict(chain.description))
            file["chain"] = chain.values
            file["log_likelihood"] = chain.log_likelihood
            file["accepted"] = chain.accepted
            state = file.create_group("state")
            state["coordinates"] = chain.coordinates
            name, keys, position, has_gauss, cached = chain.random_state
            state["random_keys"] = np.asarray(keys)
            state.attrs["generator"] = name
            state.attrs["position"] = position
            state.attrs["has_gauss"] = has_gauss
            state.attrs["cached_gaussian"] = cached

    replace_atomically(path, write)


def read_chain(path: Path) -> StoredChain:
    """Read the file.

    Raises
    ------
    InputError
        It does not exist, is not HDF5, is cut off, or is not a chain of fitlq; the file is left as it is.
    """
    import h5py

    if not path.is_file():
        msg = f"{path}: no such file"
        raise InputError(msg)
    try:
        with h5py.File(path, "r") as file:
            if file.attrs.get("format") != _FORMAT:
                msg = f"{path}: is HDF5 but not a chain of fitlq ({_FORMAT}); it was left as it is"
                raise InputError(msg)
            stored = _content(file)
    except (OSError, KeyError, ValueError, RuntimeError) as error:
        msg = f"{path}: is not a readable chain of fitlq (truncated, or not HDF5: {error}); it was left as it is"
        raise InputError(msg) from None
    _check_shapes(path, stored)
    return stored


def remove_leftovers(path: Path) -> None:
    """Delete unfinished versions that a killed run left beside the file."""
    for leftover in path.parent.glob(f".{path.name}.*.tmp"):
        leftover.unlink(missing_ok=True)


def _content(file: Any) -> StoredChain:
    state = file["state"]
    attributes = state.attrs
    return StoredChain(
        values=file["chain"][...],
        log_likelihood=file["log_likelihood"][...],
        accepted=file["accepted"][...],
        coordinates=state["coordinates"][...],
        random_state=(
            str(attributes["generator"]),
            state["random_keys"][...],
            int(attributes["position"]),
            int(attributes["has_gauss"]),
            float(attributes["cached_gaussian"]),
        ),
        fingerprint=str(file.attrs["fingerprint"]),
        seed=int(file.attrs["seed"]),
        description=json.loads(file.attrs["description"]),
    )


def _check_shapes(path: Path, stored: StoredChain) -> None:
    n = len(stored.description.get("parameters", ()))
    shape = stored.values.shape
    good = (
        len(shape) == 3
        and shape[2] == n
        and stored.log_likelihood.shape == shape[:2]
        and stored.accepted.shape == shape[1:2]
        and stored.coordinates.shape == shape[1:]
    )
    if not good:
        msg = f"{path}: is a damaged chain (shapes do not match); it was left as it is"
        raise InputError(msg)
