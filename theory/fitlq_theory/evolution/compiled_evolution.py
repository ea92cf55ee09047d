"""A compiled evolution: which low-energy coefficients follow from which high-scale ones, as plain matrices.

The map is linear over the real numbers (complex conjugates appear), so it acts on (Re, Im) pairs. Scales in GeV; both
sides in WCxf normalisation ("Warsaw up" in GeV^-2; "flavio").
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fitlq_theory.contracts import Coefficient
from fitlq_theory.errors import InputError, UnknownNameError
from fitlq_theory.evolution.scale_grid import interpolation_weights
from fitlq_theory.naming import unknown_name_message
from fitlq_theory.wilson_coefficients import real_coefficient_message

__all__ = ["Evolution"]

Real = NDArray[np.float64]
Complex = NDArray[np.complex128]


@dataclass(frozen=True, slots=True, eq=False)
class Evolution:
    """Matrices from coefficients at a high scale to coefficients at low scales.

    Attributes
    ----------
    eft : str
        Theory of the sources ("SMEFT" in the basis "Warsaw up", or a "WET" in "flavio").
    sources : tuple of str
        Names at the high scale, the order of the last axis of `apply_array`'s argument.
    real_sources : ndarray of bool, shape (S,)
        Which of them are real by hermiticity.
    targets : tuple of Coefficient
        The order of the last axis of `apply_array`'s result.
    nodes : ndarray, shape (K,)
        High scales at which matrices are known.
    matrices : ndarray, shape (K, 2 T, 2 S)
        Act on (Re C_1, Im C_1, Re C_2, ...).
    """

    eft: str
    sources: tuple[str, ...]
    real_sources: NDArray[np.bool_]
    targets: tuple[Coefficient, ...]
    nodes: Real
    matrices: Real

    def at(self, scale: float) -> Evolution:
        """The same evolution from one fixed scale, where `apply_array` is a single matrix product.

        Raises
        ------
        InputError
            If `scale` is outside the nodes.
        """
        weights = self._weights(np.asarray(scale))
        matrix = np.tensordot(weights, self.matrices, axes=1)[None]
        return Evolution(self.eft, self.sources, self.real_sources, self.targets, np.array([float(scale)]), matrix)

    def apply_array(self, coefficients: Complex, scale: float | Real | None = None) -> Complex:
        """Evolve an array of coefficients; the hot path, without checks of the values.

        Parameters
        ----------
        coefficients : ndarray of complex, shape (..., S)
            The imaginary part of a real source is ignored.
        scale : float or ndarray of shape (...), optional
            High scale of each point; may be left out when there is a single node (see `at`).

        Returns
        -------
        ndarray of complex, shape (..., T)
        """
        real = np.ascontiguousarray(coefficients, dtype=np.complex128).view(np.float64)
        if scale is None and len(self.nodes) == 1:
            return np.asarray((real @ self.matrices[0].T).view(np.complex128))
        if scale is None:
            msg = "the high scale is missing; this evolution is compiled for a range of scales"
            raise InputError(msg)
        weights = self._weights(np.asarray(scale, dtype=np.float64))
        if weights.ndim == 1:
            return np.asarray((real @ np.tensordot(weights, self.matrices, axes=1).T).view(np.complex128))
        used = np.flatnonzero(weights.any(axis=tuple(range(weights.ndim - 1))))
        parts = [weights[..., k, None] * (real @ self.matrices[k].T) for k in used]
        return np.asarray(sum(parts), dtype=np.float64).view(np.complex128)

    def apply(self, values: Mapping[str, ArrayLike], scale: float | Real | None = None) -> dict[Coefficient, Complex]:
        """Evolve coefficients given by name.

        Parameters
        ----------
        values : mapping of str to complex or (N,) array
            Exactly the sources.
        scale : float or (N,) array, optional
            As in `apply_array`.

        Returns
        -------
        dict of Coefficient to complex array, each of shape () or (N,)

        Raises
        ------
        InputError, UnknownNameError
            A source is missing, unknown, or has an imaginary part although it is real by hermiticity.
        """
        points = self._stack(values)
        if scale is not None and np.ndim(scale) > points.ndim - 1:
            points = np.broadcast_to(points, (*np.shape(scale), len(self.sources)))
        result = self.apply_array(points, scale)
        return {target: result[..., k] for k, target in enumerate(self.targets)}

    def to_arrays(self) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
        """A header of JSON types and plain arrays, from which `from_arrays` builds the same object."""
        targets = [[target.name, target.eft, target.scale] for target in self.targets]
        header = {"eft": self.eft, "sources": list(self.sources), "targets": targets}
        return header, {"real_sources": self.real_sources, "nodes": self.nodes, "matrices": self.matrices}

    @classmethod
    def from_arrays(cls, header: Mapping[str, Any], arrays: Mapping[str, NDArray[Any]]) -> Evolution:
        """Inverse of `to_arrays`."""
        targets = tuple(Coefficient(name, eft, float(scale)) for name, eft, scale in header["targets"])
        sources = tuple(header["sources"])
        matrices = np.asarray(arrays["matrices"], dtype=np.float64)
        expected = (len(arrays["nodes"]), 2 * len(targets), 2 * len(sources))
        if matrices.shape != expected:
            msg = f"stored evolution is damaged: matrices of shape {matrices.shape}, expected {expected}"
            raise InputError(msg)
        real = np.asarray(arrays["real_sources"], dtype=np.bool_)
        return cls(header["eft"], sources, real, targets, np.asarray(arrays["nodes"], dtype=np.float64), matrices)

    def _weights(self, scale: Real) -> Real:
        return interpolation_weights(self.nodes, scale, f"the scale of {self.eft} coefficients")

    def _stack(self, values: Mapping[str, ArrayLike]) -> Complex:
        for name in values:
            if name not in self.sources:
                raise UnknownNameError(unknown_name_message(f"{self.eft} Wilson coefficient", name, self.sources))
        missing = [name for name in self.sources if name not in values]
        if missing:
            needed = ", ".join(self.sources)
            msg = f"no value for the {self.eft} Wilson coefficient {missing[0]}; this evolution needs {needed}"
            raise InputError(msg)
        columns = np.broadcast_arrays(*(np.asarray(values[name], dtype=np.complex128) for name in self.sources))
        points = np.stack(columns, axis=-1)
        imaginary = (points.imag != 0) & self.real_sources
        if imaginary.any():
            name = self.sources[int(np.flatnonzero(imaginary.reshape(-1, len(self.sources)).any(axis=0))[0])]
            raise InputError(real_coefficient_message(name, values[name]))
        return points
