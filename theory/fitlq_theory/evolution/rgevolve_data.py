"""Read-only access to the tables of the rgevolve data packages (version 0.2): names, running and matching matrices.

The tables are HDF5 files. They are read directly, not through ``rgevolve.tools``, for three reasons: importing that
package inverts and compresses all matrices into the user's home directory (seconds, printing, unsafe when several
processes start together); its interpolation is wrong between the nodes of the high scale; and here only a few columns
are needed.

Every matrix is real and acts on real components: for each coefficient, in alphabetical order, first the imaginary part
(unless the coefficient is real), then the real part. SMEFT is in the basis "Warsaw up" and runs from its reference scale
M_Z up; the WETs are in "flavio" and run down from theirs; matching is done in "JMS". Scales in GeV.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.errors import FitlqError

__all__ = [
    "EFTS",
    "components",
    "data_versions",
    "lower_matching_matrix",
    "reference_running",
    "reference_scale",
    "running_matrix",
    "scale_nodes",
    "sector_of",
    "sectors",
    "smeft_matching_matrix",
    "smeft_sector",
    "translation",
]

Real = NDArray[np.float64]

_MODULES = {
    "SMEFT": "rgevolve.smeft.warsaw_up",
    "WET": "rgevolve.wet.flavio",
    "WET-4": "rgevolve.wet_4.flavio",
    "WET-3": "rgevolve.wet_3.flavio",
}
_MATCHING = "rgevolve.matching"
EFTS = tuple(_MODULES)


@contextmanager
def _table(module: str) -> Iterator[Any]:
    import h5py  # 0.2 s, wanted only when something runs

    try:
        spec = importlib.util.find_spec(module)
    except ModuleNotFoundError:
        spec = None
    if spec is None or spec.origin is None:
        msg = f"the data package {module.replace('_', '-').replace('.', '-')} is not installed: pip install fitlq brings it"
        raise FitlqError(msg)
    path = Path(spec.origin).parent / "data.h5"
    with h5py.File(path, "r", locking=False) as table:
        yield table


def data_versions() -> dict[str, str]:
    """Versions of the installed rgevolve distributions, to go into cache keys."""
    names = ["rgevolve-core", *(module.replace("_", "-").replace(".", "-") for module in _MODULES.values())]
    return {name: importlib.metadata.version(name) for name in names}


@cache
def sectors(eft: str) -> dict[str, tuple[tuple[str, bool], ...]]:
    """Sectors of an EFT: name -> ((coefficient, is_real), ...) in alphabetical order."""
    with _table(_MODULES[eft]) as table:
        found = {
            str(sector): tuple(sorted((str(name), str(kind) == "R") for name, kind in data.attrs["Wilson coefficients"]))
            for sector, data in table["RG evolution"].items()
        }
    return dict(sorted(found.items()))


@cache
def sector_of(eft: str) -> dict[str, str]:
    """Coefficient name -> sector."""
    return {name: sector for sector, names in sectors(eft).items() for name, _ in names}


@cache
def components(eft: str, sector: str) -> dict[tuple[str, str], int]:
    """Position of each real component ``(name, "R" | "I")`` in the matrices of a sector."""
    order = [(name, part) for name, is_real in sectors(eft)[sector] for part in (("R",) if is_real else ("I", "R"))]
    return {component: position for position, component in enumerate(order)}


@cache
def scale_nodes(eft: str) -> tuple[float, ...]:
    """Scales (GeV, ascending) at which running matrices are stored."""
    with _table(_MODULES[eft]) as table:
        return tuple(float(scale) for scale in table["RG evolution"].attrs["scales"])


@cache
def reference_scale(eft: str) -> float:
    """Scale (GeV) from which the stored matrices of an EFT run: M_Z for SMEFT and WET, the thresholds below."""
    with _table(_MATCHING) as table:
        return float(table["Matching"]["WET" if eft == "SMEFT" else eft].attrs["matching scale"])


def running_matrix(eft: str, sector: str, node: int) -> Real:
    """Matrix from the reference scale to the stored scale number `node`, in the sector's components."""
    with _table(_MODULES[eft]) as table:
        return np.asarray(table["RG evolution"][sector][node], dtype=np.float64)


@cache
def smeft_sector(wet_sector: str) -> str:
    """The SMEFT sector that feeds a WET sector."""
    with _table(_MATCHING) as table:
        return str(table["Matching"]["WET"][wet_sector].attrs["from sector"])


def smeft_matching_matrix(wet_sector: str) -> Real:
    """Tree-level matching at M_Z, SMEFT Warsaw up -> WET JMS, with the CKM matrix and inputs built into rgevolve."""
    return _matching("Matching", "WET", wet_sector)


def lower_matching_matrix(eft: str, sector: str) -> Real:
    """Threshold matching into WET-4 or WET-3 (JMS -> JMS) at the reference scale of `eft`."""
    return _matching("Matching", eft, sector)


def reference_running(eft: str, sector: str) -> Real:
    """Running in JMS from the reference scale of `eft` (WET, WET-4) down to the next threshold."""
    return _matching("RG evolution", eft, sector)


def _matching(group: str, eft: str, sector: str) -> Real:
    with _table(_MATCHING) as table:
        return np.asarray(table[group][eft][sector], dtype=np.float64)


def translation(eft: str, source: str, target: str, sector: str) -> Real:
    """Change of basis at the reference scale between "JMS" and "flavio"."""
    with _table(_MODULES[eft]) as table:
        return np.asarray(table["Translation"][str((source, target))][sector], dtype=np.float64)
