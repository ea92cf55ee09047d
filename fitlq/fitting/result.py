"""The result of a fit: numbers, how good they are, and how to show them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from fitlq.fitting.goodness import GaussianNumbers, gaussian_numbers, p_value, significance
from fitlq.likelihood import Likelihood, Pull
from fitlq.plain_data import as_plain
from fitlq.versions import software_versions

if TYPE_CHECKING:
    import pandas as pd
    from iminuit import Minuit

    from fitlq.analysis import Analysis

__all__ = ["Fit", "Minimum"]

Real = NDArray[np.float64]


class Minimum(NamedTuple):
    """A local minimum: its chi2 and the free parameters there."""

    chi2: float
    values: Mapping[str, float]


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """Best fit of a likelihood.

    Attributes
    ----------
    likelihood : Likelihood
    values, errors : mapping of str to float
        Free parameters and their HESSE errors; NaN for a parameter that changes nothing.
    minos : mapping of str to (minus, plus)
        Distances, both positive, at which chi2 rises by one after minimising over the other parameters; empty unless asked.
    covariance : (n, n) array
        Order of ``likelihood.parameters``; NaN for parameters that change nothing.
    chi2 : float
        Profile form at the best fit.
    valid : bool
        Whether Minuit converged with an accurate covariance.
    message : str
        The state of the fit in words.
    minima : tuple of Minimum
        Distinct local minima, best first.
    minuit : iminuit.Minuit
        For everything iminuit can do.
    seed : int
    """

    likelihood: Likelihood
    values: Mapping[str, float]
    errors: Mapping[str, float]
    minos: Mapping[str, tuple[float, float]]
    covariance: Real
    chi2: float
    valid: bool
    message: str
    minima: tuple[Minimum, ...]
    minuit: Minuit
    seed: int = 0

    @property
    def point(self) -> Real:
        """Best fit, (n,), order of ``likelihood.parameters``."""
        return np.array([self.values[name] for name in self.likelihood.parameters])

    @property
    def correlation(self) -> Real:
        """Correlation matrix of the parameters, (n, n)."""
        errors = np.sqrt(np.diag(self.covariance))
        return np.asarray(self.covariance / np.outer(errors, errors))

    @property
    def n_free(self) -> int:
        """Number of free parameters that change something."""
        return len(self.likelihood.parameters) - len(self.likelihood.idle)

    @property
    def ndof(self) -> int:
        """Degrees of freedom: measurements (a limit counts as one) minus free parameters that change something."""
        return self.likelihood.n_measurements - self.n_free

    @property
    def n_limits(self) -> int:
        """How many of the measurements are limits, counts or likelihoods on a grid."""
        return self.likelihood.n_limits

    @property
    def gaussian(self) -> GaussianNumbers:
        """Goodness of fit of the two-sided Gaussian numbers alone, without limits, counts and grids."""
        return gaussian_numbers(self.pulls, self.likelihood.sm_pulls, self.n_free)

    @property
    def p_value(self) -> float:
        """Probability of a chi2 at least as large; NaN without degrees of freedom. Too large with limits, see `gaussian`."""
        return p_value(self.chi2, self.ndof)

    @property
    def chi2_sm(self) -> float:
        """chi2 of the Standard Model."""
        return self.likelihood.chi2_sm

    @property
    def delta_chi2(self) -> float:
        """chi2 of the Standard Model minus chi2 of the best fit."""
        return self.chi2_sm - self.chi2

    @property
    def p_value_sm(self) -> float:
        """Probability of a chi2 at least as large in the Standard Model, which has no free parameter."""
        return p_value(self.chi2_sm, self.likelihood.n_measurements)

    @property
    def significance_sm(self) -> float:
        """The same in units of sigma, two-sided."""
        return significance(self.chi2_sm, self.likelihood.n_measurements)

    @property
    def significance(self) -> float:
        """Sigmas by which the best fit improves on the Standard Model (Wilks' theorem, two-sided)."""
        return significance(self.delta_chi2, self.n_free)

    @property
    def pulls(self) -> tuple[Pull, ...]:
        """Every measurement against its prediction at the best fit."""
        return self.likelihood.pulls(self.point)

    def table(self) -> pd.DataFrame:
        """Parameters as a data frame: value, error, (minos,) unit, fixed."""
        import pandas as pd

        frame = pd.DataFrame.from_dict(self._parameter_rows(), orient="index")
        for k, side in enumerate(("minos_minus", "minos_plus")):
            if self.minos:
                frame[side] = [self.minos.get(str(name), (math.nan, math.nan))[k] for name in frame.index]
        return frame

    def pulls_table(self) -> pd.DataFrame:
        """Pulls as a data frame, the largest first; `pull_sm` is that of the Standard Model."""
        import pandas as pd

        rows = []
        for here, standard in zip(self.pulls, self.likelihood.sm_pulls, strict=True):
            plus, minus = here.error if isinstance(here.error, tuple) else (here.error, here.error)
            arguments = " ".join(f"{key}={value}" for key, value in here.args.items())
            rows.append(
                (
                    *(here.id, here.observable, arguments, here.measured, plus, minus),
                    *(here.predicted, here.theory_error, here.pull, here.chi2, standard.predicted, standard.pull),
                )
            )
        columns = ["id", "observable", "args", "measured", "error_plus", "error_minus", "predicted", "theory_error"]
        frame = pd.DataFrame(rows, columns=[*columns, "pull", "chi2", "predicted_sm", "pull_sm"])
        return frame.sort_values("pull", key=np.abs, ascending=False, kind="stable", ignore_index=True)

    def to_dict(self) -> dict[str, Any]:
        """The result as plain data for JSON; numbers that are not finite become None."""
        like = self.likelihood
        return {
            "model": like.model.name,
            "parameters": as_plain(self._parameter_rows()),
            "minos": as_plain(self.minos),
            "correlation": as_plain(self.correlation.tolist()),
            "chi2": as_plain(self.chi2),
            "ndof": self.ndof,
            "p_value": as_plain(self.p_value),
            "chi2_sm": as_plain(self.chi2_sm),
            "p_value_sm": as_plain(self.p_value_sm),
            "significance_sm": as_plain(self.significance_sm),
            "n_limits": self.n_limits,
            "gaussian": as_plain(asdict(self.gaussian)),
            "delta_chi2": as_plain(self.delta_chi2),
            "significance": as_plain(self.significance),
            "valid": self.valid,
            "message": self.message,
            "minima": [{"chi2": chi2, "values": as_plain(values)} for chi2, values in self.minima],
            "n_measurements": like.n_measurements,
            "pulls": [as_plain(asdict(pull)) for pull in self.pulls],
            "left_out": [as_plain(one._asdict()) for one in like.left_out],
            "warnings": list(like.warnings),
            "as_of": str(like.data.as_of),
            "policy": like.data.policy,
            "theory_errors": like.options.theory_errors,
            "input_choices": as_plain(getattr(like.inputs, "choices", {})),
            "seed": self.seed,
            "content_hash": like.content_hash,
            "versions": software_versions(),
        }

    def save(self, folder: str | Path, analysis: Analysis | None = None) -> None:
        """Write a result folder, see `fitlq.results.write_fit`.

        Parameters
        ----------
        analysis : Analysis, optional
            The description to store; by default the one the likelihood was built from, or one made from its options.
        """
        from fitlq.analysis import Analysis
        from fitlq.results import write_fit

        description = analysis or self.likelihood.analysis or Analysis.of(self.likelihood, seed=self.seed)
        write_fit(folder, description, self)

    def __str__(self) -> str:
        from fitlq.fitting.text import as_text

        return as_text(self)

    def __repr__(self) -> str:
        return f"<Fit of {self.likelihood.model.name}: chi2 = {self.chi2:.2f} for {self.ndof} degrees of freedom>"

    def _repr_html_(self) -> str:
        from fitlq.fitting.text import as_html

        return as_html(self)

    def _parameter_rows(self) -> dict[str, dict[str, Any]]:
        rows: dict[str, dict[str, Any]] = {}
        for parameter in self.likelihood.model.parameters:
            name = parameter.name
            is_free = name in self.values
            rows[name] = {
                "value": self.values[name] if is_free else self.likelihood.fixed[name],
                "error": self.errors[name] if is_free else 0.0,
                "unit": parameter.unit,
                "fixed": not is_free,
            }
        return rows
