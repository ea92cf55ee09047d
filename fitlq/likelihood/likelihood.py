"""The likelihood of a model's parameters given measurements.

Two forms of one thing: `chi2` profiles the theory inputs (fits, pulls, p-values), calling the likelihood marginalises them
(sampling). With predictions linear in the inputs,

    profile   chi2  = r^T S^-1 r + non-Gaussian terms,              S = S_exp + J J^T
    marginal  ln L  = -1/2 [ chi2 + ln det S - ln det S_exp ]       up to a constant

so that without theory errors ln L = -chi2 / 2. The constant left out is -1/2 ln det(2 pi S_exp) and the normalisation of the
non-Gaussian terms, each of which is 0 at its own best point.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np
from numpy.typing import ArrayLike, NDArray

from fitlq.likelihood.assembling import Assembly, NotUsed
from fitlq.likelihood.columns import PredictionsLike
from fitlq.likelihood.construction import MIN_EFFECT, LikelihoodOptions, construct
from fitlq.likelihood.evaluation import Evaluation
from fitlq.likelihood.number_details import NumberDetails
from fitlq.likelihood.parameters import FreeParameters
from fitlq.likelihood.pulls import Pull
from fitlq_theory.contracts import Model, Parameter

if TYPE_CHECKING:
    from fitlq.analysis import Analysis
    from fitlq.measurements import Dataset

__all__ = ["Likelihood"]

Real = NDArray[np.float64]

_CHUNK = 1024  # points whose predictions and derivatives are held at once


class Likelihood:
    """Likelihood of the free parameters of a model.

    Parameters
    ----------
    model : Model or str
        A model or the name of a shipped one.
    data : Dataset
        As from `fitlq.load_measurements`.
    theory_errors : {"marginal", "sm", "none"}
        Theory covariance at the point itself, frozen at the Standard Model point, or none.
    inputs, input_choices
        Set of theory inputs and named options in it (form factors, ...).
    fix : mapping of str to float, optional
        Parameters held at a value.
    free : iterable of str, or mapping of str to (low, high) or None, optional
        Parameters to vary besides those the model leaves free, or their ranges.
    observables, exclude : str or sequence of str, optional
        Names or shell-style wildcards for observables, entry ids or processes.
    limit_shape : {"half-normal", "one-sided-gaussian"}
        For limits without published events.
    min_effect : float
        Entries of which the model moves no number by more than this, in units of its experimental error and anywhere in the
        ranges of the free parameters, are left out (and listed in `left_out`); 0 uses everything. Does not apply to
        `observables` asked for by name, nor to `data` made with `select`.
    predictions : optional
        Ready predictions; numbers without a column in them are left out.

    Attributes
    ----------
    warnings : tuple of str
        What deserves attention, e.g. a free parameter that changes nothing.
    idle : tuple of str
        Free parameters that change no term.
    content_hash : str
        Fingerprint of the problem: model, parameters, data, inputs, options and code.
    analysis : Analysis or None
        The declarative description this was built from, if any.

    Raises
    ------
    InputError
        Unknown names, values outside their range, or nothing left to compare with.
    """

    def __init__(
        self,
        model: Model | str,
        data: Dataset,
        *,
        theory_errors: str = "marginal",
        inputs: Any = "default",
        input_choices: Mapping[str, str] | None = None,
        fix: Mapping[str, float] | None = None,
        free: Any = None,
        observables: Any = None,
        exclude: Any = None,
        limit_shape: str = "half-normal",
        min_effect: float = MIN_EFFECT,
        predictions: PredictionsLike | None = None,
    ) -> None:
        self.options = LikelihoodOptions(
            theory_errors=theory_errors,
            inputs=inputs,
            input_choices=dict(input_choices or {}),
            fix=dict(fix or {}),
            free=free if free is None or isinstance(free, (str, Mapping)) else tuple(free),
            observables=observables,
            exclude=exclude,
            limit_shape=limit_shape,
            min_effect=min_effect,
        )
        self.data = data
        self.analysis: Analysis | None = None
        built = construct(model, data, self.options, predictions)
        self.model: Model = built.model
        self.predictions: PredictionsLike = built.predictions
        self.idle: tuple[str, ...] = built.idle
        self.warnings: tuple[str, ...] = built.warnings
        self.content_hash: str = built.content_hash
        self.inputs: Any = built.inputs
        self._given_predictions = predictions
        self._free: FreeParameters = built.free
        self._assembly: Assembly = built.assembly
        self._evaluation = Evaluation(built, theory_errors)

    # -- parameters and measurements -------------------------------------------------------------------------------

    @property
    def parameters(self) -> tuple[str, ...]:
        """Names of the free parameters: the columns of points."""
        return self._free.names

    @property
    def parameter_info(self) -> tuple[Parameter, ...]:
        """The free parameters with the ranges in force."""
        return self._free.free

    @property
    def fixed(self) -> dict[str, float]:
        """Values of all other parameters."""
        return dict(self._free.fixed)

    @property
    def start(self) -> Real:
        """Default values of the free parameters, (n,)."""
        return self._free.start

    @property
    def observables(self) -> tuple[tuple[str, Mapping[str, float]], ...]:
        """Canonical name and arguments of each column of `predict`."""
        return self._evaluation.observables

    @property
    def n_measurements(self) -> int:
        """How many numbers enter, before combination; a limit counts as one."""
        return len(self._assembly.rows)

    @property
    def n_limits(self) -> int:
        """How many of them are limits, counts or likelihoods on a grid, not two-sided Gaussian numbers."""
        return sum(row.limit for row in self._assembly.rows)

    @property
    def used(self) -> tuple[tuple[str, str, Mapping[str, float | str]], ...]:
        """Entry id, observable and arguments of every number that enters."""
        return tuple((row.id, row.observable, row.args) for row in self._assembly.rows)

    @property
    def left_out(self) -> tuple[NotUsed, ...]:
        """Every number of the database that does not enter, with the reason."""
        of_data = tuple(NotUsed(o.entry_id, o.observable, o.args, o.reason) for o in self.data.left_out)
        return (*of_data, *self._assembly.not_used)

    def inside(self, points: ArrayLike) -> NDArray[np.bool_]:
        """Whether points (N, n) lie inside the ranges of all free parameters, (N,)."""
        return self._free.inside(self._free.as_points(points))

    @property
    def number_details(self) -> tuple[NumberDetails, ...]:
        """What each number that enters rests on besides value and error; order of `used` and of `pulls`."""
        return self._evaluation.number_details()

    # -- values ----------------------------------------------------------------------------------------------------

    def __call__(self, points: ArrayLike) -> Real | float:
        """Marginal log-likelihood: (N, n) -> (N,), (n,) -> float; -inf outside the ranges."""
        array = self._free.as_points(points)
        inside = self._free.inside(array)
        if inside.all():
            chi2, log_determinant = self._evaluation.at(self._free.embed(array))
            result = -0.5 * (chi2 + log_determinant)
        else:
            result = np.full(len(array), -np.inf)
            if inside.any():
                chi2, log_determinant = self._evaluation.at(self._free.embed(array[inside]))
                result[inside] = -0.5 * (chi2 + log_determinant)
        return float(result[0]) if np.ndim(points) == 1 else result

    def chi2(self, points: ArrayLike) -> Real | float:
        """Profile form, what a fit minimises: (N, n) -> (N,), (n,) -> float. Ranges are not checked."""
        chi2 = self._evaluation.at(self._free.embed(self._free.as_points(points)))[0]
        return float(chi2[0]) if np.ndim(points) == 1 else chi2

    def rough_chi2(self, points: ArrayLike) -> Real:
        """`chi2` of points (N, n) with the theory covariance frozen at the Standard Model: fast, to look around."""
        return self._evaluation.roughly_at(self._free.embed(self._free.as_points(points)))

    @overload
    def predict(self, points: ArrayLike, errors: Literal[False] = ...) -> Real: ...
    @overload
    def predict(self, points: ArrayLike, errors: Literal[True]) -> tuple[Real, Real]: ...
    def predict(self, points: ArrayLike, errors: bool = False) -> Real | tuple[Real, Real]:
        """Predictions (N, n_observables) and, if asked for, their theory errors; (n,) gives (n_observables,).

        Ranges are not checked: a prediction outside them is as good as the theory is there.
        """
        full = self._free.embed(self._free.as_points(points))
        values = np.empty((len(full), len(self.observables)))
        sigma = np.empty_like(values)
        for here in (slice(k, k + _CHUNK) for k in range(0, len(full), _CHUNK)):
            if errors:
                values[here], jacobian = self._evaluation.values_and_jacobian(full[here])
                sigma[here] = np.sqrt(np.einsum("nij,nij->ni", jacobian, jacobian))
            else:
                values[here] = self._evaluation.values(full[here])
        single = np.ndim(points) == 1
        if errors:
            return (values[0], sigma[0]) if single else (values, sigma)
        return values[0] if single else values

    def pulls(self, point: ArrayLike) -> tuple[Pull, ...]:
        """Every measurement against its prediction at one point (n,)."""
        return self._evaluation.pulls(self._free.embed(self._free.as_points(point)[:1]))

    @property
    def chi2_sm(self) -> float:
        """`chi2` in the Standard Model (all Wilson coefficients of new physics zero)."""
        return self._evaluation.chi2_of_standard_model()

    @property
    def sm_pulls(self) -> tuple[Pull, ...]:
        """Every measurement against the Standard Model."""
        return self._evaluation.pulls_of_standard_model()

    # -- the same likelihood with something changed ----------------------------------------------------------------

    def rebuilt(self, *, data: Dataset | None = None, **changes: Any) -> Likelihood:
        """The same likelihood on other data or with other options (keywords of the constructor)."""
        options = {**self.options.as_keywords(), "predictions": self._given_predictions, **changes}
        return Likelihood(self.model, self.data if data is None else data, **options)

    def without(self, *ids: str) -> Likelihood:
        """The same likelihood without some entries, by id; predictions are not prepared again."""
        patterns = self.options.exclude
        excluded = [patterns] if isinstance(patterns, str) else list(patterns or ())
        return self.rebuilt(exclude=[*excluded, *ids], predictions=self.predictions)

    def __repr__(self) -> str:
        return (
            f"<Likelihood of {self.model.name}: {self.n_measurements} measurements, "
            f"free parameters {', '.join(self.parameters) or 'none'}, theory errors {self.options.theory_errors}>"
        )
