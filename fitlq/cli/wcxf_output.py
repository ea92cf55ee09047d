"""Write the Wilson coefficients of a point to a WCxf file, in any basis they can be translated to."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from fitlq.errors import InputError

if TYPE_CHECKING:
    from fitlq.cli.point import Point
    from fitlq_theory.inputs import Inputs

__all__ = ["check_output", "write_point"]


def check_output(path: str | None, basis: str | None) -> None:
    """Refuse an output that cannot be written, before any work begins.

    Raises
    ------
    InputError
        A basis without a file, a file that exists, or a folder that does not.
    """
    if path is None:
        if basis is not None:
            msg = f"--basis {basis}: says in which basis --write-wcxf FILE is written; give that, too"
            raise InputError(msg)
        return
    target = Path(path)
    if target.exists():
        msg = f"--write-wcxf {path}: exists already, and nothing is overwritten"
        raise InputError(msg)
    if not target.parent.is_dir():
        msg = f"--write-wcxf {path}: there is no folder {target.parent}"
        raise InputError(msg)


def write_point(path: str, basis: str | None, point: Point, inputs: Inputs) -> None:
    """Write the coefficients of a WCxf file, or those of a model at its high scale.

    Parameters
    ----------
    path : str
        YAML if it ends with ``.yml`` or ``.yaml``, else JSON.
    basis : str or None
        That of the file or the model when None.
    point : Point
    inputs : Inputs
        CKM matrix, couplings and masses of the translation.

    Raises
    ------
    InputError
        A model that has no scale (its coefficients are given where observables read them), or a basis that does not exist.
    """
    from fitlq_theory.bases import translate
    from fitlq_theory.wilson_coefficients import WilsonCoefficients, write_wcxf

    coefficients = point.file_coefficients
    if coefficients is None:
        scale = point.values[point.model.scale] if isinstance(point.model.scale, str) else point.model.scale
        if scale is None:
            msg = (
                f"--write-wcxf {path}: the coefficients of model {point.model.name} have no scale of their own; give a WCxf file"
            )
            raise InputError(msg)
        columns = np.array([[point.values[p.name] for p in point.model.parameters]], dtype=np.float64)
        found = {name: complex(np.ravel(value)[0]) for name, value in point.model.coefficients(columns).items()}
        values = {name: value for name, value in found.items() if value != 0}
        coefficients = WilsonCoefficients(point.model.eft, point.model.basis, float(scale), values)
    write_wcxf(path, translate(coefficients, basis or coefficients.basis, inputs))
