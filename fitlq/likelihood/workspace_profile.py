"""The profile likelihood of a HistFactory workspace: -2 ln L at fixed parameters of interest, minimised over all others.

pyhf gives the expected events and auxiliary data; with the signed roots of the Poisson deviances and the pulls of the
constraints as residuals, -2 ln L is a sum of squares up to a constant, which least squares minimise in a few steps even with
hundreds of nuisance parameters.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from fitlq_theory.errors import FitlqError, InputError

__all__ = ["WorkspaceProfile", "deviance_roots"]

Real = NDArray[np.float64]

_STEP = 1e-5  # of the differences, in units of the parameters, which have widths of order one
_TOLERANCE = 1e-10  # relative change of the sum of squares at which the minimiser stops
_MOST_STEPS = 200
_AGREEMENT = 1e-6  # between the sum of squares and pyhf's own -2 ln L, for differences between points
_FEWEST_EVENTS = 1e-300


def deviance_roots(observed: Real, expected: Real) -> tuple[Real, Real]:
    """Signed roots of the Poisson deviances, and their derivatives with respect to the expected numbers.

    r^2 = 2 (expected - observed + observed ln(observed / expected)); r is negative where less is expected than observed.
    Arrays of one shape.
    """
    expected = np.maximum(expected, _FEWEST_EVENTS)
    some = observed > 0
    n = np.where(some, observed, 1.0)
    x = (expected - n) / n
    # the difference of two nearly equal numbers as a series where they nearly cancel
    small = np.abs(x) < 1e-3
    y = np.where(small, x, 0.0)
    series = y * y * (0.5 - y * (1.0 / 3.0 - y * (0.25 - y / 5.0)))
    half = np.where(small, series, x - np.log(expected / n))
    root = np.sign(x) * np.sqrt(2.0 * n * np.maximum(half, 0.0))
    slope = np.where(np.abs(x) < 1e-7, 1.0 / np.sqrt(n), (1.0 - n / expected) / np.where(root == 0, 1.0, root))
    without = np.sqrt(2.0 * expected)
    return np.where(some, root, without), np.where(some, slope, 1.0 / without)


class WorkspaceProfile:
    """-2 ln L of a workspace, profiled over everything but some parameters.

    Parameters
    ----------
    workspace : mapping
        The content of the JSON file.
    measurement : str or None
        None: the first.
    parameters : sequence of str
        The parameters of interest.

    Raises
    ------
    InputError
        pyhf does not accept the workspace, or it lacks what is asked of it.
    FitlqError
        Its likelihood is not of the form that is minimised here.
    """

    def __init__(self, workspace: Mapping[str, Any], measurement: str | None, parameters: Sequence[str]) -> None:
        with warnings.catch_warnings():
            # pyhf 0.7 uses a part of jsonschema that is announced to go: nothing that a user could do anything about
            warnings.simplefilter("ignore", DeprecationWarning)
            self._model, self._data = _model(workspace, measurement)
            config = self._model.config
            self._interesting = np.array([_position(config, name) for name in parameters], dtype=np.intp)
            free = [k for k, fixed in enumerate(config.suggested_fixed()) if not fixed and k not in self._interesting]
            self._others = np.array(free, dtype=np.intp)
            self._batch = self._model if not free else _model(workspace, measurement, len(free))[0]
        self._start = np.asarray(config.suggested_init(), dtype=np.float64)
        self._bounds = np.asarray(config.suggested_bounds(), dtype=np.float64)
        self._best = self._start.copy()  # where the last minimum was: the next one is near
        self._constraints = _Constraints(config)
        self._check()

    @property
    def bounds(self) -> list[tuple[float, float]]:
        """The ranges that the workspace suggests for the parameters of interest."""
        return [(float(low), float(high)) for low, high in self._bounds[self._interesting]]

    def at(self, values: Sequence[float]) -> float:
        """-2 ln L (up to a constant) at fixed parameters of interest, all others at their best.

        Raises
        ------
        FitlqError
            No minimum was found.
        """
        for start in (self._best, self._start):
            point = start.copy()
            point[self._interesting] = values
            if not len(self._others):
                return float(np.sum(self._residuals(point) ** 2))
            minimum = self._minimised(point)
            if minimum is not None:
                return minimum
        at = ", ".join(f"{value:g}" for value in values)
        msg = f"no minimum of the workspace's likelihood found with its parameters of interest at {at}"
        raise FitlqError(msg)

    def _minimised(self, point: Real) -> float | None:
        from scipy.optimize import least_squares

        low, high = self._bounds[self._others].T
        start = np.clip(point[self._others], low, high)

        # in steps from the start: the first region of trust is the size of what is passed, and must not vanish with it
        def residuals(steps: Real) -> Real:
            return self._residuals(self._with(point, start + steps))

        def derivatives(steps: Real) -> Real:
            return self._derivatives(self._with(point, start + steps))

        found = least_squares(
            residuals,
            np.zeros_like(start),
            jac=derivatives,
            bounds=(low - start, high - start),
            x_scale="jac",
            ftol=_TOLERANCE,
            xtol=_TOLERANCE,
            gtol=_TOLERANCE,
            max_nfev=_MOST_STEPS,
        )
        if not found.success:
            return None
        self._best = self._with(point, start + found.x)
        return float(2.0 * found.cost)

    def _with(self, point: Real, others: Real) -> Real:
        full = point.copy()
        full[self._others] = others
        return full

    def _expected(self, model: Any, points: Real) -> tuple[Real, Real]:
        events = np.asarray(model.expected_actualdata(points), dtype=np.float64)
        if not len(model.config.auxdata):  # pyhf fails where there is nothing to expect
            return events, np.zeros((*events.shape[:-1], 0))
        return events, np.asarray(model.expected_auxdata(points), dtype=np.float64)

    def _residuals(self, point: Real) -> Real:
        events, auxiliary = self._expected(self._model, point)
        main = deviance_roots(self._data[: events.size], events)[0]
        return np.concatenate([main, self._constraints.residuals(auxiliary)[0]])

    def _derivatives(self, point: Real) -> Real:
        """(residuals, others): exact in the expected data, which are differentiated by small steps."""
        events, auxiliary = self._expected(self._model, point)
        count = len(self._others)
        batch = np.repeat(point[None], count, axis=0)
        # away from the nearer bound, so that no point lies outside
        low, high = self._bounds[self._others].T
        steps = np.where(point[self._others] - low > high - point[self._others], -_STEP, _STEP)
        batch[np.arange(count), self._others] += steps
        moved_events, moved_auxiliary = (
            np.atleast_2d(one) for one in self._expected(self._batch, batch if count > 1 else batch[0])
        )
        slopes = deviance_roots(self._data[: events.size], events)[1]
        main = (moved_events - events) / steps[:, None] * slopes
        constraint = (moved_auxiliary - auxiliary) / steps[:, None] * self._constraints.residuals(auxiliary)[1]
        return np.concatenate([main, constraint], axis=1).T

    def _check(self) -> None:
        """The sum of squares and pyhf's likelihood must differ by a constant."""
        low, high = np.maximum(self._bounds[:, 0], self._start - 0.1), np.minimum(self._bounds[:, 1], self._start + 0.1)
        fixed = np.asarray(self._model.config.suggested_fixed())
        points = [self._start, np.where(fixed, self._start, 0.75 * high + 0.25 * low)]
        pyhf_values = [-2.0 * float(np.asarray(self._model.logpdf(point, self._data)).ravel()[0]) for point in points]
        own = [float(np.sum(self._residuals(point) ** 2)) for point in points]
        if not abs((own[1] - own[0]) - (pyhf_values[1] - pyhf_values[0])) <= _AGREEMENT * (1.0 + abs(pyhf_values[0])):
            msg = "the likelihood of the workspace is not made of Poisson and normal terms alone"
            raise FitlqError(msg)


class _Constraints:
    """The auxiliary data with the kind and the width of each constraint, in the order of pyhf."""

    def __init__(self, config: Any) -> None:
        self._observed = np.asarray(config.auxdata, dtype=np.float64)
        widths: list[float] = []
        for name in config.auxdata_order:
            one = config.param_set(name)
            count = len(np.ravel(one.auxdata))
            # a zero marks a Poisson term, which has no width
            widths += [0.0] * count if one.pdf_type == "poisson" else np.broadcast_to(_sigmas(one), count).tolist()
        self._poisson = np.array(widths) == 0.0
        self._widths = np.where(self._poisson, 1.0, np.array(widths))

    def residuals(self, expected: Real) -> tuple[Real, Real]:
        """Residuals and their derivatives with respect to the expected auxiliary data."""
        normal = (expected - self._observed) / self._widths
        root, slope = deviance_roots(self._observed, expected)
        return np.where(self._poisson, root, normal), np.where(self._poisson, slope, 1.0 / self._widths)


def _sigmas(constraint: Any) -> Real:
    sigmas = getattr(constraint, "sigmas", None)
    return np.ones(1) if sigmas is None else np.asarray(sigmas, dtype=np.float64)


def _position(config: Any, name: str) -> int:
    where = config.par_slice(name)
    if where.stop - where.start != 1:
        msg = f"the parameter {name!r} of the workspace is {where.stop - where.start} numbers, not one"
        raise InputError(msg)
    return int(where.start)


def _model(workspace: Mapping[str, Any], measurement: str | None, batch: int | None = None) -> tuple[Any, Real]:
    """The model of a workspace (for `batch` points at once, if there are several), and its data."""
    import pyhf

    refusals = ("InvalidSpecification", "InvalidModel", "InvalidModifier", "InvalidMeasurement", "InvalidNameReuse")
    try:
        parsed = pyhf.Workspace(workspace)
        model = parsed.model(measurement_name=measurement, batch_size=batch if batch and batch > 1 else None)
        return model, np.asarray(parsed.data(model), dtype=np.float64)
    except tuple(getattr(pyhf.exceptions, name) for name in refusals) as error:
        msg = f"pyhf does not accept the workspace: {error}"
        raise InputError(msg) from None
