"""From points to chi2: predictions in, the Gaussian and the other terms out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from fitlq.likelihood.asymmetric import join_asymmetric
from fitlq.likelihood.construction import Construction
from fitlq.likelihood.following_gaussian import FollowingGaussian
from fitlq.likelihood.frozen_gaussian import FrozenGaussian
from fitlq.likelihood.gaussian_terms import combine
from fitlq.likelihood.number_details import NumberDetails, number_details
from fitlq.likelihood.pulls import Pull, pulls_at
from fitlq.likelihood.separate_terms import SeparateTerms
from fitlq_theory.errors import FitlqError

__all__ = ["Evaluation"]

Real = NDArray[np.float64]
Scalar = TypeVar("Scalar", bound=np.generic)

# derivatives (points x n_observables x n_directions) held at once: about what fits into a cache
_DERIVATIVES = 2**18
_FEWEST_POINTS, _MOST_POINTS = 4, 256


class Evaluation:
    """Evaluates a likelihood whose parts are ready. Points are of all parameters of the model, (N, n_parameters).

    Parameters
    ----------
    built : Construction
    mode : {"marginal", "sm", "none"}
        Treatment of theory errors.
    """

    def __init__(self, built: Construction, mode: str) -> None:
        self._mode = mode
        self._model_name = built.model.name
        self._predictions = built.predictions
        self._assembly = built.assembly
        self._between = built.between
        self._select = built.columns
        self._sm_values = self._selected(built.predictions.sm_values)
        self._sm_jacobian = self._selected(built.predictions.sm_jacobian)
        self._asymmetric = join_asymmetric(built.assembly.asymmetric)
        self._separate = SeparateTerms((built.assembly.counting, built.assembly.one_sided), built.assembly.grids)
        self._has_separate = bool(self._separate)
        self._chunk = int(np.clip(_DERIVATIVES // max(1, self._sm_jacobian.size), _FEWEST_POINTS, _MOST_POINTS))
        combined = combine(built.assembly.symmetric, built.between)
        self._following = FollowingGaussian(combined, self._asymmetric, self._selected(built.pattern))
        frozen = np.zeros_like(self._sm_jacobian) if mode == "none" else self._sm_jacobian
        self._frozen = FrozenGaussian(combined, self._asymmetric, self._sm_values, frozen)

    @property
    def observables(self) -> tuple[tuple[str, Mapping[str, float]], ...]:
        """Canonical name and arguments of each column in use."""
        everything = tuple(self._predictions.observables)
        return everything if self._select is None else tuple(everything[k] for k in self._select)

    def number_details(self) -> tuple[NumberDetails, ...]:
        """What each number rests on besides value and error."""
        return number_details(self._assembly, self._asymmetric, self._between)

    def values(self, full: Real) -> Real:
        """Predictions (N, n_observables)."""
        values = self._predictions.values(full)
        return values if self._select is None else values[:, self._select]

    def values_and_jacobian(self, full: Real) -> tuple[Real, Real]:
        """Predictions, and their derivatives (N, n_observables, n_directions)."""
        values, jacobian = self._predictions.values_and_jacobian(full)
        return (values, jacobian) if self._select is None else (values[:, self._select], jacobian[:, self._select])

    def at(self, full: Real) -> tuple[Real, Real | float]:
        """Chi2 (N,) and the volume of the theory errors, log det S - log det S_exp, (N,) or a constant.

        Raises
        ------
        FitlqError
            A prediction is not a number; the message names it and the point.
        """
        log_determinant: Real | float
        if self._mode != "marginal":
            chi2, log_determinant = self._frozen_parts(self.values(full))
        elif len(full) <= self._chunk:
            chi2, log_determinant = self._following_chunk(full)
        else:
            parts = [self._following_chunk(full[k : k + self._chunk]) for k in range(0, len(full), self._chunk)]
            chi2, log_determinant = (np.concatenate(column) for column in zip(*parts, strict=True))
        if np.isnan(chi2).any():
            self._explain(full, np.isnan(chi2))
        return chi2, log_determinant

    def roughly_at(self, full: Real) -> Real:
        """Chi2 (N,) with theory errors frozen in the Standard Model."""
        values = self.values(full)
        chi2 = self._frozen(values)[0]
        return chi2 + self._separate.chi2(values, None) if self._has_separate else chi2

    def chi2_of_standard_model(self) -> float:
        """Chi2 without new physics."""
        values = self._sm_values[None, :]
        if self._mode == "marginal":
            return float(self._following_parts(values, self._sm_jacobian[None])[0][0])
        return float(self._frozen_parts(values)[0][0])

    def pulls(self, full: Real) -> tuple[Pull, ...]:
        """Pulls at one point (1, n_parameters)."""
        if self._mode == "marginal":
            values, jacobian = self.values_and_jacobian(full)
            return self._pulls(values[0], jacobian[0])
        return self._pulls(self.values(full)[0], self._sm_jacobian)

    def pulls_of_standard_model(self) -> tuple[Pull, ...]:
        """Pulls without new physics."""
        return self._pulls(self._sm_values, self._sm_jacobian)

    def _selected(self, rows: NDArray[Scalar]) -> NDArray[Scalar]:
        return rows if self._select is None else rows[self._select]

    def _following_chunk(self, full: Real) -> tuple[Real, Real]:
        values, jacobian = self.values_and_jacobian(full)
        try:
            return self._following_parts(values, jacobian)
        except np.linalg.LinAlgError:
            self._explain(full, np.asarray(np.isnan(values).any(axis=1) | ~np.isfinite(jacobian).all(axis=(1, 2))))
            raise

    def _following_parts(self, values: Real, jacobian: Real) -> tuple[Real, Real]:
        chi2, log_determinant = self._following(values, jacobian)
        if self._has_separate:
            chi2 = chi2 + self._separate.chi2(values, jacobian)
        return chi2, log_determinant

    def _frozen_parts(self, values: Real) -> tuple[Real, Real | float]:
        chi2, log_determinant = self._frozen(values)
        if self._has_separate:
            chi2 = chi2 + self._separate.chi2(values, self._sm_jacobian if self._mode == "sm" else None)
        return chi2, log_determinant

    def _pulls(self, values: Real, jacobian: Real) -> tuple[Pull, ...]:
        used = None if self._mode == "none" else jacobian
        frozen_at = None if self._mode == "marginal" else self._sm_values
        return pulls_at(self._assembly, self._asymmetric, self._between, values, used, frozen_at)

    def _explain(self, full: Real, wrong: NDArray[np.bool_]) -> None:
        if not wrong.any():
            return
        bad = int(np.flatnonzero(wrong)[0])
        values = self.values(full[bad : bad + 1])[0]
        names = [name for (name, _), value in zip(self.observables, values, strict=True) if not np.isfinite(value)]
        point = ", ".join(f"{p.name} = {x:g}" for p, x in zip(self._predictions.parameters, full[bad], strict=True))
        what = f"the prediction of {', '.join(names)} is not a number" if names else "chi2 or a theory error is not a number"
        msg = f"model {self._model_name!r}: {what} at {point}"
        raise FitlqError(msg)
