"""Delta chi2 over the plane of two parameters, evaluated on a grid that fits itself to the answer.

The grid zooms in on where chi2 is low, then gets denser until a spline through every other node predicts the rest: chi2 with
theory errors that follow the point costs milliseconds, and contours of a good picture need few hundred of them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from fitlq.errors import InputError, UnknownNameError
from fitlq_theory.contracts import Parameter
from fitlq_theory.naming import unknown_name_message

if TYPE_CHECKING:
    from fitlq.likelihood import Likelihood

__all__ = ["Plane", "Ranges", "chi2_plane", "level"]

Real = NDArray[np.float64]
Ranges = Mapping[str, tuple[float, float]]
Box = tuple[tuple[float, float], tuple[float, float]]

_NODES = 9  # along each axis at first, 2^k + 1 so that nodes are kept when their number is doubled
_FEWEST_NODES, _MOST_NODES = 17, 65  # in the end
_WORTH_A_ZOOM = 0.6  # of the area of the grid before
_MOST_ROUNDS = 24
_MARGIN = 1.3  # the grid reaches to this multiple of the highest level
# in chi2: how well every other node has to predict the rest; a spline through all of them is at least three times better
_TOLERANCE = 0.2
_FINE = 8  # spline points per node
_FLAT = 0.01  # in chi2: changes by less are none
_AT_EDGE = 1e-3  # of the range


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """chi2 as a function of two parameters.

    Attributes
    ----------
    parameters : (Parameter, Parameter)
        The horizontal and the vertical one.
    x, y : (n_x,), (n_y,) arrays
        Nodes of the grid; outside of it Delta chi2 is above the level that was asked for.
    chi2 : (n_x, n_y) array
        At the nodes.
    chi2_min : float
        The lowest in the ranges looked at.
    best : (2,) array
        Where.
    isolated : bool
        The lowest value lies at one point inside the ranges. False at their edge (there may be a lower one outside), and if chi2
        does not depend on one of the parameters.
    accuracy : float
        Largest difference in chi2, near the contours, between a spline through every other node and the rest.
    standard_model : (2,) array or None
        The origin, if the model is the Standard Model there.
    n_measurements : int
        Numbers in the likelihood.
    """

    parameters: tuple[Parameter, Parameter]
    x: Real
    y: Real
    chi2: Real
    chi2_min: float
    best: Real
    isolated: bool
    accuracy: float
    standard_model: Real | None
    n_measurements: int

    def delta_chi2(self, x: Real, y: Real) -> Real:
        """chi2 above the lowest one at all pairs of `x` (n,) and `y` (m,) inside the grid, (n, m)."""
        return np.asarray(_spline(self.x, self.y, self.chi2)(x, y)) - self.chi2_min

    def fine(self) -> tuple[Real, Real, Real]:
        """Axes (n,), (m,) and Delta chi2 (n, m), fine enough to draw."""
        x, y = (np.linspace(nodes[0], nodes[-1], _FINE * (len(nodes) - 1) + 1) for nodes in (self.x, self.y))
        return x, y, self.delta_chi2(x, y)


def level(sigmas: float) -> float:
    """Delta chi2 of a contour in two dimensions: 2.30 for 1 sigma (68.3 %), 6.18 for 2 (95.4 %)."""
    from scipy.stats import chi2, norm

    return float(chi2.isf(2.0 * norm.sf(sigmas), 2))


def chi2_plane(likelihood: Likelihood, ranges: Ranges | None = None, *, sigmas: float = 2.0) -> Plane:
    """Delta chi2 of a likelihood of two free parameters.

    Parameters
    ----------
    likelihood : Likelihood
        All parameters but two are fixed; theory errors are treated as it says.
    ranges : mapping of str to (low, high), optional
        Where to look, by parameter; the ranges of the parameters when left out. Delta chi2 is relative to the lowest chi2 there.
    sigmas : float
        The highest contour that is wanted.

    Raises
    ------
    InputError
        Not two free parameters, an unknown one, or a range that is empty or outside that of the parameter.
    """
    parameters = _two(likelihood)
    window = _window(parameters, ranges or {})
    x, y, chi2, accuracy = _adapted(likelihood, window, _MARGIN * level(sigmas))
    near = _around(_minimum(x, y, chi2)[0], x, y)
    best, lowest = _minimum(*_coarse(likelihood, near))
    return Plane(
        parameters=parameters,
        x=x,
        y=y,
        chi2=chi2,
        chi2_min=lowest,
        best=best,
        isolated=_isolated(best, chi2, window),
        accuracy=accuracy,
        standard_model=_standard_model(likelihood, parameters),
        n_measurements=likelihood.n_measurements,
    )


def _two(likelihood: Likelihood) -> tuple[Parameter, Parameter]:
    if len(likelihood.parameter_info) != 2:
        msg = (
            f"contours need a likelihood of two free parameters, found {', '.join(likelihood.parameters) or 'none'}; "
            "hold the others with fix={...} (they are not profiled)"
        )
        raise InputError(msg)
    first, second = likelihood.parameter_info
    return first, second


def _window(parameters: tuple[Parameter, Parameter], ranges: Ranges) -> Box:
    names = [one.name for one in parameters]
    for name in ranges:
        if name not in names:
            raise UnknownNameError(unknown_name_message("free parameter", name, names))
    first, second = (_range(one, ranges.get(one.name)) for one in parameters)
    return first, second


def _range(parameter: Parameter, wanted: tuple[float, float] | None) -> tuple[float, float]:
    low, high = wanted if wanted is not None else (parameter.minimum, parameter.maximum)
    if not (parameter.minimum <= low < high <= parameter.maximum):
        msg = (
            f"the range of {parameter.name} must be (low, high) inside [{parameter.minimum:g}, {parameter.maximum:g}], "
            f"found ({low:g}, {high:g})"
        )
        raise InputError(msg)
    return float(low), float(high)


def _adapted(likelihood: Likelihood, window: Box, highest: float) -> tuple[Real, Real, Real, float]:
    """Nodes, chi2 there, and how well it is known between them."""
    x, y, chi2 = _coarse(likelihood, window)
    accuracy = np.inf
    for _ in range(_MOST_ROUNDS):
        smaller = _box_of_low_values(x, y, chi2, highest)
        if _area(smaller) < _WORTH_A_ZOOM * (x[-1] - x[0]) * (y[-1] - y[0]):
            x, y, chi2 = _coarse(likelihood, smaller)
            continue
        accuracy = _error_of_half(x, y, chi2, highest)
        if (accuracy <= _TOLERANCE and len(x) >= _FEWEST_NODES) or len(x) >= _MOST_NODES:
            break
        x, y, chi2 = _denser(likelihood, x, y, chi2)
    return x, y, chi2, accuracy


def _coarse(likelihood: Likelihood, box: Box) -> tuple[Real, Real, Real]:
    x, y = (np.linspace(low, high, _NODES) for low, high in box)
    return x, y, _evaluate(likelihood, *np.meshgrid(x, y, indexing="ij"))


def _evaluate(likelihood: Likelihood, x: Real, y: Real) -> Real:
    points = np.stack([x.ravel(), y.ravel()], axis=1)
    return np.asarray(likelihood.chi2(points)).reshape(x.shape)


def _box_of_low_values(x: Real, y: Real, chi2: Real, highest: float) -> Box:
    """The nodes at which chi2 is, or between which it may be, below the level, and one more at each side.

    Between nodes chi2 may be lower than at the best of them by about what it changes from there to its neighbours.
    """
    i, j = np.unravel_index(int(np.argmin(chi2)), chi2.shape)
    around = chi2[max(i - 1, 0) : i + 2, max(j - 1, 0) : j + 2]
    low = chi2 <= chi2[i, j] + highest + float(around.max() - around.min())
    sides = []
    for nodes, kept in ((x, low.any(axis=1)), (y, low.any(axis=0))):
        inside = np.flatnonzero(kept)
        sides.append((float(nodes[max(inside[0] - 1, 0)]), float(nodes[min(inside[-1] + 1, len(nodes) - 1)])))
    return sides[0], sides[1]


def _area(box: Box) -> float:
    return (box[0][1] - box[0][0]) * (box[1][1] - box[1][0])


def _denser(likelihood: Likelihood, x: Real, y: Real, chi2: Real) -> tuple[Real, Real, Real]:
    """Twice as many nodes; only the new ones are evaluated."""
    more_x, more_y = (np.linspace(nodes[0], nodes[-1], 2 * len(nodes) - 1) for nodes in (x, y))
    result = np.full((len(more_x), len(more_y)), np.nan)
    result[::2, ::2] = chi2
    new = np.isnan(result)
    grid_x, grid_y = np.meshgrid(more_x, more_y, indexing="ij")
    result[new] = _evaluate(likelihood, grid_x[new], grid_y[new])
    return more_x, more_y, result


def _error_of_half(x: Real, y: Real, chi2: Real, highest: float) -> float:
    """Largest error of a spline through every other node at the others near the contours; infinite if there is none."""
    predicted = np.asarray(_spline(x[::2], y[::2], chi2[::2, ::2])(x, y))
    near = np.minimum(chi2, predicted) <= chi2.min() + highest
    near[::2, ::2] = False
    return float(np.abs(predicted - chi2)[near].max(initial=0.0)) if near.any() else np.inf


def _around(best: Real, x: Real, y: Real) -> Box:
    """A box of two nodes to each side of the best point, inside the grid."""
    sides = [
        (max(float(centre - 2.0 * (nodes[1] - nodes[0])), nodes[0]), min(float(centre + 2.0 * (nodes[1] - nodes[0])), nodes[-1]))
        for centre, nodes in zip(best, (x, y), strict=True)
    ]
    return sides[0], sides[1]


def _minimum(x: Real, y: Real, chi2: Real) -> tuple[Real, float]:
    from scipy.optimize import minimize

    spline = _spline(x, y, chi2)
    fine = [np.linspace(nodes[0], nodes[-1], _FINE * (len(nodes) - 1) + 1) for nodes in (x, y)]
    table = np.asarray(spline(*fine))
    i, j = np.unravel_index(int(np.argmin(table)), table.shape)
    unit = np.array([fine[0][1] - fine[0][0], fine[1][1] - fine[1][0]])  # so that both coordinates change by about one
    bounds = [(nodes[0] / u, nodes[-1] / u) for nodes, u in zip((x, y), unit, strict=True)]

    def value(scaled: Real) -> float:
        return float(spline.ev(*(scaled * unit)))

    found = minimize(value, np.array([fine[0][i], fine[1][j]]) / unit, bounds=bounds)
    return np.asarray(found.x * unit), float(min(found.fun, table[i, j]))


def _isolated(best: Real, chi2: Real, window: Box) -> bool:
    for k, (low, high) in enumerate(window):
        flat = np.ptp(chi2.min(axis=1 - k)) < _FLAT
        if flat or min(best[k] - low, high - best[k]) < _AT_EDGE * (high - low):
            return False
    return True


def _standard_model(likelihood: Likelihood, parameters: tuple[Parameter, Parameter]) -> Real | None:
    origin = np.zeros(2)
    if not all(one.minimum <= 0.0 <= one.maximum for one in parameters):
        return None
    same = np.isclose(likelihood.chi2(origin), likelihood.chi2_sm, rtol=1e-9, atol=1e-6)
    return origin if same else None


def _spline(x: Real, y: Real, chi2: Real) -> Any:
    from scipy.interpolate import RectBivariateSpline

    return RectBivariateSpline(x, y, chi2)
